package reference

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema"
)

// wiring makes a reference of each field that its kind says names a component: mostly one of the component with the
// field, but of the named one where the first is mounted into it.
func (r *resolver) wiring(c *ir.Component) {
	fields, known := r.fields[c.Kind]
	if !known {
		fields = r.rules.ComponentFields(c.Kind)
		r.fields[c.Kind] = fields
	}
	for _, field := range fields {
		c.Spec.Each(field.Path, func(entry, name *ir.Value) {
			text, known := plain(name)
			if !known || !isComponent(text) {
				return // a variable without value, or the field's other use, such as an ARN
			}
			target := r.target(c, name)
			if target == nil || !r.rightKind(target, field, name.Source) || !r.hasNeeded(target, field, name.Source) {
				return
			}
			switch field.Edge {
			case schema.Forward:
				c.References = append(c.References, ir.Reference{Component: target.ID(), Access: field.Access, Source: name.Source})
				if field.Behind == target.Kind {
					r.after = append(r.after, wire{from: c, to: target, source: name.Source})
				}
			case schema.Reverse:
				target.References = append(target.References, mount(c, field, entry, name))
			}
		})
	}
}

// wire is a field of one component that names another.
type wire struct {
	from, to *ir.Component
	source   diag.Position
}

// behind makes components depend on what is mounted into those that they name, as far as the schema says so. It can only
// be told once all mounts are known.
func (r *resolver) behind(components []*ir.Component) {
	for _, w := range r.after {
		for _, c := range components {
			if slices.ContainsFunc(c.References, func(ref ir.Reference) bool {
				return ref.Mount != nil && ref.Stack == "" && ref.Component == w.to.ID()
			}) {
				w.from.DependsOn = append(w.from.DependsOn, ir.Edge{Component: c.ID(), Source: w.source})
			}
		}
	}
}

// mount is the use of a volume by the component that the entry of its mounts names.
func mount(volume *ir.Component, field schema.ComponentField, entry, name *ir.Value) ir.Reference {
	access := field.Access
	if readOnly := entry.Get("readOnly"); readOnly != nil && readOnly.Bool {
		access = "read"
	}
	return ir.Reference{Component: volume.ID(), Access: access, Mount: entry, Source: name.Source}
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
	hint := field.Hint
	if hint == "" {
		hint = r.suggestKind(field.Kinds)
	}
	r.ds.Add(diag.Errorf(pos, "wrong-kind", "%s must name a component of kind %s, and %s is of kind %s",
		words(field.Path), oneOf(field.Kinds), target.ID(), target.Kind).
		WithHint("%s", hint).
		WithRelated(target.Source, "%s is defined here", target.ID()))
	return false
}

// hasNeeded reports a component without the output that the wiring is made with. Of a kind that does not know it,
// something else is used.
func (r *resolver) hasNeeded(target *ir.Component, field schema.ComponentField, pos diag.Position) bool {
	if field.Needs == "" || !slices.Contains(r.rules.Outputs(target.Kind), field.Needs) {
		return true
	}
	return r.hasOutput(target, field.Needs, pos)
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
