package reference

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema"
)

// wiring makes a reference of each field that its kind says names a component.
func (r *resolver) wiring(c *ir.Component) {
	fields, known := r.fields[c.Kind]
	if !known {
		fields = r.rules.ComponentFields(c.Kind)
		r.fields[c.Kind] = fields
	}
	for _, field := range fields {
		follow(c.Spec, field.Path, func(name *ir.Value) {
			text, known := plain(name)
			if !known || !isComponent(text) {
				return // a variable without value, or the field's other use, such as an ARN
			}
			target := r.target(c, name)
			if target == nil || !r.rightKind(target, field, name.Source) {
				return
			}
			c.References = append(c.References, ir.Reference{Component: target.ID(), Access: field.Access, Source: name.Source})
		})
	}
}

// follow visits every value that the path leads to.
func follow(v *ir.Value, path []string, visit func(*ir.Value)) {
	switch {
	case v == nil:
	case len(path) == 0:
		visit(v)
	case path[0] == "*":
		for _, item := range v.Items {
			follow(item, path[1:], visit)
		}
		for _, f := range v.Fields {
			follow(f.Value, path[1:], visit)
		}
	default:
		follow(v.Get(path[0]), path[1:], visit)
	}
}

// isComponent tells whether text has the form <component> or <service>/<component>.
func isComponent(text string) bool {
	service, name, both := strings.Cut(text, "/")
	return source.ValidName(service) && (!both || source.ValidName(name))
}

func (r *resolver) rightKind(target *ir.Component, field schema.ComponentField, pos diag.Position) bool {
	if len(field.Kinds) == 0 || slices.Contains(field.Kinds, target.Kind) {
		return true
	}
	r.ds.Add(diag.Errorf(pos, "wrong-kind", "%s must name a component of kind %s, and %s is of kind %s",
		words(field.Path), oneOf(field.Kinds), target.ID(), target.Kind).
		WithHint("%s", r.suggestKind(field.Kinds)).
		WithRelated(target.Source, "%s is defined here", target.ID()))
	return false
}

// suggestKind names the one component that is of the right kind, if there is just one.
func (r *resolver) suggestKind(kinds []string) string {
	var fit []string
	for _, id := range r.own.ids {
		if slices.Contains(kinds, r.own.components[id].Kind) {
			fit = append(fit, id)
		}
	}
	switch len(fit) {
	case 0:
		return "this stack has none"
	case 1:
		return `did you mean "` + fit[0] + `"?`
	}
	return ""
}

// words writes a path as people do: triggers[].queue.
func words(path []string) string {
	return "spec." + strings.ReplaceAll(strings.Join(path, "."), ".*", "[]")
}

func oneOf(kinds []string) string {
	if len(kinds) == 1 {
		return kinds[0]
	}
	last := len(kinds) - 1
	return strings.Join(kinds[:last], ", ") + " or " + kinds[last]
}
