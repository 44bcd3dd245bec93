package template

import (
	"strconv"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/compiler/variable"
)

// Use is a component's use of a template.
type Use struct {
	ir.TemplateUse
	template *Template
	// values are what the component gives, by parameter.
	values map[string]*ir.Value
	// textOnly tells whether nothing but a string can stand at a path of the spec; "*" stands for any item of a list.
	textOnly func(path []string) bool
}

// Apply makes the layer that a component gets from the template. use is the merged field template of its spec, keyOf
// gives the place of a key of its with, and textOnly tells at which paths of the spec, "*" for any item of a list, nothing
// but a string can stand. It reports values for parameters that the template does not have
// ("unknown-parameter") and required ones without a value ("missing-parameter").
func (t *Template) Apply(use *ir.Value, keyOf func(name string) diag.Position,
	textOnly func(path []string) bool) (*ir.Value, *Use, diag.List) {
	u := &Use{template: t, values: map[string]*ir.Value{}, textOnly: textOnly, TemplateUse: ir.TemplateUse{
		Name: t.Name, Source: use.Get("name").Source, Template: t.source, Values: map[diag.Position]diag.Position{}}}
	var ds diag.List
	if with := use.Get("with"); with != nil {
		for _, f := range with.Fields {
			u.values[f.Name] = f.Value
			if t.parameter(f.Name) == nil {
				ds.Add(t.unknown(f.Name, keyOf(f.Name)))
			}
		}
	}
	for _, p := range t.parameters {
		if p.required && u.values[p.name] == nil {
			ds.Add(diag.Errorf(u.Source, "missing-parameter", "template %q needs a value for parameter %q", t.Name, p.name).
				WithHint("write it under with: %s: …", p.name).WithRelated(p.source, "declared here"))
		}
	}
	layer := u.fill(t.Body, nil)
	if layer == nil {
		layer = &ir.Value{Kind: ir.Map, Source: t.Body.Source}
	}
	return layer, u, ds
}

func (t *Template) unknown(name string, pos diag.Position) diag.Diagnostic {
	d := diag.Errorf(pos, "unknown-parameter", "template %q has no parameter %q", t.Name, name)
	if len(t.parameters) == 0 {
		return d.WithHint("it has no parameters").WithRelated(t.source, "template %q is defined here", t.Name)
	}
	d = d.WithRelated(t.declared, "its parameters are declared here")
	switch near := suggest.Hint(name, t.names()); {
	case near != "":
		return d.WithHint("%s", near)
	default:
		return d.WithHint("it has %s", strings.Join(t.names(), ", "))
	}
}

// fill copies the part of the template at a path with the values put in; nil where a parameter without value stands
// alone.
func (u *Use) fill(v *ir.Value, path []string) *ir.Value {
	filled := *v
	switch v.Kind {
	case ir.List:
		filled.Items = make([]*ir.Value, 0, len(v.Items))
		for _, item := range v.Items {
			if item = u.fill(item, append(path, "*")); item != nil {
				filled.Items = append(filled.Items, item)
			}
		}
	case ir.Map:
		filled.Fields = make([]ir.Field, 0, len(v.Fields))
		for _, f := range v.Fields {
			if value := u.fill(f.Value, append(path, f.Name)); value != nil {
				filled.Fields = append(filled.Fields, ir.Field{Name: f.Name, Value: value})
			}
		}
	case ir.String:
		return u.text(v, path)
	}
	return &filled
}

func (u *Use) text(v *ir.Value, path []string) *ir.Value {
	if len(v.Text) == 1 {
		if name, ok := variable.Parameter(v.Text[0]); ok {
			return u.whole(name, v.Source, path)
		}
	}
	filled := *v
	filled.Text = nil
	for _, part := range v.Text {
		name, ok := variable.Parameter(part)
		if !ok {
			filled.Text = append(filled.Text, part)
			continue
		}
		if value := u.value(name, v.Source); value != nil && value.Kind == ir.String {
			filled.Text = append(filled.Text, value.Text...)
		} else if text := variable.Scalar(value); text != "" {
			filled.Text = append(filled.Text, ir.Part{Literal: text})
		}
	}
	filled.Text = joined(filled.Text)
	return &filled
}

// whole is the value of a parameter that stands alone, as a value at its place in the template. Where only a string can
// stand, a number or boolean becomes its text.
func (u *Use) whole(name string, place diag.Position, path []string) *ir.Value {
	value := u.value(name, place)
	if value == nil {
		return nil
	}
	if (value.Kind == ir.Number || value.Kind == ir.Bool) && u.textOnly(path) {
		return &ir.Value{Kind: ir.String, Text: ir.Literal(variable.Scalar(value)), Source: place}
	}
	moved := *value
	moved.Source = place
	return &moved
}

// value is what a parameter stands for at a place of the template; nil when it has no value.
func (u *Use) value(name string, place diag.Position) *ir.Value {
	p := u.template.parameter(name)
	if p == nil {
		return nil // reported by Check
	}
	given := u.values[name]
	if given == nil {
		return p.fallback
	}
	u.Values[place] = given.Source
	return given
}

// joined makes one part of literals that follow each other.
func joined(text ir.Text) ir.Text {
	var parts ir.Text
	for _, part := range text {
		if last := len(parts) - 1; last >= 0 && part.Variable == "" && parts[last].Variable == "" {
			parts[last].Literal += part.Literal
			continue
		}
		parts = append(parts, part)
	}
	return parts
}

// Check judges the values that the component gives ("invalid-parameter"). known puts the values of variables into a text;
// where one has none that may be shown, nothing is judged here.
func (u *Use) Check(known func(ir.Text) ir.Text) diag.List {
	var ds diag.List
	for _, p := range u.template.parameters {
		given := u.values[p.name]
		if given == nil {
			continue
		}
		judged := *given
		if given.Kind == ir.String {
			judged.Text = known(given.Text)
			if _, static := judged.Text.Static(); !static {
				continue
			}
			if len(given.Text) == 1 && given.Text[0].Variable != "" {
				judged = p.typed(judged)
			}
		}
		if want := p.mismatch(&judged); want != "" {
			ds.Add(diag.Errorf(given.Source, "invalid-parameter", "parameter %q of template %q must be %s, not %s",
				p.name, u.template.Name, want, show(&judged)).WithHint("%s", suggest.Hint(judged.Text.String(), p.values)).
				WithRelated(p.source, "declared here"))
		}
	}
	return ds
}

// typed reads what a variable holds as the parameter's type, where it can.
func (p *parameter) typed(v ir.Value) ir.Value {
	text := v.Text.String()
	switch p.kind {
	case variable.Number:
		if n, ok := variable.ParseNumber(text); ok {
			return ir.Value{Kind: ir.Number, Number: n, Source: v.Source}
		}
	case variable.Boolean:
		if text == "true" || text == "false" {
			return ir.Value{Kind: ir.Bool, Bool: text == "true", Source: v.Source}
		}
	}
	return v
}

// show is a value as a message repeats it.
func show(v *ir.Value) string {
	switch v.Kind {
	case ir.String:
		text := []rune(v.Text.String())
		if len(text) > 60 {
			text = append(text[:60], '…')
		}
		return strconv.Quote(string(text))
	case ir.List:
		return "a list"
	case ir.Map:
		return "a mapping"
	}
	return variable.Scalar(v)
}
