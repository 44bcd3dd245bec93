package sandbox

import (
	"context"
	"fmt"

	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Delete implements provider.Provider. A deletion that an earlier run began is only waited for.
func (p *regional) Delete(ctx context.Context, r provider.DeleteRequest) error {
	k, _, err := p.kind(r.URN)
	if err != nil {
		return err
	}
	var gone *store.Resource
	var fault *injected
	err = p.whenIdle(ctx, k, r.ID, r.Outputs, func(tx *store.Tx, res *store.Resource) error {
		gone = res
		if res == nil || res.State == store.Deleting {
			return nil
		}
		if fault = p.account.inject(tx, deleting, r.URN); fault != nil && !fault.partial {
			return nil
		}
		gone, err = p.delete(tx, k, res)
		return err
	})
	if p.lost(err) {
		return nil
	}
	if err == nil && fault != nil && !fault.partial {
		err = fault
	}
	if err == nil && gone != nil && gone.State == store.Deleting {
		if err = p.wait(ctx, *gone.ReadyAt); err == nil {
			err = p.account.store.Update(ctx, func(tx *store.Tx) error {
				p.account.settle(tx)
				return nil
			})
		}
	}
	if err == nil && fault != nil {
		err = fault
	}
	if err != nil {
		return fmt.Errorf("deleting %s (%s): %w", k.Label, displayName(k, r.URN, open(r.Inputs).values), err)
	}
	return nil
}

// delete begins the deletion in a transaction and gives the resource as it then is, or nil if it stays or is gone.
func (p *regional) delete(tx *store.Tx, k *aws.Kind, r *store.Resource) (*store.Resource, error) {
	if r.Inputs.Bool("skipDestroy") {
		return nil, nil
	}
	c := p.call(tx, nil)
	owned, err := aws.CheckUnused(p.account.kinds, c, r)
	if err != nil {
		return nil, err
	}
	if k.Delete != nil {
		if err := k.Delete(c, r); err != nil {
			return nil, err
		}
	}
	for _, o := range owned {
		remove(tx, o)
	}
	leaving := r.Clone()
	if !p.account.begin(leaving, k, deleting) {
		remove(tx, r)
		return nil, nil
	}
	tx.Put(leaving)
	return leaving, nil
}
