package engine

import (
	"context"
	"errors"
	"slices"
	"testing"
)

// stopAtDeletion has the run told to stop while it deletes the named queue.
func stopAtDeletion(f *fixture, r *Run, name string) {
	stop := make(chan struct{})
	r.Stop = stop
	f.cloud.onDelete = func(deleted string) {
		if deleted == name {
			close(stop)
		}
	}
}

// TestStopAmongDeletions: the engine calls such a destruction complete, and it is not.
func TestStopAmongDeletions(t *testing.T) {
	for name, run := range map[string]func(*fixture) (*State, error){
		"destroy": func(f *fixture) (*State, error) {
			r := f.describe()
			stopAtDeletion(f, &r, "svc-api")
			return Destroy(context.Background(), r)
		},
		"update": func(f *fixture) (*State, error) {
			r := f.describe("first")
			stopAtDeletion(f, &r, "svc-api")
			return Update(context.Background(), r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.must(f.update("database", "api"))
			state, err := run(f)
			if !errors.Is(err, ErrStopped) {
				t.Errorf("error %v, want ErrStopped", err)
			}
			if left := f.cloud.ids(); !slices.Contains(left, "svc-database#1") || slices.Contains(left, "svc-api#2") {
				t.Errorf("in the cloud %v, want the database and not the api", left)
			}
			if !slices.ContainsFunc(state.Resources(), func(r Resource) bool { return r.ID == "svc-database#1" }) {
				t.Error("the database is not recorded any more")
			}
		})
	}
}

// TestStopAtTheLastDeletion: what was complete all the same is told as such.
func TestStopAtTheLastDeletion(t *testing.T) {
	f := newFixture(t)
	f.must(f.update("database", "api"))
	r := f.describe()
	stopAtDeletion(f, &r, "svc-database")
	state, err := Destroy(context.Background(), r)
	if err != nil || len(f.cloud.ids()) > 0 {
		t.Errorf("error %v, left %v; want neither, and %v", err, f.cloud.ids(), state.Resources())
	}
}
