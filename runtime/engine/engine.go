// Package engine runs the Pulumi engine as a library: no pulumi command, no language host, and the waves of a
// deployment as phases of one update.
//
// Each wave is a compiled program. The package poses as the program's language runtime (language.go): it starts wave
// 0's program, waits until that has registered everything, calls the AfterWave hook, starts wave 1's program and so
// on. All of them speak to one resource monitor through a proxy (monitor.go), so that there is one stack, one state and
// one round of deletions, last, in reverse order of dependencies. What a wave exports reaches later waves as stack
// references, answered in process (outputs.go), and so does what other stacks have recorded (exports.go).
//
// What the engine does is recorded as journal entries (journal.go), which fold into the next state (fold.go). After a
// crash, Settle finds out what became of unfinished operations (settle.go).
//
// pulumi/pkg/v3 promises no stable API, so this is the only package of panka that imports it. Each operation leaks a
// few goroutines in Pulumi's code; that is fine for a command and not for a daemon.
package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/pkg/v3/secrets/b64"
	"github.com/pulumi/pulumi/pkg/v3/util/cancel"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"

	"github.com/panka-io/panka/runtime/provider"
)

// Run is one operation of the engine on one stack.
type Run struct {
	// Project and Stack are Pulumi's names: panka's stack and environment.
	Project, Stack string
	// Region is the default AWS region, used where the aws plugin is not replaced by Provider.
	Region string
	// Dir is an existing folder that the programs run in.
	Dir string
	// Programs are the executables of the waves, in order. Destroy runs none.
	Programs []string
	// Dirs are the folders that the programs run in, in the same order; nil means Dir for all.
	Dirs []string
	// Config is what the programs read with pulumi.Config.
	Config map[string]ConfigValue
	// State is the state to start from. It is not changed.
	State *State
	// Edges gives, for a resource's URN, the URNs of the component resources that its component depends on, in earlier
	// waves. It may be nil.
	Edges func(urn string) []string
	// Foreign holds what the programs may read of other stacks, in the same environment, by the stacks' names.
	Foreign map[string]Exports
	// Provider replaces the aws plugin and, if it is a provider.Kubernetes, the kubernetes plugin. When nil, the plugins
	// are used.
	Provider provider.Provider
	// Parallel is how many operations may run at once, at least 1.
	Parallel int
	// Exclude lists URNs that must stay as they are, whether programs register them or not. What they depend on is not
	// deleted either.
	Exclude []string
	// Append stores one journal record durably. It is called by one goroutine at a time and may be nil in a preview.
	Append func(data []byte) error
	// AfterWave is called when everything of a wave is done and before the next begins, with the state at that moment. An
	// error stops the run. Nil means nothing is to be done. It is not called in a preview.
	AfterWave func(ctx context.Context, wave int, state *State) error
	// Event receives what happens, one at a time. It may be nil.
	Event func(Event)
	// Stop, when closed, lets operations in flight finish and starts no new ones. It may be nil.
	Stop <-chan struct{}
}

// ConfigValue is the value of a config key.
type ConfigValue struct {
	Value  string
	Secret bool
}

// ErrStopped says that a run ended early because it was told to.
var ErrStopped = errors.New("stopped on request")

// Preview finds out what Update would do. Nothing is changed.
func Preview(ctx context.Context, r Run) error {
	_, err := r.execute(ctx, engine.Update, true)
	return err
}

// Update deploys the programs. The state it returns holds what was done even if err is not nil.
func Update(ctx context.Context, r Run) (*State, error) {
	return r.execute(ctx, engine.Update, false)
}

// Destroy deletes everything in the state, but for what Exclude protects. The state it returns holds what was done even if
// err is not nil.
func Destroy(ctx context.Context, r Run) (*State, error) {
	return r.execute(ctx, engine.Destroy, false)
}

// PreviewDestroy finds out what Destroy would do.
func PreviewDestroy(ctx context.Context, r Run) error {
	_, err := r.execute(ctx, engine.Destroy, true)
	return err
}

type operation func(engine.UpdateInfo, *engine.Context, engine.UpdateOptions, bool) (*deploy.Plan, changes, error)

