package template

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/compiler/variable"
)

func prefixed(parameter string) string { return variable.ParameterPrefix + parameter }

// Check judges a template on its own, used or not: "nested-template", "undeclared-parameter", "variable-syntax",
// "invalid-parameter" for a default that does not fit, and "optional-parameter" for one without a value in a longer text.
func (t *Template) Check(doc *source.Document) diag.List {
	var ds diag.List
	body := Body(doc)
	if body != nil && body.Kind == source.Map {
		for _, f := range body.Fields {
			if f.Key == "template" {
				ds.Add(diag.Errorf(f.KeyPos, "nested-template", "a template cannot use another template").
					WithHint("write out here what the other one says, or let components use the other one"))
			}
		}
	}
	for _, p := range t.parameters {
		if p.fallback == nil {
			continue
		}
		if want := p.mismatch(p.fallback); want != "" {
			ds.Add(diag.Errorf(p.fallback.Source, "invalid-parameter", "the default of parameter %q must be %s, not %s",
				p.name, want, show(p.fallback)))
		}
	}
	ds.Add(variable.CheckWith(body, func(name string, pos diag.Position) diag.List {
		if name, ok := strings.CutPrefix(name, variable.ParameterPrefix); ok && t.parameter(name) == nil {
			return diag.List{t.undeclared(pos, name)}
		}
		return nil
	})...)
	t.checkOptional(t.Body, &ds)
	return ds
}

func (t *Template) undeclared(pos diag.Position, name string) diag.Diagnostic {
	d := diag.Errorf(pos, "undeclared-parameter", "template %q has no parameter %q", t.Name, name)
	if near := suggest.Hint(name, t.names()); near != "" {
		return d.WithHint("%s", near)
	}
	return d.WithHint("declare it under spec.parameters")
}

// checkOptional finds parameters that may have no value where only a whole value can be left out.
func (t *Template) checkOptional(v *ir.Value, ds *diag.List) {
	for _, item := range v.Items {
		t.checkOptional(item, ds)
	}
	for _, f := range v.Fields {
		t.checkOptional(f.Value, ds)
	}
	if len(v.Text) < 2 {
		return
	}
	for _, part := range v.Text {
		name, ok := variable.Parameter(part)
		if p := t.parameter(name); ok && p != nil && !p.required && p.fallback == nil {
			ds.Add(diag.Errorf(v.Source, "optional-parameter", "parameter %q may have no value, so it cannot be a part of a longer text", name).
				WithHint("give it a default, or say required: true").WithRelated(p.source, "declared here"))
		}
	}
}

// CheckVariables reports the stack's variables that a template in use names without their being declared
// ("undeclared-variable").
func CheckVariables(doc *source.Document, declared []string) diag.List {
	return slices.DeleteFunc(variable.CheckWith(Body(doc), func(name string, pos diag.Position) diag.List {
		if strings.HasPrefix(name, variable.ParameterPrefix) || slices.Contains(declared, name) {
			return nil
		}
		return diag.List{variable.Undeclared(pos, name, declared)}
	}), func(d diag.Diagnostic) bool { return d.Code != "undeclared-variable" })
}
