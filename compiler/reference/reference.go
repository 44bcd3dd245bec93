// Package reference finds what components use of each other and says whether it exists.
//
// A component uses another by valueFrom, which takes one of its outputs, or by dependsOn, which only orders. Either
// names it <service>/<component>, or just <component> for one in the same service. The package fills in the
// references and dependencies of each component and writes the full ids into its spec, so that later stages read one
// form. It refuses references to nothing, to oneself, and to outputs that the other component does not have.
package reference

import (
	"cmp"
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/suggest"
)

// Outputs lists the outputs of a component kind.
type Outputs func(kind string) []string

// Absent says why components that are written somewhere are not among those of the stack.
type Absent struct {
	// Removed maps ids to the overlay that removes them from this environment.
	Removed map[string]diag.Position
	// Unread holds the ids of components whose files could not be read; references to them are passed over.
	Unread map[string]bool
}

// Resolve fills in References and DependsOn of each component and changes the names in their specs to ids. It reports
// "unknown-component", "self-reference", "unknown-output" and "unavailable-output", each at the place of the name.
func Resolve(components []*ir.Component, outputs Outputs, absent Absent) diag.List {
	r := &resolver{outputs: outputs, absent: absent, components: make(map[string]*ir.Component, len(components))}
	for _, c := range components {
		r.components[c.ID()] = c
		r.ids = append(r.ids, c.ID())
	}
	for _, c := range components {
		r.component(c)
	}
	return r.ds
}

type resolver struct {
	outputs    Outputs
	absent     Absent
	components map[string]*ir.Component
	ids        []string
	ds         diag.List
}

func (r *resolver) component(c *ir.Component) {
	defer func(before int) { c.Template.Cite(r.ds[before:]) }(len(r.ds))
	c.References, c.DependsOn = nil, nil
	var edges []ir.Edge
	if list := c.Spec.Get("dependsOn"); list != nil {
		for _, item := range list.Items {
			if target := r.target(c, item); target != nil {
				edges = append(edges, ir.Edge{Component: target.ID(), Source: item.Source})
			}
		}
	}
	r.walk(c, c.Spec)
	for _, ref := range c.References {
		edges = append(edges, ir.Edge{Component: ref.Component, Source: ref.Source})
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
	name := v.Get("component")
	target := r.target(c, name)
	output := v.Get("output")
	if target == nil || output == nil || v.Get("stack") != nil {
		return // reported, here or by the schema
	}
	wanted, static := output.Text.Static()
	if !static || output.Kind != ir.String {
		return
	}
	if !r.hasOutput(target, wanted, output.Source) {
		return
	}
	access := "read"
	if a := v.Get("access"); a != nil {
		access = a.Text.String()
	}
	c.References = append(c.References, ir.Reference{Component: target.ID(), Output: wanted, Access: access, Source: name.Source})
}

// target finds the component that name means and writes its id over the name; nil when there is none.
func (r *resolver) target(c *ir.Component, name *ir.Value) *ir.Component {
	written, static := name.Text.Static()
	if name.Kind != ir.String || !static {
		return nil // reported by the schema or as a variable without value
	}
	id := written
	if !strings.Contains(id, "/") {
		id = c.Service + "/" + id
	}
	switch target := r.components[id]; {
	case id == c.ID():
		r.ds.Add(diag.Errorf(name.Source, "self-reference", "component %s refers to itself", id))
		return nil
	case target != nil:
		name.Text = ir.Literal(id)
		return target
	case !r.absent.Unread[id]:
		r.ds.Add(r.unknown(id, written, name.Source))
	}
	return nil
}

func (r *resolver) unknown(id, written string, pos diag.Position) diag.Diagnostic {
	d := diag.Errorf(pos, "unknown-component", "there is no component %s in this stack", id)
	if removed, ok := r.absent.Removed[id]; ok {
		return diag.Errorf(pos, "unknown-component", "component %s is removed from this environment", id).
			WithRelated(removed, "removed here")
	}
	// A bare name is often one in another service.
	for _, other := range r.ids {
		if strings.HasSuffix(other, "/"+written) {
			return d.WithHint("did you mean %q?", other)
		}
	}
	return d.WithHint("%s", suggest.Hint(id, r.ids))
}

func (r *resolver) hasOutput(target *ir.Component, output string, pos diag.Position) bool {
	outputs := r.outputs(target.Kind)
	if !slices.Contains(outputs, output) {
		d := diag.Errorf(pos, "unknown-output", "%s %s has no output %q; it has %s",
			target.Kind, target.ID(), output, strings.Join(outputs, ", "))
		r.ds.Add(d.WithHint("%s", suggest.Hint(output, outputs)))
		return false
	}
	if needsLoadBalancer(target.Kind, output) && !hasLoadBalancer(target) {
		r.ds.Add(diag.Errorf(pos, "unavailable-output", "%s has no %s, because it has no load balancer", target.ID(), output).
			WithHint("set networking.loadBalancer.enabled: true in the ComponentInfra of %s", target.ID()).
			WithRelated(target.Source, "%s is defined here", target.ID()))
		return false
	}
	return true
}

// needsLoadBalancer tells whether the output exists only behind a load balancer.
func needsLoadBalancer(kind, output string) bool {
	return kind == "MicroService" && (output == "url" || output == "targetGroupArn")
}

func hasLoadBalancer(c *ir.Component) bool {
	enabled := c.Spec.Get("networking", "loadBalancer", "enabled")
	return enabled != nil && enabled.Bool
}
