package sandbox

import (
	"encoding/json"
	"flag"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/runtime/observe"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func fixedClock() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }

// TestWholeShop makes a service with a database, compares the account's file with the golden one, and takes it down.
func TestWholeShop(t *testing.T) {
	w := openWorld(t, t.TempDir(), shopConfig, WithClock(fixedClock))
	s := newShop(t, w)

	text := regexp.MustCompile(`"salt": "[0-9a-f]+"`).ReplaceAllString(w.file(), `"salt": "(random)"`)
	text = regexp.MustCompile(`sha256:[0-9a-f]{32}`).ReplaceAllString(text, "sha256:(salted)")
	const golden = "testdata/shop.cloud.json"
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("cloud.json differs from %s (go test -update rewrites it):\n%s", golden, text)
	}
	if n := strings.Count(w.file(), secretValue); n != 1 {
		t.Errorf("the secret's value is in cloud.json %d times, want once, among the account's secrets", n)
	}
	for key, th := range s.things {
		if h := w.health(th); h.Health != observe.Healthy {
			t.Errorf("%s is %s: %s", key, h.Health, h.Detail)
		}
		r := w.read(th)
		if !r.Found || !r.Inputs.DeepEquals(th.inputs) {
			t.Errorf("reading %s gives other inputs than were given:\n%v\n%v", key, r.Inputs, th.inputs)
		}
		if !r.Outputs.DeepEquals(th.outputs) {
			t.Errorf("reading %s gives other outputs than its creation:\n%v\n%v", key, r.Outputs, th.outputs)
		}
	}
	s.destroy()
	var after struct {
		Resources map[string]any            `json:"resources"`
		Secrets   map[string]map[string]any `json:"secrets"`
	}
	if err := json.Unmarshal([]byte(w.file()), &after); err != nil {
		t.Fatal(err)
	}
	if len(after.Resources) != 0 || len(after.Secrets) != 1 {
		t.Errorf("after everything is deleted the account holds resources %v and %d secrets", after.Resources, len(after.Secrets))
	}
}

func TestFileModeIsPrivate(t *testing.T) {
	w := newWorld(t, shopConfig)
	info, err := os.Stat(w.dir + "/" + FileName)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("cloud.json has mode %v, want 0600", info.Mode().Perm())
	}
}

// TestSameActionsSameIdentifiers: identifiers repeat in a new account and do not repeat within one.
func TestSameActionsSameIdentifiers(t *testing.T) {
	a, b := newWorld(t, ""), newWorld(t, "")
	in := props{"cidrBlock": "10.0.0.0/16"}
	first, again := a.create(tVpc, "net", in), b.create(tVpc, "net", in)
	if first.id != again.id {
		t.Errorf("two new accounts give %s and %s", first.id, again.id)
	}
	if err := a.delete(first); err != nil {
		t.Fatal(err)
	}
	if second := a.create(tVpc, "net", in); second.id == first.id {
		t.Errorf("a VPC made again has the ID of the deleted one, %s", first.id)
	}
}

func TestHealthTellsWhyTasksDoNotRun(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	service := s.things["service"]
	if got := w.health(service).Detail; got != "2/2 tasks running" {
		t.Errorf("detail is %q", got)
	}
	image := s.create(tTask, "broken", with(mappable(s.things["task"]), props{"family": "broken", "containerDefinitions": `[{"name":"web","image":"missing/web","portMappings":[{"containerPort":8080}]}]`}))
	broken := s.create(tService, "broken", with(mappable(service), props{"name": "broken", "taskDefinition": image.out("arn"), "waitForSteadyState": nil}))
	if h := w.health(broken); h.Health != observe.Unhealthy || !strings.Contains(h.Detail, "CannotPullContainerError") {
		t.Errorf("a service without an image is %+v", h)
	}
	for _, step := range []struct{ remove, reason string }{
		{"policy", "is not authorized to perform: secretsmanager:GetSecretValue"},
		{"logs", "The specified log group does not exist"},
		{"task", "is not active"},
	} {
		if err := w.delete(s.things[step.remove]); err != nil {
			t.Fatal(err)
		}
		h := w.health(service)
		if h.Health != observe.Unhealthy || !strings.Contains(h.Detail, step.reason) {
			t.Errorf("without %s the service is %s: %q; want unhealthy with %q", step.remove, h.Health, h.Detail, step.reason)
		}
	}
	if h := w.health(s.things["targets"]); h.Health != observe.Unhealthy || !strings.Contains(h.Detail, "no healthy targets") {
		t.Errorf("the targets of a service without tasks are %+v", h)
	}
	if h := w.health(s.things["task"]); h.Health != observe.Missing {
		t.Errorf("the deleted task definition is %s", h.Health)
	}
}

// TestUnsteadyService: a service that cannot run is made, reported as failed, and mended by an update.
func TestUnsteadyService(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	policy := s.things["policy"]
	if err := w.delete(policy); err != nil {
		t.Fatal(err)
	}
	service := s.things["service"]
	change := props{}
	for k, v := range service.inputs {
		change[string(k)] = v
	}
	change["desiredCount"] = 3
	err := w.update(service, change)
	wantError(t, err, "shop-dev-web did not stabilize: 0/3 tasks running")
	w.create(tPolicy, "web-policy", props{"name": "secrets", "role": "shop-dev-web-exec", "policy": policy.inputs["policy"].StringValue()})
	if err := w.update(service, change); err != nil {
		t.Fatal(err)
	}
	if h := w.health(service); h.Detail != "3/3 tasks running" {
		t.Errorf("mended service: %+v", h)
	}
}
