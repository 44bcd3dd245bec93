package reference

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/schema"
)

// directory finds the components of a stack by id.
type directory struct {
	where      string // the stack, in words
	components map[string]*ir.Component
	ids        []string
	absent     Absent
}

func newDirectory(stack Stack) *directory {
	d := &directory{where: "this stack", absent: stack.Absent, components: make(map[string]*ir.Component, len(stack.Components))}
	for _, c := range stack.Components {
		d.components[c.ID()] = c
		d.ids = append(d.ids, c.ID())
	}
	return d
}

// find gives the component with the id, or what to report at pos, where it is named as written; neither if it cannot be
// told whether it exists.
func (d *directory) find(id, written string, pos diag.Position) (*ir.Component, *diag.Diagnostic) {
	target := d.components[id]
	if target != nil || d.absent.Unread[id] {
		return target, nil
	}
	if removed, ok := d.absent.Removed[id]; ok {
		problem := diag.Errorf(pos, "unknown-component", "component %s is removed from this environment", id).
			WithRelated(removed, "removed here")
		return nil, &problem
	}
	problem := diag.Errorf(pos, "unknown-component", "there is no component %s in %s", id, d.where).WithHint("%s", d.hint(id, written))
	return nil, &problem
}

// hint suggests a component. A bare name is often one in another service.
func (d *directory) hint(id, written string) string {
	for _, other := range d.ids {
		if strings.HasSuffix(other, "/"+written) {
			return `did you mean "` + other + `"?`
		}
	}
	return suggest.Hint(id, d.ids)
}

// hasOutput tells whether the target has an output, and reports at pos if it has not.
func (r *resolver) hasOutput(target *ir.Component, output string, pos diag.Position) bool {
	outputs := r.rules.Outputs(target.Kind)
	if !slices.Contains(outputs, output) {
		d := diag.Errorf(pos, "unknown-output", "%s %s has no output %q; it has %s",
			target.Kind, target.ID(), output, strings.Join(outputs, ", "))
		r.ds.Add(d.WithHint("%s", suggest.Hint(output, outputs)))
		return false
	}
	condition := r.rules.OutputCondition(target.Kind, output)
	if condition.Met(target.Spec) {
		return true
	}
	why, remedy := reason(condition, target.Spec.Get(condition.Field...))
	r.ds.Add(diag.Errorf(pos, "unavailable-output", "%s has no %s, because its %s", target.ID(), output, why).
		WithHint("%s in %s or its ComponentInfra", remedy, target.ID()).
		WithRelated(target.Source, "%s is defined here", target.ID()))
	return false
}

// reason says why a condition of an output is not met and what would change that; at is the value of its field.
func reason(condition schema.Condition, at *ir.Value) (why, remedy string) {
	field := strings.Join(condition.Field, ".")
	switch {
	case at == nil:
		return field + " is not set", "set " + field
	case at.Kind == ir.Bool && condition.Without:
		return field + " is true", "set " + field + ": false"
	case at.Kind == ir.Bool:
		return field + " is false", "set " + field + ": true"
	case condition.Without:
		return field + " is set", "leave out " + field
	case at.Kind == ir.String:
		return field + " is " + at.Text.String(), "choose another " + field
	}
	return field + " is empty", "fill " + field
}
