package cli

import (
	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/runtime/plan"
)

func planCommand(a *app) *cobra.Command {
	detailed, markdown, out := false, false, ""
	cmd := &cobra.Command{
		Use:   "plan",
		Short: "Show what apply would change",
		Long: `Show what apply would change, by wave and component, without changing anything.

Replacements are marked with the property that forces them, and resources whose data would be lost with
DATA LOSS. With --service or --component only those are looked at.

With --out the plan is saved, too: panka apply FILE does what it says and nothing else, or refuses. The
file is encrypted, as the state is.`,
		Example: "  panka plan --sandbox --environment development --var VERSION=v1.0.0",
		Args:    noArgs,
	}
	d := newDeployment(a, "plan", cmd)
	cmd.Flags().BoolVar(&detailed, "detailed-exitcode", false, "exit with 3 if there are changes")
	cmd.Flags().BoolVar(&markdown, "markdown", false, "print the plan for a comment on a pull request, never longer than GitHub takes")
	cmd.Flags().StringVar(&out, "out", "", "save the plan as `FILE`, for panka apply FILE (implies --refresh)")
	d.refreshFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if markdown && a.json() {
			return usagef("choose one of them", "--markdown and --output json exclude each other")
		}
		ctx := cmd.Context()
		d.progress = quiet{a}
		defer d.close()
		request, err := d.update(ctx)
		if err != nil {
			return err
		}
		var p *plan.Plan
		if out != "" {
			p, err = d.save(ctx, request, out)
		} else {
			p, err = a.ops.Plan(ctx, request)
		}
		if err != nil {
			return err
		}
		switch {
		case a.json():
			err = view.PlanJSON(a.Out, p)
		case markdown:
			err = view.PlanMarkdown(a.Out, p)
		default:
			view.Plan(a.Out, p, a.style())
		}
		if err == nil && detailed && p.Changes.Any() {
			err = &statusError{exitChanges}
		}
		return err
	}
	return cmd
}
