package jsonschema

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Node is a JSON Schema. Its fields are written in this order.
type Node struct {
	Schema               string     `json:"$schema,omitempty"`
	Ref                  string     `json:"$ref,omitempty"`
	Title                string     `json:"title,omitempty"`
	Description          string     `json:"description,omitempty"`
	Type                 types      `json:"type,omitempty"`
	Const                any        `json:"const,omitempty"`
	Enum                 []any      `json:"enum,omitempty"`
	Pattern              string     `json:"pattern,omitempty"`
	Minimum              any        `json:"minimum,omitempty"`
	Maximum              any        `json:"maximum,omitempty"`
	ExclusiveMinimum     any        `json:"exclusiveMinimum,omitempty"`
	ExclusiveMaximum     any        `json:"exclusiveMaximum,omitempty"`
	Default              any        `json:"default,omitempty"`
	Required             []string   `json:"required,omitempty"`
	Properties           properties `json:"properties,omitempty"`
	PropertyNames        *Node      `json:"propertyNames,omitempty"`
	AdditionalProperties any        `json:"additionalProperties,omitempty"` // a *Node or false
	MaxProperties        int        `json:"maxProperties,omitempty"`
	Items                *Node      `json:"items,omitempty"`
	MaxItems             int        `json:"maxItems,omitempty"`
	Not                  *Node      `json:"not,omitempty"`
	AnyOf                []*Node    `json:"anyOf,omitempty"`
	AllOf                []*Node    `json:"allOf,omitempty"`
	If                   *Node      `json:"if,omitempty"`
	Then                 *Node      `json:"then,omitempty"`
}

// types are the types that a value may have.
type types []string

// MarshalJSON writes one type as a word and several as a list.
func (t types) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return encode(t[0])
	}
	return encode([]string(t))
}

// properties are those of an object, in their order.
type properties []property

type property struct {
	name string
	node *Node
}

// MarshalJSON writes the properties as an object.
func (p properties) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	for i, entry := range p {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := encode(entry.name)
		if err != nil {
			return nil, err
		}
		value, err := encode(entry.node)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "%s:%s", name, value)
	}
	return []byte("{" + b.String() + "}"), nil
}

// encode writes JSON that keeps <, > and & as they are; a schema is read by people too.
func encode(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, fmt.Errorf("write a JSON Schema: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// Text is the schema as a file holds it.
func (n *Node) Text() ([]byte, error) {
	line, err := encode(n)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := json.Indent(&b, line, "", "  "); err != nil {
		return nil, fmt.Errorf("indent a JSON Schema: %w", err)
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
