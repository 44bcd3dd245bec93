package cronjob

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
)

// deadLetters is the queue for runs that could not be started. Nobody reads it but people, over encrypted connections.
func (j *job) deadLetters() {
	source, key := j.Place("deadLetters"), j.Key()
	j.Resource(component.Resource{
		Var: "deadLetters", Type: "aws:sqs/queue:Queue", Part: "dead-letters", What: "dead-letter queue", Source: source,
		Args: component.Fields{
			{Name: "Name", Value: j.Physical(80, "dead-letters")},
			{Name: "MessageRetentionSeconds", Value: component.Int(j.DeadLetters.RetentionDays * 24 * 60 * 60)},
			{Name: "KmsMasterKeyId", Value: key},
			{Name: "SqsManagedSseEnabled", Value: component.If(key == nil, component.Bool(true))},
		},
	})
	arn := jen.Id("deadLetters").Dot("Arn")
	j.Resource(component.Resource{
		Type: "aws:sqs/queuePolicy:QueuePolicy", Part: "dead-letters", What: "policy of the dead-letter queue", Source: source,
		Args: component.Fields{
			{Name: "QueueUrl", Value: jen.Id("deadLetters").Dot("Url")},
			{Name: "Policy", Value: iam.Document(iam.Statement{
				Sid: "EncryptedOnly", Deny: true, Principal: &iam.Principal{Everyone: true}, Actions: []string{"sqs:*"},
				Resources:  []jen.Code{arn},
				Conditions: []iam.Condition{{Operator: "Bool", Key: "aws:SecureTransport", Values: []jen.Code{jen.Lit("false")}}},
			})},
		},
	})
}

// alarms tell of runs that could not be started and of those that failed.
func (j *job) alarms() {
	settings := alarm.For(j.Builder)
	if !j.AlarmOnFailure || !settings.Enabled {
		return
	}
	alarm.Add(j.Builder, alarm.Alarm{
		Part: "not-started", Description: "A run of " + j.ID() + " could not be started; its dead-letter queue says why.",
		Metric: alarm.Metric{
			Namespace: "AWS/SQS", Name: "ApproximateNumberOfMessagesVisible", Statistic: "Maximum",
			Dimensions: component.Fields{{Name: "QueueName", Value: jen.Id("deadLetters").Dot("Name")}},
		},
		Comparison: alarm.AtLeast, Threshold: 1, SilenceIsWell: true, Once: true, Source: j.Place("alarmOnFailure"),
	})
	j.failures(settings)
}

// failures sends the events of tasks that ended with an error, or that ECS could not bring up, to the alarm topic.
func (j *job) failures(settings alarm.Settings) {
	source := j.Place("alarmOnFailure")
	j.Resource(component.Resource{
		Var: "failed", Type: "aws:cloudwatch/eventRule:EventRule", Part: "failed", What: "rule for failed runs", Source: source,
		Args: component.Fields{
			{Name: "Name", Value: j.Physical(64, "failed")},
			{Name: "Description", Value: component.Str("Runs of " + j.ID() + " that failed")},
			{Name: "EventPattern", Value: j.pattern()},
		},
	})
	j.Resource(component.Resource{
		Type: "aws:cloudwatch/eventTarget:EventTarget", Part: "failed", What: "notification of failed runs", Source: source,
		Args: component.Fields{
			{Name: "Rule", Value: jen.Id("failed").Dot("Name")},
			{Name: "Arn", Value: alarm.Topic(settings)},
			{Name: "InputTransformer", Value: component.Struct(component.AWS("cloudwatch", "EventTargetInputTransformerArgs"),
				component.Fields{
					{Name: "InputPaths", Value: component.Map(component.Pulumi("StringMap"), component.Fields{
						{Name: "reason", Value: component.Str("$.detail.stoppedReason")},
						{Name: "task", Value: component.Str("$.detail.taskArn")},
					})},
					{Name: "InputTemplate", Value: component.Str(`"A run of ` + j.ID() + ` failed: <reason> (<task>)"`)},
				})},
		},
	})
}

// pattern matches the tasks of any revision whose process stopped with a status other than 0, or before there was one.
// EventBridge matches name and exitCode in one and the same container, so that it does not count how a sidecar ends.
func (j *job) pattern() jen.Code {
	words := func(texts ...string) jen.Code { return component.Strings(texts...) }
	object := func(name string, value jen.Code) jen.Code {
		return jen.Map(jen.String()).Any().Values(jen.Lit(name).Op(":").Add(value))
	}
	list := func(items ...jen.Code) jen.Code { return jen.Index().Any().Values(items...) }
	revisions := component.Pulumi("Sprintf").Call(jen.Lit("%s:"), jen.Id("task").Dot("ArnWithoutRevision"))
	return component.Pulumi("JSONMarshal").Call(component.Object(component.Fields{
		{Name: "source", Value: words("aws.ecs")},
		{Name: "detail-type", Value: words("ECS Task State Change")},
		{Name: "detail", Value: component.Object(component.Fields{
			{Name: "clusterArn", Value: list(jen.Id("base").Dot("clusterARN"))},
			{Name: "taskDefinitionArn", Value: list(object("prefix", revisions))},
			{Name: "lastStatus", Value: words("STOPPED")},
			{Name: "$or", Value: list(
				object("containers", component.Object(component.Fields{
					{Name: "name", Value: words(j.Component().Name)},
					{Name: "exitCode", Value: list(object("anything-but", jen.Lit(0)))},
				})),
				object("stopCode", words("TaskFailedToStart", "SpotInterruption")),
			)},
		})},
	}))
}
