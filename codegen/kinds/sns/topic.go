package sns

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/iam"
	"github.com/panka-io/panka/codegen/spec"
)

// topic is a component of the kind that is being generated.
type topic struct {
	*component.Builder
	specification
}

func (t topic) main() {
	logging := t.deliveryLogging()
	args := component.Fields{
		{Name: "Name", Value: component.Str(topicName(t.Stack(), t.Component()))},
		{Name: "DisplayName", Value: component.If(len(t.DisplayName) > 0, t.Text(t.DisplayName))},
		{Name: "KmsMasterKeyId", Value: t.encryption()},
		{Name: "SignatureVersion", Value: component.Int(t.SignatureVersion)},
		{Name: "TracingConfig", Value: component.Str(t.Tracing)},
	}
	if t.FIFO.Enabled {
		args = append(args,
			component.Field{Name: "FifoTopic", Value: component.Bool(true)},
			component.Field{Name: "ContentBasedDeduplication", Value: component.Bool(t.FIFO.ContentBasedDeduplication)},
			component.Field{Name: "FifoThroughputScope", Value: component.Str(t.FIFO.ThroughputScope)})
		if days := t.FIFO.ArchiveDays; days != nil {
			args = append(args, component.Field{Name: "ArchivePolicy", Value: component.Pulumi("JSONMarshal").Call(
				component.Object(component.Fields{{Name: "MessageRetentionPeriod", Value: jen.Lit(*days)}}))})
		}
	}
	t.Resource(component.Resource{
		Var: "topic", Type: "aws:sns/topic:Topic", What: "topic", Args: append(args, logging...),
	})
}

// encryption is with the topic's key, the stack's, or the one that AWS keeps for SNS where that can serve.
func (t topic) encryption() jen.Code {
	if key := t.Key(); key != nil {
		return key
	}
	if len(t.Senders())+len(t.Policy) > 0 {
		return nil
	}
	return component.Str("alias/aws/sns")
}

// policy refuses publishers without TLS, lets the services publish that use the topic, and adds what the YAML grants.
func (t topic) policy() {
	arn := jen.Id("topic").Dot("Arn")
	statements := append([]iam.Statement{iam.RefusePlain(arn, "sns:Publish")}, iam.Senders(t.Builder, arn, "sns:Publish")...)
	for _, w := range t.Policy {
		statements = append(statements, w.Statements(arn)...)
	}
	t.Resource(component.Resource{
		Type: "aws:sns/topicPolicy:TopicPolicy", Part: "policy", What: "policy of the topic", Source: t.Place("policy"),
		Args: component.Fields{
			{Name: "Arn", Value: arn},
			{Name: "Policy", Value: iam.Document(statements...)},
		},
	})
}

// deliveryLogging makes the groups that SNS logs deliveries to, so that they do not grow for ever, and the role by which
// it writes. It gives the topic's arguments.
func (t topic) deliveryLogging() component.Fields {
	if t.DeliveryLogging == nil || len(t.DeliveryLogging.Protocols) == 0 {
		return nil
	}
	source := t.Place("deliveryLogging")
	var logs struct {
		RetentionDays int `yaml:"retentionDays"`
	}
	t.Fail(spec.Decode(t.Stack().ObservabilityOf(t.Component().Service).Get("logs"), &logs)...)
	group := func(local, part, what, suffix string) {
		t.Resource(component.Resource{
			Var: local, Type: "aws:cloudwatch/logGroup:LogGroup", Part: part, What: what, Source: source,
			Args: component.Fields{
				{Name: "Name", Value: component.Pulumi("Sprintf").Call(
					jen.Lit("sns/"+t.Stack().Region+"/%s/%s"), jen.Id("base").Dot("accountID"),
					jen.Lit(topicName(t.Stack(), t.Component())+suffix))},
				{Name: "RetentionInDays", Value: component.Int(logs.RetentionDays)},
				{Name: "KmsKeyId", Value: component.If(component.StackHasKey(t.Stack()), jen.Id("base").Dot("kmsKeyARN"))},
			},
		})
	}
	group("deliveries", "deliveries", "log group for deliveries", "")
	group("failures", "failures", "log group for failed deliveries", "/Failure")
	// SNS documents no condition that it meets when it takes this role.
	iam.AddRole(t.Builder, iam.Role{
		Var: "role", Part: "delivery-logs", What: "role for delivery logs", Source: source, Trust: iam.TrustPlain(principal),
	})
	streams := func(group string) jen.Code {
		return component.Pulumi("Sprintf").Call(jen.Lit("%s:*"), jen.Id(group).Dot("Arn"))
	}
	iam.AddPolicy(t.Builder, iam.Policy{
		Part: "delivery-logs", What: "policy for delivery logs", Role: "role", Source: source,
		Statements: []iam.Statement{{
			Actions:   []string{"logs:CreateLogStream", "logs:PutLogEvents"},
			Resources: []jen.Code{streams("deliveries"), streams("failures")},
		}},
	})
	var args component.Fields
	for _, protocol := range t.DeliveryLogging.Protocols {
		name := strings.ToUpper(protocol[:1]) + protocol[1:]
		args = append(args,
			component.Field{Name: name + "FailureFeedbackRoleArn", Value: jen.Id("role").Dot("Arn")},
			component.Field{Name: name + "SuccessFeedbackRoleArn", Value: jen.Id("role").Dot("Arn")},
			component.Field{Name: name + "SuccessFeedbackSampleRate", Value: component.Int(t.DeliveryLogging.SuccessSamplePercent)})
	}
	return args
}
