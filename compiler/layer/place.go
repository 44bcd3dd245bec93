package layer

import (
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Cite adds to findings where they concern the component, if they are about what it does not say itself: to those inside
// its template where it uses that, and to those in defaults of the stack or the service the component. It changes the
// list in place.
func (c *Component) Cite(ds diag.List) {
	if c.Template != nil {
		c.Template.Cite(ds)
	}
	for i, d := range ds {
		if !c.inDefaults(d.Position) {
			continue
		}
		if d.Hint == "" {
			d = d.WithHint("a value in the component itself overrides this one")
		}
		ds[i] = d.WithRelated(c.Source, "component %s gets this value", c.ID())
	}
}

// inDefaults tells whether a place is that of a value in the defaults below the component.
func (c *Component) inDefaults(pos diag.Position) bool {
	return slices.ContainsFunc(c.Layers, func(l Layer) bool { return l.Defaults && holds(l.Value, pos) })
}

// holds tells whether something in v stands at a place.
func holds(v *ir.Value, pos diag.Position) bool {
	return v != nil && (v.Source == pos ||
		slices.ContainsFunc(v.Items, func(item *ir.Value) bool { return holds(item, pos) }) ||
		slices.ContainsFunc(v.Fields, func(f ir.Field) bool { return holds(f.Value, pos) }))
}
