package deploy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// outline gives a plan's waves as "0: foundation(+Cluster +Role) …": + create, ~ update, ± replace, - delete.
func outline(p *plan.Plan) string {
	signs := map[plan.Op]string{plan.Create: "+", plan.Update: "~", plan.Replace: "±", plan.Delete: "-"}
	var waves []string
	for _, w := range p.Waves {
		var components []string
		for _, c := range w.Components {
			var changes []string
			for _, change := range c.Changes {
				changes = append(changes, signs[change.Op]+change.Type[strings.LastIndex(change.Type, ":")+1:])
			}
			slices.Sort(changes)
			components = append(components, c.ID+"("+strings.Join(changes, " ")+")")
		}
		waves = append(waves, fmt.Sprintf("%d: %s", w.Number, strings.Join(components, " ")))
	}
	return strings.Join(waves, "; ")
}

func wantPlan(t *testing.T, p *plan.Plan, want string) {
	t.Helper()
	if got := outline(p); got != want {
		t.Errorf("plan\n  %s\nwant\n  %s", got, want)
	}
}

func TestPlanOfANewStack(t *testing.T) {
	s := newShop(t, "")
	p := s.plan(t, "v1")
	wantPlan(t, p, "0: foundation(+Cluster +Role) svc/jobs(+Queue +SecurityGroup); 1: svc/api(+Role +Service +TaskDefinition)")
	if p.Changes != (plan.Counts{Create: 7}) || p.Stack != "shop" || p.Environment != "dev" {
		t.Errorf("%+v", p)
	}
	change := p.Waves[1].Components[0].Changes[0]
	if c := p.Waves[1].Components[0]; c.Kind != "MicroService" || change.Source == nil || change.Source.File != "svc/api.yaml" {
		t.Errorf("a change without kind or place: %+v %+v", c, change.Source)
	}
	if cloud, state := s.cloud(t), s.state(t); len(cloud)+len(state.Resources) > 0 || state.Serial != 0 || state.Last != nil {
		t.Errorf("a plan changed something: %v %+v", cloud, state)
	}
}

func TestPlanOfANewVersion(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	p := s.plan(t, "v2")
	wantPlan(t, p, "0: foundation() svc/jobs(); 1: svc/api(~Service ±Role ±TaskDefinition)")
	if p.Changes != (plan.Counts{Update: 1, Replace: 2, Same: 4}) {
		t.Errorf("%+v", p.Changes)
	}
	i := slices.IndexFunc(p.Waves[1].Components[0].Changes, func(c plan.Change) bool { return strings.HasSuffix(c.Type, ":TaskDefinition") })
	task := p.Waves[1].Components[0].Changes[i]
	if task.DataLoss || len(task.Properties) == 0 || task.Properties[0] != (plan.Property{
		Path: "containerDefinitions[0].image", Old: `"shop:v1"`, New: `"shop:v2"`, ForcesReplace: true,
	}) {
		t.Errorf("the task definition's change is %+v", task)
	}
}

