package deploy_test

import (
	"bytes"
	"errors"
	"maps"
	"testing"

	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

// TestCodeIsKept: what a deployment ran can be read back, also after the state has moved to another backend.
func TestCodeIsKept(t *testing.T) {
	s := newShop(t, "")
	one := map[string][]byte{"go.mod": []byte("module shop\n"), "wave-0/main.go": []byte("package main\n")}
	two := maps.Clone(one)
	two["wave-0/main.go"] = []byte("package main // changed\n")
	for version, code := range map[string]map[string][]byte{"v1": one} {
		request := s.mustRequest(t, version)
		request.Code = code
		if _, err := deploy.Apply(t.Context(), request, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, version := range []string{"v2", "v3"} { // the second of them has nothing new to store
		request := s.mustRequest(t, version)
		request.Code = two
		if _, err := deploy.Apply(t.Context(), request, nil); err != nil {
			t.Fatal(err)
		}
	}
	s.destroy(t)
	check := func(b lockstate.Backend) {
		t.Helper()
		history, err := deploy.ReadHistory(t.Context(), b, shopKey)
		if err != nil || len(history) < 4 {
			t.Fatalf("%d deployments, %v", len(history), err)
		}
		for i, want := range []map[string][]byte{one, two, two} {
			got, err := deploy.ReadCode(t.Context(), b, shopKey, &history[i])
			if err != nil || !maps.EqualFunc(got, want, bytes.Equal) {
				t.Errorf("deployment %d: got %q, %v", i+1, got, err)
			}
		}
		if history[1].Code != history[2].Code || history[0].Code == history[1].Code {
			t.Errorf("the digests are %s, %s and %s", history[0].Code, history[1].Code, history[2].Code)
		}
		if _, err := deploy.ReadCode(t.Context(), b, shopKey, &history[3]); !errors.Is(err, lockstate.ErrNoBundle) {
			t.Errorf("a destroy has programs: %v", err)
		}
	}
	check(s.backend)
	m := s.migration(t)
	migrate(t, m, deploy.Succeeded)
	check(m.To)
}
