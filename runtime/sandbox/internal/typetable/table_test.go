package typetable

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
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
		t.Error("types.json is not what the generator makes of the SDK: run go generate ./runtime/sandbox/internal/typetable")
	}
}

func TestCheck(t *testing.T) {
	table, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	fields := table.Resources["aws:ecs/service:Service"].Inputs
	if problems := table.Check(fields, store.Values{"desiredCount": 2.0, "cluster": store.Unknown{}, "tags": map[string]any{"a": store.Unknown{}},
		"loadBalancers": []any{map[string]any{"containerName": "a", "containerPort": store.Unknown{}}}}); len(problems) > 0 {
		t.Errorf("right values: %v", problems)
	}
	problems := table.Check(fields, store.Values{"desiredCount": "2", "tags": []any{}, "networkConfiguration": map[string]any{"subnet": 1.0}})
	want := []string{
		"expected number for desiredCount, got string",
		"unknown property networkConfiguration.subnet, did you mean subnets?",
		"expected a map for tags, got a list",
	}
	if len(problems) != len(want) {
		t.Fatalf("problems are %v, want %d", problems, len(want))
	}
	for i, p := range problems {
		if p.Reason != want[i] {
			t.Errorf("problem %d is %q, want %q", i, p.Reason, want[i])
		}
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
