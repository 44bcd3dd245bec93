package component

import (
	"testing"

	"github.com/panka-io/panka/compiler/ir"
)

// network is a Networking document.
func network(use, id string) *ir.Value {
	text := func(s string) *ir.Value { return &ir.Value{Kind: ir.String, Text: ir.Literal(s)} }
	return &ir.Value{Kind: ir.Map, Fields: []ir.Field{{Name: "vpc", Value: &ir.Value{Kind: ir.Map, Fields: []ir.Field{
		{Name: "id", Value: text(id)}, {Name: "use", Value: text(use)},
	}}}}}
}

func TestSharesNetwork(t *testing.T) {
	for _, c := range []struct {
		own, other *ir.Value
		want       bool
	}{
		{network("existing", "vpc-1"), network("existing", "vpc-1"), true},
		{network("existing", "vpc-1"), network("existing", "vpc-2"), false},
		{network("existing", "vpc-1"), network("default", ""), false},
		{network("default", ""), network("default", ""), true},
		{network("create", ""), network("create", ""), false},
	} {
		b := &Builder{ctx: Context{Stack: &ir.Stack{Network: c.own, Foreign: map[string]*ir.Stack{"base": {Network: c.other}}}}}
		if got := b.SharesNetwork("base"); got != c.want {
			t.Errorf("%s and %s: %t", setting(c.own, "use", ""), setting(c.other, "use", ""), got)
		}
		if b.SharesNetwork("unknown") {
			t.Error("a VPC is shared with a stack that is not there")
		}
	}
}
