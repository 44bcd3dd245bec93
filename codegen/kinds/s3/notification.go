package s3

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/invoke"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

type notification struct {
	Name     string        `yaml:"name"`
	Events   []string      `yaml:"events"`
	Queue    string        `yaml:"queue"`
	Topic    string        `yaml:"topic"`
	Function string        `yaml:"function"`
	Prefix   string        `yaml:"prefix"`
	Suffix   string        `yaml:"suffix"`
	Source   diag.Position `yaml:"-"`
}

// Sends are the notifications to a queue or topic. Its policy must let S3 in before the bucket has them.
func (Kind) Sends(stack *ir.Stack, c *ir.Component, to string) []component.Sending {
	s, _ := decode(c)
	for _, n := range s.Notifications {
		if n.Queue == to || n.Topic == to {
			return []component.Sending{{Principal: "s3.amazonaws.com", Service: "s3", Resource: physicalName(stack, c, s)}}
		}
	}
	return nil
}

// notify registers all notifications, which S3 keeps as one setting, and before it what lets S3 call the functions.
func (k *bucket) notify() {
	if len(k.Notifications) == 0 && !k.EventBridge {
		return
	}
	var queues, topics, functions []jen.Code
	var permissions []string
	permitted := map[string]bool{}
	for _, n := range k.Notifications {
		switch {
		case n.Queue != "":
			queues = append(queues, k.notification(n, "Queue", "QueueArn", n.Queue))
		case n.Topic != "":
			topics = append(topics, k.notification(n, "Topic", "TopicArn", n.Topic))
		default:
			if !permitted[n.Function] {
				permitted[n.Function] = true
				permissions = append(permissions, k.permit(n))
			}
			functions = append(functions, k.notification(n, "LambdaFunction", "LambdaFunctionArn", n.Function))
		}
	}
	var options []jen.Code
	if len(permissions) > 0 {
		options = []jen.Code{component.DependsOn(permissions...)}
	}
	k.setting(component.Resource{
		Type: "aws:s3/bucketNotification:BucketNotification", Part: "notifications", What: "notifications",
		Options: options, Source: k.Place("notifications"),
	},
		component.Field{Name: "Queues", Value: notifications("Queue", queues)},
		component.Field{Name: "Topics", Value: notifications("Topic", topics)},
		component.Field{Name: "LambdaFunctions", Value: notifications("LambdaFunction", functions)},
		component.Field{Name: "Eventbridge", Value: component.If(k.EventBridge, component.Bool(true))})
}

// notification is one of them, to the component to, whose ARN goes into the field arn.
func (k *bucket) notification(n notification, typ, arn, to string) jen.Code {
	target, _ := k.Use(to, "arn", n.Source)
	var events []jen.Code
	for _, e := range n.Events {
		events = append(events, component.Str(e))
	}
	return component.Struct(component.AWS("s3", "BucketNotification"+typ+"Args"), component.Fields{
		{Name: "Id", Value: component.Str(n.Name)},
		{Name: arn, Value: target},
		{Name: "Events", Value: component.StrArray(events...)},
		{Name: "FilterPrefix", Value: component.If(n.Prefix != "", component.Str(n.Prefix))},
		{Name: "FilterSuffix", Value: component.If(n.Suffix != "", component.Str(n.Suffix))},
	})
}

func notifications(typ string, items []jen.Code) jen.Code {
	if len(items) == 0 {
		return nil
	}
	return component.List(component.AWS("s3", "BucketNotification"+typ+"Array"), items...)
}

// permit lets S3 call a function for this bucket.
func (k *bucket) permit(n notification) (local string) {
	service, name, _ := strings.Cut(n.Function, "/")
	local = "permission" + names.Exported(service, name)
	invoke.Permit(k.Builder, invoke.Permission{
		Function: n.Function, Var: local, Part: names.Part("to", service, name), Principal: "s3.amazonaws.com",
		On: jen.Id("bucket").Dot("Arn"), OfAccount: true, Source: n.Source,
	})
	return local
}
