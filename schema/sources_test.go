package schema

import (
	"io/fs"
	"slices"
	"strings"
	"testing"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
)

// TestSourcesAreReadAsTheyStand compares what is found in the text with what the parser finds: the kinds, and that each
// definition stands in one file.
func TestSourcesAreReadAsTheyStand(t *testing.T) {
	from := load(t).sources
	kinds, defined := map[kind]string{}, map[string]string{}
	for path, text := range from.texts {
		file, err := parser.ParseFile(path, text)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			field, ok := decl.(*ast.Field)
			if !ok {
				continue
			}
			name, _, _ := ast.LabelName(field.Label)
			if other := defined[name]; other != "" {
				t.Errorf("%s stands in %s and in %s", name, other, path)
			}
			defined[name] = path
			if body, ok := field.Value.(*ast.StructLit); ok {
				if k := (kind{literalField(body, "apiVersion"), literalField(body, "kind")}); k.name != "" {
					kinds[k] = path
				}
			}
		}
	}
	if len(kinds) != len(from.kinds) || len(defined) != len(from.defined) {
		t.Errorf("%d kinds and %d definitions were found, not %d and %d", len(from.kinds), len(from.defined), len(kinds), len(defined))
	}
	for k, path := range kinds {
		if from.kinds[k] != path {
			t.Errorf("%v is in %s, not in %q", k, path, from.kinds[k])
		}
	}
	for name, path := range defined {
		if from.defined[name] != path {
			t.Errorf("%s is in %s, not in %q", name, path, from.defined[name])
		}
	}
}

func literalField(body *ast.StructLit, name string) string {
	for _, decl := range body.Elts {
		field, ok := decl.(*ast.Field)
		if !ok {
			continue
		}
		label, _, _ := ast.LabelName(field.Label)
		if literal, ok := field.Value.(*ast.BasicLit); ok && label == name {
			return strings.Trim(literal.Value, `"`)
		}
	}
	return ""
}

// TestKindsOfComponentsNeedNoOther: what several kinds have in common stands in shared/, so that using one does not
// build the others.
func TestKindsOfComponentsNeedNoOther(t *testing.T) {
	from := load(t).sources
	for path := range from.texts {
		for _, other := range from.needed(path) {
			if other != path && strings.HasPrefix(other, "kinds/") {
				t.Errorf("%s needs %s", path, other)
			}
		}
	}
}

// TestOnlyWhatIsUsedIsBuilt uses one kind of component.
func TestOnlyWhatIsUsedIsBuilt(t *testing.T) {
	s := load(t)
	if len(s.roots) > 0 {
		t.Errorf("%d files are built before any is used", len(s.roots))
	}
	s.Outputs("RDS")
	s.FieldNames("RDS", "spec")
	for path := range s.roots {
		if path != "kinds/rds.cue" && !strings.HasPrefix(path, "shared/") {
			t.Errorf("%s is built for RDS", path)
		}
	}
	if _, ok := s.roots["kinds/rds.cue"]; !ok {
		t.Error("kinds/rds.cue is not built")
	}
}

// TestEachKindStandsAlone builds each kind in a schema of its own, which shows what it lacks.
func TestEachKindStandsAlone(t *testing.T) {
	paths, err := fs.Glob(files, "*/*.cue")
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range load(t).kinds {
		s := load(t)
		if s.document(k.name) == nil {
			t.Errorf("%s is not found", k.name)
		}
		for path := range s.roots {
			if !slices.Contains(paths, path) {
				t.Errorf("%s is built from %s, which is no file", k.name, path)
			}
		}
	}
}
