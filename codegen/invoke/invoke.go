// Package invoke lets services of AWS call functions. Who calls depends on the function, so the permission stands in the
// caller's file: a topic's, a bus's, a bucket's, a load balancer's or an API's.
//
// A function with an alias is called through it, and the permission is the alias's own. The kind of the function is not
// known here; it has the outputs arn, which is the alias's if there is one, and functionName.
package invoke

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Permission lets a service call a function.
type Permission struct {
	// Function is the ID of the component.
	Function string
	// Var is the local variable that holds the permission, empty if the code needs none; Part the last part of its name.
	Var, Part string
	// Principal is the service, such as sns.amazonaws.com, and On the ARN on behalf of which it calls.
	Principal string
	On        jen.Code
	// OfAccount asks for this account too, for ARNs that say nothing of it, as a bucket's.
	OfAccount bool
	// Source is the place in the YAML that names the function.
	Source diag.Position
}

// Permit registers a permission.
func Permit(b *component.Builder, p Permission) { permit(b, p, "lambda:InvokeFunction") }

// PermitURL registers what lets the service call the function by its URL: AWS asks for both the permission for the URL,
// whose part ends in -url, and the one for the function behind it.
func PermitURL(b *component.Builder, p Permission) {
	Permit(b, p)
	p.Var, p.Part = "", p.Part+"-url"
	permit(b, p, "lambda:InvokeFunctionUrl", component.Field{Name: "FunctionUrlAuthType", Value: component.Str("AWS_IAM")})
}

func permit(b *component.Builder, p Permission, action string, further ...component.Field) {
	function, _ := b.Use(p.Function, "functionName", p.Source)
	b.Resource(component.Resource{
		Var: p.Var, Type: "aws:lambda/permission:Permission", Part: p.Part, What: "permission to call " + p.Function, Source: p.Source,
		Args: append(component.Fields{
			{Name: "Action", Value: component.Str(action)},
			{Name: "Function", Value: function},
			{Name: "Qualifier", Value: qualifier(b, p.Function)},
			{Name: "Principal", Value: component.Str(p.Principal)},
			{Name: "SourceArn", Value: p.On},
			{Name: "SourceAccount", Value: component.If(p.OfAccount, jen.Id("base").Dot("accountID"))},
		}, further...),
	})
}

func qualifier(b *component.Builder, id string) jen.Code {
	target, _ := b.Target(id)
	if target == nil {
		return nil
	}
	if name := Alias(target); name != "" {
		return component.Str(name)
	}
	return nil
}

// Alias is the name of the alias through which a function is called; "" if it has none.
func Alias(function *ir.Component) string {
	enabled, name := function.Spec.Get("alias", "enabled"), function.Spec.Get("alias", "name")
	if enabled == nil || !enabled.Bool || name == nil {
		return ""
	}
	return name.Text.String()
}
