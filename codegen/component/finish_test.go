package component_test

import (
	"runtime"
	"testing"
	"weak"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// plain is a kind that generates nothing.
type plain struct{}

func (plain) Name() string                             { return "Plain" }
func (plain) Outputs(*ir.Component) []component.Output { return nil }
func (plain) Generate(*component.Builder)              {}

// TestFileLetsItsBuilderGo: a stack's files are all in memory at the same time, their builders must not be.
func TestFileLetsItsBuilderGo(t *testing.T) {
	ctx := component.Context{Stack: &ir.Stack{Name: "s", Environment: "e"}}
	b := component.New(ctx, &ir.Component{Service: "a", Name: "b", Kind: "Plain", Spec: &ir.Value{Kind: ir.Map}}, plain{})
	builder := weak.Make(b)
	file, found := b.Finish()
	if file == nil || len(found) > 0 {
		t.Fatal(found)
	}
	b = nil
	runtime.GC()
	if builder.Value() != nil {
		t.Error("the file keeps its builder in memory")
	}
	runtime.KeepAlive(file)
}
