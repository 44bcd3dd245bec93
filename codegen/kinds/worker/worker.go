// Package worker generates Worker on ECS: what MicroService has but for ports and load balancers. A worker connects to
// others and nothing connects to it, so its security group takes no connections.
//
// What triggers name the process asks by itself: it may read from each by its role, and an environment variable tells it
// where. Autoscaling can follow the messages that wait in the queues; with a minimum of no copies, the first message
// starts one.
//
// The liveness check is a command inside the container. ECS has no startup probe; the schema refuses it.
package worker

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of Worker.
type Kind struct{}

// Name is Worker.
func (Kind) Name() string { return "Worker" }

// Outputs are the service and its task definition.
func (Kind) Outputs(*ir.Component) []component.Output {
	return []component.Output{
		{Name: "serviceArn", Type: component.StringOutput},
		{Name: "taskDefinitionArn", Type: component.StringOutput},
	}
}

// Widgets are the graphs of the service.
func (Kind) Widgets(stack *ir.Stack, c *ir.Component) []component.Widget {
	return container.Widgets(stack, c)
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	if !container.Runnable(b, s.Spec) {
		return
	}
	b.Version(s.Image.Tag)
	task := &container.Task{Builder: b, Spec: s.Spec, Health: s.health(), Variables: s.addresses(b)}
	task.Prepare()
	task.Definition()
	running := container.Service{Task: task, Deployment: s.Deployment, Scaling: s.Scaling, Queues: s.queues()}
	running.Run()
	b.Output("serviceArn", jen.Id("service").Dot("ID").Call())
	b.Output("taskDefinitionArn", jen.Id("task").Dot("Arn"))
}
