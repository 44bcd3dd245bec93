package conformance

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/panka-io/panka/lockstate"
)

// wantHeld checks that err names the holder.
func wantHeld(t *testing.T, err error, by lockstate.Lock) {
	t.Helper()
	var held *lockstate.HeldError
	if !errors.As(err, &held) {
		t.Fatalf("got error %v, want a HeldError", err)
	}
	wantLock(t, held.Lock, by)
	if held.Key != dev {
		t.Errorf("the error is about %s", held.Key)
	}
}

func wantLock(t *testing.T, got, want lockstate.Lock) {
	t.Helper()
	if got.ID != want.ID || got.Token != want.Token || got.Owner != want.Owner || !got.AcquiredAt.Equal(want.AcquiredAt) {
		t.Errorf("got the lock %+v, want %+v", got, want)
	}
}

func heldLock(t *testing.T, s Store) {
	ours, theirs, ctx := s.Open(), s.Open(), t.Context()
	l := acquire(t, ours, dev)
	lock := l.Lock()
	if lock.ID == "" || lock.Token == 0 || lock.Owner != owner(1) || time.Since(lock.AcquiredAt).Abs() > time.Minute {
		t.Errorf("the lock is %+v", lock)
	}
	for _, b := range []lockstate.Backend{ours, theirs} {
		_, err := b.Acquire(ctx, dev, owner(2))
		wantHeld(t, err, lock)
		holder, err := b.Holder(ctx, dev)
		check(t, err, "read the lock")
		if holder == nil {
			t.Fatal("nobody is said to hold the lock")
		}
		wantLock(t, *holder, lock)
	}
	check(t, l.Release(ctx), "release")
	holder, err := theirs.Holder(ctx, dev)
	check(t, err, "read the lock")
	if holder != nil {
		t.Errorf("after the release, %+v holds the lock", holder)
	}
	select {
	case <-l.Lost():
		t.Error("a released lock counts as lost")
	default:
	}
	again := acquire(t, theirs, dev)
	check(t, again.Release(ctx), "release")
}

func tokenGrows(t *testing.T, s Store) {
	var last lockstate.Lock
	for range 5 {
		l := acquire(t, s.Open(), dev)
		if l.Lock().Token <= last.Token || l.Lock().ID == last.ID {
			t.Errorf("after %+v came %+v", last, l.Lock())
		}
		last = l.Lock()
		check(t, l.Release(t.Context()), "release")
	}
}

func statesAreSeparate(t *testing.T, s Store) {
	b, ctx := s.Open(), t.Context()
	l, other := acquire(t, b, dev), acquire(t, b, prod)
	_, err := l.WriteSnapshot(ctx, 0, []byte("dev"))
	check(t, err, "write")
	check(t, other.Append(ctx, 0, 1, []byte("entry")), "append")
	check(t, l.Release(ctx), "release")
	if snapshot, err := b.Snapshot(ctx, prod); err != nil || snapshot.Serial != 0 {
		t.Errorf("prod has the snapshot %+v, %v", snapshot, err)
	}
	if entries, late, err := b.Journal(ctx, dev, 0); err != nil || len(entries)+late != 0 {
		t.Errorf("dev has the entries %v and %d late ones, %v", entries, late, err)
	}
	check(t, other.Release(ctx), "release")
}

func oneWinner(t *testing.T, s Store) {
	const racers = 50
	backends := []lockstate.Backend{s.Open(), s.Open(), s.Open(), s.Open()}
	for round := range 3 {
		var winners, held atomic.Int32
		var winner atomic.Value
		together(racers, func(i int) {
			l, err := backends[i%len(backends)].Acquire(t.Context(), dev, owner(i))
			var h *lockstate.HeldError
			switch {
			case err == nil:
				winners.Add(1)
				winner.Store(l)
			case errors.As(err, &h):
				held.Add(1)
			default:
				t.Errorf("racer %d: %v", i, err)
			}
		})
		if winners.Load() != 1 || held.Load() != racers-1 {
			t.Fatalf("round %d: %d of %d won and %d were told that the lock is held", round, winners.Load(), racers, held.Load())
		}
		check(t, winner.Load().(lockstate.Lease).Release(t.Context()), "release")
	}
}

