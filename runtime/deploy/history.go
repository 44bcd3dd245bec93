package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
)

// ReadHistory gives the deployments of a stack, oldest first. One that says it is running, while nobody or another run holds
// the lock, was interrupted. Records that cannot be read are left out and told of in the error, beside the others.
func ReadHistory(ctx context.Context, backend lockstate.Backend, key lockstate.Key) ([]Deployment, error) {
	records, damaged := backend.History(ctx, key)
	history, err := decodeHistory(ctx, backend, key, records)
	if err := errors.Join(damaged, err); err != nil {
		return history, fmt.Errorf("read the history of %s: %w", key, err)
	}
	return history, nil
}

// decodeHistory reads some of a history's records.
func decodeHistory(ctx context.Context, backend lockstate.Backend, key lockstate.Key, records []lockstate.Record) ([]Deployment, error) {
	var failures []error
	var history []Deployment
	running := false
	for _, r := range records {
		var d Deployment
		if err := json.Unmarshal(r.Data, &d); err != nil {
			failures = append(failures, fmt.Errorf("record %s: %w", r.ID, err))
			continue
		}
		running = running || d.Result == Running
		history = append(history, d)
	}
	if running {
		holder, err := backend.Holder(ctx, key)
		if err != nil {
			return nil, fmt.Errorf("read the lock: %w", err)
		}
		for i := range history {
			if history[i].Result == Running && (holder == nil || holder.ID != history[i].Run) {
				history[i].Result = Interrupted
			}
		}
	}
	return history, errors.Join(failures...)
}

var variableRE = regexp.MustCompile(`\$\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// VersionOf is the version that the deployment was to give a component, "" if its kind has none. A sensitive variable, which
// is not recorded, stands in it as ${NAME}.
func (d *Deployment) VersionOf(c bundle.Component) string {
	return variableRE.ReplaceAllStringFunc(c.Version, func(name string) string {
		if value, ok := d.Variables[name[2:len(name)-1]]; ok {
			return value
		}
		return name
	})
}
