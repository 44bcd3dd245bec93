package source

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/panka-io/panka/compiler/diag"
)

func TestReadText(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(outside, []byte("outside"), 0o600); err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	folder := filepath.Join(root, "a", "configs")
	if err := os.MkdirAll(filepath.Join(folder, "inner"), 0o755); err != nil {
		t.Fatal(err)
	}
	full := bytes.Repeat([]byte("x"), MaxMountedSize)
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
		f, problem := ReadText(root, c.name, Mounted, pos)
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
	if _, problem := ReadText(root, "a/configs/binary", Mounted, pos); !strings.HasSuffix(problem.Message, "in line 2") {
		t.Errorf("got %s", problem.Message)
	}
	if _, problem := ReadText(filepath.Join(root, "nowhere"), "a", Mounted, pos); problem == nil || problem.Code != "unreadable" {
		t.Errorf("a repository that does not exist: %v", problem)
	}
}

// TestReadUserData: a machine takes four times as much as a task can be given in a file.
func TestReadUserData(t *testing.T) {
	root := t.TempDir()
	for name, size := range map[string]int{"full": MaxUserDataSize, "over": MaxUserDataSize + 1} {
		if err := os.WriteFile(filepath.Join(root, name), bytes.Repeat([]byte("x"), size), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if f, problem := ReadText(root, "full", UserData, diag.Position{}); problem != nil || len(f.Content) != MaxUserDataSize {
		t.Errorf("%d bytes, %v", len(f.Content), problem)
	}
	_, problem := ReadText(root, "over", UserData, diag.Position{})
	if problem == nil || problem.Code != "too-large" || problem.Message != "over is larger than 16 KiB" ||
		problem.Hint != "keep the script in a bucket and let a short one fetch it" {
		t.Errorf("%+v", problem)
	}
}
