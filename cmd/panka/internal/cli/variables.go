package cli

import (
	"errors"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
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

// variables merges what sets variables, lowest first: PANKA_VAR_NAME, the files, the flags. Environment variables of
// undeclared names are left out, since they may be meant for another stack; any other undeclared name is for the
// compiler to refuse.
func (a *app) variables(f variableFlags, declared map[string]bool) (map[string]string, error) {
	values := map[string]string{}
	for name, value := range a.Env {
		if name, ok := strings.CutPrefix(name, "PANKA_VAR_"); ok && declared[name] {
			values[name] = value
		}
	}
	for _, file := range f.files {
		if err := a.variableFile(file, values); err != nil {
			return nil, err
		}
	}
	for _, v := range f.vars {
		name, value, ok := strings.Cut(v, "=")
		switch {
		case name == "":
			return nil, usagef("write --var NAME=VALUE", "--var lacks the name of a variable")
		case !ok:
			return nil, usagef("write --var NAME=VALUE", "--var %s names no value", name)
		}
		values[name] = value
	}
	return values, nil
}

// maxVariables bounds the size of a file of variables in bytes.
const maxVariables = 1 << 20

// variableFile reads one file of variables, or what a pipe gives. Values are taken as they are spelt, so that 010 stays
// 010.
func (a *app) variableFile(file string, values map[string]string) error {
	data, err := readVariables(a.path(file))
	if err != nil {
		return usagef("give a readable YAML file of at most 1 MiB to --var-file", "cannot read variables from %s: %v", file, settings.WithoutPath(err))
	}
	root, found := settings.ParseMapping(a.inRepository(a.path(file)), data)
	if root == nil || found.HasErrors() {
		return found.Err()
	}
	for _, f := range root.Fields {
		switch f.Value.Kind {
		case source.String, source.Number, source.Bool:
			values[f.Key] = f.Value.Text
		default:
			found.Add(diag.Errorf(f.Value.Pos, "wrong-type", "variable %s must be a string, a number or a boolean", f.Key))
		}
	}
	return found.Err()
}

func readVariables(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && info.Mode()&os.ModeNamedPipe == 0 {
		return nil, errors.New("it is not a file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxVariables+1))
	if err == nil && len(data) > maxVariables {
		err = errors.New("it is larger than 1 MiB")
	}
	return data, err
}
