// Package deploy runs deployments: it takes the lock, mends what a crashed run left, previews, asks for approval, runs
// the engine and records the outcome. It knows the compiled bundle and the state's store; it knows nothing of YAML.
package deploy

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/engine"
	"github.com/panka-io/panka/runtime/plan"
)

// Plan finds out what Apply would do. It takes no lock and changes nothing. Errors: *FailedError, and what the store
// says.
func Plan(ctx context.Context, req Request) (*plan.Plan, error) {
	p, _, err := look(ctx, req)
	return p, err
}

// look is Plan, and gives what is stored, with what became of unfinished operations.
func look(ctx context.Context, req Request) (*plan.Plan, *stored, error) {
	foreign, err := readForeign(ctx, req)
	if err != nil {
		return nil, nil, err
	}
	stored, err := load(ctx, req.Backend, req.Key)
	if err != nil {
		return nil, nil, err
	}
	r := newRun(req, stored)
	r.foreign = foreign
	holder, err := req.Backend.Holder(ctx, req.Key)
	if err != nil {
		return nil, nil, fmt.Errorf("read the lock of %s: %w", req.Key, err)
	}
	state := stored.state
	if holder != nil {
		// What is unfinished is being done; it is no crashed run's, and to look for it would be to wait for it.
		r.emit(Event{Kind: EventDiagnostic, Wave: -1, Severity: "warning", Message: fmt.Sprintf(
			"%s on %s runs %s just now (pid %d): what it has yet to do is part of this plan",
			holder.Owner.Who, holder.Owner.Host, holder.Owner.Operation, holder.Owner.PID)})
		state = state.WithoutPending()
	} else if state, _, err = r.settle(ctx, state); err != nil {
		return nil, nil, err
	}
	stored.state = state
	now, _, err := r.refresh(ctx, state)
	if err != nil {
		return nil, nil, err
	}
	p, _, err := r.preview(ctx, now)
	return p, stored, err
}

// Apply deploys the bundle. Errors: *lockstate.HeldError, lockstate.ErrLockLost, *FailedError, engine.ErrStopped, and
// what the store says. The result is not nil whenever something was run.
func Apply(ctx context.Context, req Request, approve Approve) (*Result, error) {
	foreign, err := readForeign(ctx, req)
	if err != nil {
		return nil, err
	}
	return locked(ctx, req, "apply", func(ctx context.Context, s *session) (*Result, error) {
		s.foreign = foreign
		return s.apply(ctx, "apply", approve)
	})
}

// Destroy deletes what is deployed, or the selected components. Errors are those of Apply.
func Destroy(ctx context.Context, req Request, approve Approve) (*Result, error) {
	return locked(ctx, req, "destroy", func(ctx context.Context, s *session) (*Result, error) {
		return s.destroy(ctx, approve)
	})
}

// session is a run that holds the lock.
type session struct {
	*run
	lease   lockstate.Lease
	loaded  uint64 // serial of the snapshot that was found
	base    uint64 // serial of the stored snapshot
	seq     uint64 // of the last journal record
	state   *engine.State
	id      string // of the deployment in the history
	code    string // digest of the programs, once they are kept
	started time.Time
}

// locked takes the lock, brings the state up to date with what an interrupted run did, and calls work.
func locked(
	ctx context.Context, req Request, operation string, work func(context.Context, *session) (*Result, error),
) (*Result, error) {
	return hold(ctx, req, operation, func(ctx context.Context, lease lockstate.Lease) (*Result, error) {
		s := &session{lease: lease, started: time.Now()}
		if err := s.open(ctx, req); err != nil {
			return nil, err
		}
		return work(ctx, s)
	})
}

// hold calls work with the lock. The context that it gets ends when the lock is lost.
func hold(
	ctx context.Context, req Request, operation string, work func(context.Context, lockstate.Lease) (*Result, error),
) (result *Result, err error) {
	req.Owner.Operation = operation
	lease, err := acquire(ctx, req)
	if err != nil {
		return nil, err
	}
	defer func() {
		// Also after a cancellation the lock is given back. A lease that is lost already is told once.
		releaseErr := lease.Release(context.WithoutCancel(ctx))
		if releaseErr != nil && !(errors.Is(releaseErr, lockstate.ErrLockLost) && errors.Is(err, lockstate.ErrLockLost)) {
			err = errors.Join(err, fmt.Errorf("release the lock: %w", releaseErr))
		}
	}()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-lease.Lost():
			cancel(lockstate.ErrLockLost)
		case <-ctx.Done():
		}
	}()
	result, err = work(ctx, lease)
	return result, lostOr(ctx, err)
}

