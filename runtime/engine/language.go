package engine

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/common/promise"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// waveRuntime is the engine's language runtime. To run "the program" is to run every wave's program in turn.
type waveRuntime struct {
	run        *Run
	outputs    *waveOutputs
	recorder   *recorder
	dryRun     bool
	region     string
	engineAddr string

	mu        sync.Mutex
	processes []*exec.Cmd
	killed    bool
	failed    error
	current   int
}

// Run executes the waves against one monitor. It returns a message for the user, or bail when the engine knows
// already what went wrong.
func (w *waveRuntime) Run(ctx context.Context, info plugin.RunInfo) (message string, bail bool, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	proxy, err := newMonitorProxy(info.MonitorAddress, len(w.run.Programs), w)
	if err != nil {
		return "", false, err
	}
	defer proxy.close()

	exits := make(chan waveExit, len(w.run.Programs))
	for wave := range w.run.Programs {
		if done, message, bail, err := w.runWave(ctx, proxy, info, wave, exits); done {
			w.kill()
			return message, bail, err
		}
	}
	// The last wave's end was passed on to the engine, which now deletes what is no longer wanted and then lets all
	// programs go.
	for range w.run.Programs {
		select {
		case e := <-exits:
			if e.err != nil {
				w.kill()
				return w.describeExit(e)
			}
		case <-ctx.Done():
			return "", true, nil
		}
	}
	return "", false, nil
}

type waveExit struct {
	wave   int
	err    error
	stderr *tail
}

// runWave starts one wave's program and waits until it has registered everything. The program stays alive, so that its
// callbacks keep working. Done means that the whole run is over.
func (w *waveRuntime) runWave(
	ctx context.Context, proxy *monitorProxy, info plugin.RunInfo, wave int, exits chan<- waveExit,
) (done bool, message string, bail bool, err error) {
	w.enter(wave)
	w.emit(Event{Kind: WaveStarted, Wave: wave})
	addr, err := proxy.serve(wave)
	if err != nil {
		return true, "", false, fmt.Errorf("open the monitor of wave %d: %w", wave, err)
	}
	cmd, stderr, err := w.start(ctx, wave, addr, info)
	if err != nil {
		return true, "", false, err
	}
	exited := make(chan waveExit, 1)
	go func() {
		e := waveExit{wave, cmd.Wait(), stderr}
		exited <- e
		exits <- e
	}()
	select {
	case <-proxy.waves[wave].complete:
	case e := <-exited:
		select {
		case <-proxy.waves[wave].complete: // it ended in the moment it was done
		default:
			message, bail, err = w.describeExit(e)
			return true, message, bail, err
		}
	case <-ctx.Done():
		return true, "", true, nil
	}
	if w.run.AfterWave != nil && !w.dryRun {
		state, err := w.recorder.state()
		if err == nil {
			err = w.run.AfterWave(ctx, wave, state)
		}
		if err != nil {
			w.fail(fmt.Errorf("after wave %d: %w", wave, err))
			return true, "", true, nil
		}
	}
	w.emit(Event{Kind: WaveDone, Wave: wave})
	proxy.release(wave)
	return false, "", false, nil
}

func (w *waveRuntime) describeExit(e waveExit) (string, bool, error) {
	var exit *exec.ExitError
	switch {
	case errors.As(e.err, &exit) && exit.ExitCode() == constant.ExitStatusLoggedError:
		return "", true, nil // the program told the engine
	case w.wasKilled():
		return "", true, nil
	case e.err == nil:
		return fmt.Sprintf("the program of wave %d ended before it had registered everything", e.wave), false, nil
	default:
		return strings.TrimSpace(fmt.Sprintf("the program of wave %d failed: %v\n%s", e.wave, e.err, e.stderr.String())), false, nil
	}
}

