package schema

import (
	"encoding/json"
	"fmt"
	"strings"

	"cuelang.org/go/cue"
)

// A rule relates fields of one structure. It stands in the structure's definition:
//
//	#rules: range: {
//		in: {minReplicas: int, maxReplicas: int}         // the fields it looks at; they may nest, and be lists: [...]
//		has: [...string]                                 // if declared: the names of the fields that are there
//		ok:      in.minReplicas <= in.maxReplicas
//		blame:   "maxReplicas"                           // where to point, such as "routes.2.port"; left out, at the structure
//		message: "maxReplicas (\(in.maxReplicas)) is …"  // when ok is false
//		hint:    "…"                                     // optional
//	}
//
// A rule is applied when all its fields are known and sound. Where no other layer can add fields, a default counts,
// unless it is in an optional structure that is not there, and so does a list that is missing, as an empty one; and only
// there a rule with has or with a list is applied. A list comes with the defaults of its items.
type rule struct {
	value  cue.Value
	inputs []string // paths, with dots
	has    bool
	blame  string // where it is the same for all inputs
}

type ruleKey struct {
	rule  *rule
	given string // the inputs, as JSON
}

// verdict is what a rule says about some inputs.
type verdict struct {
	ok                   bool
	message, hint, blame string
}

func compileRules(v cue.Value) []*rule {
	if !v.Exists() {
		return nil
	}
	fields, err := v.Fields()
	if err != nil {
		panic(fmt.Sprintf("schema: rules at %s: %v", v.Path(), err))
	}
	var rules []*rule
	for fields.Next() {
		r := &rule{value: fields.Value(), has: lookup(fields.Value(), "has").Exists()}
		r.blame, _ = lookup(r.value, "blame").String()
		if in := lookup(r.value, "in"); in.Exists() {
			r.inputs = inputPaths(in, "")
		}
		rules = append(rules, r)
	}
	return rules
}

func inputPaths(v cue.Value, prefix string) []string {
	if v.IncompleteKind() != cue.StructKind {
		return []string{strings.TrimSuffix(prefix, ".")}
	}
	fields, err := v.Fields()
	if err != nil {
		panic(fmt.Sprintf("schema: inputs of the rule at %s: %v", v.Path(), err))
	}
	var paths []string
	for fields.Next() {
		paths = append(paths, inputPaths(fields.Value(), prefix+fields.Selector().Unquoted()+".")...)
	}
	return paths
}

// judge applies a rule to the values of its inputs, in their order, and the names of the present fields. An error is a
// bug in the schema.
func (s *Schema) judge(r *rule, values []any, present []string) (verdict, error) {
	if !r.has {
		present = nil
	}
	given, err := json.Marshal([]any{values, present})
	if err != nil {
		return verdict{}, fmt.Errorf("write down a rule's inputs: %w", err)
	}
	key := ruleKey{rule: r, given: string(given)}
	if known, ok := s.rules[key]; ok {
		return known, nil
	}
	filled := r.value
	for i, path := range r.inputs {
		filled = filled.FillPath(cue.ParsePath("in."+path), values[i])
	}
	if r.has {
		filled = filled.FillPath(cue.ParsePath("has"), append([]string{}, present...))
	}
	var v verdict
	if v.ok, err = lookup(filled, "ok").Bool(); err != nil {
		return verdict{}, fmt.Errorf("apply the rule %s to %s: %w", r.value.Path(), given, err)
	}
	if !v.ok {
		if v.message, err = lookup(filled, "message").String(); err != nil {
			return verdict{}, fmt.Errorf("explain the rule %s for %s: %w", r.value.Path(), given, err)
		}
		v.hint, _ = lookup(filled, "hint").String()
		v.blame, _ = lookup(filled, "blame").String()
	}
	s.rules[key] = v
	return v, nil
}

func lookup(v cue.Value, path string) cue.Value { return v.LookupPath(cue.ParsePath(path)) }
