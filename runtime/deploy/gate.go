package deploy

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/panka-io/panka/runtime/engine"
	"github.com/panka-io/panka/runtime/observe"
)

// That the cloud took a change does not mean that it runs: ECS may have gone back to the version before, and the provider
// reports success. So a wave is done only when its components are well, and the next one begins only then.

// defaultPatience is how long a component may take to get well.
const defaultPatience = 10 * time.Minute

// unwellError says which components did not get well. It ends a run.
type unwellError struct{ failures []Failure }

func (e *unwellError) Error() string {
	var ids []string
	for _, f := range e.failures {
		ids = append(ids, f.Component)
	}
	return "not well: " + strings.Join(slices.Compact(ids), ", ")
}

// afterWave waits until the components of a wave that the run changed are well, and makes sure that what is left to do was approved. After a run that did not succeed all of
// them are looked at: what that one changed may not have been.
func (s *session) afterWave(ctx context.Context, wave int, state *engine.State) error {
	changed := map[string]bool{}
	for urn := range state.Changed(s.state) {
		changed[s.owners[urn]] = true
	}
	again := s.doubtful()
	err := s.wait(ctx, state, func(component string) bool {
		at, known := s.waves[component]
		return known && at == wave && (again || changed[component])
	})
	if err != nil {
		return err
	}
	return s.stillApproved(ctx, wave, state)
}

// doubtful tells whether the last run leaves open that everything runs.
func (s *session) doubtful() bool { return s.last != nil && s.last.Result != Succeeded }

// doubt looks at all components where nothing is to change, but the last run did not succeed.
func (s *session) doubt(ctx context.Context) error {
	if !s.doubtful() {
		return nil
	}
	err := s.wait(ctx, s.state, func(string) bool { return true })
	return s.watch().failed("apply", err)
}

// wait waits until the components that are asked for are well. Those that the run leaves out are not looked at. The error is an
// *unwellError, engine.ErrStopped, or what the observer or the context says.
func (s *session) wait(ctx context.Context, state *engine.State, asked func(component string) bool) error {
	if s.req.Observe == nil {
		return nil
	}
	var resources []engine.Resource
	var looked []observe.Resource
	excluded := s.excluded(state)
	for _, r := range state.Resources() {
		id := s.owners[r.URN]
		_, wanted := s.resources[r.URN] // what is not goes at the end of the run, and need not be well until then
		if !wanted || !r.InCloud() || r.Deleting || !asked(id) || slices.Contains(excluded, r.URN) {
			continue
		}
		resources = append(resources, r)
		looked = append(looked, observe.Resource{Type: r.Type, ID: r.ID, Server: r.Server})
	}
	if len(looked) == 0 {
		return nil
	}
	patience := s.req.Patience
	if patience <= 0 {
		patience = defaultPatience
	}
	told := ""
	for began, pause := time.Now(), 200*time.Millisecond; ; pause = min(2*pause, 10*time.Second) {
		statuses, err := s.req.Observe.Health(ctx, looked)
		if err != nil {
			return fmt.Errorf("look at what runs: %w", err)
		}
		unwell, pending := s.judge(resources, statuses)
		late := time.Since(began) >= patience
		if late {
			unwell = append(unwell, pending...)
		}
		switch {
		case len(unwell) > 0:
			return &unwellError{unwell}
		case len(pending) == 0:
			return nil
		}
		if waiting := "waiting for " + pending[0].Component + ": " + pending[0].Message; waiting != told {
			s.phase(waiting)
			told = waiting
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		case <-s.req.Stop:
			return engine.ErrStopped
		}
	}
}

// judge tells which resources are not well, and which may yet become so.
func (s *session) judge(resources []engine.Resource, statuses []observe.Status) (unwell, pending []Failure) {
	for i, status := range statuses {
		r := resources[i]
		f := Failure{Component: s.owners[r.URN], URN: r.URN, Message: r.Name + " is " + string(status.Health)}
		if status.Detail != "" {
			f.Message += ": " + status.Detail
		}
		if source, ok := s.sources[r.URN]; ok {
			f.Source = &source
		}
		switch status.Health {
		case observe.Unhealthy, observe.Missing:
			f.Hint = "it was deployed, but does not run; mend it and apply again, or go back with panka rollback"
			unwell = append(unwell, f)
		case observe.Pending:
			pending = append(pending, f)
		}
	}
	return unwell, pending
}
