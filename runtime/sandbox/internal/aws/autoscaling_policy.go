package aws

import (
	"cmp"
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func ofGroup() Ref {
	return Ref{Path: "autoscalingGroupName", To: groupType, Owned: true, Missing: missing("ValidationError", "AutoScalingGroup name not found - %s")}
}

func keyInGroup(id string, outputs store.Values) string {
	return outputs.String("autoscalingGroupName") + "/" + id
}

func groupPolicy() *Kind {
	return &Kind{
		Type: "aws:autoscaling/policy:Policy", Label: "Auto Scaling Policy", Regional: true, Idempotent: true,
		Name: "name", MaxName: 255,
		Replace: []string{"name", "autoscalingGroupName", "policyType"},
		Checks: []Check{
			oneOf("policyType", "SimpleScaling", "StepScaling", "TargetTrackingScaling", "PredictiveScaling"),
			oneOf("adjustmentType", "ChangeInCapacity", "ExactCapacity", "PercentChangeInCapacity"),
			oneOf("metricAggregationType", "Minimum", "Maximum", "Average"), checkGroupPolicy,
		},
		Defaults: func(*Call) store.Values { return store.Values{"policyType": "SimpleScaling", "enabled": true} },
		Refs:     []Ref{ofGroup()},
		Key:      keyInGroup,
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("name")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("autoscaling", fmt.Sprintf("scalingPolicy:%s:autoScalingGroupName/%s:policyName/%s",
				c.UUID("policy"), c.In.String("autoscalingGroupName"), name))}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

// checkGroupPolicy demands what each type of policy needs.
func checkGroupPolicy(in store.Values) []Problem {
	if in.Has("policyType") && !in.Known("policyType") {
		return nil
	}
	need := map[string][]string{"SimpleScaling": {"scalingAdjustment", "adjustmentType"},
		"StepScaling": {"stepAdjustments", "adjustmentType"}, "TargetTrackingScaling": {"targetTrackingConfiguration"}, "PredictiveScaling": {"predictiveScalingConfiguration"}}
	policy := cmp.Or(in.String("policyType"), "SimpleScaling")
	for _, p := range need[policy] {
		if !in.Has(p) {
			return []Problem{{p, fmt.Sprintf("%s must be given for policy type %s", p, policy)}}
		}
	}
	tracking := in.Object("targetTrackingConfiguration")
	if tracking == nil {
		return nil
	}
	const metric = "predefinedMetricSpecification"
	out := exactlyOne(metric, "customizedMetricSpecification")(tracking)
	spec := tracking.Object(metric)
	out = append(out, oneOf("predefinedMetricType", "ASGAverageCPUUtilization", "ASGAverageNetworkIn", "ASGAverageNetworkOut", "ALBRequestCountPerTarget")(spec)...)
	if spec.String("predefinedMetricType") == "ALBRequestCountPerTarget" && !spec.Has("resourceLabel") {
		out = append(out, Problem{"resourceLabel", "resourceLabel must be given for ALBRequestCountPerTarget"})
	}
	for i := range out {
		out[i].Property = "targetTrackingConfiguration." + out[i].Property
	}
	return out
}

func groupSchedule() *Kind {
	return &Kind{
		Type: "aws:autoscaling/schedule:Schedule", Label: "Auto Scaling Scheduled Action", Regional: true, Idempotent: true,
		Replace: []string{"autoscalingGroupName", "scheduledActionName"},
		Checks: []Check{
			matching("recurrence", `^\S+( \S+){4}$`, "a recurrence has five cron fields"), matching("startTime", isoTimes, "a time such as 2030-01-01T00:00:00Z"),
			matching("endTime", isoTimes, "a time such as 2030-01-01T00:00:00Z"), checkGroupSchedule,
		},
		Refs: []Ref{ofGroup()},
		Key:  keyInGroup,
		Create: func(c *Call) (*Made, error) {
			name := c.In.String("scheduledActionName")
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("autoscaling", fmt.Sprintf("scheduledUpdateGroupAction:%s:autoScalingGroupName/%s:scheduledActionName/%s",
				c.UUID("action"), c.In.String("autoscalingGroupName"), name))}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

const isoTimes = `^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)?$`

func checkGroupSchedule(in store.Values) []Problem {
	if !in.Has("minSize") && !in.Has("maxSize") && !in.Has("desiredCapacity") {
		return []Problem{{"desiredCapacity", "one of minSize, maxSize, desiredCapacity must be given"}}
	}
	if !in.Has("recurrence") && !in.Has("startTime") {
		return []Problem{{"recurrence", "one of recurrence, startTime must be given"}}
	}
	low, ok1 := at(in, "minSize").(float64)
	high, ok2 := at(in, "maxSize").(float64)
	if ok1 && ok2 && high >= 0 && low > high { // -1 leaves a size as it is
		return []Problem{{"maxSize", fmt.Sprintf("Max bound, %v, must be greater than or equal to min bound, %v", high, low)}}
	}
	return nil
}

func lifecycleHook() *Kind {
	fits := func(c *Call) error {
		if target := c.In.String("notificationTargetArn"); target != "" && c.gone(target) {
			return errorf("ValidationError", "Unable to publish test message to notification target %s using IAM role %s. Please check your target and "+
				"role configuration and try to put lifecycle hook again.", target, c.In.String("roleArn"))
		}
		return nil
	}
	return &Kind{
		Type: "aws:autoscaling/lifecycleHook:LifecycleHook", Label: "Auto Scaling Lifecycle Hook", Regional: true, Idempotent: true,
		Name: "name", MaxName: 255,
		Replace: []string{"name", "autoscalingGroupName"},
		Checks: []Check{
			matching("name", `^[A-Za-z0-9_/-]{1,255}$`, "up to 255 letters, digits and _/-"), oneOf("defaultResult", "CONTINUE", "ABANDON"),
			oneOf("lifecycleTransition", "autoscaling:EC2_INSTANCE_LAUNCHING", "autoscaling:EC2_INSTANCE_TERMINATING"),
			within("heartbeatTimeout", 30, 7200), arnText("notificationTargetArn"), together("notificationTargetArn", "roleArn"),
		},
		Defaults: func(*Call) store.Values { return store.Values{"defaultResult": "ABANDON", "heartbeatTimeout": 3600} },
		Refs:     []Ref{ofGroup()},
		Key:      keyInGroup,
		Create:   func(c *Call) (*Made, error) { return &Made{ID: c.In.String("name")}, fits(c) },
		Update:   func(c *Call, _ *store.Resource) (*Made, error) { return nil, fits(c) },
		Usual:    Usual{1, 1, 1},
	}
}
