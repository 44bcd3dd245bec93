package file

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/panka-io/panka/lockstate"
)

func TestAnEntryWaitsForThoseBeforeIt(t *testing.T) {
	b := open(t, t.TempDir(), Options{})
	l := acquire(t, b, dev)
	second := make(chan error, 1)
	go func() { second <- l.Append(t.Context(), 0, 2, []byte("b")) }()
	select {
	case err := <-second:
		t.Fatalf("entry 2 did not wait for entry 1: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	if entries, _, err := b.Journal(t.Context(), dev, 0); err != nil || len(entries) != 0 {
		t.Errorf("there are %v already, %v", entries, err)
	}
	check(t, l.Append(t.Context(), 0, 1, []byte("a")))
	check(t, <-second)
	entries, _, err := b.Journal(t.Context(), dev, 0)
	if err != nil || len(entries) != 2 {
		t.Errorf("got %v, %v", entries, err)
	}
	check(t, l.Release(t.Context()))
}

func TestAnEntryAfterAFailedOneIsRefused(t *testing.T) {
	b := open(t, t.TempDir(), Options{})
	l := acquire(t, b, dev)
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	second := make(chan error, 1)
	go func() { second <- l.Append(t.Context(), 0, 2, nil) }()
	if err := l.Append(cancelled, 0, 1, nil); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := <-second; err == nil {
		t.Error("entry 2 was stored without entry 1")
	}
	// The failed one may be tried again, and then all is well.
	check(t, l.Append(t.Context(), 0, 1, nil))
	check(t, l.Append(t.Context(), 0, 2, nil))
	check(t, l.Release(t.Context()))
}

func TestWaitingEndsWhenTheLockIsLost(t *testing.T) {
	b := open(t, t.TempDir(), Options{Lease: 200 * time.Millisecond})
	l := acquire(t, b, dev)
	waiting := make(chan error, 1)
	go func() { waiting <- l.Append(t.Context(), 0, 2, nil) }()
	check(t, b.Unlock(t.Context(), dev, l.Lock().ID))
	select {
	case err := <-waiting:
		if !errors.Is(err, lockstate.ErrLockLost) {
			t.Errorf("got %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Error("the entry waits for ever")
	}
}

func TestBatchSyncCoversEveryCaller(t *testing.T) {
	var s batchSync
	var changes, synced, calls atomic.Int64
	syncDir := func() error {
		calls.Add(1)
		seen := changes.Load()
		time.Sleep(time.Millisecond)
		synced.Store(seen)
		return nil
	}
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			mine := changes.Add(1)
			if err := s.sync(syncDir); err != nil || synced.Load() < mine {
				t.Errorf("change %d is not durable (%d is), %v", mine, synced.Load(), err)
			}
		})
	}
	all.Wait()
	if calls.Load() >= 100 {
		t.Errorf("%d calls for 100 changes", calls.Load())
	}
	failed := errors.New("disk")
	if err := s.sync(func() error { return failed }); !errors.Is(err, failed) {
		t.Errorf("a failure was not reported: %v", err)
	}
}

func TestTheSecondTryOfASnapshotSucceeds(t *testing.T) {
	b := open(t, t.TempDir(), Options{})
	l := acquire(t, b, dev).(*lease)
	// The snapshot gets its name, but then the call is cut off before it knows.
	l.d.step = func(step string) {
		if step == "published "+snapshotFile {
			panic("cut off")
		}
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = l.WriteSnapshot(t.Context(), 0, []byte("first try"))
	}()
	l.d.step = nil
	if got, err := b.Snapshot(t.Context(), dev); err != nil || string(got.Data) != "first try" {
		t.Fatalf("got %+v, %v", got, err)
	}
	s, err := l.WriteSnapshot(t.Context(), 0, []byte("second try"))
	if err != nil || s.Serial != 1 {
		t.Errorf("got %+v, %v", s, err)
	}
	if _, err := l.WriteSnapshot(t.Context(), 0, []byte("third")); !errors.Is(err, lockstate.ErrConflict) {
		t.Errorf("after the success, the same base is accepted again: %v", err)
	}
	check(t, l.Release(t.Context()))
}
