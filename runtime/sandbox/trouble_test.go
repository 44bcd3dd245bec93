package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/runtime/observe"
	"github.com/panka-io/panka/runtime/provider"
)

// TestFaults: each fault counts in the account, across processes, and a partial one leaves the resource.
func TestFaults(t *testing.T) {
	const config = `
faults:
  - {type: "aws:sqs/queue:Queue", name: "web-*", operation: create, after: 1, times: 2, error: "no queues today"}
  - {type: "aws:sqs/*", name: partial, operation: create, times: 1, error: "did not settle", partial: true}
  - {operation: update, name: changed, error: "cannot change"}
  - {operation: delete, name: changed, times: 1, error: "cannot delete"}
  - {operation: delete, name: lost, times: 1, error: "answer lost", partial: true}
  - {operation: read, name: changed, times: 1, error: "cannot read"}
`
	dir := t.TempDir()
	var failed []bool
	for i := range 5 {
		w := openWorld(t, dir, config) // another process each time, as far as the account can tell
		_, err := w.tryCreate(tQueue, fmt.Sprintf("web-%d", i), nil)
		if err != nil && !strings.Contains(err.Error(), "creating SQS Queue (web-") {
			t.Errorf("error does not say what was done: %v", err)
		}
		failed = append(failed, err != nil)
	}
	if got := fmt.Sprint(failed); got != "[false true true false false]" {
		t.Errorf("after: 1, times: 2 gave failures %s", got)
	}

	w := openWorld(t, dir, config)
	if n := strings.Count(w.file(), `"state": "available"`); n != 3 {
		t.Errorf("%d queues exist, want 3: a failed create makes nothing", n)
	}
	th, err := w.tryCreate(tQueue, "partial", props{"name": "partial"})
	var partial *provider.PartialError
	if !errors.As(err, &partial) || th.id == "" || !w.read(th).Found {
		t.Fatalf("partial fault gives %v", err)
	}
	if h := w.health(th); h.Health != observe.Unhealthy || h.Detail != "did not settle" {
		t.Errorf("health after a partial create: %+v", h)
	}
	if err := w.update(th, mappable(th)); err != nil {
		t.Fatal(err)
	}
	if h := w.health(th); h.Health != observe.Healthy {
		t.Errorf("health after an update: %+v", h)
	}

	th = w.create(tQueue, "changed", props{"name": "changed"})
	wantError(t, w.update(th, props{"name": "changed", "delaySeconds": 5}), "updating SQS Queue (changed): cannot change")
	if w.read2(th) == nil {
		t.Error("the injected read failure did not happen")
	}
	if _, has := w.read(th).Inputs["delaySeconds"]; has {
		t.Error("a failed update changed the queue")
	}
	wantError(t, w.delete(th), "cannot delete")
	if err := w.delete(th); err != nil || w.read(th).Found {
		t.Errorf("second delete: %v", err)
	}
	th = w.create(tQueue, "lost", props{"name": "lost"})
	wantError(t, w.delete(th), "answer lost")
	if w.read(th).Found {
		t.Error("a partial delete must delete")
	}
	if err := w.delete(th); err != nil {
		t.Errorf("deleting what is gone: %v", err)
	}
}

// read2 reads and gives the error.
func (w *world) read2(th *thing) error {
	_, err := w.on(th.urn).Read(context.Background(), provider.ReadRequest{URN: th.urn, ID: th.id, Inputs: th.inputs, State: th.outputs})
	return err
}

func TestRandomFaultsRepeat(t *testing.T) {
	const config = "random: {rate: 0.3, seed: 42}\n"
	outcome := func() string {
		w := newWorld(t, config)
		var b strings.Builder
		for i := range 60 {
			_, err := w.tryCreate(tQueue, fmt.Sprintf("q%d", i), nil)
			switch {
			case err == nil:
				b.WriteByte('.')
			case strings.Contains(err.Error(), "ThrottlingException"):
				b.WriteByte('t')
			case strings.Contains(err.Error(), "InternalFailure"):
				b.WriteByte('i')
			default:
				t.Fatal(err)
			}
		}
		return b.String()
	}
	first := outcome()
	if failures := 60 - strings.Count(first, "."); failures < 9 || failures > 27 {
		t.Errorf("a rate of 0.3 gave %d failures of 60: %s", failures, first)
	}
	if again := outcome(); again != first {
		t.Errorf("the same seed gave\n%s and\n%s", first, again)
	}
}

const slow = "latency: {profile: aws, scale: 0.004}\n" // a queue takes 25 s in AWS, 100 ms here

func TestLatency(t *testing.T) {
	w := newWorld(t, slow)
	started := time.Now()
	th := w.create(tQueue, "q", nil)
	if took := time.Since(started); took < 100*time.Millisecond || took > 5*time.Second {
		t.Errorf("the create took %v, want about 100 ms", took)
	}
	if !strings.Contains(w.file(), `"state": "available"`) || strings.Contains(w.file(), "readyAt") {
		t.Errorf("after the create the account holds\n%s", w.file())
	}
	if err := w.delete(th); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(w.file(), "aws:sqs/queue:Queue\": {\n") {
		t.Errorf("after the delete the account holds\n%s", w.file())
	}
}

