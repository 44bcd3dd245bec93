package deploy_test

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
	"github.com/panka-io/panka/runtime/provider"
)

const queueType = "aws:sqs/queue:Queue"

// saved makes a plan to be run later.
func (s *shop) saved(t *testing.T, version string) deploy.Request {
	t.Helper()
	r := s.mustRequest(t, version)
	_, saved, err := deploy.PlanToSave(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	r.Approved = saved
	return r
}

// stale fails the test unless the error says that the plan does not match, with these words.
func stale(t *testing.T, err error, words string) *deploy.StaleError {
	t.Helper()
	var stale *deploy.StaleError
	if !errors.As(err, &stale) || !strings.Contains(stale.Error(), words) {
		t.Fatalf("error %v, want a plan that does not match: %s", err, words)
	}
	return stale
}

// find gives the URN and ID of a recorded resource.
func (s *shop) find(t *testing.T, typ, name string) deploy.StateResource {
	t.Helper()
	for _, r := range s.state(t).Resources {
		if r.Name == name && r.Type == typ {
			return r
		}
	}
	t.Fatalf("there is no %s %s", typ, name)
	return deploy.StateResource{}
}

// meddle does to a queue what nobody planned.
func (s *shop) meddle(t *testing.T) {
	t.Helper()
	queue := s.find(t, queueType, "svc-jobs")
	cloud := s.account.Provider("us-east-1")
	was, err := cloud.Read(t.Context(), provider.ReadRequest{URN: resource.URN(queue.URN), ID: queue.ID})
	if err != nil || !was.Found {
		t.Fatalf("read the queue: %+v, %v", was, err)
	}
	news := was.Inputs.Copy()
	news["delaySeconds"] = resource.NewNumberProperty(77)
	if _, err := cloud.Update(t.Context(), provider.UpdateRequest{URN: resource.URN(queue.URN), ID: queue.ID,
		OldInputs: was.Inputs, OldOutputs: was.Outputs, NewInputs: news}); err != nil {
		t.Fatal(err)
	}
}

// lose deletes what nobody planned to delete.
func (s *shop) lose(t *testing.T, typ, name string) {
	t.Helper()
	r := s.find(t, typ, name)
	if err := s.account.Provider("us-east-1").Delete(t.Context(), provider.DeleteRequest{URN: resource.URN(r.URN), ID: r.ID}); err != nil {
		t.Fatal(err)
	}
}

// TestSavedPlan: it is run as it was saved, without a question, and only once.
func TestSavedPlan(t *testing.T) {
	s := newShop(t, "")
	for _, version := range []string{"v1", "v2"} {
		r := s.saved(t, version)
		result, err := deploy.Apply(t.Context(), r, nil)
		if err != nil || result.Outcome != deploy.Succeeded {
			t.Fatalf("%s: %+v, %v", version, result, err)
		}
		s.wantDeployed(t, version)
		_, err = deploy.Apply(t.Context(), r, nil)
		stale(t, err, "something was deployed in the meantime")
	}
}

// TestStalePlan: whatever has changed since, nothing is done.
func TestStalePlan(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*testing.T, *shop, *deploy.Request)
		words  string
	}{
		"the state": {func(t *testing.T, s *shop, _ *deploy.Request) { s.apply(t, "v3") }, "something was deployed in the meantime"},
		"a variable": {func(_ *testing.T, _ *shop, r *deploy.Request) {
			r.Variables = map[string]string{"VERSION": "v3", "OWNER": "v2"}
		}, "svc/api: replace svc-api, with another containerDefinitions[0].image"},
		"the cloud":             {func(t *testing.T, s *shop, _ *deploy.Request) { s.meddle(t) }, "svc/jobs: update svc-jobs, which the plan does not have"},
		"less cloud":            {func(t *testing.T, s *shop, _ *deploy.Request) { s.lose(t, queueType, "svc-jobs") }, "svc/jobs: create svc-jobs"},
		"what a killed run did": {func(_ *testing.T, _ *shop, r *deploy.Request) { r.Approved.State = "" }, "a run that was interrupted has changed something"},
		"another cloud":         {func(_ *testing.T, _ *shop, r *deploy.Request) { r.Approved.Cloud = "AWS" }, "made for AWS"},
		"another extent":        {func(_ *testing.T, _ *shop, r *deploy.Request) { r.Approved.Changes = r.Approved.Changes[1:] }, "which the plan does not have"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, "")
			s.apply(t, "v1")
			r := s.saved(t, "v2")
			c.change(t, s, &r)
			cloud, state := s.cloud(t), s.state(t)
			_, err := deploy.Apply(t.Context(), r, refuse(t, "a plan that does not match"))
			if e := stale(t, err, c.words); e.Began {
				t.Error("it says that something was begun")
			}
			if now := s.cloud(t); !reflect.DeepEqual(now, cloud) {
				t.Errorf("the cloud has changed: %v, then %v", cloud, now)
			}
			if now := s.state(t); now.Serial != state.Serial || now.Last.ID != state.Last.ID {
				t.Errorf("the state has changed: %d %s, then %d %s", state.Serial, state.Last.ID, now.Serial, now.Last.ID)
			}
		})
	}
}

