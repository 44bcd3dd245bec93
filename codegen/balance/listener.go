package balance

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// connections registers with an NLB, by a listener of its own.
func (r registrar) connections(balancer *ir.Component, ref ir.Reference) (Registration, bool) {
	var route NLBRoute
	ds := spec.Decode(ref.Mount, &route)
	port, found := r.port(route.TargetPort, ref.Source)
	ds.Add(found...)
	health := r.target.Health.overridden(route.HealthCheck)
	if r.target.Type == Balancer && health.Protocol == "TCP" { // AWS asks a load balancer by requests only
		own := r.target.Health
		health.Protocol, health.Path, health.Statuses = own.Protocol, own.Path, own.Statuses
	}
	if route.Protocol == "UDP" && (health.Port == 0 || health.Port == port.Port) {
		ds.Add(diag.Errorf(route.Source, component.Code,
			"nobody answers on a UDP port whether %s is well; give the route a healthCheck with a TCP port", r.ID()))
	}
	if r.target.Strategy != "" {
		ds.Add(diag.Errorf(ref.Source, component.Code,
			"%s is a Network Load Balancer, and the strategy %s of %s needs requests that an ALB can divide", balancer.ID(), r.target.Strategy, r.ID()).
			WithHint("set deployment.strategy: rolling, or send the requests by an ALB"))
	}
	if ds.HasErrors() {
		r.Fail(ds...)
		return Registration{}, false
	}
	local, part := r.names(balancer, route.Name)
	made := Registration{Group: local, Part: part, Port: port.Port}
	protocol := map[string]string{"TLS": "TCP"}[route.Protocol] // the NLB ends the encryption
	if protocol == "" {
		protocol = route.Protocol
	}
	for _, transport := range route.Transports() {
		made.WaitFor = append(made.WaitFor, r.open(balancer, ref, transport, port.Port)...)
	}
	made.WaitFor = append(made.WaitFor, r.open(balancer, ref, "tcp", health.Port)...)
	AddGroup(r.Builder, Group{
		Var: local, Part: part, Type: r.target.Type, Protocol: protocol, Port: port.Port, Health: health.Code(),
		Settings: route.settings(), Salt: append(ReplacedBy(r.Builder, balancer), balancer.ID()), Source: route.Source,
	})
	arn, _ := r.Use(balancer.ID(), "arn", ref.Source)
	r.Resource(component.Resource{
		Var: local + "Listener", Type: "aws:lb/listener:Listener", Part: part, What: "route " + route.Name, Source: route.Source,
		Args: append(route.listener(r.Builder, arn), component.Field{Name: "DefaultActions", Value: component.List(
			component.AWS("lb", "ListenerDefaultActionArray"),
			component.Struct(component.AWS("lb", "ListenerDefaultActionArgs"), component.Fields{
				{Name: "Type", Value: component.Str("forward")},
				{Name: "TargetGroupArn", Value: jen.Id(local).Dot("Arn")},
			}))}),
	})
	made.WaitFor = append(made.WaitFor, local+"Listener")
	r.Output(ListenerOutput(balancer.Service, balancer.Name, route.Name), jen.Id(local+"Listener").Dot("Arn"))
	return made, true
}

// ListenerOutput is the name of the internal output with the ARN of the listener of an NLB that a route to a component
// has. It is the component's, which brings the listener along.
func ListenerOutput(service, balancer, route string) string {
	return "listenerOf" + names.Exported(service, balancer, route)
}

// ListenerOutputs are the outputs that Register sets.
func ListenerOutputs(c *ir.Component) []component.Output {
	var all []component.Output
	for _, ref := range Registered(c) {
		port, route := ref.Mount.Get("port"), ref.Mount.Get("name")
		if port == nil || port.Kind != ir.Number || route == nil {
			continue // a route of an ALB, which names a port of the component's
		}
		service, name, _ := strings.Cut(ref.Component, "/")
		all = append(all, component.Output{
			Name: ListenerOutput(service, name, route.Text.String()), Type: component.StringOutput, Internal: true,
		})
	}
	return all
}

