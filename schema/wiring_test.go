package schema

import (
	"slices"
	"strings"
	"testing"
)

// TestFieldsThatNameComponentsSayWhich finds fields that hold the name of a component and lack @component, so that
// nothing would be wired.
func TestFieldsThatNameComponentsSayWhich(t *testing.T) {
	s := load(t)
	reference := s.compile(s.definition("#ComponentRef")).expect
	var unmarked []string
	count := 0
	items := map[string]bool{} // of lists that are marked
	for _, kind := range s.Kinds(ComponentVersion) {
		walk(s.document(kind).field("spec").shape, kind, func(sh *shape, path string) {
			if sh.component != nil {
				count++
				items[path+"[]"] = true
				givesAccess(t, s, kind, sh.component, path)
			}
			everyKinds := strings.HasSuffix(path, ".dependsOn[]") || strings.HasSuffix(path, ".valueFrom.component")
			if sh.expect == reference && sh.component == nil && !items[path] && !everyKinds {
				unmarked = append(unmarked, path)
			}
		})
	}
	if len(unmarked) > 0 {
		t.Errorf("these name a component and do not say which: %v", unmarked)
	}
	if count < 25 {
		t.Errorf("only %d fields name components", count)
	}
}

// givesAccess holds the access of a mark in a kind against the levels of the kinds that it names, where IAM guards them;
// of a mount against those of what is mounted.
func givesAccess(t *testing.T, s *Schema, owner string, mark *componentMark, path string) {
	t.Helper()
	used := mark.kinds
	if mark.edge == Reverse {
		used = []string{owner}
	}
	for _, kind := range used {
		levels := s.AccessLevels(kind)
		if mark.access != "" && len(levels) > 0 && !slices.Contains(levels, mark.access) {
			t.Errorf("%s wants to %s, and %s has only the levels %v", path, mark.access, kind, levels)
		}
	}
}

// walk visits a shape and all below it.
func walk(sh *shape, path string, visit func(sh *shape, path string)) {
	visit(sh, path)
	for _, f := range sh.fields {
		walk(f.shape, path+"."+f.name, visit)
	}
	if sh.elem != nil {
		walk(sh.elem, path+"[]", visit)
	}
}
