package deploy_test

import (
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

func TestReadHistory(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	r := s.mustRequest(t, "v2")
	r.Select = []string{"svc/api"}
	if _, err := deploy.Apply(t.Context(), r, nil); err != nil {
		t.Fatal(err)
	}
	lease, err := s.backend.Acquire(t.Context(), shopKey, lockstate.Owner{Who: "bob"})
	if err != nil {
		t.Fatal(err)
	}
	for id, data := range map[string]string{
		"29990101-running": `{"id": "29990101-running", "result": "running", "run": "` + lease.Lock().ID + `"}`,
		"29990102-killed":  `{"id": "29990102-killed", "result": "running", "run": "another"}`,
		"29990103-damaged": `{`,
	} {
		if err := lease.PutRecord(t.Context(), id, []byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	history, err := deploy.ReadHistory(t.Context(), s.backend, shopKey)
	if err == nil || !strings.Contains(err.Error(), "record 29990103-damaged: ") {
		t.Errorf("error %v", err)
	}
	var got []string
	for _, d := range history {
		got = append(got, string(d.Result)+" "+d.Variables["VERSION"]+" "+strings.Join(d.Selected, ","))
	}
	if want := "succeeded v1 ; succeeded v2 svc/api; running  ; interrupted  "; strings.Join(got, "; ") != want {
		t.Errorf("%q, want %q", strings.Join(got, "; "), want)
	}
}

func TestVersionOf(t *testing.T) {
	d := deploy.Deployment{Variables: map[string]string{"VERSION": "v1"}}
	for template, want := range map[string]string{"": "", "postgres 15": "postgres 15", "app-${VERSION}": "app-v1", "${TOKEN}/${VERSION}": "${TOKEN}/v1"} {
		if got := d.VersionOf(bundle.Component{Version: template}); got != want {
			t.Errorf("%q: %q, want %q", template, got, want)
		}
	}
}
