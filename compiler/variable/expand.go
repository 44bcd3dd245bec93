package variable

import (
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Places tells what the schema says about the places of a document. In paths "*" stands for the index of a list's item.
type Places struct {
	// Deferred tells whether a variable at a path is looked up when the program runs; nil where none is.
	Deferred func(path []string) bool
	// TextOnly tells whether nothing but a string can stand at a path; nil where that is not known of any.
	TextOnly func(path []string) bool
}

func (p Places) deferred(path []string) bool { return p.Deferred != nil && p.Deferred(path) }

func (p Places) textOnly(path []string) bool { return p.TextOnly != nil && p.TextOnly(path) }

// Expansion is a document with its variables put in.
type Expansion struct {
	// Compiled keeps the variables of deferred places, for generation.
	Compiled *ir.Value
	// Checked has their values too, as far as they are set and not sensitive, for validation. It is Compiled itself
	// when no such value occurs.
	Checked *ir.Value
	// Complete is false when a shaping variable had no value or a string used variables wrongly.
	Complete bool
}

// Expand puts values into v, which it does not change. A string in a shaping place that is nothing but one variable of
// type number or boolean becomes a number or boolean, unless only a string can stand there. It reports shaping variables without a value ("unset-variable")
// and sensitive ones ("sensitive-variable"); undeclared ones are Check's to report. With requireSet, deferred variables
// without a value are reported as well; in either case those that Missing reports are left to it.
func (s *Set) Expand(v *ir.Value, places Places, requireSet bool) (Expansion, diag.List) {
	e := &expander{set: s, places: places, requireSet: requireSet, complete: true}
	compiled := e.value(v)
	result := Expansion{Compiled: compiled, Checked: compiled, Complete: e.complete}
	if e.late {
		result.Checked = s.known(compiled)
	}
	return result, e.ds
}

type expander struct {
	set        *Set
	places     Places
	requireSet bool
	path       []string
	late       bool // a deferred variable occurs
	complete   bool
	ds         diag.List
}

func (e *expander) value(v *ir.Value) *ir.Value {
	copied := *v
	switch v.Kind {
	case ir.List:
		copied.Items = make([]*ir.Value, len(v.Items))
		e.path = append(e.path, "*")
		for i, item := range v.Items {
			copied.Items[i] = e.value(item)
		}
		e.path = e.path[:len(e.path)-1]
	case ir.Map:
		copied.Fields = make([]ir.Field, len(v.Fields))
		for i, f := range v.Fields {
			e.path = append(e.path, f.Name)
			copied.Fields[i] = ir.Field{Name: f.Name, Value: e.value(f.Value)}
			e.path = e.path[:len(e.path)-1]
		}
	case ir.String:
		if _, static := v.Text.Static(); !static {
			e.text(&copied)
		}
	}
	return &copied
}

// text expands a string with variables in place.
func (e *expander) text(v *ir.Value) {
	if e.places.deferred(e.path) {
		e.late = true
		for _, part := range v.Text {
			e.checkDeferred(part.Variable, v.Source)
		}
		return
	}
	known := true
	for _, part := range v.Text {
		known = e.checkShaping(part.Variable, v.Source) && known
	}
	if !known {
		e.complete = false
		return
	}
	if e.places.textOnly(e.path) {
		v.Text = e.set.fill(v.Text)
		return
	}
	e.set.substitute(v)
}

func (e *expander) checkDeferred(name string, pos diag.Position) {
	d := e.set.declared[name]
	switch {
	case name == "":
	case d == nil:
		e.complete = false
	case e.requireSet && !d.Set && !d.Required:
		e.ds.Add(unset(pos, name, "variable %q has no value"))
	}
}

// checkShaping tells whether the variable may be put in here.
func (e *expander) checkShaping(name string, pos diag.Position) bool {
	d := e.set.declared[name]
	switch {
	case name == "":
		return true
	case d == nil:
		return false
	case d.Sensitive:
		e.ds.Add(diag.Errorf(pos, "sensitive-variable",
			"variable %q is sensitive, and here its value would become part of the generated code", name).
			WithHint("sensitive variables may be used in the values of environment variables, commands, images and parameters"))
		return false
	case !d.Set:
		if !e.requireSet || !d.Required {
			e.ds.Add(unset(pos, name, "variable %q has no value, and here it shapes what is generated"))
		}
		return false
	}
	return true
}

func unset(pos diag.Position, name, format string) diag.Diagnostic {
	return diag.Errorf(pos, "unset-variable", format, name).WithHint("set it with --var %s=…", name)
}

// substitute puts the values into a string all of whose variables are set.
func (s *Set) substitute(v *ir.Value) {
	if len(v.Text) == 1 {
		d := s.declared[v.Text[0].Variable]
		switch d.Type {
		case Number:
			if f, ok := ParseNumber(d.Value); ok {
				v.Kind, v.Number, v.Spelling, v.Text = ir.Number, f, d.Value, nil
				return
			}
		case Boolean:
			v.Kind, v.Bool, v.Text = ir.Bool, d.Value == "true", nil
			return
		}
	}
	v.Text = s.fill(v.Text)
}

// Fill puts the values that are set and not sensitive into a text.
func (s *Set) Fill(text ir.Text) ir.Text { return s.fill(text) }

// fill replaces the variables that are set and not sensitive and joins what is literal.
func (s *Set) fill(text ir.Text) ir.Text {
	var filled ir.Text
	for _, part := range text {
		if d := s.declared[part.Variable]; d != nil && d.Set && !d.Sensitive {
			part = ir.Part{Literal: d.Value}
		}
		if last := len(filled) - 1; last >= 0 && part.Variable == "" && filled[last].Variable == "" {
			filled[last].Literal += part.Literal
			continue
		}
		if part != (ir.Part{}) {
			filled = append(filled, part)
		}
	}
	return filled
}

// Known copies v with the values put in that are set and not sensitive.
func (s *Set) Known(v *ir.Value) *ir.Value { return s.known(v) }

// known copies v with the values of deferred variables put in.
func (s *Set) known(v *ir.Value) *ir.Value {
	copied := *v
	switch v.Kind {
	case ir.List:
		copied.Items = make([]*ir.Value, len(v.Items))
		for i, item := range v.Items {
			copied.Items[i] = s.known(item)
		}
	case ir.Map:
		copied.Fields = make([]ir.Field, len(v.Fields))
		for i, f := range v.Fields {
			copied.Fields[i] = ir.Field{Name: f.Name, Value: s.known(f.Value)}
		}
	case ir.String:
		copied.Text = s.fill(v.Text)
	}
	return &copied
}
