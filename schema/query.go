package schema

import (
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"
)

// Outputs are the names of what other components can use of a component of the kind, in the schema's order; none for
// what is no kind of component.
func (s *Schema) Outputs(kind string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sh := s.outputs(kind); sh != nil {
		return sh.fieldNames()
	}
	return nil
}

// outputs is the shape of a kind's outputs, nil for what is no kind of component. The caller holds mu.
func (s *Schema) outputs(kind string) *shape {
	if !s.IsComponent(kind) {
		return nil
	}
	name := kind + "Outputs"
	if _, ok := s.shapes[name]; !ok {
		s.shapes[name] = s.compile(s.definition("#" + name))
	}
	return s.shapes[name]
}

// Stateful tells whether losing a component of the kind loses data.
func (s *Schema) Stateful(kind string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.document(kind)
	return sh != nil && sh.stateful
}

// Applies tells whether the kind's spec has the top-level field. Defaults are not laid over kinds without it.
func (s *Schema) Applies(kind, field string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.document(kind).at([]string{"spec", field}) != nil
}

// FieldNames are the names of the fields at a path in documents of the kind, such as "spec", "image", in the schema's
// order. List indices and map keys count as path elements ("*" stands for any). It is empty where no mapping with known
// fields is. The fields that every component's spec has (template, aws, import) are not among them: the compiler takes
// them out.
func (s *Schema) FieldNames(kind string, path ...string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.document(kind).at(path)
	if sh == nil {
		return nil
	}
	names := sh.fieldNames()
	if s.IsComponent(kind) && slices.Equal(path, []string{"spec"}) {
		names = slices.DeleteFunc(names, isCommon)
	}
	return names
}

// Deferred tells whether the variables of a string at a path in documents of the kind, such as "spec", "image", "tag",
// may stay variables until the program runs. Any element stands for a list index or map key.
func (s *Schema) Deferred(kind string, path ...string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.document(kind).at(path)
	return sh != nil && sh.deferred
}

// TextOnly tells whether nothing but a string can stand at a path in documents of the kind, such as "spec", "image",
// "tag". Any element stands for a list index or map key.
func (s *Schema) TextOnly(kind string, path ...string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.document(kind).at(path)
	return sh != nil && sh.form == leafForm && sh.types == cue.StringKind
}

// Doc is the description of the field at a path in documents of the kind; of the kind itself without a path.
func (s *Schema) Doc(kind string, path ...string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.document(kind).at(path)
	if sh == nil {
		return ""
	}
	return sh.doc
}

// at follows a path down the shape; nil where it leads nowhere. It is nil-safe.
func (sh *shape) at(path []string) *shape {
	for _, name := range path {
		switch {
		case sh == nil, sh.raw: // what is in it is like it
			return sh
		case sh.form == structForm:
			f := sh.field(name)
			if f == nil {
				return nil
			}
			sh = f.shape
		case sh.form == mapForm:
			sh = sh.elem
		case sh.form == listForm && isIndex(name):
			sh = sh.elem
		default:
			return nil
		}
	}
	return sh
}

func isIndex(name string) bool {
	_, err := strconv.Atoi(name)
	return err == nil || name == "*"
}

func pathOf(dotted string) []string { return strings.Split(dotted, ".") }
