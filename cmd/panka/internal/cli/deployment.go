package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/cmd/panka/internal/view"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/suggest"
	"github.com/panka-io/panka/runtime/build"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// deployment is what plan, apply and destroy have in common: their flags and the way from YAML to a request.
type deployment struct {
	app *app
	target
	variableFlags
	selection
	operation string
	parallel  int
	yes       bool
	lose      []string      // components whose data may be lost where the environment protects it
	wait      time.Duration // for the lock

	refresh  bool
	progress view.Progress
	given    givenVariables
	compiled *compiled
	cloud    *Cloud
	// protected is whether the environment forbids losing data.
	protected bool
	// approved is whether the plan was approved when it was saved.
	approved bool
	// fallBack is whether a failed run is followed by a rollback.
	fallBack bool
	// failure is whether this run takes back one that failed, which its exit code tells.
	failure bool
}

// maxParallel is more operations at once than AWS would put up with.
const maxParallel = 1000

func newDeployment(a *app, operation string, cmd *cobra.Command) *deployment {
	d := &deployment{app: a, operation: operation}
	d.target.flags(cmd)
	d.sandboxFlag(cmd)
	d.variableFlags.flags(cmd)
	d.selection.flags(cmd)
	d.parallelFlag(cmd)
	return d
}

func (d *deployment) parallelFlag(cmd *cobra.Command) {
	cmd.Flags().IntVar(&d.parallel, "parallel", 0, "run at most `N` operations at once (default 16)")
}

// changing adds the flags of commands that change what is deployed.
func (d *deployment) changing(cmd *cobra.Command) {
	cmd.Flags().BoolVarP(&d.yes, "yes", "y", false, "do not ask for approval")
	cmd.Flags().StringArrayVar(&d.lose, "allow-data-loss", nil, "let `SERVICE/COMPONENT` lose its data although the environment forbids it (may be repeated)")
	cmd.Flags().DurationVar(&d.wait, "lock-timeout", 0, "wait up to `DURATION`, such as 10m, for a run that holds the lock (default: do not wait)")
}

func (d *deployment) refreshFlag(cmd *cobra.Command) {
	cmd.Flags().BoolVar(&d.refresh, "refresh", false, "look first at what the cloud holds, to put right what others changed or deleted there")
}

// maxLockTimeout is longer than any CI system lets a job run.
const maxLockTimeout = 24 * time.Hour

// checkLimits checks the flags that have bounds.
func (d *deployment) checkLimits() error {
	if d.parallel < 0 || d.parallel > maxParallel {
		return usagef("write --parallel 16, or leave it out", "--parallel %d is not between 1 and %d", d.parallel, maxParallel)
	}
	return d.checkWait()
}

func (d *deployment) checkWait() error {
	if d.wait < 0 || d.wait > maxLockTimeout {
		return usagef("write --lock-timeout 10m, or leave it out", "--lock-timeout %s is not between 0s and %s", d.wait, maxLockTimeout)
	}
	return nil
}

// read resolves the target and compiles it. Require says whether every required variable must have a value.
func (d *deployment) read(ctx context.Context, require bool) error {
	if err := d.checkLimits(); err != nil {
		return err
	}
	if err := d.app.resolve(&d.target); err != nil {
		return err
	}
	var err error
	if d.given, err = d.app.variables(d.variableFlags, d.outline.Variables); err != nil {
		return err
	}
	return d.compile(ctx, require)
}

// compile compiles the resolved target with the given variables.
func (d *deployment) compile(ctx context.Context, require bool) error {
	c, found := d.app.compile(ctx, &d.target, d.environment, d.given, require)
	if err := found.Err(); err != nil {
		return err
	}
	d.app.diagnostics().Print(found)
	d.compiled, d.protected = c, c.project.Bundle.Protected
	return nil
}

// update makes the request of plan and apply. What other stacks must have deployed is looked for before the programs are
// built, which takes long.
func (d *deployment) update(ctx context.Context) (deploy.Request, error) {
	if err := d.read(ctx, true); err != nil {
		return deploy.Request{}, err
	}
	if d.operation == "apply" && d.compiled.project.Bundle.PlanRequired {
		return deploy.Request{}, &planRequiredError{d.target.String()}
	}
	request, err := d.request(ctx, componentIDs(d.compiled.project.Bundle))
	if err != nil {
		return request, err
	}
	if err := d.app.ops.CheckForeign(ctx, request); err != nil {
		return request, err
	}
	return request, d.programs(ctx, &request)
}

