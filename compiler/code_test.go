package compiler_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/ir"
)

// TestCodeCountsAsASource: new code of a function is another source, and code that is missing leaves the stack readable.
func TestCodeCountsAsASource(t *testing.T) {
	root := t.TempDir()
	put := func(name, text string) {
		file := filepath.Join(root, "stacks", "shop", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("stack.yaml", "apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: {name: shop}\n"+
		"spec: {provider: {name: aws, region: eu-west-1}, environments: [test]}\n")
	put("services/app/service.yaml", "apiVersion: core.panka.io/v1\nkind: Service\nmetadata: {name: app}\n")
	put("services/app/components/fn/lambda.yaml", "apiVersion: components.panka.io/v1\nkind: Lambda\nmetadata: {name: fn}\n"+
		"spec: {code: {zip: ./dist}, runtime: python3.13, handler: app.main}\n")
	compile := func() *ir.Stack {
		t.Helper()
		stack, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: "shop", Environment: "test"})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		return stack
	}
	if code := compile().Components[0].Code; code == nil || code.Problem == nil || code.Problem.Code != "missing-file" {
		t.Fatalf("without code: %+v", code)
	}
	put("services/app/components/fn/dist/settings.yaml", "no: document\n")
	put("services/app/components/fn/dist/app.py", "first\n")
	first := compile()
	if code := first.Components[0].Code; code.Problem != nil || code.Path != "stacks/shop/services/app/components/fn/dist" {
		t.Fatalf("with code: %+v", code)
	}
	if again := compile(); again.SourceDigest != first.SourceDigest {
		t.Error("the same code is another source")
	}
	put("services/app/components/fn/dist/app.py", "second\n")
	if second := compile(); second.SourceDigest == first.SourceDigest {
		t.Error("new code is the same source")
	}
}
