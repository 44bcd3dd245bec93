// Package conformance holds the tests that every lockstate.Backend must pass. It says in code what the interface's
// comments say in words; what only one implementation can do (its crashes, its file formats) is tested beside it.
package conformance

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// Store is one place where states are kept, empty at first.
type Store struct {
	// Open gives another client of the store, as another process would have it.
	Open func() lockstate.Backend
	// Abandon makes the holder of a lease look dead: no more signs of life, and no Release. If it is nil, what happens
	// after a holder's death is not tested.
	Abandon func(lockstate.Lease)
	// Patience is how long taking over from a dead holder may last.
	Patience time.Duration
	// Notice is how long a holder may take to notice that its lock was broken; until then it may append, to no effect. 0
	// means that no append succeeds after that.
	Notice time.Duration
	// Damage changes what is stored under an object's name, as no client of the Backend could; change gives nil for an object
	// that is to go. It gives false if it cannot do that. If it is nil, that is not tested.
	Damage func(object string, change func([]byte) []byte) bool
	// Versions tells that the store keeps what is overwritten.
	Versions bool
}

// Run tests a Backend. Every subtest asks open for a store of its own.
func Run(t *testing.T, open func(t *testing.T) Store) {
	for _, c := range []struct {
		name string
		test func(t *testing.T, s Store)
	}{
		{"EmptyState", emptyState},
		{"BadNames", badNames},
		{"HeldLock", heldLock},
		{"TokenGrows", tokenGrows},
		{"StatesAreSeparate", statesAreSeparate},
		{"OneWinner", oneWinner},
		{"Unlock", unlock},
		{"UnlockRefusesOtherIDs", unlockRefusesOtherIDs},
		{"ReleasedLeaseIsUseless", releasedLeaseIsUseless},
		{"Snapshots", snapshots},
		{"SnapshotConflict", snapshotConflict},
		{"Journal", journal},
		{"JournalAcrossSnapshots", journalAcrossSnapshots},
		{"JournalOfConcurrentWriters", journalOfConcurrentWriters},
		{"LateEntries", lateEntries},
		{"History", history},
		{"Bundles", bundles},
		{"Keys", keys},
		{"CancelledContext", cancelledContext},
		{"DataIsCopied", dataIsCopied},
		{"SalvageOfWhole", salvageOfWhole},
		{"Restore", restore},
		{"SetAside", setAside},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
	if open(t).Abandon != nil {
		t.Run("Takeover", func(t *testing.T) { takeover(t, open(t)) })
	}
	if open(t).Damage != nil {
		t.Run("Damage", func(t *testing.T) { damage(t, open) })
	}
}

var (
	dev  = lockstate.Key{Tenant: "default", Stack: "app", Environment: "dev"}
	prod = lockstate.Key{Tenant: "default", Stack: "app", Environment: "prod"}
)

func owner(pid int) lockstate.Owner {
	return lockstate.Owner{Who: "ada@example.com", Host: "laptop", PID: pid, Operation: "apply", CI: "https://ci.example.com/1"}
}

func acquire(t *testing.T, b lockstate.Backend, key lockstate.Key) lockstate.Lease {
	t.Helper()
	l, err := b.Acquire(t.Context(), key, owner(1))
	if err != nil {
		t.Fatalf("acquire: %v", err)
	}
	return l
}

func check(t *testing.T, err error, doing string) {
	t.Helper()
	if err != nil {
		t.Fatalf("%s: %v", doing, err)
	}
}

func wantError(t *testing.T, err, want error, doing string) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got error %v, want %v", doing, err, want)
	}
}

// wantFenced checks that a lease can change nothing any more, and says so.
func wantFenced(t *testing.T, b lockstate.Backend, l lockstate.Lease, base uint64) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	before, err := b.Snapshot(ctx, dev)
	check(t, err, "read the snapshot")
	_, err = l.WriteSnapshot(ctx, base, []byte("from the grave"))
	wantError(t, err, lockstate.ErrLockLost, "write a snapshot")
	wantError(t, l.PutRecord(ctx, "grave", nil), lockstate.ErrLockLost, "put a record")
	wantError(t, l.Release(ctx), lockstate.ErrLockLost, "release")
	after, err := b.Snapshot(ctx, dev)
	check(t, err, "read the snapshot")
	if after.Serial != before.Serial || string(after.Data) != string(before.Data) {
		t.Errorf("a fenced-off lease changed the snapshot: %d %q became %d %q", before.Serial, before.Data, after.Serial, after.Data)
	}
	records, err := b.History(ctx, dev)
	check(t, err, "read the history")
	if slices.ContainsFunc(records, func(r lockstate.Record) bool { return r.ID == "grave" }) {
		t.Error("a fenced-off lease wrote history")
	}
}

func wantLost(t *testing.T, l lockstate.Lease, patience time.Duration) {
	t.Helper()
	select {
	case <-l.Lost():
	case <-time.After(patience):
		t.Errorf("the holder did not notice within %s that its lock was lost", patience)
	}
}

