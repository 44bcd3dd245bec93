package container

import (
	"bytes"
	"encoding/base64"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestFill runs what fills the volumes: files come out as they went in, with their modes, in folders that are made.
func TestFill(t *testing.T) {
	shell, err := exec.LookPath("bash") // for pipefail, as in busybox
	if err != nil {
		t.Skip("there is no bash here")
	}
	root := t.TempDir()
	contents := [][]byte{[]byte("a: ${HOME} $(id) `id`\n\n"), {}, []byte("\xff\xfe no newline at the end")}
	names := []string{filepath.Join(root, "app.yaml"), filepath.Join(root, "deep", "er", "empty"), filepath.Join(root, "with $x 'and", "bytes")}
	modes := []string{"0444", "0600", "0755"}
	run := exec.Command(shell, "-c", fill, "files", "")
	for i, content := range contents {
		run.Args = append(run.Args, modes[i], names[i])
		run.Env = append(run.Env, "FILE_"+string(rune('1'+i))+"="+base64.StdEncoding.EncodeToString(content))
	}
	run.Env = append(run.Env, "PATH="+os.Getenv("PATH"))
	if out, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for i, name := range names {
		got, err := os.ReadFile(name)
		if err != nil || !bytes.Equal(got, contents[i]) {
			t.Errorf("%s holds %q, %v, want %q", name, got, err, contents[i])
		}
		if info, err := os.Stat(name); err == nil && info.Mode().Perm() != []os.FileMode{0o444, 0o600, 0o755}[i] {
			t.Errorf("%s has the mode %v, want %s", name, info.Mode(), modes[i])
		}
	}
	if exec.Command(shell, "-c", fill, "files", "", "0444", filepath.Join(root, "none")).Run() == nil {
		t.Error("a file without content is no failure")
	}
}
