package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/panka-io/panka/compiler/diag"
)

func TestReadConfigFile(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("outside"), 0o600); err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	folder := filepath.Join(root, "a", "configs")
	if err := os.MkdirAll(filepath.Join(folder, "inner"), 0o755); err != nil {
		t.Fatal(err)
	}
	full := bytes.Repeat([]byte("x"), MaxConfigFileSize)
	for name, content := range map[string][]byte{
		"app.yaml": []byte("level: info\n"), "full": full, "over": append(full, 'x'), "empty": nil,
		"binary": []byte("one\ntwo\x00three"),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{
		"inside": "app.yaml", "out": outside, "up": "../../../secret", "lost": "nowhere", "away": filepath.Dir(outside),
	} {
		if err := os.Symlink(target, filepath.Join(folder, link)); err != nil {
			t.Fatal(err)
		}
	}
	pos := diag.Position{File: "f.yaml", Line: 3, Column: 9}
	for _, c := range []struct{ name, content, code, hint string }{
		{"a/configs/app.yaml", "level: info\n", "", ""},
		{"a/configs/inside", "level: info\n", "", ""},
		{"a/configs/full", string(full), "", ""},
		{"a/configs/empty", "", "", ""},
		{"a/configs/ap.yaml", "", "missing-file", `did you mean "app.yaml"?`},
		{"a/configs/lost", "", "missing-file", "it is a symbolic link that leads nowhere"},
		{"b/configs/app.yaml", "", "missing-file", "make the folder b/configs/ beside the component's document and put the file there"},
		{"a/configs/over", "", "too-large", "split it, or keep it in the image or a bucket"},
		{"a/configs/binary", "", "not-text", "only text can be mounted; put other files into the image"},
		{"a/configs/inner", "", "unreadable", "name each file by itself"},
		{"a/configs/out", "", "unreadable", "the file must be in the repository; no symbolic link may lead out of it"},
		{"a/configs/up", "", "unreadable", "the file must be in the repository; no symbolic link may lead out of it"},
		{"a/configs/away/secret", "", "unreadable", "the file must be in the repository; no symbolic link may lead out of it"},
		{"../secret", "", "unreadable", "the file must be in the repository; no symbolic link may lead out of it"},
	} {
		f, problem := ReadConfigFile(root, c.name, pos)
		if c.code == "" {
			if problem != nil || f.Path != c.name || string(f.Content) != c.content {
				t.Errorf("%s: %+v %v", c.name, f.Path, problem)
			}
			continue
		}
		if problem == nil || problem.Code != c.code || problem.Hint != c.hint || problem.Position != pos {
			t.Errorf("%s: %+v, want %s with the hint %q", c.name, problem, c.code, c.hint)
			continue
		}
		if !strings.Contains(problem.Message, c.name) || strings.Contains(problem.Message, "outside") {
			t.Errorf("%s: %s", c.name, problem.Message)
		}
		if f.Content != nil {
			t.Errorf("%s: refused, and its content is %q", c.name, f.Content)
		}
	}
	if _, problem := ReadConfigFile(root, "a/configs/binary", pos); !strings.HasSuffix(problem.Message, "in line 2") {
		t.Errorf("got %s", problem.Message)
	}
	if _, problem := ReadConfigFile(filepath.Join(root, "nowhere"), "a", pos); problem == nil || problem.Code != "unreadable" {
		t.Errorf("a repository that does not exist: %v", problem)
	}
}
