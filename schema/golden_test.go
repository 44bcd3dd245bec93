package schema

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
)

var update = flag.Bool("update", false, "rewrite the want sections of the goldens")

// TestGolden checks the documents of the stack "shop" of each archive in testdata, as written, and compares the
// diagnostics with the archive's section "want". The archive's comment may declare variables: "variable NAME type".
func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no goldens: %v", err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			want := -1
			root := t.TempDir()
			for i, f := range archive.Files {
				if f.Name == "want" {
					want = i
					continue
				}
				write(t, filepath.Join(root, placeOf(f.Name)), string(f.Data))
			}
			got := show(checkAll(t, root, declared(string(archive.Comment))))
			if *update {
				if want < 0 {
					archive.Files = append(archive.Files, txtar.File{Name: "want"})
					want = len(archive.Files) - 1
				}
				archive.Files[want].Data = []byte(got)
				write(t, path, string(txtar.Format(archive)))
				return
			}
			if want < 0 || string(archive.Files[want].Data) != got {
				t.Errorf("got:\n%s\nrun with -update if that is right", got)
			}
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func declared(comment string) VariableTypes {
	types := VariableTypes{}
	for line := range strings.Lines(comment) {
		if words := strings.Fields(line); len(words) == 3 && words[0] == "variable" {
			types[words[1]] = words[2]
		}
	}
	return types
}

// placeOf is where a file of a golden lies: templates/ at the root, everything else in the stack shop.
func placeOf(name string) string {
	if strings.HasPrefix(name, "templates/") {
		return name
	}
	return "stacks/shop/" + name
}

// loadAll reads the documents of the stack shop and the templates.
func loadAll(t *testing.T, root string) ([]*source.Document, diag.List) {
	t.Helper()
	documents, _, diags := source.Load(t.Context(), root, "shop")
	templates, _, problems := source.LoadTemplates(t.Context(), root)
	return append(documents, templates...), append(diags, problems...)
}

func checkAll(t *testing.T, root string, variables VariableTypes) diag.List {
	t.Helper()
	documents, diags := loadAll(t, root)
	s := load(t)
	for _, doc := range documents {
		diags.Add(s.CheckDocument(doc, variables)...)
	}
	return diags
}

func load(t testing.TB) *Schema {
	t.Helper()
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func show(diags diag.List) string {
	var b strings.Builder
	for _, d := range diags.Sorted() {
		fmt.Fprintf(&b, "%s [%s]\n", strings.TrimPrefix(d.Error(), "stacks/shop/"), d.Code)
		if d.Hint != "" {
			fmt.Fprintf(&b, "\thint: %s\n", d.Hint)
		}
		for _, r := range d.Related {
			fmt.Fprintf(&b, "\t%s: %s\n", strings.TrimPrefix(r.Position.String(), "stacks/shop/"), r.Message)
		}
	}
	return b.String()
}
