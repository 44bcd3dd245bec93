package aws

import (
	"cmp"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func eventTarget() *Kind {
	return &Kind{
		Type: eventTargetType, Label: "EventBridge Target", Regional: true, Idempotent: true,
		Replace: []string{"rule", "eventBusName", "targetId"},
		JSON:    []string{"input"},
		Checks: []Check{
			matching("targetId", `^[.\-_A-Za-z0-9]{1,64}$`, "up to 64 letters, digits and .-_"), arnText("arn"), arnText("roleArn"), arnText("deadLetterConfig.arn"),
			atMostOne("input", "inputPath", "inputTransformer"), jsonText("input"), matching("inputPath", `^\$`, "a JSON path begins with $"),
			within("retryPolicy.maximumEventAgeInSeconds", 60, 86400), within("retryPolicy.maximumRetryAttempts", 0, 185),
			within("ecsTarget.taskCount", 1, 10), oneOf("ecsTarget.launchType", "EC2", "FARGATE", "EXTERNAL"), checkTargetRole,
		},
		Defaults: func(*Call) store.Values { return store.Values{"eventBusName": "default", "forceDestroy": false} },
		Create: func(c *Call) (*Made, error) {
			rule, err := eventTargetFits(c, nil)
			if err != nil {
				return nil, err
			}
			id := c.In.String("targetId")
			made := &Made{Outputs: store.Values{}}
			if id == "" {
				id = "terraform-" + c.Digits("target", 26)
				made.Outputs["targetId"] = id
			}
			made.ID = rule.Property("name") + "-" + id
			if bus := busOf(c.In.String("eventBusName")); bus != "default" {
				made.ID = bus + "-" + made.ID
			}
			return made, nil
		},
		Update: func(c *Call, prior *store.Resource) (*Made, error) {
			_, err := eventTargetFits(c, prior)
			return nil, err
		},
		Unwell: eventTargetUnwell,
		Usual:  Usual{1, 1, 1},
	}
}

// checkTargetRole demands a role for the targets that EventBridge reaches by one only.
func checkTargetRole(in store.Values) []Problem {
	a, ok := parseARN(in.String("arn"))
	if !ok || in.Has("roleArn") {
		return nil
	}
	if in.Has("ecsTarget") || a.service == "states" || a.service == "kinesis" || a.service == "firehose" || a.service == "batch" {
		return []Problem{{"roleArn", "RoleArn is required for target " + in.String("arn") + "."}}
	}
	return nil
}

func eventTargetFits(c *Call, prior *store.Resource) (*store.Resource, error) {
	rule := c.ruleOf(c.In)
	if rule == nil {
		return nil, errorf("ResourceNotFoundException", "Rule %s does not exist on EventBus %s.", c.In.String("rule"), busOf(c.In.String("eventBusName")))
	}
	others := 0
	for _, t := range c.all(eventTargetType) {
		if c.ruleOf(t.Inputs) == rule && (prior == nil || t.Key != prior.Key) && (c.In.String("targetId") == "" || t.Property("targetId") != c.In.String("targetId")) {
			others++
		}
	}
	if others >= 5 {
		return nil, errorf("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
	}
	if strings.HasSuffix(c.In.String("arn"), ".fifo") && c.In.Object("sqsTarget").String("messageGroupId") == "" {
		return nil, errorf("ValidationException", "Parameter(s) MessageGroupId must be specified for target: %s.", c.In.String("targetId"))
	}
	if role := c.In.String("roleArn"); role != "" {
		refusal := errorf("ValidationException", "Provided role '%s' cannot be assumed by principal 'events.amazonaws.com'.", role)
		if err := c.roleAssumable(role, "events.amazonaws.com", refusal); err != nil {
			return nil, err
		}
	}
	return rule, nil
}

func eventTargetUnwell(c *Call, r *store.Resource) string {
	target := r.Inputs.String("arn")
	if role := r.Inputs.String("roleArn"); role != "" {
		return cmp.Or(c.roleDelivers(role, target), c.roleStarts(role, r.Inputs.Object("ecsTarget").String("taskDefinitionArn")))
	}
	rule := c.ruleOf(r.Inputs)
	if rule == nil {
		return "the rule does not exist"
	}
	return c.undelivered("events.amazonaws.com", rule.Outputs.String("arn"), target)
}
