package schema

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// TestSoundDocuments takes the documents of testdata/sound_<kind>.txtar as if nothing else were laid over them: they are
// accepted as merged ones too, also with the defaults filled in, and the one that is called minimal is short.
func TestSoundDocuments(t *testing.T) {
	paths, err := filepath.Glob("testdata/sound_*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no documents: %v", err)
	}
	s := load(t)
	for _, path := range paths {
		kind := strings.TrimSuffix(strings.TrimPrefix(filepath.Base(path), "sound_"), ".txtar")
		t.Run(kind, func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var found []string
			for _, f := range archive.Files {
				if f.Name == "want" {
					continue
				}
				name := strings.TrimSuffix(filepath.Base(f.Name), ".yaml")
				found = append(found, name)
				if lines := strings.Count(string(f.Data), "\n"); name == "minimal" && lines >= 15 {
					t.Errorf("the minimal document has %d lines", lines)
				}
				soundWhenMerged(t, s, f)
			}
			if !slices.Contains(found, "minimal") || !slices.Contains(found, "everything") {
				t.Errorf("minimal or everything is missing among %v", found)
			}
		})
	}
}

func soundWhenMerged(t *testing.T, s *Schema, f txtar.File) {
	t.Helper()
	roots, diags := source.Parse(f.Name, f.Data)
	for _, root := range roots {
		version, kind := root.Get("apiVersion").Text, root.Get("kind").Text
		merged := value(root.Get("spec"))
		diags.Add(s.CheckMerged(version, kind, merged)...)
		filled := s.Defaults(kind, merged)
		diags.Add(s.CheckMerged(version, kind, filled)...)
		diags.Add(s.CheckMerged(version, kind, s.Defaults(kind, filled))...)
	}
	for _, d := range diags {
		t.Error(d.Error())
	}
}

// TestEverythingUsesEveryField holds the documents that are called everything to their name: each field of the kind
// stands in one of the kind's sound documents.
func TestEverythingUsesEveryField(t *testing.T) {
	s := load(t)
	for _, kind := range s.Kinds(ComponentVersion) {
		content, err := os.ReadFile("testdata/sound_" + strings.ToLower(kind) + ".txtar")
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		used := map[string]bool{}
		for _, f := range txtar.Parse(content).Files {
			if f.Name == "want" {
				continue
			}
			roots, _ := source.Parse(f.Name, f.Data)
			for _, root := range roots {
				notePaths(used, value(root.Get("spec")), "spec")
			}
		}
		for _, path := range unusedPaths(used, s.document(kind).field("spec").shape, "spec") {
			t.Errorf("no sound %s has the field %s", kind, path)
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
		if f.shape.refuse == "" {
			unused = append(unused, unusedPaths(used, f.shape, path+"."+f.name)...)
		}
	}
	if sh.form == listForm {
		unused = append(unused, unusedPaths(used, sh.elem, path+"[]")...)
	}
	return unused
}
