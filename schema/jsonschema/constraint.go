package jsonschema

import (
	"slices"

	"github.com/panka-io/panka/schema"
)

// constrained is what a constraint asks, without types.
func constrained(c *schema.Constraint) *Node {
	switch c.Op {
	case schema.OpAny:
		return anyOf(c.Parts)
	case schema.OpAll:
		return allOf(c.Parts)
	case schema.OpNot:
		return &Node{Not: constrained(c.Parts[0])}
	case schema.OpEqual:
		return &Node{Const: c.Value}
	case schema.OpMatch:
		return match(c.Value)
	case schema.OpMin:
		return &Node{Minimum: c.Value}
	case schema.OpMax:
		return &Node{Maximum: c.Value}
	case schema.OpAbove:
		return &Node{ExclusiveMinimum: c.Value}
	case schema.OpBelow:
		return &Node{ExclusiveMaximum: c.Value}
	default:
		types, _ := c.Value.([]string)
		return &Node{Type: slices.Clone(types)}
	}
}

func match(value any) *Node {
	text, _ := value.(string)
	return &Node{Pattern: ecmaPattern(text)}
}

// anyOf writes alternatives, those that are values as one enumeration.
func anyOf(parts []*schema.Constraint) *Node {
	var values []any
	var others []*Node
	for _, part := range parts {
		n := constrained(part)
		switch {
		case n.Const != nil:
			values = append(values, n.Const)
		case n.Enum != nil:
			values = append(values, n.Enum...)
		default:
			others = append(others, n)
		}
	}
	switch {
	case len(values) == 1:
		others = append([]*Node{{Const: values[0]}}, others...)
	case len(values) > 1:
		others = append([]*Node{{Enum: values}}, others...)
	}
	if len(others) == 1 {
		return others[0]
	}
	return &Node{AnyOf: others}
}

// allOf writes conditions side by side where each has a keyword of its own.
func allOf(parts []*schema.Constraint) *Node {
	sum := &Node{}
	for _, part := range parts {
		n := constrained(part)
		if !sum.add(n) {
			sum.AllOf = append(sum.AllOf, n)
		}
	}
	return sum
}

// add puts the keywords of a condition beside those of n; false if n has one of them already.
func (n *Node) add(m *Node) bool {
	for _, taken := range []bool{
		n.Type != nil && m.Type != nil, n.Pattern != "" && m.Pattern != "", n.Minimum != nil && m.Minimum != nil,
		n.Maximum != nil && m.Maximum != nil, n.ExclusiveMinimum != nil && m.ExclusiveMinimum != nil,
		n.ExclusiveMaximum != nil && m.ExclusiveMaximum != nil, n.Not != nil && m.Not != nil,
		m.Const != nil, m.Enum != nil, m.AnyOf != nil, m.AllOf != nil,
	} {
		if taken {
			return false
		}
	}
	if m.Type != nil {
		n.Type = m.Type
	}
	if m.Pattern != "" {
		n.Pattern = m.Pattern
	}
	if m.Not != nil {
		n.Not = m.Not
	}
	for _, bound := range []struct{ to, from *any }{
		{&n.Minimum, &m.Minimum}, {&n.Maximum, &m.Maximum},
		{&n.ExclusiveMinimum, &m.ExclusiveMinimum}, {&n.ExclusiveMaximum, &m.ExclusiveMaximum},
	} {
		if *bound.from != nil {
			*bound.to = *bound.from
		}
	}
	return true
}

// limited tells whether a schema asks more than a type.
func limited(n *Node) bool {
	return n.Const != nil || n.Enum != nil || n.Pattern != "" || n.Not != nil || n.AnyOf != nil || n.AllOf != nil ||
		n.Minimum != nil || n.Maximum != nil || n.ExclusiveMinimum != nil || n.ExclusiveMaximum != nil
}
