package cli

import (
	"os"
	"strings"

	"github.com/spf13/cobra"
	"gopkg.in/yaml.v3"

	"github.com/panka-io/panka/compiler/diag"
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
		if !ok || name == "" {
			return nil, usagef("write --var NAME=VALUE", "--var %s names no value", name)
		}
		values[name] = value
	}
	return values, nil
}

// variableFile reads one file of variables. Values are taken as they are spelt, so that 010 stays 010.
func (a *app) variableFile(file string, values map[string]string) error {
	path := a.path(file)
	info, err := os.Stat(path)
	if err != nil {
		return usagef("give a file that exists to --var-file", "cannot read variables: %v", err)
	}
	if !info.Mode().IsRegular() && info.Mode()&os.ModeNamedPipe == 0 || info.Size() > 1<<20 {
		return usagef("give a YAML file of at most 1 MiB to --var-file", "cannot read variables from %s", file)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return usagef("give a readable file to --var-file", "cannot read variables: %v", err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(data, &doc); err != nil {
		at := diag.Position{File: path, Line: 1, Column: 1}
		return diag.List{diag.Errorf(at, "yaml-syntax", "not valid YAML: %s", strings.TrimPrefix(err.Error(), "yaml: "))}
	}
	if doc.Kind == 0 {
		return nil
	}
	return takeVariables(path, doc.Content[0], values)
}

func takeVariables(path string, root *yaml.Node, values map[string]string) error {
	at := func(n *yaml.Node) diag.Position { return diag.Position{File: path, Line: n.Line, Column: n.Column} }
	if root.Kind != yaml.MappingNode {
		return diag.List{diag.Errorf(at(root), "wrong-type", "a file of variables must be a mapping").WithHint("write NAME: value")}
	}
	var found diag.List
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		if value.Kind != yaml.ScalarNode || value.Tag == "!!null" {
			found.Add(diag.Errorf(at(value), "wrong-type", "variable %s must be a string, a number or a boolean", key.Value))
			continue
		}
		values[key.Value] = value.Value
	}
	return found.Err()
}
