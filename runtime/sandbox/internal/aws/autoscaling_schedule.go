package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const scheduledActionType = "aws:appautoscaling/scheduledAction:ScheduledAction"

func scheduledAction() *Kind {
	fits := func(c *Call) error {
		action := c.In.Object("scalableTargetAction")
		if !action.Has("minCapacity") && !action.Has("maxCapacity") {
			return errorf("ValidationException", "ScalableTargetAction must have at least one of MinCapacity and MaxCapacity")
		}
		if c.Find(scalableTargetType, c.In.String("resourceId")) == nil {
			return errorf("ObjectNotFoundException", "No scalable target registered for service namespace: %s, resource ID: %s, scalable dimension: %s",
				c.In.String("serviceNamespace"), c.In.String("resourceId"), c.In.String("scalableDimension"))
		}
		return nil
	}
	return &Kind{
		Type: scheduledActionType, Label: "Application AutoScaling Scheduled Action", Regional: true, Idempotent: true,
		Name: "name", MaxName: 256,
		Replace: append([]string{"name"}, scalingIdentity...),
		Checks: []Check{
			matching("schedule", strings.Replace(scheduleForm(true), `:\d\d\)|`, `(:\d\d)?\)|`, 1), "at(2030-01-01T00:00:00), rate(5 minutes) or cron(0 12 * * ? *)"),
			matching("startTime", isoTimes, "a time such as 2030-01-01T00:00:00Z"), matching("endTime", isoTimes, "a time such as 2030-01-01T00:00:00Z"), checkNamespace,
		},
		Defaults: func(*Call) store.Values { return store.Values{"timezone": "UTC"} },
		Create: func(c *Call) (*Made, error) {
			name, ns, id := c.In.String("name"), c.In.String("serviceNamespace"), c.In.String("resourceId")
			arn := c.ARN("autoscaling", fmt.Sprintf("scheduledAction:%s:resource/%s/%s:scheduledActionName/%s", c.UUID("action"), ns, id, name))
			return &Made{ID: strings.Join([]string{name, ns, id}, "-"), Outputs: store.Values{"arn": arn}}, fits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, fits(c) },
		Usual:  Usual{1, 1, 1},
	}
}
