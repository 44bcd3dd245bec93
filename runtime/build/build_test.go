package build

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

func project() map[string][]byte {
	return map[string][]byte{
		"go.mod":           []byte("module example.test/waves\n\ngo 1.25\n"),
		"bundle.json":      []byte(`{"version": 1}`),
		"wave-0/main.go":   []byte("package main\n\nfunc main() { println(text) }\n"),
		"wave-0/text.go":   []byte("package main\n\nconst text = \"zero\"\n"),
		"wave-1/main.go":   []byte("package main\n\nfunc main() { println(\"one\") }\n"),
		"wave-0/README.md": []byte("not Go"),
	}
}

func request(t *testing.T, cache string, files map[string][]byte) (Request, *[]string) {
	t.Helper()
	var log []string
	return Request{
		Files: files, Waves: []string{"wave-0", "wave-1"}, CacheDir: cache,
		Log: func(s string) { log = append(log, s) },
	}, &log
}

func output(t *testing.T, program string) string {
	t.Helper()
	out, err := exec.Command(program).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	return strings.TrimSpace(string(out))
}

func TestBuildsOnceForTheSameContent(t *testing.T) {
	ctx, cache := context.Background(), filepath.Join(t.TempDir(), "cache")
	r, log := request(t, cache, project())
	first, err := Build(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	if !first.Built || output(t, first.Programs[0]) != "zero" || output(t, first.Programs[1]) != "one" {
		t.Fatalf("first build: %+v", first)
	}

	// Neither the bundle nor files that are not Go make another program.
	files := project()
	files["bundle.json"], files["wave-0/README.md"] = []byte("other"), []byte("other")
	r, log = request(t, cache, files)
	again, err := Build(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	if again.Built || len(*log) != 0 || !slices.Equal(again.Programs, first.Programs) {
		t.Errorf("second build: %+v, log %q", again, *log)
	}

	files["wave-0/text.go"] = []byte("package main\n\nconst text = \"null\"\n")
	r, log = request(t, cache, files)
	changed, err := Build(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	if !changed.Built || !slices.Equal(*log, []string{"building wave-0"}) || output(t, changed.Programs[0]) != "null" {
		t.Errorf("after a change in wave 0: %+v, log %q", changed, *log)
	}
	if changed.Programs[1] != first.Programs[1] {
		t.Error("a change in wave 0 made another program of wave 1")
	}
	leftovers, err := filepath.Glob(filepath.Join(cache, "build-*"))
	if err != nil || len(leftovers) != 0 {
		t.Errorf("left behind: %v %v", leftovers, err)
	}
}

func TestBuildErrorShowsTheCompilersWords(t *testing.T) {
	files := project()
	files["wave-0/text.go"] = []byte("package main\n\nconst text = undefinedName\n")
	r, _ := request(t, t.TempDir(), files)
	_, err := Build(context.Background(), r)
	var buildErr *Error
	if !errors.As(err, &buildErr) || !strings.Contains(buildErr.Output, "undefinedName") {
		t.Errorf("error %v", err)
	}
}

func TestTwoBuildsAtOnce(t *testing.T) {
	cache := t.TempDir()
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			r, _ := request(t, cache, project())
			res, err := Build(context.Background(), r)
			if err != nil {
				t.Error(err)
				return
			}
			for _, p := range res.Programs {
				if _, err := os.Stat(p); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestRefusesFilesOutsideTheFolder(t *testing.T) {
	files := project()
	files["wave-0/../../escape.go"] = []byte("package escape")
	r, _ := request(t, t.TempDir(), files)
	r.Waves = []string{"wave-0/../.."}
	if _, err := Build(context.Background(), r); err == nil {
		t.Error("no error")
	}
}

func TestNoToolchain(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r, _ := request(t, t.TempDir(), project())
	if _, err := Build(context.Background(), r); !errors.Is(err, ErrNoToolchain) {
		t.Errorf("error %v, want ErrNoToolchain", err)
	}
}
