package cli

import (
	"context"
	"sync"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// TestValidateDoesNoMoreThanItMust: it compiles the base and the environment with one schema and one reading of the
// documents, has both checked, and writes no programs.
func TestValidateDoesNoMoreThanItMust(t *testing.T) {
	w := newWorld(t)
	var mu sync.Mutex
	var given []compiler.Options
	checked := 0
	compile := w.ops.Compile
	w.ops.Compile = func(ctx context.Context, o compiler.Options) (*ir.Stack, diag.List) {
		mu.Lock()
		defer mu.Unlock()
		given = append(given, o)
		return compile(ctx, o)
	}
	w.ops.Check = func(*ir.Stack) diag.List {
		mu.Lock()
		defer mu.Unlock()
		checked++
		return nil
	}
	w.ops.Generate = func(*ir.Stack) (*codegen.Project, diag.List) {
		t.Error("validate writes programs")
		return nil, nil
	}
	if code := w.run("validate"); code != exitDone {
		t.Fatalf("exit code %d: %s", code, w.err.String())
	}
	if len(given) != 2 || checked != 2 {
		t.Fatalf("%d compilations, %d checks", len(given), checked)
	}
	if given[0].Schema == nil || given[0].Schema != given[1].Schema {
		t.Error("the schema is not shared")
	}
	if given[0].Documents == nil || given[0].Documents != given[1].Documents {
		t.Error("the documents are not shared")
	}
}
