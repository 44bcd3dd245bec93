package sns

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/invoke"
	"github.com/panka-io/panka/codegen/names"
)

// subscribe registers a subscription, and for a function first the permission to call it.
func (t topic) subscribe(sub subscription) {
	protocol, endpoint, role := t.endpoint(sub)
	resource := component.Resource{
		Type: "aws:sns/topicSubscription:TopicSubscription", Part: sub.Name, What: "subscription " + sub.Name, Source: sub.Source,
		Args: component.Fields{
			{Name: "Topic", Value: jen.Id("topic").Dot("Arn")},
			{Name: "Protocol", Value: component.Str(protocol)},
			{Name: "Endpoint", Value: endpoint},
			{Name: "SubscriptionRoleArn", Value: role},
			{Name: "RawMessageDelivery", Value: component.If(sub.RawMessageDelivery, component.Bool(true))},
			{Name: "DeliveryPolicy", Value: retries(sub)},
		},
	}
	if sub.FilterPolicy != nil {
		resource.Args = append(resource.Args,
			component.Field{Name: "FilterPolicyScope", Value: component.Str(sub.FilterPolicyScope)},
			component.Field{Name: "FilterPolicy", Value: component.Pulumi("JSONMarshal").Call(t.JSON(sub.FilterPolicy))})
	}
	if sub.DeadLetterQueue != "" {
		resource.Args = append(resource.Args, component.Field{Name: "RedrivePolicy", Value: component.Pulumi("JSONMarshal").Call(
			component.Object(component.Fields{{Name: "deadLetterTargetArn", Value: t.UseText(sub.DeadLetterQueue, "arn", sub.Source)}}))})
	}
	if sub.Function != "" {
		local := "may" + names.Exported("call", sub.Name)
		invoke.Permit(t.Builder, invoke.Permission{
			Function: sub.Function, Var: local, Part: sub.Name, Principal: principal, On: jen.Id("topic").Dot("Arn"), Source: sub.Source,
		})
		resource.Options = []jen.Code{component.DependsOn(local)}
	}
	t.Resource(resource)
}

// endpoint is where a subscription's messages go, how, and with which role.
func (t topic) endpoint(sub subscription) (protocol string, endpoint, role jen.Code) {
	switch {
	case sub.Queue != "":
		return "sqs", t.UseText(sub.Queue, "arn", sub.Source), nil
	case sub.Function != "":
		return "lambda", t.UseText(sub.Function, "arn", sub.Source), nil
	case len(sub.HTTPS) > 0:
		return "https", t.Text(sub.HTTPS), nil
	case len(sub.Email) > 0:
		return "email", t.Text(sub.Email), nil
	case len(sub.SMS) > 0:
		return "sms", t.Text(sub.SMS), nil
	case sub.Firehose != nil:
		return "firehose", component.Str(sub.Firehose.StreamARN), component.Str(sub.Firehose.RoleARN)
	}
	t.Internal(sub.Source, "the subscription %s goes nowhere", sub.Name)
	return "", component.Str(""), nil
}

func retries(sub subscription) jen.Code {
	if sub.Retry == nil {
		return nil
	}
	return component.Pulumi("JSONMarshal").Call(component.Object(component.Fields{
		{Name: "healthyRetryPolicy", Value: component.Object(component.Fields{
			{Name: "numRetries", Value: jen.Lit(sub.Retry.Attempts)},
			{Name: "minDelayTarget", Value: jen.Lit(int(sub.Retry.MinDelay))},
			{Name: "maxDelayTarget", Value: jen.Lit(int(sub.Retry.MaxDelay))},
			{Name: "backoffFunction", Value: jen.Lit("linear")},
		})},
	}))
}
