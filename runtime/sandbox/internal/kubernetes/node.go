package kubernetes

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// node is a place in an object that is being checked. What is wrong is reported with its path, in the words of the API
// server. Nothing is wrong with what is not known yet.
type node struct {
	path    string
	in      store.Values
	unknown bool // the whole object is not known yet
	out     *[]aws.Problem
}

// checked makes a Check of a function that looks at an object.
func checked(check func(n node)) aws.Check {
	return func(in store.Values) []aws.Problem {
		var out []aws.Problem
		check(node{in: in, out: &out})
		return out
	}
}

func (n node) at(key string) string {
	if n.path == "" {
		return key
	}
	return n.path + "." + key
}

// report says that something is wrong with a field.
func (n node) report(key, format string, args ...any) {
	if n.unknown {
		return
	}
	*n.out = append(*n.out, aws.Problem{Property: n.at(key), Reason: fmt.Sprintf(format, args...)})
}

// has tells whether a field is given; of one that may yet be it says yes.
func (n node) has(key string) bool { return n.unknown || n.in.Has(key) }

// object gives the object in a field; it is empty if there is none.
func (n node) object(key string) node {
	_, unknown := n.in[key].(store.Unknown)
	return node{path: n.at(key), in: n.in.Object(key), unknown: n.unknown || unknown, out: n.out}
}

// list gives the objects in a field that holds a list.
func (n node) list(key string) []node {
	items, _ := n.in[key].([]any)
	var out []node
	for i, item := range items {
		object, _ := item.(map[string]any)
		_, unknown := item.(store.Unknown)
		out = append(out, node{path: fmt.Sprintf("%s[%d]", n.at(key), i), in: object, unknown: unknown, out: n.out})
	}
	return out
}

// text gives the known text of a field.
func (n node) text(key string) (string, bool) { s, ok := n.in[key].(string); return s, ok }

func (n node) required(keys ...string) {
	for _, key := range keys {
		if s, isText := n.text(key); !n.has(key) || isText && s == "" {
			n.report(key, "Required value")
		}
	}
}

// only demands that there are no other fields: those of a custom type are not checked by their types before.
func (n node) only(keys ...string) {
	for _, key := range slices.Sorted(maps.Keys(n.in)) {
		if !slices.Contains(keys, key) {
			n.report(key, "field not declared in schema")
		}
	}
}

// typed demands a value of the right type.
func (n node) typed(key, name string, right bool) {
	if !right && n.in.Known(key) {
		n.report(key, "Invalid value: %v: must be of type %s", n.in[key], name)
	}
}

func (n node) oneOf(key string, words ...string) {
	_, isText := n.text(key)
	n.typed(key, "string", isText)
	if s, ok := n.text(key); ok && !slices.Contains(words, s) {
		n.report(key, "Unsupported value: %q: supported values: %s", s, quoted(words))
	}
}

// form demands a form of a text: valid gives what is wrong with one, or "".
func (n node) form(key string, valid func(string) string) {
	_, isText := n.text(key)
	n.typed(key, "string", isText)
	if s, ok := n.text(key); ok {
		if why := valid(s); why != "" {
			n.report(key, "Invalid value: %q: %s", s, why)
		}
	}
}

// within demands a whole number in a range, ends included.
func (n node) within(key string, low, high float64) {
	v, ok := n.in.Number(key)
	n.typed(key, "integer", ok)
	switch {
	case !ok || v >= low && v <= high:
	case math.IsInf(high, 1):
		n.report(key, "Invalid value: %v: must be greater than or equal to %v", v, low)
	default:
		n.report(key, "Invalid value: %v: must be between %v and %v, inclusive", v, low, high)
	}
}

// atLeast demands a number no smaller than low.
func (n node) atLeast(key string, low float64) { n.within(key, low, math.Inf(1)) }

func (n node) port(key string) { n.within(key, 1, 65535) }

// exactlyOne demands one of several fields.
func (n node) exactlyOne(where, none, several string, keys ...string) {
	if n.unknown {
		return
	}
	given := 0
	for _, key := range keys {
		if n.in.Has(key) {
			given++
		}
	}
	switch {
	case given == 0:
		n.report(where, "%s", none)
	case given > 1:
		n.report(where, "%s", several)
	}
}

// unique demands that no two objects of a list have the same fields, as far as these are known.
func unique(items []node, what func(n node) (string, bool), key string) {
	seen := map[string]bool{}
	for _, item := range items {
		value, ok := what(item)
		if ok && seen[value] {
			item.report(key, "Duplicate value: %q", value)
		}
		seen[value] = ok || seen[value]
	}
}

// textOf is for unique: the text of a field.
func textOf(key string) func(node) (string, bool) {
	return func(n node) (string, bool) { return n.text(key) }
}
