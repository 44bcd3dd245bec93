// Package microservice generates MicroService on ECS: a task definition, a service that rolls back by itself, a log group,
// roles with the least grants, security groups, alarms, and, when asked, a load balancer of its own and autoscaling. It
// takes part in every ALB and NLB that has a route to it. Where deployments shift requests, each target group has a second
// one beside it, and ECS turns a rule between the two; see package container.
//
// The process gets secrets by ARN from ECS; their values never pass through panka. For each component that it takes
// values from and that can be reached over the network, one rule opens exactly that one's ports to exactly this one's
// security group.
//
// Health checks: readiness is what the load balancer asks; liveness is what ECS asks inside the container, so its image
// needs curl or wget for http and nc for tcp. Without any load balancer nobody asks from outside, and readiness stands
// in for a missing liveness. ECS has no startup probe: the time that it would take becomes the grace period in which
// failures do not count.
package microservice

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of MicroService.
type Kind struct{}

// Name is MicroService.
func (Kind) Name() string { return "MicroService" }

// loadBalancerGroup is the internal output with the security group of the load balancer.
const loadBalancerGroup = "loadBalancerSecurityGroupId"

// listenerARN is the internal output with the ARN of the listener that sends requests on.
const listenerARN = "loadBalancerListenerArn"

// Outputs are the service and what belongs to it; url and what else is of the load balancer only with one.
func (Kind) Outputs(c *ir.Component) []component.Output {
	text := func(name string) component.Output { return component.Output{Name: name, Type: component.StringOutput} }
	outputs := []component.Output{
		text("logGroupName"), text("securityGroupId"), text("serviceArn"), text("taskDefinitionArn"),
	}
	if s, ds := decode(c); !ds.HasErrors() && s.balanced() {
		group, listener := text(loadBalancerGroup), text(listenerARN)
		group.Internal, listener.Internal = true, true
		outputs = append(outputs, text("targetGroupArn"), text("url"), group, listener)
	}
	return outputs
}

// Front is the listener of the load balancer that sends requests on, if there is one.
func (Kind) Front(c *ir.Component) (balance.Listener, bool) {
	s, ds := decode(c)
	if ds.HasErrors() || !s.balanced() {
		return balance.Listener{}, false
	}
	return balance.Listener{Output: listenerARN, Encrypted: s.Networking.LoadBalancer.CertificateARN != ""}, true
}

// Entry is the load balancer, if there is one.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	if ds.HasErrors() || !s.balanced() {
		return component.Entry{}, false
	}
	return component.Entry{SecurityGroup: loadBalancerGroup, Ports: s.Networking.LoadBalancer.ports()}, true
}

// service is a MicroService being generated.
type service struct {
	*component.Builder
	specification
	task *container.Task
	// group is the target group of the load balancer of its own.
	group   balance.Group
	targets []container.TargetGroup
}

// reached tells whether any load balancer sends to the service.
func (m *service) reached() bool { return m.balanced() || len(balance.Registered(m.Component())) > 0 }

// shifting is the strategy if deployments shift requests, else "".
func (m *service) shifting() string {
	if m.Deployment.Shifts() {
		return m.Deployment.Strategy
	}
	return ""
}

// Widgets are the graphs of the service.
func (Kind) Widgets(stack *ir.Stack, c *ir.Component) []component.Widget {
	return container.Widgets(stack, c)
}

// Generate writes the component's function.
func (Kind) Generate(b *component.Builder) {
	s, ds := decode(b.Component())
	if s.balanced() && len(s.Ports) == 0 {
		ds.Add(diag.Errorf(b.Place("networking", "loadBalancer"), component.Code,
			"%s has a load balancer but no port to send requests to", b.ID()))
	}
	if s.balanced() && len(s.Ports) > 0 && s.Ports[0].Protocol == "udp" {
		ds.Add(diag.Errorf(s.Ports[0].Source, component.Code,
			"the load balancer of %s sends requests to the first port, which must be tcp", b.ID()))
	}
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	if !container.Runnable(b, s.Spec) || !container.Shiftable(b, s.Deployment, s.balanced() || len(balance.Registered(b.Component())) > 0) {
		return
	}
	m := &service{Builder: b, specification: s}
	b.Version(s.Image.Tag)
	m.task = &container.Task{Builder: b, Spec: s.Spec, Ports: s.Ports, Health: m.containerHealth()}
	m.task.Prepare()
	if m.balanced() {
		m.balance()
	}
	m.register()
	m.task.Definition()
	running := container.Service{
		Task: m.task, Deployment: m.Deployment, Scaling: m.Scaling, Targets: m.targets, Grace: m.grace(),
	}
	running.Run()
	m.outputs(running)
}

func (m *service) outputs(running container.Service) {
	m.Output("logGroupName", jen.Id("logs").Dot("Name"))
	m.Output("securityGroupId", network.ID("securityGroup"))
	m.Output("serviceArn", running.ARN())
	m.Output("taskDefinitionArn", jen.Id("task").Dot("Arn"))
	if !m.balanced() {
		return
	}
	scheme := "http"
	if m.Networking.LoadBalancer.CertificateARN != "" {
		scheme = "https"
	}
	m.Output("targetGroupArn", jen.Id("targets").Dot("Arn"))
	m.Output("url", component.Pulumi("Sprintf").Call(jen.Lit(scheme+"://%s"), jen.Id("loadBalancer").Dot("DnsName")))
	m.Output(loadBalancerGroup, network.ID("loadBalancerGroup"))
	m.Output(listenerARN, jen.Id("listener").Dot("Arn"))
}