// startCreate begins a slow create and waits until the resource is in the account.
func (w *world) startCreate(ctx context.Context, name string, in props) (resource thing, result chan error) {
	w.t.Helper()
	urn := urnOf(tQueue, name)
	inputs, failures := w.check(urn, nil, toMap(in))
	if failures != "" {
		w.t.Fatal(failures)
	}
	result = make(chan error, 1)
	go func() {
		_, _, err := w.p.Create(ctx, provider.CreateRequest{URN: urn, Inputs: inputs})
		result <- err
	}()
	for range 1000 {
		if strings.Contains(w.file(), `"state": "creating"`) {
			return thing{urn: urn, inputs: inputs}, result
		}
		time.Sleep(time.Millisecond)
	}
	w.t.Fatal("the resource being made is not in the account")
	return thing{}, nil
}

func TestCancelLeavesTheResource(t *testing.T) {
	for name, cancel := range map[string]func(*world, context.CancelFunc){
		"provider": func(w *world, _ context.CancelFunc) { w.p.Cancel(); w.p.Cancel() },
		"context":  func(_ *world, stop context.CancelFunc) { stop() },
	} {
		t.Run(name, func(t *testing.T) {
			ctx, stop := context.WithCancel(context.Background())
			defer stop()
			w := newWorld(t, "latency: {profile: aws}\n")
			_, result := w.startCreate(ctx, "q", nil)
			cancel(w, stop)
			select {
			case err := <-result:
				var partial *provider.PartialError
				if !errors.As(err, &partial) || partial.ID == "" || len(partial.Outputs) == 0 {
					t.Fatalf("a cancelled create gives %v, want a partial error with ID and outputs", err)
				}
				wantError(t, err, "cancel")
			case <-time.After(10 * time.Second):
				t.Fatal("cancelling did not end the create")
			}
			if !strings.Contains(w.file(), `"state": "creating"`) {
				t.Error("the resource is not in the account any more")
			}
		})
	}
}

// TestFindSettlesInterruptedCreate: the next run finds what a killed one was making, waits for it, and does not take
// the resource that it was to replace.
func TestFindSettlesInterruptedCreate(t *testing.T) {
	dir := t.TempDir()
	w := openWorld(t, dir, slow)
	in := props{"name": "jobs", "tags": tagsFor("web-jobs")}
	pending, result := w.startCreate(context.Background(), "jobs", in)

	next := openWorld(t, dir, slow)
	id, found, err := next.p.Find(context.Background(), pending.urn, pending.inputs)
	if err != nil || !found {
		t.Fatalf("find gives %q, %v, %v", id, found, err)
	}
	r, err := next.p.Read(context.Background(), provider.ReadRequest{URN: pending.urn, ID: id})
	if err != nil || !r.Found || !r.Inputs.DeepEquals(pending.inputs) {
		t.Fatalf("read gives %v, %v", r, err)
	}
	if strings.Contains(next.file(), `"state": "creating"`) && r.Outputs["url"].StringValue() == "" {
		t.Error("read did not wait")
	}
	if err := <-result; err != nil {
		t.Fatal(err)
	}
	if err := next.delete(&thing{urn: pending.urn, id: id, inputs: r.Inputs, outputs: r.Outputs}); err != nil {
		t.Fatal(err)
	}
	if _, found, _ := next.p.Find(context.Background(), pending.urn, pending.inputs); found {
		t.Error("a deleted resource is found")
	}
}

func TestFind(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	for key, th := range s.things {
		id, found, err := w.p.Find(context.Background(), th.urn, th.inputs)
		if err != nil || !found || id != th.id {
			t.Errorf("find %s gives %q, %v, %v; want %s", key, id, found, err, th.id)
		}
	}
	// What replaces something has other inputs; what is to be replaced must not be taken for it.
	db := s.things["db"]
	for name, change := range map[string]props{"engine": {"engine": "mysql"}, "password": {"password": secret("another-password")},
		"tag": {"tags": tagsFor("other")}} {
		_, found, err := w.p.Find(context.Background(), db.urn, toMap(with(mappable(db), change)))
		if err != nil || found {
			t.Errorf("find with another %s gives %v, %v", name, found, err)
		}
	}
	west := w.account.Provider("us-west-2")
	if _, found, _ := west.Find(context.Background(), db.urn, db.inputs); found {
		t.Error("a database is found in another region")
	}
}

// TestRegionsAreApart: the same names in two regions are two things; roles are the account's.
func TestRegionsAreApart(t *testing.T) {
	w := newWorld(t, "")
	east := w.create(tLogs, "logs", props{"name": "/app"})
	w.p = w.account.Provider("us-west-2")
	west := w.create(tLogs, "logs", props{"name": "/app"})
	if !strings.Contains(west.out("arn"), ":us-west-2:") || west.id != east.id {
		t.Errorf("ARN %s, ID %s", west.out("arn"), west.id)
	}
	if err := w.delete(west); err != nil {
		t.Fatal(err)
	}
	if w.read(west).Found {
		t.Error("the deleted one is still there")
	}
	w.p = w.account.Provider("us-east-1")
	if !w.read(east).Found {
		t.Error("deleting in one region deleted in the other")
	}
	w.create(tRole, "role", props{"name": "r", "assumeRolePolicy": trust})
	w.p = w.account.Provider("us-west-2")
	_, err := w.tryCreate(tRole, "role", props{"name": "r", "assumeRolePolicy": trust})
	wantError(t, err, "EntityAlreadyExists")
}

// TestIdempotentCreates: what AWS lets one create twice.
func TestIdempotentCreates(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	for _, key := range []string{"policy", "managed", "scalable", "scaling", "cluster"} {
		th := s.things[key]
		again := w.create(string(th.urn.Type()), th.urn.Name(), mappable(th))
		if again.id != th.id || !again.outputs.DeepEquals(th.outputs) {
			t.Errorf("creating %s again gives %s %v, want %s %v", key, again.id, again.outputs, th.id, th.outputs)
		}
	}
}
