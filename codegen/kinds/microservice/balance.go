package microservice

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
)

// deregistrationDelay is how many seconds a copy that goes may finish its requests.
const deregistrationDelay = 30

// balance puts a load balancer in front of the service: its own security group, open to whom the YAML allows, and the
// way from there to the containers.
func (m *service) balance() {
	lb, source := m.Networking.LoadBalancer, m.Place("networking", "loadBalancer")
	m.SecurityGroup("loadBalancerGroup", "lb", "Load balancer of the service", source)
	m.allow(lb, source)
	for _, port := range m.reachedPorts() {
		number := strconv.Itoa(port)
		network.Add(m.Builder, network.Rule{
			Direction: network.Egress, Var: "lbTo" + number, Part: "lb-to-" + number, What: "rule from the load balancer to port " + number,
			Group: network.ID("loadBalancerGroup"), Protocol: "tcp", Port: port, Peer: network.Group(network.ID("securityGroup")), Source: source,
		})
		network.Add(m.Builder, network.Rule{
			Direction: network.Ingress, Var: "fromLB" + number, Part: "from-lb-" + number, What: "rule for port " + number + " from the load balancer",
			Group: network.ID("securityGroup"), Protocol: "tcp", Port: port, Peer: network.Group(network.ID("loadBalancerGroup")), Source: source,
		})
		m.waitFor = append(m.waitFor, "lbTo"+number, "fromLB"+number)
	}
	m.loadBalancer(lb, source)
	m.targetGroup(lb, source)
	m.listeners(lb, source)
	if m.Deployment.Shifts() {
		m.shift(source)
	}
}

// allow opens the listeners' ports to those who may connect.
func (m *service) allow(lb loadBalancer, source diag.Position) {
	admission := network.Admission{
		Group: "loadBalancerGroup", Part: "lb", AllowFrom: lb.AllowFrom, Public: !lb.internal(), Source: source,
	}
	if admission.Public {
		admission.Source = m.Place("networking", "loadBalancer", "scheme")
	}
	for _, port := range lb.ports() {
		admission.Ports = append(admission.Ports, network.Port{Protocol: "tcp", Port: port})
	}
	network.Admit(m.Builder, admission)
}

func (m *service) loadBalancer(lb loadBalancer, source diag.Position) {
	subnets := "publicSubnetIDs"
	if lb.internal() {
		subnets = "privateSubnetIDs"
	}
	var idle jen.Code
	if lb.IdleTimeout != nil {
		idle = component.Int(int(*lb.IdleTimeout))
	}
	m.Resource(component.Resource{
		Var: "loadBalancer", Type: "aws:lb/loadBalancer:LoadBalancer", Part: "lb", What: "load balancer", Source: source,
		Args: component.Fields{
			{Name: "Name", Value: m.Salted(32, "", lb.Scheme, m.NetworkSalt())},
			{Name: "LoadBalancerType", Value: component.Str("application")},
			{Name: "Internal", Value: component.Bool(lb.internal())},
			{Name: "SecurityGroups", Value: component.StrArray(network.ID("loadBalancerGroup"))},
			{Name: "Subnets", Value: jen.Id("base").Dot(subnets)},
			{Name: "IdleTimeout", Value: idle},
			{Name: "DropInvalidHeaderFields", Value: component.Bool(true)},
		},
		Options: []jen.Code{component.CreateFirst()},
	})
}

// targetGroup is what the load balancer sends to. Its name follows the load balancer's: AWS lets a target group belong to
// one load balancer at a time, so a new one needs a new group.
func (m *service) targetGroup(lb loadBalancer, source diag.Position) {
	health := m.asked().ByRequest()
	health.Port = m.probedPort()
	m.group = balance.Group{
		Var: "targets", Part: "targets", Type: balance.IP, Protocol: "HTTP", Port: m.targetPort(), Health: health.Code(),
		Settings: component.Fields{{Name: "DeregistrationDelay", Value: component.Int(deregistrationDelay)}},
		Salt:     []string{lb.Scheme, m.NetworkSalt()}, Source: source,
	}
	balance.AddGroup(m.Builder, m.group)
	m.targets = append(m.targets, balance.Membership{
		Group: "targets", Port: m.targetPort(), LoadBalancer: jen.Id("loadBalancer").Dot("ArnSuffix"), Application: true, Own: true,
		Source: source,
	})
}

