package engine

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/panka-io/panka/runtime/plan"
	"github.com/panka-io/panka/runtime/provider"
)

// The test binary is also the wave programs: it runs the one that it is called by.
func TestMain(m *testing.M) {
	if program, ok := programs[filepath.Base(os.Args[0])]; ok {
		pulumi.Run(program)
		return
	}
	os.Exit(m.Run())
}

// queue stands for any resource.
type queue struct {
	pulumi.CustomResourceState
	Arn  pulumi.StringOutput `pulumi:"arn"`
	Name pulumi.StringOutput `pulumi:"name"`
}

func component(ctx *pulumi.Context, id string) (pulumi.ResourceOption, error) {
	var c struct{ pulumi.ResourceState }
	name := strings.ReplaceAll(id, "/", "-")
	if err := ctx.RegisterComponentResource("panka:component:Test", name, &c); err != nil {
		return nil, err
	}
	version := pulumi.String(config.New(ctx, "").Get("VERSION"))
	return pulumi.Parent(&c), ctx.RegisterResourceOutputs(&c, pulumi.Map{"component": pulumi.String(id), "version": version})
}

func newQueue(ctx *pulumi.Context, name string, args pulumi.Map, opts ...pulumi.ResourceOption) (*queue, error) {
	q := &queue{}
	if args == nil {
		args = pulumi.Map{}
	}
	args["tag"] = pulumi.String("t")
	opts = append(opts, pulumi.Version(AWSPluginVersion))
	return q, ctx.RegisterResource("aws:sqs/queue:Queue", name, args, q, opts...)
}

func database(ctx *pulumi.Context) error {
	parent, err := component(ctx, "svc/database")
	if err != nil {
		return err
	}
	q, err := newQueue(ctx, "svc-database", pulumi.Map{"password": pulumi.ToSecret("canary-5f2d")}, parent)
	if err != nil {
		return err
	}
	ctx.Export("svc/database.arn", q.Arn)
	return nil
}

func upstream(ctx *pulumi.Context, wave string) (*pulumi.StackReference, error) {
	return pulumi.NewStackReference(ctx, wave, &pulumi.StackReferenceArgs{
		Name: pulumi.String(ctx.Organization() + "/shop-" + wave + "/" + ctx.Stack()),
	})
}

func api(wave string) func(ctx *pulumi.Context) error {
	return func(ctx *pulumi.Context) error {
		ref, err := upstream(ctx, wave)
		if err != nil {
			return err
		}
		parent, err := component(ctx, "svc/api")
		if err != nil {
			return err
		}
		version := config.New(ctx, "").Get("VERSION")
		_, err = newQueue(ctx, "svc-api", pulumi.Map{
			"target": ref.GetStringOutput(pulumi.String("svc/database.arn")), "version": pulumi.String(version),
		}, parent)
		ctx.Export("svc/api.version", pulumi.String(version))
		return err
	}
}

var programs = map[string]pulumi.RunFunc{
	"database": database,
	"api":      api("wave-0"),
	"api-late": api("wave-1"),
	"first": func(ctx *pulumi.Context) error {
		parent, err := component(ctx, "svc/first")
		if err != nil {
			return err
		}
		_, err = newQueue(ctx, "svc-first", nil, parent)
		return err
	},
	"missing-secret": func(ctx *pulumi.Context) error {
		var out struct{ Arn string }
		return ctx.Invoke("aws:secretsmanager/getSecret:getSecret",
			&struct {
				Name string `pulumi:"name"`
			}{"missing"}, &out, pulumi.Version(AWSPluginVersion))
	},
	"cluster":  clusterProgram,
	"workload": workload,
	"no-cluster": func(ctx *pulumi.Context) error {
		return inCluster(ctx, pulumi.String(`{"current-context": "nowhere"}`), "svc-nowhere")
	},
	"twice": func(ctx *pulumi.Context) error {
		kubeconfig := pulumi.Sprintf(kubeconfigText, "a", "b")
		if err := inCluster(ctx, kubeconfig, "svc-one"); err != nil {
			return err
		}
		return inCluster(ctx, kubeconfig, "svc-two")
	},
	"publisher":     publisher,
	"reader":        reader("platform-wave-3/dev"),
	"reader-abroad": reader("platform-wave-3/production"),
	"broken":        func(*pulumi.Context) error { return errors.New("the program is broken") },
}

