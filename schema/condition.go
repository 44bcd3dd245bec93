package schema

import (
	"regexp"
	"strings"

	"github.com/panka-io/panka/compiler/ir"
)

// Condition says which components of a kind have an output.
type Condition struct {
	// Field is the path, below spec, of the field that decides; empty for an output that every component has.
	Field []string
	// Without tells that components without the field have the output; else it is those with it.
	Without bool
	// Unlike is a regular expression, in RE2 syntax, that the field's text must not match; "" for none.
	Unlike string
}

// Met tells whether a component with the spec, defaults filled in, has the output. A field that is false or an empty list
// counts as missing.
func (c Condition) Met(spec *ir.Value) bool {
	if len(c.Field) == 0 {
		return true
	}
	v := spec.Get(c.Field...)
	missing := v == nil || v.Kind == ir.Null || v.Kind == ir.Bool && !v.Bool || v.Kind == ir.List && len(v.Items) == 0
	return missing == c.Without && !c.unlike(v)
}

func (c Condition) unlike(v *ir.Value) bool {
	if c.Unlike == "" || v == nil || v.Kind != ir.String {
		return false
	}
	matches, err := regexp.MatchString(c.Unlike, v.Text.String())
	return matches && err == nil // the contract test compiles it
}

// OutputCondition is the condition under which components of the kind have the output.
func (s *Schema) OutputCondition(kind, output string) Condition {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.outputs(kind).field(output)
	if f == nil {
		return Condition{}
	}
	return f.shape.condition()
}

// condition reads what @when says.
func (sh *shape) condition() Condition {
	if sh.when == "" {
		return Condition{}
	}
	field, without := strings.CutPrefix(sh.when, "!")
	return Condition{Field: pathOf(field), Without: without, Unlike: sh.unlike}
}
