// Package sns generates SNS: an encrypted topic with its policy and its subscriptions.
//
// Queues and functions that subscribe are other components, on which the topic depends. A queue's policy lets the topic
// send before the topic exists, as its name follows from the component; for a function the permission stands here.
//
// Without a key of the stack's a topic is encrypted with the key that AWS keeps for SNS, unless services or other accounts
// publish to it: that key's policy lets neither use it, and nobody can change it. SNS then encrypts its disks only.
package sns

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of SNS.
type Kind struct{}

// Name is SNS.
func (Kind) Name() string { return "SNS" }

// Outputs are the topic's ARN and name.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{{Name: "arn", Type: component.StringOutput}, {Name: "name", Type: component.StringOutput}}
}

// ARN is the topic's.
func (Kind) ARN(stack *ir.Stack, c *ir.Component) (service, resource string) {
	return "sns", topicName(stack, c)
}

// OwnKey is the key of the YAML.
func (Kind) OwnKey(c *ir.Component) ir.Text {
	if key := c.Spec.Get("kmsKeyArn"); key != nil {
		return key.Text
	}
	return nil
}

// Sends is what the topic passes on to a queue: messages, and those that could not be delivered elsewhere.
func (Kind) Sends(stack *ir.Stack, c *ir.Component, to string) []component.Sending {
	var all []component.Sending
	for _, field := range []string{"queue", "deadLetterQueue"} {
		c.Spec.Each([]string{"subscriptions", "*", field}, func(_, name *ir.Value) {
			if name.Text.String() == to && len(all) == 0 {
				all = append(all, component.Sending{Principal: principal, Service: "sns", Resource: topicName(stack, c)})
			}
		})
	}
	return all
}

// principal is SNS, in policies of others.
const principal = "sns.amazonaws.com"

// Grants let publish. KMS makes a data key for a publisher and reads it to check it.
func (Kind) Grants(_ *ir.Component, access string) []component.Grant {
	if access == "read" {
		return nil // a topic has nothing to read: it sends
	}
	return []component.Grant{
		{Actions: []string{"sns:Publish"}, On: []component.Target{{Output: "arn"}}},
		{Actions: []string{"kms:GenerateDataKey", "kms:Decrypt"}, WithKey: true},
	}
}

// topicName is the one in the YAML or the component's own. AWS wants it to tell FIFO topics from others.
func topicName(stack *ir.Stack, c *ir.Component) string {
	if name := c.Spec.Get("topicName"); name != nil {
		return name.Text.String()
	}
	const limit, suffix = 256, ".fifo"
	if fifo := c.Spec.Get("fifo", "enabled"); fifo == nil || !fifo.Bool {
		return component.PhysicalName(limit, stack, c, "")
	}
	return component.PhysicalName(limit-len(suffix), stack, c, "") + suffix
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	t := topic{Builder: b, specification: s}
	t.main()
	t.policy()
	for _, sub := range s.Subscriptions {
		t.subscribe(sub)
	}
	t.alarms()
	b.Output("arn", jen.Id("topic").Dot("Arn"))
	b.Output("name", jen.Id("topic").Dot("Name"))
}

// alarms tell of messages that could not be delivered, and of those that were then lost even to a dead-letter queue.
func (t topic) alarms() {
	failed := func(part, name, description string) alarm.Alarm {
		return alarm.Alarm{
			Part: part, Description: description, Comparison: alarm.AtLeast, SilenceIsWell: true,
			Threshold: float64(alarm.For(t.Builder).Thresholds.Delivery.Failures),
			Metric: alarm.Metric{Namespace: "AWS/SNS", Name: name, Statistic: "Sum",
				Dimensions: component.Fields{{Name: "TopicName", Value: jen.Id("topic").Dot("Name")}}},
			Source: t.Place("subscriptions"),
		}
	}
	all := []alarm.Alarm{failed("failures", "NumberOfNotificationsFailed", "Messages of the topic could not be delivered")}
	for _, sub := range t.Subscriptions {
		if sub.DeadLetterQueue != "" {
			all = append(all, failed("lost", "NumberOfNotificationsFailedToRedriveToDlq",
				"Messages that could not be delivered did not reach the dead-letter queue either"))
			break
		}
	}
	alarm.Add(t.Builder, all...)
}
