package cli

import (
	"context"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// undeployable is a stack with a component of a kind that has no generator.
func undeployable(t *testing.T) *world {
	w := newWorld(t)
	w.ops.Check, w.ops.Generate = codegen.Check, codegen.Generate
	w.ops.Compile = func(_ context.Context, o compiler.Options) (*ir.Stack, diag.List) {
		return &ir.Stack{Name: "web", Environment: o.Environment, Network: &ir.Value{Kind: ir.Map},
			Waves: [][]string{{ir.Foundation, "shop/cabinet", "shop/drawer"}},
			Components: []*ir.Component{
				{Service: "shop", Name: "cabinet", Kind: "Filing", Spec: &ir.Value{Kind: ir.Map}, Source: diag.Position{File: "a.yaml", Line: 1, Column: 1}},
				{Service: "shop", Name: "drawer", Kind: "Filing", Spec: &ir.Value{Kind: ir.Map}, Source: diag.Position{File: "b.yaml", Line: 2, Column: 1}},
			}}, nil
	}
	return w
}

func TestWhatCannotBeDeployedIsValid(t *testing.T) {
	w := undeployable(t)
	if code := w.run("validate"); code != exitDone || w.err.String() != "note: this version cannot deploy yet: kind Filing\n" {
		t.Errorf("exit code %d, standard error %q", code, w.err.String())
	}
	if want := "web: 2 components in 1 wave, 1 environment: ok\n"; w.out.String() != want {
		t.Errorf("output %q, want %q", w.out.String(), want)
	}
	if code := w.run("validate", "--output", "json"); code != exitDone || w.err.Len() > 0 {
		t.Errorf("exit code %d, standard error %q", code, w.err.String())
	}
	for _, want := range []string{`"ok": true`, `"diagnostics": []`, `"notDeployable": [`, `"kind Filing"`} {
		if !strings.Contains(w.out.String(), want) {
			t.Errorf("the JSON lacks %s:\n%s", want, w.out.String())
		}
	}
	if code := w.run("graph"); code != exitDone || !strings.Contains(w.out.String(), "shop/cabinet (Filing)") || w.err.Len() > 0 {
		t.Errorf("graph: exit code %d\n%s%s", code, w.out.String(), w.err.String())
	}
}

// TestWhatCannotBeDeployedIsRefused: by every command that needs the programs, with one diagnostic for each component.
func TestWhatCannotBeDeployedIsRefused(t *testing.T) {
	want := "a.yaml:1:1: error: kind Filing cannot be deployed by this version yet\n" +
		"b.yaml:2:1: error: kind Filing cannot be deployed by this version yet\n"
	for _, command := range [][]string{{"compile"}, {"plan"}, {"apply", "--yes"}} {
		w := undeployable(t)
		if code := w.run(command...); code != exitUsage || w.err.String() != want || w.approved != nil {
			t.Errorf("%v: exit code %d, standard error\n%s", command, code, w.err.String())
		}
	}
}
