package schema

import (
	"strings"

	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
)

// A pattern picks messages by their content. EventBridge and SNS share its grammar, which nests freely, so that it is
// checked here and not by CUE:
//
//	detail:                               # fields: a mapping of more fields, or a list of what a field may hold
//	  state: [running, stopped]           # matchers: a scalar is the value itself
//	  size: [{numeric: [">", 10]}]        # a mapping has one operator
//	  $or: [{a: [1]}, {b: [2]}]           # any of several patterns
//
// A leaf marked @pattern("fields") takes the mapping, one marked @pattern("matchers") the list.
const (
	patternFields   = "fields"
	patternMatchers = "matchers"
)

// matchOperators are the operators of matchers, each with what it takes.
var matchOperators = map[string]func(d *datum) bool{
	"prefix":             isTextOrIgnoringCase,
	"suffix":             isTextOrIgnoringCase,
	"equals-ignore-case": isText,
	"wildcard":           isText,
	"cidr":               isText,
	"exists":             func(d *datum) bool { return d.kind == source.Bool || d.open == openAll },
	"numeric":            isComparison,
	"anything-but":       isExclusion,
}

var (
	matchOperatorNames = []string{"prefix", "suffix", "equals-ignore-case", "wildcard", "cidr", "exists", "numeric", "anything-but"}
	operandWords       = map[string]string{
		"prefix":             "a string, or {equals-ignore-case: a string}",
		"suffix":             "a string, or {equals-ignore-case: a string}",
		"equals-ignore-case": "a string",
		"wildcard":           "a string",
		"cidr":               "a string",
		"exists":             "true or false",
		"numeric":            `a list of comparisons such as [">=", 10, "<", 20]`,
		"anything-but":       "a value, a list of values, or a mapping with prefix, suffix, wildcard or equals-ignore-case",
	}
)

// pattern checks a pattern, or a part of one.
func (c *check) pattern(sh *shape, d *datum, path string) {
	if sh.pattern == patternMatchers {
		c.matchers(d, path)
		return
	}
	c.fieldsOfPattern(d, path)
}

func (c *check) fieldsOfPattern(d *datum, path string) {
	if d.kind != source.Map {
		c.report(d.pos, "wrong-type", "", "%s must be a mapping of fields to match, not %s", path, found(d))
		return
	}
	if len(d.fields) == 0 {
		c.report(d.pos, "invalid-value", "", "%s names no field to match", path)
	}
	for _, f := range d.fields {
		at := join(path, f.name)
		switch {
		case f.value.absent():
		case f.name == "$or":
			c.alternatives(f.value, at)
		case f.value.kind == source.Map:
			c.fieldsOfPattern(f.value, at)
		default:
			c.matchers(f.value, at)
		}
	}
}

// alternatives checks the patterns of an $or.
func (c *check) alternatives(d *datum, path string) {
	if d.kind != source.List || len(d.items) < 2 {
		c.report(d.pos, "wrong-type", "", "%s must be a list of two or more mappings of fields to match", path)
		return
	}
	for _, item := range d.items {
		c.fieldsOfPattern(item, path)
	}
}

func (c *check) matchers(d *datum, path string) {
	if d.kind != source.List {
		c.report(d.pos, "wrong-type", `begin each item with "- "`, "%s must be a list of what to match, not %s", path, found(d))
		return
	}
	if len(d.items) == 0 {
		c.report(d.pos, "invalid-value", "", "%s is an empty list, which nothing matches", path)
	}
	for _, item := range d.items {
		switch item.kind {
		case source.Map:
			c.matcher(item, path)
		case source.Null, source.List:
			c.report(item.pos, "wrong-type", "", "what %s matches must be a value or a mapping with an operator, not %s", path, found(item))
		}
	}
}

// matcher checks a mapping with an operator.
func (c *check) matcher(d *datum, path string) {
	if len(d.fields) != 1 {
		c.report(d.pos, "invalid-combination", "write several items instead",
			"a matcher of %s needs exactly one operator, not %d", path, len(d.fields))
		return
	}
	f := d.fields[0]
	fits, known := matchOperators[f.name]
	if !known {
		hint := suggest.Hint(f.name, matchOperatorNames)
		if hint == "" {
			hint = "known are " + strings.Join(matchOperatorNames, ", ")
		}
		c.report(f.pos, "unknown-key", hint, "there is no operator %q to match %s by", f.name, path)
		return
	}
	if !fits(f.value) {
		c.report(f.value.pos, "wrong-type", "", "%s of %s must be %s", f.name, path, operandWords[f.name])
	}
}

func isText(d *datum) bool { return d.kind == source.String }

func isScalar(d *datum) bool {
	return d.kind == source.String || d.kind == source.Number || d.kind == source.Bool
}

func isTextOrIgnoringCase(d *datum) bool {
	return isText(d) || len(d.fields) == 1 && d.fields[0].name == "equals-ignore-case" && isText(d.fields[0].value)
}

// isComparison tells whether d is one or two pairs of a comparison and a number.
func isComparison(d *datum) bool {
	if d.kind != source.List || len(d.items) != 2 && len(d.items) != 4 {
		return false
	}
	for i, item := range d.items {
		switch {
		case i%2 == 0 && !strings.Contains(" = < <= > >= ", " "+item.text+" "):
			return false
		case i%2 == 1 && item.kind != source.Number && item.open != openAll:
			return false
		}
	}
	return true
}

func isExclusion(d *datum) bool {
	switch d.kind {
	case source.List:
		for _, item := range d.items {
			if !isScalar(item) {
				return false
			}
		}
		return len(d.items) > 0
	case source.Map:
		if len(d.fields) != 1 || !strings.Contains(" prefix suffix wildcard equals-ignore-case ", " "+d.fields[0].name+" ") {
			return false
		}
		operand := d.fields[0].value
		return isText(operand) || operand.kind == source.List && isExclusion(operand)
	default:
		return isScalar(d)
	}
}
