package compiler

import (
	"maps"
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/template"
	"github.com/panka-io/panka/compiler/variable"
)

const (
	coreVersion  = "core.panka.io/v1"
	infraVersion = "infra.panka.io/v1"
)

// checkDocuments checks each document as it was written: against the schema, and its use of variables.
func (c *compilation) checkDocuments() {
	declared := c.layers.Source.IsValid() // without a stack nothing is, and that has been reported
	types := c.variables.Types()
	read := map[diag.Position]bool{} // what could not be read is not judged again
	for _, d := range c.diags {
		read[d.Position] = true
	}
	for _, doc := range c.documents {
		addKeys(doc.Root, read)
		c.report(slices.DeleteFunc(c.rules.CheckDocument(doc, types), func(d diag.Diagnostic) bool { return read[d.Position] })...)
		if doc.Kind == template.Kind && c.known(doc) {
			c.checkTemplate(doc, types)
			continue
		}
		for _, part := range expandedParts(doc) {
			if declared {
				c.report(variable.Check(part, c.variables.Names())...)
			}
		}
	}
}

// addKeys adds to the places of values that could not be read those of their keys: such a value is not empty.
func addKeys(n *source.Node, read map[diag.Position]bool) {
	for _, f := range n.Fields {
		if f.Value.Kind == source.Null && read[f.Value.Pos] {
			read[f.KeyPos] = true
		}
		addKeys(f.Value, read)
	}
	for _, item := range n.Items {
		addKeys(item, read)
	}
}

// expandedParts are the parts of a document in which variables are expanded: labels and spec, but not the
// declarations and values of variables.
func expandedParts(doc *source.Document) []*source.Node {
	parts := []*source.Node{doc.Root.Get("metadata", "labels")}
	spec := doc.Root.Get("spec")
	if spec == nil || (doc.Kind != "Stack" && doc.Kind != "Environment") {
		return append(parts, spec)
	}
	for _, f := range spec.Fields {
		if f.Key != "variables" {
			parts = append(parts, f.Value)
		}
	}
	return parts
}

// checkMerged checks what the layers add up to and fills in defaults. A component whose own documents have errors is
// passed over, and so is what was reported in a file already: it would be the same mistake.
func (c *compilation) checkMerged() {
	flawed := maps.Clone(c.flawed)
	for _, kind := range []string{"Stack", "Environment"} {
		if spec := c.core[kind]; spec != nil {
			c.reportUnless(flawed, c.rules.CheckMerged(coreVersion, kind, spec))
		}
	}
	c.stack.Network = c.checkShared(flawed, "Networking", c.stack.Network)
	c.stack.Security = c.checkShared(flawed, "Security", c.stack.Security)
	c.stack.Observability = c.checkShared(flawed, "Observability", c.stack.Observability)
	for _, service := range slices.Sorted(maps.Keys(c.stack.ServiceObservability)) {
		own := c.stack.ServiceObservability[service]
		c.stack.ServiceObservability[service] = c.checkShared(flawed, "Observability", own)
	}
	for _, k := range c.components {
		readable := k.complete && !(k.Template != nil && flawed[k.Template.Template.File]) && !slices.ContainsFunc(k.Documents, func(doc *source.Document) bool { return flawed[doc.Pos.File] })
		if !readable {
			continue
		}
		problems := c.rules.CheckMerged(k.APIVersion, k.Kind, k.checked)
		if k.Added {
			problems = c.orWithoutTarget(k, problems)
		}
		if c.stack.Protected && !problems.HasErrors() {
			problems = append(problems, c.unprotected(k)...)
		}
		k.Cite(problems)
		c.reportUnless(flawed, problems)
		if !problems.HasErrors() {
			k.sound = true
			k.result.Spec = c.rules.Defaults(k.Kind, k.result.Spec)
		}
	}
}

// unprotected finds what a component must not do in an environment that forbids losing data. What a deferred variable
// will say is not known here.
func (c *compilation) unprotected(k *component) diag.List {
	problems := c.rules.CheckProtected(k.Kind, k.result.Spec)
	for i, d := range problems {
		problems[i] = d.WithRelated(c.core["Environment"].Get("protection", "dataLoss").Source,
			"environment %s forbids losing data", c.Environment)
	}
	return problems
}

// checkShared checks what the documents of a kind that components share add up to, and fills in its defaults.
func (c *compilation) checkShared(flawed map[string]bool, kind string, spec *ir.Value) *ir.Value {
	c.reportUnless(flawed, c.rules.CheckMerged(infraVersion, kind, spec))
	return c.rules.Defaults(kind, spec)
}

func (c *compilation) reportUnless(flawed map[string]bool, problems diag.List) {
	for _, d := range problems {
		if !flawed[d.File] {
			c.report(d)
		}
	}
}

// orWithoutTarget turns missing fields of a component that only the environment has into one error: the document was
// most likely meant to change a component and its name is wrong.
func (c *compilation) orWithoutTarget(k *component, problems diag.List) diag.List {
	missing := func(d diag.Diagnostic) bool { return d.Code == "missing-field" }
	if !slices.ContainsFunc(problems, missing) {
		return problems
	}
	e := diag.Errorf(k.NameSource, "overlay-target", "there is no component %s for this overlay to change, "+
		"and it is not a whole %s that could be added", k.ID(), k.Kind).WithHint("%s", c.index.NearestComponent(k.Service, k.Name))
	rest := diag.List{}
	for _, d := range problems {
		if missing(d) {
			e = e.WithRelated(d.Position, "%s", d.Message)
		} else {
			rest.Add(d)
		}
	}
	return append(rest, e)
}
