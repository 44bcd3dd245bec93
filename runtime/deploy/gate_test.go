package deploy_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/engine"
	"github.com/panka-io/panka/runtime/observe"
)

// watched is a request whose components must be well.
func (s *shop) watched(t *testing.T, version string) deploy.Request {
	t.Helper()
	r := s.mustRequest(t, version)
	r.Observe = s.account.Cloud()
	return r
}

// TestShippedMeansRunning: a service that AWS reports as deployed and that does not run is a failure, until it runs.
func TestShippedMeansRunning(t *testing.T) {
	s := newShop(t, `faults: [{type: "aws:ecs/service:Service", operation: update, silent: true, times: 1, error: "ECS went back to the version before"}]`)
	if _, err := deploy.Apply(t.Context(), s.watched(t, "v1"), nil); err != nil {
		t.Fatal(err)
	}
	for _, when := range []string{"at once", "once more, with nothing to change"} {
		result, err := deploy.Apply(t.Context(), s.watched(t, "v2"), nil)
		var failed *deploy.FailedError
		if !errors.As(err, &failed) || failed.During != "apply" || len(failed.Failures) != 1 {
			t.Fatalf("%s: %+v, %v", when, result, err)
		}
		f := failed.Failures[0]
		if f.Component != "svc/api" || f.Source == nil || f.Source.File != "svc/api.yaml" || f.Hint == "" ||
			f.Message != "svc-api is unhealthy: ECS went back to the version before" {
			t.Errorf("%s: the failure is %+v", when, f)
		}
		if last := s.state(t).Last; last.Result != deploy.FailedRun {
			t.Errorf("%s: the history says %s", when, last.Result)
		}
	}
	back := s.watched(t, "v1")
	back.RollbackTo = "the first"
	if result, err := deploy.Rollback(t.Context(), back, nil); err != nil || result.Outcome != deploy.Succeeded {
		t.Fatalf("%+v, %v", result, err)
	}
	s.wantExisting(t, "v1")
}

// TestNextWaveWaits: a wave that is not well ends the run before the next one begins.
func TestNextWaveWaits(t *testing.T) {
	s := newShop(t, `faults: [{type: "aws:sqs/queue:Queue", operation: create, silent: true, error: "nobody home"}]`)
	_, err := deploy.Apply(t.Context(), s.watched(t, "v1"), nil)
	if err == nil || !strings.Contains(err.Error(), "nobody home") {
		t.Errorf("error %v", err)
	}
	for _, r := range s.state(t).Resources {
		if r.Component == "svc/api" && r.Custom {
			t.Errorf("%s was made", r.Name)
		}
	}
}

// coming is a cloud whose resources of one type are pending for some looks.
type coming struct {
	observe.Cloud
	resourceType string
	looks        int
	looked       func()
}

func (c *coming) Health(ctx context.Context, resources []observe.Resource) ([]observe.Status, error) {
	statuses, err := c.Cloud.Health(ctx, resources)
	is := func(r observe.Resource) bool { return r.Type == c.resourceType }
	if i := slices.IndexFunc(resources, is); err == nil && i >= 0 && c.looks != 0 {
		c.looks--
		statuses[i] = observe.Status{Health: observe.Pending, Detail: "1/2 tasks running"}
		if c.looked != nil {
			c.looked()
		}
	}
	return statuses, err
}

func TestPending(t *testing.T) {
	s := newShop(t, "")
	try := func(c *coming, change func(*deploy.Request)) ([]string, error) {
		t.Helper()
		shop := s.copied(t)
		r := shop.mustRequest(t, "v1")
		c.Cloud, c.resourceType = shop.account.Cloud(), "aws:ecs/service:Service"
		r.Observe = c
		var phases []string
		r.Events = func(e deploy.Event) {
			if e.Kind == deploy.EventPhase {
				phases = append(phases, e.Message)
			}
		}
		change(&r)
		_, err := deploy.Apply(t.Context(), r, nil)
		return phases, err
	}
	t.Run("it gets well", func(t *testing.T) {
		phases, err := try(&coming{looks: 3}, func(*deploy.Request) {})
		if want := []string{"preview", "update", "waiting for svc/api: svc-api is pending: 1/2 tasks running"}; err != nil || !slices.Equal(phases, want) {
			t.Errorf("%q, %v", phases, err)
		}
	})
	t.Run("it never does", func(t *testing.T) {
		_, err := try(&coming{looks: -1}, func(r *deploy.Request) { r.Patience = time.Second })
		var failed *deploy.FailedError
		if !errors.As(err, &failed) || !strings.Contains(err.Error(), "svc-api is pending: 1/2 tasks running") {
			t.Errorf("error %v", err)
		}
	})
	t.Run("it is stopped", func(t *testing.T) {
		stop := make(chan struct{})
		_, err := try(&coming{looks: 1, looked: func() { close(stop) }}, func(r *deploy.Request) { r.Stop = stop })
		if !errors.Is(err, engine.ErrStopped) {
			t.Errorf("error %v", err)
		}
	})
}
