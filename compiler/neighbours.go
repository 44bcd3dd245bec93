package compiler

import (
	"context"
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/reference"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
)

// neighbours are the other stacks of the repository that references lead to, read when they are first needed. They go
// through the stages only as far as references need: what is wrong in them is for their own compilation to report.
type neighbours struct {
	ctx   context.Context
	of    *compilation
	known map[string]*neighbour
}

// neighbour is another stack, or why it cannot be used.
type neighbour struct {
	stack   reference.Stack
	problem func(pos diag.Position) diag.Diagnostic
}

// find is a reference.Foreign.
func (n *neighbours) find(name string, pos diag.Position) (reference.Stack, diag.List, bool) {
	found := n.known[name]
	if found == nil {
		found = n.read(name)
		n.known[name] = found
	}
	if found.problem != nil {
		return reference.Stack{}, diag.List{found.problem(pos)}, false
	}
	return found.stack, nil, true
}

func (n *neighbours) read(name string) *neighbour {
	other := &compilation{rules: n.of.rules, Options: Options{
		Root: n.of.Root, Stack: name, Environment: n.of.Environment, Documents: n.of.Documents,
	}}
	if !other.load(n.ctx) {
		return &neighbour{problem: func(pos diag.Position) diag.Diagnostic { return n.explain(name, other.diags, pos) }}
	}
	other.layLayers()
	other.declareVariables()
	other.expandVariables()
	for _, k := range other.components {
		k.result.Spec = n.of.rules.Defaults(k.Kind, k.result.Spec)
	}
	return &neighbour{stack: other.connectable()}
}

// explain says why a stack could not be read, by what its loading found.
func (n *neighbours) explain(name string, found diag.List, pos diag.Position) diag.Diagnostic {
	has := func(code string) bool {
		return slices.ContainsFunc(found, func(d diag.Diagnostic) bool { return d.Code == code })
	}
	switch {
	case has("unknown-stack"):
		d := diag.Errorf(pos, "unknown-stack", "there is no stack %q in this repository", name)
		return d.WithHint("%s", suggest.Hint(name, n.names()))
	case has("unknown-environment"):
		return diag.Errorf(pos, "unknown-environment", "stack %s has no environment %q to take outputs from", name, n.of.Environment).
			WithHint("an output is taken from the same environment of the other stack")
	}
	return diag.Errorf(pos, "unreadable-stack", "stack %s cannot be read", name).WithHint("panka validate --stack %s says why", name)
}

// names are the stacks of the repository.
func (n *neighbours) names() []string {
	stacks, err := source.Stacks(n.of.Root)
	if err != nil {
		return nil // then there is no hint
	}
	var names []string
	for _, s := range stacks {
		names = append(names, s.Name)
	}
	return names
}
