package codegen

import (
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// broken is a kind whose code does not parse.
type broken struct{}

func (broken) Name() string                             { return "Broken" }
func (broken) Outputs(*ir.Component) []component.Output { return nil }
func (broken) Generate(b *component.Builder)            { b.Statement(jen.Op("}{ not Go")) }

// promising is a kind that does not set the output that it promises.
type promising struct{ broken }

func (promising) Outputs(*ir.Component) []component.Output {
	return []component.Output{{Name: "url", Type: component.StringOutput}}
}
func (promising) Generate(*component.Builder) {}

func TestMistakesOfPankaAreReportedAsSuch(t *testing.T) {
	stack := &ir.Stack{
		Name: "s", Environment: "e", Waves: [][]string{{ir.Foundation, "a/b"}},
		Components: []*ir.Component{{Service: "a", Name: "b", Kind: "Broken", Spec: &ir.Value{Kind: ir.Map}}},
	}
	for _, c := range []struct {
		kind component.Kind
		want string
	}{
		{broken{}, "the generated file wave-0/a_b.go is not valid Go"},
		{promising{}, "a/b sets the outputs  but promises url"},
	} {
		p, ds := generate(stack, []component.Kind{c.kind})
		if p != nil || len(ds) != 1 || ds[0].Code != "internal" || !strings.Contains(ds[0].Message, c.want) {
			t.Errorf("got %v, want %q", ds, c.want)
		}
	}
	_, ds := generate(stack, []component.Kind{broken{}})
	if !strings.Contains(ds[0].Message, "\n   3\tpackage main\n") || !strings.Contains(ds[0].Message, "}{ not Go") {
		t.Errorf("the error does not show the numbered source: %s", ds[0].Message)
	}
}

// TestCheckWritesNothing: code that does not parse is found only by writing it.
func TestCheckWritesNothing(t *testing.T) {
	stack := &ir.Stack{
		Name: "s", Environment: "e", Waves: [][]string{{ir.Foundation, "a/b"}},
		Components: []*ir.Component{{Service: "a", Name: "b", Kind: "Broken", Spec: &ir.Value{Kind: ir.Map}}},
	}
	parts, found := newGenerator(stack, []component.Kind{broken{}}).parts(unwritten)
	if len(found) > 0 || len(parts) != 2 {
		t.Errorf("%d parts, found %v", len(parts), found)
	}
	for _, p := range parts {
		if p.Code != nil || p.text != nil {
			t.Errorf("%s keeps its code", p.Name)
		}
	}
}
