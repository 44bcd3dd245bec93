package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

func backendMigrateCommand(a *app) *cobra.Command {
	m := migration{deployment: deployment{app: a, operation: "migrate"}}
	cmd := &cobra.Command{
		Use:   "migrate",
		Short: "Move states to another backend",
		Long: `Move the states of a stack's environments, with their histories, from the backend that panka.yaml names to another one,
under the locks of both. What arrives is read back before the old backend is told where the state is now: every later run
there fails and says so. After a crash, run it again.

Nothing in the cloud changes. Afterwards set the new backend in panka.yaml.`,
		Example: "  panka backend migrate --to 's3://acme-panka?region=eu-central-1' --environment production",
		Args:    noArgs,
	}
	m.target.flags(cmd)
	m.sandboxFlag(cmd)
	m.changing(cmd)
	cmd.Flags().StringVar(&m.to, "to", "", "`ADDRESS` to move to: s3://BUCKET/PREFIX?… or embedded")
	cmd.Flags().StringVar(&m.from, "from", "", "`ADDRESS` to move from (default: the backend of panka.yaml)")
	cmd.Flags().BoolVar(&m.all, "all", false, "move the states of all stacks")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return m.run(cmd.Context()) }
	return cmd
}

// migration moves states from one backend to another.
type migration struct {
	deployment
	to, from string
	all      bool
}

func (m *migration) run(ctx context.Context) error {
	a := m.app
	if err := errors.Join(m.checkWait(), m.needsApproval()); err != nil {
		return err
	}
	if m.to == "" {
		return usagef("add --to s3://bucket/prefix?region=us-east-1, or --to "+settings.Embedded, "where should the states go?")
	}
	if m.all && (m.stack != "" || m.environment != "") {
		return usagef("leave one of them out", "--all is for all stacks and environments")
	}
	if err := m.find(); err != nil {
		return err
	}
	from, fromName, err := m.open(ctx, orElse(m.from, m.settings.Backend))
	if err != nil {
		return err
	}
	to, toName, err := m.open(ctx, m.to)
	if err != nil {
		return err
	}
	if fromName == toName {
		return usagef("give another one with --to", "the states are in %s already", fromName)
	}
	keys, err := m.keys(ctx, from)
	if err != nil {
		return err
	}
	m.progress = quiet{a}
	moved := []view.Migrated{}
	for _, key := range keys {
		r, err := m.move(ctx, deploy.Migration{To: to, FromName: fromName, ToName: toName, Request: deploy.Request{
			Backend: from, Key: key, Owner: a.owner(m.operation), LockTimeout: m.wait, Stop: a.stop,
			Events: m.progress.Event, Commit: a.commit(ctx, m.settings.Root),
		}})
		if err != nil {
			return err
		}
		moved = append(moved, view.Migrated{Stack: key.Stack, Environment: key.Environment, Result: r.Outcome})
		if r.Outcome == deploy.Declined {
			break
		}
	}
	return m.report(moved, toName)
}

// find resolves what is to be moved, and the settings.
func (m *migration) find() (err error) {
	if m.all {
		m.settings, err = m.app.repository(m.target.sandbox)
		return err
	}
	if err := m.app.resolveStack(&m.target); err != nil || m.environment == "" {
		return err
	}
	return checkName("--environment", "environment", m.environment)
}

// open opens a backend and gives the name that it always has.
func (m *migration) open(ctx context.Context, address string) (lockstate.Backend, string, error) {
	const form = "write s3://bucket/prefix?region=us-east-1&lockTable=table, or " + settings.Embedded
	s, name := m.settings, settings.Embedded
	s.Backend = address
	if address != settings.Embedded {
		at, err := settings.ParseAddress(address)
		if err != nil {
			return nil, "", usagef(form, "%q is no address of a backend: %v", address, err)
		}
		if s.Sandbox && !at.Sandbox {
			return nil, "", usagef("add sandbox=true to the address", "states of the sandbox are not kept in %s", address)
		}
		name = at.Name()
	}
	backend, err := m.app.ops.OpenBackend(ctx, s, m.app.Env)
	return backend, name, err
}

// keys are the states that are to be moved.
func (m *migration) keys(ctx context.Context, from lockstate.Backend) ([]lockstate.Key, error) {
	all, err := from.Keys(ctx, m.settings.Tenant)
	if err != nil {
		return nil, fmt.Errorf("list the states: %w", err)
	}
	var keys []lockstate.Key
	for _, key := range all {
		if m.all || key.Stack == m.stack && (m.environment == "" || key.Environment == m.environment) {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

func (m *migration) move(ctx context.Context, what deploy.Migration) (*deploy.Result, error) {
	a := m.app
	r, err := a.ops.Migrate(ctx, what, func(ctx context.Context, s deploy.MigrationSummary) (bool, error) {
		if !a.json() {
			view.PrintMigration(a.Out, s, what.FromName, what.ToName, a.style())
		}
		if m.yes {
			return true, nil
		}
		return a.ask(ctx, "\nMove this state? [y/N] ")
	})
	if errors.Is(err, deploy.ErrOccupied) {
		return nil, &hintedError{err: err, hint: "choose another prefix; or, if that state is of no use, delete it there"}
	}
	if err != nil {
		return nil, err
	}
	if !a.json() {
		view.PrintMigrated(a.Out, what.Key, what.ToName, r)
	}
	return r, nil
}

func (m *migration) report(moved []view.Migrated, toName string) error {
	a := m.app
	declined := len(moved) > 0 && moved[len(moved)-1].Result == deploy.Declined
	switch {
	case a.json():
		if err := view.JSON(a.Out, moved); err != nil {
			return err
		}
	case len(moved) == 0:
		fmt.Fprintln(a.Out, "There is no state to move.")
	case !declined:
		fmt.Fprintf(a.Out, "Now set the backend in %s: backend: %q\n", settings.FileName, m.to)
	}
	if declined {
		return &statusError{exitFailed}
	}
	return nil
}
