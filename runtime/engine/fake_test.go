package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
)

// fakeCloud holds string properties by ID, <type>/<name>#<n>.
type fakeCloud struct {
	mu        sync.Mutex
	resources map[string]map[string]string
	log       []string // operations in the order they ended
	fail      map[string]error
	onCreate  func(name string)
	onDelete  func(name string)
	creations int
}

func newFakeCloud() *fakeCloud {
	return &fakeCloud{resources: map[string]map[string]string{}, fail: map[string]error{}}
}

func (c *fakeCloud) ids() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Sorted(maps.Keys(c.resources))
}

func (c *fakeCloud) Check(
	_ context.Context, r provider.CheckRequest,
) (resource.PropertyMap, []provider.CheckFailure, error) {
	return r.News, nil, nil
}

func (c *fakeCloud) Diff(_ context.Context, r provider.DiffRequest) (provider.Diff, error) {
	var d provider.Diff
	for k, v := range r.NewInputs {
		if !v.DeepEquals(r.OldInputs[k]) {
			d.Changed = append(d.Changed, string(k))
			if k == "name" {
				d.Replace = append(d.Replace, string(k))
			}
		}
	}
	return d, nil
}

func plain(m resource.PropertyMap) map[string]string {
	out := map[string]string{}
	for k, v := range m {
		if v.IsSecret() {
			v = v.SecretValue().Element
		}
		if v.IsString() {
			out[string(k)] = v.StringValue()
		}
	}
	return out
}

func (c *fakeCloud) Create(_ context.Context, r provider.CreateRequest) (string, resource.PropertyMap, error) {
	out := r.Inputs.Copy()
	if r.Preview {
		out["arn"] = resource.MakeComputed(resource.NewProperty(""))
		return "", out, nil
	}
	c.mu.Lock()
	if err := c.fail["create "+r.URN.Name()]; err != nil {
		c.mu.Unlock()
		return "", nil, err
	}
	c.creations++
	id := fmt.Sprintf("%s#%d", r.URN.Name(), c.creations)
	c.resources[id] = plain(r.Inputs)
	c.log = append(c.log, "create "+r.URN.Name())
	hook := c.onCreate
	c.mu.Unlock()
	if hook != nil {
		hook(r.URN.Name())
	}
	out["arn"] = resource.NewProperty("arn:" + id)
	return id, out, nil
}

func (c *fakeCloud) Read(_ context.Context, r provider.ReadRequest) (provider.ReadResult, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	got, ok := c.resources[r.ID]
	if !ok {
		return provider.ReadResult{}, nil
	}
	in := resource.PropertyMap{}
	for k, v := range got {
		in[resource.PropertyKey(k)] = resource.NewProperty(v)
	}
	out := in.Copy()
	out["arn"] = resource.NewProperty("arn:" + r.ID)
	return provider.ReadResult{Found: true, Inputs: in, Outputs: out}, nil
}

func (c *fakeCloud) Update(_ context.Context, r provider.UpdateRequest) (resource.PropertyMap, error) {
	out := r.NewInputs.Copy()
	out["arn"] = resource.NewProperty("arn:" + r.ID)
	if r.Preview {
		return out, nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.resources[r.ID] = plain(r.NewInputs)
	c.log = append(c.log, "update "+r.URN.Name())
	return out, nil
}

func (c *fakeCloud) Delete(_ context.Context, r provider.DeleteRequest) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.resources, r.ID)
	c.log = append(c.log, "delete "+r.URN.Name())
	if c.onDelete != nil {
		c.onDelete(r.URN.Name())
	}
	return nil
}

func (c *fakeCloud) Invoke(
	_ context.Context, token string, args resource.PropertyMap,
) (resource.PropertyMap, []provider.CheckFailure, error) {
	if name := args["name"].StringValue(); name == "missing" {
		return nil, nil, errors.New("couldn't find resource")
	}
	return resource.PropertyMap{"arn": resource.NewProperty("arn:" + token)}, nil, nil
}

func (c *fakeCloud) Find(_ context.Context, u resource.URN, _ resource.PropertyMap) (string, bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(c.resources))) { // the newest
		if name, _, _ := cut(id); name == u.Name() {
			return id, true, nil
		}
	}
	return "", false, nil
}

func cut(id string) (name, n string, ok bool) {
	for i := range id {
		if id[i] == '#' {
			return id[:i], id[i+1:], true
		}
	}
	return id, "", false
}

func (c *fakeCloud) Cancel() {}