// TestPlanOfARemovedComponent: what the YAML has no more is not of any wave, and losing data is marked.
func TestPlanOfARemovedComponent(t *testing.T) {
	s := newShop(t, "")
	r := s.withDatabase(t)
	if _, err := deploy.Apply(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	s.wantDataLoss(t, "0: foundation() svc/jobs(); 1: svc/api(); -1: svc/database(-Instance)")
	before := s.state(t)
	s.apply(t, "v1")
	s.wantDeployed(t, "v1")
	if was := component(before, "svc/database"); was == nil || was.Kind != "RDS" || was.Wave != 0 {
		t.Errorf("before its removal the state says %+v", was)
	}
	if is := component(s.state(t), "svc/database"); is != nil {
		t.Errorf("after its removal the state says %+v", is)
	}
}

// withDatabase asks for the shop and a database.
func (s *shop) withDatabase(t *testing.T) deploy.Request {
	t.Helper()
	r := s.mustRequest(t, "v1")
	programs, err := s.programs("base-and-database", "api")
	if err != nil {
		t.Fatal(err)
	}
	urn := "urn:pulumi:dev::shop::panka:component:RDS"
	r.Programs = programs
	r.Bundle.Components = append(r.Bundle.Components, bundle.Component{
		ID: "svc/database", Kind: "RDS", URN: urn + "::svc-database", DependsOn: []string{"foundation"},
	})
	r.Bundle.Resources = append(r.Bundle.Resources, bundle.Resource{
		URN: urn + "$aws:rds/instance:Instance::svc-database", Type: "aws:rds/instance:Instance", Component: "svc/database",
	})
	return r
}

func (s *shop) wantDataLoss(t *testing.T, want string) {
	t.Helper()
	p := s.plan(t, "v1")
	wantPlan(t, p, want)
	for _, w := range p.Waves {
		for _, c := range w.Components {
			for _, change := range c.Changes {
				if change.DataLoss != (change.Type == "aws:rds/instance:Instance") {
					t.Errorf("data loss: %+v", change)
				}
			}
		}
	}
}

func component(state *deploy.State, id string) *deploy.StateComponent {
	for _, c := range state.Components {
		if c.ID == id {
			return &c
		}
	}
	return nil
}

// TestLeftOverOfAReplacementIsPlanned: a run that was killed before it deleted what it had replaced leaves that to be
// planned, approved and done.
func TestLeftOverOfAReplacementIsPlanned(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1,ada")
	if _, died := s.killed(t, "apply", "v2,ada", "before Delete 1"); !died {
		t.Fatal("the run was not killed")
	}
	wantPlan(t, s.plan(t, "v2,ada"), "0: foundation() svc/jobs(); 1: svc/api(-TaskDefinition)")
	s.apply(t, "v2,ada")
	s.wantExisting(t, "v2")
	if p := s.plan(t, "v2,ada"); p.Changes.Any() {
		t.Errorf("not everything is done: %+v", p.Changes)
	}
}

// TestUnwantedReplacement: a run was killed between the two halves of a replacement, and what it was to replace is
// wanted no more. There is nothing to do but to forget it.
func TestUnwantedReplacement(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1,ada")
	if _, died := s.killed(t, "apply", "v1,bob", "before Create 1"); !died {
		t.Fatal("the run was not killed")
	}
	r := s.mustRequest(t, "v1,bob")
	var err error
	if r.Programs, err = s.programs("base", "api-without-role"); err != nil {
		t.Fatal(err)
	}
	result, err := deploy.Apply(t.Context(), r, refuse(t, "what is gone already"))
	if err != nil || result.Outcome != deploy.NothingToDo {
		t.Errorf("%+v, %v", result, err)
	}
	for _, resource := range s.state(t).Resources {
		if resource.Type == "aws:iam/role:Role" && resource.Component == "svc/api" {
			t.Errorf("%s is still recorded", resource.URN)
		}
	}
}

// TestOtherDependenciesOnly: a component that depends on others than before changes nothing in the account, needs no
// approval, and is recorded, for deletions go by it.
func TestOtherDependenciesOnly(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	before, cloud := s.state(t), fmt.Sprint(s.cloud(t))
	r := s.mustRequest(t, "v1")
	r.Bundle.Components[1].DependsOn = []string{"foundation"}
	approve := refuse(t, "a change of dependencies")
	result, err := deploy.Apply(t.Context(), r, approve)
	if err != nil || result.Outcome != deploy.NothingToDo {
		t.Fatalf("%+v, %v", result, err)
	}
	if is := fmt.Sprint(s.cloud(t)); is != cloud {
		t.Errorf("the account changed from %s to %s", cloud, is)
	}
	after := s.state(t)
	const jobs = "urn:pulumi:dev::shop::panka:component:SQS::svc-jobs"
	for _, r := range after.Resources {
		old := before.Resources[slices.IndexFunc(before.Resources, func(o deploy.StateResource) bool { return o.URN == r.URN })]
		was, is := slices.Contains(old.DependsOn, jobs), slices.Contains(r.DependsOn, jobs)
		if api := r.Custom && r.Component == "svc/api"; was != api || is || r.ID != old.ID {
			t.Errorf("%s (%s, %s): depended on jobs %t, now %t", r.URN, old.ID, r.ID, was, is)
		}
	}
	if _, err := deploy.Apply(t.Context(), r, approve); err != nil || s.state(t).Serial != after.Serial {
		t.Errorf("the next run writes the state again: serial %d, then %d, %v", after.Serial, s.state(t).Serial, err)
	}
}
