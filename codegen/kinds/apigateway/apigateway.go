// Package apigateway generates APIGateway: the API with its routes, what they lead to, who may call them, one stage with
// its log, and the domain.
//
// Protocol HTTP and REST are two generations of one service with resources of their own, files http*.go and rest*.go; what
// is alike stands in the others. Functions are called by leave of permissions for exactly this API. Services inside the
// VPC are reached by a VPC link (backend.go): that of HTTP connects to the listener of a load balancer out of a security
// group of its own, that of REST to an NLB, which the API brings along where the service has none (relay.go).
//
// A REST API serves a deployment, which is a snapshot: it is made anew whenever anything of the API's definition changes.
package apigateway

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/invoke"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of APIGateway.
type Kind struct{}

// Name is APIGateway.
func (Kind) Name() string { return "APIGateway" }

// Outputs are where the API is and what permissions to call it name.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "apiId", Type: component.StringOutput},
		{Name: "executionArn", Type: component.StringOutput},
		{Name: "url", Type: component.StringOutput},
	}
}

// api is an APIGateway being generated.
type api struct {
	*component.Builder
	specification
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	a := api{Builder: b, specification: s}
	if !a.sound() {
		return
	}
	if a.logged() {
		a.logGroup()
	}
	if a.rest() {
		a.restful()
	} else {
		a.http()
	}
	a.alarms()
	b.Output("apiId", jen.Id("api").Dot("ID").Call())
	b.Output("executionArn", jen.Id("api").Dot("ExecutionArn"))
	b.Output("url", a.address())
}

// address is where callers find the API.
func (a api) address() jen.Code {
	switch {
	case a.Domain != nil:
		url := "https://" + a.Domain.Name
		if a.Domain.BasePath != "" {
			url += "/" + a.Domain.BasePath
		}
		return component.Str(url)
	case a.private():
		return component.Pulumi("Sprintf").Call(jen.Lit("https://%s-%s.execute-api."+a.Stack().Region+".amazonaws.com/%s"),
			jen.Id("api").Dot("ID").Call(), jen.Id("endpoint").Dot("ID").Call(), jen.Id("stage").Dot("StageName"))
	default:
		return jen.Id("stage").Dot("InvokeUrl")
	}
}

func (a api) logGroup() {
	a.Resource(component.Resource{
		Var: "logs", Type: "aws:cloudwatch/logGroup:LogGroup", Part: "logs", What: "log group", Source: a.Place("logging"),
		Args: component.Fields{
			{Name: "Name", Value: component.Str(a.Path())},
			{Name: "RetentionInDays", Value: component.Int(a.Logging.RetentionDays)},
			{Name: "KmsKeyId", Value: a.Key()},
		},
	})
}

// accessLogs is the setting of a stage, of either generation.
func (a api) accessLogs(module string, fields ...string) jen.Code {
	if !a.logged() {
		return nil
	}
	line := component.Fields{}
	slices.Sort(fields)
	for _, name := range fields {
		line = append(line, component.Field{Name: name, Value: jen.Lit("$context." + name)})
	}
	return component.Struct(component.AWS(module, "StageAccessLogSettingsArgs"), component.Fields{
		{Name: "DestinationArn", Value: jen.Id("logs").Dot("Arn")},
		{Name: "Format", Value: component.Pulumi("JSONMarshal").Call(component.Object(line))},
	})
}

// variables are those of a stage.
func (a api) variables() jen.Code {
	if len(a.Stage.Variables) == 0 {
		return nil
	}
	var fields component.Fields
	for _, name := range sortedKeys(a.Stage.Variables) {
		fields = append(fields, component.Field{Name: name, Value: a.Text(a.Stage.Variables[name])})
	}
	return component.Map(component.Pulumi("StringMap"), fields)
}

// permissions let the API call each of the functions that its routes lead to.
func (a api) permissions() {
	var done []string
	for _, r := range a.Routes {
		if r.Function == "" || slices.Contains(done, r.Function) {
			continue
		}
		done = append(done, r.Function)
		invoke.Permit(a.Builder, invoke.Permission{
			Function: r.Function, Part: names.Resource("call", a.partOf(r.Function)), Principal: "apigateway.amazonaws.com",
			On:     component.Pulumi("Sprintf").Call(jen.Lit("%s/*/*"), jen.Id("api").Dot("ExecutionArn")),
			Source: r.Source,
		})
	}
}

// permit lets the API call the function of an authorizer, which a local variable holds.
func (a api) permit(au authorizer, local string) {
	invoke.Permit(a.Builder, invoke.Permission{
		Function: au.Function, Part: names.Resource("authorizer", au.Name), Principal: "apigateway.amazonaws.com",
		On: component.Pulumi("Sprintf").Call(jen.Lit("%s/authorizers/%s"), jen.Id("api").Dot("ExecutionArn"),
			jen.Id(local).Dot("ID").Call()),
		Source: au.Source,
	})
}

// calling is the address by which API Gateway calls a function.
func (a api) calling(function string, source diag.Position) jen.Code {
	arn, _ := a.Use(function, "arn", source)
	region := a.Stack().Region
	return component.Pulumi("Sprintf").Call(
		jen.Lit("arn:"+component.Partition(region)+":apigateway:"+region+":lambda:path/2015-03-31/functions/%s/invocations"), arn)
}

// partOf is a component's ID for the names of resources.
func (a api) partOf(id string) string {
	c, _ := a.Target(id)
	if c == nil {
		return id
	}
	return names.Resource(c.Service, c.Name)
}

// local is a local variable for something of the API's that has a name.
func local(prefix, name string) string { return prefix + names.Exported(name) }
