package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/panka-io/panka/runtime/plan"
	"github.com/panka-io/panka/runtime/provider"
)

// fakeClusters is a fake cloud with clusters: what is in one is among its resources, with its server.
type fakeClusters struct{ *fakeCloud }

func (c fakeClusters) Cluster(access provider.ClusterAccess) provider.Provider {
	return fakeCluster{c.fakeCloud, access.Server}
}

type fakeCluster struct {
	*fakeCloud
	server string
}

func (c fakeCluster) Create(ctx context.Context, r provider.CreateRequest) (string, resource.PropertyMap, error) {
	r.Inputs = r.Inputs.Copy()
	r.Inputs["server"] = resource.NewProperty(c.server)
	return c.fakeCloud.Create(ctx, r)
}

func (c fakeCluster) Find(ctx context.Context, u resource.URN, in resource.PropertyMap) (string, bool, error) {
	id, found, err := c.fakeCloud.Find(ctx, u, in)
	return id, found && c.resources[id]["server"] == c.server, err
}

const kubeconfigText = `{"current-context": "c", "contexts": [{"name": "c", "context": {"cluster": "k", "user": "u"}}],
  "clusters": [{"name": "k", "cluster": {"server": "https://%s", "certificate-authority-data": "Y2E="}}],
  "users": [{"name": "u", "user": {"exec": {"args": ["%s"]}}}]}`

// object stands for any resource in a cluster.
type object struct{ pulumi.CustomResourceState }

// inCluster registers the provider that all waves share, and an object by it.
func inCluster(ctx *pulumi.Context, kubeconfig pulumi.StringInput, name string) error {
	var p pulumi.ProviderResourceState
	err := ctx.RegisterResource("pulumi:providers:kubernetes", "kubernetes",
		pulumi.Map{"kubeconfig": kubeconfig, "enableServerSideApply": pulumi.String("true")}, &p, pulumi.Version(KubernetesPluginVersion))
	if err != nil {
		return err
	}
	return ctx.RegisterResource("kubernetes:core/v1:ConfigMap", name,
		pulumi.Map{"version": pulumi.String(config.New(ctx, "").Get("VERSION"))}, &object{}, pulumi.Provider(&p))
}

// clusterProgram makes a cluster, whose server is named by the cluster's name and ID, and the namespace in it.
func clusterProgram(ctx *pulumi.Context) error {
	conf := config.New(ctx, "")
	cluster, err := newQueue(ctx, "svc-cluster", pulumi.Map{"name": pulumi.String(conf.Get("CLUSTER"))})
	if err != nil {
		return err
	}
	kubeconfig := pulumi.Sprintf(kubeconfigText, cluster.Arn, conf.Get("LOGIN"))
	ctx.Export("foundation.kubeconfig", kubeconfig)
	return inCluster(ctx, kubeconfig, "svc-namespace")
}

// workload is in the cluster of the wave before.
func workload(ctx *pulumi.Context) error {
	ref, err := upstream(ctx, "wave-0")
	if err != nil {
		return err
	}
	return inCluster(ctx, ref.GetStringOutput(pulumi.String("foundation.kubeconfig")), "svc-workload")
}

func newClusterFixture(t *testing.T) *fixture {
	f := newFixture(t)
	f.served = fakeClusters{f.cloud}
	f.configure("v1", "one", "token")
	return f
}

func (f *fixture) configure(version, cluster, login string) {
	f.run.Config = map[string]ConfigValue{"VERSION": {Value: version}, "CLUSTER": {Value: cluster}, "LOGIN": {Value: login}}
}

