package engine

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/panka-io/panka/runtime/plan"
)

// TestLeftOverIsPlanned: a replaced resource that an earlier run did not come to delete is a deletion of this one.
func TestLeftOverIsPlanned(t *testing.T) {
	f := newFixture(t)
	f.must(f.update("database", "api"))
	if f.state.Unfinished() {
		t.Error("a finished state counts as unfinished")
	}
	d := *f.state.deployment
	d.Resources = slices.Clone(d.Resources)
	for _, r := range f.state.deployment.Resources {
		if r.URN.Name() == "svc-database" && r.Custom {
			r.ID, r.Delete, r.Outputs = "svc-database#0", true, map[string]any{"arn": "arn:svc-database#0"}
			d.Resources = append(d.Resources, r)
		}
	}
	f.state = &State{deployment: &d}
	f.cloud.resources["svc-database#0"] = map[string]string{}
	if !f.state.Unfinished() {
		t.Error("a resource that waits to be deleted makes no unfinished state")
	}
	f.must(Preview(context.Background(), f.describe("database", "api")))
	if !slices.ContainsFunc(f.events, func(e Event) bool {
		return e.Kind == OperationStarted && e.Op == plan.Delete && e.URN == queueURN("svc-database")
	}) {
		t.Errorf("the preview does not tell of it: %+v", f.events)
	}
	f.must(f.update("database", "api"))
	if want := []string{"svc-api#2", "svc-database#1"}; !slices.Equal(f.cloud.ids(), want) || f.state.Unfinished() {
		t.Errorf("in the cloud %v, want %v", f.cloud.ids(), want)
	}
}

// TestMissingOutputsAreNoticed cuts a run off before a component's outputs are recorded.
func TestMissingOutputsAreNoticed(t *testing.T) {
	f := newFixture(t)
	f.run.Config = map[string]ConfigValue{"VERSION": {Value: "v1"}}
	f.must(f.update("database", "api"))
	restated := func() (urns []string) {
		f.must(Preview(context.Background(), f.describe("database", "api")))
		for _, e := range f.events {
			if e.Kind == Restated {
				urns = append(urns, e.URN)
			}
		}
		return urns
	}
	if got := restated(); len(got) > 0 {
		t.Errorf("nothing is missing, and the preview tells of %v", got)
	}
	d := *f.state.deployment
	d.Resources = slices.Clone(d.Resources)
	for i := range d.Resources {
		if string(d.Resources[i].URN) == componentURN("svc-api") {
			d.Resources[i].Outputs = nil
		}
	}
	f.state = &State{deployment: &d}
	if got := restated(); !slices.Equal(got, []string{componentURN("svc-api")}) {
		t.Errorf("the preview tells of %v", got)
	}
	f.must(f.update("database", "api"))
	if got := restated(); len(got) > 0 {
		t.Errorf("after the update the preview tells of %v", got)
	}
}

// TestWithoutPending: what another run is doing is planned as if that had not begun it.
func TestWithoutPending(t *testing.T) {
	f := newFixture(t)
	f.cloud.fail["create svc-api"] = errors.New("no")
	if f.update("database", "api") == nil {
		t.Fatal("no error")
	}
	begun := &State{}
	for n := len(f.journal); len(begun.Pending()) == 0; n-- { // how many entries stand in one record depends on timing
		if n == 0 {
			t.Fatalf("nothing is pending after any of %d records", len(f.journal))
		}
		var err error
		begun, err = (&State{}).Fold(f.journal[:n])
		f.must(err)
	}
	if left := begun.WithoutPending(); len(left.Pending()) != 0 || len(left.Resources()) != len(begun.Resources()) {
		t.Errorf("pending %v", left.Pending())
	}
	if (&State{}).WithoutPending() == nil {
		t.Error("no state")
	}
}
