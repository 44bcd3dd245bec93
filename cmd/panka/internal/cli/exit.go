package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

// The exit codes that scripts may rely on.
const (
	exitDone          = 0
	exitFailed        = 1
	exitUsage         = 2 // invalid input or usage
	exitChanges       = 3 // plan --detailed-exitcode: there are changes
	exitHeld          = 4 // somebody else holds the lock
	exitDenied        = 5 // by the data-loss gate, or for want of a saved plan
	exitRolledBack    = 6 // the deployment failed, and was taken back
	exitNotRolledBack = 7 // the deployment failed, and taking it back did, too
	exitStale         = 8 // the saved plan no longer matches
	exitLockLost      = 9
)

// usageError is a mistake on the command line or in its surroundings. Hint says what to do.
type usageError struct {
	message, hint string
}

func (e *usageError) Error() string { return e.message }

func usagef(hint, format string, args ...any) error {
	return &usageError{message: fmt.Sprintf(format, args...), hint: hint}
}

// statusError ends a command with an exit code when everything has been said already.
type statusError struct{ code int }

func (e *statusError) Error() string { return fmt.Sprintf("exit status %d", e.code) }

// hintedError adds what to do to an error.
type hintedError struct {
	err  error
	hint string
}

func (e *hintedError) Error() string { return e.err.Error() }
func (e *hintedError) Unwrap() error { return e.err }

// dataLossError says that a plan was refused because the environment forbids losing data.
type dataLossError struct {
	environment string
	components  []string
	resources   []string
}

func (e *dataLossError) Error() string {
	return fmt.Sprintf("environment %s forbids losing data, and this would destroy or replace %s",
		e.environment, strings.Join(e.resources, ", "))
}

// planRequiredError says that an environment takes nothing but saved plans.
type planRequiredError struct{ target string }

func (e *planRequiredError) Error() string {
	return e.target + " takes nothing but plans that were saved (protection.approval: plan)"
}

// exitCode tells what code an error ends the process with.
func exitCode(err error) int {
	var status *statusError
	var usage *usageError
	var found diag.List
	var held *lockstate.HeldError
	var loss *dataLossError
	var stale *deploy.StaleError
	var required *planRequiredError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &status):
		return status.code
	case errors.As(err, &usage), errors.As(err, &found):
		return exitUsage
	case errors.As(err, &held):
		return exitHeld
	case errors.As(err, &loss), errors.As(err, &required):
		return exitDenied
	case errors.As(err, &stale):
		return exitStale
	case errors.Is(err, lockstate.ErrLockLost):
		return exitLockLost
	default:
		return exitFailed
	}
}

// report says what went wrong and returns the exit code.
func (a *app) report(err error) int {
	code := exitCode(err)
	var status *statusError
	if err == nil || errors.As(err, &status) {
		return code
	}
	a.diagnostics().Print(findings(err))
	return code
}

// findings turns any error into what the user is shown: one diagnostic for each thing to mend.
func findings(err error) diag.List {
	var list diag.List
	if errors.As(err, &list) {
		return list
	}
	var failed *deploy.FailedError
	if errors.As(err, &failed) && len(failed.Failures) > 0 {
		return failures(failed)
	}
	var stale *deploy.StaleError
	if errors.As(err, &stale) {
		return staleness(stale)
	}
	return diag.List{diag.Errorf(diag.Position{}, "failed", "%v", err).WithHint("%s", hint(err))}
}

// mostReasons is how many of the reasons why a plan does not match are told: the first ones say what to look at.
const mostReasons = 10

// staleness tells why a saved plan does not match.
func staleness(e *deploy.StaleError) diag.List {
	const code, hint = "stale-plan", "look at what would be done now: panka plan --out FILE, and apply that"
	var list diag.List
	for _, reason := range e.Reasons[:min(len(e.Reasons), mostReasons)] {
		list.Add(diag.Errorf(diag.Position{}, code, "the saved plan no longer matches: %s", reason))
	}
	if more := len(e.Reasons) - mostReasons; more > 0 {
		list.Add(diag.Errorf(diag.Position{}, code, "the saved plan no longer matches in %d more places", more))
	}
	list[len(list)-1] = list[len(list)-1].WithHint("%s", hint)
	return list
}

// failures shows each part of a failed run at its place in the YAML.
func failures(e *deploy.FailedError) diag.List {
	var list diag.List
	for _, f := range e.Failures {
		message := f.Message
		if f.Component != "" {
			message = f.Component + ": " + message
		}
		d := diag.Diagnostic{Severity: diag.Error, Code: e.During + "-failed", Message: message, Hint: f.Hint}
		if f.Source != nil {
			d.Position = diag.Position{File: f.Source.File, Line: f.Source.Line, Column: f.Source.Column}
		}
		list.Add(d)
	}
	return list
}

// hint says what to do about an error; "" if there is nothing useful to say.
func hint(err error) string {
	var usage *usageError
	var hinted *hintedError
	var held *lockstate.HeldError
	var loss *dataLossError
	var moved *deploy.MovedError
	var required *planRequiredError
	switch {
	case errors.As(err, &required):
		return "panka plan --out FILE saves one; once it is approved: panka apply FILE"
	case errors.As(err, &moved):
		return "set backend in panka.yaml to where it is now"
	case errors.As(err, &usage):
		return usage.hint
	case errors.As(err, &hinted):
		return hinted.hint
	case errors.As(err, &held):
		return fmt.Sprintf("wait for it to end, as --lock-timeout 10m does; if that run is dead: panka unlock --stack %s --environment %s %s",
			held.Key.Stack, held.Key.Environment, held.Lock.ID)
	case errors.As(err, &loss):
		return "if that is wanted, name what may lose its data: --allow-data-loss " + strings.Join(loss.components, " --allow-data-loss ")
	case errors.Is(err, lockstate.ErrLockLost):
		return "another run may have taken over; look with panka status, then run the command again"
	case errors.Is(err, lockstate.ErrCorrupt):
		return "panka state repair shows what is wrong, and mends it from what can still be read"
	case errors.Is(err, context.Canceled):
		return "run the command again to go on"
	default:
		return ""
	}
}

// diagnostics is the printer of findings for this process.
func (a *app) diagnostics() *view.Diagnostics {
	return &view.Diagnostics{
		Out: a.Err, Style: view.Style{Color: a.color(a.ErrTerminal)}, Excerpts: a.ErrTerminal,
		Annotations: a.Env["GITHUB_ACTIONS"] == "true", Workspace: a.workspace(), Root: a.root, Dir: a.Dir,
	}
}

// workspace is the checkout that GitHub's annotations are relative to.
func (a *app) workspace() string {
	if dir := a.Env["GITHUB_WORKSPACE"]; dir != "" {
		return dir
	}
	return a.Dir
}
