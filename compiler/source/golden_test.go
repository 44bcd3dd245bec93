package source

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/compiler/diag"
)

var update = flag.Bool("update", false, "rewrite the want sections of the goldens")

// TestGolden loads the stack "shop" and the templates of each archive in testdata and compares the documents and diagnostics with the
// archive's section "want".
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
			root := t.TempDir()
			want := -1
			for i, f := range archive.Files {
				if f.Name == "want" {
					want = i
					continue
				}
				write(t, root, f.Name, string(f.Data))
			}
			documents, _, diags := Load(t.Context(), root, "shop")
			templates, _, problems := LoadTemplates(t.Context(), root)
			documents, diags = append(documents, templates...), append(diags, problems...)
			got := show(documents, diags)
			if *update {
				if want < 0 {
					archive.Files = append(archive.Files, txtar.File{Name: "want"})
					want = len(archive.Files) - 1
				}
				archive.Files[want].Data = []byte(got)
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want < 0 || string(archive.Files[want].Data) != got {
				t.Errorf("got:\n%s\nrun with -update if that is right", got)
			}
		})
	}
}

func write(t *testing.T, root, name, content string) {
	t.Helper()
	path := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func show(documents []*Document, diags diag.List) string {
	var b strings.Builder
	for _, d := range documents {
		fmt.Fprintf(&b, "%s: %s %s stack=%s service=%s environment=%s\n",
			d.Pos, d.Kind, d.Metadata.Name, d.Metadata.Stack, d.Metadata.Service, d.Scope.Environment)
	}
	for _, d := range diags.Sorted() {
		fmt.Fprintf(&b, "%s [%s]\n", d.Error(), d.Code)
		if d.Hint != "" {
			fmt.Fprintf(&b, "\thint: %s\n", d.Hint)
		}
		for _, r := range d.Related {
			fmt.Fprintf(&b, "\t%s: %s\n", r.Position, r.Message)
		}
	}
	return b.String()
}