func unlock(t *testing.T, s Store) {
	b, ctx := s.Open(), t.Context()
	old := acquire(t, b, dev)
	_, err := old.WriteSnapshot(ctx, 0, []byte("old"))
	check(t, err, "write")
	check(t, s.Open().Unlock(ctx, dev, old.Lock().ID), "unlock")
	if holder, err := b.Holder(ctx, dev); err != nil || holder != nil {
		t.Errorf("after unlocking, the holder is %+v, %v", holder, err)
	}
	// The token was raised, so the old holder is fenced off even while there is no new one. What it appends before it
	// learns of that is late.
	if s.Notice > 0 {
		wantLost(t, old, s.Notice)
	}
	wantError(t, old.Append(ctx, 1, 1, nil), lockstate.ErrLockLost, "append")
	wantLost(t, old, time.Second)
	wantFenced(t, b, old, 1)
	now := acquire(t, s.Open(), dev)
	if now.Lock().Token <= old.Lock().Token+1 {
		t.Errorf("unlocking did not raise the token: %d, then %d", old.Lock().Token, now.Lock().Token)
	}
	_, err = now.WriteSnapshot(ctx, 1, []byte("new"))
	check(t, err, "write")
	check(t, now.Release(ctx), "release")
}

func unlockRefusesOtherIDs(t *testing.T, s Store) {
	b, ctx := s.Open(), t.Context()
	if b.Unlock(ctx, dev, "x") == nil {
		t.Error("a state that does not exist was unlocked")
	}
	l := acquire(t, b, dev)
	wantHeld(t, b.Unlock(ctx, dev, l.Lock().ID+"x"), l.Lock())
	wantHeld(t, b.Unlock(ctx, dev, ""), l.Lock())
	check(t, l.Append(ctx, 0, 1, nil), "append after refused unlocking")
	check(t, l.Release(ctx), "release")
	if b.Unlock(ctx, dev, l.Lock().ID) == nil || b.Unlock(ctx, dev, "") == nil {
		t.Error("a lock that nobody holds was unlocked")
	}
}

// takeover also checks that a dead holder's lock is respected at first, and its entries are not lost.
func takeover(t *testing.T, s Store) {
	b, ctx := s.Open(), t.Context()
	dead := acquire(t, s.Open(), dev)
	check(t, dead.Append(ctx, 0, 1, []byte("last words")), "append")
	s.Abandon(dead)
	var l lockstate.Lease
	for deadline := time.Now().Add(s.Patience); l == nil; time.Sleep(10 * time.Millisecond) {
		var err error
		if l, err = b.Acquire(ctx, dev, owner(2)); err == nil {
			break
		}
		wantHeld(t, err, dead.Lock())
		if time.Now().After(deadline) {
			t.Fatalf("no takeover within %s", s.Patience)
		}
	}
	if l.Lock().Token <= dead.Lock().Token {
		t.Errorf("the token went from %d to %d", dead.Lock().Token, l.Lock().Token)
	}
	entries, late, err := b.Journal(ctx, dev, 0)
	check(t, err, "read the journal")
	if len(entries) != 1 || late != 0 || string(entries[0].Data) != "last words" || entries[0].Token != dead.Lock().Token {
		t.Errorf("the dead holder's entries are %v, with %d late ones", entries, late)
	}
	_, err = l.WriteSnapshot(ctx, 0, []byte("folded"))
	check(t, err, "write")
	if s.Notice > 0 {
		wantLost(t, dead, s.Notice)
	}
	wantError(t, dead.Append(ctx, 0, 2, nil), lockstate.ErrLockLost, "append")
	wantLost(t, dead, time.Second)
	wantFenced(t, b, dead, 1)
	check(t, l.Release(ctx), "release")
}

func releasedLeaseIsUseless(t *testing.T, s Store) {
	b, ctx := s.Open(), t.Context()
	l := acquire(t, b, dev)
	check(t, l.Release(ctx), "release")
	wantError(t, l.Append(ctx, 0, 1, nil), lockstate.ErrLockLost, "append")
	wantFenced(t, b, l, 0)
	next := acquire(t, b, dev)
	wantFenced(t, b, l, 0)
	check(t, next.Release(ctx), "release")
}