// lostOr names the loss of the lock as the cause of an error if that is what it is.
func lostOr(ctx context.Context, err error) error {
	if err != nil && errors.Is(context.Cause(ctx), lockstate.ErrLockLost) {
		return fmt.Errorf("%w: another run may be under way, so this one stopped and did not write the state: %w",
			lockstate.ErrLockLost, err)
	}
	return err
}

// open loads the state, folds in what an interrupted run left, settles its unfinished operations, and stores the
// outcome before anything else is done.
func (s *session) open(ctx context.Context, req Request) error {
	stored, err := load(ctx, req.Backend, req.Key)
	if err != nil {
		return err
	}
	s.run, s.base, s.loaded = newRun(req, stored), stored.serial, stored.serial
	s.id = deploymentID(s.started, stored.last)
	state, changed, err := s.settle(ctx, stored.state)
	if err != nil {
		return err
	}
	s.state = state
	if changed || stored.folded {
		return s.store(ctx)
	}
	return nil
}

// store writes the state as the next snapshot.
func (s *session) store(ctx context.Context) error {
	data, err := s.state.Encode()
	if err != nil {
		return err
	}
	snapshot, err := s.lease.WriteSnapshot(ctx, s.base, data)
	if err != nil {
		return fmt.Errorf("write the state: %w", err)
	}
	s.base = snapshot.Serial
	return nil
}

func (s *session) append(ctx context.Context) func([]byte) error {
	return func(data []byte) error {
		s.seq++
		return s.lease.Append(ctx, s.base, s.seq, data)
	}
}

// apply runs the bundle against the state, as the operation says.
func (s *session) apply(ctx context.Context, operation string, approve Approve) (*Result, error) {
	if err := s.unmoved(); err != nil {
		return nil, err
	}
	now, differs, err := s.refresh(ctx, s.state)
	if err != nil {
		return nil, err
	}
	p, restated, err := s.preview(ctx, now)
	if err != nil {
		return nil, err
	}
	if err := s.approved(p, -1); err != nil {
		return nil, err
	}
	if !p.Changes.Any() && !restated && !differs && !s.state.Unfinished() {
		if failure := s.doubt(ctx); failure != nil {
			return nil, failure
		}
		return s.unchanged(ctx, operation, p.Changes)
	}
	if p.Changes.Any() {
		if result, err := s.ask(ctx, approve, p); result != nil || err != nil {
			return result, err
		}
	}
	if differs {
		s.state = now
		if err := s.store(ctx); err != nil {
			return nil, err
		}
	}
	s.phase("update")
	if err := s.record(ctx, operation, &Result{Outcome: Running}); err != nil {
		return nil, err
	}
	watch := s.watch()
	r := s.engineRun(s.state, watch.event)
	r.Append, r.AfterWave = s.append(context.WithoutCancel(ctx)), s.afterWave
	state, runErr := engine.Update(ctx, r)
	result, err := s.finish(ctx, operation, state, watch, runErr)
	if err == nil && !result.Changes.Any() {
		result.Outcome = NothingToDo
	}
	return result, err
}

// unchanged ends a run that has nothing to do. The history tells of it only if the last run did not succeed: what that
// began is done now.
func (s *session) unchanged(ctx context.Context, operation string, same plan.Counts) (*Result, error) {
	result := &Result{Outcome: NothingToDo, Changes: same, Seconds: s.seconds()}
	if s.last == nil || s.last.Result == Succeeded || len(s.req.Select) > 0 {
		return result, nil
	}
	result.Deployment = s.id
	done := *result
	done.Outcome = Succeeded
	return result, s.record(ctx, operation, &done)
}

// ask wants the plan approved. A result means that it was not.
func (s *session) ask(ctx context.Context, approve Approve, p *plan.Plan) (*Result, error) {
	if approve == nil {
		return nil, nil
	}
	ok, err := approve(ctx, p)
	if err != nil {
		return nil, err
	}
	if !ok {
		return &Result{Outcome: Declined, Changes: plan.Counts{}, Seconds: s.seconds()}, nil
	}
	return nil, nil
}

