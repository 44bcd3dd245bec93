package codegen_test

import (
	"bytes"
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/kinds"
	"github.com/panka-io/panka/codegen/kinds/foundation"
	"github.com/panka-io/panka/codegen/kindtest"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/ir"
)

// Each kind's goldens lie beside its generator; kindtest.Case says what one holds. The golden is out/<component>.go for each
// component of the kind, and out/foundation.go if there are documents in in/infra or the golden is of the foundation.

// kindCase is one golden of a kind.
type kindCase struct {
	kind, file string
	archive    *txtar.Archive
}

func kindCases(t testing.TB) []kindCase {
	t.Helper()
	all, err := kindtest.Cases(".")
	if err != nil {
		t.Fatal(err)
	}
	var cases []kindCase
	for _, c := range all {
		cases = append(cases, kindCase{c.Kind, c.File, c.Archive})
	}
	return cases
}

func (c kindCase) name() string { return strings.TrimSuffix(filepath.Base(c.file), ".txtar") }

// compiled is the case's stack.
func (c kindCase) compiled(t testing.TB) *ir.Stack {
	t.Helper()
	root := t.TempDir()
	write := func(name, text string) {
		target := filepath.Join(root, "stacks", "shop", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	header := func(kind, name string) string {
		return "apiVersion: core.panka.io/v1\nkind: " + kind + "\nmetadata: {name: " + name + "}\n"
	}
	write("stack.yaml", header("Stack", "shop")+"spec: {provider: {name: aws, region: eu-central-1}}\n")
	write("services/app/service.yaml",
		"apiVersion: core.panka.io/v1\nkind: Service\nmetadata: {name: app, stack: shop}\nspec: {}\n")
	inputs := kindtest.Case{Archive: c.archive}
	protection := "allow"
	if inputs.Protected() {
		protection = "block"
	}
	write("environments/test/environment.yaml",
		header("Environment", "test")+"spec: {protection: {dataLoss: "+protection+"}}\n")
	for name, text := range inputs.Inputs("app") {
		write(name, text)
	}
	stack, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: "shop", Environment: "test"})
	if ds.HasErrors() {
		t.Fatalf("%s: %v", c.file, ds)
	}
	return stack
}

// output is the code that the golden shows, in the order of the components.
func (c kindCase) output(p *codegen.Project, stack *ir.Stack) []txtar.File {
	var out []txtar.File
	add := func(name, file string) {
		for wave := range p.Bundle.Waves {
			if data, ok := p.Files[path.Join(p.Bundle.Waves[wave].Dir, file)]; ok {
				out = append(out, txtar.File{Name: "out/" + name + ".go", Data: data})
				return
			}
		}
	}
	for _, component := range stack.Components {
		if component.Kind == c.kind {
			add(component.Name, names.File(component.Service, component.Name))
		}
	}
	if c.kind == foundation.Name || slices.ContainsFunc(c.archive.Files, func(f txtar.File) bool { return strings.HasPrefix(f.Name, "in/infra/") }) {
		add("foundation", "foundation.go")
	}
	return out
}

func TestKindGoldens(t *testing.T) {
	for _, c := range kindCases(t) {
		t.Run(c.kind+"/"+c.name(), func(t *testing.T) {
			stack := c.compiled(t)
			want := &txtar.Archive{Comment: c.archive.Comment}
			for _, f := range c.archive.Files {
				if strings.HasPrefix(f.Name, "in/") {
					want.Files = append(want.Files, f)
				}
			}
			want.Files = append(want.Files, c.output(generated(t, stack), stack)...)
			if *update {
				if err := os.WriteFile(c.file, txtar.Format(want), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got := txtar.Format(c.archive); !bytes.Equal(got, txtar.Format(want)) {
				t.Errorf("%s is not what is generated now; run go test ./codegen -run TestKindGoldens -update and look at the difference:\n%s",
					c.file, strings.Join(changedLines(string(got), string(txtar.Format(want))), "\n"))
			}
		})
	}
}

// TestKindContract runs each kind through the contract on its own goldens and on the stacks of the package.
func TestKindContract(t *testing.T) {
	stacks := map[string][]*ir.Stack{}
	for _, c := range kindCases(t) {
		stack := c.compiled(t)
		stacks[c.kind] = append(stacks[c.kind], stack, stretched(stack))
	}
	for _, c := range goldenCases() {
		stack := c.compiled(t)
		for _, kind := range kinds.All() {
			if slices.ContainsFunc(stack.Components, func(c *ir.Component) bool { return c.Kind == kind.Name() }) {
				stacks[kind.Name()] = append(stacks[kind.Name()], stack, stretched(stack))
			}
		}
	}
	for _, kind := range kinds.All() {
		t.Run(kind.Name(), func(t *testing.T) { kindtest.Contract(t, kind, stacks[kind.Name()]...) })
	}
}
