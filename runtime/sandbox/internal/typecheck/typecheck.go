// Package typecheck compares property values with the types that the AWS SDK declares for them: unknown names, missing
// required ones and wrong types. What AWS thinks of a value is for package aws.
package typecheck

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Problem is one property that does not fit its type. Property is a path such as loadBalancers[0].containerPort.
type Problem struct {
	Property string
	Reason   string
}

// Check compares values with the declared fields: unknown names, missing required ones and wrong types. A value that
// is not known yet fits every type.
func Check(types *sdktypes.Table, fields sdktypes.Fields, values store.Values) []Problem {
	return CheckAt(types, "", fields, values)
}

// CheckAt is Check of an object that is at a path, such as spec.template, of what the problems are told of.
func CheckAt(types *sdktypes.Table, path string, fields sdktypes.Fields, values store.Values) []Problem {
	c := check{types: types}
	if path != "" {
		path += "."
	}
	c.fields(path, fields, values)
	return c.problems
}

type check struct {
	types    *sdktypes.Table
	problems []Problem
}

func (c *check) fields(prefix string, fields sdktypes.Fields, values store.Values) {
	for _, name := range sortedKeys(values) {
		typ, known := fields[name]
		if !known {
			reason := fmt.Sprintf("unknown property %s", prefix+name)
			if near := nearest(name, fields); near != "" {
				reason += fmt.Sprintf(", did you mean %s?", near)
			}
			c.problems = append(c.problems, Problem{prefix + name, reason})
			continue
		}
		c.value(prefix+name, typ, values[name])
	}
	for _, name := range sortedKeys(fields) {
		if fields[name].Required() && values[name] == nil {
			c.problems = append(c.problems, Problem{prefix + name, fmt.Sprintf("missing required property %s", prefix+name)})
		}
	}
}

func (c *check) value(path string, typ sdktypes.Type, value any) {
	if value == nil {
		return
	}
	if _, unknown := value.(store.Unknown); unknown {
		return
	}
	if elem, ok := typ.List(); ok {
		list, isList := value.([]any)
		if !isList {
			c.problems = append(c.problems, mismatch(path, "a list", value))
			return
		}
		for i, v := range list {
			c.value(fmt.Sprintf("%s[%d]", path, i), elem, v)
		}
		return
	}
	if elem, ok := typ.Map(); ok {
		object, isObject := value.(map[string]any)
		if !isObject {
			c.problems = append(c.problems, mismatch(path, "a map", value))
			return
		}
		for _, k := range sortedKeys(object) {
			c.value(path+"."+k, elem, object[k])
		}
		return
	}
	c.plain(path, typ, value)
}

func (c *check) plain(path string, typ sdktypes.Type, value any) {
	ok := true
	switch typ.Base() {
	case "any":
	case "string":
		_, ok = value.(string)
	case "boolean":
		_, ok = value.(bool)
	case "number", "integer":
		var n float64
		n, ok = value.(float64)
		if ok && typ.Base() == "integer" && n != math.Trunc(n) {
			c.problems = append(c.problems, Problem{path, fmt.Sprintf("expected a whole number for %s, got %v", path, n)})
		}
	default:
		fields, known := c.types.Objects[typ.Base()]
		object, isObject := value.(map[string]any)
		if isObject && known {
			c.fields(path+".", fields, object)
			return
		}
		c.problems = append(c.problems, mismatch(path, "an object", value))
		return
	}
	if !ok {
		c.problems = append(c.problems, mismatch(path, strings.Replace(typ.Base(), "integer", "number", 1), value))
	}
}

func mismatch(path, want string, value any) Problem {
	return Problem{path, fmt.Sprintf("expected %s for %s, got %s", want, path, kindOf(value))}
}

func kindOf(value any) string {
	switch value.(type) {
	case string:
		return "string"
	case float64:
		return "number"
	case bool:
		return "boolean"
	case []any:
		return "a list"
	case map[string]any:
		return "an object"
	}
	return fmt.Sprintf("%T", value)
}

// nearest finds the field whose name differs from name only in case, in a plural or in one end.
func nearest(name string, fields sdktypes.Fields) string {
	for _, f := range sortedKeys(fields) {
		a, b := strings.ToLower(name), strings.ToLower(f)
		if a == b || a+"s" == b || b+"s" == a || strings.HasPrefix(b, a) || strings.HasPrefix(a, b) {
			return f
		}
	}
	return ""
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
