package sandbox

import (
	"context"
	"fmt"

	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// cloud looks at the account as an observer.
type cloud struct{ account *Account }

// Health implements observe.Cloud.
func (o cloud) Health(ctx context.Context, resources []observe.Resource) ([]observe.Status, error) {
	out := make([]observe.Status, len(resources))
	err := o.account.store.View(func(tx *store.Tx) error {
		for i, r := range resources {
			if err := ctx.Err(); err != nil {
				return err
			}
			out[i] = o.health(tx, r)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at the sandbox's resources: %w", err)
	}
	return out, nil
}

func (o cloud) health(tx *store.Tx, r observe.Resource) observe.Status {
	k := o.account.kinds[r.Type]
	if k == nil {
		return observe.Status{Health: observe.Unknown, Detail: "not simulated"}
	}
	if r.Server != "" && aws.ClusterAt(tx, r.Server) == nil {
		return observe.Status{Health: observe.Missing, Detail: "its cluster was not found"}
	}
	res := newest(tx, r)
	now := o.account.now()
	if res == nil || (res.State == store.Deleting && res.Over(now)) {
		return observe.Status{Health: observe.Missing, Detail: "not found"}
	}
	if res.State != store.Available && !res.Over(now) {
		return observe.Status{Health: observe.Pending, Detail: string(res.State)}
	}
	if res.Problem != "" {
		return observe.Status{Health: observe.Unhealthy, Detail: res.Problem}
	}
	c := o.account.call(tx, res.Region, nil)
	if c.Cluster = aws.ClusterNamed(tx, res.Region, res.Cluster); k.Clustered && c.Cluster == nil {
		return observe.Status{Health: observe.Missing, Detail: "its cluster was not found"}
	}
	if k.Unwell != nil {
		if why := k.Unwell(c, res); why != "" {
			return observe.Status{Health: observe.Unhealthy, Detail: why}
		}
	}
	s := observe.Status{Health: observe.Healthy}
	if k.Detail != nil {
		s.Detail = k.Detail(c, res)
	}
	return s
}

// newest finds a resource by its ID and, if it is in one, its cluster; of a task definition's family the newest revision counts.
func newest(tx *store.Tx, r observe.Resource) *store.Resource {
	var found *store.Resource
	cluster := aws.ClusterAt(tx, r.Server)
	for _, res := range tx.All(r.Type) {
		if cluster != nil && (res.Cluster != cluster.ID || res.Region != cluster.Region) {
			continue
		}
		if res.ID == r.ID && (found == nil || res.Outputs.Int("revision") > found.Outputs.Int("revision")) {
			found = res
		}
	}
	return found
}
