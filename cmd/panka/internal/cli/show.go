package cli

import (
	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/view"
)

func showCommand(a *app) *cobra.Command {
	var t target
	var v variableFlags
	explain := false
	cmd := &cobra.Command{
		Use:   "show SERVICE/COMPONENT",
		Short: "Show a component as all its layers come to, and where each value is from",
		Long: `Show a component's spec with every layer merged, defaults and the values of variables put in; sensitive
ones are masked. Without --environment it is the component before any environment's changes.

With --explain each value stands with the layer, file and line that it came from, and with the values
it overrode. The layers are, lowest first: built-in default, stack infra, service infra, template,
component, ComponentInfra, environment. A variable is shown with what sets it: its default, the
environment, PANKA_VAR_NAME, --var-file with the place in the file, or --var.`,
		Example: "  panka show notification-service/api --explain --environment production",
		Args:    oneComponent,
	}
	t.flags(cmd)
	v.flags(cmd)
	cmd.Flags().BoolVar(&explain, "explain", false, "show where each value came from and what it overrode")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		of, err := a.optionsFor(&t, v)
		if err != nil {
			return err
		}
		explanation, found := a.ops.Explain(cmd.Context(), of)
		if err := found.Err(); err != nil {
			return err
		}
		a.diagnostics().Print(found)
		id, err := (&selection{}).component(args[0], extentOf(explanation.Stack).ids)
		if err != nil {
			return err
		}
		shown := explanation.Component(id)
		switch {
		case a.json():
			return view.JSON(a.Out, view.NewShown(explanation.Stack, shown, explain))
		case explain:
			view.ShowOrigins(a.Out, explanation.Stack, shown, a.style())
			return nil
		}
		return view.ShowYAML(a.Out, explanation.Stack, shown)
	}
	return cmd
}

// oneComponent refuses anything but the name of one component.
func oneComponent(cmd *cobra.Command, args []string) error {
	if len(args) != 1 {
		return usagef("panka list and panka graph name the components", "%s needs one component, written SERVICE/COMPONENT", cmd.CommandPath())
	}
	return nil
}
