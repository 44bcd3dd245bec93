package deploy_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

// TestMissingSecret: a secret that the programs look up, by name or by ARN, and that is not there, is told with the
// place that names it, before anything is made.
func TestMissingSecret(t *testing.T) {
	for program, ref := range map[string]string{"secret": missingSecret, "secret-arn": missingSecretARN} {
		t.Run(program, func(t *testing.T) {
			s := newShop(t, "")
			r := s.mustRequest(t, "v1")
			var err error
			if r.Programs, err = s.programs("base", program); err != nil {
				t.Fatal(err)
			}
			place := bundle.Source{File: "svc/api.yaml", Line: 33, Column: 18}
			r.Bundle.Secrets = []bundle.Secret{{Ref: ref, Component: "svc/api", Source: place}}
			_, err = deploy.Apply(t.Context(), r, refuse(t, "what cannot be done"))
			var failed *deploy.FailedError
			if !errors.As(err, &failed) || failed.During != "preview" || len(failed.Failures) != 1 {
				t.Fatalf("error %v", err)
			}
			f := failed.Failures[0]
			if f.Component != "svc/api" || f.Source == nil || *f.Source != place || f.Hint == "" || !strings.Contains(f.Message, ref) {
				t.Errorf("the failure is %+v", f)
			}
			if !strings.Contains(err.Error(), "svc/api.yaml:33:18") || len(s.cloud(t)) > 0 || s.state(t).Last != nil {
				t.Errorf("error %v; the account holds %v", err, s.cloud(t))
			}
		})
	}
}

// TestFailureInTheCloud: the error comes with its place, what was done is kept, and the next run finishes the work.
func TestFailureInTheCloud(t *testing.T) {
	s := newShop(t, `faults: [{type: "aws:ecs/service:Service", operation: create, times: 1, error: "not today"}]`)
	r := s.mustRequest(t, "v1")
	var events []deploy.Event
	r.Events = func(e deploy.Event) { events = append(events, e) }
	result, err := deploy.Apply(t.Context(), r, nil)
	var failed *deploy.FailedError
	if !errors.As(err, &failed) || failed.During != "apply" || len(failed.Failures) != 1 {
		t.Fatalf("%+v, %v", result, err)
	}
	f := failed.Failures[0]
	if f.Component != "svc/api" || f.Source == nil || f.Source.File != "svc/api.yaml" || !strings.HasSuffix(f.Message, "not today") {
		t.Errorf("the failure is %+v", f)
	}
	if result == nil || result.Outcome != deploy.FailedRun || result.Changes.Create != 6 {
		t.Errorf("the result is %+v", result)
	}
	told := 0
	for _, e := range events {
		if e.Kind == deploy.EventResource && e.Status == deploy.Failed && e.Component == "svc/api" && e.Wave == 1 && e.Name == "svc-api" {
			told++
		}
	}
	if told != 1 {
		t.Errorf("the failure was told %d times: %+v", told, events)
	}
	if last := s.state(t).Last; last == nil || last.Result != deploy.FailedRun || last.Changes.Create != 6 || last.Variables["VERSION"] != "v1" {
		t.Errorf("the history says %+v", last)
	}
	if result := s.apply(t, "v1"); result.Changes.Create != 1 {
		t.Errorf("the next run did %+v", result.Changes)
	}
	s.wantDeployed(t, "v1")
}

// brokenJournal cannot be written to after some entries; with snapshot, nor can the state.
type brokenJournal struct {
	lockstate.Backend
	entries  int
	snapshot bool
}

var errDiskFull = errors.New("the disk is full")

func (b *brokenJournal) Acquire(ctx context.Context, k lockstate.Key, o lockstate.Owner) (lockstate.Lease, error) {
	l, err := b.Backend.Acquire(ctx, k, o)
	return brokenLease{l, b}, err
}

type brokenLease struct {
	lockstate.Lease
	b *brokenJournal
}

func (l brokenLease) Append(ctx context.Context, base, seq uint64, data []byte) error {
	if int(seq) > l.b.entries {
		return errDiskFull
	}
	return l.Lease.Append(ctx, base, seq, data)
}

func (l brokenLease) WriteSnapshot(ctx context.Context, base uint64, data []byte) (lockstate.Snapshot, error) {
	if l.b.snapshot {
		return lockstate.Snapshot{}, errDiskFull
	}
	return l.Lease.WriteSnapshot(ctx, base, data)
}

// TestJournalFails: a run that cannot write down what it does stops, says why, and loses nothing.
func TestJournalFails(t *testing.T) {
	for _, entries := range []int{1, 6, 12} {
		for _, snapshot := range []bool{false, true} {
			s := newShop(t, "")
			r := s.mustRequest(t, "v1")
			r.Backend = &brokenJournal{r.Backend, entries, snapshot}
			result, err := deploy.Apply(t.Context(), r, nil)
			if err == nil || !strings.Contains(err.Error(), errDiskFull.Error()) {
				t.Fatalf("after %d entries: %+v, %v", entries, result, err)
			}
			s.apply(t, "v1")
			s.wantDeployed(t, "v1")
		}
	}
}

// TestHistory: records come in the order of the runs, even if they begin in one moment or clocks do not agree.
func TestHistory(t *testing.T) {
	s := newShop(t, "")
	lease, err := s.backend.Acquire(t.Context(), shopKey, lockstate.Owner{Who: "bob"})
	if err != nil {
		t.Fatal(err)
	}
	const ahead = "20991231t235959.999z-ffffff"
	err = errors.Join(
		lease.PutRecord(t.Context(), ahead, []byte(`{"id": "`+ahead+`", "operation": "apply", "result": "succeeded"}`)),
		lease.Release(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, version := range []string{"v1", "v2", "v3"} {
		ids = append(ids, s.apply(t, version).Deployment)
		if last := s.state(t).Last; last.ID != ids[len(ids)-1] || last.Variables["VERSION"] != version {
			t.Errorf("after %s the history ends with %+v", version, last)
		}
	}
	records, err := s.backend.History(t.Context(), shopKey)
	if err != nil || len(records) != 4 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	for i, id := range append([]string{ahead}, ids...) {
		if records[i].ID != id {
			t.Errorf("record %d is %s, want %s", i, records[i].ID, id)
		}
	}
}
