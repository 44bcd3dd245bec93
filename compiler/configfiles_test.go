package compiler_test

import (
	"context"
	"testing"

	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/ir"
)

// TestConfigFilesAreSources: what a mounted file says, and nothing else of configs/, is part of the digest.
func TestConfigFilesAreSources(t *testing.T) {
	root := t.TempDir()
	write(t, root, "stacks/shop/stack.yaml", []byte("apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: {name: shop}\n"+
		"spec: {provider: {name: aws, region: eu-west-1}, environments: [production]}\n"))
	write(t, root, "stacks/shop/services/web/service.yaml", []byte("apiVersion: core.panka.io/v1\nkind: Service\nmetadata: {name: web}\n"))
	folder := "stacks/shop/services/web/components/api/"
	write(t, root, folder+"api.yaml", []byte("apiVersion: components.panka.io/v1\nkind: MicroService\nmetadata: {name: api}\n"+
		"spec:\n  image: {repository: example.com/api, tag: \"1\"}\n"+
		"  configFiles:\n    - {name: app, path: ./configs/app.yaml, mountPath: /etc/app/app.yaml}\n"))
	write(t, root, folder+"configs/app.yaml", []byte("level: info\n"))
	compile := func() *ir.Stack {
		t.Helper()
		stack, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: "shop"})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		return stack
	}
	first := compile()
	if got := first.Components[0].ConfigFiles; len(got) != 1 || string(got[0].Content) != "level: info\n" || got[0].Mode != 0o444 {
		t.Errorf("got %+v", got)
	}
	write(t, root, folder+"configs/other.yaml", []byte("unused"))
	if again := compile(); again.SourceDigest != first.SourceDigest {
		t.Error("a file that nobody mounts changes the digest")
	}
	write(t, root, folder+"configs/app.yaml", []byte("level: debug\n"))
	changed := compile()
	if changed.SourceDigest == first.SourceDigest {
		t.Error("a changed file leaves the digest as it was")
	}
	if string(changed.Components[0].ConfigFiles[0].Content) != "level: debug\n" {
		t.Error("the content is the old one")
	}
}
