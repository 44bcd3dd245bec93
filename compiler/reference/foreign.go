package reference

import (
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// Foreign finds another stack of the repository, in the same environment. What it reports if it cannot is at pos, where
// the stack is named; ok is false if nothing more can be said of the stack.
type Foreign func(name string, pos diag.Position) (stack Stack, problems diag.List, ok bool)

// foreignTarget finds the component of another stack that is named; nil when there is none.
func (r *resolver) foreignTarget(stack, name *ir.Value) *ir.Component {
	other, stackKnown := plain(stack)
	written, known := plain(name)
	if !stackKnown || !known || !source.ValidName(other) || !isComponent(written) {
		return nil // reported by the schema or as a variable without value
	}
	if other == r.name {
		r.ds.Add(diag.Errorf(stack.Source, "own-stack", "%q is this stack itself", other).WithHint("leave stack out"))
		return nil
	}
	where := r.others[other]
	if where == nil {
		where = r.look(other, stack.Source)
	}
	if where == nil {
		return nil
	}
	if !strings.Contains(written, "/") {
		r.ds.Add(diag.Errorf(name.Source, "unknown-component", "a component of another stack is written <service>/<component>").
			WithHint("%s", where.hint(written, written)))
		return nil
	}
	target, problem := where.find(written, written, name.Source)
	if problem != nil {
		r.ds.Add(*problem)
	}
	return target
}

// look finds another stack; nil when it cannot be used, which is reported at each place that names it.
func (r *resolver) look(name string, pos diag.Position) *directory {
	stack, problems, ok := r.foreign(name, pos)
	r.ds.Add(problems...)
	if !ok {
		return nil
	}
	found := newDirectory(stack)
	found.where = "stack " + name
	r.others[name] = found
	return found
}
