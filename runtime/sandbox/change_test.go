package sandbox

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
)

func checkOf(typ string) provider.CheckRequest { return provider.CheckRequest{URN: urnOf(typ, "x")} }

func mappable(th *thing) props {
	in := props{}
	for k, v := range th.inputs {
		in[string(k)] = v
	}
	return in
}

// TestDiffs: for each type, what changes in place and what replaces.
func TestDiffs(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	unknown := resource.MakeComputed(resource.NewProperty(""))
	network := s.things["service"].inputs["networkConfiguration"].ObjectValue().Mappable()
	subnets := network["subnets"].([]any)
	turned := slices.Clone(subnets)
	slices.Reverse(turned)
	for name, c := range map[string]struct {
		key              string
		change           props
		changed, replace string // of property names
		deleteFirst      bool
	}{
		"nothing":                  {"service", nil, "", "", false},
		"count":                    {"service", props{"desiredCount": 4}, "desiredCount", "", false},
		"cluster":                  {"service", props{"cluster": "other"}, "cluster", "cluster", true},
		"subnets in another order": {"service", props{"networkConfiguration": with(network, props{"subnets": turned})}, "", "", false},
		"one subnet less":          {"service", props{"networkConfiguration": with(network, props{"subnets": subnets[:2]})}, "networkConfiguration", "", false},
		"unknown task definition":  {"service", props{"taskDefinition": unknown}, "taskDefinition", "", false},
		"property removed":         {"service", props{"desiredCount": nil}, "desiredCount", "", false},
		"image":                    {"task", props{"containerDefinitions": "[]"}, "containerDefinitions", "containerDefinitions", false},
		"JSON in another form":     {"task", props{"containerDefinitions": strings.ReplaceAll(s.things["task"].inputs["containerDefinitions"].StringValue(), "\n", " ")}, "", "", false},
		"task tags":                {"task", props{"tags": props{"a": "b"}}, "tags", "", false},
		"policy in another form":   {"role", props{"assumeRolePolicy": strings.ReplaceAll(trust, ",", ", ")}, "", "", false},
		"role name":                {"role", props{"name": "other"}, "name", "name", false},
		"database class":           {"db", props{"instanceClass": "db.r6g.large"}, "instanceClass", "", false},
		"database engine":          {"db", props{"engine": "mysql"}, "engine", "engine", true},
		"database user":            {"db", props{"username": "root"}, "username", "username", true},
		"database encryption":      {"db", props{"storageEncrypted": false}, "storageEncrypted", "storageEncrypted", true},
		"database identifier":      {"db", props{"identifier": "other"}, "identifier", "", false},
		"password":                 {"db", props{"password": secret("another-password")}, "password", "", false},
		"password no secret":       {"db", props{"password": secretValue}, "", "", false},
		"parameter family":         {"db-params", props{"family": "postgres16"}, "family", "family", false},
		"subnet group name":        {"db-subnets", props{"name": "other"}, "name", "name", false},
		"retention":                {"logs", props{"retentionInDays": 30}, "retentionInDays", "", false},
		"log group name":           {"logs", props{"name": "other"}, "name", "name", false},
		"load balancer scheme":     {"lb", props{"internal": false}, "internal", "internal", true},
		"load balancer timeout":    {"lb", props{"idleTimeout": 30}, "idleTimeout", "", false},
		"target port":              {"targets", props{"port": 81}, "port", "port", true},
		"health check":             {"targets", props{"healthCheck": props{"path": "/ok", "interval": 15, "timeout": 5}}, "healthCheck", "", false},
		"listener port":            {"listener", props{"port": 81}, "port", "", false},
		"listener's load balancer": {"listener", props{"loadBalancerArn": "other"}, "loadBalancerArn", "loadBalancerArn", false},
		"rule port":                {"db-rule", props{"toPort": 5433, "fromPort": 5433}, "fromPort toPort", "", false},
		"rule group":               {"db-rule", props{"securityGroupId": "sg-1"}, "securityGroupId", "securityGroupId", false},
		"rule's kind of peer":      {"db-rule", props{"referencedSecurityGroupId": nil, "cidrIpv4": "10.0.0.0/8"}, "cidrIpv4 referencedSecurityGroupId", "referencedSecurityGroupId", false},
		"group description":        {"sg", props{"description": "other"}, "description", "description", false},
		"capacity":                 {"scalable", props{"maxCapacity": 12}, "maxCapacity", "", false},
		"scalable resource":        {"scalable", props{"resourceId": "service/a/b"}, "resourceId", "resourceId", false},
		"scaling policy name":      {"scaling", props{"name": "other"}, "name", "name", false},
		"attached policy":          {"managed", props{"policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}, "policyArn", "policyArn", false},
		"inline policy's text":     {"policy", props{"policy": trust}, "policy", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			w.t = t
			d, _ := w.diff(s.things[c.key], with(mappable(s.things[c.key]), c.change))
			if got := strings.Join(d.Changed, " "); got != c.changed {
				t.Errorf("changed %q, want %q", got, c.changed)
			}
			if got := strings.Join(d.Replace, " "); got != c.replace {
				t.Errorf("replaces because of %q, want %q", got, c.replace)
			}
			if d.DeleteBeforeReplace != c.deleteFirst {
				t.Errorf("delete before replace is %v, want %v", d.DeleteBeforeReplace, c.deleteFirst)
			}
		})
	}
}

func TestUpdatesInPlace(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	db := s.things["db"]
	address, id := db.out("address"), db.id
	for _, c := range []struct {
		change props
		want   string // error, or "" for success
	}{
		{props{"instanceClass": "db.r6g.large", "multiAz": true}, ""},
		{props{"allocatedStorage": 40}, "Storage size cannot be reduced"},
		{props{"engineVersion": "14.9"}, "Cannot upgrade postgres from 15.4 to 14.9"},
		{props{"engineVersion": "16.1"}, "AllowMajorVersionUpgrade flag must be present"},
		{props{"engineVersion": "15.5"}, ""},
		{props{"password": secret("no/slashes")}, "Only printable ASCII"},
		{props{"vpcSecurityGroupIds": []any{"sg-0"}}, "Invalid security group"},
		{props{"identifier": "renamed"}, ""},
	} {
		err := w.update(db, with(mappable(db), c.change))
		if c.want != "" {
			wantError(t, err, c.want)
			continue
		}
		if err != nil {
			t.Fatalf("%v: %v", c.change, err)
		}
	}
	if db.id != id || db.out("address") == address || !strings.HasPrefix(db.out("address"), "renamed.") {
		t.Errorf("after renaming: id %s (was %s), address %s (was %s)", db.id, id, db.out("address"), address)
	}
	if r := w.read(db); !r.Outputs.DeepEquals(db.outputs) {
		t.Errorf("read %v, update gave %v", r.Outputs, db.outputs)
	}
}

// TestTaskDefinitionRevisions: a new revision has the same ID as the old one, and deleting the old one leaves it.
func TestTaskDefinitionRevisions(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	old := s.things["task"]
	again := w.create(tTask, "web-task", with(mappable(old), props{"cpu": "512", "memory": "1024"}))
	if again.id != old.id || !strings.HasSuffix(again.out("arn"), "shop-dev-web:2") {
		t.Fatalf("second revision has ID %s and ARN %s", again.id, again.out("arn"))
	}
	if err := w.delete(old); err != nil {
		t.Fatal(err)
	}
	if w.read(old).Found || !w.read(again).Found {
		t.Error("deleting the old revision must leave the new one, and only that")
	}
	if err := w.delete(again); err != nil {
		t.Fatal(err)
	}
	third := w.create(tTask, "web-task", mappable(old))
	if !strings.HasSuffix(third.out("arn"), ":3") {
		t.Errorf("revisions are used twice: %s", third.out("arn"))
	}
	imported, err := w.p.Read(context.Background(), provider.ReadRequest{URN: third.urn, ID: third.id})
	if err != nil || !imported.Found || imported.Outputs["arn"].StringValue() != third.out("arn") {
		t.Errorf("reading by family alone gives %v, %v", imported, err)
	}
}

func TestGeneratedNames(t *testing.T) {
	w := newWorld(t, "")
	in := props{"family": "postgres15"}
	first := w.create(tDBParams, "params", in)
	if !regexp.MustCompile(`^params-[0-9a-f]{7}$`).MatchString(first.out("name")) {
		t.Fatalf("generated name is %q", first.out("name"))
	}
	if d, _ := w.diff(first, in); len(d.Changed) > 0 {
		t.Errorf("the generated name is not kept: %v", d.Changed)
	}
	// A replacement is checked without the old inputs and needs another name than the one that still exists.
	second := w.create(tDBParams, "params", in)
	if second.out("name") == first.out("name") {
		t.Error("a replacement has the name of what it replaces")
	}
	long := w.create(tLogs, strings.Repeat("n", 600), props{})
	if n := len(long.out("name")); n != 512 {
		t.Errorf("a generated log group name has %d characters", n)
	}
	prefixed := w.create(tLogs, "x", props{"namePrefix": "/logs/"})
	if !strings.HasPrefix(prefixed.out("name"), "/logs/") || prefixed.id != prefixed.out("name") {
		t.Errorf("name from prefix is %q, ID %q", prefixed.out("name"), prefixed.id)
	}
}

func TestDatabaseProtection(t *testing.T) {
	w := newWorld(t, "")
	in := props{"identifier": "prod", "engine": "mysql", "engineVersion": "8.0.40", "instanceClass": "db.t3.small", "allocatedStorage": 20,
		"username": "owner", "password": secret("long-enough"), "deletionProtection": true}
	db := w.create(tDB, "db", in)
	wantError(t, w.delete(db), "Cannot delete protected DB Instance")
	in["deletionProtection"] = false
	if err := w.update(db, in); err != nil {
		t.Fatal(err)
	}
	wantError(t, w.delete(db), "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified")
	in["finalSnapshotIdentifier"] = "prod-last"
	if err := w.update(db, in); err != nil {
		t.Fatal(err)
	}
	if err := w.delete(db); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(w.file(), `"prod-last": {`) {
		t.Error("the final snapshot is not in the account")
	}
	db = w.create(tDB, "db", in)
	wantError(t, w.delete(db), "DBSnapshotAlreadyExists")
}

// TestPreview: what is known before anything is made, and what is not.
func TestPreview(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	before := w.file()
	db := s.things["db"]
	id, out, err := w.p.Create(context.Background(), provider.CreateRequest{URN: urnOf(tDB, "new"), Inputs: db.inputs, Preview: true})
	if err != nil || id != "" {
		t.Fatalf("preview gives ID %q, %v", id, err)
	}
	for _, key := range []resource.PropertyKey{"address", "endpoint", "arn", "resourceId"} {
		if !out[key].IsComputed() {
			t.Errorf("%s is %v in a preview", key, out[key])
		}
	}
	if out["port"].NumberValue() != 5432 || !out["password"].IsSecret() || out["identifier"].StringValue() != "shop-dev-db" {
		t.Errorf("preview gives port %v, password %v, identifier %v", out["port"], out["password"].RedactSecrets(), out["identifier"])
	}
	news := db.inputs.Copy()
	news["instanceClass"] = resource.NewProperty("db.r6g.large")
	out, err = w.p.Update(context.Background(), provider.UpdateRequest{URN: db.urn, ID: db.id, OldInputs: db.inputs, OldOutputs: db.outputs,
		NewInputs: news, Preview: true})
	if err != nil {
		t.Fatal(err)
	}
	if out["address"].IsComputed() || unwrap(out["address"]).StringValue() != db.out("address") || out["instanceClass"].StringValue() != "db.r6g.large" {
		t.Errorf("preview of an update gives address %v, class %v", out["address"], out["instanceClass"])
	}
	if w.file() != before {
		t.Error("a preview changed the account")
	}
}

// TestDrift: what a person does to cloud.json is what the next look finds.
func TestDrift(t *testing.T) {
	w := newWorld(t, shopConfig)
	s := newShop(t, w)
	w.edit(`"retentionInDays": 14`, `"retentionInDays": 365`)
	r := w.read(s.things["logs"])
	if r.Inputs["retentionInDays"].NumberValue() != 365 || r.Outputs["retentionInDays"].NumberValue() != 365 {
		t.Errorf("edited retention reads %v", r.Inputs["retentionInDays"])
	}
	queue := w.create(tQueue, "q", props{"name": "jobs"})
	arn := queue.out("arn")
	w.edit(fmt.Sprintf("%q", arn), `"arn:edited"`)
	if got := w.read(queue).Outputs["arn"].StringValue(); got != "arn:edited" {
		t.Errorf("edited output reads %q", got)
	}
	text := w.file()
	at := strings.Index(text, `"aws:sqs/queue:Queue"`)
	w.edit(text[at:at+strings.Index(text[at:], "\n    }")+6], `"aws:sqs/queue:Queue": {}`)
	if w.read(queue).Found {
		t.Error("a removed resource is still found")
	}
	w.edit(secretValue, "rotated-by-hand")
	v, err := w.invoke("aws:secretsmanager/getSecretVersion:getSecretVersion", props{"secretId": secretName})
	if err != nil || unwrap(v["secretString"]).StringValue() != "rotated-by-hand" {
		t.Errorf("edited secret: %v", err)
	}
	w.edit(`"version": 1,`, `"version": 1,,`)
	_, err = w.p.Read(context.Background(), provider.ReadRequest{URN: queue.urn, ID: queue.id})
	wantError(t, err, "line 2")
}
