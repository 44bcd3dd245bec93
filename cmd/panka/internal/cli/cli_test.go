package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/cmd/panka/internal/settings"
	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/compiler"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/build"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// world is a process in a small repository, with operations that only remember what they were asked.
type world struct {
	out, err bytes.Buffer
	process  Process
	ops      Operations

	request  deploy.Request
	approved *bool
	plan     *plan.Plan
	result   *deploy.Result
	failure  error
	state    *deploy.State
	closed   int
	history  []deploy.Deployment
	damaged  error
}

func newWorld(t *testing.T) *world {
	t.Helper()
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"stacks/web/stack.yaml":                               "spec: {variables: {VERSION: {type: string}}}\n",
		"stacks/web/environments/production/environment.yaml": "",
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	w := &world{
		plan:   &plan.Plan{Stack: "web", Environment: "production", Changes: plan.Counts{Create: 1}},
		result: &deploy.Result{Deployment: "d1", Outcome: deploy.Succeeded, Changes: plan.Counts{Create: 1}},
		state:  &deploy.State{Components: []deploy.StateComponent{{ID: "shop/gone", Kind: "SQS"}}},
	}
	w.process = Process{In: strings.NewReader(""), Out: &w.out, Err: &w.err, Env: settings.Env{"USER": "ada"}, Dir: root, Now: time.Now}
	w.ops = w.operations()
	return w
}

func (w *world) operations() Operations {
	b := &bundle.Bundle{Stack: "web", Environment: "production", Region: "eu-west-1", Protected: true,
		Waves:      []bundle.Wave{{Dir: "wave-0"}},
		Components: []bundle.Component{{ID: ir.Foundation}, {ID: "shop/api"}, {ID: "shop/database"}, {ID: "store/api"}}}
	run := func(ctx context.Context, r deploy.Request, approve deploy.Approve) (*deploy.Result, error) {
		w.request = r
		if w.failure != nil {
			return nil, w.failure
		}
		ok, err := approve(ctx, w.plan)
		w.approved = &ok
		if err != nil {
			return nil, fmt.Errorf("approve: %w", err)
		}
		if !ok {
			return &deploy.Result{Outcome: deploy.Declined}, nil
		}
		return w.result, nil
	}
	return Operations{
		Compile: func(_ context.Context, o compiler.Options) (*ir.Stack, diag.List) {
			if o.RequireVariables && o.Variables["VERSION"] == "" {
				return nil, diag.List{diag.Errorf(diag.Position{File: "stacks/web/stack.yaml", Line: 1, Column: 1}, "unset-variable", "no VERSION")}
			}
			v := ir.Variable{Name: "VERSION", Value: o.Variables["VERSION"], Set: o.Variables["VERSION"] != ""}
			return &ir.Stack{Name: o.Stack, Environment: o.Environment, Variables: []ir.Variable{v}}, nil
		},
		Check:    func(*ir.Stack) diag.List { return nil },
		Generate: func(*ir.Stack) (*codegen.Project, diag.List) { return &codegen.Project{Bundle: b}, nil },
		Build: func(_ context.Context, r build.Request) (*build.Result, error) {
			return &build.Result{Programs: []string{"/programs/" + r.Waves[0]}}, nil
		},
		CheckForeign: func(context.Context, deploy.Request) error { return nil },
		Plan: func(_ context.Context, r deploy.Request) (*plan.Plan, error) {
			w.request = r
			return w.plan, w.failure
		},
		Apply: run, Destroy: run,
		ReadState: func(context.Context, lockstate.Backend, lockstate.Key) (*deploy.State, error) { return w.state, nil },
		ReadHistory: func(context.Context, lockstate.Backend, lockstate.Key) ([]deploy.Deployment, error) {
			return w.history, w.damaged
		},
		OpenBackend: func(context.Context, settings.Settings, settings.Env) (lockstate.Backend, error) {
			return nil, nil
		},
		OpenCloud: func(settings.Settings, string) (*Cloud, error) { return &Cloud{Closer: closer{w}}, nil },
	}
}

type closer struct{ w *world }

func (c closer) Close() error { c.w.closed++; return nil }

func (w *world) run(args ...string) int {
	w.out.Reset()
	w.err.Reset()
	w.process.Args = args
	return Run(context.Background(), w.process, w.ops)
}

