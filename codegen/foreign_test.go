package codegen_test

import (
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler/ir"
)

func text(s string) *ir.Value { return &ir.Value{Kind: ir.String, Text: ir.Literal(s)} }

// vpc is a Networking document with some fields of its vpc.
func vpc(fields ...string) *ir.Value {
	v := &ir.Value{Kind: ir.Map}
	for _, f := range fields {
		name, value, _ := strings.Cut(f, " ")
		v.Fields = append(v.Fields, ir.Field{Name: name, Value: text(value)})
	}
	return &ir.Value{Kind: ir.Map, Fields: []ir.Field{{Name: "vpc", Value: v}}}
}

// between is the stack of the golden "foreign" and the one that it uses, in the given networks.
func between(t *testing.T, own, other *ir.Value) *ir.Stack {
	stack := *compiled(t, foreign, "shop", "test")
	platform := *stack.Foreign["platform"]
	stack.Network, platform.Network = own, other
	stack.Foreign = map[string]*ir.Stack{"platform": &platform}
	return &stack
}

// TestWayToAnotherStack is opened inside one VPC; elsewhere its lack is told, and the rest is generated all the same.
func TestWayToAnotherStack(t *testing.T) {
	for name, c := range map[string]struct {
		own, other *ir.Value
		region     string
		opened     bool
	}{
		"both in the default VPC":  {vpc("use default"), vpc("use default"), "eu-west-1", true},
		"default unless said":      {vpc(), vpc("use default"), "eu-west-1", true},
		"default of two regions":   {vpc("use default"), vpc("use default"), "us-east-1", false},
		"one has its own":          {vpc("use default"), vpc("use create"), "eu-west-1", false},
		"each has its own":         {vpc("use create"), vpc("use create"), "eu-west-1", false},
		"one exists, one does not": {vpc("use default"), vpc("id vpc-1", "use existing"), "eu-west-1", false},
	} {
		t.Run(name, func(t *testing.T) {
			stack := between(t, c.own, c.other)
			stack.Foreign["platform"].Region = c.region
			p, ds := generatedAndChecked(t, stack)
			if p == nil {
				t.Fatal(ds)
			}
			code := string(p.Files["wave-1/web_api.go"])
			if opened := strings.Contains(code, `"web-api-to-platform.data-main-5432"`); opened != c.opened {
				t.Errorf("opened: %t", opened)
			}
			if !strings.Contains(code, "in.platform_dataMain.endpoint") {
				t.Error("the output is not taken")
			}
			want := "stacks/shop/services/web/components/api/microservice.yaml:8:64: warning: data/main of stack platform " +
				"is not in the VPC of stack shop, so the way to it is not opened"
			if c.opened != (len(ds) == 0) || !c.opened && ds[0].Error() != want {
				t.Errorf("found %v", ds)
			}
		})
	}
}

// TestKeyOfAnotherStackGivenByVariable: the variable has no value in this stack.
func TestKeyOfAnotherStackGivenByVariable(t *testing.T) {
	stack := between(t, vpc(), vpc())
	platform := stack.Foreign["platform"]
	for i, c := range platform.Components {
		if c.Kind == "SQS" {
			changed := *c
			key := &ir.Value{Kind: ir.String, Text: ir.Text{{Variable: "KEY"}}}
			changed.Spec = &ir.Value{Kind: ir.Map, Fields: []ir.Field{
				{Name: "encryption", Value: &ir.Value{Kind: ir.Map, Fields: []ir.Field{{Name: "kmsKeyArn", Value: key}}}}}}
			platform.Components = append([]*ir.Component{}, platform.Components...)
			platform.Components[i] = &changed
		}
	}
	_, ds := codegen.Generate(stack)
	if len(ds) != 1 || !strings.Contains(ds[0].Message, "given by a variable of that stack") || ds[0].Line != 10 {
		t.Errorf("found %v", ds)
	}
}
