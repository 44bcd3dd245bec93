package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/observe"
)

func statusCommand(a *app) *cobra.Command {
	var t target
	var s selection
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show what is deployed and how it is",
		Long: `Show each deployed component: its version, its health as the cloud reports it, and the last deployment.

pending means that a run has not finished with it, or was stopped before it had; missing, that it is recorded but
no longer there; unknown, that nobody can tell.`,
		Example: "  panka status --sandbox --environment development",
		Args:    noArgs,
	}
	t.flags(cmd)
	t.sandboxFlag(cmd)
	s.flags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		state, err := a.readState(cmd.Context(), &t)
		if err != nil {
			return err
		}
		st, err := a.status(cmd.Context(), &t, s, state)
		if err != nil {
			return err
		}
		if a.json() {
			return view.JSON(a.Out, st)
		}
		view.PrintStatus(a.Out, st, a.style())
		if len(st.Components) == 0 && !t.settings.Sandbox && hasFolder(t.settings.SandboxDir) {
			fmt.Fprintln(a.Out, "The sandbox may hold a deployment: add --sandbox.")
		}
		return nil
	}
	return cmd
}

// readState resolves the target and reads what is recorded of it.
func (a *app) readState(ctx context.Context, t *target) (*deploy.State, error) {
	if err := a.resolve(t); err != nil {
		return nil, err
	}
	if err := t.known(); err != nil && !hasFolder(t.settings.StateDir()) {
		return nil, err // before anything is made for it
	}
	backend, err := a.ops.OpenBackend(ctx, t.settings, a.Env)
	if err != nil {
		return nil, err
	}
	state, err := a.ops.ReadState(ctx, backend, t.key())
	if err != nil {
		return nil, err
	}
	if state.Serial == 0 && len(state.Resources) == 0 {
		return state, t.known() // what was deployed once may be looked at even if the YAML no longer has it
	}
	return state, nil
}

// status asks the cloud about what is recorded.
func (a *app) status(ctx context.Context, t *target, s selection, state *deploy.State) (view.Status, error) {
	st := view.Status{Stack: t.stack, Environment: t.environment, Last: view.NewDeployment(state.Last), Pending: state.Pending,
		Components: []view.ComponentStatus{}}
	if state.Last != nil {
		st.Deployment = state.Last.ID
	}
	shown, err := shownComponents(s, state)
	if err != nil {
		return st, err
	}
	healths, err := a.healths(ctx, t, state)
	if err != nil {
		return st, err
	}
	half := unfinished(state)
	for _, c := range shown {
		h := healths[c.ID]
		if h.Health == "" {
			h.Health = observe.Unknown
		}
		if detail, ok := half[c.ID]; ok && observe.Worse(h.Health, observe.Pending) == observe.Pending {
			h = observe.Status{Health: observe.Pending, Detail: detail}
		}
		st.Components = append(st.Components, view.ComponentStatus{Component: c.ID, Kind: c.Kind, Wave: c.Wave,
			Health: h.Health, Version: c.Version, Detail: h.Detail})
	}
	return st, nil
}

// shownComponents are the recorded components that are selected.
func shownComponents(s selection, state *deploy.State) ([]deploy.StateComponent, error) {
	if s.all() {
		return state.Components, nil
	}
	byID := map[string]deploy.StateComponent{}
	var ids []string
	for _, c := range state.Components {
		byID[c.ID] = c
		ids = append(ids, c.ID)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	selected, err := s.among(ids)
	if err != nil {
		return nil, err
	}
	var out []deploy.StateComponent
	for _, id := range selected {
		out = append(out, byID[id])
	}
	return out, nil
}

// healths gives each component the health of its worst resource, and what the cloud says of that one. Where all are
// equally well the one that bears the component's name speaks for it.
func (a *app) healths(ctx context.Context, t *target, state *deploy.State) (map[string]observe.Status, error) {
	out := map[string]observe.Status{}
	var resources []observe.Resource
	var owners []deploy.StateResource
	for _, r := range state.Resources {
		if r.Custom && r.Component != "" {
			resources = append(resources, observe.Resource{Type: r.Type, ID: r.ID, Server: r.Server})
			owners = append(owners, r)
		}
	}
	if len(resources) == 0 {
		return out, nil
	}
	cloud, err := a.ops.OpenCloud(t.settings, "")
	if err != nil {
		return nil, err
	}
	defer cloud.Close()
	if cloud.Observe == nil {
		return out, nil
	}
	statuses, err := cloud.Observe.Health(ctx, resources)
	if err != nil {
		return nil, fmt.Errorf("ask the cloud how the resources are: %w", err)
	}
	for i, status := range statuses {
		id := owners[i].Component
		main := owners[i].Name == strings.ReplaceAll(id, "/", "-")
		was, seen := out[id]
		if !seen || observe.Worse(was.Health, status.Health) != was.Health || was.Health == status.Health && main {
			out[id] = status
		}
	}
	return out, nil
}
