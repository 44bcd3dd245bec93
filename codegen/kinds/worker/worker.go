// Package worker generates Worker: what MicroService has but for ports and load balancers. A worker connects to others and
// nothing connects to it, so its security group takes no connections. On ECS its copies are tasks of a service, on EKS pods
// of a Deployment.
//
// What triggers name the process asks by itself: it may read from each by its role, and an environment variable tells it
// where. Autoscaling can follow the messages that wait in the queues; with a minimum of no copies, the first message
// starts one.
//
// The liveness check is a command inside the container. ECS has no startup probe; the schema refuses it there.
package worker

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/configfile"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/pod"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of Worker.
type Kind struct{}

// Name is Worker.
func (Kind) Name() string { return "Worker" }

// Outputs are the service and its task definition on ECS, and nothing on EKS.
func (Kind) Outputs(c *ir.Component) []component.Output {
	if container.RunsOnKubernetes(c) {
		return nil
	}
	return []component.Output{
		{Name: "serviceArn", Type: component.StringOutput},
		{Name: "taskDefinitionArn", Type: component.StringOutput},
	}
}

// Widgets are the graphs of the service.
func (Kind) Widgets(stack *ir.Stack, c *ir.Component) []component.Widget {
	if container.RunsOnKubernetes(c) {
		return pod.Widgets(stack, c)
	}
	return container.Widgets(stack, c)
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	b.Version(s.Image.Tag)
	if s.Runtime.Platform == container.EKS {
		s.runOnKubernetes(b)
	} else {
		s.runOnECS(b)
	}
}

// runOnECS makes the copies tasks of an ECS service.
func (s specification) runOnECS(b *component.Builder) {
	configfile.Check(b, s.Runtime.User)
	task := &container.Task{Builder: b, Spec: s.Spec, Health: s.health(), Variables: s.addresses(b)}
	task.Prepare()
	task.Definition()
	running := container.Service{Task: task, Deployment: s.Deployment, Scaling: s.Scaling, Queues: s.queues()}
	running.Run()
	b.Output("serviceArn", jen.Id("service").Dot("ID").Call())
	b.Output("taskDefinitionArn", jen.Id("task").Dot("Arn"))
}

// runOnKubernetes makes the copies pods of a Deployment.
func (s specification) runOnKubernetes(b *component.Builder) {
	if !pod.Runnable(b, s.Spec) {
		return
	}
	pods := &pod.Pod{
		Builder: b, Spec: s.Spec, Purpose: "worker", Probes: s.probes(), Most: pod.MostCopies(s.Scaling), Variables: s.addresses(b),
	}
	pods.Prepare()
	running := pod.Deployment{Pod: pods, Rollout: s.Deployment, Scaling: s.Scaling, Queues: s.queues()}
	running.Run()
}
