package typecheck

import (
	"testing"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func TestCheck(t *testing.T) {
	table, err := sdktypes.Load()
	if err != nil {
		t.Fatal(err)
	}
	fields := table.Resources["aws:ecs/service:Service"].Inputs
	if problems := Check(table, fields, store.Values{"desiredCount": 2.0, "cluster": store.Unknown{}, "tags": map[string]any{"a": store.Unknown{}},
		"loadBalancers": []any{map[string]any{"containerName": "a", "containerPort": store.Unknown{}}}}); len(problems) > 0 {
		t.Errorf("right values: %v", problems)
	}
	problems := Check(table, fields, store.Values{"desiredCount": "2", "tags": []any{}, "networkConfiguration": map[string]any{"subnet": 1.0}})
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
