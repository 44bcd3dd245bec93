package component

import (
	"math"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/compiler/ir"
)

// JSON is the code of a value of the YAML, as an argument of pulumi.JSONMarshal.
func (b *Builder) JSON(v *ir.Value) jen.Code {
	switch v.Kind {
	case ir.Bool:
		return jen.Lit(v.Bool)
	case ir.Number:
		if v.Number == math.Trunc(v.Number) && math.Abs(v.Number) < 1<<53 {
			return jen.Lit(int(v.Number))
		}
		return jen.Lit(v.Number)
	case ir.String:
		return b.Plain(v.Text)
	case ir.List:
		return jen.Index().Any().ValuesFunc(func(g *jen.Group) {
			for _, item := range v.Items {
				g.Add(b.JSON(item))
			}
		})
	case ir.Map:
		var fields Fields
		for _, f := range v.Fields {
			fields = append(fields, Field{f.Name, b.JSON(f.Value)})
		}
		return Object(fields)
	default:
		return jen.Nil()
	}
}
