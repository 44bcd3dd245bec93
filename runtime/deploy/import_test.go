package deploy_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// databaseRequest asks for a database alone.
func (s *shop) databaseRequest(t *testing.T, program, version string) deploy.Request {
	t.Helper()
	r := s.mustRequest(t, version)
	var err error
	if r.Programs, err = s.programs(program); err != nil {
		t.Fatal(err)
	}
	const component = "urn:pulumi:dev::shop::panka:component:RDS"
	source := bundle.Source{File: "svc/database.yaml", Line: 9, Column: 16}
	r.Bundle.Components = []bundle.Component{{ID: "svc/database", Kind: "RDS", Source: source, URN: component + "::svc-database"}}
	r.Bundle.Resources = []bundle.Resource{{
		URN: component + "$aws:rds/instance:Instance::svc-database", Type: "aws:rds/instance:Instance", Name: "svc-database",
		Component: "svc/database", Stateful: true, Source: source,
	}}
	return r
}

// newOwner is a shop without a state in whose account a database exists.
func newOwner(t *testing.T) *shop {
	t.Helper()
	first := newShop(t, "")
	if _, err := deploy.Apply(t.Context(), first.databaseRequest(t, "database", ""), nil); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "cloud"), os.DirFS(filepath.Join(first.dir, "cloud"))); err != nil {
		t.Fatal(err)
	}
	return reopened(t, dir)
}

// TestImport adopts what exists: it is the same resource afterwards, and a plan finds nothing left to do.
func TestImport(t *testing.T) {
	s := newOwner(t)
	before := s.cloud(t)["aws:rds/instance:Instance"][0].ID
	r := s.databaseRequest(t, "adopted", "20,orders/owner")
	p, err := deploy.Plan(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if p.Changes.Import != 1 || p.Changes.Create+p.Changes.Replace+p.Changes.Delete != 0 {
		t.Errorf("the plan is %+v", p.Changes)
	}
	result, err := deploy.Apply(t.Context(), r, nil)
	if err != nil || result.Changes.Import != 1 {
		t.Fatalf("%+v, %v", result, err)
	}
	after := s.cloud(t)["aws:rds/instance:Instance"]
	if len(after) != 1 || after[0].ID != before {
		t.Errorf("the account holds %+v, and %s was there", after, before)
	}
	if p, err = deploy.Plan(t.Context(), r); err != nil || p.Changes.Any() {
		t.Errorf("not everything is done: %+v, %v", p, err)
	}
}

// TestImportChanges shows what the adopted resource has otherwise, and changes it in place.
func TestImportChanges(t *testing.T) {
	s := newOwner(t)
	r := s.databaseRequest(t, "adopted", "30,orders/owner")
	p, err := deploy.Plan(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	var shown []plan.Property
	for _, c := range p.Waves[0].Components[0].Changes {
		shown = append(shown, c.Properties...)
	}
	found := false
	for _, property := range shown {
		found = found || property == plan.Property{Path: "allocatedStorage", Old: "20", New: "30"}
	}
	if !found {
		t.Errorf("the plan shows %+v", shown)
	}
	if _, err := deploy.Apply(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	if size := s.cloud(t)["aws:rds/instance:Instance"][0].Inputs["allocatedStorage"]; size != 30.0 {
		t.Errorf("its size is %v", size)
	}
}

// TestImportRefused: what does not exist, and what would have to be replaced, is told with its place before anything is
// done.
func TestImportRefused(t *testing.T) {
	for owner, want := range map[string][]string{
		"nobody/owner":   {"import names nobody", "no aws:rds/instance:Instance"},
		"orders/another": {"import", `username: "owner" → "another"`, "aws:"},
	} {
		s := newOwner(t)
		_, err := deploy.Apply(t.Context(), s.databaseRequest(t, "adopted", "20,"+owner), refuse(t, "what cannot be imported"))
		var failed *deploy.FailedError
		if !errors.As(err, &failed) || failed.During != "preview" || len(failed.Failures) != 1 {
			t.Errorf("%s: error %v", owner, err)
			continue
		}
		f := failed.Failures[0]
		if f.Source == nil || f.Source.Line != 9 || f.Component != "svc/database" {
			t.Errorf("%s: the failure is %+v", owner, f)
		}
		for _, part := range want {
			if !strings.Contains(f.Message+" "+f.Hint, part) {
				t.Errorf("%s: the failure lacks %q: %s (%s)", owner, part, f.Message, f.Hint)
			}
		}
		if size := s.cloud(t)["aws:rds/instance:Instance"][0].Inputs["username"]; size != "owner" || len(s.state(t).Resources) > 0 {
			t.Errorf("%s: something was done", owner)
		}
	}
}
