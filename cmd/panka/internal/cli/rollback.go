package cli

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

func rollbackCommand(a *app) *cobra.Command {
	to := ""
	var revert []string
	cmd := &cobra.Command{
		Use:   "rollback",
		Short: "Go back to an earlier deployment: show the plan, ask, and run it",
		Long: `Run again what an earlier deployment ran: its recorded programs with its recorded variables, whatever the
YAML says today. Without --to it is the last one that succeeded before the newest.

Components that hold data stay as they are, as going back would not bring back what was in them; one that
is gone is made anew, empty. --revert-data names those that are to go back, too. Sensitive variables are not
recorded: give them as for apply.`,
		Example: "  panka rollback --sandbox --environment development --yes",
		Args:    noArgs,
	}
	d := &deployment{app: a, operation: "rollback"}
	d.target.flags(cmd)
	d.sandboxFlag(cmd)
	d.variableFlags.flags(cmd)
	d.parallelFlag(cmd)
	d.changing(cmd)
	cmd.Flags().StringVar(&to, "to", "", "go back to the deployment `ID`, as panka history lists it; the beginning will do")
	cmd.Flags().StringArrayVar(&revert, "revert-data", nil, "take back `SERVICE/COMPONENT` although it holds data (may be repeated)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		d.progress = a.newProgress()
		return d.execute(cmd.Context(), a.ops.Rollback, func(ctx context.Context) (deploy.Request, error) {
			return d.rollback(ctx, to, revert)
		})
	}
	return cmd
}

// takeBack takes back a run that failed, and returns why it failed, with the exit code that tells how that went.
func (d *deployment) takeBack(ctx context.Context, failure error) error {
	d.app.diagnostics().Print(findings(failure))
	b := &deployment{app: d.app, operation: "rollback", target: d.target, variableFlags: d.variableFlags, parallel: d.parallel,
		wait: d.wait, yes: true, progress: d.app.newProgress(), failure: true, given: d.given}
	d.close() // what it opened is not used any more, and the rollback opens its own
	d.cloud = nil
	b.progress.Note("going back, because the deployment failed")
	err := b.execute(ctx, d.app.ops.Rollback, func(ctx context.Context) (deploy.Request, error) {
		return b.rollback(ctx, "", nil)
	})
	var said *statusError
	switch {
	case err == nil:
		return &statusError{exitRolledBack}
	case errors.Is(err, lockstate.ErrLockLost):
		return err
	case !errors.As(err, &said):
		d.app.diagnostics().Print(findings(err))
	}
	_, _ = io.WriteString(d.app.Err, "The failed deployment was not taken back; panka rollback tries again.\n") // the result is the last line of the other stream
	return &statusError{exitNotRolledBack}
}

// failedOnTheWay tells whether an error is of a run that may have changed something.
func failedOnTheWay(err error) bool {
	var failed *deploy.FailedError
	return errors.As(err, &failed) && failed.During != "preview" && failed.During != "refresh"
}

// rollback makes the request of a rollback from what the history has kept.
func (d *deployment) rollback(ctx context.Context, to string, revert []string) (deploy.Request, error) {
	if err := d.checkLimits(); err != nil {
		return deploy.Request{}, err
	}
	goal, newest, err := d.goal(ctx, to)
	if err != nil {
		return deploy.Request{}, err
	}
	files, b, err := d.recorded(ctx, goal)
	if err != nil {
		return deploy.Request{}, err
	}
	d.protected = b.Protected
	if _, now, err := d.recorded(ctx, newest); err == nil {
		d.protected = d.protected || now.Protected
	}
	values, err := d.recordedVariables(goal, b)
	if err != nil {
		return deploy.Request{}, err
	}
	d.compiled = &compiled{stack: &ir.Stack{}, project: &codegen.Project{Bundle: b, Files: files}}
	request, err := d.request(ctx, nil)
	if err != nil {
		return request, err
	}
	request.RollbackTo, request.Variables, request.Commit = goal.ID, values, goal.Commit
	if request.Revert, err = reverted(revert, goal, newest); err != nil {
		return request, err
	}
	if err := d.app.ops.CheckForeign(ctx, request); err != nil {
		return request, err
	}
	d.progress.Note("going back to deployment " + goal.ID + ", of " + goal.StartedAt.Format("2006-01-02 15:04:05") + " by " + goal.By)
	return request, d.build(ctx, &request, files)
}

