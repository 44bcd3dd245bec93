// Package aws knows how AWS behaves: for each resource type its identifiers, defaults, checks, what forces a
// replacement, what must exist first and what must be gone before a deletion, with the errors AWS gives. One file a
// service holds the rules; kinds.go lists the types.
//
// It works on package store's transactions and plain values. It knows nothing of Pulumi's engine, of waiting or of
// injected faults, and it refuses to be more than the parts of AWS that panka's programs use.
package aws

import (
	"fmt"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Problem is one wrong input.
type Problem struct {
	Property string
	Reason   string
}

// Kind is the behaviour of one resource type.
type Kind struct {
	Type  string // aws:ecs/service:Service
	Label string // "ECS Service", as error messages call it
	// Global types exist once, not once a region.
	Global bool
	// Regional types have IDs that repeat between regions.
	Regional bool
	// Random types have IDs without meaning, so that two resources never share one.
	Random bool
	// Clustered types are of a Kubernetes cluster's own, so that their IDs repeat between clusters.
	Clustered bool
	// Untyped types take properties that no SDK declares; Checks look at their types too.
	Untyped bool
	// Parts gives the paths, of two names, at which an Untyped type has objects that the SDK does declare, with their types' names.
	Parts map[string]string
	// Idempotent types' create calls succeed on what exists already, as PutRolePolicy does.
	Idempotent bool
	// Name is the property that names the resource, unique in a region; Conflict is the error for a name that is taken.
	Name     string
	Conflict func(name string) error
	// Identity is what messages call a resource with these inputs, where no one property names it. Two resources with one
	// identity cannot be at the same time. It may be nil.
	Identity func(in store.Values) string
	// MaxName is the longest generated name; 0 means that no name is generated.
	MaxName int
	// Replace lists the properties, or dotted paths inside them, that cannot change in place; ReplaceIf adds those that depend on both sides.
	Replace   []string
	ReplaceIf func(old, new store.Values) []string
	// Mixed lists inputs that are objects to which AWS adds fields of its own; Create gives these in Outputs.
	Mixed []string
	// JSON lists properties whose text is JSON: differences in form do not count.
	JSON []string
	// Ordered lists properties in which the order of texts counts; in all others lists of strings are sets.
	Ordered []string
	// Sets lists properties that hold objects in no order.
	Sets []string
	// Checks look at inputs that have the right types but may be not known yet.
	Checks []Check
	// Defaults gives what AWS fills in for inputs that are absent. They appear as outputs.
	Defaults func(c *Call) store.Values
	Refs     []Ref
	// Create gives a new resource's identity. References and names have been checked.
	Create func(c *Call) (*Made, error)
	// Update checks a change in place and gives the outputs that change with it. It may be nil.
	Update func(c *Call, prior *store.Resource) (*Made, error)
	// Delete checks, and does, what goes beyond references. It may be nil.
	Delete func(c *Call, r *store.Resource) error
	// InUse is the error for deleting r while by needs it. It may be nil.
	InUse func(r, by *store.Resource) error
	// Key gives the key in the account where it is not the ID; outputs include the inputs. A Regional type's key gets
	// the region before it.
	Key func(id string, outputs store.Values) string
	// Unwell says why an available resource does not do its work, or "". It may be nil.
	Unwell func(c *Call, r *store.Resource) string
	// Pending says what a program that waits for an available resource waits for, or "", where that is less than Unwell.
	Pending func(c *Call, r *store.Resource) string
	// Coming gives the time until which what an unwell resource lacks may be on its way; it may be in the past. It may be
	// nil.
	Coming func(c *Call, r *store.Resource) time.Time
	// Detail describes a resource that is well, for people, where there is more to say than that. It may be nil.
	Detail func(c *Call, r *store.Resource) string
	// Steady is true when the resource's program waits until it is well.
	Steady func(in store.Values) bool
	// Tried types are recorded once they are well: AWS takes back a change that does not become so, and what was there stays.
	Tried bool
	Usual Usual
}

// Usual is how long AWS usually takes, in seconds.
type Usual struct{ Create, Update, Delete float64 }

// Made is a new or changed resource.
type Made struct {
	ID      string
	Outputs store.Values // what is not an input
	Derived store.Values // what AWS knows beyond the properties
}

// Ref is a reference to another resource.
type Ref struct {
	// Path of the input that holds the target's ID, ARN or name.
	Path string
	// To is the target's type.
	To string
	// Of gives the target's ID, ARN or name out of a value of another form, such as an alias's ARN. It may be nil.
	Of func(value string) string
	// Missing is the error when the target does not exist.
	Missing func(value string) error
	// Builtin tells of values that need no resource.
	Builtin func(value string) bool
	// Check takes the place of Missing and Builtin where there is more to a target than that it exists.
	Check func(c *Call, value string) error
	// Loose references do not keep their target from being deleted.
	Loose bool
	// Owned resources vanish with their target.
	Owned bool
}

// Error is an error from AWS.
type Error struct{ Code, Message string }

func (e *Error) Error() string { return fmt.Sprintf("api error %s: %s", e.Code, e.Message) }

func errorf(code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

// missing makes a Ref's Missing function; format takes the value.
func missing(code, format string) func(string) error {
	return func(value string) error { return errorf(code, format, value) }
}

// Call is one operation on the account.
type Call struct {
	Tx      *store.Tx
	Region  string
	Account string
	Now     time.Time
	// Cluster is the EKS cluster that a Clustered type's resource is in. In a call that is not about one it is nil, and so
	// it is in a preview while the cluster does not answer.
	Cluster *store.Resource
	// Namespace is the Kubernetes namespace of what names none.
	Namespace string
	// In are the new inputs, secrets in clear.
	In store.Values
	// Entropy is what the resource's identifiers are made from.
	Entropy string
}

// ARN gives an ARN of the call's region; global services pass their resource to GlobalARN.
func (c *Call) ARN(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, c.Region, c.Account, resource)
}

// GlobalARN gives an ARN without a region.
func (c *Call) GlobalARN(service, resource string) string {
	return fmt.Sprintf("arn:aws:%s::%s:%s", service, c.Account, resource)
}

// KeyFor gives the key under which the account holds a resource.
func (k *Kind) KeyFor(c *Call, id string, outputs store.Values) string {
	key := id
	if k.Key != nil {
		key = k.Key(id, outputs)
	}
	switch {
	case k.Clustered:
		key = c.Region + "/" + c.Cluster.ID + "/" + key
	case k.Regional:
		key = c.Region + "/" + key
	}
	return key
}

// DefaultsFor gives the defaults for c's inputs.
func (k *Kind) DefaultsFor(c *Call) store.Values {
	out := store.Values{}
	if k.Defaults == nil {
		return out
	}
	for key, v := range k.Defaults(c) {
		if !c.In.Has(key) && v != nil {
			out[key] = v
		}
	}
	return out
}

// Check gives what is wrong with inputs of the right types.
func (k *Kind) Check(in store.Values) []Problem {
	var out []Problem
	for _, check := range k.Checks {
		out = append(out, check(in)...)
	}
	return out
}
