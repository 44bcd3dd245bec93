package sdktypes

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// TestTableIsCurrent derives the table again from the SDK that go.mod names and compares.
func TestTableIsCurrent(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIP: -short")
	}
	file := filepath.Join(t.TempDir(), "types.json")
	if out, err := exec.Command("go", "run", "./gen", "-o", file).CombinedOutput(); err != nil {
		t.Fatalf("run the generator: %v\n%s", err, out)
	}
	fresh, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(fresh) != string(typesJSON) {
		t.Error("types.json is not what the generator makes of the SDK: run go generate ./codegen/sdktypes")
	}
}

func TestNamesOfTheTable(t *testing.T) {
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	rds := table.Resources["aws:rds/instance:Instance"]
	if !rds.Inputs["instanceClass"].Required() || rds.Inputs["engine"].Required() || len(rds.Secrets) != 1 || rds.Secrets[0] != "password" || !rds.Taggable() {
		t.Errorf("the database's table is wrong: %v", rds)
	}
	if table.Resources["aws:iam/rolePolicy:RolePolicy"].Taggable() {
		t.Error("an inline policy has no tags")
	}
	for name, object := range table.Objects {
		for field, typ := range object {
			if typ == "" {
				t.Errorf("%s.%s has no type", name, field)
			}
		}
	}
}

// TestKubernetesTypes: those that a resource reaches in other packages of the SDK are in the table, too.
func TestKubernetesTypes(t *testing.T) {
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	deployment := table.Resources["kubernetes:apps/v1:Deployment"]
	spec := table.Fields(deployment.Inputs["spec"])
	pod := table.Fields(table.Fields(spec["template"])["spec"])
	containers, _ := pod["containers"].List()
	if got := table.Fields(containers)["image"]; got != "string" {
		t.Errorf("a container's image is of type %q", got)
	}
	if _, isInput := deployment.Inputs["status"]; isInput || deployment.Outputs["status"] == "" || deployment.Taggable() {
		t.Errorf("a deployment's outputs are %v", deployment.Outputs)
	}
	if got := table.Fields(deployment.Inputs["metadata"])["labels"]; got != "{string}" {
		t.Errorf("labels are of type %q", got)
	}
	if !table.Resources["kubernetes:helm.sh/v3:Release"].Inputs["chart"].Required() {
		t.Error("a release needs no chart")
	}
}
