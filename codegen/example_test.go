package codegen_test

import (
	"context"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/ir"
)

// compiled is the stack of a repository in one environment.
func compiled(t testing.TB, root, stack, environment string) *ir.Stack {
	t.Helper()
	s, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: stack, Environment: environment})
	if ds.HasErrors() {
		t.Fatalf("compile %s in %s: %v", stack, environment, ds)
	}
	return s
}

// generated is the project of a stack; the test fails if it cannot be generated.
func generated(t testing.TB, s *ir.Stack) *codegen.Project {
	t.Helper()
	p, ds := codegen.Generate(s)
	if ds.HasErrors() {
		t.Fatalf("generate %s in %s: %v", s.Name, s.Environment, ds)
	}
	return p
}
