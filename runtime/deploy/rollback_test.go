package deploy_test

import (
	"errors"
	"testing"

	"github.com/panka-io/panka/runtime/deploy"
)

func TestPrevious(t *testing.T) {
	type ds = []deploy.Deployment
	record := func(id, operation, code string, result deploy.Outcome) deploy.Deployment {
		return deploy.Deployment{ID: id, Operation: operation, Code: code, Result: result}
	}
	good := func(id, code string) deploy.Deployment { return record(id, "apply", code, deploy.Succeeded) }
	back := func(id, code, to string) deploy.Deployment {
		d := record(id, "rollback", code, deploy.Succeeded)
		d.RolledBackTo = to
		return d
	}
	failed := func(d deploy.Deployment) deploy.Deployment { d.Result = deploy.FailedRun; return d }
	limited := func(d deploy.Deployment) deploy.Deployment { d.Selected = []string{"svc/api"}; return d }
	version := func(d deploy.Deployment, v string) deploy.Deployment {
		d.Variables = map[string]string{"VERSION": v}
		return d
	}
	for name, c := range map[string]struct {
		history ds
		want    string
	}{
		"none":                           {nil, ""},
		"the first":                      {ds{good("a", "1")}, ""},
		"the one before":                 {ds{good("a", "1"), good("b", "2")}, "a"},
		"other variables":                {ds{version(good("a", "1"), "v1"), version(good("b", "1"), "v2")}, "a"},
		"the same again":                 {ds{good("a", "1"), good("b", "2"), good("c", "2")}, "a"},
		"the newest failed":              {ds{good("a", "1"), good("b", "2"), record("c", "apply", "3", deploy.FailedRun)}, "b"},
		"failed as the one before":       {ds{good("a", "1"), record("b", "apply", "1", deploy.FailedRun)}, "a"},
		"interrupted and cancelled":      {ds{good("a", "1"), record("b", "apply", "2", deploy.Cancelled), record("c", "apply", "3", deploy.Interrupted)}, "a"},
		"limited ones are passed":        {ds{good("a", "1"), limited(good("b", "2")), good("c", "3")}, "a"},
		"after a limited one":            {ds{good("a", "1"), limited(good("b", "2"))}, "a"},
		"without programs":               {ds{good("a", "1"), record("b", "apply", "", deploy.Succeeded), good("c", "3")}, "a"},
		"an import is none":              {ds{good("a", "1"), record("b", "import", "", deploy.Succeeded), good("c", "3")}, "a"},
		"twice goes two steps":           {ds{good("a", "1"), good("b", "2"), good("c", "3"), back("d", "2", "b")}, "a"},
		"not to what was left":           {ds{good("a", "1"), good("b", "2"), back("c", "1", "a")}, ""},
		"through several":                {ds{good("a", "1"), good("b", "2"), good("c", "3"), back("d", "2", "b"), back("e", "2", "d")}, "a"},
		"forward again":                  {ds{good("a", "1"), good("b", "2"), back("c", "1", "a"), good("d", "3")}, "c"},
		"a failed rollback":              {ds{good("a", "1"), good("b", "2"), failed(back("c", "1", "a"))}, "a"},
		"destroyed":                      {ds{good("a", "1"), good("b", "2"), record("c", "destroy", "", deploy.Succeeded)}, ""},
		"not beyond a destruction":       {ds{good("a", "1"), record("b", "destroy", "", deploy.Succeeded), good("c", "3")}, ""},
		"a component's destruction":      {ds{good("a", "1"), limited(record("b", "destroy", "", deploy.Succeeded))}, "a"},
		"a destruction that failed":      {ds{good("a", "1"), record("b", "destroy", "", deploy.FailedRun)}, ""},
		"the record it ran is not there": {ds{good("b", "2"), good("c", "3"), back("d", "2", "a")}, "c"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := deploy.Previous(c.history)
			switch {
			case c.want == "" && (got != nil || !errors.Is(err, deploy.ErrNoEarlier)):
				t.Errorf("got %v, %v", got, err)
			case c.want != "" && (err != nil || got.ID != c.want):
				t.Errorf("got %v, %v, want %s", got, err, c.want)
			}
		})
	}
}
