// Package cfn checks properties against a resource type of CloudFormation, as its registry does before a handler sees them:
// names, types, enumerations and bounds.
package cfn

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// Model is what a property may hold.
type Model struct {
	kind   string // string, integer, number, boolean, object or array
	fields map[string]Model
	items  *Model
	oneOf  []string
	least  float64
	most   float64 // 0 for no bounds
}

// Text is any string, Truth a boolean.
var (
	Text  = Model{kind: "string"}
	Truth = Model{kind: "boolean"}
)

// Choice is one of some strings.
func Choice(values ...string) Model { return Model{kind: "string", oneOf: values} }

// Integer is a whole number within bounds.
func Integer(least, most float64) Model { return Model{kind: "integer", least: least, most: most} }

// Number is a number within bounds.
func Number(least, most float64) Model { return Model{kind: "number", least: least, most: most} }

// List is a list of items.
func List(items Model) Model { return Model{kind: "array", items: &items} }

// Object has some of the fields and no others.
func Object(fields map[string]Model) Model { return Model{kind: "object", fields: fields} }

// Check says what is wrong with a decoded JSON value, in the registry's words. At is its JSON pointer, "" for all of it.
func (m Model) Check(at string, v any) []string {
	wrong := func(format string, args ...any) []string {
		return []string{"Model validation failed (#" + at + ": " + fmt.Sprintf(format, args...) + ")"}
	}
	found := kindOf(v)
	if found != m.kind && !(found == "integer" && m.kind == "number") {
		return wrong("expected type: %s, found: %s", m.kind, found)
	}
	var all []string
	switch x := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(x)) {
			field, known := m.fields[name]
			if !known {
				all = append(all, wrong("extraneous key [%s] is not permitted", name)...)
				continue
			}
			all = append(all, field.Check(at+"/"+name, x[name])...)
		}
	case []any:
		for i, e := range x {
			all = append(all, m.items.Check(fmt.Sprint(at, "/", i), e)...)
		}
	case string:
		if m.oneOf != nil && !slices.Contains(m.oneOf, x) {
			return wrong("%s is not a valid enum value", x)
		}
	case float64:
		if m.most > 0 && (x < m.least || x > m.most) {
			return wrong("%v is not from %v to %v", x, m.least, m.most)
		}
	}
	return all
}

func kindOf(v any) string {
	switch x := v.(type) {
	case map[string]any:
		return "object"
	case []any:
		return "array"
	case string:
		return "string"
	case bool:
		return "boolean"
	case float64:
		if x == math.Trunc(x) {
			return "integer"
		}
		return "number"
	}
	return "null"
}
