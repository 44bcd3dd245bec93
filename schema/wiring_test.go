package schema

import (
	"slices"
	"strings"
	"testing"
)

// notWired are the fields that name components which depend on the one with the field, and not the other way round.
var notWired = []string{
	"EBS.mounts[].component", "EFS.mounts[].component", "SQS.redriveAllow.queues[]",
}

// TestFieldsThatNameComponentsSayWhich finds fields that hold the name of a component and lack @component, so that
// nothing would be wired.
func TestFieldsThatNameComponentsSayWhich(t *testing.T) {
	s := load(t)
	reference := s.compile(s.definition("#ComponentRef")).expect
	var unmarked []string
	count := 0
	for _, kind := range s.Kinds(ComponentVersion) {
		walk(s.document(kind).field("spec").shape, kind, func(sh *shape, path string) {
			if sh.component != nil {
				count++
				givesAccess(t, s, sh.component, path)
			}
			everyKinds := strings.HasSuffix(path, ".dependsOn[]") || strings.HasSuffix(path, ".valueFrom.component")
			if sh.expect == reference && sh.component == nil && !everyKinds {
				unmarked = append(unmarked, path)
			}
		})
	}
	if !slices.Equal(unmarked, notWired) {
		t.Errorf("these name a component and do not say which: %v", unmarked)
	}
	if count < 25 {
		t.Errorf("only %d fields name components", count)
	}
}

// givesAccess holds the access of a mark against the levels of the kinds that it names, where IAM guards them.
func givesAccess(t *testing.T, s *Schema, mark *componentMark, path string) {
	t.Helper()
	for _, kind := range mark.kinds {
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
