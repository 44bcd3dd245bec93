package schema

import (
	"encoding/json"
	"fmt"

	"cuelang.org/go/cue"

	"github.com/panka-io/panka/compiler/diag"
)

// A rule relates fields of one structure. It stands in the structure's definition:
//
//	#rules: range: {
//		in: {minReplicas: int, maxReplicas: int}         // the fields it looks at; they may nest
//		has: [...string]                                 // if declared: the names of the fields that are there
//		ok:      in.minReplicas <= in.maxReplicas
//		blame:   "maxReplicas"                           // where to point; left out, at the structure
//		message: "maxReplicas (\(in.maxReplicas)) is …"  // when ok is false
//		hint:    "…"                                     // optional
//	}
//
// A rule is applied when all its fields are known and sound. Where no other layer can add fields, a default counts,
// unless it is in an optional structure that is not there; and only there a rule with has is applied, or one that looks
// at a list.
//
// A field that is optional in the rule, in: rangeKey?: string, may be missing; then it is missing in the rule too, and
// such a rule is also applied only where no other layer can add fields. So may what is in a structure that is optional
// in the rule, in: stream?: viewType: string.
//
// A list is given whole, an absent one as empty. Its items hold their defaults; what is left out otherwise is left out
// there too. A rule about the items of lists gives each fault, in place of ok, blame, message and hint:
//
//	#rules: declared: {
//		in: {names: [...], uses: [...]}
//		faults: [for i, u in in.uses if !list.Contains(in.names, u.name) {
//			blame:   "uses.\(i).name"                   // as far as it is there
//			message: "\(u.name) is not declared"
//			hint:    "…"                                // optional
//		}]
//	}
//
// A structure's #protected has the same form. These rules hold only in environments that forbid losing data
// (spec.protection.dataLoss: block), and only of whole specs, see CheckProtected. Such a rule may only advise:
//
//	severity: "warning"
type rule struct {
	value  cue.Value
	inputs []ruleInput
	has    bool
	blame  string // where it is the same for all inputs
	// severity is an error unless the rule says otherwise.
	severity diag.Severity
}

type ruleInput struct {
	path     string // with dots
	optional bool
}

type ruleKey struct {
	rule  *rule
	given string // the inputs, as JSON
}

// fault is what a rule finds wrong with some inputs.
type fault struct {
	blame, message, hint string
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
		r := &rule{value: fields.Value(), has: lookup(fields.Value(), "has").Exists(), severity: diag.Error}
		if severity, err := lookup(r.value, "severity").String(); err == nil {
			r.severity = diag.Severity(severity)
		}
		r.blame, _ = lookup(r.value, "blame").String()
		if in := lookup(r.value, "in"); in.Exists() {
			r.inputs = inputPaths(in, "", false)
		}
		rules = append(rules, r)
	}
	return rules
}

func inputPaths(v cue.Value, prefix string, optional bool) []ruleInput {
	fields, err := v.Fields(cue.Optional(true))
	if err != nil {
		panic(fmt.Sprintf("schema: inputs of the rule at %s: %v", v.Path(), err))
	}
	var inputs []ruleInput
	for fields.Next() {
		selector := fields.Selector()
		path := prefix + selector.Unquoted()
		optional := optional || selector.ConstraintType() == cue.OptionalConstraint
		if fields.Value().IncompleteKind() == cue.StructKind {
			inputs = append(inputs, inputPaths(fields.Value(), path+".", optional)...)
			continue
		}
		inputs = append(inputs, ruleInput{path, optional})
	}
	return inputs
}

// judge applies a rule to the values of its inputs, in their order, nil for a missing one, and the names of the present
// fields. An error is a bug in the schema.
func (s *Schema) judge(r *rule, values []any, present []string) ([]fault, error) {
	if !r.has {
		present = nil
	}
	given, err := json.Marshal([]any{values, present})
	if err != nil {
		return nil, fmt.Errorf("write down a rule's inputs: %w", err)
	}
	key := ruleKey{rule: r, given: string(given)}
	if known, ok := s.rules[key]; ok {
		return known, nil
	}
	filled := r.value
	for i, input := range r.inputs {
		if values[i] != nil {
			filled = filled.FillPath(cue.ParsePath("in."+input.path), values[i])
		}
	}
	if r.has {
		filled = filled.FillPath(cue.ParsePath("has"), append([]string{}, present...))
	}
	faults, err := faultsOf(filled)
	if err != nil {
		return nil, fmt.Errorf("apply the rule %s to %s: %w", r.value.Path(), given, err)
	}
	s.rules[key] = faults
	return faults, nil
}

// faultsOf reads what a rule says when its inputs are filled in.
func faultsOf(filled cue.Value) ([]fault, error) {
	list := lookup(filled, "faults")
	if !list.Exists() {
		ok, err := lookup(filled, "ok").Bool()
		if err != nil || ok {
			return nil, err
		}
		f, err := faultOf(filled)
		return []fault{f}, err
	}
	items, err := list.List()
	if err != nil {
		return nil, err
	}
	var faults []fault
	for items.Next() {
		f, err := faultOf(items.Value())
		if err != nil {
			return nil, err
		}
		faults = append(faults, f)
	}
	return faults, nil
}

func faultOf(v cue.Value) (f fault, err error) {
	f.message, err = lookup(v, "message").String()
	f.hint, _ = lookup(v, "hint").String()
	f.blame, _ = lookup(v, "blame").String()
	return f, err
}

func lookup(v cue.Value, path string) cue.Value { return v.LookupPath(cue.ParsePath(path)) }
