package cli

import (
	"context"
	"errors"
	"maps"
	"path/filepath"
	"slices"

	"github.com/panka-io/panka/cmd/panka/internal/generated"
	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// compiled is a stack in one environment and the projects generated from it.
type compiled struct {
	stack   *ir.Stack
	project *codegen.Project
}

// compile compiles and generates one environment; "" is the stack without one. What it finds is complete even where
// it fails: generation adds to the compiler's findings only when there are no errors among those.
func (a *app) compile(ctx context.Context, t *target, environment string, vars givenVariables, require bool) (*compiled, diag.List) {
	stack, found := a.ops.Compile(ctx, compiler.Options{
		Root: t.settings.Root, Stack: t.stack, Environment: environment, Variables: vars.values, Origins: vars.origins,
		RequireVariables: require,
	})
	if found.HasErrors() {
		return nil, found
	}
	project, more := a.ops.Generate(stack)
	found.Add(more...)
	if found.HasErrors() {
		return nil, found
	}
	return &compiled{stack, project}, found
}

// componentIDs are the IDs of a bundle's components without the foundation, which cannot be selected: whatever needs
// it brings it in.
func componentIDs(b *bundle.Bundle) []string {
	var ids []string
	for _, c := range b.Components {
		if c.ID != ir.Foundation {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// generatedDir is where the generated projects of an environment are kept below out.
func generatedDir(out, stack, environment string) string {
	return filepath.Join(out, stack, environment)
}

// checkedIn makes sure that the projects in the repository are the ones that would be generated, and returns them as
// they are on disk.
func (a *app) checkedIn(t *target, project *codegen.Project) (map[string][]byte, error) {
	dir := generatedDir(filepath.Join(t.settings.Root, "generated"), t.stack, t.environment)
	findings, err := generated.Compare(dir, project.Files)
	if err != nil {
		return nil, err
	}
	var found diag.List
	for _, f := range findings {
		at := diag.Position{File: filepath.ToSlash(filepath.Join("generated", t.stack, t.environment, f.Path))}
		found.Add(diag.Errorf(at, "generated-"+codeOf(f.State), "the checked-in project is %s", f.State).
			WithHint("panka.yaml says generated: checked-in; look with panka compile --check --environment %s, then run panka compile", t.environment))
	}
	if len(findings) > 0 {
		return nil, found
	}
	return generated.Read(dir)
}

func codeOf(s generated.State) string {
	switch s {
	case generated.Edited:
		return "edited"
	case generated.Extra:
		return "extra"
	}
	return string(s)
}

// waveDirs are the folders of the wave programs, in order.
func waveDirs(b *bundle.Bundle) []string {
	dirs := make([]string, 0, len(b.Waves))
	for _, w := range b.Waves {
		dirs = append(dirs, w.Dir)
	}
	return dirs
}

// variablesFor are the values that the programs read.
func variablesFor(c *compiled) map[string]string {
	values := map[string]string{}
	for _, v := range c.stack.Variables {
		if v.Set {
			values[v.Name] = v.Value
		}
	}
	return values
}

// paths are the paths of generated files, sorted.
func paths(files map[string][]byte) []string { return slices.Sorted(maps.Keys(files)) }

// foreign gives a refusal to replace a folder the hint that goes with it.
func foreign(err error) error {
	var f *generated.ForeignError
	if errors.As(err, &f) {
		return &hintedError{err, "panka replaces only folders that it made itself"}
	}
	return err
}

// optionsFor says what to compile for commands that need no environment and no values of variables.
func (a *app) optionsFor(t *target, v variableFlags) (compiler.Options, error) {
	if err := a.resolveStack(t); err != nil {
		return compiler.Options{}, err
	}
	if t.environment != "" {
		if err := checkName("--environment", "environment", t.environment); err != nil {
			return compiler.Options{}, err
		}
	}
	vars, err := a.variables(v, t.outline.Variables)
	if err != nil {
		return compiler.Options{}, err
	}
	return compiler.Options{Root: t.settings.Root, Stack: t.stack, Environment: t.environment,
		Variables: vars.values, Origins: vars.origins}, nil
}
