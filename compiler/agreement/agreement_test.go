package agreement

import (
	"slices"
	"strings"
	"testing"

	"github.com/panka-io/panka/schema"
)

// TestRulesFollowTheSchema finds rules about fields that name no component, which would never be asked.
func TestRulesFollowTheSchema(t *testing.T) {
	s, err := schema.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		names := slices.ContainsFunc(s.ComponentFields(r.kind), func(f schema.ComponentField) bool {
			return strings.Join(f.Path, ".") == r.field
		})
		if !names {
			t.Errorf("the field %s of kind %s names no component", r.field, r.kind)
		}
	}
}

// TestFieldsThatRulesReadExist holds what the rules look at against the schema.
func TestFieldsThatRulesReadExist(t *testing.T) {
	s, err := schema.New()
	if err != nil {
		t.Fatal(err)
	}
	for kind, fields := range map[string][]string{
		"SQS": {"fifo.enabled", "visibilityTimeout", "deadLetterQueue.enabled", "deadLetterQueue.component",
			"redriveAllow.permission", "redriveAllow.queues"},
		"SNS":          {"fifo.enabled"},
		"S3":           {"versioning.enabled", "objectLock", "objectOwnership"},
		"Lambda":       {"timeout", "vpc", "triggers.*.queue.batchWindow"},
		"EventBridge":  {"rules.*.targets.*.messageGroupId"},
		"ALB":          {"routes.*.port", "scheme"},
		"NLB":          {"routes.*.targetPort", "routes.*.protocol"},
		"MicroService": {"ports.*.name", "ports.*.protocol", "networking.loadBalancer.enabled", "networking.loadBalancer.scheme", "networking.loadBalancer.certificateArn"},
		"APIGateway":   {"protocol"},
		"CloudFront":   {"origins.*.protocol"},
		"EC2Instance":  {"ports.*.name", "ports.*.protocol", "group", "placement.zone"},
		"EFS":          {"mounts.*.component", "mounts.*.path", "mounts.*.accessPoint"},
		"AWSMemoryDB":  {"users.*.name"},
		"EBS":          {"mounts.*.component", "mounts.*.path", "availabilityZone"},
	} {
		for _, field := range fields {
			if s.Doc(kind, append([]string{"spec"}, strings.Split(field, ".")...)...) == "" {
				t.Errorf("%s has no field %s", kind, field)
			}
		}
	}
}