func (r Run) execute(ctx context.Context, op operation, dryRun bool) (*State, error) {
	name, err := tokens.ParseStackName(r.Stack)
	if err != nil {
		return nil, fmt.Errorf("stack name %q: %w", r.Stack, err)
	}
	snapshot, err := r.State.snapshot(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the recorded state: %w", err)
	}
	recorder := newRecorder(ctx, r.State, r.Append)
	engineCtx := &engine.Context{}
	if !dryRun {
		// The manager compares pointers, so it must get the very snapshot the engine works on.
		engineCtx.SnapshotManager, err = engine.NewJournalSnapshotManager(recorder, snapshot, b64.NewBase64SecretsManager())
		if err != nil {
			return nil, fmt.Errorf("open the journal: %w", err)
		}
	}

	outputs := &waveOutputs{project: r.Project, stack: r.Stack, foreign: r.Foreign, byWave: map[int]resource.PropertyMap{}}
	waves := &waveRuntime{run: &r, outputs: outputs, recorder: recorder, dryRun: dryRun, region: r.Region}
	host := &hostFactory{waves: waves, provider: r.Provider}

	cancelCtx, source := cancel.NewContext(ctx)
	finished := make(chan struct{})
	stopWatch := watchStop(ctx, r.Stop, source, host, finished)
	events := make(chan engine.Event)
	var drained sync.WaitGroup
	drained.Go(func() { waves.report(events, r.Event) })

	engineCtx.Cancel, engineCtx.Events, engineCtx.BackendClient = cancelCtx, events, noBackend{}
	_, _, opErr := op(
		engine.UpdateInfo{
			Root:    r.Dir,
			Project: &workspace.Project{Name: tokens.PackageName(r.Project), Runtime: workspace.NewProjectRuntimeInfo("panka", nil)},
			Target: &deploy.Target{
				Name: name, Config: r.config(), Decrypter: config.NopDecrypter, Snapshot: snapshot,
			},
		},
		engineCtx,
		engine.UpdateOptions{
			HostFactory: host.open, Parallel: int32(max(r.Parallel, 1)), SkipPluginPreInstall: true,
			Excludes: r.excludes(),
		}, dryRun)
	drained.Wait()
	close(finished)
	stopped := stopWatch()
	waves.kill()
	source.Terminate() // lets the engine's goroutines close the plugin context and the host

	state, err := recorder.state()
	switch {
	case waves.failure() != nil: // the reason why the engine only says that the program failed
		opErr = waves.failure()
	case stopped && (opErr != nil || !dryRun && r.leftOf(state)):
		opErr = ErrStopped
	}
	if dryRun {
		return nil, opErr
	}
	return state, errors.Join(opErr, err)
}

// leftOf tells whether a destruction that was stopped left something. The engine itself calls one complete that was
// stopped among its deletions; of an update it knows better.
func (r Run) leftOf(state *State) bool {
	return len(r.Programs) == 0 && state != nil && slices.ContainsFunc(state.Resources(), func(res Resource) bool {
		return res.InCloud() && !slices.Contains(r.Exclude, res.URN)
	})
}

// watchStop passes requests to stop on to the engine: Stop gently, the end of ctx with force. The function it returns
// waits for the watcher's end and tells whether it passed on anything.
func watchStop(
	ctx context.Context, stop <-chan struct{}, source *cancel.Source, host *hostFactory, finished <-chan struct{},
) func() bool {
	result := make(chan bool, 1)
	go func() {
		stopped := false
		for {
			select {
			case <-stop:
				stop, stopped = nil, true // a nil channel is never ready
				source.Cancel()
			case <-ctx.Done():
				host.cancelProvider()
				source.Cancel()
				source.Terminate()
				result <- true
				return
			case <-finished:
				result <- stopped
				return
			}
		}
	}()
	return func() bool { return <-result }
}

func (r Run) config() config.Map {
	m := config.Map{}
	for name, v := range r.Config {
		key := config.MustMakeKey(r.Project, name)
		if v.Secret {
			m[key] = config.NewSecureValue(v.Value) // the decrypter leaves it as it is
		} else {
			m[key] = config.NewValue(v.Value)
		}
	}
	if r.Provider == nil && r.Region != "" {
		m[config.MustMakeKey("aws", "region")] = config.NewValue(r.Region)
	}
	return m
}

func (r Run) excludes() deploy.UrnTargets {
	urns := make([]resource.URN, 0, len(r.Exclude))
	for _, u := range r.Exclude {
		urns = append(urns, resource.URN(u))
	}
	if len(urns) == 0 {
		return deploy.UrnTargets{}
	}
	return deploy.NewUrnTargetsFromUrns(urns)
}
