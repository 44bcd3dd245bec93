package deploy_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/lockstate"
	"github.com/panka-io/panka/runtime/deploy"
)

// site is the program of a stack that reads the ID of the shop's queue.
func site(ctx *pulumi.Context) error {
	shop, err := pulumi.NewStackReference(ctx, "wave-0-reads-shop-wave-0", &pulumi.StackReferenceArgs{
		Name: pulumi.Sprintf("%s/shop-wave-0/%s", ctx.Organization(), ctx.Stack()),
	})
	if err != nil {
		return err
	}
	parent, done, err := newComponent(ctx, "web/site", "SQS")
	if err != nil {
		return err
	}
	queue, err := newPiece(ctx, "aws:sqs/queue:Queue", "web-site", pulumi.Map{
		"name": pulumi.String("web-site"), "tags": pulumi.StringMap{"of": shop.GetStringOutput(pulumi.String("svc/jobs.id"))},
	}, parent)
	if err != nil {
		return err
	}
	return done("", queue)
}

// siteRequest asks for that stack, beside the shop, which reads these outputs of the shop's queue.
func (s *shop) siteRequest(t *testing.T, outputs ...string) deploy.Request {
	t.Helper()
	r := s.mustRequest(t, "v1")
	var err error
	if r.Programs, err = s.programs("site"); err != nil {
		t.Fatal(err)
	}
	r.Key.Stack = "site"
	component := "urn:pulumi:dev::site::panka:component:SQS"
	r.Bundle = &bundle.Bundle{
		Version: bundle.FormatVersion, Stack: "site", Environment: "dev", Region: "us-east-1",
		Components: []bundle.Component{{ID: "web/site", Kind: "SQS", URN: component + "::web-site"}},
		Resources:  []bundle.Resource{{URN: component + "$aws:sqs/queue:Queue::web-site", Component: "web/site"}},
	}
	for i, output := range outputs {
		r.Bundle.Foreign = append(r.Bundle.Foreign, bundle.Foreign{
			Stack: "shop", Component: "svc/jobs", Output: output, By: "web/site",
			Source: bundle.Source{File: "site.yaml", Line: 9 - i, Column: 2},
		})
	}
	return r
}

// TestMissingOutputsOfAnotherStack are told at their place before anything is written.
func TestMissingOutputsOfAnotherStack(t *testing.T) {
	s := newShop(t, "")
	check := func(r deploy.Request, want string) {
		t.Helper()
		_, planned := deploy.Plan(t.Context(), r)
		_, applied := deploy.Apply(t.Context(), r, nil)
		for _, err := range []error{planned, applied, deploy.CheckForeign(t.Context(), r)} {
			var failed *deploy.FailedError
			if !errors.As(err, &failed) || err.Error() != "preview failed\n"+want ||
				failed.Failures[0].Hint != "deploy it first: panka apply --stack shop --environment dev" {
				t.Errorf("error %v, want %s", err, want)
			}
		}
	}
	check(s.siteRequest(t, "arn", "id"),
		"site.yaml:8:2: web/site: svc/jobs of stack shop is not there: nothing of that stack is deployed in environment dev")
	s.apply(t, "v1")
	check(s.siteRequest(t, "arn", "id", "url"), "site.yaml:7:2: web/site: stack shop has not deployed arn, url of svc/jobs in environment dev")
	keys, err := s.backend.Keys(t.Context(), "default")
	if err != nil || !slices.Equal(keys, []lockstate.Key{shopKey}) {
		t.Errorf("there are states of %v, %v", keys, err)
	}
}

// TestDestroyTellsWhoUsesIt: while the other stack is deployed, and only of what goes.
func TestDestroyTellsWhoUsesIt(t *testing.T) {
	s := newShop(t, "")
	s.apply(t, "v1")
	if _, err := deploy.Apply(t.Context(), s.siteRequest(t, "id"), nil); err != nil {
		t.Fatal(err)
	}
	queue := s.cloud(t)["aws:sqs/queue:Queue"]
	if len(queue) != 2 || !slices.ContainsFunc(queue, func(q cloudResource) bool {
		tags, _ := q.Inputs["tags"].(map[string]any)
		return tags["of"] == queue[0].ID || tags["of"] == queue[1].ID
	}) {
		t.Errorf("the ID did not arrive: %v", queue)
	}
	destroy := func(selected ...string) (warned string) {
		t.Helper()
		r := s.mustRequest(t, "")
		r.Select = selected
		r.Events = func(e deploy.Event) {
			if e.Severity == "warning" {
				warned += e.Message
			}
		}
		if _, err := deploy.Destroy(t.Context(), r, nil); err != nil {
			t.Fatal(err)
		}
		return warned
	}
	if got := destroy("svc/api"); got != "" {
		t.Errorf("told %q of a component that nobody uses", got)
	}
	if got := destroy(); got != "web/site of stack site uses the id of svc/jobs (site.yaml:9:2)" {
		t.Errorf("told %q", got)
	}
	s.apply(t, "v1")
	if _, err := deploy.Destroy(t.Context(), s.siteRequest(t, "id"), nil); err != nil {
		t.Fatal(err)
	}
	if got := destroy(); strings.Contains(got, "web/site") {
		t.Errorf("told %q of a stack that is gone", got)
	}
}
