package project_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/project"
)

var requirement = regexp.MustCompile(`(?m)^\s*(\S+\.\S+) (v\S+)`)

func requirements(data []byte) map[string]string {
	all := map[string]string{}
	for _, m := range requirement.FindAllStringSubmatch(string(data), -1) {
		all[m[1]] = m[2]
	}
	return all
}

// TestModuleFilesAreFresh compares the embedded versions with panka's own: only with the same ones can generated
// programs use what building panka has compiled.
func TestModuleFilesAreFresh(t *testing.T) {
	own, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	panka, generated := requirements(own), requirements(project.GoMod("shop", "test"))
	if generated["github.com/pulumi/pulumi/sdk/v3"] == "" || generated["github.com/pulumi/pulumi-aws/sdk/v6"] == "" {
		t.Fatal("the module of generated programs lacks Pulumi")
	}
	for module, version := range generated {
		if has, ok := panka[module]; ok && has != version {
			t.Errorf("%s is %s in generated programs and %s in panka; run go generate ./codegen/project", module, version, has)
		}
	}
}

func TestGoMod(t *testing.T) {
	if got := string(project.GoMod("shop", "test")); !strings.HasPrefix(got, "module panka.generated/shop/test\n") {
		t.Errorf("go.mod begins with %.60q", got)
	}
	if got := string(project.GoMod("shop", "")); !strings.HasPrefix(got, "module panka.generated/shop\n") {
		t.Errorf("go.mod begins with %.60q", got)
	}
}
