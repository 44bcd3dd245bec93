package deploy_test

import (
	"context"
	"errors"
	"testing"

	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// refuse fails the test if a run asks for approval.
func refuse(t *testing.T, of string) deploy.Approve {
	return func(_ context.Context, p *plan.Plan) (bool, error) {
		t.Errorf("asked to approve %s: %s", of, outline(p))
		return false, nil
	}
}

func TestDeclined(t *testing.T) {
	s := newShop(t, "")
	asked := 0
	decline := func(_ context.Context, p *plan.Plan) (bool, error) {
		asked += p.Changes.Create + p.Changes.Delete
		return false, nil
	}
	result, err := deploy.Apply(t.Context(), s.mustRequest(t, "v1"), decline)
	if err != nil || result.Outcome != deploy.Declined || asked != 7 || len(s.cloud(t)) > 0 || s.state(t).Last != nil {
		t.Errorf("apply: %+v, %v, asked for %d", result, err, asked)
	}
	s.apply(t, "v1")
	result, err = deploy.Destroy(t.Context(), s.mustRequest(t, ""), decline)
	if err != nil || result.Outcome != deploy.Declined || asked != 14 {
		t.Errorf("destroy: %+v, %v, asked for %d", result, err, asked)
	}
	s.wantDeployed(t, "v1")
	broken := errors.New("the terminal is gone")
	_, err = deploy.Destroy(t.Context(), s.mustRequest(t, ""), func(context.Context, *plan.Plan) (bool, error) { return true, broken })
	if !errors.Is(err, broken) {
		t.Errorf("destroy with a broken terminal: %v", err)
	}
	s.wantDeployed(t, "v1")
}

func TestNothingToDo(t *testing.T) {
	s := newShop(t, "")
	result, err := deploy.Destroy(t.Context(), s.mustRequest(t, ""), refuse(t, "the end of nothing"))
	if err != nil || result.Outcome != deploy.NothingToDo || result.Deployment != "" {
		t.Errorf("destroy: %+v, %v", result, err)
	}
	if result := s.apply(t, "v1"); result.Outcome != deploy.Succeeded || result.Changes != (plan.Counts{Create: 7}) || result.Deployment == "" {
		t.Errorf("first apply: %+v", result)
	}
	before := s.state(t)
	result, err = deploy.Apply(t.Context(), s.mustRequest(t, "v1"), refuse(t, "nothing"))
	if err != nil || result.Outcome != deploy.NothingToDo || result.Changes != (plan.Counts{Same: 7}) || result.Deployment != "" {
		t.Errorf("second apply: %+v, %v", result, err)
	}
	if after := s.state(t); after.Serial != before.Serial || after.Last.ID != before.Last.ID {
		t.Errorf("a run that changed nothing wrote: %+v, then %+v", before, after)
	}
}
