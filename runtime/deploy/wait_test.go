package deploy_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/engine"
)

// waiting is a run that waits for bob's lock. Told gets a value when the run says so.
func waiting(t *testing.T, timeout time.Duration) (*shop, lockstate.Lease, deploy.Request, chan string) {
	s := newShop(t, "")
	lease, err := s.backend.Acquire(t.Context(), shopKey, lockstate.Owner{Who: "bob", Host: "there", Operation: "apply"})
	if err != nil {
		t.Fatal(err)
	}
	r := s.mustRequest(t, "v1")
	r.LockTimeout = timeout
	told := make(chan string, 10)
	r.Events = func(e deploy.Event) {
		if e.Kind == deploy.EventLock {
			told <- string(e.Status) + " " + e.Message
		}
	}
	return s, lease, r, told
}

func TestLockTimeout(t *testing.T) {
	_, lease, r, told := waiting(t, 3*time.Second)
	begun := time.Now()
	var held *lockstate.HeldError
	if _, err := deploy.Apply(t.Context(), r, nil); !errors.As(err, &held) || held.Lock.Owner.Who != "bob" {
		t.Errorf("error %v", err)
	}
	if waited := time.Since(begun); waited < 3*time.Second {
		t.Errorf("it waited for %s only", waited)
	}
	want := (&lockstate.HeldError{Key: shopKey, Lock: lease.Lock()}).Error()
	if first := <-told; first != "started "+want {
		t.Errorf("it said %q, want %q", first, want)
	}
	if second := <-told; second != "done " || len(told) > 0 {
		t.Errorf("then it said %q, and %d more", second, len(told))
	}
	if err := lease.Release(t.Context()); err != nil {
		t.Errorf("the holder's lock was touched: %v", err)
	}
}

func TestWaitedForTheLock(t *testing.T) {
	s, lease, r, told := waiting(t, time.Minute)
	released := make(chan error, 1)
	go func() {
		<-told
		released <- lease.Release(context.Background())
	}()
	if _, err := deploy.Apply(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	if err := <-released; err != nil {
		t.Fatal(err)
	}
	s.wantDeployed(t, "v1")
}

func TestStopWhileWaiting(t *testing.T) {
	_, _, r, told := waiting(t, time.Hour)
	stop := make(chan struct{})
	r.Stop = stop
	go func() { <-told; close(stop) }()
	if _, err := deploy.Apply(t.Context(), r, nil); !errors.Is(err, engine.ErrStopped) {
		t.Errorf("error %v", err)
	}
	_, _, r, told = waiting(t, time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-told; cancel() }()
	if _, err := deploy.Apply(ctx, r, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}
