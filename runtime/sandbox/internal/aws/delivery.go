package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Services hand events on to functions, queues and topics. AWS takes the wiring as it is and drops the events if the
// receiver does not exist or does not let the sender in; here that makes the wiring unwell.

// undelivered says why what a service sends on behalf of source does not reach the target, or "".
func (c *Call) undelivered(service, source, target string) string {
	if c.gone(target) {
		return "events are dropped: the target " + target + " does not exist"
	}
	a, _ := parseARN(target)
	typ, value := a.target(target)
	receiver := c.Find(typ, value)
	var policies []string
	switch typ {
	case functionType:
		if receiver == nil || c.invocable(receiver, service, source) {
			return ""
		}
		return fmt.Sprintf("events are dropped: no permission lets %s invoke %s", service, receiver.ID)
	case queueType:
		policies = c.policiesOf(receiver, queuePolicyType, "queueUrl")
	case topicType:
		policies = c.policiesOf(receiver, topicPolicyType, "arn")
	default:
		return ""
	}
	action := map[string]string{queueType: "sqs:SendMessage", topicType: "sns:Publish"}[typ]
	lets := func(policy string) bool { return letsService(policy, service, action) }
	if receiver == nil || slices.ContainsFunc(policies, lets) {
		return ""
	}
	return fmt.Sprintf("events are dropped: no policy of %s lets %s call %s", target, service, action)
}

// policiesOf gives the policies of a receiver: its own and those of a type that name it in a property.
func (c *Call) policiesOf(receiver *store.Resource, typ, property string) []string {
	if receiver == nil {
		return nil
	}
	out := []string{receiver.Property("policy")}
	for _, p := range c.all(typ) {
		if identifies(p.Inputs.String(property), receiver) {
			out = append(out, p.Inputs.String("policy"))
		}
	}
	return out
}

// invocable tells whether a permission lets a service invoke a function on behalf of source.
func (c *Call) invocable(function *store.Resource, service, source string) bool {
	lets := func(p *store.Resource) bool {
		from := p.Inputs.String("sourceArn")
		return functionOf(p.Inputs.String("function")) == function.ID && p.Inputs.String("principal") == service &&
			anyMatches([]string{"lambda:InvokeFunction"}, p.Inputs.String("action")) &&
			(from == "" || Wildcard(from, source) || Wildcard(strings.TrimSuffix(from, ":*"), source))
	}
	return c.other(permissionType, nil, lets) != nil
}

// roleDelivers says why a role does not let a service reach a target, or "".
func (c *Call) roleDelivers(roleARN, target string) string {
	if c.gone(target) {
		return "events are dropped: the target " + target + " does not exist"
	}
	role := c.Find(roleType, roleARN)
	if role == nil {
		return ""
	}
	a, _ := parseARN(target)
	action := map[string]string{"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage", "sns": "sns:Publish",
		"states": "states:StartExecution", "events": "events:PutEvents", "kinesis": "kinesis:PutRecord"}[a.service]
	if action == "" { // among them starting a task, for which see roleStarts
		return ""
	}
	return c.notGranted(role, action, target)
}

// roleStarts says why a role does not let a service start a task, or "". That is granted on its definition, not on the
// cluster that is the target.
func (c *Call) roleStarts(roleARN, definition string) string {
	if definition == "" {
		return ""
	}
	if c.gone(definition) {
		return "no task is started: the task definition " + definition + " does not exist"
	}
	role := c.Find(roleType, roleARN)
	if role == nil {
		return ""
	}
	return c.notGranted(role, "ecs:RunTask", definition)
}
