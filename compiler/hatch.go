package compiler

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/variable"
)

// The fields that every kind of component has for what the kind itself does not offer. They are layers like the rest of
// the spec and then leave it, so that no kind meets them.
const (
	awsField    = "aws"
	importField = "import"
)

// takenOut moves them from the spec of a component to where code generation finds them.
func takenOut(c *ir.Component) *ir.Component {
	c.AWS = c.Spec.Get(awsField)
	if adopted := c.Spec.Get(importField); adopted != nil {
		c.Import = &ir.Import{ID: variable.Scalar(adopted.Get("id")), Source: adopted.Source}
		if id := adopted.Get("id"); id != nil {
			c.Import.Source = id.Source
		}
	}
	c.Spec = without(without(c.Spec, awsField), importField)
	return c
}

// whole is the component's spec with what was taken out, as people wrote it.
func (k *component) whole() *ir.Value {
	spec := *k.result.Spec
	spec.Fields = slices.Clone(spec.Fields)
	if k.result.AWS != nil {
		spec.Fields = append(spec.Fields, ir.Field{Name: awsField, Value: k.result.AWS})
	}
	if k.result.Import != nil {
		spec.Fields = append(spec.Fields, ir.Field{Name: importField, Value: k.checked.Get(importField)})
	}
	slices.SortFunc(spec.Fields, func(a, b ir.Field) int { return strings.Compare(a.Name, b.Name) })
	return &spec
}
