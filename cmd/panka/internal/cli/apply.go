package cli

import (
	"github.com/spf13/cobra"
)

func applyCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "apply",
		Short: "Deploy: show the plan, ask, and run it",
		Long: `Deploy the stack to an environment: show the plan, ask for approval, and run it wave by wave.

An apply that was interrupted, even killed, is finished by the next one. Ctrl-C once lets the operations
in flight finish; twice cancels them. With --service or --component nothing else is touched, except what
the selected components need and that does not exist yet.

With --rollback-on-failure a deployment that fails is taken back, as panka rollback does it, to the last
one that succeeded: the exit code is 6 then, or 7 if that failed, too, or there is none.`,
		Example: "  panka apply --sandbox --environment development --var VERSION=v1.0.0 --yes",
		Args:    noArgs,
	}
	d := newDeployment(a, "apply", cmd)
	d.changing(cmd)
	cmd.Flags().BoolVar(&d.fallBack, "rollback-on-failure", false, "if it fails, go back to the last deployment that succeeded")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		d.progress = a.newProgress()
		return d.execute(cmd.Context(), a.ops.Apply, d.update)
	}
	return cmd
}
