// Package ir is what the compiler hands to code generation: one stack in one environment, every layer merged, every
// reference resolved, components placed in waves. It knows no YAML, CUE or Go code; every value remembers the place it
// was written.
package ir

import (
	"github.com/panka-io/panka/compiler/diag"
)

// Foundation is the id of the implicit component that holds what all components of a stack stand on: network, cluster.
// It is always in wave 0 and every other component depends on it.
const Foundation = "foundation"

// Stack is one stack in one environment.
type Stack struct {
	Name        string
	Environment string
	Region      string
	// Tags are the user's tags for every resource, lowest layer first already merged; component tags are in the
	// components' specs.
	Tags map[string]string
	// Protected is true when the environment forbids data loss (spec.protection.dataLoss: block): stateful kinds turn
	// on deletion protection and final snapshots.
	Protected bool
	// PlanRequired is true when the environment takes nothing but saved plans (spec.protection.approval: plan).
	PlanRequired bool
	// Network configures the foundation; never nil (an empty map when no Networking document exists).
	Network *Value
	// Security is the merged spec of the Security documents, with its defaults; never nil.
	Security *Value
	// Observability is that of the stack's Observability documents, with its defaults; never nil. What holds for a
	// component is ObservabilityOf its service.
	Observability *Value
	// ServiceObservability holds, for each service with Observability documents of its own, these laid over the stack's,
	// with the defaults.
	ServiceObservability map[string]*Value
	// Variables are the declared variables, sorted by name.
	Variables []Variable
	// Components are sorted by ID; the foundation is not among them.
	Components []*Component
	// Foreign are the other stacks that references lead to, by name, in the same environment. Each holds what using its
	// components needs: Name, Environment, Region, Network, Security, Variables, and as Components the used ones.
	Foreign map[string]*Stack
	// Waves lists component IDs by wave, each sorted. Wave 0 starts with Foundation.
	Waves [][]string
	// SourceDigest is the SHA-256, in hex, of the documents, other files and code that went in (paths and contents, sorted).
	SourceDigest string
	Source       diag.Position
}

// ObservabilityOf is the observability of a service's components.
func (s *Stack) ObservabilityOf(service string) *Value {
	if own := s.ServiceObservability[service]; own != nil {
		return own
	}
	return s.Observability
}

// ForeignComponent is the component of another stack that a reference leads to, nil if there is none.
func (s *Stack) ForeignComponent(ref Reference) *Component {
	other := s.Foreign[ref.Stack]
	if other == nil {
		return nil
	}
	for _, c := range other.Components {
		if c.ID() == ref.Component {
			return c
		}
	}
	return nil
}

// Component is one deployable unit.
type Component struct {
	Service string
	Name    string
	Kind    string
	Wave    int
	// Spec is the merged spec; never nil.
	Spec *Value
	// AWS are raw properties of the component's main AWS resource, by the names that Pulumi gives them; nil without any.
	// They are part of no Spec.
	AWS *Value
	// Import is the resource that becomes the component's main one; nil if it is made anew.
	Import *Import
	// Tags are the stack's, the service's and the component's labels and tags, merged.
	Tags map[string]string
	// DependsOn are the edges to other components, sorted by target, one per target; the edge to the foundation is
	// implied and not listed.
	DependsOn []Edge
	// References are what the component uses of others (valueFrom, fields that its kind wires to a component, and what
	// is mounted into it), by their places: files in the order of their paths.
	References []Reference
	// ConfigFiles are the files that it mounts, in document order.
	ConfigFiles []ConfigFile
	// Code is what a function runs, if that is in the repository; else nil.
	Code *Code
	// UserData is what a machine does when it first starts, if that is in a file; else nil.
	UserData *UserData
	// Template is the template that the component stands on; nil without one.
	Template *TemplateUse
	// Source is the place of the component's own document.
	Source diag.Position
}

// ID is <service>/<name>.
func (c *Component) ID() string { return c.Service + "/" + c.Name }

