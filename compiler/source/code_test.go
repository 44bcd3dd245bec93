package source_test

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
)

func put(t *testing.T, root, name, content string, mode os.FileMode) {
	t.Helper()
	file := filepath.Join(root, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
}

// TestFolderBecomesTheSameZip: whatever the order and the time in which its files were written.
func TestFolderBecomesTheSameZip(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	put(t, one, "fn/index.js", "exports.handler = 1\n", 0o644)
	put(t, one, "fn/lib/a.js", "a\n", 0o600)
	put(t, one, "fn/bootstrap", "#!/bin/sh\n", 0o755)
	put(t, two, "fn/bootstrap", "#!/bin/sh\n", 0o700)
	put(t, two, "fn/lib/a.js", "a\n", 0o664)
	put(t, two, "fn/index.js", "exports.handler = 1\n", 0o644)
	old := time.Now().Add(-time.Hour)
	if err := os.Chtimes(filepath.Join(two, "fn", "index.js"), old, old); err != nil {
		t.Fatal(err)
	}
	first, problem := source.ReadCode(one, "fn", diag.Position{})
	if problem != nil {
		t.Fatal(problem)
	}
	second, problem := source.ReadCode(two, "fn", diag.Position{})
	if problem != nil {
		t.Fatal(problem)
	}
	if !bytes.Equal(first, second) {
		t.Error("the same folder gave two zips")
	}
	r, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range r.File {
		got = append(got, f.Name+" "+f.Mode().String())
	}
	if want := "bootstrap -rwxr-xr-x, index.js -rw-r--r--, lib/a.js -rw-r--r--"; strings.Join(got, ", ") != want {
		t.Errorf("the zip holds %q, want %s", got, want)
	}
	put(t, two, "fn/index.js", "exports.handler = 2\n", 0o644)
	if third, _ := source.ReadCode(two, "fn", diag.Position{}); bytes.Equal(first, third) {
		t.Error("other code gave the same zip")
	}
	put(t, one, "fn.zip", string(first), 0o644)
	if asIs, problem := source.ReadCode(one, "fn.zip", diag.Position{}); problem != nil || !bytes.Equal(asIs, first) {
		t.Errorf("a zip file is taken as it is: %v", problem)
	}
}

func TestCodeThatCannotBeRead(t *testing.T) {
	root := t.TempDir()
	put(t, root, "text.zip", "no zip", 0o644)
	put(t, root, "elsewhere/x.js", "x", 0o644)
	put(t, root, "linked/index.js", "x", 0o644)
	if err := os.Symlink("../elsewhere", filepath.Join(root, "linked", "modules")); err != nil {
		t.Skip(err)
	}
	put(t, root, "out/index.js", "x", 0o644)
	if err := os.Symlink("/etc/hostname", filepath.Join(root, "out", "host")); err != nil {
		t.Skip(err)
	}
	put(t, root, "large/a", "x", 0o644)
	if err := os.Truncate(filepath.Join(root, "large", "a"), source.MaxCodeUnzipped+1); err != nil {
		t.Fatal(err)
	}
	pos := diag.Position{File: "fn.yaml", Line: 5, Column: 10}
	for name, want := range map[string]string{
		"none": "missing-file", "text.zip": "not-a-zip", "linked": "unreadable", "out": "unreadable", "large": "too-large",
	} {
		if _, problem := source.ReadCode(root, name, pos); problem == nil || problem.Code != want || problem.Position != pos {
			t.Errorf("%s: got %v, want %s", name, problem, want)
		}
	}
}
