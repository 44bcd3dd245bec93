package sandbox

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// childDir tells the test binary to be another process that uses the account.
const childDir = "PANKA_SANDBOX_TEST_CHILD"

func startable(t *testing.T, test, dir, arg string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run", "^"+test+"$", "-test.count=1")
	cmd.Env = append(os.Environ(), childDir+"="+dir, childDir+"_ARG="+arg)
	cmd.Stderr = os.Stderr
	return cmd
}

// TestChildMakesQueues is one of the processes of TestTwoProcesses.
func TestChildMakesQueues(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("only as a child of TestTwoProcesses")
	}
	w := openWorld(t, dir, "")
	var group sync.WaitGroup
	for i := range 20 {
		group.Go(func() {
			name := fmt.Sprintf("%s-%d", os.Getenv(childDir+"_ARG"), i)
			if _, err := w.tryCreate(tQueue, name, props{"name": name}); err != nil {
				t.Error(err)
			}
			// One name that both processes want.
			if _, err := w.tryCreate(tQueue, "shared", props{"name": fmt.Sprintf("shared-%d", i)}); err == nil {
				fmt.Printf("won shared-%d\n", i)
			} else if !strings.Contains(err.Error(), "QueueAlreadyExists") {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// TestTwoProcesses: nothing that two processes do at once is lost, and of two creates of one name one wins.
func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	openWorld(t, dir, "")
	children := []*exec.Cmd{startable(t, "TestChildMakesQueues", dir, "a"), startable(t, "TestChildMakesQueues", dir, "b")}
	outputs := make([]strings.Builder, len(children))
	for i, c := range children {
		c.Stdout = &outputs[i]
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
	}
	won := ""
	for i, c := range children {
		if err := c.Wait(); err != nil {
			t.Errorf("process %d: %v\n%s", i, err, outputs[i].String())
		}
		won += outputs[i].String()
	}
	w := openWorld(t, dir, "")
	var doc struct {
		Resources map[string]map[string]any `json:"resources"`
	}
	if err := json.Unmarshal([]byte(w.file()), &doc); err != nil {
		t.Fatal(err)
	}
	if n := len(doc.Resources[tQueue]); n != 60 {
		t.Errorf("the account holds %d queues, want 60", n)
	}
	for i := range 20 {
		if n := strings.Count(won, fmt.Sprintf("won shared-%d\n", i)); n != 1 {
			t.Errorf("shared-%d was made %d times", i, n)
		}
	}
}

// TestChildIsSlow makes a queue until it is killed.
func TestChildIsSlow(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("only as a child of TestKilledProcess")
	}
	w := openWorld(t, dir, "latency: {profile: aws, scale: 0.04}\n") // a second
	w.create(tQueue, "jobs", props{"name": "jobs", "tags": tagsFor("jobs")})
}

// TestKilledProcess: kill -9 in the middle of a create leaves the resource, which becomes available by itself.
func TestKilledProcess(t *testing.T) {
	dir := t.TempDir()
	w := openWorld(t, dir, "")
	c := startable(t, "TestChildIsSlow", dir, "")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(w.file(), `"state": "creating"`); {
		if time.Now().After(deadline) {
			t.Fatal("the child made nothing")
		}
		time.Sleep(5 * time.Millisecond)
	}
	if err := c.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	c.Wait() //nolint:errcheck // it was killed
	urn := urnOf(tQueue, "jobs")
	inputs, _ := w.check(urn, nil, toMap(props{"name": "jobs", "tags": tagsFor("jobs")}))
	id, found, err := w.p.Find(t.Context(), urn, inputs)
	if err != nil || !found {
		t.Fatalf("find after the kill: %q, %v, %v", id, found, err)
	}
	th := &thing{urn: urn, id: id, inputs: inputs}
	r := w.read(th) // waits
	if !r.Found {
		t.Fatal("the resource is gone")
	}
	th.outputs = r.Outputs
	if h := w.health(th); h.Health != "healthy" {
		t.Errorf("after its time the resource is %+v", h)
	}
	if err := w.delete(th); err != nil {
		t.Fatal(err)
	}
}
