package sandbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Update implements provider.Provider.
func (p *regional) Update(ctx context.Context, r provider.UpdateRequest) (resource.PropertyMap, error) {
	k, shape, err := p.kind(r.URN)
	if err != nil {
		return nil, err
	}
	in := open(r.NewInputs, shape.Secrets...)
	if r.Preview {
		return p.preview(k, r.NewInputs, in, r.OldOutputs)
	}
	if k.Tried {
		return p.updateTried(ctx, k, r, in)
	}
	var changed *store.Resource
	var fault *injected
	doing := fmt.Sprintf("updating %s (%s)", k.Label, displayName(k, r.URN, in.values))
	err = p.whenIdle(ctx, k, r.ID, r.OldOutputs, func(tx *store.Tx, prior *store.Resource) error {
		if prior == nil || prior.State == store.Deleting {
			return fmt.Errorf("%s does not exist any more", r.ID)
		}
		if fault = p.account.inject(tx, updating, r.URN); !fault.done() {
			return nil
		}
		if changed, err = p.update(tx, k, prior, in); err != nil {
			return err
		}
		if fault != nil {
			changed.Problem = fault.reason
		}
		p.account.begin(changed, k, updating)
		tx.Put(changed)
		return nil
	})
	if err == nil && !fault.done() {
		err = fault
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", doing, err)
	}
	out := p.outputs(k, r.NewInputs, changed)
	return out, p.finish(ctx, k, changed, fault, doing, out)
}

// update changes the resource in a transaction.
func (p *regional) update(tx *store.Tx, k *aws.Kind, prior *store.Resource, in plain) (*store.Resource, error) {
	c := p.call(tx, in.values)
	if err := k.CheckRefs(c); err != nil {
		return nil, err
	}
	if err := k.CheckName(c, prior); err != nil {
		return nil, err
	}
	r := prior.Clone()
	r.Problem = ""
	r.Inputs, r.SecretInputs = in.redacted(tx.Document().Salt)
	r.Outputs = r.Outputs.Over(k.DefaultsFor(c))
	if k.Update != nil {
		made, err := k.Update(c, prior)
		if err != nil {
			return nil, err
		}
		if made != nil {
			r.Outputs = r.Outputs.Over(made.Outputs)
		}
	}
	for key := range r.Outputs {
		if r.Inputs.Has(key) && !slices.Contains(k.Mixed, key) {
			delete(r.Outputs, key)
		}
	}
	return r, nil
}

// locate gives the resource with an ID, or nil.
func (p *regional) locate(tx *store.Tx, k *aws.Kind, id string, outputs resource.PropertyMap) *store.Resource {
	known := open(outputs).values
	c := p.call(tx, nil)
	if r := tx.Get(k.Type, k.KeyFor(c, id, known)); r != nil {
		return r
	}
	if known.String("arn") != "" {
		return nil
	}
	// Without outputs, as in an import, an ID alone must do: the newest of a family, the region's own.
	return c.Find(k.Type, id)
}

// whenIdle runs a change in a transaction once nothing else is being done to the resource, which may be nil.
func (p *regional) whenIdle(ctx context.Context, k *aws.Kind, id string, outputs resource.PropertyMap, change func(*store.Tx, *store.Resource) error) error {
	for {
		var busy *time.Time
		err := p.account.store.Update(ctx, func(tx *store.Tx) error {
			p.account.settle(tx)
			if err := p.answers(p.call(tx, nil)); err != nil {
				return err
			}
			r := p.locate(tx, k, id, outputs)
			if r != nil && (r.State == store.Creating || r.State == store.Updating) {
				busy = r.ReadyAt
				return nil
			}
			busy = nil
			return change(tx, r)
		})
		if err != nil || busy == nil {
			return err
		}
		if err := p.wait(ctx, *busy); err != nil {
			return err
		}
	}
}
