package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/generated"
	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

func historyCommand(a *app) *cobra.Command {
	var t target
	limit := 0
	cmd := &cobra.Command{
		Use:   "history",
		Short: "List the deployments of an environment, newest first",
		Long: `List who deployed what to an environment, when and with which outcome, newest first.

A deployment that is said to be interrupted was killed; the next apply or destroy went on from where it was.`,
		Example: "  panka history --sandbox --environment development",
		Args:    noSubcommand,
	}
	t.flags(cmd)
	t.sandboxFlag(cmd)
	cmd.Flags().IntVar(&limit, "limit", 20, "show the last `N` deployments at most; 0 means all")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if limit < 0 {
			return usagef("write --limit 20, or 0 for all", "--limit %d is negative", limit)
		}
		history, err := a.history(cmd.Context(), &t)
		if err != nil && len(history) == 0 {
			return err
		}
		slices.Reverse(history)
		all := len(history)
		if limit > 0 && all > limit {
			history = history[:limit]
		}
		list := []view.Deployment{}
		for _, d := range history {
			list = append(list, *view.NewDeployment(&d))
		}
		if a.json() {
			return errors.Join(err, view.JSON(a.Out, list))
		}
		view.PrintHistory(a.Out, list, a.style())
		if more := all - len(list); more > 0 {
			fmt.Fprintf(a.Out, "%s not shown: --limit 0 shows all.\n", view.Count(more, "older deployment"))
		}
		return err
	}
	cmd.AddCommand(historyShowCommand(a), historyDiffCommand(a))
	return cmd
}

func historyShowCommand(a *app) *cobra.Command {
	var t target
	code := ""
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show one deployment: its variables, components and changes",
		Long: `Show one deployment. The beginning of its ID will do, if no other begins so; "last" is the newest.

With --code, write the programs that it ran into a folder, to look at or to compare.`,
		Example: "  panka history show last --sandbox --environment development",
		Args:    exactly(1),
	}
	t.flags(cmd)
	t.sandboxFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		found, err := a.deployments(cmd.Context(), &t, args...)
		if err != nil {
			return err
		}
		if code != "" {
			return a.writeCode(cmd.Context(), &t, found[0], code)
		}
		doc := view.NewDeploymentDetails(found[0])
		if a.json() {
			return view.JSON(a.Out, doc)
		}
		view.PrintDeployment(a.Out, doc, a.style())
		return nil
	}
	cmd.Flags().StringVar(&code, "code", "", "write the programs that it ran into the folder `DIR`")
	return cmd
}

// writeCode writes the programs that a deployment ran.
func (a *app) writeCode(ctx context.Context, t *target, d *deploy.Deployment, dir string) error {
	files, err := a.readCode(ctx, t, d)
	if err != nil {
		return err
	}
	if _, err := generated.Write(a.path(dir), files); err != nil {
		return err
	}
	if a.json() {
		return view.JSON(a.Out, map[string]any{"deployment": d.ID, "folder": dir, "files": len(files)})
	}
	fmt.Fprintf(a.Out, "Wrote %s of deployment %s to %s.\n", view.Count(len(files), "file"), d.ID, dir)
	return nil
}

// readCode reads the programs that a deployment ran. That it left none is a usage error.
func (a *app) readCode(ctx context.Context, t *target, d *deploy.Deployment) (map[string][]byte, error) {
	backend, err := a.ops.OpenBackend(ctx, t.settings, a.Env)
	if err != nil {
		return nil, err
	}
	files, err := a.ops.ReadCode(ctx, backend, t.key(), d)
	if errors.Is(err, lockstate.ErrNoBundle) {
		return nil, usagef("choose an apply that succeeded or failed; one of an older panka left none", "deployment %s has no programs that were kept", d.ID)
	}
	return files, err
}

func historyDiffCommand(a *app) *cobra.Command {
	var t target
	cmd := &cobra.Command{
		Use:   "diff A B",
		Short: "Show what two deployments wanted differently",
		Long: `Show what deployment B wanted differently from A: the commit, variables, components, their versions and the
resources. The beginnings of IDs will do; "last" is the newest.`,
		Example: "  panka history diff 20260102t1504 last --sandbox --environment development",
		Args:    exactly(2),
	}
	t.flags(cmd)
	t.sandboxFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		found, err := a.deployments(cmd.Context(), &t, args...)
		if err != nil {
			return err
		}
		doc := view.NewDeploymentDiff(found[0], found[1])
		if a.json() {
			return view.JSON(a.Out, doc)
		}
		view.PrintDeploymentDiff(a.Out, doc, a.style())
		return nil
	}
	return cmd
}

// history reads the deployments of a target, oldest first. Beside an error there may be those that can be read.
func (a *app) history(ctx context.Context, t *target) ([]deploy.Deployment, error) {
	if err := a.resolve(t); err != nil {
		return nil, err
	}
	backend, err := a.ops.OpenBackend(ctx, t.settings, a.Env)
	if err != nil {
		return nil, err
	}
	history, err := a.ops.ReadHistory(ctx, backend, t.key())
	if err == nil && len(history) == 0 {
		if err := t.known(); err != nil {
			return nil, err
		}
	}
	return history, err
}

// deployments finds deployments by what the user calls them. Damaged ones matter only if one of them is meant.
func (a *app) deployments(ctx context.Context, t *target, names ...string) ([]*deploy.Deployment, error) {
	history, damaged := a.history(ctx, t)
	if damaged != nil && len(history) == 0 {
		return nil, damaged
	}
	var found []*deploy.Deployment
	for _, name := range names {
		d, err := findDeployment(history, name)
		if err != nil {
			return nil, errors.Join(err, damaged)
		}
		found = append(found, d)
	}
	return found, nil
}

func findDeployment(history []deploy.Deployment, name string) (*deploy.Deployment, error) {
	if len(history) == 0 {
		return nil, usagef("panka apply makes one", "there has been no deployment")
	}
	if name == "last" {
		return &history[len(history)-1], nil
	}
	var ids []string
	var found []*deploy.Deployment
	for i, d := range history {
		ids = append(ids, d.ID)
		if d.ID == name {
			return &history[i], nil
		}
		if strings.HasPrefix(d.ID, name) {
			found = append(found, &history[i])
		}
	}
	switch {
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1 && name != "":
		return nil, usagef("write more of the ID", "the IDs of %d deployments begin with %q", len(found), name)
	default:
		return nil, usagef(orElse(suggest.Hint(name, ids), "panka history lists them"), "there is no deployment %q", name)
	}
}

// exactly refuses another number of arguments.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return usagef("write: "+cmd.UseLine(), "%s takes %s, got %d", cmd.CommandPath(), view.Count(n, "argument"), len(args))
	}
}
