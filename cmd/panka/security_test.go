package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/security"
)

// fewestRules is how many rules there are at the least.
const fewestRules = 60

// asked are findings that the goldens' YAML asks for, by the rule and a part of the resource's name. Each must be found.
var asked = []struct{ rule, resource, why string }{
	{"CKV2_AWS_20", "alb-inside", "http: {action: forward}"},
	{"CKV2_AWS_20", "apigateway-orders", "a load balancer inside the VPC without a certificate"},
	{"CKV2_AWS_20", "cloudfront-api", "a load balancer without a certificate"},
	{"CKV2_AWS_20", "ec2instance-front", "http: {action: forward}"},
	{"CKV2_AWS_65", "cloudfront-logs", "objectOwnership: BucketOwnerPreferred, which CloudFront's logs need"},
	{"CKV2_AWS_72", "cloudfront", "protocol: http-only"},
	{"CKV_AWS_54", "s3-site", "access: publicRead"},
	{"CKV_AWS_56", "s3-site", "access: publicRead"},
	{"CKV_AWS_70", "s3-site", "access: publicRead"},
	{"CKV_AWS_145", "s3-site", "access: publicRead, which a key would forbid"},
	// S3 delivers its access logs only to buckets under its own key.
	{"CKV_AWS_145", "s3-logs", "accessLogs names the bucket"},
	{"CKV_AWS_145", "cloudfront-logs", "accessLogs names the bucket"},
	// The load balancer that belongs to a service holds no data, and is replaced with what the service's YAML says of it.
	{"CKV_AWS_150", "/apigateway-orders-", "networking.loadBalancer"},
	{"CKV_AWS_150", "/cloudfront-api-", "networking.loadBalancer"},
	{"CKV_AWS_150", "/microservice-api-", "networking.loadBalancer"},
	{"CKV_AWS_150", "/microservice-shifted-", "networking.loadBalancer"},
	// CloudWatch cannot send to a topic under the key that AWS keeps for SNS, so without a key of the stack's there is none.
	{"CKV_AWS_26", ":shop-test-alarms", "no encryption.key"},
}

// TestSecurity records what all kinds register, as small as can be and as usual, and holds the rules against it.
func TestSecurity(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the generated programs")
	}
	stacks := []*security.Stack{smallStack(t), guardedStack(t), kubernetesStack(t)}
	found := map[string]bool{}
	for _, stack := range stacks {
		for _, f := range security.Check(stack) {
			if why := askedFor(f); why != "" {
				found[why] = true
			} else {
				t.Errorf("%s", f)
			}
		}
	}
	for _, a := range asked {
		if !found[a.rule+" "+a.resource] {
			t.Errorf("%s holds for %s; it need not be asked for", a.rule, a.resource)
		}
	}
	rules := security.Rules()
	if len(rules) < fewestRules {
		t.Errorf("there are %d rules, fewer than %d", len(rules), fewestRules)
	}
	for _, rule := range rules {
		t.Run(rule.ID, func(t *testing.T) { wantSound(t, rule); wantBreakable(t, rule, stacks) })
	}
	for id := range counterexamples {
		if !slices.ContainsFunc(rules, func(r security.Rule) bool { return r.ID == id }) {
			t.Errorf("the counterexample is of no rule: %s", id)
		}
	}
}

// smallStack is the smallest stack with every kind: without protection, key or network of its own.
func smallStack(t *testing.T) *security.Stack {
	e := newEstate(t, "minimal", "allow", nil)
	e.panka(t, "apply", "--sandbox", "--yes")
	return &security.Stack{Resources: e.resources(t)}
}

// guardedStack has usual components of every kind, protection, and a key and network of its own.
func guardedStack(t *testing.T) *security.Stack {
	change := func(kind, name, service, spec string) string {
		return "apiVersion: components.panka.io/v1\nkind: " + kind + "\nmetadata: {name: " + name + ", service: " + service +
			", stack: shop}\nspec: " + spec + "\n"
	}
	e := newEstate(t, "typical", "block", map[string]string{
		"stacks/shop/infra/security.yaml":   infraDocument("Security", "security", "{encryption: {key: create}}"),
		"stacks/shop/infra/networking.yaml": infraDocument("Networking", "networking", "{vpc: {use: create, availabilityZones: 3}}"),
		// Protection forbids the first two, and the account has no addresses for the third.
		"stacks/shop/environments/test/s3.yaml":         change("S3", "logs", "s3", "{versioning: null}"),
		"stacks/shop/environments/test/cloudfront.yaml": change("S3", "logs", "cloudfront", "{versioning: null}"),
		"stacks/shop/environments/test/nlb.yaml":        change("NLB", "door", "nlb", "{elasticIpIds: null}"),
		"stacks/shop/environments/test/mount.yaml": change("EFS", "files", "efs",
			"{mounts: [{component: reader, path: /files, accessPoint: uploads}]}"),
		"stacks/shop/services/microservice/components/shifted/microservice.yaml": change("MicroService", "shifted", "microservice",
			`{image: {repository: nginx, tag: "1.27"}, ports: [{name: http, port: 80}], deployment: {strategy: blueGreen},
  networking: {loadBalancer: {enabled: true, certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/abc"}}}`),
		"stacks/shop/services/efs/components/reader/worker.yaml": change("Worker", "reader", "efs", "{image: {repository: nginx, tag: \"1.27\"}}"),
	})
	e.panka(t, "apply", "--sandbox", "--yes")
	return &security.Stack{Protected: true, Resources: e.resources(t)}
}

