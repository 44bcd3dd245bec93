package cli

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/runtime/deploy"
)

func TestHistory(t *testing.T) {
	w := newWorld(t)
	for _, id := range []string{"20260101-a", "20260102-b", "20260102-c"} {
		w.history = append(w.history, deploy.Deployment{ID: id, Operation: "apply", Result: deploy.Succeeded, Variables: map[string]string{"V": id[9:]}})
	}
	check := func(code int, want string, args ...string) {
		t.Helper()
		got := w.run(args...)
		if all := w.out.String() + w.err.String(); got != code || !strings.Contains(all, want) {
			t.Errorf("%v: exit code %d, want %d and %q:\n%s", args, got, code, want, all)
		}
	}
	check(0, "20260102-c", "history", "--limit", "1")
	check(0, "2 older deployments not shown", "history", "--limit", "1")
	check(2, "--limit -1 is negative", "history", "--limit", "-1")
	check(2, `unknown command "shwo"`, "history", "shwo")
	check(2, "takes 1 argument, got 0", "history", "show")
	check(2, "takes 2 arguments, got 1", "history", "diff", "last")
	check(2, `there is no deployment "x"`, "history", "show", "x")
	check(2, `there is no deployment ""`, "history", "show", "")
	check(2, `the IDs of 2 deployments begin with "20260102"`, "history", "show", "20260102")
	check(0, `"id": "20260101-a"`, "history", "show", "20260101", "--output", "json")
	check(0, "V: a → c", "history", "diff", "20260101", "last")
	w.damaged = errors.New("record 7 is damaged")
	check(1, "20260101-a", "history")
	check(1, "error: record 7 is damaged", "history")
	check(0, "20260102-c", "history", "show", "last")
	check(2, "record 7 is damaged", "history", "show", "7")
	w.history, w.damaged = nil, nil
	check(0, "Nothing has been deployed.", "history")
	check(0, "[]", "history", "--output", "json")
	check(2, "there has been no deployment", "history", "show", "last")
}

func TestLockTimeout(t *testing.T) {
	w := newWorld(t)
	if code := w.run("apply", "--yes", "--var", "VERSION=v1", "--lock-timeout", "90s"); code != 0 || w.request.LockTimeout != 90*time.Second {
		t.Errorf("exit code %d, timeout %s\n%s", code, w.request.LockTimeout, w.err.String())
	}
	if code := w.run("destroy", "--yes", "--lock-timeout", "1m"); code != 0 || w.request.LockTimeout != time.Minute {
		t.Errorf("exit code %d, timeout %s\n%s", code, w.request.LockTimeout, w.err.String())
	}
	for _, wrong := range []string{"-1s", "25h", "5"} {
		if code := w.run("apply", "--yes", "--var", "VERSION=v1", "--lock-timeout", wrong); code != exitUsage {
			t.Errorf("--lock-timeout %s: exit code %d\n%s", wrong, code, w.err.String())
		}
	}
}
