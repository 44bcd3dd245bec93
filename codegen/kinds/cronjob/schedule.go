package cronjob

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/iam"
)

// role is what Scheduler starts the task with: it may run any revision of the job's task definition in the stack's
// cluster, hand the task its roles, and put what it could not start into the queue.
func (j *job) role() {
	iam.AddRole(j.Builder, iam.Role{
		Var: "scheduleRole", Part: "schedule", What: "role of the schedule", Trust: iam.TrustServices("scheduler.amazonaws.com"),
		Source: j.Place("schedule"),
	})
	cluster := jen.Id("base").Dot("clusterARN")
	statements := []iam.Statement{
		{
			Sid: "Run", Actions: []string{"ecs:RunTask"},
			Resources:  []jen.Code{component.Pulumi("Sprintf").Call(jen.Lit("%s:*"), jen.Id("task").Dot("ArnWithoutRevision"))},
			Conditions: []iam.Condition{{Operator: "ArnEquals", Key: "ecs:cluster", Values: []jen.Code{cluster}}},
		},
		{
			Sid: "Tag", Actions: []string{"ecs:TagResource"}, Resources: []jen.Code{j.tasks()},
			Conditions: []iam.Condition{{Operator: "StringEquals", Key: "ecs:CreateAction", Values: []jen.Code{jen.Lit("RunTask")}}},
		},
		{
			Sid: "HandRoles", Actions: []string{"iam:PassRole"},
			Resources: []jen.Code{jen.Id("taskRole").Dot("Arn"), jen.Id("executionRole").Dot("Arn")},
			Conditions: []iam.Condition{{Operator: "StringEquals", Key: "iam:PassedToService",
				Values: []jen.Code{jen.Lit("ecs-tasks.amazonaws.com")}}},
		},
		{Sid: "DeadLetters", Actions: []string{"sqs:SendMessage"}, Resources: []jen.Code{jen.Id("deadLetters").Dot("Arn")}},
	}
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

// tasks are the ARNs of all tasks of the stack's cluster, of which those that are just started can be tagged.
func (j *job) tasks() jen.Code {
	region := j.Stack().Region
	return component.Pulumi("Sprintf").Call(jen.Lit("arn:"+component.Partition(region)+":ecs:"+region+":%s:task/%s/*"),
		jen.Id("base").Dot("accountID"), jen.Id("base").Dot("clusterName"))
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
	run := component.Fields{
		{Name: "TaskDefinitionArn", Value: jen.Id("task").Dot("Arn")},
		{Name: "TaskCount", Value: component.Int(j.Copies)},
	}
	run = append(run, j.task.Launch("scheduler", "ScheduleTargetEcsParameters")...)
	run = append(run, component.Fields{
		{Name: "PlacementStrategies", Value: component.If(j.task.Spec.Runtime.Platform == container.EC2, placement())},
		{Name: "NetworkConfiguration", Value: j.task.Network("scheduler", "ScheduleTargetEcsParameters")},
		{Name: "EnableEcsManagedTags", Value: component.Bool(true)},
		{Name: "PropagateTags", Value: component.Str("TASK_DEFINITION")},
	}...)
	return of("", component.Fields{
		{Name: "Arn", Value: jen.Id("base").Dot("clusterARN")},
		{Name: "RoleArn", Value: jen.Id("scheduleRole").Dot("Arn")},
		{Name: "EcsParameters", Value: of("EcsParameters", run)},
		{Name: "RetryPolicy", Value: of("RetryPolicy", component.Fields{
			{Name: "MaximumRetryAttempts", Value: component.Int(j.Retry.Attempts)},
			{Name: "MaximumEventAgeInSeconds", Value: component.Int(int(j.Retry.MaxAge))},
		})},
		{Name: "DeadLetterConfig", Value: of("DeadLetterConfig", component.Fields{
			{Name: "Arn", Value: jen.Id("deadLetters").Dot("Arn")},
		})},
	})
}

// placement puts copies on the fullest machine that has room, so that jobs keep no machine from becoming empty.
func placement() jen.Code {
	const typ = "ScheduleTargetEcsParametersPlacementStrategy"
	return component.List(component.AWS("scheduler", typ+"Array"), component.Struct(component.AWS("scheduler", typ+"Args"), component.Fields{
		{Name: "Type", Value: component.Str("binpack")}, {Name: "Field", Value: component.Str("memory")},
	}))
}
