package generated

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/bundle"
)

// project makes a bundle and its files for a source.
func project(t *testing.T, source string, files map[string]string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	b := bundle.Bundle{Version: bundle.FormatVersion, Stack: "web", Environment: "production", SourceDigest: source, Files: map[string]string{}}
	for name, text := range files {
		out[name] = []byte(text)
		b.Files[name] = Digest([]byte(text))
	}
	data, err := b.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	out[bundle.FileName] = data
	return out
}

func write(t *testing.T, dir string, files map[string][]byte) {
	t.Helper()
	changed, err := Write(dir, files)
	if err != nil || !changed {
		t.Fatalf("Write = %v, %v", changed, err)
	}
}

func TestWriteReplacesWhatItMade(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "web", "production")
	write(t, dir, project(t, "1", map[string]string{"wave-0/main.go": "a", "wave-1/old.go": "b"}))
	second := project(t, "2", map[string]string{"wave-0/main.go": "c"})
	write(t, dir, second)
	got, err := Read(dir)
	if err != nil || !reflect.DeepEqual(got, second) {
		t.Errorf("folder holds %v, %v", got, err)
	}
	if changed, err := Write(dir, second); changed || err != nil {
		t.Errorf("writing the same again: %v, %v", changed, err)
	}
	left, err := os.ReadDir(filepath.Dir(dir))
	if err != nil || len(left) != 1 {
		t.Errorf("beside the folder is left: %v, %v", left, err)
	}
}

func TestWriteRefusesWhatItDidNotMake(t *testing.T) {
	want := project(t, "1", map[string]string{"wave-0/main.go": "a"})
	other := project(t, "1", map[string]string{"wave-0/main.go": "b"})
	other[bundle.FileName] = []byte(strings.Replace(string(other[bundle.FileName]), "production", "staging", 1))
	extra := project(t, "1", map[string]string{"wave-0/main.go": "b"})
	extra["wave-0/mine.go"] = []byte("mine")
	for name, files := range map[string]map[string][]byte{
		"no bundle":         {"notes.txt": []byte("x")},
		"broken bundle":     {bundle.FileName: []byte("{")},
		"other environment": other,
		"extra file":        extra,
	} {
		dir := t.TempDir()
		if err := writeAll(dir, files); err != nil {
			t.Fatal(err)
		}
		var foreign *ForeignError
		if _, err := Write(dir, want); !errors.As(err, &foreign) {
			t.Errorf("%s: %v, want a ForeignError", name, err)
		}
		if got, err := Read(dir); err != nil || !reflect.DeepEqual(got, files) {
			t.Errorf("%s: the folder was changed to %v, %v", name, got, err)
		}
	}
}

func TestWriteStaysInTheFolder(t *testing.T) {
	root := t.TempDir()
	files := project(t, "1", map[string]string{"../../escaped": "x"})
	if _, err := Write(filepath.Join(root, "a", "b"), files); err == nil {
		t.Error("a path with .. was written")
	}
	if _, err := os.Stat(filepath.Join(root, "escaped")); err == nil {
		t.Error("a file was written outside the folder")
	}
}

func TestCompare(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "production")
	write(t, dir, project(t, "1", map[string]string{"same.go": "s", "edited.go": "a\n", "stale.go": "b\n", "gone.go": "c", "dropped.go": "d"}))
	for name, text := range map[string]string{"edited.go": "by hand\n", "extra.go": "x"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "gone.go")); err != nil {
		t.Fatal(err)
	}
	findings, err := Compare(dir, project(t, "2", map[string]string{"same.go": "s", "edited.go": "a\n", "stale.go": "new\n", "gone.go": "c", "added.go": "e"}))
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]State{}
	for _, f := range findings {
		got[f.Path] = f.State
		if f.Path == "stale.go" && !strings.Contains(string(f.Diff), "\n-b\n+new\n") {
			t.Errorf("diff of stale.go:\n%s", f.Diff)
		}
	}
	want := map[string]State{"added.go": Missing, bundle.FileName: Stale, "dropped.go": Stale, "edited.go": Edited,
		"extra.go": Extra, "gone.go": Missing, "stale.go": Stale}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("found %v\nwant  %v", got, want)
	}
}

func TestCompareAnEditedBundle(t *testing.T) {
	files := project(t, "1", map[string]string{"main.go": "a"})
	for _, edit := range []string{"x", `"stack": "web2"`} {
		dir := filepath.Join(t.TempDir(), "production")
		write(t, dir, files)
		text := strings.Replace(string(files[bundle.FileName]), `"stack": "web"`, edit, 1)
		if err := os.WriteFile(filepath.Join(dir, bundle.FileName), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		findings, err := Compare(dir, files)
		if err != nil || len(findings) != 1 || findings[0].State != Edited {
			t.Errorf("%s: %v, %v; want the bundle edited", edit, findings, err)
		}
	}
}

func TestReadRefusesLinks(t *testing.T) {
	dir := t.TempDir()
	if err := os.Symlink("/etc/hostname", filepath.Join(dir, "link")); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if _, err := Read(dir); err == nil {
		t.Error("a symbolic link was read")
	}
}
