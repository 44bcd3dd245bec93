package source

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/panka-io/panka/compiler/diag"
)

const stackYAML = "apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: {name: shop}\n"

func codes(diags diag.List) string {
	var all []string
	for _, d := range diags {
		all = append(all, d.Code)
	}
	return strings.Join(all, " ")
}

func TestFindRoot(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "stacks", "shop", "services", "cart")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, from := range []string{root, deep} {
		if got, err := FindRoot(from); err != nil || got != root {
			t.Errorf("FindRoot(%s) = %q, %v", from, got, err)
		}
	}
	if _, err := FindRoot(t.TempDir()); !errors.Is(err, ErrNoRepository) {
		t.Errorf("without stacks/: %v", err)
	}
	if _, err := FindRoot(filepath.Join(root, "missing")); err == nil {
		t.Error("a folder that does not exist was accepted")
	}
}

func TestStacks(t *testing.T) {
	root := t.TempDir()
	for _, dir := range []string{"shop/environments/live", "shop/environments/dev", "shop/environments/Bad_Name", "blog", ".git", "No"} {
		if err := os.MkdirAll(filepath.Join(root, "stacks", dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write(t, root, "stacks/file", "")
	got, err := Stacks(root)
	want := []StackFolder{{Name: "blog"}, {Name: "shop", Environments: []string{"dev", "live"}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Stacks = %v, %v", got, err)
	}
	if _, err := Stacks(t.TempDir()); err == nil {
		t.Error("a folder without stacks/ was accepted")
	}
}

func TestUnknownStack(t *testing.T) {
	root := t.TempDir()
	write(t, root, "stacks/shop/stack.yaml", stackYAML)
	_, _, diags := Load(t.Context(), root, "shpo")
	if codes(diags) != "unknown-stack" || diags[0].Hint != `did you mean "shop"?` {
		t.Errorf("got %v %q", diags, diags[0].Hint)
	}
	for _, name := range []string{"../shop", "", "Shop", "shop/", strings.Repeat("a", 64)} {
		if _, _, diags := Load(t.Context(), root, name); codes(diags) != "invalid-name" {
			t.Errorf("Load(%q): %v", name, diags)
		}
	}
}

func TestFileSize(t *testing.T) {
	root := t.TempDir()
	pad := func(n int) string { return stackYAML + "#" + strings.Repeat("x", n-len(stackYAML)-1) }
	write(t, root, "stacks/shop/big.yaml", pad(2*MaxFileSize))
	write(t, root, "stacks/shop/stack.yaml", pad(MaxFileSize))
	documents, files, diags := Load(t.Context(), root, "shop")
	if codes(diags) != "too-large" || diags[0].Position != (diag.Position{File: "stacks/shop/big.yaml", Line: 1, Column: 1}) {
		t.Errorf("got %v", diags)
	}
	if len(documents) != 1 || len(files) != 1 || len(files[0].Content) != MaxFileSize {
		t.Errorf("%d documents from %d files", len(documents), len(files))
	}
}

func TestSymbolicLinks(t *testing.T) {
	root, outside := t.TempDir(), t.TempDir()
	write(t, outside, "secret.yaml", stackYAML)
	write(t, root, "shared/stack.yaml", stackYAML)
	write(t, root, "stacks/shop/infra/.keep", "")
	for at, target := range map[string]string{
		"stacks/shop/ok.yaml":         "../../shared/stack.yaml",
		"stacks/shop/absolute.yaml":   filepath.Join(outside, "secret.yaml"),
		"stacks/shop/dangling.yaml":   "nothing.yaml",
		"stacks/shop/dangling.txt":    "nothing.txt",
		"stacks/shop/folder":          "../../shared",
		"stacks/shop/infra/loop.yaml": "loop.yaml",
	} {
		if err := os.Symlink(target, filepath.Join(root, at)); err != nil {
			t.Skipf("SKIP: cannot make symbolic links: %v", err)
		}
	}
	relative, err := filepath.Rel(filepath.Join(root, "stacks/shop"), filepath.Join(outside, "secret.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(relative, filepath.Join(root, "stacks/shop/relative.yaml")); err != nil {
		t.Fatal(err)
	}
	documents, _, diags := Load(t.Context(), root, "shop")
	if len(documents) != 1 || documents[0].Pos.File != "stacks/shop/ok.yaml" {
		t.Errorf("documents: %v", documents)
	}
	var refused []string
	for _, d := range diags {
		if d.Code != "symlink" {
			t.Errorf("unexpected %v", d)
		}
		refused = append(refused, strings.TrimPrefix(d.File, "stacks/shop/"))
	}
	if got := strings.Join(refused, " "); got != "absolute.yaml dangling.yaml folder infra/loop.yaml relative.yaml" {
		t.Errorf("refused: %s", got)
	}
}

// shuffled lists directories in random order.
type shuffled struct{ fstest.MapFS }

func (s shuffled) ReadDir(name string) ([]os.DirEntry, error) {
	entries, err := s.MapFS.ReadDir(name)
	rand.Shuffle(len(entries), func(i, j int) { entries[i], entries[j] = entries[j], entries[i] })
	return entries, err
}

func TestOrderOfDirectoriesDoesNotMatter(t *testing.T) {
	fsys := fstest.MapFS{}
	for _, name := range []string{"stack.yaml", "a.yaml", "infra/b.yaml", "infra.yaml", "services/x/service.yaml", "services/y/service.yaml", "environments/e/z.yaml"} {
		fsys["stacks/shop/"+name] = &fstest.MapFile{Data: []byte(stackYAML + "---\n" + stackYAML)}
	}
	first, firstFiles, firstDiags := loadFrom(t.Context(), fsys, "shop")
	for range 20 {
		again, files, diags := loadFrom(t.Context(), shuffled{fsys}, "shop")
		if !reflect.DeepEqual(first, again) || !reflect.DeepEqual(firstFiles, files) || !reflect.DeepEqual(firstDiags, diags) {
			t.Fatal("another order of the directories gave another result")
		}
	}
	for i := 1; i < len(firstFiles); i++ {
		if firstFiles[i-1].Path >= firstFiles[i].Path {
			t.Errorf("%s stands before %s", firstFiles[i-1].Path, firstFiles[i].Path)
		}
	}
}

func TestCancelledLoadSaysSo(t *testing.T) {
	root := t.TempDir()
	write(t, root, "stacks/shop/stack.yaml", stackYAML)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if documents, _, diags := Load(ctx, root, "shop"); len(documents) > 0 || !diags.HasErrors() {
		t.Errorf("got %v, %v", documents, diags)
	}
}
