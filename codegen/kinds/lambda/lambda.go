// Package lambda generates Lambda: a function with its role, its log group and what calls it.
//
// Each deployment publishes a version, and an alias points at it; callers, triggers and the function's address use the
// alias, so that a version takes over at once and copies can be kept ready for it. Code from the repository lies as a zip
// file beside the program, which finds it when it runs: new code changes no program.
//
// The role may do what the function's references need and write its own logs, no more. Secrets reach the function by
// their ARNs, which it may read; their values stand nowhere. Queues, tables and clusters that trigger the function are
// polled by Lambda with that role; a topic or load balancer calls it, which a permission of the function allows.
package lambda

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/invoke"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of Lambda.
type Kind struct{}

// Name is Lambda.
func (Kind) Name() string { return "Lambda" }

// Outputs are how to call the function. Behind an alias, functionArn is the function's own ARN.
func (Kind) Outputs(c *ir.Component) []component.Output {
	outputs := []component.Output{{Name: "arn", Type: component.StringOutput}}
	if invoke.Alias(c) != "" {
		outputs = append(outputs, component.Output{Name: "functionArn", Type: component.StringOutput, Internal: true})
	}
	outputs = append(outputs, component.Output{Name: "functionName", Type: component.StringOutput})
	if c.Spec.Get("functionUrl") != nil {
		outputs = append(outputs, component.Output{Name: "url", Type: component.StringOutput})
	}
	return outputs
}

// ARN is that of the alias, or of the function if it has none.
func (Kind) ARN(stack *ir.Stack, c *ir.Component) (service, resource string) {
	resource = "function:" + functionName(stack, c)
	if alias := invoke.Alias(c); alias != "" {
		resource += ":" + alias
	}
	return "lambda", resource
}

func functionName(stack *ir.Stack, c *ir.Component) string {
	return component.PhysicalName(64, stack, c, "")
}

// Grants let call the function. Who takes its name may call any version of it, who takes its address may do so by that.
func (Kind) Grants(c *ir.Component, access string) []component.Grant {
	if access == "read" {
		return nil // a function has nothing to read
	}
	grants := []component.Grant{{Actions: []string{"lambda:InvokeFunction"}, On: []component.Target{{Output: "arn"}}}}
	if invoke.Alias(c) != "" {
		grants = append(grants, component.Grant{
			Actions: []string{"lambda:InvokeFunction"}, Taking: []string{"functionName"},
			On: []component.Target{{Output: "functionArn"}, {Output: "functionArn", Suffix: ":*"}},
		})
	}
	if c.Spec.Get("functionUrl") != nil {
		grants = append(grants, component.Grant{
			Actions: []string{"lambda:InvokeFunctionUrl"}, On: []component.Target{{Output: "arn"}}, Taking: []string{"url"},
			Conditions: []component.Condition{{Operator: "StringEquals", Key: "lambda:FunctionUrlAuthType", Values: []string{"AWS_IAM"}}},
		})
	}
	return grants
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	f := function{Builder: b, specification: s}
	f.check()
	f.prepare()
	f.main()
	f.publish()
	f.address()
	f.asynchronous()
	for _, t := range s.Triggers {
		f.trigger(t)
	}
	f.schedules()
	f.routes()
	f.alarms()

	b.Output("arn", f.callee("Arn"))
	b.Output("functionName", jen.Id("function").Dot("Name"))
	if s.Alias.Enabled {
		b.Output("functionArn", jen.Id("function").Dot("Arn"))
	}
	if s.FunctionURL != nil {
		b.Output("url", jen.Id("address").Dot("FunctionUrl"))
	}
}

// callee is the code of a field of what callers use: of the alias, or of the function if it has none.
func (f *function) callee(field string) *jen.Statement {
	if f.Alias.Enabled {
		return jen.Id("alias").Dot(field)
	}
	return jen.Id("function").Dot(field)
}
