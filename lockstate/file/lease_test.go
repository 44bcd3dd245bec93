//go:build unix

package file

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/panka-io/panka/lockstate"
)

func TestLivingHolderKeepsItsLock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// The other one is on another machine, so it can only go by the signs of life.
	opts := Options{Lease: 2 * time.Second, Heartbeat: 100 * time.Millisecond}
	l := acquire(t, open(t, dir, opts), dev)
	other := open(t, dir, Options{Host: "elsewhere"})
	for until := time.Now().Add(opts.Lease + opts.Lease/2); time.Now().Before(until); time.Sleep(10 * time.Millisecond) {
		var held *lockstate.HeldError
		if _, err := other.Acquire(t.Context(), dev, ada); !errors.As(err, &held) {
			t.Fatalf("taken from a living holder: %v", err)
		}
		if holder, err := other.Holder(t.Context(), dev); err != nil || holder == nil {
			t.Fatalf("nobody holds the lock, %v", err)
		}
	}
	select {
	case <-l.Lost():
		t.Error("a lock that was renewed counts as lost")
	default:
	}
	check(t, l.Release(t.Context()))
}

func TestALeaseThatCannotBeRenewedIsLost(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	b := open(t, dir, quick)
	l := acquire(t, b, dev)
	// Someone else is in the middle of a change, and stays there.
	gate, err := os.OpenFile(filepath.Join(dir, dev.String(), gateFile), os.O_RDWR, 0)
	check(t, err)
	defer gate.Close()
	check(t, waitFlock(t.Context(), gate))
	select {
	case <-l.Lost():
	case <-time.After(25 * quick.Lease):
		t.Fatal("the holder goes on without signs of life")
	}
	check(t, unflock(gate))
	if err := l.Append(t.Context(), 0, 1, nil); !errors.Is(err, lockstate.ErrLockLost) {
		t.Errorf("append: %v", err)
	}
	if err := l.Release(t.Context()); !errors.Is(err, lockstate.ErrLockLost) {
		t.Errorf("release: %v", err)
	}
	check(t, acquire(t, b, dev).Release(t.Context())) // nevertheless it is free now
}

func TestNobodyComesBetweenTheCheckAndTheWrite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writer, other := open(t, dir, Options{}), open(t, dir, Options{})
	paused, goOn := make(chan struct{}), make(chan struct{})
	writer.step = func(step string) {
		if step == "publish "+snapshotFile {
			close(paused)
			<-goOn
		}
	}
	l := acquire(t, writer, dev)
	written := make(chan error, 1)
	go func() {
		_, err := l.WriteSnapshot(context.Background(), 0, []byte("slow"))
		written <- err
	}()
	<-paused
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if err := other.Unlock(ctx, dev, l.Lock().ID); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("unlocked in the middle of a write: %v", err)
	}
	close(goOn)
	check(t, <-written)
	check(t, other.Unlock(t.Context(), dev, l.Lock().ID))
	if err := l.Append(t.Context(), 1, 1, nil); !errors.Is(err, lockstate.ErrLockLost) {
		t.Errorf("append after the unlocking: %v", err)
	}
}
