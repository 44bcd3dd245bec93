package store

import (
	"strings"
)

// Values are a resource's properties as plain JSON: string, float64, bool, []any, map[string]any, or Unknown. The
// accessors treat a value that is missing, not known yet or of another type as absent.
type Values map[string]any

// Unknown stands for a value that is not known during a preview. It never reaches the file.
type Unknown struct{}

// String gives the string at key, or "".
func (v Values) String(key string) string { s, _ := v[key].(string); return s }

// Number gives the number at key.
func (v Values) Number(key string) (float64, bool) { n, ok := v[key].(float64); return n, ok }

// Int gives the number at key, or 0.
func (v Values) Int(key string) int { n, _ := v[key].(float64); return int(n) }

// Bool gives the boolean at key, or false.
func (v Values) Bool(key string) bool { b, _ := v[key].(bool); return b }

// Has tells whether there is anything at key, known or not.
func (v Values) Has(key string) bool { return v[key] != nil }

// Known tells whether there is a known value at key.
func (v Values) Known(key string) bool {
	_, unknown := v[key].(Unknown)
	return v[key] != nil && !unknown
}

// Object gives the object at key, or nil.
func (v Values) Object(key string) Values { m, _ := v[key].(map[string]any); return m }

// Objects gives the objects of the list at key.
func (v Values) Objects(key string) []Values {
	list, _ := v[key].([]any)
	var out []Values
	for _, e := range list {
		if m, ok := e.(map[string]any); ok {
			out = append(out, m)
		}
	}
	return out
}

// Strings gives the strings of the list at key.
func (v Values) Strings(key string) []string {
	list, _ := v[key].([]any)
	var out []string
	for _, e := range list {
		if s, ok := e.(string); ok {
			out = append(out, s)
		}
	}
	return out
}

// At collects the strings at a dotted path in which "[]" after a name steps into a list, as in
// loadBalancers[].targetGroupArn.
func (v Values) At(path string) []string {
	name, rest, deeper := strings.Cut(path, ".")
	name, isList := strings.CutSuffix(name, "[]")
	switch {
	case isList && deeper:
		var out []string
		for _, o := range v.Objects(name) {
			out = append(out, o.At(rest)...)
		}
		return out
	case isList:
		return v.Strings(name)
	case deeper:
		return v.Object(name).At(rest)
	case v.String(name) != "":
		return []string{v.String(name)}
	}
	return nil
}

// Clone gives a deep copy.
func (v Values) Clone() Values {
	if v == nil {
		return nil
	}
	return normalize(map[string]any(v)).(map[string]any)
}

// Over gives a copy of v with the values of top laid over it.
func (v Values) Over(top Values) Values {
	out := v.Clone()
	if out == nil {
		out = Values{}
	}
	for k, x := range top {
		out[k] = normalize(x)
	}
	return out
}

// normalize deep-copies a value into the types that JSON decoding gives, so that what is in memory equals what a later
// process reads.
func normalize(x any) any {
	switch t := x.(type) {
	case Values:
		return normalize(map[string]any(t))
	case map[string]any:
		out := make(map[string]any, len(t))
		for k, e := range t {
			if e != nil {
				out[k] = normalize(e)
			}
		}
		return out
	case map[string]string:
		out := make(map[string]any, len(t))
		for k, e := range t {
			out[k] = e
		}
		return out
	case []any:
		out := make([]any, len(t))
		for i, e := range t {
			out[i] = normalize(e)
		}
		return out
	case []string:
		out := make([]any, len(t))
		for i, e := range t {
			out[i] = e
		}
		return out
	case []map[string]any:
		out := make([]any, len(t))
		for i, e := range t {
			out[i] = normalize(e)
		}
		return out
	case int:
		return float64(t)
	}
	return x
}