// clusterProviders gives the recorded providers of package kubernetes.
func (f *fixture) clusterProviders() (ids []string) {
	for _, r := range f.state.Resources() {
		if r.Type == clusterProviderType {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// TestWavesShareAClusterProvider: a run of two waves in a cluster that the first one makes, from nothing to nothing.
func TestWavesShareAClusterProvider(t *testing.T) {
	f := newClusterFixture(t)
	f.must(Preview(context.Background(), f.describe("cluster", "workload")))
	if got := f.ops(); len(got) != 3 || got["svc-cluster"] != plan.Create || got["svc-namespace"] != plan.Create || got["svc-workload"] != plan.Create {
		t.Fatalf("preview: %v", got)
	}
	f.must(f.update("cluster", "workload"))
	for _, name := range []string{"svc-namespace#2", "svc-workload#3"} {
		if got := f.cloud.resources[name]["server"]; got != "https://arn:svc-cluster#1" {
			t.Errorf("%s is in the cluster of %q: %v", name, got, f.cloud.ids())
		}
	}
	providers := f.clusterProviders()
	if len(providers) != 1 {
		t.Errorf("%d providers are recorded", len(providers))
	}
	for _, r := range f.state.Resources() {
		if want := strings.HasPrefix(r.Type, "kubernetes:"); (r.Server == "https://arn:svc-cluster#1") != want {
			t.Errorf("%s is recorded to be in the cluster of %q", r.Name, r.Server)
		}
	}

	f.must(f.update("cluster", "workload"))
	if got := f.ops(); got["svc-workload"] != plan.Same || got["svc-namespace"] != plan.Same || len(f.journal) != 0 {
		t.Errorf("second run: %v, %d journal records", got, len(f.journal))
	}

	f.configure("v2", "one", "another-login")
	f.must(f.update("cluster", "workload"))
	if got := f.ops(); got["svc-workload"] != plan.Update || got["svc-cluster"] != plan.Same || !slices.Equal(f.clusterProviders(), providers) {
		t.Errorf("another login: %v, providers %v, were %v", got, f.clusterProviders(), providers)
	}

	f.destroy()
	if f.cloud.log[len(f.cloud.log)-1] != "delete svc-cluster" {
		t.Errorf("deleted in the order %v, want the cluster last", f.cloud.log)
	}
	if len(f.state.Resources()) != 0 || len(f.cloud.ids()) != 0 {
		t.Errorf("left behind: %v in the state, %v in the cloud", f.state.Resources(), f.cloud.ids())
	}
}

// TestAnotherClusterReplacesWhatIsInIt: with the cluster, all that is in it.
func TestAnotherClusterReplacesWhatIsInIt(t *testing.T) {
	f := newClusterFixture(t)
	f.must(f.update("cluster", "workload"))
	f.configure("v1", "two", "token")
	f.must(Preview(context.Background(), f.describe("cluster", "workload")))
	if got := f.ops(); got["svc-cluster"] != plan.Replace || got["svc-namespace"] != plan.Replace || got["svc-workload"] != plan.Replace {
		t.Errorf("preview: %v", got)
	}
	f.must(f.update("cluster", "workload"))
	if want := []string{"svc-cluster#4", "svc-namespace#5", "svc-workload#6"}; !slices.Equal(f.cloud.ids(), want) {
		t.Errorf("in the cloud %v, want %v", f.cloud.ids(), want)
	}
	if got := f.cloud.resources["svc-workload#6"]["server"]; got != "https://arn:svc-cluster#4" || len(f.clusterProviders()) != 1 {
		t.Errorf("the workload is in %q, providers %v", got, f.clusterProviders())
	}
}

// TestClusterRunsCrash cuts the journal off after each record.
func TestClusterRunsCrash(t *testing.T) {
	f := newClusterFixture(t)
	f.must(f.update("cluster", "workload"))
	journal, made := slices.Clone(f.journal), f.cloud.resources
	for n := range len(journal) + 1 {
		g := newClusterFixture(t)
		folded, err := (&State{}).Fold(journal[:n])
		g.must(err)
		g.cloud.creations = 3
		for id, r := range made { // the cloud holds all that was begun
			name, _, _ := cut(id)
			begun := slices.ContainsFunc(folded.Pending(), func(op string) bool { return strings.HasSuffix(op, "::"+name) })
			if begun || slices.ContainsFunc(folded.Resources(), func(r Resource) bool { return r.ID == id }) {
				g.cloud.resources[id] = r
			}
		}
		settled, _, err := Settle(context.Background(), folded, g.served)
		g.must(err)
		if p := settled.Pending(); len(p) != 0 {
			t.Errorf("after %d records: still pending: %v", n, p)
		}
		g.state = settled
		g.must(g.update("cluster", "workload"))
		if len(g.cloud.ids()) != 3 || len(g.clusterProviders()) != 1 {
			t.Errorf("after %d records: the cloud holds %v, want one of each; providers %v", n, g.cloud.ids(), g.clusterProviders())
		}
	}
}

// TestSettlingNeedsTheClusters: what was begun in a cluster cannot be looked for in a cloud that has none.
func TestSettlingNeedsTheClusters(t *testing.T) {
	f := newClusterFixture(t)
	f.must(f.update("cluster", "workload"))
	for n := range f.journal {
		folded, err := (&State{}).Fold(f.journal[:n])
		f.must(err)
		if slices.ContainsFunc(folded.Pending(), func(op string) bool { return strings.Contains(op, "ConfigMap") }) {
			if _, _, err := Settle(context.Background(), folded, f.cloud); !errors.Is(err, errNoClusters) {
				t.Errorf("error %v", err)
			}
			return
		}
	}
	t.Error("nothing in the cluster was ever pending")
}

// TestSelectionInACluster: what is not selected stays, and with it the provider and the cluster.
func TestSelectionInACluster(t *testing.T) {
	f := newClusterFixture(t)
	f.must(f.update("cluster", "workload"))
	f.configure("v2", "one", "token")
	f.run.Exclude = []string{"urn:pulumi:dev::shop::kubernetes:core/v1:ConfigMap::svc-namespace"}
	f.must(f.update("cluster", "workload"))
	if a, b := f.cloud.resources["svc-namespace#2"]["version"], f.cloud.resources["svc-workload#3"]["version"]; a != "v1" || b != "v2" {
		t.Errorf("the versions are %s and %s", a, b)
	}
	f.run.Exclude = []string{"urn:pulumi:dev::shop::kubernetes:core/v1:ConfigMap::svc-workload"}
	f.destroy()
	if want := []string{"svc-cluster#1", "svc-workload#3"}; !slices.Equal(f.cloud.ids(), want) || len(f.clusterProviders()) != 1 {
		t.Errorf("in the cloud %v, want %v; providers %v", f.cloud.ids(), want, f.clusterProviders())
	}
}

func TestWrongKubeconfig(t *testing.T) {
	f := newClusterFixture(t)
	for program, want := range map[string]string{"no-cluster": `there is no context "nowhere"`, "twice": "Duplicate resource URN"} {
		if err := f.update(program); err == nil {
			t.Errorf("%s: no error", program)
		}
		if !slices.ContainsFunc(f.events, func(e Event) bool { return strings.Contains(e.Message, want) }) {
			t.Errorf("%s: the cause is not told: %+v", program, f.events)
		}
	}
	f.served = f.cloud
	if err := f.update("cluster"); err == nil {
		t.Error("a cloud without clusters serves package kubernetes")
	}
}

func TestDiffOfClusterProviders(t *testing.T) {
	conf := func(server, login, context string) resource.PropertyMap {
		m := resource.PropertyMap{"kubeconfig": resource.NewProperty(fmt.Sprintf(kubeconfigText, server, login))}
		if context != "" {
			m["context"] = resource.NewProperty(context)
		}
		return m
	}
	unknown := resource.PropertyMap{"kubeconfig": resource.MakeComputed(resource.NewProperty(""))}
	secret := resource.PropertyMap{"kubeconfig": resource.MakeSecret(conf("a", "x", "")["kubeconfig"])}
	for name, c := range map[string]struct {
		old, new         resource.PropertyMap
		changed, replace bool
	}{
		"same":             {conf("a", "x", ""), conf("a", "x", ""), false, false},
		"login":            {conf("a", "x", ""), conf("a", "y", ""), true, false},
		"secret":           {conf("a", "x", ""), secret, true, false},
		"server":           {conf("a", "x", ""), conf("b", "x", ""), true, true},
		"unknown":          {conf("a", "x", ""), unknown, true, true},
		"unreadable":       {conf("a", "x", "none"), conf("b", "x", ""), true, false},
		"same by its name": {conf("a", "x", ""), conf("a", "x", "c"), true, false},
	} {
		a := &clusterAdapter{}
		d, err := a.DiffConfig(context.Background(), plugin.DiffConfigRequest{OldInputs: c.old, NewInputs: c.new})
		if err != nil || (d.Changes == plugin.DiffSome) != c.changed || d.Replace() != c.replace {
			t.Errorf("%s: %+v, %v", name, d, err)
		}
	}
}

// TestMissingPluginIsNamed: the error says which plugin in which version, and is an ErrNoPlugin.
func TestMissingPluginIsNamed(t *testing.T) {
	for name, version := range map[string]string{"aws": AWSPluginVersion, "kubernetes": KubernetesPluginVersion} {
		err := error(&missingPlugin{name: name, version: pluginVersion(workspace.PluginDescriptor{Name: name})})
		if !errors.Is(err, ErrNoPlugin) || !strings.Contains(err.Error(), "pulumi plugin install resource "+name+" "+version) {
			t.Errorf("%v", err)
		}
	}
}
