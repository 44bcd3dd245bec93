package engine

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func state(resources ...apitype.ResourceV3) *State {
	d := emptyDeployment()
	d.Resources = resources
	return &State{deployment: d}
}

func named(name string, dependsOn ...string) apitype.ResourceV3 {
	r := apitype.ResourceV3{URN: urnOf(name), Custom: true, Type: "aws:sqs/queue:Queue", ID: resource.ID("id-" + name)}
	for _, d := range dependsOn {
		r.Dependencies = append(r.Dependencies, urnOf(d))
	}
	return r
}

func urnOf(name string) resource.URN {
	return resource.URN("urn:pulumi:dev::shop::aws:sqs/queue:Queue::" + name)
}

func record(t *testing.T, entries ...apitype.JournalEntry) []byte {
	t.Helper()
	b, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func names(s *State) string {
	var out []string
	for _, r := range s.deployment.Resources {
		name := r.URN.Name()
		if r.Delete {
			name += "(deleting)"
		}
		if r.PendingReplacement {
			name += "(replacing)"
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func index(i int64) *int64 { return &i }

func TestFold(t *testing.T) {
	a, b := named("a"), named("b", "a")
	updated := named("b", "a")
	updated.Inputs = map[string]any{"new": true}
	creating := apitype.OperationV2{Resource: named("c", "b"), Type: apitype.OperationTypeCreating}
	c := named("c", "b")
	for _, test := range []struct {
		name    string
		entries []apitype.JournalEntry
		want    string
		pending int
	}{
		{"nothing", nil, "a b", 0},
		{"a create that was begun", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindBegin, OperationID: 1, Operation: &creating},
		}, "a b", 1},
		{"a create that failed", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindBegin, OperationID: 1, Operation: &creating},
			{Kind: apitype.JournalEntryKindFailure, OperationID: 1},
		}, "a b", 0},
		{"a create", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindBegin, OperationID: 1, Operation: &creating},
			{Kind: apitype.JournalEntryKindSuccess, OperationID: 1, State: &c},
		}, "a b c", 0},
		{"an update comes after what it depends on", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindSuccess, OperationID: 1, State: &updated, RemoveOld: index(1)},
		}, "a b", 0},
		{"a delete", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindSuccess, OperationID: 1, RemoveOld: index(1)},
		}, "a", 0},
		{"a create and a delete of the same", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindSuccess, OperationID: 1, State: &c},
			{Kind: apitype.JournalEntryKindSuccess, OperationID: 2, RemoveNew: index(1)},
		}, "a b", 0},
		{"a replacement before the old one is deleted", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindSuccess, OperationID: 1, State: &updated, DeleteOld: index(1)},
		}, "a b b(deleting)", 0},
		{"a replacement", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindSuccess, OperationID: 1, State: &updated, DeleteOld: index(1)},
			{Kind: apitype.JournalEntryKindSuccess, OperationID: 2, RemoveOld: index(1)},
		}, "a b", 0},
		{"deleted before it is replaced", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindSuccess, OperationID: 1, PendingReplacementOld: index(1)},
		}, "a b(replacing)", 0},
		{"a refresh that finds something gone", []apitype.JournalEntry{
			{Kind: apitype.JournalEntryKindRefreshSuccess, OperationID: 1, RemoveOld: index(0)},
			{Kind: apitype.JournalEntryKindRebuiltBaseState},
		}, "b", 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			base := state(a, b)
			// One record or one for each entry: it makes no difference.
			got, err := base.Fold([][]byte{record(t, test.entries...)})
			if err != nil {
				t.Fatal(err)
			}
			var split [][]byte
			for _, e := range test.entries {
				split = append(split, record(t, e))
			}
			again, err := base.Fold(split)
			if err != nil {
				t.Fatal(err)
			}
			if names(got) != test.want || names(again) != test.want || len(got.Pending()) != test.pending {
				t.Errorf("got %q and %q, pending %v; want %q, %d pending", names(got), names(again), got.Pending(), test.want, test.pending)
			}
			if names(base) != "a b" {
				t.Errorf("the base was changed: %s", names(base))
			}
			if test.want == "b" && len(got.deployment.Resources[0].Dependencies) != 0 {
				t.Error("a dependency on what is gone was kept")
			}
		})
	}
}

func TestFoldRefusesAForeignJournal(t *testing.T) {
	entry := apitype.JournalEntry{Kind: apitype.JournalEntryKindSuccess, OperationID: 1, RemoveOld: index(7)}
	if _, err := state(named("a")).Fold([][]byte{record(t, entry)}); err == nil {
		t.Error("an index that does not exist was accepted")
	}
	entry.RemoveOld, entry.RemoveNew = nil, index(9)
	if _, err := state(named("a")).Fold([][]byte{record(t, entry)}); err == nil {
		t.Error("an operation that does not exist was accepted")
	}
	if _, err := state(named("a")).Fold([][]byte{[]byte("{")}); err == nil {
		t.Error("a torn record was accepted")
	}
}

func TestDependencyOrder(t *testing.T) {
	group := apitype.ResourceV3{URN: "urn:pulumi:dev::shop::panka:component:Test::group", Type: "panka:component:Test"}
	child := named("child")
	child.Parent = group.URN
	dependent := named("dependent")
	dependent.Dependencies = []resource.URN{group.URN}
	sorted, err := dependencyOrder([]apitype.ResourceV3{dependent, named("z"), group, child})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range sorted {
		got = append(got, r.URN.Name())
	}
	if want := []string{"group", "child", "dependent", "z"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if _, err := dependencyOrder([]apitype.ResourceV3{named("a", "b"), named("b", "a")}); err == nil {
		t.Error("a cycle was accepted")
	}
}
