// Package microservice generates MicroService: copies of a container that take requests, with a log group, roles with the
// least grants, security groups, alarms, and, when asked, a load balancer of its own and autoscaling. It takes part in every
// ALB and NLB that has a route to it. On ECS the copies are tasks of a service that rolls back by itself; on EKS they are
// pods of a Deployment, which a binding puts into the same target groups. Where deployments shift requests, which only ECS
// does, each target group has a second one beside it, and ECS turns a rule between the two; see package container.
//
// For each component that it takes values from and that can be reached over the network, one rule opens exactly that one's
// ports to exactly this one's security group.
//
// Health checks: readiness is what the load balancer asks. On EKS the kubelet asks all three as they are written. On ECS
// liveness is asked inside the container, so its image needs curl or wget for http and nc for tcp; without any load balancer
// nobody asks from outside, and readiness stands in for a missing liveness; and as there is no startup probe, the time that
// it would take becomes the grace period in which failures do not count.
package microservice

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/pod"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of MicroService.
type Kind struct{}

// Name is MicroService.
func (Kind) Name() string { return "MicroService" }

// loadBalancerGroup is the internal output with the security group of the load balancer.
const loadBalancerGroup = "loadBalancerSecurityGroupId"

// listenerARN is the internal output with the ARN of the listener that sends requests on, and loadBalancerARN that with
// the load balancer's.
const (
	listenerARN     = "loadBalancerListenerArn"
	loadBalancerARN = "loadBalancerArn"
)

// Outputs are what belongs to the service; what is of ECS only there, url and what else is of the load balancer only with one.
func (Kind) Outputs(c *ir.Component) []component.Output {
	text := func(name string) component.Output { return component.Output{Name: name, Type: component.StringOutput} }
	outputs := []component.Output{text("logGroupName"), text("securityGroupId")}
	if !container.RunsOnKubernetes(c) {
		outputs = append(outputs, text("serviceArn"), text("taskDefinitionArn"))
	}
	if s, ds := decode(c); !ds.HasErrors() && s.balanced() {
		outputs = append(outputs, text("targetGroupArn"), text("url"))
		for _, name := range []string{loadBalancerARN, loadBalancerGroup, listenerARN} {
			outputs = append(outputs, component.Output{Name: name, Type: component.StringOutput, Internal: true})
		}
	}
	return append(outputs, balance.ListenerOutputs(c)...)
}

// Front is the listener of the load balancer that sends requests on, if there is one.
func (Kind) Front(c *ir.Component) (balance.Listener, bool) {
	s, ds := decode(c)
	if ds.HasErrors() || !s.balanced() {
		return balance.Listener{}, false
	}
	ports := s.Networking.LoadBalancer.ports()
	return balance.Listener{
		Output: listenerARN, LoadBalancer: loadBalancerARN, Port: ports[len(ports)-1],
		Encrypted: s.Networking.LoadBalancer.CertificateARN != "",
	}, true
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
	// group is the target group of the load balancer of its own.
	group   balance.Group
	targets []balance.Membership
	// waitFor are local variables of what load balancers need to reach the copies.
	waitFor []string
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
	if container.RunsOnKubernetes(c) {
		return pod.Widgets(stack, c)
	}
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
	m := &service{Builder: b, specification: s}
	b.Version(s.Image.Tag)
	run := m.runOnECS
	if s.Runtime.Platform == container.EKS {
		run = m.runOnKubernetes
	}
	if run() {
		m.outputs()
	}
}

// reach registers what load balancers need to reach the copies, whose security group is there already.
func (m *service) reach() {
	if m.balanced() {
		m.balance()
	}
	m.register()
}

func (m *service) outputs() {
	m.Output("logGroupName", jen.Id("logs").Dot("Name"))
	m.Output("securityGroupId", network.ID("securityGroup"))
	if m.Runtime.Platform != container.EKS {
		m.Output("serviceArn", container.ServiceARN(m.Deployment))
		m.Output("taskDefinitionArn", jen.Id("task").Dot("Arn"))
	}
	if !m.balanced() {
		return
	}
	scheme := "http"
	if m.Networking.LoadBalancer.CertificateARN != "" {
		scheme = "https"
	}
	m.Output("targetGroupArn", jen.Id("targets").Dot("Arn"))
	m.Output("url", component.Pulumi("Sprintf").Call(jen.Lit(scheme+"://%s"), jen.Id("loadBalancer").Dot("DnsName")))
	m.Output(loadBalancerARN, jen.Id("loadBalancer").Dot("Arn"))
	m.Output(loadBalancerGroup, network.ID("loadBalancerGroup"))
	m.Output(listenerARN, jen.Id("listener").Dot("Arn"))
}