func TestExitCodes(t *testing.T) {
	held := &lockstate.HeldError{Key: lockstate.Key{Stack: "web", Environment: "production"}, Lock: lockstate.Lock{ID: "lock-1", Owner: lockstate.Owner{Who: "bob"}}}
	failed := &deploy.FailedError{During: "update", Failures: []deploy.Failure{{Component: "shop/api", Message: "no such subnet",
		Hint: "make one", Source: &bundle.Source{File: "stacks/web/stack.yaml", Line: 1, Column: 7}}}}
	for name, c := range map[string]struct {
		failure error
		outcome deploy.Outcome
		code    int
		stderr  []string
	}{
		"done":      {code: 0},
		"unchanged": {outcome: deploy.NothingToDo, code: 0},
		"declined":  {outcome: deploy.Declined, code: 1},
		"cancelled": {outcome: deploy.Cancelled, code: 1},
		"failed": {failure: fmt.Errorf("apply: %w", failed), code: 1,
			stderr: []string{"stacks/web/stack.yaml:1:7: error: shop/api: no such subnet\n", "hint: make one"}},
		"held":      {failure: fmt.Errorf("lock: %w", held), code: 4, stderr: []string{"locked by bob", "panka unlock --stack web --environment production lock-1"}},
		"lock lost": {failure: fmt.Errorf("write: %w", lockstate.ErrLockLost), code: 9, stderr: []string{"the lock was lost"}},
		"anything":  {failure: errors.New("disk full"), code: 1, stderr: []string{"error: disk full\n"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.failure = c.failure
			if c.outcome != "" {
				w.result.Outcome = c.outcome
			}
			if code := w.run("apply", "--yes", "--var", "VERSION=v1"); code != c.code {
				t.Errorf("exit code %d, want %d\n%s", code, c.code, w.err.String())
			}
			for _, want := range c.stderr {
				if !strings.Contains(w.err.String(), want) {
					t.Errorf("standard error lacks %q:\n%s", want, w.err.String())
				}
			}
			w.run("apply", "--yes", "--var", "VERSION=v1", "--output", "json")
			lines := strings.Split(strings.TrimSpace(w.out.String()), "\n")
			if last := lines[len(lines)-1]; !strings.Contains(last, `"event":"result"`) || !strings.Contains(last, fmt.Sprintf(`"exitCode":%d}`, c.code)) {
				t.Errorf("last line of the JSON is %s, want a result with exit code %d", last, c.code)
			}
		})
	}
}

func TestRequest(t *testing.T) {
	w := newWorld(t)
	w.process.Env["CI_JOB_URL"] = "https://ci.example/1"
	w.process.Env["CI_COMMIT_SHA"] = "abc"
	if code := w.run("apply", "--yes", "--var", "VERSION=v1", "--parallel", "3", "--service", "shop"); code != 0 {
		t.Fatalf("exit code %d\n%s", code, w.err.String())
	}
	r := w.request
	if r.Key != (lockstate.Key{Tenant: "default", Stack: "web", Environment: "production"}) {
		t.Errorf("key %v", r.Key)
	}
	if o := r.Owner; o.Who != "ada" || o.Operation != "apply" || o.CI != "https://ci.example/1" || o.PID != os.Getpid() || o.Host == "" {
		t.Errorf("owner %+v", o)
	}
	if fmt.Sprint(r.Select) != "[shop/api shop/database]" || r.Parallel != 3 || r.Variables["VERSION"] != "v1" || r.Commit != "abc" {
		t.Errorf("select %v, parallel %d, variables %v, commit %s", r.Select, r.Parallel, r.Variables, r.Commit)
	}
	if len(r.Programs) != 1 || r.Programs[0] != "/programs/wave-0" {
		t.Errorf("programs %v", r.Programs)
	}
	if info, err := os.Stat(r.WorkDir); err != nil || !info.IsDir() {
		t.Errorf("the programs cannot run in %q: %v", r.WorkDir, err)
	}
	if w.closed != 1 {
		t.Errorf("the cloud was closed %d times", w.closed)
	}
}

func TestSelection(t *testing.T) {
	ids := []string{"shop/api", "shop/database", "store/api"}
	for _, c := range []struct {
		selection
		want string
	}{
		{selection{}, "[]"},
		{selection{services: []string{"shop"}}, "[shop/api shop/database]"},
		{selection{services: []string{"shop", "store"}}, "[shop/api shop/database store/api]"},
		{selection{components: []string{"shop/api", "shop/api"}}, "[shop/api]"},
		{selection{components: []string{"database"}}, "[shop/database]"},
		{selection{services: []string{"store"}, components: []string{"api"}}, "[store/api]"},
		{selection{components: []string{"api"}}, "which api? There are shop/api, store/api"},
		{selection{components: []string{"shop/apo"}}, `there is no component "shop/apo"`},
		{selection{services: []string{"shp"}}, `there is no service "shp"`},
		{selection{services: []string{"../x"}}, `service name "../x" is not valid: want lower-case letters, digits and dashes, starting with a letter, at most 63`},
	} {
		got, err := c.among(ids)
		text := fmt.Sprint(got)
		if err != nil {
			text = err.Error()
			if exitCode(err) != exitUsage {
				t.Errorf("%v: exit code %d", c.selection, exitCode(err))
			}
		}
		if text != c.want {
			t.Errorf("%v: %s, want %s", c.selection, text, c.want)
		}
	}
}

