package security

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// at is the value at a path such as rules.0.sseAlgorithm, nil if there is none. A text on the way is read as JSON.
func (r Resource) at(path string) any { return valueAt(r.Inputs, strings.Split(path, ".")) }

func valueAt(v any, path []string) any {
	if len(path) == 0 {
		return v
	}
	switch v := v.(type) {
	case map[string]any:
		return valueAt(v[path[0]], path[1:])
	case []any:
		if i, err := strconv.Atoi(path[0]); err == nil && i < len(v) {
			return valueAt(v[i], path[1:])
		}
	case string:
		var document any
		if json.Unmarshal([]byte(v), &document) == nil {
			return valueAt(document, path)
		}
	}
	return nil
}

// list are the elements at a path, or the one value there.
func (r Resource) list(path string) []any { return asList(r.at(path)) }

func asList(v any) []any {
	switch v := v.(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

// text is the text at a path, of a number or bool too; empty if there is none.
func (r Resource) text(path string) string { return asText(r.at(path)) }

func asText(v any) string {
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// same compares JSON values; a text that says the same as a bool or number counts, as some types of the SDK have them.
func same(a, b any) bool {
	return reflect.DeepEqual(a, b) || a != nil && b != nil && asText(a) == asText(b)
}

// must is a check that a value at a path is as wanted.
func must(path string, want any) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		if got := r.at(path); !same(got, want) {
			return fmt.Sprintf("%s is %v, not %v", path, got, want)
		}
		return ""
	}
}

// never is a check that a value at a path is none of the unwanted ones.
func never(path string, unwanted ...any) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		for _, u := range unwanted {
			if same(r.at(path), u) {
				return fmt.Sprintf("%s is %v", path, u)
			}
		}
		return ""
	}
}

// present is a check that there is a value at a path.
func present(path string) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		if v := r.at(path); v == nil || v == "" {
			return path + " is missing"
		}
		return ""
	}
}

// atLeast is a check that there is a number at a path, not less than a limit.
func atLeast(path string, limit float64) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		if n, err := strconv.ParseFloat(r.text(path), 64); err != nil || n < limit {
			return fmt.Sprintf("%s is %v, not %v or more", path, r.at(path), limit)
		}
		return ""
	}
}

// both is a check that makes two.
func both(a, b func(Resource, *Stack) string) func(Resource, *Stack) string {
	return func(r Resource, s *Stack) string {
		if reason := a(r, s); reason != "" {
			return reason
		}
		return b(r, s)
	}
}

// where is a check that is made only if there is a value at a path.
func where(path string, check func(Resource, *Stack) string) func(Resource, *Stack) string {
	return func(r Resource, s *Stack) string {
		if r.at(path) == nil {
			return ""
		}
		return check(r, s)
	}
}

// each is a check of every element at a path, as a resource of its own.
func each(path string, check func(Resource, *Stack) string) func(Resource, *Stack) string {
	return func(r Resource, s *Stack) string {
		for _, element := range r.list(path) {
			inputs, ok := element.(map[string]any)
			if !ok {
				return path + " has an element of another form"
			}
			if reason := check(Resource{r.Type, r.Name, inputs}, s); reason != "" {
				return path + ": " + reason
			}
		}
		return ""
	}
}