// kubernetesStack has usual components of every kind that can run on Kubernetes, protection, and a key and network of its
// own.
func kubernetesStack(t *testing.T) *security.Stack {
	e := newEstate(t, "eks_typical", "block", map[string]string{
		"stacks/shop/infra/security.yaml": infraDocument("Security", "security", "{encryption: {key: create}}"),
		"stacks/shop/infra/networking.yaml": infraDocument("Networking", "networking",
			"{vpc: {use: create}, cluster: {kubernetes: {publicEndpoint: {enabled: false}}}}"),
	})
	e.panka(t, "apply", "--sandbox", "--yes")
	return &security.Stack{Protected: true, Resources: e.resources(t)}
}

// infraDocument is a document of the stack's infra folder.
func infraDocument(kind, name, spec string) string {
	return "apiVersion: infra.panka.io/v1\nkind: " + kind + "\nmetadata: {name: " + name + ", stack: shop}\nspec: " + spec + "\n"
}

// askedFor is the entry of the list above that a finding is in.
func askedFor(f security.Finding) string {
	name := f.Resource.Name
	if tags, ok := f.Resource.Inputs["tags"].(map[string]any); ok {
		name += " " + fmt.Sprint(tags["panka:resource"])
	}
	for _, a := range asked {
		if a.rule == f.Rule.ID && strings.Contains(name, a.resource) {
			return a.rule + " " + a.resource
		}
	}
	return ""
}

func wantSound(t *testing.T, rule security.Rule) {
	if rule.Title == "" || len(rule.Types) == 0 {
		t.Errorf("the rule has no title or no types: %+v", rule)
	}
	if own := strings.HasPrefix(rule.ID, "panka/"); own != (rule.Source == "") {
		t.Errorf("the rule's source is %q", rule.Source)
	}
}

// wantBreakable makes sure that a rule is about something: each of its types is registered, and what its counterexample
// changes breaks it.
func wantBreakable(t *testing.T, rule security.Rule, stacks []*security.Stack) {
	changes := counterexamples[rule.ID]
	if len(changes) == 0 {
		t.Fatal("there is no counterexample")
	}
	for _, typ := range rule.Types {
		if !broken(t, rule, typ, changes, stacks) {
			t.Errorf("no %s breaks the rule with %v", typ, changes)
		}
	}
}

// broken tells whether any resource of a type, changed in any of the ways, breaks a rule that held for it.
func broken(t *testing.T, rule security.Rule, typ string, changes []change, stacks []*security.Stack) bool {
	for _, stack := range stacks {
		for i, r := range stack.Resources {
			if r.Type != typ {
				continue
			}
			for _, c := range changes {
				changed := &security.Stack{Protected: stack.Protected, Resources: slices.Clone(stack.Resources)}
				if !c.make(t, changed, i) {
					continue
				}
				if len(rule.Check(changed)) > len(rule.Check(stack)) {
					return true
				}
			}
		}
	}
	return false
}

// change is what a counterexample does to a resource: the value at a path becomes another, or nothing if that is nil; the
// path * stands for all inputs. A text on a path is a JSON document. If without is set, all resources of that type go instead.
type change struct {
	path    string
	value   any
	from    string // the value is that of this input
	without string
}

func (c change) make(t *testing.T, stack *security.Stack, i int) bool {
	if c.without != "" {
		before := len(stack.Resources)
		stack.Resources = slices.DeleteFunc(stack.Resources, func(r security.Resource) bool { return r.Type == c.without })
		return len(stack.Resources) < before
	}
	data, err := json.Marshal(stack.Resources[i].Inputs)
	if err != nil {
		t.Fatal(err)
	}
	var inputs map[string]any
	if err := json.Unmarshal(data, &inputs); err != nil {
		t.Fatal(err)
	}
	path := strings.Split(c.path, ".")
	if c.path == "*" {
		path = nil
	}
	value := c.value
	if c.from != "" {
		value = inputs[c.from]
	}
	changed, ok := put(inputs, path, value)
	if ok {
		stack.Resources[i].Inputs = changed.(map[string]any)
	}
	return ok
}

// put sets the value at a path; it fails if the path leads through a list that is too short.
func put(in any, path []string, value any) (any, bool) {
	if len(path) == 0 {
		return value, true
	}
	ok := false
	switch v := in.(type) {
	case nil:
		return put(map[string]any{}, path, value)
	case map[string]any:
		if len(path) == 1 && value == nil {
			delete(v, path[0])
			return v, true
		}
		v[path[0]], ok = put(v[path[0]], path[1:], value)
		return v, ok
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil || i >= len(v) {
			return in, false
		}
		v[i], ok = put(v[i], path[1:], value)
		return v, ok
	case string:
		var document any
		if json.Unmarshal([]byte(v), &document) != nil {
			return in, false
		}
		changed, ok := put(document, path, value)
		data, err := json.Marshal(changed)
		return string(data), ok && err == nil
	}
	return in, false
}
