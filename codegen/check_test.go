package codegen_test

import (
	"reflect"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// generatedAndChecked is what Generate gives, after making sure that Check finds the same.
func generatedAndChecked(t *testing.T, stack *ir.Stack) (*codegen.Project, diag.List) {
	t.Helper()
	p, ds := codegen.Generate(stack)
	if found := codegen.Check(stack); len(found)+len(ds) > 0 && !reflect.DeepEqual(found, ds) {
		t.Errorf("Check finds\n%v\nbut Generate\n%v", found, ds)
	}
	return p, ds
}

// TestCheckFindsNothingInGoldens; the tests of what is refused compare the two for everything that can be found.
func TestCheckFindsNothingInGoldens(t *testing.T) {
	for _, c := range goldenCases() {
		if p, ds := generatedAndChecked(t, c.compiled(t)); p == nil || len(ds) > 0 {
			t.Errorf("%s: %v", c.name, ds)
		}
	}
}

// TestCheckGrowsWithTheStack counts allocations, which unlike time do not depend on what else the machine does.
func TestCheckGrowsWithTheStack(t *testing.T) {
	example := goldenCases()[0].compiled(t)
	allocations := func(pairs int) float64 {
		stack := multiplied(example, pairs)
		return testing.AllocsPerRun(1, func() { codegen.Check(stack) })
	}
	if few, many := allocations(50), allocations(500); many > 12*few {
		t.Errorf("ten times the components take %.1f times the allocations", many/few)
	}
}

// TestCheckTakesLessThanGenerate: a check must not pay for text.
func TestCheckTakesLessThanGenerate(t *testing.T) {
	stack := multiplied(goldenCases()[0].compiled(t), 20)
	check := testing.AllocsPerRun(1, func() { codegen.Check(stack) })
	generate := testing.AllocsPerRun(1, func() { codegen.Generate(stack) })
	if check > generate/2 {
		t.Errorf("Check takes %.0f allocations and Generate %.0f", check, generate)
	}
}
