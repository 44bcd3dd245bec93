package tracing_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/tracing"
	"github.com/panka-io/panka/compiler/ir"
)

func observability(typ string, percent float64) *ir.Value {
	text := &ir.Value{Kind: ir.String, Text: ir.Text{{Literal: typ}}}
	tracing := &ir.Value{Kind: ir.Map, Fields: []ir.Field{
		{Name: "type", Value: text}, {Name: "samplePercent", Value: &ir.Value{Kind: ir.Number, Number: percent}},
	}}
	return &ir.Value{Kind: ir.Map, Fields: []ir.Field{{Name: "tracing", Value: tracing}}}
}

// TestGroups: services that are sampled as the stack is share its rule, and each component's name is matched by the rule
// of its group alone.
func TestGroups(t *testing.T) {
	stack := &ir.Stack{
		Name: "shop", Environment: "test", Observability: observability(tracing.XRay, 5),
		ServiceObservability: map[string]*ir.Value{
			"alike": observability(tracing.XRay, 5), "other": observability(tracing.XRay, 50),
			"off": observability(tracing.None, 5), "adot": observability(tracing.ADOT, 5),
		},
	}
	groups, ds := tracing.Groups(stack)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	got := ""
	for _, g := range groups {
		got += fmt.Sprintln(g.RuleName, g.ServiceName, g.Settings.Share())
	}
	if want := "shop-test shop-test/* 0.05\nshop-test-other shop-test-other/* 0.5\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for service, want := range map[string]string{
		"web": "shop-test/web/api", "alike": "shop-test/alike/api", "other": "shop-test-other/other/api",
	} {
		if got := tracing.Name(stack, &ir.Component{Service: service, Name: "api"}); got != want {
			t.Errorf("a component of %s reports itself as %s, want %s", service, got, want)
		}
	}
}

// TestLimits: the longest names fit into what X-Ray takes.
func TestLimits(t *testing.T) {
	long := strings.Repeat("a", 63)
	stack := &ir.Stack{
		Name: long, Environment: long, Observability: observability(tracing.XRay, 5),
		ServiceObservability: map[string]*ir.Value{long: observability(tracing.XRay, 6)},
	}
	groups, _ := tracing.Groups(stack)
	if len(groups) != 2 {
		t.Fatalf("%d groups, want 2", len(groups))
	}
	for _, g := range groups {
		if len(g.RuleName) > 32 || len(g.ServiceName) > 64 {
			t.Errorf("rule %s for %s", g.RuleName, g.ServiceName)
		}
	}
	name := tracing.Name(stack, &ir.Component{Service: long, Name: long})
	if len(name) > 200 || !strings.HasPrefix(name, strings.TrimSuffix(groups[1].ServiceName, "*")) {
		t.Errorf("name %s (%d characters), rule for %s", name, len(name), groups[1].ServiceName)
	}
}
