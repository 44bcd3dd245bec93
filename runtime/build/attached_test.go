package build

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

// TestAttachedFilesAreLaidOut: for the program to run beside, and a change of one builds nothing.
func TestAttachedFilesAreLaidOut(t *testing.T) {
	ctx, cache := context.Background(), filepath.Join(t.TempDir(), "cache")
	files := project()
	r, _ := request(t, cache, files)
	delete(r.Files, "wave-0/README.md")
	plain, err := Build(ctx, r)
	if err != nil || plain.Dirs != nil {
		t.Fatalf("without files: %+v, %v", plain, err)
	}
	var before string
	for _, code := range []string{"first", "second", "first"} {
		files["wave-1/app_resize.zip"] = []byte(code)
		r, log := request(t, cache, files)
		res, err := Build(ctx, r)
		if err != nil {
			t.Fatal(err)
		}
		if res.Built || len(*log) > 0 || res.Programs[1] != plain.Programs[1] {
			t.Errorf("new code built the programs anew: %+v", res)
		}
		if len(res.Dirs) != 2 || res.Dirs[1] == before {
			t.Fatalf("folders %q, before %q", res.Dirs, before)
		}
		got, err := os.ReadFile(filepath.Join(res.Dirs[1], "app_resize.zip"))
		if err != nil || string(got) != code {
			t.Errorf("the program finds %q, %v", got, err)
		}
		if info, err := os.Stat(res.Dirs[0]); err != nil || !info.IsDir() {
			t.Errorf("the other program has no folder: %v", err)
		}
		before = res.Dirs[1]
	}
	left, err := filepath.Glob(filepath.Join(cache, "attached-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left over: %v, %v", left, err)
	}
}
