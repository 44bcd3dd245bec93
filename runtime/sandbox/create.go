package sandbox

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Create implements provider.Provider. The resource is in the account before its usual time passes.
func (p *regional) Create(ctx context.Context, r provider.CreateRequest) (string, resource.PropertyMap, error) {
	k, shape, err := p.kind(r.URN)
	if err != nil {
		return "", nil, err
	}
	in := open(r.Inputs, shape.Secrets...)
	if r.Preview {
		out, err := p.preview(k, r.Inputs, in, nil)
		return "", out, err
	}
	if k.Tried {
		return p.createTried(ctx, k, r, in)
	}
	var made *store.Resource
	var fault *injected
	err = p.account.store.Update(ctx, func(tx *store.Tx) error {
		p.account.settle(tx)
		if fault = p.account.inject(tx, creating, r.URN); !fault.done() {
			return nil
		}
		made, err = p.create(tx, k, r.URN, in)
		if err != nil {
			return err
		}
		if fault != nil {
			made.Problem = fault.reason
		}
		p.account.begin(made, k, creating)
		tx.Put(made)
		return nil
	})
	doing := fmt.Sprintf("creating %s (%s)", k.Label, displayName(k, r.URN, in.values))
	if err == nil && !fault.done() {
		err = fault
	}
	if err != nil {
		return "", nil, fmt.Errorf("%s: %w", doing, err)
	}
	out := p.outputs(k, r.Inputs, made)
	return made.ID, out, p.finish(ctx, k, made, fault, doing, out)
}

// displayName is what error messages call a resource.
func displayName(k *aws.Kind, urn resource.URN, in store.Values) string {
	name := in.String(k.Name)
	if k.Identity != nil {
		name = k.Identity(in)
	}
	if name != "" {
		return name
	}
	return urn.Name()
}

// create makes the resource in a transaction.
func (p *regional) create(tx *store.Tx, k *aws.Kind, urn resource.URN, in plain) (*store.Resource, error) {
	c := p.call(tx, in.values)
	if err := p.answers(c); err != nil {
		return nil, err
	}
	c.Entropy = entropy(tx, k, urn, c.Region, 0)
	named := nameFromPrefix(k, c)
	if err := k.CheckRefs(c); err != nil {
		return nil, err
	}
	if err := k.CheckName(c, nil); err != nil {
		return nil, err
	}
	res := &store.Resource{Type: k.Type, Region: c.Region, CreatedAt: p.account.now().UTC().Truncate(time.Millisecond)}
	if k.Global {
		res.Region = ""
	}
	if k.Clustered {
		res.Cluster = c.Cluster.ID
	}
	res.Inputs, res.SecretInputs = in.redacted(tx.Document().Salt)
	for attempt := 0; ; attempt++ {
		c.Entropy = entropy(tx, k, urn, c.Region, attempt)
		made, err := k.Create(c)
		if err != nil {
			return nil, err
		}
		res.ID, res.Key = made.ID, k.KeyFor(c, made.ID, c.In.Over(made.Outputs))
		res.Outputs, res.Derived = k.DefaultsFor(c).Over(named).Over(made.Outputs), made.Derived.Clone()
		existing := tx.Get(k.Type, res.Key)
		switch {
		case existing == nil:
			return res, nil
		case k.Idempotent:
			res.Outputs, res.CreatedAt = res.Outputs.Over(made.Outputs.Over(existingIdentity(made, existing))), existing.CreatedAt
			return res, nil
		case !k.Random:
			return nil, k.Taken(res.ID)
		}
	}
}

// existingIdentity keeps what identifies a resource that a create call found there already.
func existingIdentity(made *aws.Made, existing *store.Resource) store.Values {
	kept := store.Values{}
	for key := range made.Outputs {
		if v, ok := existing.Outputs[key]; ok {
			kept[key] = v
		}
	}
	return kept
}

// nameFromPrefix gives a resource that asks for one a name that begins with its prefix.
func nameFromPrefix(k *aws.Kind, c *aws.Call) store.Values {
	if k.Name == "" || c.In.Has(k.Name) || c.In.String(k.Name+"Prefix") == "" {
		return nil
	}
	name := c.In.String(k.Name+"Prefix") + c.Hex("prefix", 16)
	if k.MaxName > 0 && len(name) > k.MaxName {
		name = name[:k.MaxName]
	}
	c.In = c.In.Over(store.Values{k.Name: name})
	return store.Values{k.Name: name}
}

// outputs are a resource's inputs as given, secrets marked, with what AWS added.
func (p *regional) outputs(k *aws.Kind, inputs resource.PropertyMap, r *store.Resource) resource.PropertyMap {
	out := properties(r.Outputs)
	for key, v := range inputs {
		if resource.IsInternalPropertyKey(key) || v.IsNull() {
			continue
		}
		if added := out[key]; slices.Contains(k.Mixed, string(key)) && added.IsObject() && v.IsObject() {
			v = resource.NewProperty(mixed(v.ObjectValue(), added.ObjectValue()))
		}
		out[key] = v
	}
	if p.account.types.Resources[k.Type].Taggable() {
		out["tagsAll"] = resource.NewProperty(resource.PropertyMap{})
		if tags, ok := out["tags"]; ok {
			out["tagsAll"] = tags
		}
	}
	return out
}

// mixed gives an object's fields and those that AWS added to it.
func mixed(given, added resource.PropertyMap) resource.PropertyMap {
	out := added.Copy()
	maps.Copy(out, given)
	return out
}

// preview tells the outputs of a create, or with prior of an update, as far as they can be known.
func (p *regional) preview(k *aws.Kind, inputs resource.PropertyMap, in plain, prior resource.PropertyMap) (resource.PropertyMap, error) {
	shape := p.account.types.Resources[k.Type]
	r := &store.Resource{Type: k.Type}
	err := p.account.store.View(func(tx *store.Tx) error {
		r.Outputs = k.DefaultsFor(p.call(tx, in.values)).Clone()
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := p.outputs(k, inputs, r)
	for _, key := range k.Mixed {
		name := resource.PropertyKey(key)
		if !out[name].IsObject() {
			continue
		}
		added := resource.PropertyMap{}
		for field := range p.account.types.Fields(shape.Inputs[key]) {
			added[resource.PropertyKey(field)] = resource.MakeComputed(resource.NewProperty(""))
		}
		if was := prior[name]; was.IsObject() {
			added = was.ObjectValue()
		}
		out[name] = resource.NewProperty(mixed(out[name].ObjectValue(), added))
	}
	for key := range shape.Outputs {
		name := resource.PropertyKey(key)
		if _, known := out[name]; known {
			continue
		}
		if v, ok := prior[name]; ok {
			out[name] = v // AWS keeps identities in an update
		} else if prior == nil {
			out[name] = resource.MakeComputed(resource.NewProperty(""))
		}
	}
	return out, nil
}
