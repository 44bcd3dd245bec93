package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/panka-io/panka/codegen/security"
)

// companyAsks are the rules that the company's YAML asks to be broken somewhere, and how.
var companyAsks = map[string]string{
	"CKV2_AWS_20":          "load balancers inside the VPC without a certificate",
	"CKV2_AWS_65":          "objectOwnership: BucketOwnerPreferred for CloudFront's logs",
	"CKV_AWS_145":          "buckets for access logs, which S3 delivers only under its own key",
	"panka/managed-policy": "a policy of AWS for sending mail",
	"panka/sender":         "a statement of its own in a topic's policy",
}

// TestCompanyLives deploys both stacks of the example company, whose second uses the first, finds nothing to change, and
// destroys them.
func TestCompanyLives(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the generated programs")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("..", "..", "examples", "company"))); err != nil {
		t.Fatal(err)
	}
	flags := []string{"--var", "VERSION=v1.0.0"}
	platform := estate{dir: dir, stack: "platform", environment: "development", flags: flags}
	shop := estate{dir: dir, stack: "shop", environment: "development", flags: append(flags, "--var", "ORIGIN_TOKEN=only-for-the-sandbox")}
	for _, e := range []estate{platform, shop} {
		if created := e.apply(t); created["create"] < 50 || len(created) != 1 {
			t.Errorf("the first apply of %s: %v", e.stack, created)
		}
	}
	for _, e := range []estate{platform, shop} {
		if again := e.apply(t); len(again) > 0 {
			t.Errorf("the second apply of %s: %v", e.stack, again)
		}
	}
	for _, f := range security.Check(&security.Stack{Resources: shop.resources(t)}) {
		if companyAsks[f.Rule.ID] == "" {
			t.Errorf("%s", f)
		}
	}
	for _, e := range []estate{shop, platform} {
		e.run(t, "destroy")
	}
	if left := shop.resources(t); len(left) > 0 {
		t.Errorf("%d resources are left, the first is %s %s", len(left), left[0].Type, left[0].Name)
	}
}
