package sandbox

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Read implements provider.Provider. A resource that is being made or changed is waited for.
func (p *regional) Read(ctx context.Context, r provider.ReadRequest) (provider.ReadResult, error) {
	k, _, err := p.kind(r.URN)
	if err != nil {
		return provider.ReadResult{}, err
	}
	if p.account.readsMayFail() {
		var fault *injected
		err := p.account.store.Update(ctx, func(tx *store.Tx) error {
			fault = p.account.inject(tx, reading, r.URN)
			return nil
		})
		if err == nil && fault != nil {
			err = fault
		}
		if err != nil {
			return provider.ReadResult{}, fmt.Errorf("reading %s (%s): %w", k.Label, r.ID, err)
		}
	}
	for {
		found, err := p.look(k, r)
		if p.lost(err) {
			return provider.ReadResult{}, nil
		}
		if err != nil {
			return provider.ReadResult{}, fmt.Errorf("reading %s (%s): %w", k.Label, r.ID, err)
		}
		if found == nil || (found.State == store.Deleting && found.Over(p.account.now())) {
			return provider.ReadResult{}, nil
		}
		if found.State == store.Available || found.Over(p.account.now()) {
			return p.result(k, found, r), nil
		}
		if err := p.wait(ctx, *found.ReadyAt); err != nil {
			return provider.ReadResult{}, fmt.Errorf("reading %s (%s): %w", k.Label, r.ID, err)
		}
	}
}

func (p *regional) look(k *aws.Kind, r provider.ReadRequest) (found *store.Resource, err error) {
	err = p.account.store.View(func(tx *store.Tx) error {
		if err := p.answers(p.call(tx, nil)); err != nil {
			return err
		}
		found = p.locate(tx, k, r.ID, r.State)
		return nil
	})
	return found, err
}

func (p *regional) result(k *aws.Kind, found *store.Resource, r provider.ReadRequest) provider.ReadResult {
	inputs := properties(found.Inputs)
	restore(inputs, found.SecretInputs, r.Inputs)
	repack(inputs, r.Inputs)
	return provider.ReadResult{Found: true, ID: found.ID, Inputs: inputs, Outputs: p.outputs(k, inputs, found)}
}

// Find implements provider.Provider. The resource that an interrupted create made has exactly the inputs that were
// asked for, panka's tags among them; the one that it was to replace has other inputs.
func (p *regional) Find(_ context.Context, urn resource.URN, inputs resource.PropertyMap) (id string, found bool, err error) {
	k, shape, err := p.kind(urn)
	if err != nil {
		return "", false, err
	}
	in := open(inputs, shape.Secrets...)
	err = p.account.store.View(func(tx *store.Tx) error {
		c := p.call(tx, nil)
		if err := p.answers(c); err != nil {
			return err
		}
		want, digests := in.redacted(tx.Document().Salt)
		var newest time.Time
		for _, r := range tx.All(k.Type) {
			if (r.Region != "" && r.Region != c.Region) || (c.Cluster != nil && r.Cluster != c.Cluster.ID) || r.State == store.Deleting {
				continue
			}
			if (found && r.CreatedAt.Before(newest)) || !reflect.DeepEqual(want, r.Inputs) || !sameDigests(digests, r.SecretInputs) {
				continue
			}
			id, found, newest = r.ID, true, r.CreatedAt
		}
		return nil
	})
	if p.lost(err) {
		err = nil
	}
	return id, found, err
}

func sameDigests(a, b map[string]string) bool {
	return len(a) == len(b) && (len(a) == 0 || reflect.DeepEqual(a, b))
}
