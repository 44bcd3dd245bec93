// Package alb generates ALB: a load balancer for requests, its security group, its listeners and the routes that it
// answers itself.
//
// A route to a component is with that component, which registers with the load balancer (package balance); so is the way
// from the load balancer's security group to it. Until the component is deployed the load balancer gives its default
// response. HTTP sends browsers to HTTPS unless the YAML forwards; an ALB without a certificate serves its routes by HTTP,
// which the YAML must ask for.
package alb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/bucketpolicy"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/ir"
)

// Kind is the generator of ALB.
type Kind struct{}

// Name is ALB.
func (Kind) Name() string { return "ALB" }

// group is the local variable of the load balancer's security group.
const group = "securityGroup"

// Outputs are the load balancer's and the listeners that have its routes.
func (Kind) Outputs(c *ir.Component) []component.Output {
	outputs := balance.Outputs()
	for _, listener := range balance.Listeners(c) {
		outputs = append(outputs, component.Output{
			Name: listener.Output, Type: component.StringOutput, Internal: listener.Output == balance.HTTPListener,
		})
	}
	return append(outputs, balance.ListenerOutputs(c)...)
}

// Front is the listener that has the routes, the encrypted one if there are two.
func (Kind) Front(c *ir.Component) (balance.Listener, bool) { return balance.Listeners(c)[0], true }

// Entry is the load balancer's security group at the ports of its listeners.
func (Kind) Entry(c *ir.Component) (component.Entry, bool) {
	s, ds := decode(c)
	if ds.HasErrors() {
		return component.Entry{}, false
	}
	return component.Entry{SecurityGroup: "securityGroupId", Ports: s.ports()}, true
}

// Deposits are the logs of requests. Elastic Load Balancing does not tell the bucket on whose behalf it writes; that the
// keys hold the account's number keeps others out.
func (Kind) Deposits(_ *ir.Stack, c *ir.Component, bucket string) []bucketpolicy.Deposit {
	s, _ := decode(c)
	if s.AccessLogs == nil || s.AccessLogs.Component != bucket {
		return nil
	}
	return []bucketpolicy.Deposit{{
		Principal: "logdelivery.elasticloadbalancing.amazonaws.com", Prefix: s.AccessLogs.Keys(), Anonymous: true,
	}}
}

// loadBalancer is an ALB being generated.
type loadBalancer struct {
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
	l := loadBalancer{Builder: b, specification: s}
	b.SecurityGroup(group, "access", "Who may connect to the load balancer", b.Place("allowFrom"))
	l.admit()
	l.balancer()
	l.firewall()
	l.listeners()
	l.routes()
	l.join()
	l.alarms()
	balance.Publish(b, group)
}

func (l loadBalancer) admit() {
	source := l.Place("allowFrom")
	if balance.Public(l.Scheme) {
		source = l.Place("scheme")
	}
	var ports []network.Port
	for _, port := range l.ports() {
		ports = append(ports, network.Port{Protocol: "tcp", Port: port})
	}
	network.Admit(l.Builder, network.Admission{
		Group: group, Ports: ports, AllowFrom: l.AllowFrom, Public: balance.Public(l.Scheme), IPv6: l.IPAddressType == "dualstack",
		Source: source,
	})
}

func (l loadBalancer) balancer() {
	balance.AddLoadBalancer(l.Builder, balance.LoadBalancer{
		Type: "application", Group: group, Scheme: l.Scheme, IPAddressType: l.IPAddressType, AccessLogs: l.AccessLogs,
		DeletionProtection: l.DeletionProtection,
		Settings: component.Fields{
			{Name: "IdleTimeout", Value: component.Int(int(l.IdleTimeout))},
			{Name: "EnableHttp2", Value: component.Bool(l.HTTP2)},
			{Name: "DropInvalidHeaderFields", Value: component.Bool(l.DropInvalidHeaders)},
			{Name: "DesyncMitigationMode", Value: component.Str(l.DesyncMitigation)},
			{Name: "XffHeaderProcessingMode", Value: component.Str(l.ForwardedFor)},
		},
	})
}

// firewall has the requests pass the web ACL of the YAML or else that of the Security document.
func (l loadBalancer) firewall() {
	acl, source := l.WebACLARN, l.Place("webAclArn")
	if general := l.Stack().Security.Get("waf", "webAclArn"); acl == "" && general != nil {
		acl, source = general.Text.String(), general.Source
	}
	if acl == "" {
		return
	}
	l.CheckRegion("the web ACL", acl, l.Stack().Region, source)
	l.Resource(component.Resource{
		Type: "aws:wafv2/webAclAssociation:WebAclAssociation", Part: "firewall", What: "web ACL", Source: source,
		Args: component.Fields{
			{Name: "ResourceArn", Value: jen.Id("loadBalancer").Dot("Arn")},
			{Name: "WebAclArn", Value: component.Str(acl)},
		},
	})
}
