package engine

import (
	"context"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
)

func pending(s *State, kind apitype.OperationType, r apitype.ResourceV3) *State {
	s.deployment.PendingOperations = append(s.deployment.PendingOperations, apitype.OperationV2{Resource: r, Type: kind})
	return s
}

func recorded(name, id string) apitype.ResourceV3 {
	r := named(name)
	r.ID = ""
	if id != "" {
		r.ID = named(id).ID[len("id-"):]
		r.Outputs = map[string]any{"arn": "arn:" + id}
	}
	return r
}

func TestSettle(t *testing.T) {
	for _, test := range []struct {
		name  string
		state *State
		cloud []string
		want  string
		says  string
	}{
		{"a create that happened", pending(state(), apitype.OperationTypeCreating, recorded("a", "")),
			[]string{"a#1"}, "a", "was created, as a#1"},
		{"a create that did not happen", pending(state(), apitype.OperationTypeCreating, recorded("a", "")),
			nil, "", "was not created"},
		{"a replacement that happened",
			pending(state(recorded("a", "a#1")), apitype.OperationTypeCreating, recorded("a", "")),
			[]string{"a#1", "a#2"}, "a a(deleting)", "was created, as a#2"},
		{"a replacement that did not happen",
			pending(state(recorded("a", "a#1")), apitype.OperationTypeCreating, recorded("a", "")),
			[]string{"a#1"}, "a", "was not created"},
		{"an update", pending(state(recorded("a", "a#1")), apitype.OperationTypeUpdating, recorded("a", "a#1")),
			[]string{"a#1"}, "a", "was read again"},
		{"a delete that happened", pending(state(recorded("a", "a#1")), apitype.OperationTypeDeleting, recorded("a", "a#1")),
			nil, "", "is gone"},
		{"a delete that did not happen",
			pending(state(recorded("a", "a#1")), apitype.OperationTypeDeleting, recorded("a", "a#1")),
			[]string{"a#1"}, "a", "was read again"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cloud := newFakeCloud()
			for _, id := range test.cloud {
				cloud.resources[id] = map[string]string{"tag": "t"}
			}
			got, settled, err := Settle(context.Background(), test.state, cloud)
			if err != nil {
				t.Fatal(err)
			}
			if names(got) != test.want || len(got.Pending()) != 0 {
				t.Errorf("state %q, pending %v; want %q", names(got), got.Pending(), test.want)
			}
			if len(settled) != 1 || settled[0].Outcome != test.says {
				t.Errorf("says %+v, want %q", settled, test.says)
			}
		})
	}
}

// TestSettleTellsRevisionsApart is about objects whose versions share an ID, as the revisions of a task definition.
func TestSettleTellsRevisionsApart(t *testing.T) {
	old := recorded("a", "a#1")
	old.Outputs["arn"] = "arn:an older revision"
	s := pending(state(old), apitype.OperationTypeCreating, recorded("a", ""))
	cloud := newFakeCloud()
	cloud.resources["a#1"] = map[string]string{"tag": "t"}
	got, _, err := Settle(context.Background(), s, cloud)
	if err != nil {
		t.Fatal(err)
	}
	if want := "a a(deleting)"; names(got) != want {
		t.Errorf("state %q, want %q", names(got), want)
	}
}
