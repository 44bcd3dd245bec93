package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/runtime/deploy"
)

func stateRepairCommand(a *app) *cobra.Command {
	d := deployment{app: a, operation: "repair"}
	look := false
	cmd := &cobra.Command{
		Use:   "repair",
		Short: "Mend a damaged state from what can still be read",
		Long: `Look at each object that is stored of an environment, the snapshot, the journal and the history, explain what is wrong
with it, and mend it: the state is taken from the newest snapshot that can be read and the journal since. What is damaged is
kept aside, and nothing in the cloud changes.

With --dry-run nothing is mended, and damage is exit code 1.`,
		Example: "  panka state repair --sandbox --environment development",
		Args:    noArgs,
	}
	d.target.flags(cmd)
	d.sandboxFlag(cmd)
	d.changing(cmd)
	cmd.Flags().BoolVar(&look, "dry-run", false, "only tell what is wrong")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return d.repair(cmd.Context(), look) }
	return cmd
}

// repair finds what is damaged, has the repair approved and makes it.
func (d *deployment) repair(ctx context.Context, look bool) error {
	a := d.app
	if err := d.checkWait(); err != nil {
		return err
	}
	if look && d.yes {
		return usagef("leave one of them out", "--dry-run mends nothing that --yes could approve")
	}
	if err := a.resolve(&d.target); err != nil {
		return err
	}
	if err := d.known(); err != nil {
		return err
	}
	backend, err := a.ops.OpenBackend(ctx, d.settings, a.Env)
	if err != nil {
		return err
	}
	d.progress = quiet{a}
	request := deploy.Request{Backend: backend, Key: d.key(), Owner: a.owner(d.operation), LockTimeout: d.wait, Stop: a.stop,
		Events: d.progress.Event, Commit: a.commit(ctx, d.settings.Root)}
	var found deploy.Repairs
	result, err := a.ops.Repair(ctx, request, func(ctx context.Context, r deploy.Repairs) (bool, error) {
		found = r
		if !a.json() {
			view.PrintRepairs(a.Out, d.String(), r, a.style())
		}
		if look || d.yes {
			return !look, nil
		}
		if d.needsApproval() != nil {
			return false, d.unapproved("look at it, then add --yes")
		}
		return a.ask(ctx, "\nMend this? [y/N] ")
	})
	var lost *deploy.IrreparableError
	if errors.As(err, &lost) {
		return &hintedError{err: err, hint: "if there is an export: panka state import FILE; otherwise what is deployed can be adopted with import: in the YAML"}
	}
	if err != nil {
		return err
	}
	if a.json() {
		if err := view.JSON(a.Out, view.NewRepair(d.key(), found, result)); err != nil {
			return err
		}
	} else if !look || result.Outcome == deploy.NothingToDo {
		view.PrintRepaired(a.Out, d.String(), result)
	}
	if result.Outcome == deploy.Declined {
		return &statusError{exitFailed}
	}
	return nil
}
