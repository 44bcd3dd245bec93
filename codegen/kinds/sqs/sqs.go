// Package sqs generates SQS: an encrypted queue, and beside it the queue for its dead letters unless the YAML names one.
//
// A queue's policy is one document: it refuses connections without TLS, lets the services send whose topics, buckets and
// rules use the queue, and adds what the YAML grants. Components that take the queue's outputs need no statement in it;
// their roles' policies suffice within one account. Names are fixed, so that policies can name a queue before it exists;
// a change between FIFO and standard changes the name, and AWS makes a new queue.
package sqs

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of SQS.
type Kind struct{}

// Name is SQS.
func (Kind) Name() string { return "SQS" }

// Stateful is true: a queue holds messages.
func (Kind) Stateful() bool { return true }

// Outputs are the queue's and, if there is one, those of the queue for its dead letters.
func (Kind) Outputs(c *ir.Component) []component.Output {
	outputs := []component.Output{{Name: "arn", Type: component.StringOutput}}
	if hasDeadLetters(c) {
		outputs = append(outputs, component.Output{Name: "dlqArn", Type: component.StringOutput},
			component.Output{Name: "dlqUrl", Type: component.StringOutput})
	}
	return append(outputs, component.Output{Name: "name", Type: component.StringOutput},
		component.Output{Name: "url", Type: component.StringOutput})
}

func hasDeadLetters(c *ir.Component) bool {
	enabled := c.Spec.Get("deadLetterQueue", "enabled")
	return enabled != nil && enabled.Bool
}

// ARN is the queue's.
func (Kind) ARN(stack *ir.Stack, c *ir.Component) (service, resource string) {
	return "sqs", queueName(stack, c)
}

// OwnKey is the key of the YAML.
func (Kind) OwnKey(c *ir.Component) ir.Text {
	if key := c.Spec.Get("encryption", "kmsKeyArn"); key != nil {
		return key.Text
	}
	return nil
}

// Grants are what consumers and producers do. Who takes an output of the queue for dead letters may do there what it
// may do in the queue itself. KMS makes a data key for a producer and reads it to check it.
func (Kind) Grants(_ *ir.Component, access string) []component.Grant {
	var actions, keys []string
	if access != "write" {
		actions = append(actions, "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility")
	}
	if access != "read" {
		actions = append(actions, "sqs:SendMessage")
		keys = append(keys, "kms:GenerateDataKey")
	}
	actions = append(actions, "sqs:GetQueueAttributes", "sqs:GetQueueUrl")
	return []component.Grant{
		{Actions: actions, On: []component.Target{{Output: "arn"}}},
		{Actions: actions, On: []component.Target{{Output: "dlqArn"}}, Taking: []string{"dlqArn", "dlqUrl"}},
		{Actions: append(keys, "kms:Decrypt"), WithKey: true},
	}
}

// queueName is the one in the YAML or the component's own.
func queueName(stack *ir.Stack, c *ir.Component) string {
	if name := c.Spec.Get("queueName"); name != nil {
		return name.Text.String()
	}
	return ownName(stack, c, "")
}

// ownName is a name that panka makes. AWS wants it to tell FIFO queues from others.
func ownName(stack *ir.Stack, c *ir.Component, part string) string {
	const limit, suffix = 80, ".fifo"
	if fifo := c.Spec.Get("fifo", "enabled"); fifo == nil || !fifo.Bool {
		return component.PhysicalName(limit, stack, c, part)
	}
	return component.PhysicalName(limit-len(suffix), stack, c, part) + suffix
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	q := queue{Builder: b, specification: s}
	letters := q.letters()
	q.main(letters)
	q.allowRedrive()
	q.alarms(letters)

	b.Output("arn", jen.Id("queue").Dot("Arn"))
	b.Output("url", jen.Id("queue").Dot("Url"))
	b.Output("name", jen.Id("queue").Dot("Name"))
	if s.DeadLetters.Enabled {
		b.Output("dlqArn", letters.arn)
		b.Output("dlqUrl", letters.url)
	}
}

// isFIFO tells whether a name is that of a FIFO queue.
func isFIFO(name string) bool { return strings.HasSuffix(name, ".fifo") }
