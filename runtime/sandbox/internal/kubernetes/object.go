package kubernetes

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// object is how a type of objects behaves, beyond what all do.
type object struct {
	// kind holds what differs from other types; Label is the type as error messages call it, Deployment.apps.
	kind aws.Kind
	// cluster types are in no namespace.
	cluster bool
	// name says what is wrong with a name; the default is dnsSubdomain.
	name func(string) string
	// flat types have no spec.
	flat bool
	// check looks at everything but the metadata.
	check func(n node)
	// admit refuses what only the whole cluster shows; prior is nil for a new object. It may be nil.
	admit func(c *aws.Call, prior *store.Resource) error
	// defined demands that the type exists in the cluster. It may be nil, for types that every cluster has.
	defined func(c *aws.Call) error
	// adds gives what the server adds to a new or changed object beside its metadata. It may be nil.
	adds func(c *aws.Call) store.Values
}

// of makes the kind of a type of objects.
func of(o object) *aws.Kind {
	k := o.kind
	k.Clustered, k.Idempotent, k.Identity = true, true, identity
	k.Mixed = append(k.Mixed, "metadata")
	if !o.flat { // in whose lists order counts
		k.Ordered = append(k.Ordered, "spec")
	}
	if o.name == nil {
		o.name = dnsSubdomain
	}
	k.Replace = append(k.Replace, "metadata.name")
	if !o.cluster {
		k.Replace = append(k.Replace, "metadata.namespace")
		k.Refs = append([]aws.Ref{inNamespace("metadata.namespace")}, k.Refs...)
	}
	k.Checks = []aws.Check{checked(func(n node) {
		n.metadata(o.name)
		if o.check != nil {
			o.check(n)
		}
	})}
	k.Create = o.create(&k)
	k.Update = func(c *aws.Call, prior *store.Resource) (*aws.Made, error) {
		return o.made(c, prior), o.admitted(c, prior)
	}
	if k.Coming == nil {
		k.Coming = onTheWay
	}
	return &k
}

// create makes a new object or, as a server-side apply does, takes over one that is there with the same fields.
func (o object) create(k *aws.Kind) func(c *aws.Call) (*aws.Made, error) {
	return func(c *aws.Call) (*aws.Made, error) {
		made := o.made(c, nil)
		existing := c.Tx.Get(k.Type, k.KeyFor(c, made.ID, nil))
		if existing != nil && existing.State == store.Deleting && !existing.Over(c.Now) {
			return nil, errorf("object is being deleted: %s %q already exists", k.Label, name(c.In))
		}
		if existing != nil && annotation(c.In, "pulumi.com/patchForce") != "true" {
			if fields := conflicts("", c.In, existing.Inputs); len(fields) > 0 {
				return nil, errorf("the Server-Side Apply field conflict detected: Apply failed with %d conflicts: conflicts with another manager: %s",
					len(fields), strings.Join(fields, ", "))
			}
		}
		return made, o.admitted(c, nil)
	}
}

func (o object) admitted(c *aws.Call, prior *store.Resource) error {
	if o.defined != nil {
		if err := o.defined(c); err != nil {
			return err
		}
	}
	if o.admit == nil {
		return nil
	}
	return o.admit(c, prior)
}

// made gives an object's identity and what the server adds to it.
func (o object) made(c *aws.Call, prior *store.Resource) *aws.Made {
	metadata := map[string]any{"uid": c.UUID("object"), "creationTimestamp": c.Now.UTC().Format(time.RFC3339), "generation": 1}
	if prior != nil {
		was := prior.Outputs.Object("metadata")
		metadata["uid"], metadata["creationTimestamp"] = was["uid"], was["creationTimestamp"]
		metadata["generation"] = was.Int("generation") + 1
	}
	metadata["resourceVersion"] = c.Digits("version", 7)
	out := store.Values{"metadata": metadata}
	if o.adds != nil {
		out = out.Over(o.adds(c))
	}
	return &aws.Made{ID: identity(c.In), Outputs: out}
}

// conflicts gives the fields that are there with other values than are asked for.
func conflicts(path string, want, have map[string]any) []string {
	var out []string
	for key, w := range want {
		h, there := have[key]
		if !there {
			continue
		}
		inner, isObject := w.(map[string]any)
		other, wasObject := h.(map[string]any)
		switch {
		case isObject && wasObject:
			out = append(out, conflicts(path+"."+key, inner, other)...)
		case !reflect.DeepEqual(w, h):
			out = append(out, path+"."+key)
		}
	}
	slices.Sort(out)
	return out
}

// onTheWay gives the time until which something that pods may need is being made.
func onTheWay(c *aws.Call, r *store.Resource) time.Time {
	types := []string{"aws:eks/nodeGroup:NodeGroup", "aws:eks/fargateProfile:FargateProfile", "aws:eks/addon:Addon"}
	for typ := range Kinds() {
		if typ != r.Type {
			types = append(types, typ)
		}
	}
	return c.Arriving(types...)
}
