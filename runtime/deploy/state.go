package deploy

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/engine"
)

// stored is what the backend holds of a stack.
type stored struct {
	serial, token uint64
	state         *engine.State // the snapshot with the journal folded in
	folded        bool          // there was a journal
	last          *Deployment   // the newest history record
}

func load(ctx context.Context, backend lockstate.Backend, key lockstate.Key) (*stored, error) {
	snapshot, err := backend.Snapshot(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("read the state of %s: %w", key, err)
	}
	if to := movedTo(snapshot.Data); to != "" {
		return nil, fmt.Errorf("read the state of %s: %w", key, &MovedError{To: to})
	}
	state, err := engine.DecodeState(snapshot.Data)
	if err != nil {
		return nil, fmt.Errorf("read the state of %s: %w", key, err)
	}
	s := &stored{serial: snapshot.Serial, token: snapshot.Token, state: state}
	entries, _, err := backend.Journal(ctx, key, snapshot.Serial)
	if err != nil {
		return nil, fmt.Errorf("read the journal of %s: %w", key, err)
	}
	if len(entries) > 0 {
		records := make([][]byte, 0, len(entries))
		for _, e := range entries {
			records = append(records, e.Data)
		}
		if s.state, err = state.Fold(records); err != nil {
			return nil, fmt.Errorf("read the journal of %s: %w", key, err)
		}
		s.folded = true
	}
	history, err := backend.History(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("read the history of %s: %w", key, err)
	}
	if last := len(history) - 1; last >= 0 {
		newest, err := decodeHistory(ctx, backend, key, history[last:])
		if err != nil {
			return nil, fmt.Errorf("read the history of %s: %w", key, err)
		}
		s.last = &newest[0]
	}
	return s, nil
}

// ReadState tells what is recorded of a stack. It takes no lock.
func ReadState(ctx context.Context, backend lockstate.Backend, key lockstate.Key) (*State, error) {
	s, err := load(ctx, backend, key)
	if err != nil {
		return nil, err
	}
	out := &State{Serial: s.serial, Token: s.token, Pending: s.state.Pending(), Last: s.last}
	recorded := map[string]bundle.Component{}
	sources := map[string]bundle.Source{}
	if s.last != nil {
		sources = s.last.Sources
		for _, c := range s.last.Components {
			recorded[c.ID] = c
		}
	}
	owners := stateOwners(s.state, s.last)
	seen := map[string]bool{}
	for _, r := range s.state.Resources() {
		item := StateResource{
			URN: r.URN, Type: r.Type, Name: r.Name, ID: r.ID, Server: r.Server, Custom: r.InCloud(),
			Component: owners[r.URN].id, DependsOn: r.Dependencies,
		}
		if source, ok := sources[r.URN]; ok {
			item.Source = &source
		}
		out.Resources = append(out.Resources, item)
		if owner := owners[r.URN]; owner.id != "" && !seen[owner.id] {
			seen[owner.id] = true
			wave := -1
			if c, ok := recorded[owner.id]; ok {
				wave = c.Wave
			}
			out.Components = append(out.Components, StateComponent{
				ID: owner.id, Kind: owner.kind, Version: owner.version, Wave: wave,
			})
		}
	}
	slices.SortFunc(out.Components, func(a, b StateComponent) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// owner is the component that a recorded resource belongs to, as the program told the engine.
type owner struct{ id, kind, version string }

const componentTypePrefix = "panka:component:"

// stateOwners maps URNs to components, by following parents up to panka's component resources. A component resource
// tells its component when all of it is done; until then the components that the last run was to deploy are asked.
func stateOwners(state *engine.State, last *Deployment) map[string]owner {
	owners := map[string]owner{}
	if state == nil {
		return owners
	}
	names := map[string]string{}
	if last != nil {
		for _, c := range last.Components {
			names[c.URN] = c.ID
		}
	}
	for _, r := range state.Resources() { // parents come first
		kind, isComponent := strings.CutPrefix(r.Type, componentTypePrefix)
		switch {
		case isComponent:
			id := cmp.Or(r.Outputs["component"], names[r.URN], r.Name)
			owners[r.URN] = owner{id: id, kind: kind, version: r.Outputs["version"]}
		case r.Parent != "":
			if o, ok := owners[r.Parent]; ok {
				owners[r.URN] = o
			}
		}
	}
	return owners
}
