package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/runtime/deploy"
)

func applyCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "apply [FILE]",
		Short: "Deploy: show the plan, ask, and run it",
		Long: `Deploy the stack to an environment: show the plan, ask for approval, and run it wave by wave.

An apply that was interrupted, even killed, is finished by the next one. Ctrl-C once lets the operations
in flight finish; twice cancels them. With --service or --component nothing else is touched, except what
the selected components need and that does not exist yet.

With --rollback-on-failure a deployment that fails is taken back, as panka rollback does it, to the last
one that succeeded: the exit code is 6 then, or 7 if that failed, too, or there is none.

FILE is a plan that panka plan --out saved. It is not asked about again. Nothing is done if anything has
changed since: the YAML, the variables, the state, or the cloud. After each wave what is left to do is
compared with it. The exit code is 8 if it does not match.`,
		Example: `  panka apply --sandbox --environment development --var VERSION=v1.0.0 --yes
  panka apply --sandbox release.plan`,
		Args: oneArg("a saved plan"),
	}
	d := newDeployment(a, "apply", cmd)
	d.changing(cmd)
	cmd.Flags().BoolVar(&d.fallBack, "rollback-on-failure", false, "if it fails, go back to the last deployment that succeeded")
	d.refreshFlag(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		d.progress = a.newProgress()
		if len(args) == 1 {
			if !d.all() {
				return usagef("make a plan of those with panka plan --out", "a saved plan says itself what it is limited to")
			}
			d.approved = true
			return d.execute(cmd.Context(), a.ops.Apply, func(ctx context.Context) (deploy.Request, error) { return d.saved(ctx, args[0]) })
		}
		return d.execute(cmd.Context(), a.ops.Apply, d.update)
	}
	return cmd
}
