package schema

import (
	"slices"
	"strings"

	"cuelang.org/go/cue"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// Defaults returns the spec of a kind with the schema's defaults filled in, in list items and maps too, and with time
// spans turned into numbers of seconds. A structure that a kind always has is made if it is missing; an optional one
// only gets defaults when it is there. Fields that are null are treated as missing. The Source of a default is that of
// the map it stands in. spec is not changed; it should have passed CheckMerged. An unknown kind's spec is returned as
// it is.
func (s *Schema) Defaults(kind string, spec *ir.Value) *ir.Value {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.document(kind).at([]string{"spec"})
	if sh == nil {
		return spec
	}
	return fill(sh, spec)
}

func fill(sh *shape, v *ir.Value) *ir.Value {
	filled := *v
	switch {
	case sh.form == structForm && v.Kind == ir.Map:
		filled.Fields = fillFields(sh, v)
	case sh.form == mapForm && v.Kind == ir.Map:
		filled.Fields = make([]ir.Field, len(v.Fields))
		for i, f := range v.Fields {
			filled.Fields[i] = ir.Field{Name: f.Name, Value: fill(sh.elem, f.Value)}
		}
	case sh.form == listForm && v.Kind == ir.List:
		filled.Items = make([]*ir.Value, len(v.Items))
		for i, item := range v.Items {
			filled.Items[i] = fill(sh.elem, item)
		}
	case sh.seconds && v.Kind == ir.String:
		if text, static := v.Text.Static(); static {
			if n, ok := seconds(text); ok {
				filled = ir.Value{Kind: ir.Number, Number: n, Source: v.Source}
			}
		}
	}
	return &filled
}

func fillFields(sh *shape, v *ir.Value) []ir.Field {
	fields := make([]ir.Field, 0, len(v.Fields)+len(sh.fields))
	given := map[string]bool{}
	for _, f := range v.Fields {
		if f.Value.Kind == ir.Null {
			continue
		}
		given[f.Name] = true
		if known := sh.field(f.Name); known != nil {
			f.Value = fill(known.shape, f.Value)
		}
		fields = append(fields, f)
	}
	for _, known := range sh.fields {
		if given[known.name] || known.required || known.optional {
			continue
		}
		if value := known.shape.fallbackValue(v.Source); value != nil {
			fields = append(fields, ir.Field{Name: known.name, Value: value})
		}
	}
	slices.SortFunc(fields, func(a, b ir.Field) int { return strings.Compare(a.Name, b.Name) })
	return fields
}

// fallbackValue is what stands for a missing field with a default, nil if it has none.
func (sh *shape) fallbackValue(place diag.Position) *ir.Value {
	if sh.form == structForm {
		return fill(sh, &ir.Value{Kind: ir.Map, Source: place})
	}
	d, ok := sh.defaultScalar()
	if !ok {
		return nil
	}
	v := &ir.Value{Source: place}
	switch d.kind {
	case source.Bool:
		v.Kind, v.Bool = ir.Bool, d.truth
	case source.Number:
		v.Kind, v.Number = ir.Number, d.number
	default:
		v.Kind, v.Text = ir.String, ir.Literal(d.text)
	}
	return v
}

// defaultScalar is a leaf's default and true, or false if it has none. It is nil-safe.
func (sh *shape) defaultScalar() (*datum, bool) {
	if sh == nil || sh.fallback == nil {
		return nil, false
	}
	switch sh.fallback.Kind() {
	case cue.BoolKind:
		b, err := sh.fallback.Bool()
		return &datum{kind: source.Bool, truth: b}, err == nil
	case cue.IntKind, cue.FloatKind:
		n, err := sh.fallback.Float64()
		return &datum{kind: source.Number, number: n, text: spell(n)}, err == nil
	case cue.StringKind:
		text, err := sh.fallback.String()
		return &datum{kind: source.String, text: text}, err == nil
	default:
		return nil, false
	}
}
