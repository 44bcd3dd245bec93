// Package spectest gives tests of the schema the specs that the compiler would make, without the compiler.
package spectest

import (
	"strings"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// Value is a spec as the compiler merges it from one document. A text that begins with ${ is one variable.
func Value(n *source.Node) *ir.Value {
	v := &ir.Value{Bool: n.Bool, Number: n.Number, Source: n.Pos}
	switch n.Kind {
	case source.Bool:
		v.Kind = ir.Bool
	case source.Number:
		v.Kind = ir.Number
	case source.String:
		v.Kind, v.Text = ir.String, ir.Literal(n.Text)
		if name, ok := strings.CutPrefix(n.Text, "${"); ok {
			v.Text = ir.Text{{Variable: strings.TrimSuffix(name, "}")}}
		}
	case source.List:
		v.Kind = ir.List
		for _, item := range n.Items {
			v.Items = append(v.Items, Value(item))
		}
	case source.Map:
		v.Kind = ir.Map
		for _, f := range n.Fields {
			v.Fields = append(v.Fields, ir.Field{Name: f.Key, Value: Value(f.Value)})
		}
	}
	return v
}
