// Package reference finds what components use of each other and says whether it exists.
//
// A component uses another in four ways: by valueFrom, which takes one of its outputs; by a field of its kind that
// names a component it is wired to, such as a trigger's queue; by being named in the other one's mounts, which puts a
// file system or volume into it (wiring.go); and by dependsOn, which only orders. Each names a component
// <service>/<component>, or just <component> for one in the same service. The package fills in the references and
// dependencies of each component and writes the full ids into its spec, so that later stages read one form. It refuses
// references to nothing, to oneself, to a component of the wrong kind, to outputs that the other component does not
// have, and access that its kind does not give.
//
// A valueFrom with stack takes the output of a component of another stack (foreign.go). That makes a reference but no
// edge: the other stack is deployed by itself, before this one.
//
// Which fields name components, and what a kind gives, the schema says; nothing here knows a kind by name.
package reference

import (
	"cmp"
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/schema"
)

// Rules is what references must know of the schema.
type Rules interface {
	// Outputs lists the outputs of a component kind.
	Outputs(kind string) []string
	// OutputCondition says which components of a kind have an output.
	OutputCondition(kind, output string) schema.Condition
	// AccessLevels lists the levels of access that a kind gives, what is given without asking first.
	AccessLevels(kind string) []string
	// ComponentFields lists the fields of a kind that name components.
	ComponentFields(kind string) []schema.ComponentField
}

// Absent says why components that are written somewhere are not among those of the stack.
type Absent struct {
	// Removed maps ids to the overlay that removes them from this environment.
	Removed map[string]diag.Position
	// Unread holds the ids of components whose files could not be read; references to them are passed over.
	Unread map[string]bool
}

// Stack is the components of one stack, as far as references to them need it.
type Stack struct {
	Name       string
	Components []*ir.Component
	Absent     Absent
}

// Resolve fills in References and DependsOn of each component of the stack and changes the names in their specs to ids.
// foreign finds other stacks. It reports, each at the place of the name, "unknown-component", "self-reference",
// "wrong-kind", "unknown-output", "unavailable-output" and "unsupported-access", and of other stacks "own-stack",
// "stack-cycle" and whatever foreign reports.
func Resolve(stack Stack, rules Rules, foreign Foreign) diag.List {
	r := &resolver{rules: rules, name: stack.Name, own: newDirectory(stack), foreign: foreign,
		others: map[string]*directory{}, fields: map[string][]schema.ComponentField{}}
	for _, c := range stack.Components {
		c.References, c.DependsOn = nil, nil
	}
	for _, c := range stack.Components {
		r.component(c)
	}
	r.behind(stack.Components)
	for _, c := range stack.Components {
		order(c)
	}
	r.ds.Add(circles(stack, foreign)...)
	return r.ds
}

type resolver struct {
	rules   Rules
	name    string
	own     *directory
	foreign Foreign
	others  map[string]*directory              // other stacks that were found, by name
	fields  map[string][]schema.ComponentField // by kind, as looked up
	after   []wire                             // whose components also depend on what is behind the named ones
	ds      diag.List
}

// component finds what one component says: of what it uses, and of what it is mounted into.
func (r *resolver) component(c *ir.Component) {
	defer func(before int) { c.Template.Cite(r.ds[before:]) }(len(r.ds))
	if list := c.Spec.Get("dependsOn"); list != nil {
		for _, item := range list.Items {
			if target := r.target(c, item); target != nil {
				c.DependsOn = append(c.DependsOn, ir.Edge{Component: target.ID(), Source: item.Source})
			}
		}
	}
	r.walk(c, c.Spec)
	r.wiring(c)
}

// order makes edges of the references, when all are found, and sorts both.
func order(c *ir.Component) {
	edges := c.DependsOn
	for _, ref := range c.References {
		if ref.Stack == "" {
			edges = append(edges, ir.Edge{Component: ref.Component, Source: ref.Source})
		}
	}
	slices.SortStableFunc(c.References, func(a, b ir.Reference) int { return a.Source.Compare(b.Source) })
	slices.SortFunc(edges, func(a, b ir.Edge) int {
		return cmp.Or(cmp.Compare(a.Component, b.Component), a.Source.Compare(b.Source))
	})
	c.DependsOn = slices.CompactFunc(edges, func(a, b ir.Edge) bool { return a.Component == b.Component })
}

// walk finds every valueFrom below v.
func (r *resolver) walk(c *ir.Component, v *ir.Value) {
	for _, item := range v.Items {
		r.walk(c, item)
	}
	for _, f := range v.Fields {
		if f.Name == "valueFrom" && f.Value.Get("component") != nil {
			r.valueFrom(c, f.Value)
			continue
		}
		r.walk(c, f.Value)
	}
}

func (r *resolver) valueFrom(c *ir.Component, v *ir.Value) {
	name, output, stack := v.Get("component"), v.Get("output"), v.Get("stack")
	ref := ir.Reference{Source: name.Source}
	var target *ir.Component
	if stack != nil {
		target = r.foreignTarget(stack, name)
		ref.Stack, _ = plain(stack)
	} else {
		target = r.target(c, name)
	}
	wanted, known := plain(output)
	if target == nil || !known {
		return // reported, here or by the schema
	}
	ref.Component, ref.Output = target.ID(), wanted
	access, gives := r.access(target, v.Get("access"))
	if has := r.hasOutput(target, wanted, output.Source); !has || !gives {
		return
	}
	ref.Access = access
	c.References = append(c.References, ref)
}

// access is what the reference gets: what is asked for or else the first level that the target's kind gives.
func (r *resolver) access(target *ir.Component, asked *ir.Value) (level string, ok bool) {
	levels := r.rules.AccessLevels(target.Kind)
	wanted, given := plain(asked)
	switch {
	case !given && len(levels) == 0:
		return "", true
	case !given:
		return levels[0], true
	case slices.Contains(levels, wanted):
		return wanted, true
	case wanted != "read" && wanted != "write" && wanted != "readwrite":
		return "", false // reported by the schema
	}
	d := diag.Errorf(asked.Source, "unsupported-access", "%s %s gives no access %q; it gives %s",
		target.Kind, target.ID(), wanted, strings.Join(levels, ", "))
	if len(levels) == 0 {
		d = diag.Errorf(asked.Source, "unsupported-access", "%s %s has no levels of access, because IAM does not guard it",
			target.Kind, target.ID()).
			WithHint("leave access out; the reference by itself opens the way to it")
	}
	r.ds.Add(d)
	return "", false
}

// target finds the component of this stack that name means and writes its id over the name; nil when there is none.
func (r *resolver) target(c *ir.Component, name *ir.Value) *ir.Component {
	written, known := plain(name)
	if !known {
		return nil // reported by the schema or as a variable without value
	}
	id := written
	if !strings.Contains(id, "/") {
		id = c.Service + "/" + id
	}
	if id == c.ID() {
		r.ds.Add(diag.Errorf(name.Source, "self-reference", "component %s refers to itself", id))
		return nil
	}
	target, problem := r.own.find(id, written, name.Source)
	if problem != nil {
		r.ds.Add(*problem)
	}
	if target != nil {
		name.Text = ir.Literal(id)
	}
	return target
}

// plain is the text of a string without variables, and false for anything else and nil.
func plain(v *ir.Value) (text string, ok bool) {
	if v == nil || v.Kind != ir.String {
		return "", false
	}
	return v.Text.Static()
}
