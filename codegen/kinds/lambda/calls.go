package lambda

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
)

// address is an HTTPS address of the function's own.
func (f *function) address() {
	if f.FunctionURL == nil {
		return
	}
	f.Resource(component.Resource{
		Var: "address", Type: "aws:lambda/functionUrl:FunctionUrl", Part: "url", What: "address", Source: f.Place("functionUrl"),
		Args: component.Fields{
			{Name: "FunctionName", Value: jen.Id("function").Dot("Name")},
			{Name: "Qualifier", Value: component.If(f.Alias.Enabled, jen.Id("alias").Dot("Name"))},
			{Name: "AuthorizationType", Value: component.Str(f.FunctionURL.Authorization)},
			{Name: "InvokeMode", Value: component.Str(f.FunctionURL.InvokeMode)},
			{Name: "Cors", Value: f.FunctionURL.cors()},
		},
	})
}

func (u *functionURL) cors() jen.Code {
	if u.CORS == nil {
		return nil
	}
	return component.Struct(component.AWS("lambda", "FunctionUrlCorsArgs"), component.Fields{
		{Name: "AllowOrigins", Value: list(u.CORS.AllowOrigins)},
		{Name: "AllowMethods", Value: list(u.CORS.AllowMethods)},
		{Name: "AllowHeaders", Value: list(u.CORS.AllowHeaders)},
		{Name: "ExposeHeaders", Value: list(u.CORS.ExposeHeaders)},
		{Name: "AllowCredentials", Value: component.If(u.CORS.AllowCredentials, component.Bool(true))},
		{Name: "MaxAge", Value: seconds(u.CORS.MaxAge)},
	})
}

// asynchronous says what happens to calls that nobody waits for.
func (f *function) asynchronous() {
	destination := func(which, id string) jen.Code {
		if id == "" {
			return nil
		}
		return component.Struct(component.AWS("lambda", "FunctionEventInvokeConfigDestinationConfig"+which+"Args"),
			component.Fields{{Name: "Destination", Value: f.arn(id, f.Place("async", "on"+which[2:]))}})
	}
	args := component.Fields{
		{Name: "FunctionName", Value: jen.Id("function").Dot("Name")},
		{Name: "Qualifier", Value: component.If(f.Alias.Enabled, jen.Id("alias").Dot("Name"))},
		{Name: "MaximumRetryAttempts", Value: component.Int(f.Async.Retries)},
		{Name: "MaximumEventAgeInSeconds", Value: component.Int(int(f.Async.MaxAge))},
	}
	if f.Async.OnFailure != "" || f.Async.OnSuccess != "" {
		args = append(args, component.Field{Name: "DestinationConfig", Value: component.Struct(
			component.AWS("lambda", "FunctionEventInvokeConfigDestinationConfigArgs"), component.Fields{
				{Name: "OnFailure", Value: destination("OnFailure", f.Async.OnFailure)},
				{Name: "OnSuccess", Value: destination("OnSuccess", f.Async.OnSuccess)},
			})})
	}
	f.Resource(component.Resource{
		Type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", Part: "async", What: "settings for calls that nobody waits for",
		Source: f.Place("async"), Args: args,
	})
}

// arn is the code of the ARN of a component that gets something from the function.
func (f *function) arn(id string, source diag.Position) jen.Code {
	output := "arn"
	if target, _ := f.Target(id); target != nil && target.Kind == "EventBridge" {
		output = "busArn"
	}
	return f.UseText(id, output, source)
}

// permission lets a service call the function on behalf of an ARN.
func (f *function) permission(local, part, principal string, on jen.Code, source diag.Position) {
	f.Resource(component.Resource{
		Var: local, Type: "aws:lambda/permission:Permission", Part: part, What: "permission for " + part, Source: source,
		Args: component.Fields{
			{Name: "Action", Value: component.Str("lambda:InvokeFunction")},
			{Name: "Function", Value: jen.Id("function").Dot("Name")},
			{Name: "Qualifier", Value: component.If(f.Alias.Enabled, jen.Id("alias").Dot("Name"))},
			{Name: "Principal", Value: component.Str(principal)},
			{Name: "SourceArn", Value: on},
		},
	})
}

// join puts the function into a target group, which may call it.
func (f *function) join(i int, r balance.Registration) {
	number := strconv.Itoa(i + 1)
	f.permission("mayRoute"+number, "route-"+number, "elasticloadbalancing.amazonaws.com", jen.Id(r.Group).Dot("Arn"), r.Source)
	f.Resource(component.Resource{
		Type: "aws:lb/targetGroupAttachment:TargetGroupAttachment", Part: "route-" + number, What: "target of a route", Source: r.Source,
		Args: component.Fields{
			{Name: "TargetGroupArn", Value: jen.Id(r.Group).Dot("Arn")},
			{Name: "TargetId", Value: f.callee("Arn")},
		},
		Options: []jen.Code{component.DependsOn(append([]string{"mayRoute" + number}, r.WaitFor...)...)},
	})
}

func seconds(s *spec.Seconds) jen.Code {
	if s == nil {
		return nil
	}
	return component.Int(int(*s))
}
