package deploy

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/runtime/engine"
	"github.com/panka-io/panka/runtime/plan"
)

// run is what a plan and a locked session have in common.
type run struct {
	req       Request
	resources map[string]bundle.Resource // by URN
	owners    map[string]string          // URN to component ID, for the bundle's and the state's resources
	waves     map[string]int             // component ID to wave
	kinds     map[string]string          // component ID to kind
	sources   map[string]bundle.Source   // URN to YAML place
	last      *Deployment
	kept      []string                  // components that a rollback leaves as they are, sorted
	foreign   map[string]engine.Exports // what other stacks have recorded, by their names
}

func newRun(req Request, stored *stored) *run {
	if req.Parallel <= 0 {
		req.Parallel = 16
	}
	r := &run{
		req: req, resources: map[string]bundle.Resource{}, owners: map[string]string{}, waves: map[string]int{},
		kinds: map[string]string{}, sources: map[string]bundle.Source{}, last: stored.last,
	}
	if last := stored.last; last != nil {
		for _, c := range last.Components {
			r.waves[c.ID], r.kinds[c.ID] = c.Wave, c.Kind
		}
		for urn, source := range last.Sources {
			r.sources[urn] = source
		}
	}
	for urn, owner := range stateOwners(stored.state, stored.last) {
		r.owners[urn] = owner.id
		if _, ok := r.kinds[owner.id]; !ok {
			r.kinds[owner.id], r.waves[owner.id] = owner.kind, -1
		}
	}
	if b := req.Bundle; b != nil {
		for _, c := range b.Components {
			r.waves[c.ID], r.kinds[c.ID], r.owners[c.URN] = c.Wave, c.Kind, c.ID
		}
		for _, res := range b.Resources {
			r.resources[res.URN], r.owners[res.URN], r.sources[res.URN] = res, res.Component, res.Source
		}
	}
	return r
}

func (r *run) emit(e Event) {
	if r.req.Events != nil {
		e.Time = time.Now()
		r.req.Events(e)
	}
}

func (r *run) phase(name string) { r.emit(Event{Kind: EventPhase, Wave: -1, Message: name}) }

// engineRun describes an update from a state to the bundle.
func (r *run) engineRun(state *engine.State, event func(engine.Event)) engine.Run {
	er := r.destroyRun(state, event)
	er.Dirs, er.Foreign = r.req.Dirs, r.foreign
	er.Programs, er.Edges, er.Exclude = r.req.Programs, r.edges, r.excluded(state)
	er.Config = map[string]engine.ConfigValue{}
	for _, v := range r.req.Bundle.Variables {
		if value, ok := r.req.Variables[v.Name]; ok {
			er.Config[v.Name] = engine.ConfigValue{Value: value, Secret: v.Sensitive}
		}
	}
	return er
}

// destroyRun describes a run without programs.
func (r *run) destroyRun(state *engine.State, event func(engine.Event)) engine.Run {
	er := engine.Run{
		Project: r.req.Key.Stack, Stack: r.req.Key.Environment, Dir: r.req.WorkDir, State: state,
		Provider: r.req.Provider, Parallel: r.req.Parallel, Event: event, Stop: r.req.Stop,
	}
	excluded := r.excluded(state)
	for _, resource := range state.Resources() { // what is not there cannot be left out
		if slices.Contains(excluded, resource.URN) {
			er.Exclude = append(er.Exclude, resource.URN)
		}
	}
	if r.req.Bundle != nil {
		er.Region = r.req.Bundle.Region
	}
	return er
}

// edges gives the component resources of earlier waves that a resource's component depends on.
func (r *run) edges(urn string) []string {
	c := r.req.Bundle.Component(r.resources[urn].Component)
	if c == nil {
		return nil
	}
	var urns []string
	for _, id := range c.DependsOn {
		if d := r.req.Bundle.Component(id); d != nil && d.Wave < c.Wave {
			urns = append(urns, d.URN)
		}
	}
	return urns
}

// excluded are the URNs that a run must not touch: those of components that are not selected, if any are, and of those
// that a rollback keeps. Nil if there is no such thing.
func (r *run) excluded(state *engine.State) []string {
	if len(r.req.Select) == 0 && len(r.kept) == 0 {
		return nil
	}
	selected := r.selection(state)
	var urns []string
	for urn, component := range r.owners {
		if slices.Contains(r.kept, component) || len(r.req.Select) > 0 && !slices.Contains(selected, component) {
			urns = append(urns, urn)
		}
	}
	slices.Sort(urns)
	return urns
}