// Import names a resource that exists already.
type Import struct {
	ID     string
	Source diag.Position
}

// Edge is a dependency on another component.
type Edge struct {
	Component string // ID
	Source    diag.Position
}

// Reference is a use of another component.
type Reference struct {
	// Stack is the other component's stack, "" for this one. A reference to another stack makes no edge.
	Stack     string
	Component string // ID of the component that is used
	// Output is the output that valueFrom takes; "" where a field of the kind names the component.
	Output string
	// Access is what the component can do with the other one, and IAM must grant where it guards that: read, write or
	// readwrite; "" for nothing.
	Access string
	// Mount tells of a file system or volume how it is mounted into this component, and of a load balancer how it sends to it: the
	// entry of the other one's spec that names this one. It is nil for every other use.
	Mount *Value
	// Source is the place of the other component's name, or for a mount that of this one's, in the other's document.
	Source diag.Position
}

// Variable is a declared variable of the stack.
type Variable struct {
	Name      string
	Type      string // string, number, boolean or enum
	Sensitive bool
	Required  bool
	// Value is the value in effect; Set tells whether there is one (a default counts).
	Value string
	Set   bool
	// Source is the place of the declaration, and ValueSource that of the value; it is zero for a value from the
	// command line or the environment.
	Source, ValueSource diag.Position
}

// ValueKind is the kind of a Value.
type ValueKind int

// The kinds of values.
const (
	Null ValueKind = iota
	Bool
	Number
	String
	List
	Map
)

// Value is one node of a merged document.
type Value struct {
	Kind   ValueKind
	Bool   bool
	Number float64 // integers up to 2^53 are exact
	// Spelling is how a Number was written, such as 1.10; "" where that is not known.
	Spelling string
	Text     Text // for String
	Items    []*Value
	Fields   []Field // for Map, sorted by name
	// Source is the place that the value in effect was written; for a merged map, where its topmost layer stands.
	Source diag.Position
}

// Field is one entry of a map.
type Field struct {
	Name  string
	Value *Value
}

// Get returns the field called name, or nil. It is nil-safe, so that paths can be chained.
func (v *Value) Get(path ...string) *Value {
	for _, name := range path {
		if v == nil {
			return nil
		}
		var next *Value
		for i := range v.Fields {
			if v.Fields[i].Name == name {
				next = v.Fields[i].Value
				break
			}
		}
		v = next
	}
	return v
}

// Each visits every value that a path leads to, and the map or list that it stands in; "*" in the path stands for any
// item or field. It is nil-safe.
func (v *Value) Each(path []string, visit func(in, v *Value)) { v.each(nil, path, visit) }

func (v *Value) each(in *Value, path []string, visit func(in, v *Value)) {
	switch {
	case v == nil:
	case len(path) == 0:
		visit(in, v)
	case path[0] == "*":
		for _, item := range v.Items {
			item.each(v, path[1:], visit)
		}
		for _, f := range v.Fields {
			f.Value.each(v, path[1:], visit)
		}
	default:
		v.Get(path[0]).each(v, path[1:], visit)
	}
}

// Text is a string that may hold variables which are looked up when the program runs, not when it is compiled. A
// string without variables is one literal part (none when empty).
type Text []Part

// Part is a literal or, when Variable is not empty, the value of that variable.
type Part struct {
	Literal  string
	Variable string
}

// Literal makes a Text without variables.
func Literal(s string) Text {
	if s == "" {
		return nil
	}
	return Text{{Literal: s}}
}

// Static returns the text and true if no variable occurs in it.
func (t Text) Static() (string, bool) {
	s := ""
	for _, p := range t {
		if p.Variable != "" {
			return "", false
		}
		s += p.Literal
	}
	return s, true
}

// String shows the text as it was written, variables as ${NAME}.
func (t Text) String() string {
	s := ""
	for _, p := range t {
		if p.Variable != "" {
			s += "${" + p.Variable + "}"
		} else {
			s += p.Literal
		}
	}
	return s
}
