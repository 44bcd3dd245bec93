package source

import (
	"os"
	"path/filepath"
	"reflect"
	"testing"
)

func TestCacheReadsOnce(t *testing.T) {
	root := t.TempDir()
	write(t, root, "stacks/shop/stack.yaml", stackYAML)
	write(t, root, "templates/shop.yaml", "apiVersion: components.panka.io/v1\nkind: Template\nmetadata: {name: shop}\n")
	c := new(Cache)
	documents, files, diags := c.Load(t.Context(), root, "shop")
	templates, templateFiles, templateDiags := c.LoadTemplates(t.Context(), root)
	want, wantFiles, wantDiags := Load(t.Context(), root, "shop")
	if !reflect.DeepEqual(documents, want) || !reflect.DeepEqual(files, wantFiles) || len(diags) != len(wantDiags) {
		t.Errorf("the cache gives %v, %v, %v", documents, files, diags)
	}
	if len(templates) != 1 || len(templateFiles) != 1 || len(templateDiags) > 0 || templates[0].Metadata.Name != "shop" {
		t.Errorf("the cache gives the templates %v, %v, %v", templates, templateFiles, templateDiags)
	}
	if err := os.RemoveAll(filepath.Join(root, "stacks")); err != nil {
		t.Fatal(err)
	}
	if again, _, _ := c.Load(t.Context(), root, "shop"); len(again) != 1 || again[0] != documents[0] {
		t.Errorf("read again: %v", again)
	}
	if _, _, diags := c.Load(t.Context(), root, "blog"); codes(diags) != "unknown-stack" {
		t.Errorf("another stack: %v", diags)
	}
	if _, _, diags := (*Cache)(nil).Load(t.Context(), root, "shop"); codes(diags) != "unknown-stack" {
		t.Errorf("without a cache: %v", diags)
	}
}
