package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/runtime/deploy"
)

// runVariable makes this binary a run: "<apply, rollback or destroy>|<version>|<point to die at>|<folder of the shop>".
const runVariable = "PANKA_DEPLOY_TEST_RUN"

// playRun runs until it comes to its point, at which it kills itself.
func playRun() error {
	args := strings.SplitN(os.Getenv(runVariable), "|", 4)
	if len(args) != 4 {
		return errors.New(runVariable + " is wrong")
	}
	s, err := openShop(args[3])
	if err != nil {
		return err
	}
	request, err := s.request(args[1])
	if err != nil {
		return err
	}
	c := &calls{at: func(point string) {
		fmt.Println(point)
		if point == args[2] {
			die()
		}
	}}
	run := deploy.Apply
	switch args[0] {
	case "rollback":
		run, request.RollbackTo = deploy.Rollback, "the first"
	case "destroy":
		run = deploy.Destroy
	}
	_, err = run(context.Background(), c.watch(request), nil)
	if s.requests != nil {
		fmt.Println("requests", s.requests.answered.Load())
	}
	return err
}

// die ends the process as kill -9 does.
func die() {
	self, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = self.Kill()
	}
	if err != nil {
		panic(err)
	}
	select {}
}

// killed runs an operation that dies at a point, and gives the points that it passed. A run that does not come to that
// point ends well.
func (s *shop) killed(t *testing.T, operation, version, point string) (passed []string, died bool) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), strings.Join([]string{runVariable + "=" + operation, version, point, s.dir}, "|"))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	passed = strings.Split(strings.TrimSpace(string(out)), "\n")
	died = passed[len(passed)-1] == point
	if err != nil && !died {
		t.Fatalf("the run to %s: %v\n%s", point, err, out)
	}
	return passed, died
}

// TestKilledAtEveryCall kills runs before and after each of their remote calls. The next run must find everything that
// the killed one did, and finish or undo it.
func TestKilledAtEveryCall(t *testing.T) {
	deployed := newShop(t, "")
	deployed.apply(t, "v1")
	updated := deployed.copied(t)
	updated.apply(t, "v2")
	interrupted := newShop(t, "") // for a second kill, during the recovery from the first
	if _, died := interrupted.killed(t, "apply", "v1", "after Create 5"); !died {
		t.Fatal("the run was not killed")
	}
	always := []string{"Acquire 1", "PutRecord 1", "WriteSnapshot 1", "PutRecord 2", "Release 1"}
	reads := []string{"Snapshot 1", "Journal 1", "History 1"}
	for _, test := range []struct {
		name               string
		from               *shop
		operation, version string
		calls              []string
		appends            int // at least; how many there are depends on how many entries are written together
	}{
		{"create", newShop(t, ""), "apply", "v1", slices.Concat(reads, numbered("Create", 7), always), 15},
		{"update", deployed, "apply", "v2", append([]string{"Create 1", "Create 2", "Update 1", "Delete 1", "Delete 2"}, always...), 5},
		{"rollback", updated, "rollback", "v1", append([]string{"Create 1", "Create 2", "Update 1", "Delete 1", "Delete 2"}, always...), 5},
		{"destroy", deployed, "destroy", "v1", append(numbered("Delete", 7), always...), 10},
		{"recovery", interrupted, "apply", "v1", []string{"Find 1", "Read 1", "WriteSnapshot 1", "PutRecord 1", "Create 1"}, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			again, other := test.operation, "destroy"
			if again == other {
				other = "apply"
			}
			for _, call := range test.calls {
				if testing.Short() {
					test.from.killAndGoOn(t, test.operation, test.version, "after "+call, again)
					continue
				}
				before := test.from.killAndGoOn(t, test.operation, test.version, "before "+call, again)
				after := test.from.killAndGoOn(t, test.operation, test.version, "after "+call, again, other)
				if !before || !after {
					t.Errorf("no run comes to %s", call)
				}
			}
			// Before an entry is written, things are as after the call before it.
			for n := 1; !testing.Short() && test.appends > 0; n++ {
				next := []string{other, again}[n%2]
				if test.from.killAndGoOn(t, test.operation, test.version, fmt.Sprint("after Append ", n), next) {
					continue
				}
				if n <= test.appends {
					t.Errorf("only %d entries were written", n-1)
				}
				break
			}
		})
	}
}

func numbered(call string, n int) []string {
	var out []string
	for i := range n {
		out = append(out, fmt.Sprint(call, " ", i+1))
	}
	return out
}

// killAndGoOn kills a run on a copy of the shop, and then lets another one do the rest: each of next by turns, on a copy
// of its own. It tells whether the run came to the point.
func (s *shop) killAndGoOn(t *testing.T, operation, version, point string, next ...string) bool {
	s = s.copied(t)
	before := s.state(t).Last
	passed, died := s.killed(t, operation, version, point)
	if !died {
		return false
	}
	t.Run(point, func(t *testing.T) {
		wantHistory(t, before, s.state(t).Last, passed, operation)
		for _, operation := range next {
			s := s.copied(t)
			if operation != "destroy" {
				s.goTo(t, operation, version)
				s.wantExisting(t, version)
				if len(next) > 1 && s.plan(t, version).Changes.Any() {
					t.Error("the next run did not do everything")
				}
			} else {
				s.destroy(t)
				s.wantNothing(t)
			}
			if last := s.state(t).Last; last != nil && (last.Operation != operation || last.Result != deploy.Succeeded) {
				t.Errorf("the history ends with %s %s", last.Operation, last.Result)
			}
		}
	})
	return true
}

// goTo applies a version, or goes back to it.
func (s *shop) goTo(t *testing.T, operation, version string) {
	t.Helper()
	if operation == "apply" {
		s.apply(t, version)
		return
	}
	request := s.mustRequest(t, version)
	request.RollbackTo = "the first"
	if _, err := deploy.Rollback(t.Context(), request, nil); err != nil {
		t.Fatal(err)
	}
	if last := s.state(t).Last; last.RolledBackTo != "the first" {
		t.Errorf("the history says that it went back to %q", last.RolledBackTo)
	}
}

// wantHistory checks what the history says of a killed run: nothing before its first record, that it was interrupted
// before its last.
func wantHistory(t *testing.T, before, after *deploy.Deployment, passed []string, operation string) {
	t.Helper()
	reached := func(point string) bool { return slices.Contains(passed, point) }
	var want deploy.Outcome
	switch {
	case reached("after PutRecord 2"):
		want = deploy.Succeeded
	case reached("before PutRecord 2"):
		return // it may be stored or not
	case reached("after PutRecord 1"):
		want = deploy.Interrupted
	case reached("before PutRecord 1"):
		return
	default:
		if after != nil && (before == nil || after.ID != before.ID || after.Result != before.Result) {
			t.Errorf("the history says %+v", after)
		}
		return
	}
	if after == nil || after.Operation != operation || after.Result != want {
		t.Errorf("the history says %+v, want %s", after, want)
	}
}
