package codegen

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// NotDeployable is the code of the diagnostics about what is sound and cannot be deployed by this version yet.
const NotDeployable = "not-deployable"

const notYet = " cannot be deployed by this version yet"

// Undeployable parts a list of findings: what cannot be deployed yet, said once and sorted ("kind EFS"), and the rest.
func Undeployable(found diag.List) (what []string, rest diag.List) {
	for _, d := range found {
		if d.Code == NotDeployable {
			what = append(what, strings.TrimSuffix(d.Message, notYet))
		} else {
			rest.Add(d)
		}
	}
	slices.Sort(what)
	return slices.Compact(what), rest
}

// undeployable reports that a component's kind has no generator, what it takes from other stacks, and that no generator
// delivers files.
func (g *generator) undeployable(c *ir.Component) diag.List {
	if g.kinds[c.Kind] == nil {
		return diag.List{diag.Errorf(c.Source, NotDeployable, "kind %s%s", c.Kind, notYet)}
	}
	var found diag.List
	if len(c.ConfigFiles) > 0 {
		found.Add(diag.Errorf(c.ConfigFiles[0].Source, NotDeployable, "a component with configFiles%s", notYet).
			WithHint("until then put the files into the image, or what they say into environment variables"))
	}
	for _, ref := range c.References {
		if ref.Stack != "" {
			found.Add(diag.Errorf(ref.Source, NotDeployable, "a component that takes an output of another stack%s", notYet).
				WithHint("panka checks that %s of stack %s exists; until then give the value as a variable", ref.Component, ref.Stack))
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
