package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/compiler/variable"
)

// variableFlags are the flags that set variables.
type variableFlags struct {
	vars  []string
	files []string
}

func (f *variableFlags) flags(cmd *cobra.Command) {
	cmd.Flags().StringArrayVar(&f.vars, "var", nil, "set a variable: `NAME=VALUE` (may be repeated)")
	cmd.Flags().StringArrayVar(&f.files, "var-file", nil, "read variables from `FILE`, a YAML or JSON mapping (may be repeated)")
}

// givenVariables are the values of variables from outside the repository, and where each comes from.
type givenVariables struct {
	values  map[string]string
	origins map[string]variable.Origin
}

func (g givenVariables) set(name, value string, from variable.Origin) {
	g.values[name], g.origins[name] = value, from
}

// variables merges what sets variables, lowest first: PANKA_VAR_NAME, the files, the flags. Environment variables of
// undeclared names are left out, since they may be meant for another stack; any other undeclared name is for the
// compiler to refuse.
func (a *app) variables(f variableFlags, declared map[string]bool) (givenVariables, error) {
	given := givenVariables{values: map[string]string{}, origins: map[string]variable.Origin{}}
	for key, value := range a.Env {
		if name, ok := strings.CutPrefix(key, "PANKA_VAR_"); ok && declared[name] {
			given.set(name, value, variable.Origin{By: key})
		}
	}
	for _, file := range f.files {
		if err := a.variableFile(file, given); err != nil {
			return given, err
		}
	}
	for _, v := range f.vars {
		name, value, ok := strings.Cut(v, "=")
		switch {
		case name == "":
			return given, usagef("write --var NAME=VALUE", "--var lacks the name of a variable")
		case !ok:
			return given, usagef("write --var NAME=VALUE", "--var %s names no value", name)
		}
		given.set(name, value, variable.Origin{By: "--var"})
	}
	return given, nil
}
