package codegen

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// NotDeployable is the code of the diagnostics about what is sound and cannot be deployed by this version yet.
const NotDeployable = component.NotDeployableCode

// Undeployable parts a list of findings: what cannot be deployed yet, said once and sorted ("kind EFS"), and the rest.
func Undeployable(found diag.List) (what []string, rest diag.List) {
	for _, d := range found {
		if d.Code == NotDeployable {
			what = append(what, strings.TrimSuffix(d.Message, component.NotYet))
		} else {
			rest.Add(d)
		}
	}
	slices.Sort(what)
	return slices.Compact(what), rest
}

// undeployable reports that a component's kind has no generator, or that of what it uses of other stacks.
func (g *generator) undeployable(c *ir.Component) diag.List {
	if g.kinds[c.Kind] == nil {
		return diag.List{component.NotDeployable(c.Source, "kind "+c.Kind)}
	}
	var found diag.List
	for _, ref := range c.References {
		if target := g.stack.ForeignComponent(ref); target != nil && g.kinds[target.Kind] == nil {
			found.Add(component.NotDeployable(ref.Source, "kind "+target.Kind))
		}
	}
	return found
}

// usesUndeployable tells whether a component refers to one that has no generator, and so no outputs yet. That is
// reported at the other one.
func (g *generator) usesUndeployable(c *ir.Component) bool {
	return slices.ContainsFunc(c.References, func(ref ir.Reference) bool {
		target := g.byID[ref.Component]
		return ref.Stack == "" && target != nil && g.kinds[target.Kind] == nil
	})
}