func emptyState(t *testing.T, s Store) {
	b := s.Open()
	snapshot, err := b.Snapshot(t.Context(), dev)
	check(t, err, "read the snapshot")
	if snapshot.Serial != 0 || len(snapshot.Data) != 0 {
		t.Errorf("got serial %d with %q, want nothing", snapshot.Serial, snapshot.Data)
	}
	entries, late, err := b.Journal(t.Context(), dev, 0)
	check(t, err, "read the journal")
	records, err := b.History(t.Context(), dev)
	check(t, err, "read the history")
	holder, err := b.Holder(t.Context(), dev)
	check(t, err, "read the lock")
	found, err := b.Keys(t.Context(), dev.Tenant)
	check(t, err, "list")
	if len(entries) != 0 || late != 0 || len(records) != 0 || holder != nil || len(found) != 0 {
		t.Errorf("an empty store has entries %v, %d late ones, records %v, holder %v and states %v", entries, late, records, holder, found)
	}
}

func badNames(t *testing.T, s Store) {
	b, ctx := s.Open(), t.Context()
	for _, bad := range []string{"", "..", "../up", "a/b", "Upper", "-a", "1a", "a\x00", "a b"} {
		for _, key := range []lockstate.Key{
			{Tenant: bad, Stack: "app", Environment: "dev"}, {Tenant: "default", Stack: bad, Environment: "dev"}, {Tenant: "default", Stack: "app", Environment: bad},
		} {
			_, acquired := b.Acquire(ctx, key, owner(1))
			_, snapshot := b.Snapshot(ctx, key)
			_, _, journal := b.Journal(ctx, key, 0)
			_, history := b.History(ctx, key)
			_, holder := b.Holder(ctx, key)
			for i, err := range []error{acquired, snapshot, journal, history, holder, b.Unlock(ctx, key, "x")} {
				if err == nil {
					t.Errorf("call %d accepts the key %q", i, key)
				}
			}
		}
		if _, err := b.Keys(ctx, bad); err == nil {
			t.Errorf("Keys accepts the tenant %q", bad)
		}
	}
}

func cancelledContext(t *testing.T, s Store) {
	b := s.Open()
	l := acquire(t, b, dev)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := b.Acquire(ctx, prod, owner(1))
	wantError(t, err, context.Canceled, "acquire")
	_, err = l.WriteSnapshot(ctx, 0, []byte("x"))
	wantError(t, err, context.Canceled, "write a snapshot")
	wantError(t, l.Append(ctx, 0, 1, nil), context.Canceled, "append")
	_, err = b.Snapshot(ctx, dev)
	wantError(t, err, context.Canceled, "read the snapshot")
	// A run that was told to stop still gives its lock back.
	check(t, l.Release(ctx), "release with a cancelled context")
	check(t, acquire(t, b, dev).Release(t.Context()), "release")
}

func dataIsCopied(t *testing.T, s Store) {
	b := s.Open()
	l := acquire(t, b, dev)
	data := []byte("before")
	check(t, l.Append(t.Context(), 0, 1, data), "append")
	copy(data, "after!")
	entries, _, err := s.Open().Journal(t.Context(), dev, 0)
	check(t, err, "read the journal")
	if len(entries) != 1 || string(entries[0].Data) != "before" {
		t.Errorf("got %v", entries)
	}
	check(t, l.Release(t.Context()), "release")
}

func keys(t *testing.T, s Store) {
	b, ctx := s.Open(), t.Context()
	all := []lockstate.Key{
		{Tenant: "default", Stack: "app", Environment: "dev"}, {Tenant: "default", Stack: "app", Environment: "prod"},
		{Tenant: "default", Stack: "app-two", Environment: "dev"}, {Tenant: "other", Stack: "app", Environment: "dev"},
	}
	for _, k := range []int{2, 3, 1, 0} {
		l := acquire(t, b, all[k])
		_, err := l.WriteSnapshot(ctx, 0, []byte("x"))
		check(t, err, "write")
		check(t, l.Release(ctx), "release")
	}
	for tenant, want := range map[string][]lockstate.Key{"default": all[:3], "other": all[3:], "none": nil} {
		got, err := s.Open().Keys(ctx, tenant)
		check(t, err, "list")
		if !slices.Equal(got, want) {
			t.Errorf("tenant %s: got %v, want %v", tenant, got, want)
		}
	}
}

func history(t *testing.T, s Store) {
	b, ctx := s.Open(), t.Context()
	l := acquire(t, b, dev)
	check(t, l.PutRecord(ctx, "20260102T000000Z-b", []byte("second, running")), "put")
	check(t, l.PutRecord(ctx, "20260101T000000Z-a", []byte("first")), "put")
	check(t, l.PutRecord(ctx, "20260102T000000Z-b", []byte("second, done")), "replace this run's own record")
	for _, bad := range []string{"", "../x", "a/b", ".hidden", "a b"} {
		if l.PutRecord(ctx, bad, nil) == nil {
			t.Errorf("the record ID %q is accepted", bad)
		}
	}
	check(t, l.Release(ctx), "release")
	later := acquire(t, b, dev)
	if later.PutRecord(ctx, "20260101T000000Z-a", []byte("rewritten")) == nil {
		t.Error("another run's record was replaced")
	}
	check(t, later.Release(ctx), "release")
	records, err := s.Open().History(ctx, dev)
	check(t, err, "read the history")
	var got []string
	for _, r := range records {
		got = append(got, fmt.Sprintf("%s=%s", r.ID, r.Data))
	}
	if want := []string{"20260101T000000Z-a=first", "20260102T000000Z-b=second, done"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if other, err := s.Open().History(ctx, prod); err != nil || len(other) != 0 {
		t.Errorf("the other environment has %v, %v", other, err)
	}
}

// together runs n goroutines that begin at the same moment, and waits for them.
func together(n int, do func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			do(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}
