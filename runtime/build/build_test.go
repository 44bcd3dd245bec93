package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
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
	r, _ := request(t, cache, project())
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
	r, log := request(t, cache, files)
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
	if !changed.Built || !slices.Equal(*log, []string{"building wave-0, wave-1"}) || output(t, changed.Programs[0]) != "null" {
		t.Errorf("after a change in wave 0: %+v, log %q", changed, *log)
	}
	if output(t, changed.Programs[1]) != "one" {
		t.Error("wave 1 is not what it was")
	}
	leftovers, err := filepath.Glob(filepath.Join(cache, "build-*"))
	if err != nil || len(leftovers) != 0 {
		t.Errorf("left behind: %v %v", leftovers, err)
	}
}

func TestOneWaveIsBuiltAsItIs(t *testing.T) {
	r, _ := request(t, t.TempDir(), project())
	r.Waves = r.Waves[:1]
	res, err := Build(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	if output(t, res.Programs[0]) != "zero" {
		t.Errorf("built %v", res.Programs)
	}
}

func TestCombineChangesTwoWords(t *testing.T) {
	const file = "// main does main things.\npackage main // main\n\nimport \"fmt\"\n\n" +
		"type main2 struct{ main int }\n\nfunc (main2) main() {}\n\nfunc main() { fmt.Println(\"package main\") }\n"
	want := strings.Replace(strings.Replace(file, "package main //", "package wave0 //", 1), "func main()", "func Main()", 1)
	if got := string(asPackage("wave-0/main.go", []byte(file), "wave0")); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	const broken = "package main\nfunc {"
	if got := string(asPackage("wave-0/main.go", []byte(broken), "wave0")); got != broken {
		t.Errorf("a file that cannot be parsed became %q", got)
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

func TestRefusesFoldersThatAreNoPlainNames(t *testing.T) {
	for _, wave := range []string{"", ".", "..", "../wave-0", "wave-0/..", "a/b", "/wave-0"} {
		r, _ := request(t, t.TempDir(), project())
		r.Waves = []string{wave}
		if _, err := Build(context.Background(), r); err == nil || !strings.Contains(err.Error(), "plain name") {
			t.Errorf("%q: error %v", wave, err)
		}
	}
}

func TestNoToolchain(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	r, _ := request(t, t.TempDir(), project())
	if _, err := Build(context.Background(), r); !errors.Is(err, ErrNoToolchain) {
		t.Errorf("error %v, want ErrNoToolchain", err)
	}
}

// TestBrokenToolchain: what the go command says about its environment reaches the user.
func TestBrokenToolchain(t *testing.T) {
	t.Setenv("GOFLAGS", "-no-such-flag")
	r, _ := request(t, t.TempDir(), project())
	if _, err := Build(context.Background(), r); err == nil || !strings.Contains(err.Error(), "no-such-flag") {
		t.Errorf("error %v, want the go command's words", err)
	}
}

func TestPruneKeepsWhatIsUsed(t *testing.T) {
	cache := t.TempDir()
	folder := func(n int, age time.Duration) string {
		dir := filepath.Join(cache, fmt.Sprintf("%040d", n))
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		used := time.Now().Add(-age)
		if err := os.Chtimes(dir, used, used); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	other := filepath.Join(cache, "not-a-key")
	if err := os.Mkdir(other, 0o700); err != nil {
		t.Fatal(err)
	}
	old, touched := folder(0, 2*keepFor), folder(1, 2*keepFor)
	touch(touched)
	prune(cache)
	if exists(old) || !exists(touched) || !exists(other) {
		t.Errorf("old %t, touched %t, other %t; want only the old one gone", exists(old), exists(touched), exists(other))
	}
	for n := range keepMost + 5 {
		folder(100+n, time.Duration(n+1)*time.Minute)
	}
	prune(cache)
	left, err := filepath.Glob(filepath.Join(cache, "0*"))
	if err != nil || len(left) != keepMost || !exists(touched) {
		t.Errorf("%d folders left, want %d, with the newest among them: %v", len(left), keepMost, err)
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
