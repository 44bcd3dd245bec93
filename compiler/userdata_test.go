package compiler_test

import (
	"context"
	"testing"

	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/ir"
)

// TestUserDataIsASource: the script of a machine is taken as it is, and a changed one is another source.
func TestUserDataIsASource(t *testing.T) {
	root := t.TempDir()
	write(t, root, "stacks/shop/stack.yaml", []byte("apiVersion: core.panka.io/v1\nkind: Stack\nmetadata: {name: shop}\n"+
		"spec: {provider: {name: aws, region: eu-west-1}, environments: [production]}\n"))
	write(t, root, "stacks/shop/services/web/service.yaml", []byte("apiVersion: core.panka.io/v1\nkind: Service\nmetadata: {name: web}\n"))
	folder := "stacks/shop/services/web/components/vm/"
	write(t, root, folder+"vm.yaml", []byte("apiVersion: components.panka.io/v1\nkind: EC2Instance\nmetadata: {name: vm}\n"+
		"spec:\n  instanceType: t3.small\n  userDataFile: ./configs/start.sh\n"))
	const script = "#!/bin/sh\necho ${VERSION}\n"
	write(t, root, folder+"configs/start.sh", []byte(script))
	compile := func() *ir.Stack {
		t.Helper()
		stack, ds := compiler.Compile(context.Background(), compiler.Options{Root: root, Stack: "shop"})
		if ds.HasErrors() {
			t.Fatal(ds)
		}
		return stack
	}
	first := compile()
	got := first.Components[0].UserData
	if got == nil || string(got.Content) != script || got.Path != folder+"configs/start.sh" || got.Source.Line != 6 {
		t.Errorf("got %+v", got)
	}
	write(t, root, folder+"configs/start.sh", []byte("#!/bin/sh\n"))
	if changed := compile(); changed.SourceDigest == first.SourceDigest {
		t.Error("a changed script leaves the digest as it was")
	}
}
