package deploy_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/deploy"
)

// deployed lists the components that the state has resources of.
func (s *shop) deployed(t *testing.T) string {
	t.Helper()
	var ids []string
	for _, c := range s.state(t).Components {
		ids = append(ids, c.ID)
	}
	return strings.Join(ids, " ")
}

func TestSelectionAddsWhatIsNeeded(t *testing.T) {
	s := newShop(t, "")
	r := s.mustRequest(t, "v1")
	var notes []string
	r.Events = func(e deploy.Event) {
		if e.Kind == deploy.EventDiagnostic {
			notes = append(notes, e.Message)
		}
	}
	r.Select = []string{"svc/jobs"}
	if _, err := deploy.Apply(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	if got := s.deployed(t); got != "foundation svc/jobs" {
		t.Errorf("deployed: %s", got)
	}
	if want := "also selected, because it is needed and not deployed yet: foundation"; !slices.Equal(notes, []string{want}) {
		t.Errorf("told %q, want %q", notes, want)
	}
	notes = nil
	r.Select = []string{"svc/api"}
	if _, err := deploy.Apply(t.Context(), r, nil); err != nil || len(notes) > 0 {
		t.Errorf("%v; told %q", err, notes)
	}
	s.wantDeployed(t, "v1")
}

func TestSelectionLeavesTheRest(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	r := s.mustRequest(t, "v2")
	r.Select = []string{"svc/jobs"}
	result, err := deploy.Apply(t.Context(), r, refuse(t, "changes of what is not selected"))
	if err != nil || result.Outcome != deploy.NothingToDo {
		t.Errorf("%+v, %v", result, err)
	}
	s.wantDeployed(t, "v1")
	// Nor is what the programs have no more.
	r = s.mustRequest(t, "v1")
	if r.Programs, err = s.programs("foundation", "none"); err != nil {
		t.Fatal(err)
	}
	r.Bundle.Components, r.Bundle.Resources, r.Select = r.Bundle.Components[:1], r.Bundle.Resources[:2], []string{"foundation"}
	if _, err := deploy.Apply(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	s.wantDeployed(t, "v1")
}

func TestDestroyOfASelection(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	r := s.mustRequest(t, "")
	r.Select = []string{"svc/jobs"}
	_, err := deploy.Destroy(t.Context(), r, nil)
	var failed *deploy.FailedError
	if !errors.As(err, &failed) || len(failed.Failures) != 1 {
		t.Fatalf("error %v", err)
	}
	f := failed.Failures[0]
	if f.Component != "svc/jobs" || f.Source == nil || f.Source.File != "svc/api.yaml" || !strings.Contains(f.Hint, "select svc/api too") {
		t.Errorf("the failure is %+v", f)
	}
	s.wantDeployed(t, "v1")
	for _, step := range []struct{ destroy, left string }{{"svc/api", "foundation svc/jobs"}, {"svc/jobs", "foundation"}, {"foundation", ""}} {
		r.Select = []string{step.destroy}
		if _, err := deploy.Destroy(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
		if got := s.deployed(t); got != step.left {
			t.Errorf("after the end of %s there are %q, want %q", step.destroy, got, step.left)
		}
	}
	s.wantNothing(t)
}
