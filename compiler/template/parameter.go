package template

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/variable"
)

// mismatch says what a value should have been, or "" when it fits. Lists and mappings are the schema's to refuse.
func (p *parameter) mismatch(v *ir.Value) string {
	if v.Kind == ir.List || v.Kind == ir.Map {
		return ""
	}
	text := variable.Scalar(v)
	switch p.kind {
	case variable.Number:
		if v.Kind != ir.Number {
			return "a number"
		}
	case variable.Boolean:
		if v.Kind != ir.Bool {
			return "true or false"
		}
	case variable.Enum:
		if v.Kind != ir.String || !slices.Contains(p.values, text) {
			return "one of " + strings.Join(p.values, ", ")
		}
	default:
		if v.Kind != ir.String {
			return "a string in quotes"
		}
	}
	if p.pattern != nil && !p.pattern.MatchString(text) {
		return "matched by the pattern " + strings.TrimSuffix(strings.TrimPrefix(p.pattern.String(), "^(?:"), ")$")
	}
	return ""
}