func TestVariables(t *testing.T) {
	w := newWorld(t)
	file := filepath.Join(w.process.Dir, "vars.yaml")
	if err := os.WriteFile(file, []byte("A: file\nB: file\nC: 010\nD: true\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	w.process.Env["PANKA_VAR_A"], w.process.Env["PANKA_VAR_E"], w.process.Env["PANKA_VAR_OTHER"] = "env", "env", "env"
	a := &app{Process: w.process}
	got, err := a.variables(variableFlags{vars: []string{"B=flag=x", "F="}, files: []string{"vars.yaml"}}, map[string]bool{"A": true, "E": true})
	if err != nil {
		t.Fatal(err)
	}
	if want := "map[A:file B:flag=x C:010 D:true E:env F:]"; fmt.Sprint(got.values) != want {
		t.Errorf("variables %v, want %s", got.values, want)
	}
}

func TestDataLossGate(t *testing.T) {
	w := newWorld(t)
	w.plan.Waves = []plan.Wave{{Components: []plan.Component{{ID: "shop/database", Changes: []plan.Change{{Name: "shop-database", Op: plan.Delete, DataLoss: true}}}}}}
	if code := w.run("destroy", "--yes"); code != exitDenied || w.approved == nil || *w.approved {
		t.Errorf("exit code %d, want %d\n%s", code, exitDenied, w.err.String())
	}
	w.plan.Waves[0].Components[0].Changes[0].DataLoss = false
	if code := w.run("destroy", "--yes"); code != exitDone {
		t.Errorf("without data loss: exit code %d\n%s", code, w.err.String())
	}
}

func TestDestroyKnowsWhatTheYAMLNoLongerHas(t *testing.T) {
	w := newWorld(t)
	if code := w.run("destroy", "--yes", "--component", "shop/gone"); code != 0 || fmt.Sprint(w.request.Select) != "[shop/gone]" {
		t.Errorf("exit code %d, selected %v\n%s", code, w.request.Select, w.err.String())
	}
}

func TestApproval(t *testing.T) {
	for answer, want := range map[string]int{"y\n": 0, "YES\n": 0, "n\n": 1, "\n": 1, "": 1, "yup\n": 1} {
		w := newWorld(t)
		w.process.InTerminal = true
		w.process.In = strings.NewReader(answer)
		if code := w.run("apply", "--var", "VERSION=v1"); code != want {
			t.Errorf("answer %q: exit code %d, want %d", answer, code, want)
		}
		if !strings.Contains(w.out.String(), "Apply these changes to web/production? [y/N] ") {
			t.Errorf("no question:\n%s", w.out.String())
		}
	}
}

// TestInterrupts: the first one stops gently once the run has begun, the second one cancels.
func TestInterrupts(t *testing.T) {
	w := newWorld(t)
	interrupts := make(chan os.Signal, 2)
	w.process.Interrupts = interrupts
	w.ops.Apply = func(ctx context.Context, r deploy.Request, _ deploy.Approve) (*deploy.Result, error) {
		interrupts <- os.Interrupt
		<-r.Stop
		if ctx.Err() != nil {
			t.Error("the first interrupt cancelled the run")
		}
		interrupts <- os.Interrupt
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if code := w.run("apply", "--yes", "--var", "VERSION=v1"); code != exitFailed {
		t.Errorf("exit code %d\n%s", code, w.err.String())
	}
	if !strings.Contains(w.out.String(), "stopping: waiting for operations in flight") || !strings.Contains(w.out.String(), "Stopped the apply of web/production") {
		t.Errorf("output:\n%s", w.out.String())
	}
}

// TestInterruptBeforeTheRun: while nothing is under way the first one cancels.
func TestInterruptBeforeTheRun(t *testing.T) {
	w := newWorld(t)
	interrupts := make(chan os.Signal, 1)
	w.process.Interrupts = interrupts
	w.ops.Build = func(ctx context.Context, _ build.Request) (*build.Result, error) {
		interrupts <- os.Interrupt
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if code := w.run("apply", "--yes", "--var", "VERSION=v1"); code != exitFailed || !strings.Contains(w.err.String(), "build the wave programs: context canceled") {
		t.Errorf("exit code %d\n%s", code, w.err.String())
	}
}

// TestAnswerless: an interrupt at the question counts as no.
func TestAnswerless(t *testing.T) {
	w := newWorld(t)
	interrupts := make(chan os.Signal, 1)
	w.process.Interrupts = interrupts
	w.process.InTerminal = true
	in, out := io.Pipe()
	defer out.Close()
	w.process.In = in
	interrupts <- os.Interrupt
	w.ops.Build = func(context.Context, build.Request) (*build.Result, error) {
		return &build.Result{}, nil
	}
	if code := w.run("apply", "--var", "VERSION=v1"); code != exitFailed {
		t.Errorf("exit code %d\n%s", code, w.err.String())
	}
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{{"1.2.3", "v1.2.2", true}, {"1.2.3", "1.2.3", false}, {"1.2.3", "1.10.0", false}, {"2.0.0", "devel", false}, {"x", "1.0.0", false}, {"1.0.1", "v1.0.0-rc1", true}} {
		if got := newer(c.a, c.b); got != c.want {
			t.Errorf("newer(%s, %s) = %v", c.a, c.b, got)
		}
	}
}
