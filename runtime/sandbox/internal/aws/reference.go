package aws

import (
	"fmt"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Find gives the resource of a type that value, an ID, ARN or name, identifies in the call's region, or nil. Networks
// that were in the account before count.
func (c *Call) Find(typ, value string) *store.Resource {
	if value == "" {
		return nil
	}
	var found *store.Resource
	for _, r := range c.all(typ) {
		// A task definition's family names its newest revision.
		if identifies(value, r) && (found == nil || r.Outputs.Int("revision") > found.Outputs.Int("revision")) {
			found = r
		}
	}
	return found
}

// all gives the resources of a type in the call's region and, if it is about a cluster, not in another one.
func (c *Call) all(typ string) []*store.Resource {
	var out []*store.Resource
	for _, r := range c.Tx.All(typ) {
		if (r.Region == "" || r.Region == c.Region) && (r.Cluster == "" || c.Cluster == nil || r.Cluster == c.Cluster.ID) {
			out = append(out, r)
		}
	}
	if typ == serviceType {
		out = append(out, c.controlledServices()...)
	}
	return append(out, c.ambient(typ)...)
}

func identifies(value string, r *store.Resource) bool {
	if n := r.Outputs.Int("revision"); n > 0 && value == fmt.Sprintf("%s:%d", r.ID, n) {
		return true
	}
	return value == r.ID || value == r.Outputs.String("arn") || value == r.Property("name") || value == r.Property("identifier")
}

// CheckRefs demands that everything the inputs refer to exists.
func (k *Kind) CheckRefs(c *Call) error {
	for _, ref := range k.Refs {
		for _, value := range c.In.At(ref.Path) {
			if ref.Check != nil {
				if err := ref.Check(c, value); err != nil {
					return err
				}
				continue
			}
			if ref.Builtin != nil && ref.Builtin(value) {
				continue
			}
			if c.Find(ref.To, ref.target(value)) == nil {
				return ref.Missing(value)
			}
		}
	}
	return nil
}

// CheckName demands that the name is free. prior is the resource that may have it already.
func (k *Kind) CheckName(c *Call, prior *store.Resource) error {
	name := c.In.String(k.Name)
	if k.Name == "" || k.Idempotent || k.Conflict == nil || name == "" {
		return nil
	}
	for _, r := range c.all(k.Type) {
		if r.Property(k.Name) == name && (prior == nil || r.Key != prior.Key) {
			return k.Conflict(name)
		}
	}
	return nil
}

// CheckUnused demands that nothing needs r, and gives what vanishes with it: what it owns, what that owns, and so on.
func CheckUnused(kinds map[string]*Kind, c *Call, r *store.Resource) (owned []*store.Resource, err error) {
	owned = c.contents(r)
	for at := 0; at <= len(owned); at++ {
		target := r
		if at > 0 {
			target = owned[at-1]
		}
		for _, by := range c.referrers(kinds, target, true) {
			if by != r && !slices.Contains(owned, by) {
				owned = append(owned, by)
			}
		}
	}
	for _, by := range c.referrers(kinds, r, false) {
		if !slices.Contains(owned, by) {
			return nil, kinds[r.Type].inUse(r, by)
		}
	}
	return owned, nil
}

// referrers gives the resources that r owns, or those that only need it.
func (c *Call) referrers(kinds map[string]*Kind, r *store.Resource, owned bool) []*store.Resource {
	var out []*store.Resource
	types := slices.Clone(c.Tx.Types())
	if slices.Contains(types, cloudControlType) && !slices.Contains(types, serviceType) {
		types = append(types, serviceType)
	}
	for _, typ := range types {
		k := kinds[typ]
		if k == nil {
			continue
		}
		for _, ref := range k.Refs {
			if ref.To != r.Type || ref.Loose || ref.Owned != owned {
				continue
			}
			for _, by := range c.all(typ) {
				if r.Cluster != "" && by.Cluster != r.Cluster {
					continue // of another cluster
				}
				if by != r && slices.ContainsFunc(by.Inputs.At(ref.Path), func(v string) bool { return identifies(ref.target(v), r) }) {
					out = append(out, by)
				}
			}
		}
	}
	return out
}

func (ref Ref) target(value string) string {
	if ref.Of == nil {
		return value
	}
	return ref.Of(value)
}

func (k *Kind) inUse(r, by *store.Resource) error {
	if k.InUse != nil {
		return k.InUse(r, by)
	}
	return errorf("DependencyViolation", "%s has dependencies and cannot be deleted: %s uses it", r.ID, by.ID)
}

// Taken gives the error for an ID that another resource has.
func (k *Kind) Taken(id string) error {
	if k.Conflict != nil {
		return k.Conflict(id)
	}
	return errorf("AlreadyExists", "%s %s already exists", k.Label, id)
}

// anyValue is for references that Create checks.
func anyValue(string) bool { return true }
