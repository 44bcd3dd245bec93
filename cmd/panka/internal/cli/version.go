package cli

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/view"
)

// buildInfo says what this panka was built from and for.
type buildInfo struct {
	Version string `json:"version"` // "devel" for a build of a working tree
	Commit  string `json:"commit,omitempty"`
	Go      string `json:"go"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
	Engine  string `json:"engine"` // version of the embedded Pulumi engine
}

func buildVersion() buildInfo {
	b := buildInfo{Version: "devel", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		b.Version = v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			b.Commit = s.Value
		}
	}
	for _, dep := range info.Deps {
		if dep.Path == "github.com/pulumi/pulumi/pkg/v3" {
			b.Engine = dep.Version
		}
	}
	return b
}

func versionCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Show the version of panka",
		Example: "  panka version --output json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b := buildVersion()
			if a.json() {
				return view.JSON(a.Out, b)
			}
			fmt.Fprintf(a.Out, "panka %s", b.Version)
			if b.Commit != "" {
				fmt.Fprintf(a.Out, " (%.12s)", b.Commit)
			}
			fmt.Fprintf(a.Out, " %s %s/%s, Pulumi engine %s\n", b.Go, b.OS, b.Arch, orElse(b.Engine, "unknown"))
			return nil
		},
	}
}
