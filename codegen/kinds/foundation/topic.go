package foundation

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/names"
)

// alarmTopic is the topic that alarms go to, unless every Observability document names another.
func alarmTopic(b *component.Builder) Fields {
	stack := b.Stack()
	if !alarm.OwnTopic(stack) {
		return nil
	}
	source := stack.Observability.Get("alarms").Source
	b.Resource(component.Resource{
		Var: "alarms", Type: "aws:sns/topic:Topic", Part: "alarms", What: "alarm topic", Source: source,
		Args: Fields{
			{Name: "Name", Value: component.Str(names.Physical(256, stack.Name, stack.Environment, "alarms"))},
			{Name: "KmsMasterKeyId", Value: topicKey(b)},
		},
	})
	b.Resource(component.Resource{
		Type: "aws:sns/topicPolicy:TopicPolicy", Part: "alarms", What: "policy of the alarm topic", Source: source,
		Args: Fields{
			{Name: "Arn", Value: jen.Id("alarms").Dot("Arn")},
			{Name: "Policy", Value: iam.Document(iam.Statement{
				Sid: "Alarms", Actions: []string{"sns:Publish"}, Resources: []jen.Code{jen.Id("alarms").Dot("Arn")},
				Principal: &iam.Principal{Services: []string{"cloudwatch.amazonaws.com", "events.amazonaws.com"}},
				Conditions: []iam.Condition{{Operator: "StringEquals", Key: "aws:SourceAccount",
					Values: []jen.Code{jen.Id("base").Dot("accountID")}}},
			}, iam.RefusePlain(jen.Id("alarms").Dot("Arn"), "sns:Publish"))},
		},
	})
	for _, email := range emails(b) {
		sum := sha256.Sum256([]byte(email))
		b.Resource(component.Resource{
			Type: "aws:sns/topicSubscription:TopicSubscription", Part: "alarms-" + hex.EncodeToString(sum[:4]),
			What: "subscription to alarms", Source: source,
			Args: Fields{
				{Name: "Topic", Value: jen.Id("alarms").Dot("Arn")},
				{Name: "Protocol", Value: component.Str("email")},
				{Name: "Endpoint", Value: component.Str(email)},
			},
		})
	}
	return Fields{{Name: "alarmTopicARN", Value: jen.Id("alarms").Dot("Arn")}}
}

// topicKey encrypts the topic only with a key that panka made: CloudWatch cannot send to a topic under a key whose policy
// does not let it, as that of the key which AWS keeps for SNS.
func topicKey(b *component.Builder) jen.Code {
	if key := b.Stack().Security.Get("encryption", "key"); key == nil || key.Text.String() != "create" {
		return nil
	}
	return jen.Id("key").Dot("Arn")
}

// emails are the addresses that the topic sends to, of the stack and of services that have settings of their own.
func emails(b *component.Builder) []string {
	all := map[string]bool{}
	services := []string{""}
	for service := range b.Stack().ServiceObservability {
		services = append(services, service)
	}
	for _, service := range services {
		s, ds := alarm.SettingsOf(b.Stack(), service)
		b.Fail(ds...)
		if s.Enabled && s.TopicARN == "" {
			for _, email := range s.Emails {
				all[email] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}