// TestPlanThatStopsMatching: what a wave brings to light that nobody approved is not done.
func TestPlanThatStopsMatching(t *testing.T) {
	s := newShop(t, "")
	programs, err := s.programs("base", "api-and-surprise")
	if err != nil {
		t.Fatal(err)
	}
	r := s.mustRequest(t, "v1")
	r.Programs = programs
	_, saved, err := deploy.PlanToSave(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	r.Approved = saved
	r.Events = func(e deploy.Event) {
		if e.Kind == deploy.EventPhase && e.Message == "update" {
			if err := os.WriteFile(filepath.Join(r.WorkDir, surpriseFile), nil, 0o600); err != nil {
				t.Error(err)
			}
		}
	}
	_, err = deploy.Apply(t.Context(), r, nil)
	if e := stale(t, err, "create surprise, which the plan does not have"); !e.Began {
		t.Error("it does not say that a wave was deployed")
	}
	state := s.state(t)
	if state.Last.Result != deploy.FailedRun {
		t.Errorf("the history says %s", state.Last.Result)
	}
	for _, c := range state.Components {
		if c.ID == "svc/api" {
			t.Error("the next wave began")
		}
	}
	s.find(t, queueType, "svc-jobs")
}

// TestRefresh: what others did to the cloud is put right, and nothing else.
func TestRefresh(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	refreshed := func() deploy.Request {
		r := s.mustRequest(t, "v1")
		r.Refresh = true
		return r
	}
	if p, err := deploy.Plan(t.Context(), refreshed()); err != nil || p.Changes.Any() {
		t.Fatalf("nobody did anything: %+v, %v", p, err)
	}
	s.meddle(t)
	s.lose(t, "aws:ecs/service:Service", "svc-api")
	if p := s.plan(t, "v1"); p.Changes.Any() {
		t.Errorf("without a look at the cloud: %s", outline(p))
	}
	serial := s.state(t).Serial
	p, err := deploy.Plan(t.Context(), refreshed())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range p.Waves[0].Components {
		if c.ID == "svc/jobs" && (len(c.Changes) != 1 || c.Changes[0].Op != plan.Update || c.Changes[0].Properties[0].Path != "delaySeconds") {
			t.Errorf("the queue's changes are %+v", c.Changes)
		}
	}
	if s.state(t).Serial != serial {
		t.Error("a plan wrote the state")
	}
	if result, err := deploy.Apply(t.Context(), refreshed(), nil); err != nil || result.Changes.Update != 1 || result.Changes.Create != 1 {
		t.Fatalf("%+v, %v", result, err)
	}
	if p, err := deploy.Plan(t.Context(), refreshed()); err != nil || p.Changes.Any() {
		t.Errorf("it was not put right: %+v, %v", p, err)
	}
	s.wantExisting(t, "v1")
}

// TestNoPlanToSaveDuringARun: it would be stale at once.
func TestNoPlanToSaveDuringARun(t *testing.T) {
	s := newShop(t, "")
	lease, err := s.backend.Acquire(t.Context(), shopKey, s.mustRequest(t, "v1").Owner)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = lease.Release(t.Context()) }()
	if _, _, err := deploy.PlanToSave(t.Context(), s.mustRequest(t, "v1")); err == nil || !strings.Contains(err.Error(), "locked by ada") {
		t.Errorf("error %v", err)
	}
}
