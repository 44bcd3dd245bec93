package balance

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// Rule makes a listener of an ALB follow a route.
type Rule struct {
	// Var is the local variable that holds it, Part the last part of its name.
	Var, Part string
	// Listener is the code of the listener's ARN.
	Listener jen.Code
	Route    ALBRoute
	// Priority is the route's, see Priorities.
	Priority int
	// Action are the arguments of what is done with the request, a lb.ListenerRuleActionArgs.
	Action component.Fields
	// Options are those of the resource.
	Options []jen.Code
}

// AddRule registers a rule.
func AddRule(b *component.Builder, r Rule) {
	b.Resource(component.Resource{
		Var: r.Var, Type: "aws:lb/listenerRule:ListenerRule", Part: r.Part, What: "route " + r.Route.Name, Source: r.Route.Source,
		Args: component.Fields{
			{Name: "ListenerArn", Value: r.Listener},
			{Name: "Priority", Value: component.Int(r.Priority)},
			{Name: "Conditions", Value: component.List(component.AWS("lb", "ListenerRuleConditionArray"), r.Route.conditions()...)},
			{Name: "Actions", Value: component.List(component.AWS("lb", "ListenerRuleActionArray"),
				component.Struct(component.AWS("lb", "ListenerRuleActionArgs"), r.Action))},
		},
		Options: r.Options,
	})
}

// conditions are those of the route, of which a request must fulfil each; AWS wants at least one.
func (r ALBRoute) conditions() []jen.Code {
	var all []jen.Code
	add := func(field, typ string, args component.Fields) {
		value := component.Struct(component.AWS("lb", "ListenerRuleCondition"+typ+"Args"), args)
		all = append(all, component.Struct(component.AWS("lb", "ListenerRuleConditionArgs"), component.Fields{{Name: field, Value: value}}))
	}
	oneOf := func(field string, values []string) {
		if len(values) > 0 {
			add(field, field, component.Fields{{Name: "Values", Value: texts(values)}})
		}
	}
	paths := r.Paths
	if r.unconditional() {
		paths = []string{"/*"}
	}
	oneOf("HostHeader", r.Hosts)
	oneOf("PathPattern", paths)
	oneOf("HttpRequestMethod", r.Methods)
	oneOf("SourceIp", r.SourceAddresses)
	for _, h := range r.Headers {
		add("HttpHeader", "HttpHeader", component.Fields{
			{Name: "HttpHeaderName", Value: component.Str(h.Name)}, {Name: "Values", Value: texts(h.Values)},
		})
	}
	for _, q := range r.QueryStrings {
		value := component.Struct(component.AWS("lb", "ListenerRuleConditionQueryStringArgs"), component.Fields{
			{Name: "Key", Value: component.If(q.Key != "", component.Str(q.Key))},
			{Name: "Value", Value: component.Str(q.Value)},
		})
		all = append(all, component.Struct(component.AWS("lb", "ListenerRuleConditionArgs"), component.Fields{
			{Name: "QueryStrings", Value: component.List(component.AWS("lb", "ListenerRuleConditionQueryStringArray"), value)},
		}))
	}
	return all
}

func texts(values []string) jen.Code {
	var items []jen.Code
	for _, v := range values {
		items = append(items, component.Str(v))
	}
	return component.StrArray(items...)
}

// RedirectAction is the action of a rule that sends browsers elsewhere. What it leaves out stays as in the request.
func RedirectAction(r Redirect) component.Fields {
	status := "HTTP_302"
	if r.Permanent {
		status = "HTTP_301"
	}
	var port jen.Code
	if r.Port != nil {
		port = component.Str(strconv.Itoa(*r.Port))
	}
	return component.Fields{
		{Name: "Type", Value: component.Str("redirect")},
		{Name: "Redirect", Value: component.Struct(component.AWS("lb", "ListenerRuleActionRedirectArgs"), component.Fields{
			{Name: "Host", Value: component.If(r.Host != "", component.Str(r.Host))},
			{Name: "Path", Value: component.If(r.Path != "", component.Str(r.Path))},
			{Name: "Port", Value: port},
			{Name: "StatusCode", Value: component.Str(status)},
		})},
	}
}

// ResponseAction is the action of a rule that answers.
func ResponseAction(b *component.Builder, r Response) component.Fields {
	var body jen.Code
	if len(r.Body) > 0 {
		body = b.Text(r.Body)
	}
	return component.Fields{
		{Name: "Type", Value: component.Str("fixed-response")},
		{Name: "FixedResponse", Value: component.Struct(component.AWS("lb", "ListenerRuleActionFixedResponseArgs"), component.Fields{
			{Name: "ContentType", Value: component.Str(r.ContentType)},
			{Name: "MessageBody", Value: body},
			{Name: "StatusCode", Value: component.Str(strconv.Itoa(r.Status))},
		})},
	}
}
