package aws

import (
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func snapshotLifecycle() *Kind {
	const times = `^([01]\d|2[0-3]):[0-5]\d$`
	return &Kind{
		Type: "aws:dlm/lifecyclePolicy:LifecyclePolicy", Label: "DLM Lifecycle Policy", Random: true,
		Checks: []Check{
			matching("description", `^[0-9A-Za-z _-]{1,500}$`, "up to 500 letters, digits, spaces, hyphens and underscores"), arnText("executionRoleArn"),
			oneOf("state", "ENABLED", "DISABLED"), oneOf("policyDetails.policyType", "EBS_SNAPSHOT_MANAGEMENT", "IMAGE_MANAGEMENT", "EVENT_BASED_POLICY"),
			inObject("policyDetails", eachString("resourceTypes", `^(VOLUME|INSTANCE)$`, "a resource type is VOLUME or INSTANCE"),
				eachObject("schedules", among("createRule.interval", 1, 2, 3, 4, 6, 8, 12, 24), oneOf("createRule.intervalUnit", "HOURS"),
					oneOf("createRule.location", "CLOUD", "OUTPOST_LOCAL", "LOCAL_ZONE"), matching("createRule.times", times, "a time of day such as 03:00"),
					within("retainRule.count", 1, 1000), oneOf("retainRule.intervalUnit", "DAYS", "WEEKS", "MONTHS", "YEARS"),
					inObject("createRule", exactlyOne("interval", "cronExpression")), inObject("retainRule", exactlyOne("count", "interval")))),
			checkLifecycle,
		},
		Defaults: func(*Call) store.Values { return store.Values{"state": "ENABLED"} },
		Create: func(c *Call) (*Made, error) {
			id := "policy-0" + c.Hex("policy", 16)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("dlm", "policy/"+id)}}, lifecycleFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, lifecycleFits(c) },
		Usual:  Usual{2, 2, 1},
	}
}

// checkLifecycle demands what a policy of schedules needs.
func checkLifecycle(in store.Values) []Problem {
	d := in.Object("policyDetails")
	if d == nil || (d.Has("policyType") && d.String("policyType") != "EBS_SNAPSHOT_MANAGEMENT") {
		return nil
	}
	var out []Problem
	for _, p := range []string{"resourceTypes", "targetTags", "schedules"} {
		if !d.Has(p) {
			out = append(out, Problem{"policyDetails." + p, p + " must be given for policy type EBS_SNAPSHOT_MANAGEMENT"})
		}
	}
	return out
}

func lifecycleFits(c *Call) error {
	role := c.In.String("executionRoleArn")
	return c.roleAssumable(role, "dlm.amazonaws.com", errorf("InvalidRequestException", "Role %s cannot be assumed by DLM.", role))
}
