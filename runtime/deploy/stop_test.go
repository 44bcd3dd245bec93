package deploy_test

import (
	"context"
	"errors"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/engine"
)

func pid() string { return strconv.Itoa(os.Getpid()) }

// TestStop: what is in flight finishes and is recorded, and nothing new is begun.
func TestStop(t *testing.T) {
	s := newShop(t, "")
	r := s.mustRequest(t, "v1")
	stop := make(chan struct{})
	var once sync.Once
	c := &calls{at: func(at string) {
		if at == "after Create 1" {
			once.Do(func() { close(stop) })
		}
	}}
	r.Stop, r.Parallel = stop, 1
	result, err := deploy.Apply(t.Context(), c.watch(r), nil)
	if !errors.Is(err, engine.ErrStopped) || result == nil || result.Outcome != deploy.Cancelled || result.Changes.Create == 0 {
		t.Fatalf("%+v, %v", result, err)
	}
	state := s.state(t)
	if state.Last == nil || state.Last.Result != deploy.Cancelled || len(state.Pending) > 0 {
		t.Errorf("the history says %+v, pending %v", state.Last, state.Pending)
	}
	made := 0
	for _, resources := range s.cloud(t) {
		made += len(resources)
	}
	if made != result.Changes.Create || made > 2 {
		t.Errorf("the account holds %d resources, %d were told of", made, result.Changes.Create)
	}
	s.apply(t, "v1")
	s.wantDeployed(t, "v1")
}

func TestStopBeforeAnythingIsDone(t *testing.T) {
	s := newShop(t, "")
	r := s.mustRequest(t, "v1")
	stop := make(chan struct{})
	close(stop)
	r.Stop = stop
	if _, err := deploy.Apply(t.Context(), r, nil); !errors.Is(err, engine.ErrStopped) {
		t.Errorf("error %v", err)
	}
	if len(s.cloud(t)) > 0 || s.state(t).Last != nil {
		t.Errorf("the account holds %v", s.cloud(t))
	}
}

// TestCancel: operations in flight are given up, what is known of them is recorded, the lock is given back, and the
// next run finishes the work.
func TestCancel(t *testing.T) {
	s := newShop(t, "latency: {profile: aws, scale: 0.05}") // a queue takes more than a second
	ctx, cancel := context.WithCancel(t.Context())
	c := &calls{at: func(at string) {
		if at == "before Create 3" {
			time.AfterFunc(100*time.Millisecond, cancel)
		}
	}}
	began := time.Now()
	result, err := deploy.Apply(ctx, c.watch(s.mustRequest(t, "v1")), nil)
	if err == nil || result == nil || result.Outcome == deploy.Succeeded {
		t.Fatalf("%+v, %v", result, err)
	}
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("the run ended only after %s", took)
	}
	if holder, err := s.backend.Holder(t.Context(), shopKey); err != nil || holder != nil {
		t.Errorf("the lock was not given back: %+v, %v", holder, err)
	}
	state := s.state(t)
	if state.Last == nil || state.Last.Result != deploy.Cancelled || state.Serial == 0 {
		t.Errorf("serial %d, the history says %+v", state.Serial, state.Last)
	}
	if err := os.WriteFile(s.dir+"/sandbox.yaml", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s = reopened(t, s.dir) // fast again
	s.apply(t, "v1")
	s.wantDeployed(t, "v1")
}