func (s *session) destroy(ctx context.Context, approve Approve) (*Result, error) {
	if len(s.state.Resources()) == 0 {
		return s.unchanged(ctx, "destroy", plan.Counts{})
	}
	if blocked := s.dependents(s.state); len(blocked) > 0 {
		return nil, &FailedError{During: "destroy", Failures: blocked}
	}
	p, err := s.previewDestroy(ctx, s.state)
	if err != nil {
		return nil, err
	}
	s.warnReaders(ctx)
	if p.Changes.Any() {
		if result, err := s.ask(ctx, approve, p); result != nil || err != nil {
			return result, err
		}
	}
	s.phase("destroy")
	if err := s.record(ctx, "destroy", &Result{Outcome: Running}); err != nil {
		return nil, err
	}
	watch := s.watch()
	r := s.destroyRun(s.state, watch.event)
	r.Append = s.append(context.WithoutCancel(ctx))
	state, runErr := engine.Destroy(ctx, r)
	result, err := s.finish(ctx, "destroy", state, watch, runErr)
	if err == nil && !result.Changes.Any() {
		result.Outcome = NothingToDo
	}
	return result, err
}

// finish stores the state and the history record, and says what happened.
func (s *session) finish(
	ctx context.Context, operation string, state *engine.State, watch *watcher, runErr error,
) (*Result, error) {
	if errors.Is(context.Cause(ctx), lockstate.ErrLockLost) {
		if runErr == nil {
			runErr = errors.New("it was noticed when everything was done")
		}
		return nil, runErr
	}
	after := context.WithoutCancel(ctx) // what was done must be recorded, whatever ended the run
	if state != nil {
		s.state = state
		if err := s.store(after); err != nil {
			return nil, errors.Join(runErr, err)
		}
	}
	result := &Result{
		Deployment: s.id, Outcome: Succeeded, Changes: watch.counts, Seconds: s.seconds(),
	}
	err := watch.failed(operation, runErr)
	switch {
	case errors.Is(runErr, engine.ErrStopped):
		result.Outcome, err = Cancelled, runErr
	case err != nil:
		result.Outcome = FailedRun
	}
	return result, errors.Join(err, s.record(after, operation, result))
}

// record writes the run's history record, at first to say that it is under way. So a crashed run stands in the history
// too, with what it was to deploy.
func (s *session) record(ctx context.Context, operation string, result *Result) error {
	if err := s.keepCode(ctx); err != nil {
		return err
	}
	d := Deployment{
		Code: s.code, ID: s.id, Run: s.lease.Lock().ID, Operation: operation, StartedAt: s.started.UTC(), Seconds: result.Seconds,
		Result: result.Outcome, By: s.req.Owner.Who, Host: s.req.Owner.Host, Commit: s.req.Commit,
		Changes: result.Changes, Selected: s.req.Select, Variables: map[string]string{}, Sources: map[string]bundle.Source{},
	}
	if b := s.req.Bundle; b != nil {
		d.Components, d.SourceDigest, d.Foreign = b.Components, b.SourceDigest, b.Foreign
		if operation == "rollback" {
			d.RolledBackTo, d.Components = s.req.RollbackTo, slices.Concat(d.Components, s.left())
		}
		for _, r := range b.Resources {
			d.Sources[r.URN] = r.Source
		}
		for _, v := range b.Variables {
			if value, ok := s.req.Variables[v.Name]; ok && !v.Sensitive {
				d.Variables[v.Name] = value
			}
		}
	}
	return putDeployment(ctx, s.lease, &d)
}

func (s *session) seconds() float64 { return time.Since(s.started).Seconds() }

// deploymentID names a run so that it sorts after the last one, even if the clocks of two machines do not agree. The
// random end tells apart what two machines without a common history make.
func deploymentID(started time.Time, last *Deployment) string {
	const form = "20060102t150405.000z"
	id := started.UTC().Format(form)
	if last != nil && id <= last.ID {
		if t, err := time.Parse(form, last.ID[:min(len(form), len(last.ID))]); err == nil {
			id = t.Add(time.Millisecond).Format(form)
		}
	}
	b := make([]byte, 3)
	_, _ = rand.Read(b) // never fails, see crypto/rand
	return id + "-" + hex.EncodeToString(b)
}
