package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

func listCommand(a *app) *cobra.Command {
	var t target
	var s selection
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List the deployed resources by component",
		Example: "  panka list --sandbox --environment development",
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
		shown, err := shownComponents(s, state)
		if err != nil {
			return err
		}
		real := map[string]bool{}
		for _, r := range state.Resources {
			real[r.URN] = r.Custom
		}
		resources := []view.StateResource{}
		for _, r := range view.NewStateDocument(t.key(), state).Resources {
			selected := slices.ContainsFunc(shown, func(c deploy.StateComponent) bool { return c.ID == r.Component })
			if real[r.URN] && (s.all() || selected) {
				resources = append(resources, r)
			}
		}
		slices.SortStableFunc(resources, func(a, b view.StateResource) int { return strings.Compare(a.Component, b.Component) })
		if a.json() {
			return view.JSON(a.Out, resources)
		}
		if len(resources) == 0 {
			fmt.Fprintln(a.Out, "Nothing is deployed.")
		}
		view.PrintList(a.Out, resources, a.style())
		return nil
	}
	return cmd
}

func stateCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:     "state",
		Short:   "Look at the recorded state and its lock; export and import it",
		Example: "  panka state show --sandbox --environment development --output json",
		Args:    noSubcommand,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(stateShowCommand(a), stateLocksCommand(a), stateExportCommand(a), stateImportCommand(a), stateRepairCommand(a))
	return cmd
}

func stateShowCommand(a *app) *cobra.Command {
	var t target
	cmd := &cobra.Command{
		Use:     "show",
		Short:   "Show the recorded resources, with their places in the YAML",
		Example: "  panka state show --sandbox --environment development --output json",
		Args:    noArgs,
	}
	t.flags(cmd)
	t.sandboxFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		state, err := a.readState(cmd.Context(), &t)
		if err != nil {
			return err
		}
		doc := view.NewStateDocument(t.key(), state)
		if a.json() {
			return view.JSON(a.Out, doc)
		}
		view.PrintState(a.Out, doc, a.style())
		return nil
	}
	return cmd
}

func stateLocksCommand(a *app) *cobra.Command {
	var t target
	cmd := &cobra.Command{
		Use:     "locks",
		Short:   "Show who holds the locks of a stack's environments",
		Example: "  panka state locks --sandbox",
		Args:    noArgs,
	}
	t.flags(cmd)
	t.sandboxFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if err := a.resolveStack(&t); err != nil {
			return err
		}
		backend, err := a.ops.OpenBackend(cmd.Context(), t.settings, a.Env)
		if err != nil {
			return err
		}
		keys, err := backend.Keys(cmd.Context(), t.settings.Tenant)
		if err != nil {
			return fmt.Errorf("list the states: %w", err)
		}
		locks := []view.LockDocument{}
		for _, key := range keys {
			if key.Stack != t.stack || t.environment != "" && key.Environment != t.environment {
				continue
			}
			lock, err := backend.Holder(cmd.Context(), key)
			if err != nil {
				return fmt.Errorf("read the lock of %s: %w", key, err)
			}
			if lock != nil {
				locks = append(locks, view.LockDocument{Stack: key.Stack, Environment: key.Environment, Lock: *lock})
			}
		}
		if a.json() {
			return view.JSON(a.Out, locks)
		}
		for _, l := range locks {
			view.PrintLock(a.Out, l, a.Now(), a.style())
		}
		if len(locks) == 0 {
			fmt.Fprintln(a.Out, "No lock is held.")
		}
		return nil
	}
	return cmd
}

func unlockCommand(a *app) *cobra.Command {
	var t target
	cmd := &cobra.Command{
		Use:   "unlock [LOCK-ID]",
		Short: "Break the lock of a run that is dead",
		Long: `Show who holds the lock of an environment and, given the lock's id, break it. The run that held it can
change nothing any more, even if it is not dead after all.`,
		Example: "  panka unlock --sandbox --environment development",
		Args:    atMostOne,
	}
	t.flags(cmd)
	t.sandboxFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := a.resolve(&t); err != nil {
			return err
		}
		backend, err := a.ops.OpenBackend(cmd.Context(), t.settings, a.Env)
		if err != nil {
			return err
		}
		lock, err := backend.Holder(cmd.Context(), t.key())
		if err != nil {
			return fmt.Errorf("read the lock of %s: %w", t.key(), err)
		}
		if lock == nil {
			fmt.Fprintf(a.Err, "%s is not locked.\n", t.String())
			return nil
		}
		view.PrintLock(a.Err, view.LockDocument{Stack: t.stack, Environment: t.environment, Lock: *lock}, a.Now(), a.style())
		if len(args) == 0 {
			return usagef(fmt.Sprintf("make sure that run is dead, then: panka unlock --stack %s --environment %s %s", t.stack, t.environment, lock.ID),
				"give the lock's id to break it")
		}
		if args[0] != lock.ID {
			return usagef("the lock's id is "+lock.ID, "lock id %q is not the one that is held", args[0])
		}
		if err := backend.Unlock(cmd.Context(), t.key(), lock.ID); err != nil {
			return fmt.Errorf("break the lock of %s: %w", t.key(), err)
		}
		return a.unlocked(&t, lock)
	}
	return cmd
}

func (a *app) unlocked(t *target, lock *lockstate.Lock) error {
	if a.json() {
		return view.JSON(a.Out, view.LockDocument{Stack: t.stack, Environment: t.environment, Lock: *lock})
	}
	fmt.Fprintf(a.Out, "Unlocked %s.\n", t.String())
	return nil
}

func atMostOne(cmd *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usagef(cmd.CommandPath()+" --help shows how it is used", "%s takes one argument at most, got %d", cmd.CommandPath(), len(args))
	}
	return nil
}
