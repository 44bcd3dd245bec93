package cronjob

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/runtask"
)

// role is what Scheduler starts the task with: it may run any revision of the job's task definition in the stack's
// cluster, hand the task its roles, and put what it could not start into the queue.
func (j *job) role() {
	iam.AddRole(j.Builder, iam.Role{
		Var: "scheduleRole", Part: "schedule", What: "role of the schedule", Trust: iam.TrustServices("scheduler.amazonaws.com"),
		Source: j.Place("schedule"),
	})
	statements := append(runtask.Statements(j.Builder, runtask.Own()), iam.Statement{
		Sid: "DeadLetters", Actions: []string{"sqs:SendMessage"}, Resources: []jen.Code{jen.Id("deadLetters").Dot("Arn")},
	})
	if key := j.Key(); key != nil {
		statements = append(statements, iam.Statement{
			Sid: "DeadLettersKey", Actions: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resources: []jen.Code{key},
		})
	}
	j.task.WaitFor = append(j.task.WaitFor, iam.AddPolicy(j.Builder, iam.Policy{
		Var: "scheduleGrants", Part: "schedule", What: "policy of the schedule", Role: "scheduleRole", Statements: statements,
		Source: j.Place("schedule"),
	})...)
}

func (j *job) schedule() {
	state := "ENABLED"
	if !j.Enabled {
		state = "DISABLED"
	}
	window := component.Fields{{Name: "Mode", Value: component.Str("OFF")}}
	if j.Window != nil {
		window = component.Fields{
			{Name: "Mode", Value: component.Str("FLEXIBLE")},
			{Name: "MaximumWindowInMinutes", Value: component.Int(int(*j.Window) / 60)},
		}
	}
	optional := func(text string) jen.Code { return component.If(text != "", component.Str(text)) }
	j.Resource(component.Resource{
		Var: "schedule", Type: "aws:scheduler/schedule:Schedule", What: "schedule", Source: j.Place("schedule"),
		Args: component.Fields{
			{Name: "Name", Value: j.Physical(64, "")},
			{Name: "Description", Value: component.Str("Runs " + j.ID())},
			{Name: "ScheduleExpression", Value: component.Str(j.Schedule)},
			{Name: "ScheduleExpressionTimezone", Value: component.Str(j.Timezone)},
			{Name: "StartDate", Value: optional(j.StartAt)},
			{Name: "EndDate", Value: optional(j.EndAt)},
			{Name: "State", Value: component.Str(state)},
			{Name: "FlexibleTimeWindow", Value: component.Struct(component.AWS("scheduler", "ScheduleFlexibleTimeWindowArgs"), window)},
			{Name: "KmsKeyArn", Value: j.Key()},
			{Name: "Target", Value: j.target()},
		},
		Options: []jen.Code{j.task.DependsOnAll()},
	})
}

// target is what the schedule does: run the task in the cluster.
func (j *job) target() jen.Code {
	of := func(name string, fields component.Fields) jen.Code {
		return component.Struct(component.AWS("scheduler", "ScheduleTarget"+name+"Args"), fields)
	}
	return of("", component.Fields{
		{Name: "Arn", Value: runtask.Cluster()},
		{Name: "RoleArn", Value: jen.Id("scheduleRole").Dot("Arn")},
		{Name: "EcsParameters", Value: runtask.Parameters("scheduler", "ScheduleTargetEcsParameters", runtask.Own(), j.specification.run())},
		{Name: "RetryPolicy", Value: of("RetryPolicy", component.Fields{
			{Name: "MaximumRetryAttempts", Value: component.Int(j.Retry.Attempts)},
			{Name: "MaximumEventAgeInSeconds", Value: component.Int(int(j.Retry.MaxAge))},
		})},
		{Name: "DeadLetterConfig", Value: of("DeadLetterConfig", component.Fields{
			{Name: "Arn", Value: jen.Id("deadLetters").Dot("Arn")},
		})},
	})
}
