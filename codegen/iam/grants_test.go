package iam_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/kinds"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/schema"
)

var update = flag.Bool("update", false, "rewrite the goldens")

// TestGrants shows what a service may do that uses a component, for each guarded kind and each access that it gives. The
// component is that of the kind's case "minimal", in a stack that has a KMS key.
func TestGrants(t *testing.T) {
	rules, err := schema.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range kinds.All() {
		guarded, ok := kind.(component.Guarded)
		if !ok {
			continue
		}
		t.Run(kind.Name(), func(t *testing.T) {
			var got bytes.Buffer
			for _, access := range rules.AccessLevels(kind.Name()) {
				fmt.Fprintf(&got, "-- %s --\n%s", access, policy(t, rules, guarded, access))
			}
			golden := filepath.Join("testdata", strings.ToLower(kind.Name())+".txt")
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if want, err := os.ReadFile(golden); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s (%v) is not what is generated now; run with -update and look at the difference:\n%s", golden, err, got.Bytes())
			}
		})
	}
}

// policy is the code of the policy for what a service uses, which takes an output of the kind with that access.
func policy(t *testing.T, rules *schema.Schema, kind component.Kind, access string) string {
	t.Helper()
	outputs := rules.Outputs(kind.Name())
	always := slices.IndexFunc(outputs, func(output string) bool {
		return rules.OutputCondition(kind.Name(), output).Met(&ir.Value{Kind: ir.Map})
	})
	minimal, err := txtar.ParseFile(filepath.Join("..", "kinds", strings.ToLower(kind.Name()), "testdata", "minimal.txtar"))
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	write := func(name, text string) {
		target := filepath.Join(root, "stacks", "shop", name)
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(target, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	doc := func(group, kind, name, spec string) string {
		return fmt.Sprintf("apiVersion: %s.panka.io/v1\nkind: %s\nmetadata: {name: %s}\nspec: %s\n", group, kind, name, spec)
	}
	write("stack.yaml", doc("core", "Stack", "shop", "{provider: {name: aws, region: eu-central-1}}"))
	write("infra/security.yaml", doc("infra", "Security", "security", "{encryption: {key: create}}"))
	write("environments/test/environment.yaml", doc("core", "Environment", "test", "{}"))
	write("services/app/service.yaml", doc("core", "Service", "app", "{}"))
	var used string
	for _, f := range minimal.Files {
		if name, ok := strings.CutPrefix(f.Name, "in/"); ok {
			used = strings.TrimSuffix(name, ".yaml")
			write("services/app/components/"+used+"/"+name, string(f.Data))
		}
	}
	write("services/app/components/user/user.yaml", doc("components", "MicroService", "user", fmt.Sprintf(
		"{image: {repository: nginx, tag: \"1\"}, environment: [{name: A, valueFrom: {component: %s, output: %s, access: %s}}]}", used, outputs[always], access)))
	stack, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: "shop", Environment: "test"})
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	return references(t, stack)
}

// references is the part of the user's code that holds the policy.
func references(t *testing.T, stack *ir.Stack) string {
	t.Helper()
	p, ds := codegen.Generate(stack)
	if ds.HasErrors() {
		t.Fatal(ds)
	}
	for name, code := range p.Files {
		if filepath.Base(name) != "app_user.go" {
			continue
		}
		_, rest, found := strings.Cut(string(code), "grants, err := iam.NewRolePolicy(")
		_, rest, _ = strings.Cut(rest, "\"Statement\": ")
		statements, _, ends := strings.Cut(rest, "\n\t\t}),\n")
		if !found || !ends {
			t.Fatalf("the user has no policy:\n%s", code)
		}
		return strings.ReplaceAll(statements, "\n\t\t\t", "\n") + "\n"
	}
	t.Fatal("the user has no code")
	return ""
}
