package schema

import (
	"testing"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema/internal/spectest"
)

// TestSoundDocumentsStaySound lays nothing over the documents of the sound_ goldens: as merged they must be right too, and
// their defaults, filled in once and again, must not make them wrong.
func TestSoundDocumentsStaySound(t *testing.T) {
	s := load(t)
	checked := 0
	for _, c := range corpus(t) {
		for _, doc := range c.documents {
			node := doc.Root.Get("spec")
			if !c.sound || node == nil || node.Kind != source.Map {
				continue
			}
			merged := spectest.Value(node)
			filled := s.Defaults(doc.Kind, merged)
			for _, spec := range []*ir.Value{merged, filled, s.Defaults(doc.Kind, filled)} {
				if diags := s.CheckMerged(doc.APIVersion, doc.Kind, spec); len(diags) > 0 {
					t.Errorf("%s %s: %v", doc.Kind, doc.Metadata.Name, diags)
					break
				}
			}
			checked++
		}
	}
	if checked < 50 {
		t.Errorf("only %d documents were checked", checked)
	}
}

// TestSoundDocumentsUseEveryField finds the fields that stand in no sound document of their kind of component, but for
// those that all kinds have alike.
func TestSoundDocumentsUseEveryField(t *testing.T) {
	s := load(t)
	used := map[string]bool{}
	for _, c := range corpus(t) {
		for _, doc := range c.documents {
			if spec := doc.Root.Get("spec"); c.sound && spec != nil {
				notePaths(used, spectest.Value(spec), doc.Kind+" spec")
			}
		}
	}
	for _, kind := range s.Kinds(ComponentVersion) {
		for _, path := range unusedPaths(used, s.document(kind).field("spec").shape, kind+" spec") {
			t.Errorf("no sound document has the field: %s", path)
		}
	}
}

func notePaths(used map[string]bool, v *ir.Value, path string) {
	used[path] = true
	for _, f := range v.Fields {
		notePaths(used, f.Value, path+"."+f.Name)
	}
	for _, item := range v.Items {
		notePaths(used, item, path+"[]")
	}
}

func unusedPaths(used map[string]bool, sh *shape, path string) []string {
	if !used[path] {
		return []string{path}
	}
	var unused []string
	for _, f := range sh.fields {
		if f.shape.refuse == "" && !isCommon(f.name) {
			unused = append(unused, unusedPaths(used, f.shape, path+"."+f.name)...)
		}
	}
	if sh.form == listForm {
		unused = append(unused, unusedPaths(used, sh.elem, path+"[]")...)
	}
	return unused
}
