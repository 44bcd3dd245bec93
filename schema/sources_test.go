package schema

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"cuelang.org/go/cue/ast"
	"cuelang.org/go/cue/parser"
)

// TestSourcesAreReadAsTheyStand compares what is found in the text with what the parser finds: the kinds, and the
// definitions.
func TestSourcesAreReadAsTheyStand(t *testing.T) {
	paths, err := fs.Glob(files, "*/*.cue")
	if err != nil {
		t.Fatal(err)
	}
	var kinds []kind
	var defined []string
	for _, path := range paths {
		text, err := files.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
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
			defined = append(defined, name)
			if body, ok := field.Value.(*ast.StructLit); ok {
				if k := (kind{literalField(body, "apiVersion"), literalField(body, "kind")}); k.name != "" {
					kinds = append(kinds, k)
				}
			}
		}
	}
	from := load(t).sources
	if len(kinds) != len(from.kinds) || len(defined) != len(from.defined) {
		t.Errorf("%d kinds and %d definitions were found, not %d and %d", len(from.kinds), len(from.defined), len(kinds), len(defined))
	}
	for _, k := range kinds {
		if from.kinds[k] != "#"+k.name {
			t.Errorf("%v is defined by %q", k, from.kinds[k])
		}
	}
	for _, name := range defined {
		text := from.defined[name]
		if strings.HasPrefix(name, "#") && !strings.HasPrefix(text, "//") || !strings.Contains("\n"+text, "\n"+name+":") {
			t.Errorf("%s is not found with its comment: %q", name, text)
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

func TestDefinedTwice(t *testing.T) {
	_, err := newFrom(files, fstest.MapFS{"kinds/name.cue": {Data: []byte("package schema\n\n// A name.\n#Name: string\n")}})
	if err == nil || !strings.Contains(err.Error(), "kinds/name.cue: #Name is defined twice") {
		t.Errorf("%v", err)
	}
}

// TestOnlyWhatIsUsedIsBuilt uses one kind of component, then others, together or by themselves.
func TestOnlyWhatIsUsedIsBuilt(t *testing.T) {
	s := load(t)
	built := func() string {
		var names []string
		for name := range s.roots {
			if kind := strings.TrimPrefix(name, "#"); s.Known(ComponentVersion, kind) || s.Known("core.panka.io/v1", kind) {
				names = append(names, kind)
			}
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	if len(s.roots) > 0 {
		t.Errorf("%d definitions are built before any is used", len(s.roots))
	}
	s.FieldNames("RDS", "spec")
	if got := built(); got != "RDS" {
		t.Errorf("for RDS were built: %s", got)
	}
	s.Use("SQS", "Nobody", "Stack")
	if got := built(); got != "RDS SQS Stack" || s.roots["#SQS"] != s.roots["#Stack"] || s.roots["#SQSOutputs"] != s.roots["#SQS"] {
		t.Errorf("for SQS and Stack together were built: %s", got)
	}
	root := s.roots["#RDS"]
	s.Use("RDS", "DynamoDB")
	if got := built(); got != "DynamoDB RDS SQS Stack" || s.roots["#RDS"] != root {
		t.Errorf("for DynamoDB were built: %s", got)
	}
}

// TestEachKindStandsAlone builds each kind in a schema of its own, which shows what it lacks; it must say the same as in
// a schema where all are built together.
func TestEachKindStandsAlone(t *testing.T) {
	all := load(t)
	var names []string
	for _, k := range all.kinds {
		names = append(names, k.name)
	}
	all.Use(names...)
	for _, name := range names {
		alone := load(t)
		sh := alone.document(name)
		if sh == nil {
			t.Fatalf("%s is not found", name)
		}
		if got, want := paths(sh, name), paths(all.document(name), name); !slices.Equal(got, want) {
			t.Errorf("%s has %v alone and %v among all", name, got, want)
		}
		if s := slices.Equal(alone.Outputs(name), all.Outputs(name)); !s {
			t.Errorf("the outputs of %s are %v alone and %v among all", name, alone.Outputs(name), all.Outputs(name))
		}
	}
}

// paths are those of all fields of a shape.
func paths(sh *shape, path string) []string {
	var all []string
	walk(sh, path, func(_ *shape, path string) { all = append(all, path) })
	return all
}
