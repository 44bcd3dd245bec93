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
	panka := requirements(own)
	for name, modules := range map[string]project.Modules{"aws": project.AWS, "kubernetes": project.Kubernetes} {
		generated := requirements(modules.GoMod("shop", "test"))
		if generated["github.com/pulumi/pulumi/sdk/v3"] == "" || generated["github.com/pulumi/pulumi-aws/sdk/v6"] == "" {
			t.Fatalf("the module of generated programs for %s lacks Pulumi", name)
		}
		if has := generated["github.com/pulumi/pulumi-kubernetes/sdk/v4"] != ""; has != (name == "kubernetes") {
			t.Errorf("the module of generated programs for %s has the Kubernetes SDK: %v", name, has)
		}
		for module, version := range generated {
			if has, ok := panka[module]; ok && has != version {
				t.Errorf("for %s, %s is %s in generated programs and %s in panka; run go generate ./codegen/project", name, module, version, has)
			}
		}
	}
}

func TestGoMod(t *testing.T) {
	if got := string(project.AWS.GoMod("shop", "test")); !strings.HasPrefix(got, "module panka.generated/shop/test\n") {
		t.Errorf("go.mod begins with %.60q", got)
	}
	if got := string(project.AWS.GoMod("shop", "")); !strings.HasPrefix(got, "module panka.generated/shop\n") {
		t.Errorf("go.mod begins with %.60q", got)
	}
}
