package reference

import (
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// use is the place where a component takes an output of another stack.
type use struct {
	by     string // the component's id
	from   string // the stack it is in
	stack  string // the other one
	source diag.Position
}

// circles reports stacks that take outputs of each other, so that neither could be deployed first: for each stack that
// this one uses directly, a shortest way from it back to this one.
func circles(stack Stack, foreign Foreign) diag.List {
	var ds diag.List
	for _, first := range uses(stack) {
		way := wayBack(first, stack.Name, foreign)
		if way == nil {
			continue
		}
		names := []string{stack.Name}
		for _, u := range way {
			names = append(names, u.stack)
		}
		d := diag.Errorf(first.source, "stack-cycle", "these stacks take outputs of each other in a circle: %s",
			strings.Join(names, " → ")).WithHint("each would have to be deployed before the other; remove one of these references")
		for _, u := range way {
			d = d.WithRelated(u.source, "%s of stack %s takes an output of stack %s here", u.by, u.from, u.stack)
		}
		ds.Add(d)
	}
	return ds
}

// wayBack is the uses from the first one to one of the stack home, searched in breadth; nil when there is no such way.
func wayBack(first use, home string, foreign Foreign) []use {
	seen := map[string]bool{first.stack: true}
	for queue := [][]use{{first}}; len(queue) > 0; queue = queue[1:] {
		way := queue[0]
		last := way[len(way)-1]
		stack, _, ok := foreign(last.stack, last.source)
		if !ok {
			continue // reported where it is named
		}
		for _, next := range uses(stack) {
			longer := append(way[:len(way):len(way)], next)
			if next.stack == home {
				return longer
			}
			if !seen[next.stack] {
				seen[next.stack] = true
				queue = append(queue, longer)
			}
		}
	}
	return nil
}

// uses are the stack's uses of other stacks, the first one of each, in the order of components and documents.
func uses(stack Stack) []use {
	var found []use
	seen := map[string]bool{stack.Name: true}
	for _, c := range stack.Components {
		var look func(v *ir.Value)
		look = func(v *ir.Value) {
			for _, item := range v.Items {
				look(item)
			}
			for _, f := range v.Fields {
				other, known := plain(f.Value.Get("stack"))
				if f.Name == "valueFrom" && known && !seen[other] {
					seen[other] = true
					found = append(found, use{by: c.ID(), from: stack.Name, stack: other, source: f.Value.Get("stack").Source})
				}
				look(f.Value)
			}
		}
		look(c.Spec)
	}
	return found
}
