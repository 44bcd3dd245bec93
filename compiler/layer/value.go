package layer

import (
	"cmp"
	"slices"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/variable"
)

// FromNode makes a value of a parsed node, strings split at their variables. Null stays null, for Merge to act on.
func FromNode(n *source.Node) *ir.Value { return fromNode(n, false) }

// Verbatim is FromNode without variables: ${ is just text, and a number becomes a string of its literal spelling, so
// that 1.10 is not 1.1. It is for the declarations and values of variables themselves.
func Verbatim(n *source.Node) *ir.Value { return fromNode(n, true) }

func fromNode(n *source.Node, verbatim bool) *ir.Value {
	v := &ir.Value{Source: n.Pos}
	switch {
	case n.Kind == source.Bool:
		v.Kind, v.Bool = ir.Bool, n.Bool
	case n.Kind == source.Number && !verbatim:
		v.Kind, v.Number, v.Spelling = ir.Number, n.Number, n.Text
	case n.Kind == source.Number, n.Kind == source.String && verbatim:
		v.Kind, v.Text = ir.String, ir.Literal(n.Text)
	case n.Kind == source.String:
		v.Kind = ir.String
		v.Text, _ = variable.Parse(n.Text)
	case n.Kind == source.List:
		v.Kind, v.Items = ir.List, make([]*ir.Value, len(n.Items))
		for i, item := range n.Items {
			v.Items[i] = fromNode(item, verbatim)
		}
	case n.Kind == source.Map:
		v.Kind, v.Fields = ir.Map, make([]ir.Field, len(n.Fields))
		for i, f := range n.Fields {
			v.Fields[i] = ir.Field{Name: f.Key, Value: fromNode(f.Value, verbatim)}
		}
		slices.SortFunc(v.Fields, func(a, b ir.Field) int { return cmp.Compare(a.Name, b.Name) })
	}
	return v
}