// fixture runs programs against a fake cloud, keeping state and journal as a backend would.
type fixture struct {
	t       *testing.T
	cloud   *fakeCloud
	served  provider.Provider // cloud, or what stands before it
	state   *State
	journal [][]byte
	events  []Event
	mu      sync.Mutex
	run     Run
}

func newFixture(t *testing.T) *fixture {
	cloud := newFakeCloud()
	return &fixture{t: t, cloud: cloud, served: cloud, state: &State{}}
}

func (f *fixture) programs(names ...string) []string {
	f.t.Helper()
	self, err := os.Executable()
	if err != nil {
		f.t.Fatal(err)
	}
	var paths []string
	for _, name := range names {
		path := filepath.Join(f.t.TempDir(), name)
		if err := os.Symlink(self, path); err != nil {
			f.t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

func componentURN(name string) string { return "urn:pulumi:dev::shop::panka:component:Test::" + name }

func (f *fixture) describe(names ...string) Run {
	f.events, f.journal = nil, nil
	r := f.run
	r.Project, r.Stack, r.Dir, r.Parallel = "shop", "dev", f.t.TempDir(), 4
	r.Programs, r.Provider, r.State = f.programs(names...), f.served, f.state
	r.Edges = func(urn string) []string {
		switch {
		case strings.HasSuffix(urn, "::svc-api"):
			return []string{componentURN("svc-database")}
		case strings.HasSuffix(urn, "::svc-database") && slices.Contains(names, "first"):
			return []string{componentURN("svc-first")}
		}
		return nil
	}
	r.Append = func(data []byte) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.journal = append(f.journal, slices.Clone(data))
		return nil
	}
	r.Event = func(e Event) { f.events = append(f.events, e) }
	return r
}

func (f *fixture) update(names ...string) error {
	f.t.Helper()
	before := f.state
	state, err := Update(context.Background(), f.describe(names...))
	if state == nil {
		f.t.Fatalf("no state: %v", err)
	}
	f.state = state
	f.checkJournal(before)
	return err
}

// checkJournal tells whether the journal leads to the very state that the run returned.
func (f *fixture) checkJournal(before *State) {
	f.t.Helper()
	folded, err := before.Fold(f.journal)
	if err != nil {
		f.t.Fatalf("fold: %v", err)
	}
	want, _ := f.state.Encode()
	got, _ := folded.Encode()
	if string(got) != string(want) {
		f.t.Errorf("the journal leads to another state:\n got %s\nwant %s", got, want)
	}
}

func (f *fixture) ops() map[string]plan.Op {
	ops := map[string]plan.Op{}
	for _, e := range f.events {
		if e.Kind == OperationStarted || e.Kind == Unchanged {
			ops[e.URN[strings.LastIndex(e.URN, "::")+2:]] = e.Op
		}
	}
	return ops
}

func (f *fixture) must(err error) {
	f.t.Helper()
	if err != nil {
		for _, e := range f.events {
			f.t.Logf("%+v", e)
		}
		f.t.Fatal(err)
	}
}

func TestTwoWavesShareOneStack(t *testing.T) {
	f := newFixture(t)
	f.run.Config = map[string]ConfigValue{"VERSION": {Value: "v1"}}
	f.must(Preview(context.Background(), f.describe("database", "api")))
	if got := f.ops(); got["svc-database"] != plan.Create || got["svc-api"] != plan.Create || len(got) != 2 {
		t.Fatalf("preview: %v", got)
	}
	if len(f.cloud.ids()) != 0 || len(f.journal) != 0 {
		t.Fatalf("a preview changed something: %v, %d journal records", f.cloud.ids(), len(f.journal))
	}

	f.must(f.update("database", "api"))
	if got := f.cloud.resources["svc-api#2"]; got["target"] != "arn:svc-database#1" || got["version"] != "v1" {
		t.Errorf("the value of the earlier wave did not arrive: %v", got)
	}
	if slices.Contains(f.urns(), "wave-0") {
		t.Errorf("a URN holds its wave: %v", f.urns())
	}

	f.must(f.update("database", "api"))
	if got := f.ops(); got["svc-database"] != plan.Same || got["svc-api"] != plan.Same {
		t.Errorf("second run: %v", got)
	}
	if len(f.journal) != 0 {
		t.Errorf("a run that changed nothing wrote %d journal records: %s", len(f.journal), f.journal)
	}

	f.run.Config["VERSION"] = ConfigValue{Value: "v2"}
	f.must(f.update("database", "api"))
	if got := f.ops(); got["svc-database"] != plan.Same || got["svc-api"] != plan.Update {
		t.Errorf("new version: %v", got)
	}
	for _, e := range f.events {
		if e.Kind == OperationStarted && (len(e.Changes) != 1 || e.Changes[0].Path != "version" ||
			e.Changes[0].Old != `"v1"` || e.Changes[0].New != `"v2"`) {
			t.Errorf("changes: %+v", e.Changes)
		}
	}

	f.destroy()
	if want := []string{"delete svc-api", "delete svc-database"}; !slices.Equal(f.cloud.log[len(f.cloud.log)-2:], want) {
		t.Errorf("deleted in the order %v, want %v", f.cloud.log, want)
	}
	if len(f.state.Resources())+len(f.state.Pending()) != 0 || len(f.cloud.ids()) != 0 {
		t.Errorf("left behind: %v in the state, %v in the cloud", f.state.Resources(), f.cloud.ids())
	}
}

func (f *fixture) urns() []string {
	var urns []string
	for _, r := range f.state.Resources() {
		urns = append(urns, r.URN)
	}
	return urns
}

func (f *fixture) destroy() {
	f.t.Helper()
	before := f.state
	state, err := Destroy(context.Background(), f.describe())
	f.must(err)
	f.state = state
	f.checkJournal(before)
}

func TestMovingToAnotherWaveChangesNothing(t *testing.T) {
	f := newFixture(t)
	f.must(f.update("database", "api"))
	f.must(f.update("first", "database", "api-late"))
	if got := f.ops(); got["svc-database"] != plan.Same || got["svc-api"] != plan.Same || got["svc-first"] != plan.Create {
		t.Errorf("after the move: %v", got)
	}
	if want := []string{"svc-api#2", "svc-database#1", "svc-first#3"}; !slices.Equal(f.cloud.ids(), want) {
		t.Errorf("in the cloud %v, want %v", f.cloud.ids(), want)
	}
	f.must(f.update("database", "api"))
	if want := []string{"svc-api#2", "svc-database#1"}; !slices.Equal(f.cloud.ids(), want) {
		t.Errorf("after moving back: %v, want %v", f.cloud.ids(), want)
	}
}

func TestNewEdgeIsNoticed(t *testing.T) {
	f := newFixture(t)
	f.must(f.update("database", "api"))
	r := f.describe("database", "api")
	r.Edges = nil
	f.must(Preview(context.Background(), r))
	if !slices.ContainsFunc(f.events, func(e Event) bool { return e.Kind == Unchanged && e.Rewired }) {
		t.Error("a preview with other edges says that nothing is rewired")
	}
	f.must(Preview(context.Background(), f.describe("database", "api")))
	if slices.ContainsFunc(f.events, func(e Event) bool { return e.Kind == Unchanged && e.Rewired }) {
		t.Error("a preview with the same edges says that something is rewired")
	}
}

func TestFailureKeepsWhatWasDone(t *testing.T) {
	f := newFixture(t)
	f.cloud.fail["create svc-api"] = errors.New("AccessDenied: not today")
	if err := f.update("database", "api"); err == nil {
		t.Fatal("no error")
	}
	if !slices.ContainsFunc(f.events, func(e Event) bool {
		return e.Kind == Diagnostic && strings.HasSuffix(e.URN, "svc-api") && strings.Contains(e.Message, "not today")
	}) {
		t.Errorf("the cause is not told: %+v", f.events)
	}
	if want := []string{"svc-database#1"}; !slices.Equal(f.cloud.ids(), want) || len(f.state.Pending()) != 0 {
		t.Errorf("in the cloud %v, pending %v", f.cloud.ids(), f.state.Pending())
	}
	f.cloud.fail = nil
	f.must(f.update("database", "api"))
	if want := []string{"svc-api#2", "svc-database#1"}; !slices.Equal(f.cloud.ids(), want) {
		t.Errorf("in the cloud %v, want %v", f.cloud.ids(), want)
	}
}

func TestEarlierWaveFails(t *testing.T) {
	f := newFixture(t)
	f.cloud.fail["create svc-database"] = errors.New("no")
	if err := f.update("database", "api"); err == nil {
		t.Fatal("no error")
	}
	if slices.ContainsFunc(f.events, func(e Event) bool { return e.Kind == WaveStarted && e.Wave == 1 }) {
		t.Error("wave 1 began although wave 0 failed")
	}
}

func TestAfterWave(t *testing.T) {
	f := newFixture(t)
	r := f.describe("database", "api")
	r.AfterWave = func(_ context.Context, wave int, soFar *State) error {
		if wave == 0 {
			if changed := soFar.Changed(r.State); len(changed) != 1 || len(soFar.Changed(soFar)) != 0 || !strings.Contains(names(soFar), "svc-database") {
				t.Errorf("changed is %v, of %v", changed, names(soFar))
			}
			return errors.New("the gate is shut")
		}
		return nil
	}
	state, err := Update(context.Background(), r)
	if err == nil || !strings.Contains(err.Error(), "the gate is shut") {
		t.Errorf("error %v", err)
	}
	if want := []string{"svc-database#1"}; !slices.Equal(f.cloud.ids(), want) || len(state.Resources()) == 0 {
		t.Errorf("in the cloud %v, want %v", f.cloud.ids(), want)
	}
}

func TestBrokenProgram(t *testing.T) {
	f := newFixture(t)
	if err := f.update("database", "broken"); err == nil {
		t.Fatal("no error")
	}
	if !slices.ContainsFunc(f.events, func(e Event) bool { return strings.Contains(e.Message, "the program is broken") }) {
		t.Errorf("the cause is not told: %+v", f.events)
	}
	if want := []string{"svc-database#1"}; !slices.Equal(f.cloud.ids(), want) {
		t.Errorf("in the cloud %v, want %v", f.cloud.ids(), want)
	}
}

func TestMissingSecretIsToldInThePreview(t *testing.T) {
	f := newFixture(t)
	if err := Preview(context.Background(), f.describe("database", "missing-secret")); err == nil {
		t.Fatal("no error")
	}
	if !slices.ContainsFunc(f.events, func(e Event) bool { return e.Kind == InvokeFailed && e.Args["name"] == "missing" }) {
		t.Errorf("no event: %+v", f.events)
	}
}

func TestStopLetsOperationsFinish(t *testing.T) {
	f := newFixture(t)
	r := f.describe("database", "api")
	stop := make(chan struct{})
	r.Stop = stop
	f.cloud.onCreate = func(string) { close(stop) }
	state, err := Update(context.Background(), r)
	if !errors.Is(err, ErrStopped) {
		t.Errorf("error %v, want ErrStopped", err)
	}
	if len(state.Pending()) != 0 || !slices.ContainsFunc(state.Resources(), func(r Resource) bool { return r.ID == "svc-database#1" }) {
		t.Errorf("the operation in flight is not recorded: %v, pending %v", state.Resources(), state.Pending())
	}
	if want := []string{"svc-database#1"}; !slices.Equal(f.cloud.ids(), want) {
		t.Errorf("in the cloud %v, want %v", f.cloud.ids(), want)
	}
}

// TestCrash cuts the journal off after each record, as a crash would, and lets the next run go on from there.
func TestCrash(t *testing.T) {
	f := newFixture(t)
	f.must(f.update("database", "api"))
	journal := slices.Clone(f.journal)
	for n := range len(journal) + 1 {
		g := newFixture(t)
		folded, err := (&State{}).Fold(journal[:n])
		g.must(err)
		// The cloud holds everything that was begun: the worst case.
		for _, op := range folded.Pending() {
			if !strings.Contains(op, "aws:sqs/queue:Queue") {
				continue
			}
			name := op[strings.LastIndex(op, "::")+2:]
			g.cloud.resources[name+"#9"] = map[string]string{"tag": "t"}
		}
		for _, r := range folded.Resources() {
			if r.ID != "" && r.Custom && r.Type == "aws:sqs/queue:Queue" {
				g.cloud.resources[r.ID] = map[string]string{"tag": "t"}
			}
		}
		settled, _, err := Settle(context.Background(), folded, g.cloud)
		g.must(err)
		if p := settled.Pending(); len(p) != 0 {
			t.Errorf("after %d records: still pending: %v", n, p)
		}
		g.state = settled
		g.must(g.update("database", "api"))
		if len(g.cloud.ids()) != 2 {
			t.Errorf("after %d records: the cloud holds %v, want one of each", n, g.cloud.ids())
		}
	}
}

func TestStateHoldsNeitherSecretsNorPlaces(t *testing.T) {
	f := newFixture(t)
	f.must(f.update("database", "api"))
	data, err := f.state.Encode()
	f.must(err)
	if strings.Contains(string(data), "canary-5f2d") {
		t.Errorf("the secret stands in the state as it is: %s", data)
	}
	if strings.Contains(string(data), ".go") {
		t.Errorf("the state holds places in the source: %s", data)
	}
	for _, e := range f.events {
		for _, c := range e.Changes {
			if strings.Contains(c.Old+c.New, "canary") {
				t.Errorf("an event holds the secret: %+v", e)
			}
		}
	}
}
func TestExcludedResourcesStay(t *testing.T) {
	f := newFixture(t)
	f.run.Config = map[string]ConfigValue{"VERSION": {Value: "v1"}}
	f.run.Exclude = []string{componentURN("svc-api"), queueURN("svc-api")}
	f.must(f.update("database", "api"))
	if want := []string{"svc-database#1"}; !slices.Equal(f.cloud.ids(), want) || len(f.ops()) != 1 {
		t.Errorf("in the cloud %v, want %v; told of %v", f.cloud.ids(), want, f.ops())
	}
	f.run.Exclude = nil
	f.must(f.update("database", "api"))
	f.run.Config["VERSION"] = ConfigValue{Value: "v2"}
	f.run.Exclude = []string{componentURN("svc-api"), queueURN("svc-api")}
	f.must(f.update("database", "api"))
	if got := f.cloud.resources["svc-api#2"]["version"]; got != "v1" {
		t.Errorf("what was not selected has version %q, want v1", got)
	}
	for _, r := range f.state.Resources() {
		if r.Name == "svc-api" && !r.Custom && (r.Outputs["component"] != "svc/api" || r.Outputs["version"] != "v1") {
			t.Errorf("the outputs of %s were lost: %v", r.URN, r.Outputs)
		}
	}
	// A component that is not in the programs any more stays, and so does what it depends on.
	f.must(f.update("first"))
	if want := []string{"svc-api#2", "svc-database#1", "svc-first#3"}; !slices.Equal(f.cloud.ids(), want) {
		t.Errorf("in the cloud %v, want %v", f.cloud.ids(), want)
	}
}

func queueURN(name string) string {
	return "urn:pulumi:dev::shop::panka:component:Test$aws:sqs/queue:Queue::" + name
}
