package engine

import (
	"context"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"

	"github.com/panka-io/panka/runtime/plan"
)

// publisher is a component with outputs of each type, one of them secret.
func publisher(ctx *pulumi.Context) error {
	var c struct{ pulumi.ResourceState }
	if err := ctx.RegisterComponentResource("panka:component:Test", "svc-publisher", &c); err != nil {
		return err
	}
	q, err := newQueue(ctx, "svc-publisher", pulumi.Map{"version": pulumi.String(config.New(ctx, "").Get("VERSION"))}, pulumi.Parent(&c))
	if err != nil {
		return err
	}
	outputs := pulumi.Map{
		"component": pulumi.String("svc/publisher"), "arn": q.Arn, "port": pulumi.Int(5432),
		"url":      pulumi.Sprintf("https://%s", config.New(ctx, "").Get("VERSION")),
		"password": pulumi.ToSecret(pulumi.String("canary-7c1e")),
	}
	for name, v := range outputs {
		ctx.Export("svc/publisher."+name, v)
	}
	return ctx.RegisterResourceOutputs(&c, outputs)
}

// reader reads what publisher has recorded, by the name of a stack reference.
func reader(stack string) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		ref, err := pulumi.NewStackReference(ctx, "wave-0-reads-platform-wave-3", &pulumi.StackReferenceArgs{
			Name: pulumi.Sprintf("%s/%s", ctx.Organization(), stack),
		})
		if err != nil {
			return err
		}
		text := func(name string) pulumi.StringOutput {
			return ref.GetStringOutput(pulumi.String("svc/publisher." + name))
		}
		_, err = newQueue(ctx, "svc-reader", pulumi.Map{
			"target": text("arn"), "url": text("url"), "password": text("password"),
			"port": pulumi.Sprintf("%d", ref.GetIntOutput(pulumi.String("svc/publisher.port"))),
		})
		return err
	}
}

// publish deploys the publisher as the stack platform and gives what that records.
func publish(t *testing.T, platform *fixture, version string) map[string]Exports {
	t.Helper()
	platform.run.Config = map[string]ConfigValue{"VERSION": {Value: version}}
	r := platform.describe("publisher")
	r.Project = "platform"
	state, err := Update(context.Background(), r)
	platform.must(err)
	platform.state = state
	exports, err := state.Exports()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]Exports{"platform": exports}
}

// TestOutputsOfAnotherStack: they arrive whatever wave is asked, secret ones as secrets, and what changes there is a change
// here.
func TestOutputsOfAnotherStack(t *testing.T) {
	platform, shop := newFixture(t), newFixture(t)
	shop.run.Foreign = publish(t, platform, "v1")
	shop.must(shop.update("reader"))
	want := map[string]string{"target": "arn:svc-publisher#1", "url": "https://v1", "password": "canary-7c1e", "port": "5432"}
	for name, value := range want {
		if got := shop.cloud.resources["svc-reader#1"][name]; got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	data, err := shop.state.Encode()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(data), "canary") || strings.Contains(string(data), "StackReference") {
		t.Errorf("the state holds the secret as it is, or the stack reference:\n%s", data)
	}
	shop.must(shop.update("reader"))
	if got := shop.ops(); got["svc-reader"] != plan.Same || len(shop.journal) != 0 {
		t.Errorf("second run: %v, %d journal records", got, len(shop.journal))
	}
	shop.run.Foreign = publish(t, platform, "v2")
	shop.must(Preview(context.Background(), shop.describe("reader")))
	if got := shop.ops(); got["svc-reader"] != plan.Update {
		t.Errorf("after a change there: %v", got)
	}
}

// TestReferenceToUnknownStackIsRefused: of a stack, or an environment, whose outputs the run was not given.
func TestReferenceToUnknownStackIsRefused(t *testing.T) {
	for program, want := range map[string]string{
		"reader":        "stack platform is not among those that this one reads from",
		"reader-abroad": "is not to a wave of a stack in environment dev",
	} {
		shop := newFixture(t)
		if program != "reader" {
			shop.run.Foreign = publish(t, newFixture(t), "v1")
		}
		err := Preview(context.Background(), shop.describe(program))
		told := false
		for _, e := range shop.events {
			told = told || strings.Contains(e.Message, want)
		}
		if err == nil || !told && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, events %+v; want %q", program, err, shop.events, want)
		}
		if len(shop.cloud.ids()) > 0 {
			t.Errorf("%s made %v", program, shop.cloud.ids())
		}
	}
}

// TestExportsOutliveAFailedRun: what a failed run did not come to is as before.
func TestExportsOutliveAFailedRun(t *testing.T) {
	f := newFixture(t)
	f.must(f.update("database", "publisher"))
	if err := f.update("database", "broken"); err == nil {
		t.Fatal("the broken program did not fail")
	}
	exports, err := f.state.Exports()
	if err != nil {
		t.Fatal(err)
	}
	if !exports.Has("svc/publisher.url") || exports.Has("svc/publisher.uri") || exports.None() {
		t.Errorf("exports: %v", exports)
	}
	f.destroy()
	if exports, err = f.state.Exports(); err != nil || !exports.None() {
		t.Errorf("after the destruction: %v, %v", exports, err)
	}
}