// settings are the arguments of a target group that say how an NLB passes connections on.
func (r NLBRoute) settings() component.Fields {
	fields := component.Fields{{Name: "DeregistrationDelay", Value: component.Int(int(r.DeregistrationDelay))}}
	if r.PreserveClientIP != nil {
		fields = append(fields, component.Field{Name: "PreserveClientIp", Value: component.Str(strconv.FormatBool(*r.PreserveClientIP))})
	}
	return append(fields,
		component.Field{Name: "ProxyProtocolV2", Value: component.If(r.ProxyProtocol, component.Bool(true))},
		component.Field{Name: "Stickiness", Value: component.If(r.Sticky, stickiness(component.Fields{
			{Name: "Type", Value: component.Str("source_ip")},
			{Name: "Enabled", Value: component.Bool(true)},
		}))})
}

// listener are the arguments of the listener, but for what it does.
func (r NLBRoute) listener(b *component.Builder, arn jen.Code) component.Fields {
	fields := component.Fields{
		{Name: "LoadBalancerArn", Value: arn},
		{Name: "Protocol", Value: component.Str(r.Protocol)},
		{Name: "Port", Value: component.Int(r.Port)},
	}
	if r.Protocol == "TLS" {
		fields = append(fields, component.Fields{
			{Name: "CertificateArn", Value: component.Str(r.CertificateARN)},
			{Name: "SslPolicy", Value: component.Str(TLSPolicy(b, r.TLSPolicy, r.Source))},
			{Name: "AlpnPolicy", Value: component.If(r.ALPN != "", component.Str(r.ALPN))},
		}...)
	}
	if r.IdleTimeout != nil {
		fields = append(fields, component.Field{Name: "TcpIdleTimeoutSeconds", Value: component.Int(int(*r.IdleTimeout))})
	}
	return fields
}

// open lets a load balancer connect to ports of the target, those that are not 0: out of its security group and into the
// target's. AWS refuses a rule that exists, so each is made once for all routes.
func (r registrar) open(balancer *ir.Component, ref ir.Reference, protocol string, ports ...int) (waitFor []string) {
	for _, port := range ports {
		if port == 0 || r.target.Group == "" {
			continue
		}
		number := strconv.Itoa(port)
		if protocol == "udp" {
			number += "-udp"
		}
		key := balancer.ID() + " " + number
		if r.opened[key] == nil {
			r.opened[key] = r.way(balancer, ref, protocol, number, port)
		}
		waitFor = append(waitFor, r.opened[key]...)
	}
	return waitFor
}

func (r registrar) way(balancer *ir.Component, ref ir.Reference, protocol, number string, port int) []string {
	theirs, _ := r.Use(balancer.ID(), "securityGroupId", ref.Source)
	out := network.Rule{
		Direction: network.Egress, Var: names.Identifier(balancer.Service, balancer.Name, "to", number),
		Part: names.Resource(balancer.Service, balancer.Name, "to", number),
		What: "rule from " + balancer.ID() + " to port " + number, Group: theirs, Protocol: protocol, Port: port,
		Peer: network.Group(network.ID(r.target.Group)), Source: ref.Source,
	}
	in := network.Rule{
		Direction: network.Ingress, Var: names.Identifier("from", balancer.Service, balancer.Name, "to", number),
		Part: names.Resource("from", balancer.Service, balancer.Name, "to", number),
		What: "rule for port " + number + " from " + balancer.ID(), Group: network.ID(r.target.Group), Protocol: protocol, Port: port,
		Peer: network.Group(theirs), Source: ref.Source,
	}
	network.Add(r.Builder, out)
	network.Add(r.Builder, in)
	return []string{out.Var, in.Var}
}
