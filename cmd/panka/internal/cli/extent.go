package cli

import "github.com/panka-io/panka/compiler/ir"

// extent is how large a stack is.
type extent struct {
	ids   []string       // of the components
	waves map[string]int // of each component, by ID
}

func extentOf(stack *ir.Stack) extent {
	e := extent{make([]string, 0, len(stack.Components)), make(map[string]int, len(stack.Components))}
	for _, c := range stack.Components {
		id := c.ID()
		e.ids = append(e.ids, id)
		e.waves[id] = c.Wave
	}
	return e
}
