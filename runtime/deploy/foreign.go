package deploy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/engine"
)

// CheckForeign makes sure that the outputs of other stacks that the bundle reads are recorded, in the same environment.
// Plan and Apply do so themselves; a caller that must first build the programs can know before. Errors: *FailedError, and
// what the store says.
func CheckForeign(ctx context.Context, req Request) error {
	_, err := readForeign(ctx, req)
	return err
}

// readForeign reads what the programs read of other stacks. It takes no lock: what is recorded at this moment counts.
func readForeign(ctx context.Context, req Request) (map[string]engine.Exports, error) {
	if req.Bundle == nil || len(req.Bundle.Foreign) == 0 {
		return nil, nil
	}
	all := map[string]engine.Exports{}
	var missing []bundle.Foreign
	for _, f := range req.Bundle.Foreign {
		exports, known := all[f.Stack]
		if !known {
			key := lockstate.Key{Tenant: req.Key.Tenant, Stack: f.Stack, Environment: req.Key.Environment}
			stored, err := load(ctx, req.Backend, key)
			if err != nil {
				return nil, err
			}
			if exports, err = stored.state.Exports(); err != nil {
				return nil, fmt.Errorf("read the state of %s: %w", key, err)
			}
			all[f.Stack] = exports
		}
		if !exports.Has(f.Component + "." + f.Output) {
			missing = append(missing, f)
		}
	}
	if len(missing) > 0 {
		return nil, &FailedError{During: "preview", Failures: notRecorded(missing, all, req.Key.Environment)}
	}
	return all, nil
}

// notRecorded makes one failure of all that a component lacks of another one.
func notRecorded(missing []bundle.Foreign, recorded map[string]engine.Exports, environment string) []Failure {
	type pair struct{ by, stack, component string }
	lacks := map[pair][]string{}
	at := map[pair]*bundle.Source{}
	for _, f := range missing {
		p := pair{f.By, f.Stack, f.Component}
		lacks[p] = append(lacks[p], f.Output)
		if first := at[p]; first == nil || comparePlaces(f.Source, *first) < 0 {
			at[p] = &f.Source
		}
	}
	var all []Failure
	for _, p := range slices.SortedFunc(maps.Keys(lacks), func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.by, b.by), cmp.Compare(a.stack, b.stack), cmp.Compare(a.component, b.component))
	}) {
		message := fmt.Sprintf("stack %s has not deployed %s of %s in environment %s", p.stack, strings.Join(lacks[p], ", "), p.component, environment)
		if recorded[p.stack].None() {
			message = fmt.Sprintf("%s of stack %s is not there: nothing of that stack is deployed in environment %s", p.component, p.stack, environment)
		}
		all = append(all, Failure{
			Component: p.by, Source: at[p], Message: message,
			Hint: fmt.Sprintf("deploy it first: panka apply --stack %s --environment %s", p.stack, environment),
		})
	}
	return all
}

func comparePlaces(a, b bundle.Source) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// readers tells which deployed stacks take outputs of the components that are to be destroyed, a sentence for each use.
// It goes by what the last run of each was to deploy.
func (r *run) readers(ctx context.Context) ([]string, error) {
	keys, err := r.req.Backend.Keys(ctx, r.req.Key.Tenant)
	if err != nil {
		return nil, fmt.Errorf("look for stacks that use %s: %w", r.req.Key.Stack, err)
	}
	var found []string
	var damaged error
	for _, key := range keys {
		if key.Stack == r.req.Key.Stack || key.Environment != r.req.Key.Environment {
			continue
		}
		other, err := load(ctx, r.req.Backend, key)
		if err != nil {
			damaged = errors.Join(damaged, err)
			continue
		}
		if other.last == nil {
			continue
		}
		deployed := map[string]bool{}
		for _, o := range stateOwners(other.state, other.last) {
			deployed[o.id] = true
		}
		for _, f := range other.last.Foreign {
			goes := len(r.req.Select) == 0 || slices.Contains(r.req.Select, f.Component)
			if f.Stack == r.req.Key.Stack && deployed[f.By] && goes {
				found = append(found, fmt.Sprintf("%s of stack %s uses the %s of %s (%s)", f.By, key.Stack, f.Output, f.Component, f.Source))
			}
		}
	}
	return found, damaged
}

// warnReaders tells of stacks that will be left with outputs of what is no longer there. That is no reason to refuse, and
// neither is that another stack's state cannot be read.
func (r *run) warnReaders(ctx context.Context) {
	found, err := r.readers(ctx)
	if err != nil {
		found = append(found, fmt.Sprintf("whether other stacks use this one is not known for all: %v", err))
	}
	if len(found) > 0 {
		r.emit(Event{Kind: EventDiagnostic, Wave: -1, Severity: "warning", Message: strings.Join(found, "\n")})
	}
}
