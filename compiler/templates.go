package compiler

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/compiler/template"
	"github.com/panka-io/panka/schema"
)

// loadTemplates reads the repository's templates, which belong to no stack.
func (c *compilation) loadTemplates(ctx context.Context) {
	documents, files, problems := c.Documents.LoadTemplates(ctx, c.Root)
	c.report(problems...)
	c.templatesUnread = problems.HasErrors()
	c.templateFiles = files
	for _, doc := range documents {
		if doc.Kind == template.Kind || !c.known(doc) {
			c.documents = append(c.documents, doc)
		}
		c.templatesUnread = c.templatesUnread || !c.known(doc)
	}
}

// checkTemplate judges a Template on its own, whether components use it or not.
func (c *compilation) checkTemplate(doc *source.Document, variables schema.VariableTypes) {
	t := c.layers.Templates[doc.Metadata.Name]
	if t == nil || t.Place() != doc.Pos { // a second one of the name
		return
	}
	c.report(t.Check(doc)...)
	kind := doc.Root.Get("spec", "kind")
	if kind == nil || kind.Kind != source.String || c.flawedAt(kind.Pos) {
		return
	}
	if !c.rules.IsComponent(t.For) {
		known := c.rules.Kinds(schema.ComponentVersion)
		d := diag.Errorf(kind.Pos, "unknown-kind", "there is no kind of component %q", t.For).WithHint("%s", suggest.Hint(t.For, known))
		if d.Hint == "" {
			d.Hint = "known are " + strings.Join(known, ", ")
		}
		c.report(d)
		return
	}
	types := schema.VariableTypes(t.Types())
	maps.Copy(types, variables)
	c.report(c.rules.CheckFragment(t.For, "spec.component", template.Body(doc), types)...)
}

// flawedAt tells whether there is an error at a place already.
func (c *compilation) flawedAt(pos diag.Position) bool {
	return slices.ContainsFunc(c.diags, func(d diag.Diagnostic) bool { return d.Position == pos })
}

// checkTemplateUses judges what components give to templates, and that the variables of templates in use are declared.
func (c *compilation) checkTemplateUses() {
	undeclared := map[diag.Position]diag.List{} // by the place of the template
	for _, doc := range c.documents {
		if doc.Kind == template.Kind && c.layers.Source.IsValid() {
			undeclared[doc.Pos] = template.CheckVariables(doc, c.variables.Names())
		}
	}
	for _, k := range c.components {
		if k.Template == nil {
			continue
		}
		problems := k.Template.Check(c.variables.Fill)
		problems.Add(undeclared[k.Template.Template]...)
		k.Template.Cite(problems)
		c.report(problems...)
	}
}

// inEffect are the files that the result depends on: those of the stack, and of the templates that its components use.
func (c *compilation) inEffect() []source.File {
	files := slices.Clone(c.files)
	used := map[string]bool{}
	for _, k := range c.layers.Components {
		if k.Template != nil {
			used[k.Template.Template.File] = true
		}
	}
	for _, f := range c.templateFiles {
		if used[f.Path] {
			files = append(files, f)
		}
	}
	return files
}