// programs builds the wave programs of a request, from the repository where they are checked in.
func (d *deployment) programs(ctx context.Context, to *deploy.Request) error {
	files := d.compiled.project.Files
	if d.settings.CheckedIn {
		var err error
		if files, err = d.app.checkedIn(&d.target, d.compiled.project); err != nil {
			return err
		}
	}
	return d.build(ctx, to, files)
}

// build builds the wave programs of a request from their files.
func (d *deployment) build(ctx context.Context, to *deploy.Request, files map[string][]byte) error {
	res, err := d.app.ops.Build(ctx, build.Request{
		Files: files, Waves: waveDirs(d.compiled.project.Bundle), CacheDir: buildCache(d.app.Env), Log: d.progress.Note,
	})
	if err != nil {
		return fmt.Errorf("build the wave programs: %w", err)
	}
	if res.Built {
		d.progress.Note(fmt.Sprintf("built the wave programs in %.1fs", res.Seconds))
	}
	to.Programs, to.Dirs, to.Code = res.Programs, res.Dirs, files
	return nil
}

// request opens the backend and the cloud and puts the request together. Call close afterwards, error or not.
func (d *deployment) request(ctx context.Context, ids []string) (deploy.Request, error) {
	b := d.compiled.project.Bundle
	selected, err := d.among(ids)
	if err != nil {
		return deploy.Request{}, err
	}
	backend, err := d.app.ops.OpenBackend(ctx, d.settings, d.app.Env)
	if err != nil {
		return deploy.Request{}, err
	}
	if d.cloud, err = d.app.ops.OpenCloud(d.settings, b.Region); err != nil {
		return deploy.Request{}, err
	}
	return deploy.Request{
		Bundle: b, Variables: variablesFor(d.compiled), Select: selected,
		Backend: backend, Key: d.key(), Owner: d.app.owner(d.operation),
		Provider: d.cloud.Provider, Observe: d.cloud.Observe, Parallel: d.parallel, LockTimeout: d.wait, Events: d.progress.Event, Stop: d.app.stop,
		Refresh: d.refresh, WorkDir: os.TempDir(), Commit: d.app.commit(ctx, d.settings.Root),
	}, nil
}

// close closes the cloud. Everything that matters is durable by then, so an error would tell the user nothing.
func (d *deployment) close() {
	if d.cloud != nil {
		_ = d.cloud.Close()
	}
}

// execute runs apply or destroy, and shows how it ended.
func (d *deployment) execute(
	ctx context.Context, run func(context.Context, deploy.Request, deploy.Approve) (*deploy.Result, error),
	prepare func(context.Context) (deploy.Request, error),
) error {
	defer d.close()
	res, ran, err := d.attempt(ctx, run, prepare)
	code := exitCode(err)
	if err == nil && res.Outcome != deploy.Succeeded && res.Outcome != deploy.NothingToDo {
		code = exitFailed
		err = &statusError{code}
	}
	if d.failure && err == nil {
		code = exitRolledBack
	} else if d.failure && code == exitFailed {
		code = exitNotRolledBack
	}
	back := d.fallBack && ran && failedOnTheWay(err) && !d.app.stopped()
	if d.app.json() || ran && shown(err) {
		d.progress.Result(view.Result{Operation: d.operation, Stack: d.stack, Environment: d.environment,
			Deployment: res.Deployment, Outcome: res.Outcome, Changes: res.Changes, Seconds: res.Seconds, ExitCode: code})
	}
	if back {
		return d.takeBack(ctx, err)
	}
	return err
}

// attempt prepares the run and runs it. Ran is false if it did not come to that.
func (d *deployment) attempt(
	ctx context.Context, run func(context.Context, deploy.Request, deploy.Approve) (*deploy.Result, error),
	prepare func(context.Context) (deploy.Request, error),
) (res *deploy.Result, ran bool, err error) {
	res = &deploy.Result{Outcome: deploy.FailedRun}
	if err := d.needsApproval(); err != nil {
		return res, false, err
	}
	request, err := prepare(ctx)
	if err != nil {
		return res, false, err
	}
	d.app.notice = d.progress.Note
	d.app.graceful.Store(true)
	begun := d.app.Now()
	got, err := run(ctx, request, d.approve)
	if got != nil {
		return got, true, err
	}
	res.Seconds = d.app.Now().Sub(begun).Seconds()
	if d.app.stopped() {
		res.Outcome = deploy.Cancelled
	}
	return res, true, err
}

