package deploy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/lockstate/file"
	"github.com/panka-io/panka/lockstate/seal"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
	"github.com/panka-io/panka/runtime/sandbox"
)

// shop is a stack, its state and its account, all in one folder: a copy of the folder is what a crash at that moment
// would leave. Nothing is simulated but AWS: the state is in sealed files, and the engine is the real one.
type shop struct {
	dir     string
	account *sandbox.Account
	backend lockstate.Backend
	// requests are those to a team's backend, if it has one.
	requests *requests
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

var shopKey = lockstate.Key{Tenant: "default", Stack: "shop", Environment: "dev"}

func openShop(dir string) (*shop, error) {
	s := &shop{dir: dir}
	for _, sub := range []string{"keys", "work", "programs"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, err
		}
	}
	var below lockstate.Backend
	below, err := file.Open(filepath.Join(dir, "state"), file.Options{})
	if at := filepath.Join(dir, teamFile); err == nil && exists(at) {
		s.requests = requestToDieAfter()
		below, err = openTeam(at, s.requests)
	}
	if err != nil {
		return nil, err
	}
	if s.backend, err = seal.Open(below, seal.NewKeyFiles(filepath.Join(dir, "keys"))); err != nil {
		return nil, err
	}
	config := filepath.Join(dir, "sandbox.yaml")
	if _, err := os.Stat(config); err != nil {
		config = ""
	}
	s.account, err = sandbox.Open(filepath.Join(dir, "cloud"), config)
	return s, err
}

