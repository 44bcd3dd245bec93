package cli

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/runtime/deploy"
)

func destroyCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "destroy",
		Short: "Delete what is deployed: a stack, a service or a component",
		Long: `Delete what is deployed in an environment, last wave first.

In an environment whose spec.protection.dataLoss is block, nothing that holds data is deleted: the
command ends with exit code 5.`,
		Example: "  panka destroy --sandbox --environment development --yes",
		Args:    noArgs,
	}
	d := newDeployment(a, "destroy", cmd)
	d.changing(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		d.progress = a.newProgress()
		return d.execute(cmd.Context(), a.ops.Destroy, d.destruction)
	}
	return cmd
}

// destruction makes the request of a destroy. What is deployed can be named even if the YAML no longer has it.
func (d *deployment) destruction(ctx context.Context) (deploy.Request, error) {
	if err := d.read(ctx, false); err != nil {
		return deploy.Request{}, err
	}
	ids := componentIDs(d.compiled.project.Bundle)
	if !d.all() {
		backend, err := d.app.ops.OpenBackend(ctx, d.settings, d.app.Env)
		if err != nil {
			return deploy.Request{}, err
		}
		state, err := d.app.ops.ReadState(ctx, backend, d.key())
		if err != nil {
			return deploy.Request{}, err
		}
		for _, c := range state.Components {
			if c.ID != ir.Foundation && !slices.Contains(ids, c.ID) {
				ids = append(ids, c.ID)
			}
		}
		slices.Sort(ids)
	}
	return d.request(ctx, ids)
}
