package deploy

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/engine"
	"github.com/panka-io/panka/runtime/plan"
)

// A saved plan is an approval of certain operations, from a certain state. Apply makes sure of it three times: the state must
// be the one that was planned from; what would happen now, after a look at the cloud, must be no more than was approved; and
// so must be what is left to do after each wave, when values are known that were not.

// StaleError says that a saved plan is not what would happen any more. Reasons is never empty. Began is whether waves were
// deployed before it was noticed.
type StaleError struct {
	Reasons []string
	Began   bool
}

func (e *StaleError) Error() string {
	return "the saved plan no longer matches: " + strings.Join(e.Reasons, "; ")
}

// PlanToSave is Plan for a plan that is to be run later, as Request.Approved. What the caller knows of it, such as its time
// and the variables, the caller fills in. While another run is under way it fails with a *lockstate.HeldError.
func PlanToSave(ctx context.Context, req Request) (*plan.Plan, *plan.Saved, error) {
	holder, err := req.Backend.Holder(ctx, req.Key)
	if err != nil {
		return nil, nil, fmt.Errorf("read the lock of %s: %w", req.Key, err)
	}
	if holder != nil {
		return nil, nil, &lockstate.HeldError{Key: req.Key, Lock: *holder}
	}
	req.Refresh = true
	p, from, err := look(ctx, req)
	if err != nil {
		return nil, nil, err
	}
	saved := &plan.Saved{Cloud: req.cloud(), Serial: from.serial, Select: req.Select, SourceDigest: req.Bundle.SourceDigest}
	saved.Save(p)
	if saved.State, err = digest(from.state); err != nil {
		return nil, nil, err
	}
	saved.Code, err = CodeDigest(req.Code)
	return p, saved, err
}

// cloud names what is deployed into, for saved plans.
func (r Request) cloud() string {
	if r.Provider != nil {
		return "the sandbox"
	}
	return "AWS, by version " + engine.AWSPluginVersion + " of its provider"
}

// CodeDigest identifies generated programs.
func CodeDigest(files map[string][]byte) (string, error) {
	_, digest, err := packCode(files)
	return digest, err
}

// digest identifies a state.
func digest(state *engine.State) (string, error) {
	data, err := state.Encode()
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// unmoved makes sure that the state is the one that the saved plan, if there is one, starts from.
func (s *session) unmoved() error {
	saved := s.req.Approved
	if saved == nil {
		return nil
	}
	if cloud := s.req.cloud(); saved.Cloud != cloud {
		return &StaleError{Reasons: []string{"it was made for " + saved.Cloud + ", and this is " + cloud}}
	}
	now, err := digest(s.state)
	if err != nil {
		return err
	}
	switch {
	case saved.Serial == s.loaded && saved.State != now:
		return &StaleError{Reasons: []string{"a run that was interrupted has changed something in the meantime"}}
	case saved.Serial != s.loaded:
		return &StaleError{Reasons: []string{fmt.Sprintf(
			"something was deployed in the meantime: the plan starts from serial %d of the state, and it is %d", saved.Serial, s.loaded)}}
	}
	return nil
}

// approved makes sure that a plan does no more than the saved one, if there is one. Waves up to done are over.
func (s *session) approved(p *plan.Plan, done int) error {
	if s.req.Approved == nil {
		return nil
	}
	if more := s.req.Approved.Exceeding(p, done); len(more) > 0 {
		return &StaleError{Reasons: more, Began: done >= 0}
	}
	return nil
}

// stillApproved makes sure that what is left to do after a wave is no more than the saved plan, if there is one, says.
func (s *session) stillApproved(ctx context.Context, wave int, state *engine.State) error {
	if s.req.Approved == nil {
		return nil
	}
	p, _, err := s.previewFrom(ctx, state)
	if err != nil {
		return fmt.Errorf("look at what is left to do: %w", err)
	}
	return s.approved(p, wave)
}

// refresh gives the state as the cloud holds it, if that is asked for, and whether it differs from what is recorded.
func (r *run) refresh(ctx context.Context, state *engine.State) (*engine.State, bool, error) {
	if !r.req.Refresh && r.req.Approved == nil || len(state.Resources()) == 0 {
		return state, false, nil
	}
	r.phase("refresh")
	watch := &watcher{run: r, quiet: true}
	next, err := engine.Refresh(ctx, r.destroyRun(state, func(e engine.Event) {
		if e.Kind == engine.Diagnostic {
			watch.event(e)
		}
	}))
	if failure := watch.failed("refresh", err); failure != nil {
		return nil, false, failure
	}
	if len(next.Changed(state)) == 0 && len(next.Resources()) == len(state.Resources()) {
		return state, false, nil
	}
	return next, true, nil
}