// newShop is a shop that was never deployed; config is its sandbox.yaml.
func newShop(t *testing.T, config string) *shop {
	t.Helper()
	dir := t.TempDir()
	if config != "" {
		if err := os.WriteFile(filepath.Join(dir, "sandbox.yaml"), []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return reopened(t, dir)
}

func reopened(t *testing.T, dir string) *shop {
	t.Helper()
	s, err := openShop(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.account.Close() })
	return s
}

func (s *shop) copied(t *testing.T) *shop {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(s.dir)); err != nil {
		t.Fatal(err)
	}
	keys, err := filepath.Glob(filepath.Join(dir, "keys", "*"))
	for _, key := range keys { // CopyFS lets others read them
		err = errors.Join(err, os.Chmod(key, 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	return reopened(t, dir)
}

// programs gives executables that run the programs with these names.
func (s *shop) programs(names ...string) ([]string, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	var paths []string
	for _, name := range names {
		path := filepath.Join(s.dir, "programs", name)
		if err := os.Symlink(self, path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// request asks for the whole shop in a version. That may be "v1,ada", to change VERSION and OWNER apart.
func (s *shop) request(version string) (deploy.Request, error) {
	programs, err := s.programs("base", "api")
	version, owner, both := strings.Cut(version, ",")
	if !both {
		owner = version
	}
	return deploy.Request{
		Bundle: shopBundle(), Programs: programs, Variables: map[string]string{"VERSION": version, "OWNER": owner},
		Backend: s.backend, Key: shopKey, Owner: lockstate.Owner{Who: "ada", Host: "here", PID: os.Getpid()},
		Provider: s.account.Provider("us-east-1"), Parallel: 4, WorkDir: filepath.Join(s.dir, "work"),
	}, err
}

// shopBundle describes the programs base and api.
func shopBundle() *bundle.Bundle {
	b := &bundle.Bundle{
		Version: bundle.FormatVersion, Stack: "shop", Environment: "dev", Region: "us-east-1", SourceDigest: "d",
		Variables: []bundle.Variable{{Name: "OWNER"}, {Name: "VERSION"}},
	}
	for i, c := range []struct {
		id, kind  string
		wave      int
		needs     []string
		resources []string
	}{
		{"foundation", "Foundation", 0, nil, []string{"aws:ecs/cluster:Cluster shop-cluster", "aws:iam/role:Role shop-tasks"}},
		{"svc/api", "MicroService", 1, []string{"foundation", "svc/jobs"},
			[]string{"aws:iam/role:Role svc-api", "aws:ecs/taskDefinition:TaskDefinition svc-api", "aws:ecs/service:Service svc-api"}},
		{"svc/jobs", "SQS", 0, []string{"foundation"},
			[]string{"aws:sqs/queue:Queue svc-jobs", "aws:ec2/securityGroup:SecurityGroup svc-jobs"}},
	} {
		source := bundle.Source{File: c.id + ".yaml", Line: i + 1, Column: 1}
		component := "urn:pulumi:dev::shop::panka:component:" + c.kind
		b.Components = append(b.Components, bundle.Component{
			ID: c.id, Kind: c.kind, Wave: c.wave, DependsOn: c.needs, Source: source,
			URN: component + "::" + strings.ReplaceAll(c.id, "/", "-"),
		})
		for _, r := range c.resources {
			typ, name, _ := strings.Cut(r, " ")
			b.Resources = append(b.Resources, bundle.Resource{
				URN: component + "$" + typ + "::" + name, Type: typ, Name: name, Component: c.id, Source: source,
			})
		}
	}
	return b
}

// mustRequest is request for the body of a test.
func (s *shop) mustRequest(t *testing.T, version string) deploy.Request {
	t.Helper()
	r, err := s.request(version)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// apply deploys a version and fails the test if that fails.
func (s *shop) apply(t *testing.T, version string) *deploy.Result {
	t.Helper()
	result, err := deploy.Apply(t.Context(), s.mustRequest(t, version), nil)
	if err != nil {
		t.Fatalf("apply: %v", err)
	}
	return result
}

func (s *shop) destroy(t *testing.T) *deploy.Result {
	t.Helper()
	result, err := deploy.Destroy(t.Context(), s.mustRequest(t, ""), nil)
	if err != nil {
		t.Fatalf("destroy: %v", err)
	}
	return result
}

func (s *shop) plan(t *testing.T, version string) *plan.Plan {
	t.Helper()
	p, err := deploy.Plan(t.Context(), s.mustRequest(t, version))
	if err != nil {
		t.Fatalf("plan: %v", err)
	}
	return p
}

func (s *shop) state(t *testing.T) *deploy.State {
	t.Helper()
	state, err := deploy.ReadState(t.Context(), s.backend, shopKey)
	if err != nil {
		t.Fatalf("read the state: %v", err)
	}
	return state
}

// cloudResource is a resource as it stands in the account's file.
type cloudResource struct {
	ID      string         `json:"id"`
	Inputs  map[string]any `json:"inputs"`
	Outputs map[string]any `json:"outputs"`
}

// cloud is what exists, by type.
func (s *shop) cloud(t *testing.T) map[string][]cloudResource {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(s.dir, "cloud", sandbox.FileName))
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		Resources map[string]map[string]cloudResource `json:"resources"`
	}
	if err := json.Unmarshal(data, &document); err != nil {
		t.Fatal(err)
	}
	out := map[string][]cloudResource{}
	for typ, resources := range document.Resources {
		for _, key := range slices.Sorted(maps.Keys(resources)) {
			out[typ] = append(out[typ], resources[key])
		}
	}
	return out
}

// wantDeployed checks that the version is deployed, and that a plan finds nothing left to be done.
func (s *shop) wantDeployed(t *testing.T, version string) {
	t.Helper()
	s.wantExisting(t, version)
	if p := s.plan(t, version); p.Changes.Any() {
		t.Errorf("not everything is done: %+v", p.Changes)
	}
}

// wantExisting checks that the account holds one of each resource and nothing else, just those that the state records,
// in the version.
func (s *shop) wantExisting(t *testing.T, version string) {
	t.Helper()
	cloud, state := s.cloud(t), s.state(t)
	var recorded []string
	for _, r := range state.Resources {
		if r.Custom {
			recorded = append(recorded, r.Type+" "+r.ID)
		}
	}
	var existing []string
	for typ, resources := range cloud {
		for _, r := range resources {
			existing = append(existing, typ+" "+r.ID)
		}
	}
	slices.Sort(recorded)
	slices.Sort(existing)
	if len(existing) != len(shopBundle().Resources) || !slices.Equal(recorded, existing) {
		t.Fatalf("the account holds\n  %s\nthe state records\n  %s", strings.Join(existing, "\n  "), strings.Join(recorded, "\n  "))
	}
	task := cloud["aws:ecs/taskDefinition:TaskDefinition"][0]
	if image := fmt.Sprint(task.Inputs["containerDefinitions"]); !strings.Contains(image, "shop:"+version+`"`) {
		t.Errorf("the task definition is %s, want version %s", image, version)
	}
	if runs := cloud["aws:ecs/service:Service"][0].Inputs["taskDefinition"]; runs != task.Outputs["arn"] {
		t.Errorf("the service runs %v, and %v exists", runs, task.Outputs["arn"])
	}
	if len(state.Pending) > 0 {
		t.Errorf("still pending: %v", state.Pending)
	}
	for _, c := range state.Components {
		if c.ID == "svc/api" && c.Version != version {
			t.Errorf("the state says version %s, want %s", c.Version, version)
		}
	}
}

func (s *shop) wantNothing(t *testing.T) {
	t.Helper()
	if cloud := s.cloud(t); len(cloud) > 0 {
		t.Errorf("the account still holds %v", cloud)
	}
	if state := s.state(t); len(state.Resources)+len(state.Pending) > 0 {
		t.Errorf("the state still records %v, pending %v", state.Resources, state.Pending)
	}
}