// start runs a program with the environment that Pulumi's Go SDK expects, and little else: panka's own environment may
// hold credentials, which programs have no use for.
func (w *waveRuntime) start(
	ctx context.Context, wave int, monitor string, info plugin.RunInfo,
) (*exec.Cmd, *tail, error) {
	values := make(map[string]string, len(info.Config))
	for k, v := range info.Config {
		values[k.String()] = v
	}
	secretKeys := make([]string, 0, len(info.ConfigSecretKeys))
	for _, k := range info.ConfigSecretKeys {
		secretKeys = append(secretKeys, k.String())
	}
	valuesJSON, err := json.Marshal(values)
	if err != nil {
		return nil, nil, fmt.Errorf("encode config: %w", err)
	}
	secretKeysJSON, err := json.Marshal(secretKeys)
	if err != nil {
		return nil, nil, fmt.Errorf("encode config keys: %w", err)
	}
	cmd := exec.CommandContext(ctx, w.run.Programs[wave])
	stderr := &tail{limit: 8 << 10}
	cmd.Dir, cmd.Stdout, cmd.Stderr = w.run.Dir, stderr, stderr
	if len(w.run.Dirs) > 0 {
		cmd.Dir = w.run.Dirs[wave]
	}
	cmd.SysProcAttr = ownGroup() // a Ctrl-C at the terminal is for panka to handle
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "SYSTEMROOT", "GODEBUG"} {
		if v, ok := os.LookupEnv(name); ok {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	cmd.Env = append(cmd.Env,
		pulumi.EnvOrganization+"="+organization,
		pulumi.EnvProject+"="+info.Project,
		pulumi.EnvStack+"="+info.Stack,
		pulumi.EnvConfig+"="+string(valuesJSON),
		pulumi.EnvConfigSecretKeys+"="+string(secretKeysJSON),
		pulumi.EnvDryRun+"="+strconv.FormatBool(info.DryRun),
		pulumi.EnvParallel+"="+strconv.Itoa(int(info.Parallel)),
		pulumi.EnvMonitor+"="+monitor,
		pulumi.EnvEngine+"="+w.engineAddr,
	)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.killed {
		return nil, nil, context.Canceled
	}
	if err := cmd.Start(); err != nil {
		return nil, nil, fmt.Errorf("start the program of wave %d: %w", wave, err)
	}
	w.processes = append(w.processes, cmd)
	return cmd, stderr, nil
}

func (w *waveRuntime) kill() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.killed = true
	for _, cmd := range w.processes {
		_ = cmd.Process.Kill() // it may have ended already
	}
}

func (w *waveRuntime) wasKilled() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.killed
}

func (w *waveRuntime) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.failed = err
}

func (w *waveRuntime) failure() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.failed
}

func (w *waveRuntime) enter(wave int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.current = wave
}

func (w *waveRuntime) wave() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.current
}

// tail keeps the last bytes written to it.
type tail struct {
	limit int
	mu    sync.Mutex
	buf   bytes.Buffer
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf.Write(p)
	if over := t.buf.Len() - t.limit; over > 0 {
		t.buf.Next(over)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.buf.String()
}

// The rest of the interface is for commands that panka does not have.

var errUnsupported = errors.New("not supported by panka's language runtime")

func (w *waveRuntime) Close() error { return nil }

func (w *waveRuntime) Cancel(context.Context) error { w.kill(); return nil }

func (w *waveRuntime) GetRequiredPackages(
	context.Context, plugin.ProgramInfo,
) ([]workspace.PackageDescriptor, []workspace.PackageSpec, error) {
	return nil, nil, nil
}

func (w *waveRuntime) GetPluginInfo(context.Context) (plugin.PluginInfo, error) {
	return plugin.PluginInfo{}, nil
}

func (w *waveRuntime) InstallDependencies(
	context.Context, plugin.InstallDependenciesRequest,
) (io.Reader, io.Reader, <-chan error, error) {
	done := make(chan error)
	close(done)
	return strings.NewReader(""), strings.NewReader(""), done, nil
}

func (w *waveRuntime) RuntimeOptionsPrompts(
	context.Context, plugin.ProgramInfo,
) ([]plugin.RuntimeOptionPrompt, error) {
	return nil, nil
}

func (w *waveRuntime) Template(context.Context, plugin.ProgramInfo, tokens.PackageName) error {
	return nil
}

func (w *waveRuntime) About(context.Context, plugin.ProgramInfo) (plugin.AboutInfo, error) {
	return plugin.AboutInfo{}, nil
}

func (w *waveRuntime) GetProgramDependencies(
	context.Context, plugin.ProgramInfo, bool,
) ([]plugin.DependencyInfo, error) {
	return nil, nil
}

func (w *waveRuntime) RunPlugin(
	context.Context, plugin.RunPluginInfo,
) (io.Reader, io.Reader, *promise.Promise[int32], error) {
	return nil, nil, nil, errUnsupported
}

func (w *waveRuntime) GenerateProject(
	context.Context, string, string, string, bool, string, map[string]string,
) (hcl.Diagnostics, error) {
	return nil, errUnsupported
}

func (w *waveRuntime) GeneratePackage(
	context.Context, string, string, map[string][]byte, string, map[string]string, bool,
) (hcl.Diagnostics, error) {
	return nil, errUnsupported
}

func (w *waveRuntime) GenerateProgram(
	context.Context, map[string]string, string, bool,
) (map[string][]byte, hcl.Diagnostics, error) {
	return nil, nil, errUnsupported
}

func (w *waveRuntime) Pack(context.Context, string, string) (string, error) {
	return "", errUnsupported
}

func (w *waveRuntime) Link(
	context.Context, plugin.ProgramInfo, []workspace.LinkablePackageDescriptor, string,
) (string, error) {
	return "", errUnsupported
}
