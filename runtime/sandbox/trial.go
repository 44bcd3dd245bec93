package sandbox

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// A resource of a type that is tried is recorded as new only when it is well. Until then the account holds what was there
// before, as AWS does that goes back to it: a run that ends in between finds the old one.

// trial is an operation on a resource of such a type.
type trial struct {
	kind *aws.Kind
	op   operation
	urn  resource.URN
	// would gives the resource as it would be, in a transaction.
	would func(tx *store.Tx) (*store.Resource, error)
}

// try records the resource once it is well, or gives the error with which AWS goes back.
func (p *regional) try(ctx context.Context, t trial) (*store.Resource, error) {
	tried, fault, err := p.begun(ctx, t)
	if err != nil {
		return nil, err
	}
	if d := p.account.duration(t.kind, t.op); d > 0 {
		if err := p.wait(ctx, p.account.now().Add(d)); err != nil {
			return nil, fmt.Errorf("%w while AWS was still at it", err)
		}
	}
	why := ""
	if fault != nil {
		why = fault.reason
	} else {
		why = p.unwell(ctx, t.kind, func(*store.Tx) *store.Resource { return tried })
	}
	if why != "" {
		return nil, fmt.Errorf("%s did not stabilize, and AWS went back: %s", t.urn.Name(), why)
	}
	err = p.account.store.Update(ctx, func(tx *store.Tx) error {
		p.account.settle(tx)
		if tried, err = t.would(tx); err == nil {
			tried.State, tried.ReadyAt = store.Available, nil
			tx.Put(tried)
		}
		return err
	})
	return tried, err
}

// begun is what AWS says at once: the resource as it would be, or an error. A fault is one that shows later.
func (p *regional) begun(ctx context.Context, t trial) (tried *store.Resource, fault *injected, err error) {
	err = p.account.store.Update(ctx, func(tx *store.Tx) error {
		p.account.settle(tx)
		if fault = p.account.inject(tx, t.op, t.urn); fault != nil && !fault.partial {
			return nil
		}
		tried, err = t.would(tx)
		return err
	})
	if err == nil && fault != nil && !fault.partial {
		err = fault
	}
	return tried, fault, err
}

// createTried is Create for types that are tried.
func (p *regional) createTried(ctx context.Context, k *aws.Kind, r provider.CreateRequest, in plain) (string, resource.PropertyMap, error) {
	made, err := p.try(ctx, trial{kind: k, op: creating, urn: r.URN, would: func(tx *store.Tx) (*store.Resource, error) {
		return p.create(tx, k, r.URN, in)
	}})
	if err != nil {
		return "", nil, fmt.Errorf("creating %s (%s): %w", k.Label, displayName(k, r.URN, in.values), err)
	}
	return made.ID, p.outputs(k, r.Inputs, made), nil
}

// updateTried is Update for types that are tried.
func (p *regional) updateTried(ctx context.Context, k *aws.Kind, r provider.UpdateRequest, in plain) (resource.PropertyMap, error) {
	changed, err := p.try(ctx, trial{kind: k, op: updating, urn: r.URN, would: func(tx *store.Tx) (*store.Resource, error) {
		prior := p.locate(tx, k, r.ID, r.OldOutputs)
		if prior == nil || prior.State == store.Deleting {
			return nil, fmt.Errorf("%s does not exist any more", r.ID)
		}
		return p.update(tx, k, prior, in)
	}})
	if err != nil {
		return nil, fmt.Errorf("updating %s (%s): %w", k.Label, displayName(k, r.URN, in.values), err)
	}
	return p.outputs(k, r.NewInputs, changed), nil
}
