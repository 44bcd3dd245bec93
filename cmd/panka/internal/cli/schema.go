package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/schema"
	"github.com/panka-io/panka/schema/jsonschema"
)

// schemasDir is where editors find the schemas, in a repository.
const schemasDir = ".panka/schemas"

// schemaRun is one call of the schema command.
type schemaRun struct {
	app     *app
	overlay bool
	all     bool
	out     string
}

func schemaCommand(a *app) *cobra.Command {
	r := &schemaRun{app: a}
	cmd := &cobra.Command{
		Use:   "schema [KIND]",
		Short: "Print the JSON Schema of a kind of document, for editors",
		Long: `Print the JSON Schema (draft 2020-12) of documents of a kind, or with --all write those of all kinds
into a folder: one file a kind, one for its overlays, and two that go by a document's kind:
index.json, and overlays.json for documents below environments/.

An editor with a YAML language server checks and completes a document whose first line is
  # yaml-language-server: $schema=<path to>/.panka/schemas/index.json
The files that panka init writes have it. git does not keep .panka/: after a clone, and after an upgrade
of panka, run panka schema --all once.`,
		Example: "  panka schema MicroService\n  panka schema --all",
		Args:    cobra.ArbitraryArgs,
	}
	cmd.Flags().BoolVar(&r.overlay, "overlay", false, "the schema of overlays, which may hold any part of a document")
	cmd.Flags().BoolVar(&r.all, "all", false, "write the schemas of all kinds")
	cmd.Flags().StringVar(&r.out, "out", "", "write them into `DIR` (default "+schemasDir+" in the repository)")
	cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		s, err := schema.New()
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return allKinds(s), cobra.ShellCompDirectiveNoFileComp
	}
	cmd.RunE = func(_ *cobra.Command, args []string) error { return r.run(args) }
	return cmd
}

func (r *schemaRun) run(args []string) error {
	s, err := schema.New()
	if err != nil {
		return err
	}
	switch {
	case r.all && (len(args) > 0 || r.overlay):
		return usagef("leave the rest out", "--all writes the schemas of all kinds and of their overlays")
	case r.all:
		return r.writeAll(s)
	case r.out != "":
		return usagef("add --all, or leave --out out", "--out is for --all; one schema is printed")
	case len(args) != 1:
		return usagef("the kinds are "+strings.Join(allKinds(s), ", "), "panka schema wants one kind of document, or --all")
	}
	return r.print(s, args[0])
}

func (r *schemaRun) print(s *schema.Schema, name string) error {
	kind, _, ok := s.KindNamed(name)
	if !ok {
		hint := suggest.Hint(name, allKinds(s))
		if hint == "" {
			hint = "the kinds are " + strings.Join(allKinds(s), ", ")
		}
		return usagef(hint, "there is no kind %q of documents", name)
	}
	text, err := jsonschema.Document(s, kind, r.overlay).Text()
	if err != nil {
		return err
	}
	if _, err := r.app.Out.Write(text); err != nil {
		return fmt.Errorf("print the schema: %w", err)
	}
	return nil
}

func (r *schemaRun) writeAll(s *schema.Schema) error {
	dir, err := r.folder()
	if err != nil {
		return err
	}
	names, err := writeSchemas(s, dir)
	if err != nil {
		return err
	}
	if r.app.json() {
		return view.JSON(r.app.Out, map[string]any{"folder": dir, "files": names})
	}
	fmt.Fprintf(r.app.Out, "wrote %s into %s\n", view.Count(len(names), "schema"), dir)
	return nil
}

// folder is where the schemas go. In a repository git is told to ignore the default one.
func (r *schemaRun) folder() (string, error) {
	if r.out != "" {
		return r.app.path(r.out), nil
	}
	root, err := settings.FindRoot(r.app.dir())
	if errors.Is(err, settings.ErrNoRepository) {
		return "", usagef("say where with --out DIR", "there is no repository to write %s into", schemasDir)
	}
	if err != nil {
		return "", err
	}
	dir := filepath.Join(root, filepath.FromSlash(schemasDir))
	return dir, ignore(root, dir)
}

// writeSchemas writes the schemas of all kinds into a folder and tells their names.
func writeSchemas(s *schema.Schema, dir string) ([]string, error) {
	files, err := jsonschema.Files(s)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the schemas: %w", err)
	}
	var names []string
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.Name), f.Data, 0o644); err != nil {
			return nil, fmt.Errorf("write a schema: %w", err)
		}
		names = append(names, f.Name)
	}
	return names, nil
}

func allKinds(s *schema.Schema) []string {
	var kinds []string
	for _, apiVersion := range s.APIVersions() {
		kinds = append(kinds, s.Kinds(apiVersion)...)
	}
	return kinds
}
