package typetable

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Problem is one property that does not fit its type. Property is a path such as loadBalancers[0].containerPort.
type Problem struct {
	Property string
	Reason   string
}

// Check compares values with the declared fields: unknown names, missing required ones and wrong types. A value that
// is not known yet fits every type.
func (t *Table) Check(fields Fields, values store.Values) []Problem {
	var problems []Problem
	t.checkFields(&problems, "", fields, values)
	return problems
}

func (t *Table) checkFields(problems *[]Problem, prefix string, fields Fields, values store.Values) {
	for _, name := range sortedKeys(values) {
		typ, known := fields[name]
		if !known {
			reason := fmt.Sprintf("unknown property %s", prefix+name)
			if near := nearest(name, fields); near != "" {
				reason += fmt.Sprintf(", did you mean %s?", near)
			}
			*problems = append(*problems, Problem{prefix + name, reason})
			continue
		}
		t.checkValue(problems, prefix+name, typ, values[name])
	}
	for _, name := range sortedKeys(fields) {
		if fields[name].Required() && values[name] == nil {
			*problems = append(*problems, Problem{prefix + name, fmt.Sprintf("missing required property %s", prefix+name)})
		}
	}
}

func (t *Table) checkValue(problems *[]Problem, path string, typ Type, value any) {
	if value == nil {
		return
	}
	if _, unknown := value.(store.Unknown); unknown {
		return
	}
	if elem, ok := typ.element("[", "]"); ok {
		list, isList := value.([]any)
		if !isList {
			*problems = append(*problems, mismatch(path, "a list", value))
			return
		}
		for i, v := range list {
			t.checkValue(problems, fmt.Sprintf("%s[%d]", path, i), elem, v)
		}
		return
	}
	if elem, ok := typ.element("{", "}"); ok {
		object, isObject := value.(map[string]any)
		if !isObject {
			*problems = append(*problems, mismatch(path, "a map", value))
			return
		}
		for _, k := range sortedKeys(object) {
			t.checkValue(problems, path+"."+k, elem, object[k])
		}
		return
	}
	t.checkPlain(problems, path, typ, value)
}

func (t *Table) checkPlain(problems *[]Problem, path string, typ Type, value any) {
	ok := true
	switch typ.base() {
	case "any":
	case "string":
		_, ok = value.(string)
	case "boolean":
		_, ok = value.(bool)
	case "number", "integer":
		var n float64
		n, ok = value.(float64)
		if ok && typ.base() == "integer" && n != math.Trunc(n) {
			*problems = append(*problems, Problem{path, fmt.Sprintf("expected a whole number for %s, got %v", path, n)})
		}
	default:
		fields, known := t.Objects[typ.base()]
		object, isObject := value.(map[string]any)
		if isObject && known {
			t.checkFields(problems, path+".", fields, object)
			return
		}
		*problems = append(*problems, mismatch(path, "an object", value))
		return
	}
	if !ok {
		*problems = append(*problems, mismatch(path, strings.Replace(typ.base(), "integer", "number", 1), value))
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
func nearest(name string, fields Fields) string {
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
