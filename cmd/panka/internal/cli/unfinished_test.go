package cli

import (
	"encoding/json"
	"testing"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/observe"
)

func lbURN(name string) string {
	return "urn:pulumi:production::web::panka:component:MicroService$aws:lb/loadBalancer:LoadBalancer::" + name
}

// halfDone is a state after a run that ended in the middle: shop-api was being created, shop-api-admin lacks its load
// balancer, and shop/database is complete.
func halfDone() *deploy.State {
	components := []bundle.Component{{ID: "shop/api"}, {ID: "shop/api-admin"}, {ID: "shop/database"}}
	return &deploy.State{
		Components: []deploy.StateComponent{{ID: "shop/api"}, {ID: "shop/api-admin"}, {ID: "shop/database"}},
		Resources: []deploy.StateResource{
			{URN: "urn:1", Component: "shop/api", Custom: true},
			{URN: "urn:2", Component: "shop/api-admin", Custom: true},
			{URN: "urn:3", Component: "shop/database", Custom: true},
		},
		Pending: []string{"creating " + lbURN("shop-api-lb")},
		Last: &deploy.Deployment{Result: deploy.Cancelled, Components: components, Sources: map[string]bundle.Source{
			lbURN("shop-api-lb"): {}, lbURN("shop-api-admin-lb"): {}, "urn:1": {}, "urn:2": {}, "urn:3": {},
		}},
	}
}

func TestUnfinished(t *testing.T) {
	got := unfinished(halfDone())
	if len(got) != 2 || got["shop/api"] != "creating lb.LoadBalancer shop-api-lb" || got["shop/api-admin"] != "1 resource not there" {
		t.Errorf("got %q", got)
	}
	state := halfDone()
	state.Last.Result = deploy.Succeeded
	if got := unfinished(state); len(got) != 1 || got["shop/api"] == "" {
		t.Errorf("after a run that succeeded only its pending operations count: got %q", got)
	}
	state.Pending = []string{"deleting urn:3"}
	state.Last = nil
	if got := unfinished(state); got["shop/database"] == "" {
		t.Errorf("without a history the recorded resources tell the component: got %q", got)
	}
}

// TestStatusOfTheUnfinished: what a run has not finished with is pending, whatever the cloud says of what is there.
func TestStatusOfTheUnfinished(t *testing.T) {
	w := newWorld(t)
	w.state = halfDone()
	if code := w.run("status", "--environment", "production", "--output", "json"); code != exitDone {
		t.Fatalf("exit code %d: %s", code, w.err.String())
	}
	var st struct {
		Components []struct {
			Component string
			Health    observe.Health
		}
	}
	if err := json.Unmarshal(w.out.Bytes(), &st); err != nil || len(st.Components) != 3 {
		t.Fatalf("%v in %s", err, w.out.String())
	}
	for i, want := range []observe.Health{observe.Pending, observe.Pending, observe.Unknown} {
		if got := st.Components[i]; got.Health != want {
			t.Errorf("%s is %s, want %s", got.Component, got.Health, want)
		}
	}
}
