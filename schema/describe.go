package schema

import (
	"strings"

	"cuelang.org/go/cue"

	"github.com/panka-io/panka/compiler/diag"
)

// Form is what a described value is made of.
type Form int

// The forms of values.
const (
	Scalar   Form = iota // text, a number, true or false
	Mapping              // a mapping with known fields
	Free                 // a mapping with keys of the user's choice
	List                 // a list
	Anything             // what a scalar, list or mapping may be, and more than a description says is asked of it
)

// Description is the schema of a value, for what shows the language to people and editors. It is the caller's own.
type Description struct {
	Form Form
	// Doc says what the value is for, Expect what it must be, to follow "must be"; "" where any value of its types will do.
	Doc, Expect string
	// Types are those that a scalar can have: string, integer, number, boolean.
	Types []string
	// Constraint is what a scalar must fulfil beside its type.
	Constraint *Constraint
	// Choices are the values of an enumeration, as they are written.
	Choices []string
	// Default is what a missing scalar counts as: a string, bool, int64 or float64, or nil.
	Default any
	// Fields are those of a mapping.
	Fields []Field
	// Rules are the mistakes that rules between the fields of a mapping find, in words.
	Rules []string
	// Protected are the mistakes that rules find in environments that forbid losing data, in words.
	Protected []string
	// Elem describes the values of a free mapping or list, Keys the keys of a free mapping if they are constrained.
	Elem, Keys *Description
	// Max is the most entries of a free mapping or list; 0 is no limit.
	Max int
	// Span is the regular expression, in RE2 syntax, of the time spans such as 15m that may be written in place of a
	// number of seconds; "" where none may.
	Span string
	// Deferred tells that a variable in the value changes no generated code.
	Deferred bool
	// Identity tells that the value is part of who a document is about: it has no variables.
	Identity bool
	// Partial tells of a document that it is a layer: any subset of its fields will do. Stateful tells of one that
	// losing what it describes loses data.
	Partial, Stateful bool
	// When tells of an output which components have it.
	When Condition
	// Named tells of a mapping that lists of it are merged by name.
	Named bool
}

// Field is a field of a mapping.
type Field struct {
	Name string
	// Required tells that it must be there, Optional that nothing stands for it if it is not.
	Required, Optional bool
	// Supplied tells that a component's document may leave it, or parts of it, to ComponentInfra and InfraDefaults.
	Supplied bool
	// Refuse says why the field cannot be used yet; "" if it can.
	Refuse string
	*Description
}

// Field gives the field of that name, nil if there is none.
func (d *Description) Field(name string) *Field {
	for i := range d.Fields {
		if d.Fields[i].Name == name {
			return &d.Fields[i]
		}
	}
	return nil
}

// Describe describes documents of a kind, nil for an unknown kind.
func (s *Schema) Describe(kind string) *Description {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.document(kind)
	if sh == nil {
		return nil
	}
	d := s.describe(sh)
	if spec := d.Field("spec"); spec != nil && s.IsComponent(kind) {
		supplied := s.supplied()
		for i := range spec.Fields {
			spec.Fields[i].Supplied = supplied[spec.Fields[i].Name]
		}
	}
	return d
}

// DescribeOutputs describes what other components can use of a component of the kind, nil for what is no kind of
// component.
func (s *Schema) DescribeOutputs(kind string) *Description {
	if s.Outputs(kind) == nil {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.describe(s.shapes[kind+"Outputs"])
}

func (s *Schema) describe(sh *shape) *Description {
	d := &Description{
		Form: Scalar, Doc: sh.doc, Expect: sh.expected(), Choices: sh.choices(), Max: sh.max,
		Deferred: sh.deferred, Identity: sh.identity, Partial: sh.partial, Stateful: sh.stateful,
		When: sh.condition(), Named: sh.named(),
	}
	if sh.seconds {
		d.Span = spanPattern.String()
	}
	switch sh.form {
	case structForm:
		if len(sh.fields) == 0 && sh.value.Allows(cue.AnyString) {
			d.Form, d.Elem = Free, &Description{Form: Anything} // {...}: something else judges what is in it
			return d
		}
		d.Form = Mapping
		for _, f := range sh.fields {
			d.Fields = append(d.Fields, Field{Name: f.name, Required: f.required, Optional: f.optional,
				Refuse: f.shape.refuse, Description: s.describe(f.shape)})
		}
		for _, r := range sh.rules {
			d.Rules = append(d.Rules, r.words()...)
		}
		for _, r := range sh.protected {
			if r.severity == diag.Error {
				d.Protected = append(d.Protected, r.words()...)
			}
		}
	case mapForm:
		d.Form, d.Elem = Free, s.describe(sh.elem)
		if sh.keys != nil {
			d.Keys = s.describe(sh.keys)
		}
	case listForm:
		d.Form, d.Elem = List, s.describe(sh.elem)
	default:
		if sh.types&(cue.StructKind|cue.ListKind) != 0 {
			d.Form = Anything
			return d
		}
		d.Types, d.Constraint = typeNames(sh.types), constraint(sh.value)
		if fallback, ok := sh.defaultScalar(); ok {
			d.Default = fallback.native()
		}
	}
	return d
}

func typeNames(kinds cue.Kind) []string {
	var names []string
	for _, t := range []struct {
		kind cue.Kind
		name string
	}{{cue.StringKind, "string"}, {cue.FloatKind, "number"}, {cue.BoolKind, "boolean"}} {
		if kinds&t.kind != 0 {
			names = append(names, t.name)
		}
	}
	if kinds&cue.NumberKind == cue.IntKind {
		names = append(names, "integer")
	}
	return names
}

// KindNamed gives the kind that a name means, whatever its case, and the apiVersion of its documents.
func (s *Schema) KindNamed(name string) (kindName, apiVersion string, ok bool) {
	for _, k := range s.kinds {
		if strings.EqualFold(k.name, name) {
			return k.name, k.apiVersion, true
		}
	}
	return "", "", false
}
