package compiler

import (
	"context"
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/graph"
	"github.com/panka-io/panka/compiler/ir"
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
	read    *compilation
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
	other.stack.Network = n.of.rules.Defaults("Networking", other.stack.Network)
	other.stack.Security = n.of.rules.Defaults("Security", other.stack.Security)
	return &neighbour{stack: other.connectable(), read: other}
}

// used are the stacks that components refer to, each with the components that are used.
func (n *neighbours) used(by []*ir.Component) map[string]*ir.Stack {
	ids := map[string]map[string]bool{}
	for _, c := range by {
		for _, ref := range c.References {
			if ref.Stack == "" {
				continue
			}
			if ids[ref.Stack] == nil {
				ids[ref.Stack] = map[string]bool{}
			}
			ids[ref.Stack][ref.Component] = true
		}
	}
	stacks := map[string]*ir.Stack{}
	for name, wanted := range ids {
		other := n.known[name]
		n.placeInWaves(other.stack)
		all := other.read.stack
		stacks[name] = &ir.Stack{
			Name: name, Environment: all.Environment, Region: all.Region, Network: all.Network, Security: all.Security,
			Variables: all.Variables, Source: all.Source,
			Components: slices.DeleteFunc(slices.Clone(other.stack.Components), func(c *ir.Component) bool { return !wanted[c.ID()] }),
		}
	}
	return stacks
}

// placeInWaves finds the waves of another stack's components, which its own references decide; those to further stacks
// make no edges. In a stack whose components depend on each other in a circle all stay in wave 0: that stack is refused
// when it is compiled itself.
func (n *neighbours) placeInWaves(stack reference.Stack) {
	none := func(string, diag.Position) (reference.Stack, diag.List, bool) { return reference.Stack{}, nil, false }
	reference.Resolve(stack, n.of.rules, none)
	graph.Waves(stack.Components)
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
