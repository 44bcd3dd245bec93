package lockstate_test

import (
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/lockstate"
)

func TestKeyValidate(t *testing.T) {
	good := lockstate.Key{Tenant: "default", Stack: "user-platform", Environment: "development2"}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	if got := good.String(); got != "default/user-platform/development2" {
		t.Errorf("got %s", got)
	}
	for _, bad := range []string{"", ".", "..", "../x", "a/b", `a\b`, "A", "1a", "-a", "a_b", "a b", "a\n", "é", strings.Repeat("a", 64)} {
		for what, key := range map[string]lockstate.Key{
			"tenant":      {Tenant: bad, Stack: "a", Environment: "a"},
			"stack":       {Tenant: "a", Stack: bad, Environment: "a"},
			"environment": {Tenant: "a", Stack: "a", Environment: bad},
		} {
			if err := key.Validate(); err == nil || !strings.HasPrefix(err.Error(), what) {
				t.Errorf("%s %q: got %v", what, bad, err)
			}
		}
	}
}

func TestHeldErrorNamesTheHolder(t *testing.T) {
	err := &lockstate.HeldError{
		Key: lockstate.Key{Tenant: "default", Stack: "app", Environment: "dev"},
		Lock: lockstate.Lock{
			ID: "6f1c", AcquiredAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
			Owner: lockstate.Owner{Who: "ada@example.com", Host: "laptop", PID: 42, Operation: "apply"},
		},
	}
	for _, want := range []string{"app/dev", "ada@example.com", "laptop", "42", "apply", "2026-01-02T03:04:05Z", "6f1c"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}
