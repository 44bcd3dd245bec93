package sandbox

import (
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
	if fault != nil && !fault.silent {
		return partial(fault.reason)
	}
	if k.Steady != nil && k.Steady(r.Inputs) {
		if why := p.steady(ctx, k, r); why != "" {
			return partial(notSteady(k, r, why))
		}
	}
	return nil
}

// steady waits for a resource to be well and says why it is not.
func (p *regional) steady(ctx context.Context, k *aws.Kind, r *store.Resource) string {
	return p.unwell(ctx, k, func(tx *store.Tx) *store.Resource { return tx.Get(k.Type, r.Key) })
}

// unwell waits for as long as a resource may be unwell and gives what is wrong with it in the end, or "". There may be none.
func (p *regional) unwell(ctx context.Context, k *aws.Kind, which func(tx *store.Tx) *store.Resource) string {
	deadline := p.account.now().Add(steadyPatience)
	for {
		var why string
		err := p.account.store.View(func(tx *store.Tx) error {
			c := p.call(tx, nil)
			if err := p.answers(c); err != nil {
				return err
			}
			if r := which(tx); r != nil {
				why, deadline = waiting(k, c, r, deadline)
			}
			return nil
		})
		if err != nil {
			return err.Error()
		}
		if why == "" || p.account.now().After(deadline) {
			return why
		}
		if err := p.wait(ctx, p.account.now().Add(50*time.Millisecond)); err != nil {
			return fmt.Sprintf("%v: %s", err, why)
		}
	}
}
