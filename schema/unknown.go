package schema

import (
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
)

// unknownKind explains why there are no documents of this apiVersion and kind.
func (s *Schema) unknownKind(doc *source.Document) diag.Diagnostic {
	kinds := s.Kinds(doc.APIVersion)
	if kinds == nil {
		d := diag.Errorf(doc.Root.Get("apiVersion").Pos, "unknown-api-version", "there is no apiVersion %q", doc.APIVersion)
		return d.WithHint("%s", s.kindHint(doc.Kind, doc.APIVersion, s.APIVersions()))
	}
	d := diag.Errorf(doc.Root.Get("kind").Pos, "unknown-kind", "apiVersion %s has no kind %q", doc.APIVersion, doc.Kind)
	return d.WithHint("%s", s.kindHint(doc.Kind, doc.Kind, kinds))
}

// kindHint helps with a word that is none of the known ones, in a document that says it is of a kind.
func (s *Schema) kindHint(kindName, word string, known []string) string {
	for _, k := range s.kinds {
		if k.name == kindName {
			return "documents of kind " + kindName + " have apiVersion " + k.apiVersion
		}
	}
	if hint := suggest.Hint(word, known); hint != "" {
		return hint
	}
	return "known are " + strings.Join(known, ", ")
}
