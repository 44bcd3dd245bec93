package compiler_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// repository writes the files of a golden case into a new folder, in the given order of their indices.
func repository(t testing.TB, file string, order func(n int) []int) string {
	t.Helper()
	archive, err := txtar.ParseFile(filepath.Join("testdata", file))
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, i := range order(len(archive.Files)) {
		if f := archive.Files[i]; f.Name != "want" {
			write(t, root, f.Name, f.Data)
		}
	}
	return root
}

func inOrder(n int) []int {
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	return order
}

func compile(t testing.TB, root, environment string) *ir.Stack {
	t.Helper()
	stack, ds := compiler.Compile(context.Background(), compiler.Options{
		Root: root, Stack: "shop", Environment: environment, RequireVariables: true,
		Variables: map[string]string{"VERSION": "v2"}})
	if err := ds.Err(); err != nil {
		t.Fatal(err)
	}
	return stack
}

func TestDeterministic(t *testing.T) {
	first, err := json.Marshal(compile(t, repository(t, "layers.txtar", inOrder), "production"))
	if err != nil {
		t.Fatal(err)
	}
	for seed := range int64(5) {
		root := repository(t, "layers.txtar", rand.New(rand.NewSource(seed)).Perm)
		again, err := json.Marshal(compile(t, root, "production"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatalf("with files made in another order:\n%s\n%s", first, again)
		}
	}
}

func TestSourceDigest(t *testing.T) {
	root := repository(t, "layers.txtar", inOrder)
	digest := func(environment string) string { return compile(t, root, environment).SourceDigest }
	before := digest("production")
	if len(before) != 64 {
		t.Fatalf("digest %q", before)
	}
	if digest("development") == before {
		t.Error("two environments have one digest")
	}
	write(t, root, "stacks/shop/environments/development/environment.yaml", []byte(
		"apiVersion: core.panka.io/v1\nkind: Environment\nmetadata: {name: development, stack: shop}\nspec: {}\n"))
	if digest("production") != before {
		t.Error("a file of another environment changes the digest")
	}
	write(t, root, "stacks/shop/infra/more.yaml", []byte("# a comment\n"))
	if digest("production") == before {
		t.Error("a new file does not change the digest")
	}
}

func TestFilesRefused(t *testing.T) {
	cases := []struct {
		name    string
		content []byte
		want    string
	}{
		{"two MiB", bytes.Repeat([]byte("# filler\n"), 2<<20/9), "too-large"},
		{"not UTF-8", []byte("spec:\n  name: \"caf\xe9\"\n"), "not-utf8"},
		{"UTF-16", []byte("\xff\xfea\x00:\x00"), "not-utf8"},
		{"deep", []byte("apiVersion: components.panka.io/v1\nkind: MicroService\nmetadata: {name: api}\nspec: " + strings.Repeat("[", 200) + strings.Repeat("]", 200)), "too-deep"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			root := repository(t, "remove.txtar", inOrder)
			file := "stacks/shop/services/web/components/api/microservice.yaml"
			write(t, root, file, c.content)
			stack, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: "shop"})
			here := func(d diag.Diagnostic) bool { return d.Code == c.want && d.File == file && d.Line > 0 }
			if stack != nil || !slices.ContainsFunc(ds, here) || len(ds) > 2 {
				t.Errorf("stack %v, diagnostics %+v, want one %s in %s", stack, ds, c.want, file)
			}
		})
	}
}

// Without an environment the documents of every environment are checked; with one, only its own.
func TestOtherEnvironments(t *testing.T) {
	root := repository(t, "remove.txtar", inOrder)
	write(t, root, "stacks/shop/environments/development/bad.yaml", []byte("a: [\n"))
	_, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: "shop"})
	if !ds.HasErrors() {
		t.Error("the base compiles although an overlay cannot be read")
	}
	compile(t, root, "production")
}

func TestCancelled(t *testing.T) {
	root := repository(t, "remove.txtar", inOrder)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if stack, ds := compiler.Compile(ctx, compiler.Options{Root: root, Stack: "shop"}); stack != nil || !ds.HasErrors() {
		t.Errorf("stack %v, diagnostics %v", stack, ds)
	}
}

// What compiled once compiles again to the same specs: the layers of one compilation are not shared with another.
func TestSpecsAreSeparate(t *testing.T) {
	stack := compile(t, repository(t, "layers.txtar", inOrder), "production")
	seen := map[*ir.Value]string{}
	for _, c := range stack.Components {
		values(c.Spec, func(v *ir.Value) {
			if other, shared := seen[v]; shared && other != c.ID() {
				t.Fatalf("%s and %s share the value at %s", other, c.ID(), v.Source)
			}
			seen[v] = c.ID()
		})
	}
}

func values(v *ir.Value, visit func(*ir.Value)) {
	visit(v)
	for _, item := range v.Items {
		values(item, visit)
	}
	for _, f := range v.Fields {
		values(f.Value, visit)
	}
}

// The example's production differs from its base by what its overlays say, and by nothing else in size.
func TestSeedProduction(t *testing.T) {
	root := repository(t, "seed_production.txtar", inOrder)
	sizes := func(environment string) [5]any {
		stack, ds := compiler.Compile(context.Background(), compiler.Options{
			Root: root, Stack: "user-platform", Environment: environment, Variables: map[string]string{"VERSION": "v1.0.0"}})
		if err := ds.Err(); err != nil {
			t.Fatal(err)
		}
		api, database := stack.Components[0].Spec, stack.Components[1].Spec
		return [5]any{
			api.Get("scaling", "replicas").Number,
			api.Get("scaling", "autoscaling", "minReplicas").Number,
			api.Get("scaling", "autoscaling", "maxReplicas").Number,
			database.Get("instance", "class").Text.String(),
			database.Get("instance", "multiAZ").Bool,
		}
	}
	small := [5]any{2.0, 2.0, 10.0, "db.t3.medium", false}
	for environment, want := range map[string][5]any{
		"": small, "development": small, "staging": small, "production": {4.0, 4.0, 40.0, "db.r6g.large", true},
	} {
		if got := sizes(environment); got != want {
			t.Errorf("%q: %v, want %v", environment, got, want)
		}
	}
}
