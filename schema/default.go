package schema

import (
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Default is what stands at a path in documents of the kind, such as "spec", "scaling", "replicas", when nobody says
// anything there; nil if nothing does. List indices and map keys count as path elements ("*" stands for any). The value
// has no place.
func (s *Schema) Default(kind string, path ...string) *ir.Value {
	if len(path) == 0 {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(path) - 1
	field := s.document(kind).at(path[:last]).field(path[last])
	if field == nil || field.required || field.optional || field.shape.form == structForm {
		return nil
	}
	return field.shape.fallbackValue(diag.Position{})
}