// dependents tells which deployed components that are not selected depend on selected ones; their dependencies cannot
// be destroyed.
func (r *run) dependents(state *engine.State) []Failure {
	if len(r.req.Select) == 0 || r.last == nil {
		return nil
	}
	deployed := map[string]bool{}
	for _, o := range stateOwners(state, r.last) {
		deployed[o.id] = true
	}
	var found []Failure
	for _, c := range r.last.Components {
		if !deployed[c.ID] || slices.Contains(r.req.Select, c.ID) {
			continue
		}
		for _, need := range c.DependsOn {
			if slices.Contains(r.req.Select, need) {
				source := c.Source
				found = append(found, Failure{
					Component: need, Source: &source,
					Message: c.ID + " depends on " + need + " and would be left without it",
					Hint:    "select " + c.ID + " too, or remove the dependency and apply that first",
				})
			}
		}
	}
	return found
}

// selection is the selected components and those that they need and that are not deployed.
func (r *run) selection(state *engine.State) []string {
	selected := slices.Clone(r.req.Select)
	if r.req.Bundle == nil {
		return selected
	}
	deployed := map[string]bool{}
	for _, owner := range stateOwners(state, r.last) {
		deployed[owner.id] = true
	}
	for i := 0; i < len(selected); i++ { // grows while it is walked
		c := r.req.Bundle.Component(selected[i])
		if c == nil {
			continue
		}
		for _, need := range c.DependsOn {
			if !deployed[need] && !slices.Contains(selected, need) {
				selected = append(selected, need)
			}
		}
	}
	return selected
}

// needed lists what a selection adds to what was asked for, sorted.
func (r *run) needed(state *engine.State) []string {
	var added []string
	for _, id := range r.selection(state) {
		if !slices.Contains(r.req.Select, id) {
			added = append(added, id)
		}
	}
	slices.Sort(added)
	return added
}

// preview finds out what a run would do, and whether it would write the state anew without that.
func (r *run) preview(ctx context.Context, state *engine.State) (*plan.Plan, bool, error) {
	r.phase("preview")
	if added := r.needed(state); len(r.req.Select) > 0 && len(added) > 0 {
		r.emit(Event{
			Kind: EventDiagnostic, Wave: -1, Severity: "info",
			Message: "also selected, because it is needed and not deployed yet: " + strings.Join(added, ", "),
		})
	}
	return r.previewFrom(ctx, state)
}

// previewFrom is preview without a word to the user.
func (r *run) previewFrom(ctx context.Context, state *engine.State) (*plan.Plan, bool, error) {
	b := newPlanBuilder(r)
	watch := &watcher{run: r, quiet: true}
	err := engine.Preview(ctx, r.engineRun(state, func(e engine.Event) { b.add(e); watch.event(e) }))
	if failure := watch.failed("preview", err); failure != nil {
		if errors.Is(err, engine.ErrStopped) {
			return nil, false, err
		}
		return nil, false, failure
	}
	return b.plan(), b.restated, nil
}

func (r *run) previewDestroy(ctx context.Context, state *engine.State) (*plan.Plan, error) {
	r.phase("preview")
	b := newPlanBuilder(r)
	watch := &watcher{run: r, quiet: true}
	err := engine.PreviewDestroy(ctx, r.destroyRun(state, func(e engine.Event) { b.add(e); watch.event(e) }))
	if failure := watch.failed("preview", err); failure != nil {
		if errors.Is(err, engine.ErrStopped) {
			return nil, err
		}
		return nil, failure
	}
	return b.plan(), nil
}

// settle finds out what became of operations that an interrupted run left unfinished.
func (r *run) settle(ctx context.Context, state *engine.State) (*engine.State, bool, error) {
	if len(state.Pending()) == 0 {
		return state, false, nil
	}
	if r.req.Provider == nil {
		return nil, false, &UnsettledError{Operations: state.Pending()}
	}
	r.phase("recover")
	next, settled, err := engine.Settle(ctx, state, r.req.Provider)
	if err != nil {
		return nil, false, err
	}
	for _, s := range settled {
		r.emit(Event{
			Kind: EventDiagnostic, Wave: -1, URN: s.URN, Component: r.owners[s.URN], Severity: "info",
			Message: "an interrupted run left this unfinished: " + shortName(s.URN) + " " + s.Outcome,
		})
	}
	return next, true, nil
}

func shortName(urn string) string { return urn[strings.LastIndex(urn, "::")+2:] }
