package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema"
)

func validateCommand(a *app) *cobra.Command {
	var t target
	var v variableFlags
	var s selection
	cmd := &cobra.Command{
		Use:   "validate",
		Short: "Check everything that needs no AWS",
		Long: `Check a stack's documents, references and graph, for the base and every environment, or for the one
that is given. All mistakes are shown, each with its place. Variables need no values. What is sound and
cannot be deployed by this version yet is no mistake here: one note names it.`,
		Example: "  panka validate --stack user-platform --service notification-service",
		Args:    noArgs,
	}
	t.flags(cmd)
	v.flags(cmd)
	s.flags(cmd)
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		result, err := a.validate(cmd.Context(), &t, v, s)
		if !a.json() {
			if err == nil {
				fmt.Fprintln(a.Out, validated(result, s))
			}
			return err
		}
		var found diag.List
		if errors.As(err, &found) {
			result.Diagnostics = found
		} else if err != nil {
			return err
		}
		result.OK = err == nil
		if err := view.JSON(a.Out, result); err != nil || result.OK {
			return err
		}
		return &statusError{exitUsage}
	}
	return cmd
}

// validate compiles and checks the base and each environment. Warnings are printed, or in the result for scripts.
func (a *app) validate(ctx context.Context, t *target, v variableFlags, s selection) (view.Validation, error) {
	var result view.Validation
	of, err := a.optionsFor(t, v)
	if err != nil {
		return result, err
	}
	extents, environments, found := a.compileEach(ctx, t, of)
	what, found := codegen.Undeployable(found)
	result.Stack, result.Environments, result.NotDeployable = t.stack, environments, what
	if found.HasErrors() {
		return result, found
	}
	if a.json() {
		result.Diagnostics = found
	} else {
		a.diagnostics().Print(found)
		a.noteUndeployable(what)
	}
	return result, count(&result, extents, s)
}

// noteUndeployable says that not all of what is sound can be deployed.
func (a *app) noteUndeployable(what []string) {
	if len(what) > 0 {
		fmt.Fprintf(a.Err, "note: this version cannot deploy yet: %s\n", strings.Join(what, ", "))
	}
}

// atOnce is how many environments are compiled at the same time: each takes memory, and they share one schema, which
// one at a time can ask.
const atOnce = 4

// compileEach compiles the given environment, or the base and all of them, several at the same time. What is wrong in
// several of them is shown once.
func (a *app) compileEach(ctx context.Context, t *target, of compiler.Options) ([]extent, []string, diag.List) {
	environments := t.outline.Environments
	wanted := []string{""} // which is also what an environment without a folder comes to
	for _, environment := range environments {
		if hasFolder(filepath.Join(t.settings.Root, "stacks", t.stack, "environments", environment)) {
			wanted = append(wanted, environment)
		}
	}
	if t.environment != "" {
		environments = []string{t.environment}
		wanted = environments
	}
	rules, err := schema.New() // one for all
	if err != nil {
		return nil, nil, diag.List{diag.Errorf(diag.Position{}, "internal", "panka's own schema is broken: %v", err).
			WithHint("this is a bug in panka")}
	}
	of.Schema, of.Documents = rules, new(source.Cache)
	extents := make([]extent, len(wanted))
	findings := make([]diag.List, len(wanted))
	var group sync.WaitGroup
	places := make(chan struct{}, min(atOnce, runtime.GOMAXPROCS(0)))
	for i, environment := range wanted {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			of := of
			of.Environment = environment
			extents[i], findings[i] = a.check(ctx, of)
		})
	}
	group.Wait()
	return extents, environments, slices.Concat(findings...).Sorted()
}

// check compiles one environment and has code generation check it too. Nothing but the stack's extent is kept: many
// environments of a large stack would fill memory. It is empty if the stack does not compile.
func (a *app) check(ctx context.Context, of compiler.Options) (extent, diag.List) {
	stack, found := a.ops.Compile(ctx, of)
	if found.HasErrors() {
		return extent{}, found
	}
	return extentOf(stack), append(found, a.ops.Check(stack)...)
}

// count fills in how much was looked at: what the selection names, in the environment that has most of it.
func count(result *view.Validation, extents []extent, s selection) error {
	for _, e := range extents {
		selected, err := s.among(e.ids)
		if err != nil {
			continue
		}
		if s.all() {
			selected = e.ids
		}
		result.Components = max(result.Components, len(selected))
		waves := map[int]bool{}
		for _, id := range selected {
			waves[e.waves[id]] = true
		}
		result.Waves = max(result.Waves, len(waves))
	}
	if result.Components == 0 && !s.all() {
		_, err := s.among(extents[0].ids)
		return err
	}
	return nil
}

// validated is the sentence that says all is well.
func validated(r view.Validation, s selection) string {
	what := r.Stack
	if len(s.services) == 1 && len(s.components) == 0 {
		what += "/" + s.services[0]
	}
	return fmt.Sprintf("%s: %s in %s, %s: ok", what, view.Count(r.Components, "component"), view.Count(r.Waves, "wave"),
		view.Count(len(r.Environments), "environment"))
}
