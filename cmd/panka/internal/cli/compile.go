package cli

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/generated"
	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/compiler/diag"
)

func compileCommand(a *app) *cobra.Command {
	c := &compileRun{app: a}
	cmd := &cobra.Command{
		Use:   "compile",
		Short: "Write the generated Pulumi projects",
		Long: `Write the Pulumi projects that panka generates, for the given environment or for all of them, into
OUT/<stack>/<environment>/. Each wave is an ordinary Pulumi project in Go.

--check writes nothing: it ends with exit code 1 if what is there is not what would be written, and
shows the difference.`,
		Example: "  panka compile --environment development --out generated",
		Args:    noArgs,
	}
	c.target.flags(cmd)
	c.variableFlags.flags(cmd)
	cmd.Flags().StringVar(&c.out, "out", "", "write below `DIR` (default generated/ in the repository)")
	cmd.Flags().BoolVar(&c.check, "check", false, "write nothing, fail if what is there is stale or edited")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error { return c.run(cmd.Context()) }
	return cmd
}

// compileRun is one call of the compile command.
type compileRun struct {
	app *app
	target
	variableFlags
	out   string
	check bool
}

// compiledEnvironment is the JSON of compile for one environment.
type compiledEnvironment struct {
	Environment string   `json:"environment"`
	Dir         string   `json:"dir"`
	Changed     bool     `json:"changed"`
	Files       []string `json:"files"`
}

// staleFile is the JSON of compile --check for one file.
type staleFile struct {
	Path  string          `json:"path"`
	State generated.State `json:"state"`
	Diff  string          `json:"diff,omitempty"`
}

func (c *compileRun) run(ctx context.Context) error {
	a := c.app
	if err := a.resolveStack(&c.target); err != nil {
		return err
	}
	vars, err := a.variables(c.variableFlags, c.outline.Variables)
	if err != nil {
		return err
	}
	environments, err := c.environments()
	if err != nil {
		return err
	}
	if err := c.checkOut(); err != nil {
		return err
	}
	var found diag.List
	files := map[string]map[string][]byte{}
	for _, environment := range environments {
		compiled, more := a.compile(ctx, &c.target, environment, vars, false)
		found.Add(more...)
		if compiled != nil {
			files[environment] = compiled.project.Files
		}
	}
	found = found.Sorted()
	if found.HasErrors() {
		return found
	}
	a.diagnostics().Print(found)
	if c.check {
		return c.compare(environments, files)
	}
	return c.write(environments, files)
}

// environments are the ones to compile: the given one, else all.
func (c *compileRun) environments() ([]string, error) {
	if c.environment == "" {
		c.environment = c.app.Env["PANKA_ENVIRONMENT"]
	}
	if c.environment != "" {
		return []string{c.environment}, checkName("--environment", "environment", c.environment)
	}
	if len(c.outline.Environments) == 0 {
		return nil, usagef("write stacks/"+c.stack+"/environments/<environment>/environment.yaml", "stack %s has no environment", c.stack)
	}
	return c.outline.Environments, nil
}

func (c *compileRun) dir(environment string) string {
	out := filepath.Join(c.settings.Root, "generated")
	if c.out != "" {
		out = c.app.path(c.out)
	}
	return generatedDir(out, c.stack, environment)
}

// checkOut refuses to write where the next run would take what was written for documents.
func (c *compileRun) checkOut() error {
	if c.out == "" {
		return nil
	}
	stacks, err := filepath.EvalSymlinks(filepath.Join(c.settings.Root, "stacks"))
	if err != nil {
		return fmt.Errorf("find the documents: %w", err)
	}
	if rel, err := filepath.Rel(stacks, followed(c.app.path(c.out))); err == nil && filepath.IsLocal(rel) {
		return usagef("choose a folder outside stacks/", "--out %s lies among the documents", c.out)
	}
	return nil
}

// followed is a path without symbolic links, as far as it exists.
func followed(path string) string {
	if resolved, err := filepath.EvalSymlinks(path); err == nil || path == filepath.Dir(path) {
		return resolved
	}
	return filepath.Join(followed(filepath.Dir(path)), filepath.Base(path))
}

func (c *compileRun) write(environments []string, files map[string]map[string][]byte) error {
	a := c.app
	done := []compiledEnvironment{}
	for _, environment := range environments {
		dir := c.dir(environment)
		changed, err := generated.Write(dir, files[environment])
		if err != nil {
			return foreign(err)
		}
		done = append(done, compiledEnvironment{environment, a.short(dir), changed, paths(files[environment])})
		if a.json() {
			continue
		}
		if !changed {
			fmt.Fprintf(a.Out, "%s: up to date\n", a.short(dir))
			continue
		}
		for _, path := range paths(files[environment]) {
			fmt.Fprintln(a.Out, filepath.Join(a.short(dir), filepath.FromSlash(path)))
		}
	}
	if a.json() {
		return view.JSON(a.Out, map[string]any{"stack": c.stack, "environments": done})
	}
	return nil
}

func (c *compileRun) compare(environments []string, files map[string]map[string][]byte) error {
	a := c.app
	stale := []staleFile{}
	for _, environment := range environments {
		dir := c.dir(environment)
		findings, err := generated.Compare(dir, files[environment])
		if err != nil {
			return err
		}
		for _, f := range findings {
			path := filepath.Join(a.short(dir), filepath.FromSlash(f.Path))
			stale = append(stale, staleFile{path, f.State, string(f.Diff)})
		}
	}
	if a.json() {
		if err := view.JSON(a.Out, map[string]any{"ok": len(stale) == 0, "files": stale}); err != nil {
			return err
		}
	} else {
		for _, f := range stale {
			fmt.Fprintf(a.Out, "%s: %s\n", f.Path, f.State)
			if f.State != generated.Missing && f.State != generated.Extra { // the whole file would say no more
				fmt.Fprint(a.Out, f.Diff)
			}
		}
	}
	if len(stale) == 0 {
		return nil
	}
	if a.json() {
		return &statusError{exitFailed}
	}
	return &hintedError{fmt.Errorf("%s not as panka would write them", view.Count(len(stale), "generated file")), "run panka compile and look at the difference"}
}

// short is a path as seen from the working directory, where that is shorter.
func (a *app) short(path string) string {
	rel, err := filepath.Rel(a.Dir, path)
	if err != nil || len(rel) > len(path) {
		return path
	}
	return rel
}
