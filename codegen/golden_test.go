package codegen_test

import (
	"bytes"
	"flag"
	"go/format"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/project"
	"github.com/panka-io/panka/compiler/ir"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// example is the repository from the seed, wide one that uses every field of every kind, foreign one of a stack that uses
// another.
const (
	foreign = "testdata/foreign"
	example = "../examples/seed-example"
	wide    = "testdata/wide"
)

type goldenCase struct{ name, root, stack, environment string }

func goldenCases() []goldenCase {
	return []goldenCase{
		{"example-development", example, "user-platform", "development"},
		{"example-production", example, "user-platform", "production"},
		{"wide", wide, "shop", "test"},
		{"foreign", foreign, "shop", "test"},
	}
}

func (c goldenCase) compiled(t testing.TB) *ir.Stack {
	return compiled(t, c.root, c.stack, c.environment)
}

// archive is a project as one text; the module files, which are the same for all, are left out.
func archive(p *codegen.Project) []byte {
	a := &txtar.Archive{}
	for _, name := range slices.Sorted(maps.Keys(p.Files)) {
		if name != "go.mod" && name != "go.sum" {
			a.Files = append(a.Files, txtar.File{Name: name, Data: p.Files[name]})
		}
	}
	return txtar.Format(a)
}

func TestGolden(t *testing.T) {
	for _, c := range goldenCases() {
		t.Run(c.name, func(t *testing.T) {
			got := archive(generated(t, c.compiled(t)))
			file := filepath.Join("testdata", c.name+".txtar")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s is not what is generated now; run go test ./codegen -update and look at the difference:\n%s",
					file, strings.Join(changedLines(string(want), string(got)), "\n"))
			}
		})
	}
}

// TestGoldensCompile vets all goldens against the real SDK, all in one module so that it is loaded once.
func TestGoldensCompile(t *testing.T) {
	dir := t.TempDir()
	for _, c := range goldenCases() {
		writeProject(t, dir, c.name, generated(t, c.compiled(t)))
	}
	for _, c := range kindCases(t) {
		writeProject(t, dir, strings.ToLower(c.kind)+"-"+c.name(), generated(t, c.compiled(t)))
	}
	// The modules of stacks with objects of Kubernetes are those of all others too.
	for name, data := range map[string][]byte{"go.mod": project.Kubernetes.GoMod("goldens", ""), "go.sum": project.Kubernetes.GoSum()} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	vet := exec.Command("go", "vet", "-mod=readonly", "./...")
	vet.Dir = dir
	vet.Env = append(os.Environ(), "GOWORK=off")
	if out, err := vet.CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, out)
	}
}

// writeProject writes a project below dir, its module files into dir itself.
func writeProject(t *testing.T, dir, name string, p *codegen.Project) {
	t.Helper()
	for file, data := range p.Files {
		target := filepath.Join(dir, name, filepath.FromSlash(file))
		if file == "go.mod" || file == "go.sum" {
			target = filepath.Join(dir, file)
		}
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestGeneratedCodeIsFormatted(t *testing.T) {
	for _, c := range goldenCases() {
		for name, data := range generated(t, c.compiled(t)).Files {
			if path.Ext(name) != ".go" {
				continue
			}
			formatted, err := format.Source(data)
			if err != nil {
				t.Fatalf("%s of %s: %v", name, c.name, err)
			}
			if !bytes.Equal(formatted, data) {
				t.Errorf("%s of %s is not as gofmt writes it", name, c.name)
			}
		}
	}
}

// changedLines are the lines that stand in only one of two texts, marked - and +.
func changedLines(before, after string) []string {
	b, a := strings.Split(before, "\n"), strings.Split(after, "\n")
	// The longest common subsequence, by lengths of suffixes.
	common := make([][]int, len(b)+1)
	for i := range common {
		common[i] = make([]int, len(a)+1)
	}
	for i := len(b) - 1; i >= 0; i-- {
		for j := len(a) - 1; j >= 0; j-- {
			if b[i] == a[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var changed []string
	i, j := 0, 0
	for i < len(b) || j < len(a) {
		switch {
		case i < len(b) && j < len(a) && b[i] == a[j]:
			i, j = i+1, j+1
		case i < len(b) && (j == len(a) || common[i+1][j] >= common[i][j+1]):
			changed = append(changed, "-"+b[i])
			i++
		default:
			changed = append(changed, "+"+a[j])
			j++
		}
	}
	return changed
}
