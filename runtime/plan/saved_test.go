package plan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/plan"
)

// planned is a plan with one change, in wave 1.
func planned(c plan.Change) *plan.Plan {
	c.Name = c.URN
	return &plan.Plan{Stack: "web", Environment: "dev",
		Waves: []plan.Wave{{Number: 1, Components: []plan.Component{{ID: "svc/api", Changes: []plan.Change{c}}}}}}
}

// TestExceeding: an approval covers what it says and what is less, with the values that were shown.
func TestExceeding(t *testing.T) {
	in := func(pairs ...string) plan.Inputs {
		out := plan.Inputs{}
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i]] = pairs[i+1]
		}
		return out
	}
	update := plan.Change{URN: "a", Op: plan.Update, Inputs: in("size", "1", "tags.a", "2", "arn", plan.UnknownInput, "password", plan.SecretInput)}
	for name, c := range map[string]struct {
		approved, now plan.Change
		done          int
		want          string
	}{
		"the same":                      {update, update, -1, ""},
		"another resource":              {update, plan.Change{URN: "b", Op: plan.Create}, -1, "svc/api: create b, which the plan does not have"},
		"another value":                 {update, plan.Change{URN: "a", Op: plan.Update, Inputs: in("size", "9", "tags.a", "2")}, -1, "svc/api: update a, with another size"},
		"one more value":                {update, plan.Change{URN: "a", Op: plan.Update, Inputs: in("size", "1", "tags.a", "2", "tags.b", "3")}, -1, "with another tags.b"},
		"a value less":                  {update, plan.Change{URN: "a", Op: plan.Update, Inputs: in("size", "1", "password", plan.SecretInput)}, -1, "with another tags.a"},
		"what was unknown is known":     {update, plan.Change{URN: "a", Op: plan.Update, Inputs: in("size", "1", "tags.a", "2", "arn.x[0]", "7", "password", plan.SecretInput)}, -1, ""},
		"a known one is unknown":        {update, plan.Change{URN: "a", Op: plan.Update, Inputs: in("size", plan.UnknownInput, "tags.a", "2")}, -1, "with another"},
		"an update becomes a replace":   {update, plan.Change{URN: "a", Op: plan.Replace}, -1, "svc/api: replace a, where the plan has update"},
		"a replace becomes an update":   {plan.Change{URN: "a", Op: plan.Replace}, plan.Change{URN: "a", Op: plan.Update}, -1, ""},
		"the old copy is still there":   {plan.Change{URN: "a", Op: plan.Replace, Inputs: in("x", "1")}, plan.Change{URN: "a", Op: plan.Delete}, 1, ""},
		"a create becomes a delete":     {plan.Change{URN: "a", Op: plan.Create}, plan.Change{URN: "a", Op: plan.Delete}, -1, "where the plan has create"},
		"data would be lost":            {plan.Change{URN: "a", Op: plan.Delete}, plan.Change{URN: "a", Op: plan.Delete, DataLoss: true}, -1, "which loses data"},
		"its wave is over":              {update, plan.Change{URN: "b", Op: plan.Create}, 1, ""},
		"a deletion comes after all":    {update, plan.Change{URN: "b", Op: plan.Delete}, 1, "which the plan does not have"},
		"an earlier wave is not enough": {update, plan.Change{URN: "b", Op: plan.Create}, 0, "which the plan does not have"},
	} {
		t.Run(name, func(t *testing.T) {
			var saved plan.Saved
			saved.Save(planned(c.approved))
			data, err := json.Marshal(saved)
			if err != nil {
				t.Fatal(err)
			}
			read, err := plan.DecodeSaved(data)
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(read.Exceeding(planned(c.now), c.done), "; ")
			if c.want == "" && got != "" || !strings.Contains(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestSavedOfAnotherVersion(t *testing.T) {
	for _, data := range []string{`{"version": 2}`, `{`, ``} {
		if _, err := plan.DecodeSaved([]byte(data)); err == nil {
			t.Errorf("%q was taken", data)
		}
	}
}
