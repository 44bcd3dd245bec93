package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/engine"
	"github.com/panka-io/panka/runtime/plan"
)

// Protection says how secrets stand in an exported state, see engine.Protection.
type Protection = engine.Protection

// ErrUnprotected is what Export says of a state with secrets when it has nothing to encrypt them with.
var ErrUnprotected = engine.ErrUnprotected

// Exported is a state that was exported.
type Exported struct {
	Data      []byte // a deployment as "pulumi stack import" takes it
	Serial    uint64
	Resources int
	Pending   []string // operations that a run has not finished, as State has them
}

// Export gives what is recorded of a stack, with what an interrupted run left in the journal. It takes no lock.
func Export(ctx context.Context, backend lockstate.Backend, key lockstate.Key, p Protection) (*Exported, error) {
	s, err := load(ctx, backend, key)
	if err != nil {
		return nil, err
	}
	data, err := s.state.Export(ctx, p)
	if err != nil {
		return nil, err
	}
	return &Exported{Data: data, Serial: s.serial, Resources: len(urns(s.state)), Pending: s.state.Pending()}, nil
}

// ImportSummary tells what an import would do.
type ImportSummary struct {
	Serial    uint64   // of the state that would be replaced; 0 if there is none
	Resources int      // that would be recorded
	Added     []string // URNs of resources that are not recorded now, sorted
	Forgotten []string // URNs of resources that are recorded now and would not be any more, sorted
	// Pending are operations that an interrupted run began and that nobody would look for any more.
	Pending []string
}

// Import replaces what is recorded of a stack by what Export wrote; nothing in the cloud changes. Of the request it needs
// the backend, the key and the owner. Errors are those of Apply, and what is wrong with the data, before the lock is taken.
func Import(
	ctx context.Context, req Request, data []byte, p Protection, approve func(context.Context, ImportSummary) (bool, error),
) (*Result, error) {
	state, err := engine.ImportState(ctx, data, req.Key.Stack, req.Key.Environment, p)
	if err != nil {
		return nil, fmt.Errorf("import the state: %w", err)
	}
	return hold(ctx, req, "import", func(ctx context.Context, lease lockstate.Lease) (*Result, error) {
		started := time.Now()
		old, write, err := replaceable(ctx, req, lease)
		if err != nil {
			return nil, err
		}
		if ok, err := approve(ctx, summarize(old, state)); err != nil || !ok {
			return &Result{Outcome: Declined}, err
		}
		d := successor(req, lease, "import", old.last, started)
		if err := putDeployment(ctx, lease, &d); err != nil {
			return nil, err
		}
		encoded, err := state.Encode()
		if err != nil {
			return nil, err
		}
		if _, err := write(encoded); err != nil {
			return nil, fmt.Errorf("write the state: %w", err)
		}
		d.Result, d.Seconds = Succeeded, time.Since(started).Seconds()
		return &Result{Deployment: d.ID, Outcome: Succeeded, Seconds: d.Seconds}, putDeployment(ctx, lease, &d)
	})
}

// replaceable is what an import takes the place of, and how. A state that is damaged is one without resources.
func replaceable(ctx context.Context, req Request, lease lockstate.Lease) (*stored, func([]byte) (lockstate.Snapshot, error), error) {
	old, err := load(ctx, req.Backend, req.Key)
	if err == nil {
		return old, func(data []byte) (lockstate.Snapshot, error) { return lease.WriteSnapshot(ctx, old.serial, data) }, nil
	}
	if !errors.Is(err, lockstate.ErrCorrupt) {
		return nil, nil, err
	}
	found, salvageErr := req.Backend.Salvage(ctx, req.Key)
	if salvageErr != nil {
		return nil, nil, errors.Join(err, salvageErr)
	}
	if slices.ContainsFunc(found.Faults, func(f lockstate.Fault) bool { return f.Kind == lockstate.RecordObject }) {
		return nil, nil, err // panka state repair mends the history
	}
	old = &stored{serial: found.Serial, state: &engine.State{}, last: newestDeployment(found.Records)}
	return old, func(data []byte) (lockstate.Snapshot, error) { return lease.Restore(ctx, found.Serial+1, data) }, nil
}

func summarize(old *stored, state *engine.State) ImportSummary {
	now, then := urns(old.state), urns(state)
	return ImportSummary{
		Serial: old.serial, Resources: len(then), Pending: old.state.Pending(),
		Added: without(then, now), Forgotten: without(now, then),
	}
}

// urns lists the resources of a state that are in the cloud, sorted.
func urns(s *engine.State) []string {
	var list []string
	for _, r := range s.Resources() {
		if r.InCloud() {
			list = append(list, r.URN)
		}
	}
	slices.Sort(list)
	return slices.Compact(list) // a replaced one may be there twice
}

// without gives what is in a and not in b, both sorted.
func without(a, b []string) []string {
	var out []string
	for _, s := range a {
		if _, found := slices.BinarySearch(b, s); !found {
			out = append(out, s)
		}
	}
	return out
}

// successor is the history record of an operation that deploys nothing. What is known of components goes on to be known.
func successor(req Request, lease lockstate.Lease, operation string, last *Deployment, started time.Time) Deployment {
	d := Deployment{
		ID: deploymentID(started, last), Run: lease.Lock().ID, Operation: operation, StartedAt: started.UTC(), Result: Running,
		By: req.Owner.Who, Host: req.Owner.Host, Commit: req.Commit, Changes: plan.Counts{},
	}
	if last != nil {
		d.Components, d.Sources, d.SourceDigest, d.Foreign, d.Variables = last.Components, last.Sources, last.SourceDigest, last.Foreign, last.Variables
	}
	return d
}

// putDeployment writes a history record.
func putDeployment(ctx context.Context, lease lockstate.Lease, d *Deployment) error {
	data, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode the history record: %w", err)
	}
	if err := lease.PutRecord(ctx, d.ID, data); err != nil {
		return fmt.Errorf("write the history record: %w", err)
	}
	return nil
}
