package schema

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
)

// form is what a shape asks for.
type form int

const (
	leafForm   form = iota // a scalar
	structForm             // a mapping with known fields
	mapForm                // a mapping with free keys
	listForm
	patternForm // a pattern of messages; see pattern.go
)

// shape is a CUE definition made ready for walking documents.
type shape struct {
	form   form
	fields []shapeField // of a struct, in the schema's order
	rules  []*rule      // of a struct
	// protected are a struct's rules in environments that forbid losing data.
	protected []*rule
	elem      *shape     // of a map or list
	keys      *shape     // leaf for a map's keys, or nil
	max       int        // the most entries of a map or list; 0 is no limit
	types     cue.Kind   // the types that a leaf may have
	value     cue.Value  // judges a leaf
	expect    string     // what a leaf must be, in words, if that is written
	fallback  *cue.Value // a leaf's or list's default
	pattern   string     // what part of a pattern: patternFields or patternMatchers
	doc       string
	marks
}

// marks are the attributes without further meaning for the walk.
type marks struct {
	seconds, deferred, identity, partial, stateful, fragment, raw bool
	refuse                                                        string
	component                                                     *componentMark
	access                                                        []string
	when, unlike                                                  string
}

type shapeField struct {
	name     string
	required bool
	optional bool
	shape    *shape
}

func (sh *shape) field(name string) *shapeField {
	if sh == nil || sh.form != structForm {
		return nil
	}
	for i := range sh.fields {
		if sh.fields[i].name == name {
			return &sh.fields[i]
		}
	}
	return nil
}

func (sh *shape) fieldNames() []string {
	names := make([]string, 0, len(sh.fields))
	for _, f := range sh.fields {
		if f.shape.refuse == "" {
			names = append(names, f.name)
		}
	}
	return names
}

// named tells whether the shape is a struct with a required name: lists of such are lists of named things.
func (sh *shape) named() bool {
	f := sh.field("name")
	return f != nil && f.required
}

// compile turns a definition into a shape. The schema is ours, so what it cannot be is a bug, found by the tests.
func (s *Schema) compile(v cue.Value) *shape {
	if _, path := v.ReferencePath(); strings.HasPrefix(path.String(), "#") {
		return s.compileReference(v, path.String())
	}
	sh := &shape{value: v, types: v.IncompleteKind()}
	s.readAttributes(sh, v)
	if docs := v.Doc(); len(docs) > 0 {
		sh.doc = strings.TrimSpace(docs[0].Text())
	}
	switch {
	case sh.pattern != "":
		sh.form = patternForm
	case sh.fragment, sh.raw:
		sh.form = structForm
	case sh.types == cue.StructKind:
		s.compileStruct(sh)
	case sh.types == cue.ListKind:
		sh.form = listForm
		sh.elem = s.compile(v.LookupPath(cue.MakePath(cue.AnyIndex)))
	default:
		s.compileLeaf(sh)
	}
	return sh
}

// compileReference compiles a field that is nothing but a reference to a definition. The definition's shape is shared by
// all its uses, which only add attributes and a description of their own.
func (s *Schema) compileReference(v cue.Value, path string) *shape {
	shared, ok := s.definitions[path]
	if !ok {
		shared = s.compile(cue.Dereference(v))
		s.definitions[path] = shared
	}
	sh := *shared
	s.readAttributes(&sh, v)
	if docs := v.Doc(); len(docs) > 0 {
		sh.doc = strings.TrimSpace(docs[0].Text())
	}
	return &sh
}

func (s *Schema) compileStruct(sh *shape) {
	if elem := sh.value.LookupPath(cue.MakePath(cue.AnyString)); elem.Exists() {
		sh.form, sh.elem = mapForm, s.compile(elem)
		return
	}
	sh.form = structForm
	fields, err := sh.value.Fields(cue.Optional(true))
	if err != nil {
		panic(fmt.Sprintf("schema: fields of %s: %v", sh.value.Path(), err))
	}
	for fields.Next() {
		selector := fields.Selector()
		sh.fields = append(sh.fields, shapeField{
			name:     selector.Unquoted(),
			required: selector.ConstraintType() == cue.RequiredConstraint,
			optional: selector.ConstraintType() == cue.OptionalConstraint,
			shape:    s.compile(fields.Value()),
		})
	}
	sh.rules = compileRules(sh.value.LookupPath(cue.MakePath(cue.Def("#rules"))))
	sh.protected = compileRules(sh.value.LookupPath(cue.MakePath(cue.Def("#protected"))))
}

func (s *Schema) compileLeaf(sh *shape) {
	if fallback, ok := sh.value.Default(); ok && fallback.IsConcrete() || sh.value.IsConcrete() {
		sh.fallback = &fallback
	}
}

// choices are an enumeration's values as they are written; none for anything else. They are found when a message needs
// them, because that takes longer than all else about most leaves.
func (sh *shape) choices() []string {
	if sh.form != leafForm {
		return nil
	}
	all := choicesOf(sh.value)
	if sh.types&cue.NumberKind != 0 {
		slices.SortFunc(all, byNumber)
	}
	return all
}

// expected says in words what a leaf must be, "" if nothing does.
func (sh *shape) expected() string {
	if sh.expect == "" {
		if all := sh.choices(); len(all) > 0 {
			return oneOf(all)
		}
	}
	return sh.expect
}

func byNumber(a, b string) int {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return x - y
}

// choicesOf are the values of an enumeration, none if v is something else.
func choicesOf(v cue.Value) []string {
	if op, parts := v.Expr(); op == cue.OrOp {
		var all []string
		for _, part := range parts {
			inner := choicesOf(part)
			if len(inner) == 0 {
				return nil
			}
			for _, choice := range inner {
				all = appendNew(all, choice)
			}
		}
		return all
	}
	v = cue.Dereference(v)
	if op, _ := v.Expr(); op == cue.OrOp {
		return choicesOf(v)
	}
	switch v.Kind() {
	case cue.StringKind:
		text, _ := v.String()
		return []string{text}
	case cue.IntKind:
		n, _ := v.Int64()
		return []string{strconv.FormatInt(n, 10)}
	}
	return nil
}

func (s *Schema) readAttributes(sh *shape, v cue.Value) {
	for _, attribute := range v.Attributes(cue.ValueAttr) {
		text, _ := attribute.String(0)
		switch attribute.Name() {
		case "expect":
			sh.expect = text
		case "keys":
			sh.keys = s.compile(s.definition(text))
		case "max":
			sh.max, _ = strconv.Atoi(text)
		case "pattern":
			sh.pattern = text
		case "seconds":
			sh.seconds = true
		case "deferred":
			sh.deferred = true
		case "refuse":
			sh.refuse = text
		case "identity":
			sh.identity = true
		case "partial":
			sh.partial = true
		case "stateful":
			sh.stateful = true
		case "component":
			sh.component = readComponentMark(attribute)
		case "access":
			sh.access = words(attribute)
		case "when":
			sh.when = text
			sh.unlike, _, _ = attribute.Lookup(0, "unlike")
		case "fragment":
			sh.fragment = true
		case "raw":
			sh.raw = true
		}
	}
}
