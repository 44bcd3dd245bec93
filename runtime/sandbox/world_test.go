package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/provider"
)

// world is an account under test and a provider for us-east-1, driven as the engine drives one.
type world struct {
	t       *testing.T
	dir     string
	account *Account
	p       provider.Provider
	cluster provider.ClusterAccess // that Kubernetes objects are in
}

// on gives the provider for a resource: for a Kubernetes object, the cluster's.
func (w *world) on(urn resource.URN) provider.Provider {
	if strings.HasPrefix(string(urn.Type()), "kubernetes:") {
		return w.p.(provider.Kubernetes).Cluster(w.cluster)
	}
	return w.p
}

// thing is a resource as the engine's state would hold it.
type thing struct {
	urn     resource.URN
	id      string
	inputs  resource.PropertyMap
	outputs resource.PropertyMap
}

func (th *thing) out(key string) string {
	v := unwrap(th.outputs[resource.PropertyKey(key)])
	if !v.IsString() {
		return ""
	}
	return v.StringValue()
}

func newWorld(t *testing.T, config string) *world {
	t.Helper()
	return openWorld(t, t.TempDir(), config)
}

func openWorld(t *testing.T, dir, config string, options ...Option) *world {
	t.Helper()
	path := ""
	if config != "" {
		path = filepath.Join(t.TempDir(), "sandbox.yaml")
		if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Open(dir, path, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	return &world{t: t, dir: dir, account: a, p: a.Provider("us-east-1")}
}

type props = map[string]any

func urnOf(typ, name string) resource.URN {
	return resource.NewURN("dev", "shop", "panka:component:Test", tokens.Type(typ), name)
}

// toMap makes inputs; values may be resource.PropertyValues, for secrets.
func toMap(in props) resource.PropertyMap { return resource.NewPropertyMapFromMap(in) }

// check runs Check and gives the inputs or the failures' text.
func (w *world) check(urn resource.URN, olds, news resource.PropertyMap) (resource.PropertyMap, string) {
	w.t.Helper()
	in, failures, err := w.on(urn).Check(context.Background(), provider.CheckRequest{URN: urn, Olds: olds, News: news})
	if err != nil {
		w.t.Fatal(err)
	}
	var text []string
	for _, f := range failures {
		text = append(text, f.Property+": "+f.Reason)
	}
	return in, strings.Join(text, "\n")
}

func (w *world) tryCreate(typ, name string, in props) (*thing, error) {
	w.t.Helper()
	urn := urnOf(typ, name)
	inputs, failures := w.check(urn, nil, toMap(in))
	if failures != "" {
		return nil, errors.New(failures)
	}
	id, out, err := w.on(urn).Create(context.Background(), provider.CreateRequest{URN: urn, Inputs: inputs})
	var partial *provider.PartialError
	if errors.As(err, &partial) {
		id, out = partial.ID, partial.Outputs
	} else if err != nil {
		return nil, err
	}
	return &thing{urn, id, inputs, out}, err
}

func (w *world) create(typ, name string, in props) *thing {
	w.t.Helper()
	th, err := w.tryCreate(typ, name, in)
	if err != nil {
		w.t.Fatalf("create %s %s: %v", typ, name, err)
	}
	return th
}

func (w *world) diff(th *thing, in props) (provider.Diff, resource.PropertyMap) {
	w.t.Helper()
	inputs, failures := w.check(th.urn, th.inputs, toMap(in))
	if failures != "" {
		w.t.Fatal(failures)
	}
	d, err := w.on(th.urn).Diff(context.Background(), provider.DiffRequest{URN: th.urn, ID: th.id, OldInputs: th.inputs, OldOutputs: th.outputs, NewInputs: inputs})
	if err != nil {
		w.t.Fatal(err)
	}
	return d, inputs
}

// update changes a thing in place, failing the test if a replacement is asked for.
func (w *world) update(th *thing, in props) error {
	w.t.Helper()
	d, inputs := w.diff(th, in)
	if len(d.Replace) > 0 {
		w.t.Fatalf("update of %s wants to replace because of %v", th.urn.Name(), d.Replace)
	}
	out, err := w.on(th.urn).Update(context.Background(), provider.UpdateRequest{URN: th.urn, ID: th.id, OldInputs: th.inputs, OldOutputs: th.outputs, NewInputs: inputs})
	if err == nil {
		th.inputs, th.outputs = inputs, out
	}
	return err
}

func (w *world) delete(th *thing) error {
	return w.on(th.urn).Delete(context.Background(), provider.DeleteRequest{URN: th.urn, ID: th.id, Inputs: th.inputs, Outputs: th.outputs})
}

func (w *world) read(th *thing) provider.ReadResult {
	w.t.Helper()
	r, err := w.on(th.urn).Read(context.Background(), provider.ReadRequest{URN: th.urn, ID: th.id, Inputs: th.inputs, State: th.outputs})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *world) invoke(token string, in props) (resource.PropertyMap, error) {
	w.t.Helper()
	out, failures, err := w.p.Invoke(context.Background(), token, toMap(in))
	if len(failures) > 0 {
		w.t.Fatal(failures)
	}
	return out, err
}

func (w *world) health(th *thing) observe.Status {
	w.t.Helper()
	asked := observe.Resource{Type: string(th.urn.Type()), ID: th.id}
	if w.on(th.urn) != w.p {
		asked.Server = w.cluster.Server
	}
	s, err := w.account.Cloud().Health(context.Background(), []observe.Resource{asked})
	if err != nil {
		w.t.Fatal(err)
	}
	return s[0]
}

func (w *world) file() string {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.dir, FileName))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(data)
}

// edit changes the account's file as a person would.
func (w *world) edit(old, new string) {
	w.t.Helper()
	text := w.file()
	if !strings.Contains(text, old) {
		w.t.Fatalf("cloud.json has no %q:\n%s", old, text)
	}
	if err := os.WriteFile(filepath.Join(w.dir, FileName), []byte(strings.Replace(text, old, new, 1)), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// with gives a copy of in with changes laid over it; a nil value removes.
func with(in, change props) props {
	out := maps.Clone(in)
	for k, v := range change {
		if v == nil {
			delete(out, k)
			continue
		}
		out[k] = v
	}
	return out
}

func wantError(t *testing.T, err error, text string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error; want one with %q", text)
	}
	if !strings.Contains(err.Error(), text) {
		t.Fatalf("error is %q; want one with %q", err, text)
	}
}

func secret(v string) resource.PropertyValue { return resource.MakeSecret(resource.NewProperty(v)) }

// forget takes a resource out of the account's file as a person would.
func (w *world) forget(typ, id string) {
	w.t.Helper()
	path := filepath.Join(w.dir, FileName)
	var doc map[string]any
	if err := json.Unmarshal([]byte(w.file()), &doc); err != nil {
		w.t.Fatal(err)
	}
	byKey := doc["resources"].(map[string]any)[typ].(map[string]any)
	before := len(byKey)
	maps.DeleteFunc(byKey, func(_ string, r any) bool { return r.(map[string]any)["id"] == id })
	if len(byKey) != before-1 {
		w.t.Fatalf("%d resources of %s have the ID %s", before-len(byKey), typ, id)
	}
	data, err := json.MarshalIndent(doc, "", "  ")
	if err != nil {
		w.t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		w.t.Fatal(err)
	}
}
