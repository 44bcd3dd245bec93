package sqs

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
)

// queue is a component of the kind that is being generated.
type queue struct {
	*component.Builder
	specification
}

// target is a queue for dead letters: the code of its values.
type target struct{ arn, url, name jen.Code }

// letters are where dead letters go: a queue that panka makes, that of another component, or none.
func (q queue) letters() target {
	if !q.DeadLetters.Enabled {
		return target{}
	}
	source := q.Place("deadLetterQueue")
	if id := q.DeadLetters.Component; id != "" {
		at := q.Place("deadLetterQueue", "component")
		return target{arn: q.UseText(id, "arn", at), url: q.UseText(id, "url", at), name: q.UseText(id, "name", at)}
	}
	args := component.Fields{
		{Name: "Name", Value: component.Str(ownName(q.Stack(), q.Component(), "dead-letters"))},
		{Name: "FifoQueue", Value: component.If(q.FIFO.Enabled, component.Bool(true))},
		{Name: "MessageRetentionSeconds", Value: seconds(q.DeadLetters.Retention)},
		{Name: "MaxMessageSize", Value: component.Int(q.MaxMessageKB * 1024)},
	}
	q.Resource(component.Resource{
		Var: "deadLetters", Type: "aws:sqs/queue:Queue", Part: "dead-letters", What: "queue for dead letters",
		Source: source, Stateful: true, Args: append(args, q.encryption()...),
	})
	q.policy("deadLetters", "dead-letters", "policy of the queue for dead letters", source,
		iam.RefusePlain(jen.Id("deadLetters").Dot("Arn"), "sqs:*"))
	return target{
		arn: jen.Id("deadLetters").Dot("Arn"), url: jen.Id("deadLetters").Dot("Url"), name: jen.Id("deadLetters").Dot("Name"),
	}
}

func seconds(s spec.Seconds) jen.Code { return component.Int(int(s)) }

// encryption is with the queue's key, the stack's, or one that SQS keeps.
func (q queue) encryption() component.Fields {
	key := q.Key()
	if key == nil {
		return component.Fields{{Name: "SqsManagedSseEnabled", Value: component.Bool(true)}}
	}
	fields := component.Fields{{Name: "KmsMasterKeyId", Value: key}}
	if q.Encryption != nil {
		fields = append(fields, component.Field{Name: "KmsDataKeyReusePeriodSeconds", Value: seconds(q.Encryption.DataKeyReuse)})
	}
	return fields
}

func (q queue) main(letters target) {
	name := queueName(q.Stack(), q.Component())
	args := component.Fields{
		{Name: "Name", Value: component.Str(name)},
		{Name: "VisibilityTimeoutSeconds", Value: seconds(q.VisibilityTimeout)},
		{Name: "MessageRetentionSeconds", Value: seconds(q.Retention)},
		{Name: "DelaySeconds", Value: seconds(q.Delay)},
		{Name: "ReceiveWaitTimeSeconds", Value: seconds(q.ReceiveWait)},
		{Name: "MaxMessageSize", Value: component.Int(q.MaxMessageKB * 1024)},
	}
	if isFIFO(name) {
		args = append(args,
			component.Field{Name: "FifoQueue", Value: component.Bool(true)},
			component.Field{Name: "ContentBasedDeduplication", Value: component.Bool(q.FIFO.ContentBasedDeduplication)},
			component.Field{Name: "DeduplicationScope", Value: component.Str(q.FIFO.DeduplicationScope)},
			component.Field{Name: "FifoThroughputLimit", Value: component.Str(q.FIFO.ThroughputLimit)})
	}
	args = append(args, q.encryption()...)
	if letters.arn != nil {
		args = append(args, component.Field{Name: "RedrivePolicy", Value: component.Pulumi("JSONMarshal").Call(
			component.Object(component.Fields{
				{Name: "deadLetterTargetArn", Value: letters.arn},
				{Name: "maxReceiveCount", Value: jen.Lit(q.DeadLetters.MaxReceiveCount)},
			}))})
	}
	q.Resource(component.Resource{
		Var: "queue", Type: "aws:sqs/queue:Queue", What: "queue", Stateful: true, Args: args,
	})
	arn := jen.Id("queue").Dot("Arn")
	statements := append([]iam.Statement{iam.RefusePlain(arn, "sqs:*")}, iam.Senders(q.Builder, arn, "sqs:SendMessage")...)
	for _, w := range q.Policy {
		statements = append(statements, w.Statements(arn)...)
	}
	q.policy("queue", "policy", "policy of the queue", q.Place("policy"), statements...)
}

// policy registers the policy of the queue that a local variable holds.
func (q queue) policy(local, part, what string, source diag.Position, statements ...iam.Statement) {
	q.Resource(component.Resource{
		Type: "aws:sqs/queuePolicy:QueuePolicy", Part: part, What: what, Source: source,
		Args: component.Fields{
			{Name: "QueueUrl", Value: jen.Id(local).Dot("Url")},
			{Name: "Policy", Value: iam.Document(statements...)},
		},
	})
}

// allowRedrive says whose dead letters a queue takes: a queue that panka makes for dead letters only those of its own
// queue, the queue itself what the YAML says. They are resources of their own, as the queues that they name come later.
func (q queue) allowRedrive() {
	if q.DeadLetters.Enabled && q.DeadLetters.Component == "" {
		q.redriveAllowPolicy("deadLetters", "dead-letters", q.Place("deadLetterQueue"), component.Fields{
			{Name: "redrivePermission", Value: jen.Lit("byQueue")},
			{Name: "sourceQueueArns", Value: jen.Index().Any().Values(jen.Id("queue").Dot("Arn"))},
		})
	}
	if q.RedriveAllow == nil {
		return
	}
	fields := component.Fields{{Name: "redrivePermission", Value: jen.Lit(q.RedriveAllow.Permission)}}
	if q.RedriveAllow.Permission == "byQueue" {
		var arns []jen.Code
		for _, id := range q.RedriveAllow.Queues {
			if other, _ := q.Target(id); other != nil {
				arn, _ := q.ARNOf(other)
				arns = append(arns, arn)
			}
		}
		fields = append(fields, component.Field{Name: "sourceQueueArns", Value: component.List(jen.Index().Any(), arns...)})
	}
	q.redriveAllowPolicy("queue", "redrive-allow", q.RedriveAllow.Source, fields)
}

func (q queue) redriveAllowPolicy(local, part string, source diag.Position, fields component.Fields) {
	q.Resource(component.Resource{
		Type: "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy", Part: part, What: "rule for who leaves dead letters", Source: source,
		Args: component.Fields{
			{Name: "QueueUrl", Value: jen.Id(local).Dot("Url")},
			{Name: "RedriveAllowPolicy", Value: component.Pulumi("JSONMarshal").Call(component.Object(fields))},
		},
	})
}
