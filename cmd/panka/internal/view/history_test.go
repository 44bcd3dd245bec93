package view

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/runtime/deploy"
	"github.com/panka-io/panka/runtime/plan"
)

// exampleHistory is an apply, one of another version that lost a queue, and a destroy of one component.
func exampleHistory() []deploy.Deployment {
	const prefix = "urn:pulumi:production::web::panka:component:"
	first := deploy.Deployment{
		ID: "20260102t150405.000z-aaaaaa", Operation: "apply", StartedAt: started, Seconds: 75.4, Result: deploy.Succeeded,
		By: "ada", Host: "build-1", Commit: "0123456789abcdef", Variables: map[string]string{"VERSION": "v1", "SIZE": "small\x1b[31m"},
		Changes: plan.Counts{Create: 3}, SourceDigest: "d1",
		Components: []bundle.Component{
			{ID: "foundation", Kind: "Foundation"}, {ID: "shop/api", Kind: "MicroService", Wave: 1, Version: "${VERSION}-${TOKEN}"}, {ID: "shop/jobs", Kind: "SQS"},
		},
		Sources: map[string]bundle.Source{
			prefix + "SQS::shop-jobs":                                 {File: "jobs.yaml", Line: 1, Column: 1},
			prefix + "SQS$aws:sqs/queue:Queue::shop-jobs":             {File: "jobs.yaml", Line: 1, Column: 1},
			prefix + "MicroService$aws:ecs/service:Service::shop-api": {File: "api.yaml", Line: 2, Column: 1},
		},
	}
	second := first
	second.ID, second.Commit, second.SourceDigest, second.Result = "20260103t150405.000z-bbbbbb", "", "d2", deploy.Interrupted
	second.Variables = map[string]string{"VERSION": "v2", "REGION": "eu"}
	second.Components = first.Components[:2]
	second.Sources = map[string]bundle.Source{prefix + "MicroService$aws:ecs/service:Service::shop-api": {File: "api.yaml", Line: 9, Column: 1}}
	third := first
	third.ID, third.Operation, third.Selected = "20260104t150405.000z-cccccc", "destroy", []string{"shop/jobs"}
	third.Variables, third.Changes = nil, plan.Counts{Delete: 1}
	return []deploy.Deployment{first, second, third}
}

func TestHistory(t *testing.T) {
	history := exampleHistory()
	var list []Deployment
	for _, d := range history {
		list = append(list, *NewDeployment(&d))
	}
	var b bytes.Buffer
	PrintHistory(&b, list, Style{})
	PrintHistory(&b, nil, Style{})
	for _, d := range history {
		PrintDeployment(&b, NewDeploymentDetails(&d), Style{})
	}
	golden(t, "history.text", b.Bytes())
	b.Reset()
	if err := JSON(&b, NewDeploymentDetails(&history[2])); err != nil {
		t.Fatal(err)
	}
	golden(t, "history.json", b.Bytes())
}

func TestHistoryDiff(t *testing.T) {
	history := exampleHistory()
	var b bytes.Buffer
	for _, pair := range [][2]int{{0, 1}, {1, 0}, {0, 2}, {0, 0}} {
		PrintDeploymentDiff(&b, NewDeploymentDiff(&history[pair[0]], &history[pair[1]]), Style{})
	}
	golden(t, "history-diff.text", b.Bytes())
	b.Reset()
	if err := JSON(&b, NewDeploymentDiff(&history[0], &history[1])); err != nil {
		t.Fatal(err)
	}
	golden(t, "history-diff.json", b.Bytes())
}

func TestWaitingForTheLock(t *testing.T) {
	held := deploy.Event{Kind: deploy.EventLock, Status: deploy.Started, Time: started, Wave: -1, Message: "web is locked by bob\x1b[31m"}
	var b bytes.Buffer
	p := NewProgress(ProgressOptions{Out: &b})
	p.Event(held)
	p.Event(deploy.Event{Kind: deploy.EventLock, Status: deploy.Done, Time: started, Wave: -1})
	if want := "waiting: web is locked by bob\\u001b[31m\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	l := newLive(ProgressOptions{Out: &b, Now: func() time.Time { return started.Add(seconds(75)) }})
	defer l.Result(failed)
	l.Event(held)
	if got := l.block(); len(got) != 1 || !strings.Contains(got[0], "waiting for the lock  1m15s") {
		t.Errorf("block %q", got)
	}
	held.Status = deploy.Done
	l.Event(held)
	if got := l.block(); len(got) != 0 {
		t.Errorf("block %q after the wait", got)
	}
}