// shown tells whether a run that ended with err got far enough for a summary to mean anything.
func shown(err error) bool {
	var failed *deploy.FailedError
	var stale *deploy.StaleError
	switch {
	case errors.As(err, &failed):
		return failed.During != "preview" && failed.During != "refresh"
	case errors.As(err, &stale):
		return stale.Began
	}
	return err == nil || exitCode(err) == exitFailed || exitCode(err) == exitLockLost
}

// needsApproval refuses a run that nobody could approve.
func (d *deployment) needsApproval() error {
	if d.yes || d.approved || d.app.InTerminal && !d.app.json() {
		return nil
	}
	return d.unapproved("look with panka plan, then add --yes")
}

// unapproved says that there is nobody to ask.
func (d *deployment) unapproved(hint string) error {
	why := "standard input is not a terminal"
	if d.app.json() {
		why = "--output json leaves nobody to ask"
	}
	return usagef(hint, "%s needs approval, and %s", d.operation, why)
}

// approve shows the plan and asks, unless --yes says so already. An environment that forbids data loss is obeyed
// first.
func (d *deployment) approve(ctx context.Context, p *plan.Plan) (bool, error) {
	if !p.Changes.Any() {
		return true, nil
	}
	d.progress.Plan(p)
	if err := d.guardData(p); err != nil {
		return false, err
	}
	if d.yes || d.approved {
		return true, nil
	}
	question := "Apply these changes to "
	switch d.operation {
	case "destroy":
		question = "Destroy these resources of "
	case "rollback":
		question = "Go back, with these changes, in "
	}
	return d.app.ask(ctx, "\n"+question+d.target.String()+"? [y/N] ")
}

// guardData refuses a plan that loses data which the environment protects, unless each of its components is named.
func (d *deployment) guardData(p *plan.Plan) error {
	var changed, unnamed, resources []string
	for _, wave := range p.Waves {
		for _, c := range wave.Components {
			changed = append(changed, c.ID)
			for _, change := range c.Changes {
				if change.DataLoss && !slices.Contains(d.lose, c.ID) {
					unnamed, resources = append(unnamed, c.ID), append(resources, change.Name)
				}
			}
		}
	}
	for _, name := range d.lose {
		if !slices.Contains(changed, name) {
			return usagef(orElse(suggest.Hint(name, changed), "write --allow-data-loss SERVICE/COMPONENT"), "--allow-data-loss: the plan has no component %q", name)
		}
	}
	if len(unnamed) == 0 || !d.protected {
		return nil
	}
	return &dataLossError{environment: d.environment, components: slices.Compact(unnamed), resources: resources}
}

// ask puts a yes-or-no question; anything but yes is no, and so is an interrupt.
func (a *app) ask(ctx context.Context, question string) (bool, error) {
	fmt.Fprint(a.Out, question)
	answer := make(chan string, 1)
	go func() { // reading a terminal cannot be interrupted, so it is left behind
		line, _ := bufio.NewReader(a.In).ReadString('\n')
		answer <- strings.ToLower(strings.TrimSpace(line))
	}()
	select {
	case a := <-answer:
		return a == "y" || a == "yes", nil
	case <-ctx.Done():
		return false, ctx.Err()
	case <-a.stop:
		fmt.Fprintln(a.Out)
		return false, nil
	}
}

// newProgress makes the display for a run.
func (a *app) newProgress() view.Progress {
	return view.NewProgress(view.ProgressOptions{Out: a.Out, Style: a.style(), JSON: a.json(),
		Live: a.OutTerminal && a.Env["TERM"] != "dumb", Width: a.Width, Now: a.Now})
}

// quiet is the display of commands whose result is one document: notes and warnings go to standard error.
type quiet struct{ a *app }

func (q quiet) Plan(*plan.Plan) {}

func (q quiet) Event(e deploy.Event) {
	if e.Kind == deploy.EventDiagnostic && e.Severity == "warning" {
		q.a.diagnostics().Print(diag.List{{Severity: diag.Warning, Code: "engine", Message: e.Message}})
	}
}

func (q quiet) Note(text string)   { _, _ = io.WriteString(q.a.Err, text+"\n") }
func (q quiet) Result(view.Result) {}

func buildCache(env settings.Env) string { return filepath.Join(settings.CacheDir(env), "programs") }
