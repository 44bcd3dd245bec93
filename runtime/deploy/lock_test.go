package deploy_test

import (
	"context"
	"errors"
	"testing"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// unlock takes the lock away from whoever holds it.
func (s *shop) unlock(t *testing.T) {
	holder, err := s.backend.Holder(context.Background(), shopKey)
	if err == nil && holder == nil {
		err = errors.New("nobody holds the lock")
	}
	if err == nil {
		err = s.backend.Unlock(context.Background(), shopKey, holder.ID)
	}
	if err != nil {
		t.Errorf("unlock: %v", err)
	}
}

func TestHeldLock(t *testing.T) {
	s := newShop(t, "")
	lease, err := s.backend.Acquire(t.Context(), shopKey, lockstate.Owner{Who: "bob"})
	if err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]func(context.Context, deploy.Request, deploy.Approve) (*deploy.Result, error){
		"apply": deploy.Apply, "destroy": deploy.Destroy,
	} {
		var held *lockstate.HeldError
		_, err := run(t.Context(), s.mustRequest(t, "v1"), refuse(t, "what another run may change"))
		if !errors.As(err, &held) || held.Lock.Owner.Who != "bob" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := lease.Release(t.Context()); err != nil {
		t.Errorf("the holder's lock was touched: %v", err)
	}
}

func TestOwnerTellsTheOperation(t *testing.T) {
	s := newShop(t, "")
	var owner lockstate.Owner
	look := func(context.Context, *plan.Plan) (bool, error) {
		holder, err := s.backend.Holder(t.Context(), shopKey)
		if err == nil && holder != nil {
			owner = holder.Owner
		}
		return true, err
	}
	if _, err := deploy.Apply(t.Context(), s.mustRequest(t, "v1"), look); err != nil || owner.Operation != "apply" || owner.Who != "ada" {
		t.Errorf("%+v, %v", owner, err)
	}
	if _, err := deploy.Destroy(t.Context(), s.mustRequest(t, ""), look); err != nil || owner.Operation != "destroy" {
		t.Errorf("%+v, %v", owner, err)
	}
	if holder, err := s.backend.Holder(t.Context(), shopKey); err != nil || holder != nil {
		t.Errorf("the lock was not given back: %+v, %v", holder, err)
	}
}

// TestLostLock takes the lock away in the middle: the run starts nothing more and writes nothing, and what it did is
// found by the next one.
func TestLostLock(t *testing.T) {
	for _, point := range []string{
		"after Acquire 1", "before PutRecord 1", "before Append 1", "before Create 3", "after Create 4", "before WriteSnapshot 1",
	} {
		t.Run(point, func(t *testing.T) {
			s := newShop(t, "")
			lost, afterwards := false, 0
			c := &calls{at: func(at string) {
				if lost && at[:min(len(at), len("before Create"))] == "before Create" {
					afterwards++
				}
				if at == point {
					s.unlock(t)
					lost = true
				}
			}}
			result, err := deploy.Apply(t.Context(), c.watch(s.mustRequest(t, "v1")), nil)
			if !errors.Is(err, lockstate.ErrLockLost) || result != nil {
				t.Fatalf("%+v, %v", result, err)
			}
			// Those whose beginning had been written before go on: nothing can call them back.
			if afterwards > 3 {
				t.Errorf("%d resources were begun after the lock was lost", afterwards)
			}
			state := s.state(t)
			if state.Serial != 0 || state.Last != nil && state.Last.Result != deploy.Interrupted {
				t.Errorf("the run wrote although its lock was lost: serial %d, %+v", state.Serial, state.Last)
			}
			s.apply(t, "v1")
			s.wantDeployed(t, "v1")
		})
	}
}

func TestLockLostDuringApproval(t *testing.T) {
	s := newShop(t, "")
	_, err := deploy.Apply(t.Context(), s.mustRequest(t, "v1"), func(context.Context, *plan.Plan) (bool, error) {
		s.unlock(t)
		return true, nil
	})
	if !errors.Is(err, lockstate.ErrLockLost) || len(s.cloud(t)) > 0 || s.state(t).Last != nil {
		t.Errorf("%v; the account holds %v", err, s.cloud(t))
	}
}

// TestLostLockLeavesItsSuccessorAlone: another run has the lock by the time that the first one notices.
func TestLostLockLeavesItsSuccessorAlone(t *testing.T) {
	s := newShop(t, "")
	var successor lockstate.Lease
	c := &calls{at: func(at string) {
		if at != "before WriteSnapshot 1" {
			return
		}
		s.unlock(t)
		var err error
		if successor, err = s.backend.Acquire(context.Background(), shopKey, lockstate.Owner{Who: "bob"}); err != nil {
			t.Error(err)
		}
	}}
	if _, err := deploy.Apply(t.Context(), c.watch(s.mustRequest(t, "v1")), nil); !errors.Is(err, lockstate.ErrLockLost) {
		t.Fatal(err)
	}
	if err := successor.Release(t.Context()); err != nil {
		t.Errorf("the successor's lock: %v", err)
	}
}

// TestPlanDuringARun: a plan is made beside a run, and says so. What the run is doing is not taken for the leavings of
// a crash.
func TestPlanDuringARun(t *testing.T) {
	s := newShop(t, "")
	var events []deploy.Event
	var p *plan.Plan
	c := &calls{at: func(at string) {
		if at != "before Create 3" {
			return
		}
		r, err := s.request("v1")
		r.Events = func(e deploy.Event) { events = append(events, e) }
		if err == nil {
			p, err = deploy.Plan(context.Background(), r)
		}
		if err != nil {
			t.Errorf("plan: %v", err)
		}
	}}
	if _, err := deploy.Apply(t.Context(), c.watch(s.mustRequest(t, "v1")), nil); err != nil {
		t.Fatal(err)
	}
	if p == nil || p.Changes.Create == 0 {
		t.Errorf("the plan is %+v", p)
	}
	warned := false
	for _, e := range events {
		warned = warned || e.Severity == "warning" && e.Message == "ada on here runs apply just now (pid "+pid()+"): what it has yet to do is part of this plan"
		if e.Message == "recover" {
			t.Error("the plan recovers what another run is just doing")
		}
	}
	if !warned {
		t.Errorf("no word of the run: %+v", events)
	}
	s.wantDeployed(t, "v1")
}
