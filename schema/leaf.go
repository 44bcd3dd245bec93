package schema

import (
	"regexp"
	"strconv"

	"cuelang.org/go/cue"

	"github.com/panka-io/panka/compiler/source"
)

type leafKey struct {
	leaf *shape
	kind source.Kind
	text string
}

// accepts tells whether CUE accepts a scalar for a leaf. The caller holds mu.
func (s *Schema) accepts(leaf *shape, d *datum) bool {
	key := leafKey{leaf, d.kind, d.text}
	if d.kind == source.Number {
		key.text = spell(d.number)
	}
	if known, ok := s.leaves[key]; ok {
		return known
	}
	ok := leaf.value.Unify(s.context.Encode(d.native())).Validate(cue.Concrete(true)) == nil
	s.leaves[key] = ok
	return ok
}

// sound tells whether a scalar is what a leaf asks for. The caller holds mu.
func (s *Schema) sound(leaf *shape, d *datum) bool {
	return leaf != nil && leaf.form == leafForm && leaf.ofType(d) && s.accepts(leaf, d)
}

// ofType tells whether the scalar's type is one that the leaf can have, whatever the value.
func (sh *shape) ofType(d *datum) bool {
	switch d.kind {
	case source.Bool:
		return sh.types&cue.BoolKind != 0
	case source.Number:
		return sh.types&cue.NumberKind != 0
	case source.String:
		return sh.types&cue.StringKind != 0
	default:
		return false
	}
}

var spanPattern = regexp.MustCompile(`^([0-9]{1,9})(s|m|h|d)$`)

// inSeconds gives a time span for a leaf that counts seconds as their number, and anything else as it is.
func inSeconds(leaf *shape, d *datum) *datum {
	if leaf == nil || !leaf.seconds || d.kind != source.String {
		return d
	}
	n, ok := seconds(d.text)
	if !ok {
		return d
	}
	return &datum{kind: source.Number, number: n, text: d.text, pos: d.pos}
}

// seconds gives a time span such as 15m in seconds.
func seconds(text string) (float64, bool) {
	m := spanPattern.FindStringSubmatch(text)
	if m == nil {
		return 0, false
	}
	n, err := strconv.ParseFloat(m[1], 64)
	return n * map[string]float64{"s": 1, "m": 60, "h": 3600, "d": 86400}[m[2]], err == nil
}
