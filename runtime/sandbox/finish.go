package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// steadyPatience is how long a service may be unwell before it counts as failed: AWS, too, starts tasks again and
// again before its circuit breaker gives up, and what they need may be on its way.
const steadyPatience = 2 * time.Second

// finish waits until a recorded resource is available and, where the program asks for it, well. Its error is partial:
// the resource exists.
func (p *regional) finish(ctx context.Context, k *aws.Kind, r *store.Resource, fault *injected, doing string, out resource.PropertyMap) error {
	partial := func(reason string) error {
		return &provider.PartialError{ID: r.ID, Outputs: out, Reasons: []string{doing + ": " + reason}}
	}
	if r.ReadyAt != nil {
		if err := p.wait(ctx, *r.ReadyAt); err != nil {
			return partial(fmt.Sprintf("%v while AWS was still at it", err))
		}
		err := p.account.store.Update(ctx, func(tx *store.Tx) error {
			p.account.settle(tx)
			return nil
		})
		if err != nil {
			return partial(err.Error())
		}
	}
	if fault != nil {
		return partial(fault.reason)
	}
	if k.Steady != nil && k.Steady(r.Inputs) {
		if why := p.steady(ctx, k, r); why != "" {
			return partial(fmt.Sprintf("%s did not stabilize: %s", cmp.Or(r.Property(k.Name), r.ID), why))
		}
	}
	return nil
}

// steady waits for a resource to be well and says why it is not.
func (p *regional) steady(ctx context.Context, k *aws.Kind, r *store.Resource) string {
	return p.unwell(ctx, func(tx *store.Tx) string {
		if now := tx.Get(k.Type, r.Key); now != nil {
			return k.Unwell(p.account.call(tx, p.region, nil), now)
		}
		return ""
	})
}
