package schema

import (
	"slices"

	"cuelang.org/go/cue"
)

// ComponentField is a field of a kind whose text names a component that the one with the field is wired to.
type ComponentField struct {
	// Path leads from spec to the text; "*" stands for any item of a list or entry of a map.
	Path []string
	// Kinds are what the named component can be; none means any.
	Kinds []string
	// Access is what the wiring lets the component do with the named one, where IAM guards that: read, write or
	// readwrite; "" for nothing. Of a field with edge Reverse it is what the named one can do with the one that has it.
	Access string
	// Edge tells which of the two depends on the other.
	Edge Edge
	// Needs is an output that the named component must have, if its kind knows it at all; "" for none.
	Needs string
	// Behind is a kind: if the named component is of that, the one with the field depends on those that are wired to the
	// named one in reverse too, because they bring a part of it along. "" for no kind.
	Behind string
	// Hint helps who names a component of another kind; "" for nothing better than to name one of these.
	Hint string
}

// Edge is which one of two components that are wired depends on the other.
type Edge int

// The edges that a field makes.
const (
	Forward Edge = iota // the component with the field depends on the one it names
	Reverse             // the named one depends on the one with the field, which is mounted into it
	NoEdge              // neither: the field only names one that must exist
)

// ComponentFields are the fields of a kind that name components, in the schema's order. dependsOn and valueFrom, which
// every kind has alike, are not among them.
func (s *Schema) ComponentFields(kind string) []ComponentField {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.document(kind).at([]string{"spec"}).componentFields(nil, nil)
}

// AccessLevels are the levels of access that references to components of the kind can ask for; the first is what they
// get without asking. There are none where IAM does not guard the kind.
func (s *Schema) AccessLevels(kind string) []string {
	if !s.IsComponent(kind) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.document(kind).access
}

// componentMark is what @component says.
type componentMark struct {
	kinds  []string
	access string
	edge   Edge
	needs  string
	behind string
	hint   string
}

func readComponentMark(a cue.Attribute) *componentMark {
	m := &componentMark{kinds: words(a)}
	m.access, _, _ = a.Lookup(0, "access")
	m.needs, _, _ = a.Lookup(0, "needs")
	m.behind, _, _ = a.Lookup(0, "behind")
	m.hint, _, _ = a.Lookup(0, "hint")
	switch edge, found, _ := a.Lookup(0, "edge"); {
	case !found:
	case edge == "reverse":
		m.edge = Reverse
	case edge == "none":
		m.edge = NoEdge
	default:
		panic("schema: @component has no edge=" + edge)
	}
	return m
}

func (m *componentMark) field(path []string) ComponentField {
	return ComponentField{Path: path, Kinds: m.kinds, Access: m.access, Edge: m.edge, Needs: m.needs, Behind: m.behind, Hint: m.hint}
}

// words are an attribute's arguments that are no pairs.
func words(a cue.Attribute) []string {
	var all []string
	for i := range a.NumArgs() {
		if key, value := a.Arg(i); value == "" && key != "" {
			all = append(all, key)
		}
	}
	return all
}

// componentFields adds the marked fields in sh, which path leads to. A marked list means its items. It is nil-safe.
func (sh *shape) componentFields(path []string, known []ComponentField) []ComponentField {
	if sh == nil {
		return known
	}
	inner := sh.elem
	if sh.component != nil {
		if inner != nil {
			path = below(path, "*")
		}
		return append(known, sh.component.field(path))
	}
	if inner != nil {
		return inner.componentFields(below(path, "*"), known)
	}
	for _, f := range sh.fields {
		known = f.shape.componentFields(below(path, f.name), known)
	}
	return known
}

// below is a path of its own, so that siblings do not write over each other's.
func below(path []string, name string) []string { return append(slices.Clone(path), name) }
