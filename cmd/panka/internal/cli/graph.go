package cli

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/view"
)

func graphCommand(a *app) *cobra.Command {
	var t target
	var v variableFlags
	format := ""
	cmd := &cobra.Command{
		Use:   "graph",
		Short: "Show the dependency graph, by wave",
		Long: `Show which components there are, in which wave each deploys, and what it needs. Without --environment
it is the graph of the stack before any environment's changes.`,
		Example: "  panka graph --format mermaid",
		Args:    noArgs,
	}
	t.flags(cmd)
	v.flags(cmd)
	cmd.Flags().StringVar(&format, "format", "", "`FORMAT`: "+strings.Join(view.GraphFormats(), ", ")+" (default text)")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if format == "" {
			format = a.output
		}
		if !slices.Contains(view.GraphFormats(), format) {
			return usagef("the formats are "+strings.Join(view.GraphFormats(), ", "), "unknown graph format %q", format)
		}
		of, err := a.optionsFor(&t, v)
		if err != nil {
			return err
		}
		stack, found := a.ops.Compile(cmd.Context(), of)
		if err := found.Err(); err != nil {
			return err
		}
		a.diagnostics().Print(found)
		return view.Graph(a.Out, stack, format, a.style())
	}
	return cmd
}
