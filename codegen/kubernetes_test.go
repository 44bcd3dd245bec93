package codegen_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"
	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/kinds"
	"github.com/panka-io/panka/compiler/ir"
)

// unregistered is a kind that registers nothing: what the foundation has follows from the components' documents alone.
type unregistered struct{ component.Kind }

func (unregistered) Outputs(*ir.Component) []component.Output { return nil }
func (unregistered) Generate(b *component.Builder)            { b.Statement(jen.Id("_").Op("=").Id("parent")) }

// withoutWorkloads are all kinds, of which those that can run on Kubernetes register nothing.
func withoutWorkloads() []component.Kind {
	all := kinds.All()
	for i, kind := range all {
		if slices.Contains([]string{"CronJob", "Kafka", "MicroService", "Worker"}, kind.Name()) {
			all[i] = unregistered{kind}
		}
	}
	return all
}

// TestFoundationOnKubernetes shows the foundation's file of stacks with a cluster, and vets it.
func TestFoundationOnKubernetes(t *testing.T) {
	files, err := filepath.Glob("testdata/kubernetes/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no goldens: %v", err)
	}
	dir := t.TempDir()
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		c := kindCase{file: file, archive: archive}
		p, ds := codegen.GenerateWith(c.compiled(t), withoutWorkloads())
		if ds.HasErrors() {
			t.Fatalf("%s: %v", file, ds)
		}
		want := &txtar.Archive{Comment: archive.Comment}
		for _, f := range archive.Files {
			if strings.HasPrefix(f.Name, "in/") {
				want.Files = append(want.Files, f)
			}
		}
		want.Files = append(want.Files, txtar.File{Name: "out/foundation.go", Data: p.Files["wave-0/foundation.go"]})
		if *update {
			if err := os.WriteFile(file, txtar.Format(want), 0o644); err != nil {
				t.Fatal(err)
			}
		} else if got := txtar.Format(archive); !bytes.Equal(got, txtar.Format(want)) {
			t.Errorf("%s is not what is generated now; run go test ./codegen -run TestFoundationOnKubernetes -update and look at the difference:\n%s",
				file, strings.Join(changedLines(string(got), string(txtar.Format(want))), "\n"))
		}
		writeProject(t, dir, c.name(), p)
	}
	vet := exec.Command("go", "vet", "-mod=readonly", "./...")
	vet.Dir = dir
	vet.Env = append(os.Environ(), "GOWORK=off")
	if out, err := vet.CombinedOutput(); err != nil {
		t.Errorf("go vet: %v\n%s", err, out)
	}
}