// goal finds the deployment to go back to, and the newest one.
func (d *deployment) goal(ctx context.Context, to string) (goal, newest *deploy.Deployment, err error) {
	history, damaged := d.app.history(ctx, &d.target)
	if len(history) == 0 {
		return nil, nil, errors.Join(usagef("panka apply deploys it", "nothing was ever deployed to %s", d.target.String()), damaged)
	}
	newest = &history[len(history)-1]
	if to == "" {
		if damaged != nil {
			return nil, nil, damaged // the one that is missing could be the one that is meant
		}
		goal, err = deploy.Previous(history)
		if err != nil {
			return nil, nil, usagef("panka history lists the deployments; --to names one", "%v", err)
		}
		return goal, newest, nil
	}
	if goal, err = findDeployment(history, to); err != nil {
		return nil, nil, errors.Join(err, damaged)
	}
	if len(goal.Selected) > 0 {
		return nil, nil, usagef("choose one of the whole stack", "deployment %s was limited to %s, and says nothing of the others",
			goal.ID, strings.Join(goal.Selected, ", "))
	}
	return goal, newest, nil
}

// recorded reads what a deployment ran.
func (d *deployment) recorded(ctx context.Context, of *deploy.Deployment) (map[string][]byte, *bundle.Bundle, error) {
	files, err := d.app.readCode(ctx, &d.target, of)
	if err != nil {
		return nil, nil, err
	}
	b, err := bundle.Parse(files[bundle.FileName])
	return files, b, err
}

// recordedVariables are the values that a deployment had, and for sensitive ones, which are not recorded, those given now.
// Others that are given are refused, but for those of a failed run that is taken back.
func (d *deployment) recordedVariables(goal *deploy.Deployment, b *bundle.Bundle) (map[string]string, error) {
	sensitive := map[string]bool{}
	for _, v := range b.Variables {
		sensitive[v.Name] = v.Sensitive
	}
	given, err := d.app.variables(d.variableFlags, sensitive)
	if err != nil {
		return nil, err
	}
	values := map[string]string{}
	maps.Copy(values, goal.Variables)
	for name, value := range d.given.values { // of the run that is taken back: a saved plan brought its own
		if sensitive[name] {
			values[name] = value
		}
	}
	for name, value := range given.values {
		switch {
		case sensitive[name]:
			values[name] = value
		case !d.failure:
			return nil, usagef("leave it out, or deploy with panka apply", "%s cannot be given: a rollback takes what deployment %s had; only sensitive variables are not recorded", name, goal.ID)
		}
	}
	var missing []string
	for _, v := range b.Variables {
		if _, ok := values[v.Name]; v.Sensitive && !ok {
			missing = append(missing, v.Name)
		}
	}
	if len(missing) > 0 {
		return nil, usagef("give them as for apply: --var-file FILE, or PANKA_VAR_<NAME> in the environment",
			"deployment %s had values of %s, which are sensitive and not recorded", goal.ID, strings.Join(missing, ", "))
	}
	return values, nil
}

// reverted checks the components that are to go back although they hold data.
func reverted(names []string, of ...*deploy.Deployment) ([]string, error) {
	var known []string
	for _, d := range of {
		for _, c := range d.Components {
			if !slices.Contains(known, c.ID) && c.ID != ir.Foundation {
				known = append(known, c.ID)
			}
		}
	}
	s := selection{components: names}
	return s.among(known)
}
