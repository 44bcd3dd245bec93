package codegen_test

import (
	"slices"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

func at(line int) diag.Position { return diag.Position{File: "x.yaml", Line: line, Column: 1} }

// TestUndeployable: what has no generator is reported once each, at its place, and hides nothing else.
func TestUndeployable(t *testing.T) {
	base := goldenCases()[2].compiled(t)
	stack := *base
	stack.Components = slices.Clone(base.Components)
	for i, c := range stack.Components {
		changed := *c
		switch c.ID() {
		case "orders/api": // which now refers to what cannot be deployed
			changed.References = append(slices.Clone(c.References),
				ir.Reference{Component: "orders/queue", Output: "url", Access: "write", Source: at(1)},
				ir.Reference{Component: "orders/files", Source: at(2)})
		case "web/test":
			changed.References = append(slices.Clone(c.References),
				ir.Reference{Stack: "base", Component: "data/main", Output: "url", Source: at(7)})
		}
		stack.Components[i] = &changed
	}
	stack.Foreign = map[string]*ir.Stack{"base": {Name: "base", Components: []*ir.Component{
		{Service: "data", Name: "main", Kind: "Archive", Spec: &ir.Value{Kind: ir.Map}}}}}
	for i, name := range []string{"queue", "files", "mainframe"} {
		kind := []string{"Filing", "Mainframe", "Filing"}[i]
		stack.Components = append(stack.Components, &ir.Component{
			Service: "orders", Name: name, Kind: kind, Spec: &ir.Value{Kind: ir.Map}, Source: at(3 + i)})
	}
	p, ds := generatedAndChecked(t, &stack)
	want := `x.yaml:3:1: error: kind Filing cannot be deployed by this version yet
x.yaml:4:1: error: kind Mainframe cannot be deployed by this version yet
x.yaml:5:1: error: kind Filing cannot be deployed by this version yet
x.yaml:7:1: error: kind Archive cannot be deployed by this version yet`
	if p != nil || ds.Error() != want {
		t.Errorf("got\n%v\nwant\n%s", ds, want)
	}
	what, rest := codegen.Undeployable(ds)
	if !slices.Equal(what, []string{"kind Archive", "kind Filing", "kind Mainframe"}) || len(rest) > 0 {
		t.Errorf("what %q, rest %v", what, rest)
	}
}

// TestOtherMistakesAreFoundBesideIt has two components of one name beside one that cannot be deployed.
func TestOtherMistakesAreFoundBesideIt(t *testing.T) {
	stack := renamedComponent(goldenCases()[2].compiled(t), "web/test", "a-b", "c")
	stack = renamedComponent(stack, "web/site", "a", "b-c")
	stack.Components = append(stack.Components, &ir.Component{
		Service: "web", Name: "queue", Kind: "Filing", Spec: &ir.Value{Kind: ir.Map}, Source: at(3)})
	_, ds := generatedAndChecked(t, stack)
	what, rest := codegen.Undeployable(ds)
	if !slices.Equal(what, []string{"kind Filing"}) || len(rest) != 1 || rest[0].Code != "name-clash" {
		t.Errorf("what %q, rest %v", what, rest)
	}
}
