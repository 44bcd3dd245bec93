package deploy_test

import (
	"context"
	"fmt"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/provider"
)

// calls watches the remote calls of a run. Before and after each, at is told of that point, such as "after Append 3";
// everything else waits meanwhile.
type calls struct {
	at func(point string)

	mu    sync.Mutex
	count map[string]int
}

func (c *calls) tell(when string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.count == nil {
		c.count = map[string]int{}
	}
	c.count[when]++
	c.at(fmt.Sprintf("%s %d", when, c.count[when]))
}

// around tells of a call: defer c.around("Append")().
func (c *calls) around(call string) func() {
	c.tell("before " + call)
	return func() { c.tell("after " + call) }
}

// watch makes a request's calls go through c.
func (c *calls) watch(r deploy.Request) deploy.Request {
	r.Backend = watchedBackend{r.Backend, c}
	r.Provider = watchedProvider{r.Provider, c}
	return r
}

type watchedBackend struct {
	lockstate.Backend
	calls *calls
}

func (b watchedBackend) Acquire(ctx context.Context, k lockstate.Key, o lockstate.Owner) (lockstate.Lease, error) {
	defer b.calls.around("Acquire")()
	l, err := b.Backend.Acquire(ctx, k, o)
	if err != nil {
		return nil, err
	}
	return watchedLease{l, b.calls}, nil
}

func (b watchedBackend) Snapshot(ctx context.Context, k lockstate.Key) (lockstate.Snapshot, error) {
	defer b.calls.around("Snapshot")()
	return b.Backend.Snapshot(ctx, k)
}

func (b watchedBackend) Journal(ctx context.Context, k lockstate.Key, base uint64) ([]lockstate.JournalEntry, int, error) {
	defer b.calls.around("Journal")()
	return b.Backend.Journal(ctx, k, base)
}

func (b watchedBackend) History(ctx context.Context, k lockstate.Key) ([]lockstate.Record, error) {
	defer b.calls.around("History")()
	return b.Backend.History(ctx, k)
}

type watchedLease struct {
	lockstate.Lease
	calls *calls
}

func (l watchedLease) WriteSnapshot(ctx context.Context, base uint64, data []byte) (lockstate.Snapshot, error) {
	defer l.calls.around("WriteSnapshot")()
	return l.Lease.WriteSnapshot(ctx, base, data)
}

func (l watchedLease) Append(ctx context.Context, base, seq uint64, data []byte) error {
	defer l.calls.around("Append")()
	return l.Lease.Append(ctx, base, seq, data)
}

func (l watchedLease) PutRecord(ctx context.Context, id string, data []byte) error {
	defer l.calls.around("PutRecord")()
	return l.Lease.PutRecord(ctx, id, data)
}

func (l watchedLease) Release(ctx context.Context) error {
	defer l.calls.around("Release")()
	return l.Lease.Release(ctx)
}

type watchedProvider struct {
	provider.Provider
	calls *calls
}

func (p watchedProvider) Create(ctx context.Context, r provider.CreateRequest) (string, resource.PropertyMap, error) {
	if !r.Preview {
		defer p.calls.around("Create")()
	}
	return p.Provider.Create(ctx, r)
}

func (p watchedProvider) Update(ctx context.Context, r provider.UpdateRequest) (resource.PropertyMap, error) {
	if !r.Preview {
		defer p.calls.around("Update")()
	}
	return p.Provider.Update(ctx, r)
}

func (p watchedProvider) Delete(ctx context.Context, r provider.DeleteRequest) error {
	defer p.calls.around("Delete")()
	return p.Provider.Delete(ctx, r)
}

func (p watchedProvider) Read(ctx context.Context, r provider.ReadRequest) (provider.ReadResult, error) {
	defer p.calls.around("Read")()
	return p.Provider.Read(ctx, r)
}

func (p watchedProvider) Find(ctx context.Context, urn resource.URN, in resource.PropertyMap) (string, bool, error) {
	defer p.calls.around("Find")()
	return p.Provider.Find(ctx, urn, in)
}
