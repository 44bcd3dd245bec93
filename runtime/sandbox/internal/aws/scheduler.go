package aws

import (
	"cmp"
	"time"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	scheduleType      = "aws:scheduler/schedule:Schedule"
	scheduleGroupType = "aws:scheduler/scheduleGroup:ScheduleGroup"
)

const scheduleNames = `^[0-9a-zA-Z_.-]{1,64}$`

func scheduleGroup() *Kind {
	return &Kind{
		Type: scheduleGroupType, Label: "EventBridge Scheduler Schedule Group", Regional: true,
		Name: "name", MaxName: 64,
		Replace: []string{"name", "namePrefix"},
		Checks:  []Check{matching("name", scheduleNames, "up to 64 letters, digits and _.-")},
		Conflict: func(name string) error {
			return errorf("ConflictException", "Schedule group %s already exists.", name)
		},
		Create: func(c *Call) (*Made, error) {
			name, now := c.In.String("name"), c.Now.UTC().Format(time.RFC3339)
			return &Made{ID: name, Outputs: store.Values{"arn": c.ARN("scheduler", "schedule-group/"+name), "state": "ACTIVE",
				"creationDate": now, "lastModificationDate": now}}, nil
		},
		Usual: Usual{1, 1, 5},
	}
}

func schedule() *Kind {
	return &Kind{
		Type: scheduleType, Label: "EventBridge Scheduler Schedule", Regional: true,
		Name: "name", MaxName: 64,
		Replace: []string{"name", "namePrefix", "groupName"},
		Checks: []Check{
			matching("name", scheduleNames, "up to 64 letters, digits and _.-"),
			matching("scheduleExpression", scheduleForm(true), "Invalid Schedule Expression: at(2030-01-01T00:00:00), rate(5 minutes) or cron(0 12 * * ? *)"),
			oneOf("state", "ENABLED", "DISABLED"), oneOf("flexibleTimeWindow.mode", "OFF", "FLEXIBLE"),
			within("flexibleTimeWindow.maximumWindowInMinutes", 1, 1440), checkWindow, checkTimezone,
			arnText("target.arn"), arnText("target.roleArn"), arnText("target.deadLetterConfig.arn"),
			within("target.retryPolicy.maximumEventAgeInSeconds", 60, 86400), within("target.retryPolicy.maximumRetryAttempts", 0, 185),
			within("target.ecsParameters.taskCount", 1, 10), oneOf("target.ecsParameters.launchType", "EC2", "FARGATE", "EXTERNAL"),
		},
		Defaults: func(*Call) store.Values {
			return store.Values{"groupName": "default", "state": "ENABLED", "scheduleExpressionTimezone": "UTC"}
		},
		Refs: []Ref{{Path: "groupName", To: scheduleGroupType, Owned: true, Builtin: func(name string) bool { return name == "default" },
			Missing: missing("ResourceNotFoundException", "Schedule group %s does not exist.")}},
		Create: func(c *Call) (*Made, error) {
			group, name := c.In.String("groupName"), c.In.String("name")
			if group == "" {
				group = "default"
			}
			id := group + "/" + name
			if c.other(scheduleType, nil, func(r *store.Resource) bool { return r.ID == id }) != nil {
				return nil, errorf("ConflictException", "Schedule %s already exists.", name)
			}
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("scheduler", "schedule/"+id)}}, scheduleFits(c)
		},
		Update: func(c *Call, _ *store.Resource) (*Made, error) { return nil, scheduleFits(c) },
		Unwell: func(c *Call, r *store.Resource) string {
			target := r.Inputs.Object("target")
			role := target.String("roleArn")
			return cmp.Or(c.roleDelivers(role, target.String("arn")), c.roleStarts(role, target.Object("ecsParameters").String("taskDefinitionArn")))
		},
		Usual: Usual{1, 1, 1},
	}
}

func checkWindow(in store.Values) []Problem {
	w := in.Object("flexibleTimeWindow")
	switch mode := w.String("mode"); {
	case mode == "FLEXIBLE" && !w.Has("maximumWindowInMinutes"):
		return []Problem{{"flexibleTimeWindow.maximumWindowInMinutes", "maximumWindowInMinutes must be given with mode FLEXIBLE"}}
	case mode == "OFF" && w.Has("maximumWindowInMinutes"):
		return []Problem{{"flexibleTimeWindow.maximumWindowInMinutes", "maximumWindowInMinutes must not be given with mode OFF"}}
	}
	return nil
}

func checkTimezone(in store.Values) []Problem {
	zone, ok := at(in, "scheduleExpressionTimezone").(string)
	if !ok {
		return nil
	}
	return matching("scheduleExpressionTimezone", `^(UTC|GMT|[A-Z][A-Za-z_]+(/[A-Za-z0-9_+-]+){1,2})$`, "Invalid ScheduleExpressionTimezone "+zone+": a name such as Europe/Berlin")(in)
}

func scheduleFits(c *Call) error {
	role := c.In.Object("target").String("roleArn")
	return c.roleAssumable(role, "scheduler.amazonaws.com",
		errorf("ValidationException", "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."))
}
