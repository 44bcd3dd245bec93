package eventbridge

import (
	"maps"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/invoke"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/runtask"
)

// local is the local variable that holds the rule.
func (r rule) local() string { return "on" + names.Exported("rule", r.Name) }

// onDefault tells whether a rule stands on the account's default bus.
func (e bus) onDefault(r rule) bool { return e.isDefault() || r.Schedule != "" }

// busOf is the bus of a rule; AWS takes the default one if there is none.
func (e bus) busOf(r rule) jen.Code {
	if e.onDefault(r) {
		return nil
	}
	return e.name()
}

// rule registers a rule with its targets.
func (e bus) rule(r rule) {
	state := "ENABLED"
	if !r.Enabled {
		state = "DISABLED"
	}
	e.Resource(component.Resource{
		Var: r.local(), Type: "aws:cloudwatch/eventRule:EventRule", Part: r.Name, What: "rule " + r.Name, Source: r.Source,
		Args: component.Fields{
			{Name: "Name", Value: component.Str(ruleName(e.Stack(), e.Component(), r))},
			{Name: "Description", Value: component.If(r.Description != "", component.Str(r.Description))},
			{Name: "EventBusName", Value: e.busOf(r)},
			{Name: "EventPattern", Value: e.pattern(r.Pattern)},
			{Name: "ScheduleExpression", Value: component.If(r.Schedule != "", component.Str(r.Schedule))},
			{Name: "State", Value: component.Str(state)},
		},
	})
	for _, t := range r.Targets {
		e.target(r, t)
	}
}

// target registers a target of a rule, and for a function first the permission to call it.
func (e bus) target(r rule, t target) {
	part := r.Name + "-to-" + t.Name
	to := e.destination(r, t, part)
	resource := component.Resource{
		Type: "aws:cloudwatch/eventTarget:EventTarget", Part: part, What: "target " + t.Name + " of rule " + r.Name, Source: t.Source,
		Args: component.Fields{
			{Name: "Rule", Value: jen.Id(r.local()).Dot("Name")},
			{Name: "EventBusName", Value: e.busOf(r)},
			{Name: "TargetId", Value: component.Str(t.Name)},
			{Name: "Arn", Value: to.arn},
			{Name: "RoleArn", Value: to.role},
			{Name: "EcsTarget", Value: to.start},
			{Name: "Input", Value: component.If(len(t.Input) > 0, e.Text(t.Input))},
			{Name: "InputPath", Value: component.If(t.InputPath != "", component.Str(t.InputPath))},
			{Name: "InputTransformer", Value: t.transformer()},
			{Name: "SqsTarget", Value: component.If(t.MessageGroupID != "", component.Struct(component.AWS("cloudwatch", "EventTargetSqsTargetArgs"),
				component.Fields{{Name: "MessageGroupId", Value: component.Str(t.MessageGroupID)}}))},
			{Name: "RetryPolicy", Value: component.Struct(component.AWS("cloudwatch", "EventTargetRetryPolicyArgs"), component.Fields{
				{Name: "MaximumRetryAttempts", Value: component.Int(t.Retry.Attempts)},
				{Name: "MaximumEventAgeInSeconds", Value: component.Int(int(t.Retry.MaxAge))},
			})},
		},
	}
	if t.DeadLetterQueue != "" {
		resource.Args = append(resource.Args, component.Field{Name: "DeadLetterConfig", Value: component.Struct(
			component.AWS("cloudwatch", "EventTargetDeadLetterConfigArgs"),
			component.Fields{{Name: "Arn", Value: e.UseText(t.DeadLetterQueue, "arn", t.Source)}})})
	}
	if to.waitFor != "" {
		resource.Options = []jen.Code{component.DependsOn(to.waitFor)}
	}
	e.Resource(resource)
}

// destination is where a target's events go.
type destination struct {
	// arn is what EventBridge asks, and role that with which it does, nil where it needs none.
	arn, role jen.Code
	// start says how a task is started, nil for what is none.
	start jen.Code
	// waitFor is the local variable of what lets EventBridge do it; "" where that is in the policy of the target.
	waitFor string
}

func (e bus) destination(r rule, t target, part string) destination {
	if t.Component == "" {
		return destination{arn: e.Text(t.ARN), role: component.If(len(t.RoleARN) > 0, e.Text(t.RoleARN))}
	}
	other, kind := e.Target(t.Component)
	if other == nil {
		e.Internal(t.Source, "%s sends to %s, which does not exist", e.ID(), t.Component)
		return destination{arn: jen.Nil()}
	}
	if task, ok := kind.(runtask.Kind); ok {
		return destination{
			arn: runtask.Cluster(), role: jen.Id("starterRole").Dot("Arn"), waitFor: "mayStart",
			start: runtask.Parameters("cloudwatch", "EventTargetEcsTarget", runtask.Of(e.Builder, t.Component, t.Source), task.Run(other)),
		}
	}
	switch other.Kind {
	case "EventBridge":
		return destination{arn: e.UseText(t.Component, "busArn", t.Source), role: jen.Id("senderRole").Dot("Arn"), waitFor: "maySend"}
	case "Lambda":
		local := "may" + names.Exported("call", r.Name, "to", t.Name)
		invoke.Permit(e.Builder, invoke.Permission{
			Function: t.Component, Var: local, Part: part, Principal: principal, On: jen.Id(r.local()).Dot("Arn"), Source: t.Source,
		})
		return destination{arn: e.UseText(t.Component, "arn", t.Source), waitFor: local}
	default:
		return destination{arn: e.UseText(t.Component, "arn", t.Source)}
	}
}

func (t target) transformer() jen.Code {
	if t.InputTransformer == nil {
		return nil
	}
	var paths component.Fields
	for _, name := range slices.Sorted(maps.Keys(t.InputTransformer.Paths)) {
		paths = append(paths, component.Field{Name: name, Value: component.Str(t.InputTransformer.Paths[name])})
	}
	return component.Struct(component.AWS("cloudwatch", "EventTargetInputTransformerArgs"), component.Fields{
		{Name: "InputPaths", Value: component.If(len(paths) > 0, component.Map(component.Pulumi("StringMap"), paths))},
		{Name: "InputTemplate", Value: component.Str(t.InputTransformer.Template)},
	})
}
