package layer

import (
	"maps"
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/compiler/template"
)

// fieldTemplate is the field of a component's spec that names its template.
const fieldTemplate = "template"

// templates reads the templates of the index.
func (x *Index) templates() map[string]*template.Template {
	templates := map[string]*template.Template{}
	for _, e := range x.all(template.Kind, "*") {
		templates[e.name] = template.Read(e.main(), FromNode)
	}
	return templates
}

// template makes the layer of the template that a component uses; ok is false when it uses none that can be found. An
// overlay can use another template or give other values. It reports "unknown-template", "template-kind" and a
// template without a name ("missing-field").
func (w *layering) template(c *Component) (layer Layer, ok bool) {
	use := c.templateUse()
	name := use.Get("name")
	if use != nil && use.Kind == ir.Map && name == nil {
		w.ds.Add(diag.Errorf(use.Source, "missing-field", "spec.template lacks the field %q", "name"))
	}
	if name == nil || name.Kind != ir.String {
		return layer, false // refused, here or by the schema
	}
	written, static := name.Text.Static()
	t := w.templates[written]
	switch {
	case !static:
		w.ds.Add(diag.Errorf(name.Source, "unknown-template", "variables cannot choose a template").
			WithHint("use different templates in the overlays of environments"))
		return layer, false
	case t == nil && w.templatesUnread:
		return layer, false
	case t == nil:
		w.ds.Add(w.unknownTemplate(written, name.Source))
		return layer, false
	case t.For != c.Kind:
		if w.index.rules.IsComponent(t.For) {
			w.ds.Add(diag.Errorf(name.Source, "template-kind", "template %q is for components of kind %s, and %s is of kind %s",
				t.Name, t.For, c.ID(), c.Kind).WithRelated(t.Place(), "template %q is defined here", t.Name))
		}
		return layer, false
	}
	value, used, ds := t.Apply(use, c.withKey, func(path []string) bool {
		return w.index.rules.TextOnly(c.Kind, append([]string{"spec"}, path...)...)
	})
	c.Template = used
	w.ds.Add(ds...)
	return Layer{Name: "template " + t.Name, Value: value}, true
}

func (w *layering) unknownTemplate(name string, pos diag.Position) diag.Diagnostic {
	known := slices.Sorted(maps.Keys(w.templates))
	d := diag.Errorf(pos, "unknown-template", "there is no template %q", name)
	if len(known) == 0 {
		return d.WithHint("templates are documents of kind Template in the folder templates/; there are none")
	}
	return d.WithHint("%s", suggest.Hint(name, known))
}

// templateUse merges what the component's documents say about its template; nil when they say nothing.
func (c *Component) templateUse() *ir.Value {
	var use *ir.Value
	for _, doc := range c.Documents {
		if n := doc.Root.Get("spec", fieldTemplate); n != nil && doc.Kind != kindInfra {
			use = Merge(use, FromNode(n))
		}
	}
	return use
}

// withKey is where the topmost document that gives a value for a parameter has its name.
func (c *Component) withKey(parameter string) diag.Position {
	for _, doc := range slices.Backward(c.Documents) {
		if with := doc.Root.Get("spec", fieldTemplate, "with"); with != nil {
			for _, f := range with.Fields {
				if f.Key == parameter {
					return f.KeyPos
				}
			}
		}
	}
	return c.Source
}