// shift lets ECS turn the requests between two target groups, by a rule that takes all of them: the listener's default
// action, which a rolling service goes by, cannot be turned.
func (m *service) shift(source diag.Position) {
	t := &m.targets[len(m.targets)-1]
	t.Alternate, t.Rule = balance.AddAlternate(m.Builder, m.group), "shift"
	balance.AddRule(m.Builder, balance.Rule{
		Var: t.Rule, Part: "shift", Listener: jen.Id("listener").Dot("Arn"), Route: balance.ALBRoute{Name: "of all requests", Source: source}, Priority: 1,
	}.Shifted(t.Group, t.Alternate))
	m.waitFor = append(m.waitFor, t.Rule)
}

// register takes part in the load balancers that have routes to the service.
func (m *service) register() {
	var ports []balance.Port
	for _, p := range m.Ports {
		ports = append(ports, balance.Port{Name: p.Name, Port: p.Port, Protocol: p.Protocol})
	}
	for _, r := range balance.Register(m.Builder, balance.Target{
		Type: balance.IP, Group: "securityGroup", Ports: ports, Health: m.asked(), Strategy: m.shifting(),
	}) {
		m.waitFor = append(m.waitFor, r.WaitFor...)
		suffix := r.Group + "From"
		if alarm.For(m.Builder).Enabled || m.Scaling.Autoscaling.TargetRequestsPerReplica != nil { // what uses it
			m.Statement(jen.Id(suffix).Op(":=").Add(r.Suffix(m.Builder)), jen.Line())
		}
		m.targets = append(m.targets, balance.Membership{
			Group: r.Group, Alternate: r.Alternate, Rule: r.Rule, Port: r.Port, LoadBalancer: jen.Id(suffix), Application: r.Application,
			Part: r.Part, Source: r.Source,
		})
	}
}

func (m *service) listeners(lb loadBalancer, source diag.Position) {
	forward := component.Fields{
		{Name: "Type", Value: component.Str("forward")},
		{Name: "TargetGroupArn", Value: jen.Id("targets").Dot("Arn")},
	}
	if lb.CertificateARN == "" {
		m.listener("listener", "http", 80, source, nil, forward)
		return
	}
	m.listener("listener", "https", 443, m.Place("networking", "loadBalancer", "certificateArn"), component.Fields{
		{Name: "SslPolicy", Value: component.Str("ELBSecurityPolicy-TLS13-1-2-2021-06")},
		{Name: "CertificateArn", Value: component.Str(lb.CertificateARN)},
	}, forward)
	m.listener("", "http", 80, source, nil, component.Fields{
		{Name: "Type", Value: component.Str("redirect")},
		{Name: "Redirect", Value: component.Struct(component.AWS("lb", "ListenerDefaultActionRedirectArgs"), component.Fields{
			{Name: "Protocol", Value: component.Str("HTTPS")},
			{Name: "Port", Value: component.Str("443")},
			{Name: "StatusCode", Value: component.Str("HTTP_301")},
		})},
	})
}

func (m *service) listener(local, protocol string, port int, source diag.Position, tls, action component.Fields) {
	args := component.Fields{
		{Name: "LoadBalancerArn", Value: jen.Id("loadBalancer").Dot("Arn")},
		{Name: "Protocol", Value: component.Str(strings.ToUpper(protocol))},
		{Name: "Port", Value: component.Int(port)},
	}
	args = append(args, tls...)
	args = append(args, component.Field{Name: "DefaultActions", Value: component.List(component.AWS("lb", "ListenerDefaultActionArray"),
		component.Struct(component.AWS("lb", "ListenerDefaultActionArgs"), action))})
	m.Resource(component.Resource{
		Var: local, Type: "aws:lb/listener:Listener", Part: protocol, What: protocol + " listener", Source: source, Args: args,
	})
	if local != "" {
		// ECS refuses a target group that no listener uses yet, and nobody asks what is in one.
		m.waitFor = append(m.waitFor, local)
	}
}
