package schema

import (
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
)

// usesTemplate tells whether a component's document names a template, which may hold what the document lacks.
func usesTemplate(doc *source.Document) bool {
	use := doc.Root.Get("spec", templateField)
	return use != nil && use.Kind != source.Null
}

// CheckFragment checks a part of the spec of a kind of component, such as the component of a Template: any subset of the
// fields will do. path names the part in messages. variables holds the types of what may stand in ${…}. It reports
// nothing for an unknown kind.
func (s *Schema) CheckFragment(kind, path string, spec *source.Node, variables VariableTypes) diag.List {
	if !s.IsComponent(kind) {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &check{schema: s, variables: variables, partial: true}
	c.value(s.document(kind).field("spec").shape, fromNode(spec), path, true)
	return c.diags
}
