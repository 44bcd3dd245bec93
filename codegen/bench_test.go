package codegen_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler/ir"
)

// BenchmarkGenerate1000 generates 50 services of 20 components each, copies of the example's two.
func BenchmarkGenerate1000(b *testing.B) {
	stack := multiplied(goldenCases()[0].compiled(b), 500)
	b.ReportAllocs()
	for b.Loop() {
		if _, ds := codegen.Generate(stack); ds.HasErrors() {
			b.Fatal(ds)
		}
	}
}

// BenchmarkCheck1000 checks the same stack without writing its programs.
func BenchmarkCheck1000(b *testing.B) { benchmarkCheck(b, 500) }

// BenchmarkCheck10000 is ten times that, in 500 services.
func BenchmarkCheck10000(b *testing.B) { benchmarkCheck(b, 5000) }

func benchmarkCheck(b *testing.B, pairs int) {
	stack := multiplied(goldenCases()[0].compiled(b), pairs)
	b.ReportAllocs()
	for b.Loop() {
		if ds := codegen.Check(stack); ds.HasErrors() {
			b.Fatal(ds)
		}
	}
}

// multiplied is the example with n copies of its components, spread over services of 20.
func multiplied(example *ir.Stack, n int) *ir.Stack {
	stack := *example
	stack.Components, stack.Waves = nil, [][]string{{ir.Foundation}, nil}
	for i := range n {
		service, suffix := fmt.Sprintf("service-%02d", i/10), fmt.Sprintf("-%02d", i%10)
		rename := func(id string) string {
			if id == "notification-service/database" {
				return service + "/database" + suffix
			}
			return id
		}
		for _, original := range example.Components {
			c := *original
			c.Service, c.Name = service, c.Name+suffix
			c.Spec = renamed(c.Spec, rename)
			c.DependsOn, c.References = slices.Clone(c.DependsOn), slices.Clone(c.References)
			for i := range c.DependsOn {
				c.DependsOn[i].Component = rename(c.DependsOn[i].Component)
			}
			for i := range c.References {
				c.References[i].Component = rename(c.References[i].Component)
			}
			stack.Components = append(stack.Components, &c)
			stack.Waves[c.Wave] = append(stack.Waves[c.Wave], c.ID())
		}
	}
	return &stack
}

// renamed is a deep copy of a value in which every string has gone through rename.
func renamed(v *ir.Value, rename func(string) string) *ir.Value {
	if v == nil {
		return nil
	}
	c := *v
	if s, ok := v.Text.Static(); ok && v.Kind == ir.String {
		c.Text = ir.Literal(rename(s))
	}
	c.Items, c.Fields = slices.Clone(v.Items), slices.Clone(v.Fields)
	for i := range c.Items {
		c.Items[i] = renamed(c.Items[i], rename)
	}
	for i := range c.Fields {
		c.Fields[i].Value = renamed(c.Fields[i].Value, rename)
	}
	return &c
}
