package apigateway

import (
	"slices"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/balance"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
)

// A VPC link of a REST API leads to an NLB. So in front of an ALB the API puts an NLB of its own, the relay, which passes
// connections on to the ALB's listener as they are. AWS has links that lead to ALBs themselves since November 2025; for
// these the integration must name the ALB as its target, which the SDK (6.83) has no argument for.

// relay is the NLB in front of an ALB.
type relay struct {
	backend
	route route
	// part is the first part of the names of what belongs to the relay, local that of the local variables.
	part, local string
}

func (a api) relayOf(to backend, r route) relay {
	part := a.partOf(r.Service)
	return relay{backend: to, route: r, part: "relay-" + part, local: local("relay", part)}
}

// relay registers the relay and gives the local variables of what must exist before requests pass. Its group lets nobody
// in: only PrivateLink reaches it, whose connections no rule judges.
func (a api) relay(r relay) (waitFor []string) {
	source := r.route.Source
	group, targets, listener := r.local+"Group", r.local+"Targets", r.local+"Listener"
	a.SecurityGroup(group, r.part, "Connections of the API to "+r.component.ID(), source)
	waitFor = a.relayWay(r, group)
	a.Resource(component.Resource{
		Var: r.local, Type: "aws:lb/loadBalancer:LoadBalancer", Part: r.part, What: "load balancer in front of " + r.component.ID(), Source: source,
		Args: component.Fields{
			{Name: "Name", Value: a.Salted(32, r.part, a.NetworkSalt())},
			{Name: "LoadBalancerType", Value: component.Str("network")},
			{Name: "Internal", Value: component.Bool(true)},
			{Name: "SecurityGroups", Value: component.StrArray(network.ID(group))},
			{Name: "Subnets", Value: balance.Subnets("internal")},
			{Name: "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic", Value: component.Str("off")},
		},
		Options: []jen.Code{component.CreateFirst()},
	})
	// AWS asks an ALB by requests only. Any answer is the ALB's; whether what is behind it is well, the ALB finds out.
	health := balance.Default()
	health.Protocol, health.Path, health.Statuses = "HTTP", "/", "200-599"
	if r.tls == always {
		health.Protocol = "HTTPS"
	}
	balance.AddGroup(a.Builder, balance.Group{
		Var: targets, Part: r.part, Type: balance.Balancer, Protocol: "TCP", Port: r.port, Health: health.Code(),
		Salt: append(balance.ReplacedBy(a.Builder, r.component), r.component.ID()), Source: source,
	})
	arn, _ := a.Use(r.route.Service, r.backend.listener.LoadBalancer, source)
	a.Resource(component.Resource{
		Var: r.local + "Target", Type: "aws:lb/targetGroupAttachment:TargetGroupAttachment", Part: r.part, What: "place behind the load balancer",
		Source: source,
		Args: component.Fields{
			{Name: "TargetGroupArn", Value: jen.Id(targets).Dot("Arn")},
			{Name: "TargetId", Value: arn},
		},
	})
	a.Resource(component.Resource{
		Var: listener, Type: "aws:lb/listener:Listener", Part: r.part, What: "listener", Source: source,
		Args: component.Fields{
			{Name: "LoadBalancerArn", Value: jen.Id(r.local).Dot("Arn")},
			{Name: "Protocol", Value: component.Str("TCP")},
			{Name: "Port", Value: component.Int(r.port)},
			{Name: "DefaultActions", Value: component.List(component.AWS("lb", "ListenerDefaultActionArray"),
				component.Struct(component.AWS("lb", "ListenerDefaultActionArgs"), component.Fields{
					{Name: "Type", Value: component.Str("forward")},
					{Name: "TargetGroupArn", Value: jen.Id(targets).Dot("Arn")},
				}))},
		},
	})
	waitFor = append(waitFor, r.local+"Target", listener)
	slices.Sort(waitFor)
	return waitFor
}

// relayWay lets the relay connect to the ALB's listener, and to nothing else.
func (a api) relayWay(r relay, group string) (waitFor []string) {
	_, kind := a.Target(r.route.Service)
	reachable, ok := kind.(component.Reachable)
	if !ok {
		a.Internal(r.route.Source, "%s cannot be reached", r.route.Service)
		return nil
	}
	entry, _ := reachable.Entry(r.component)
	theirs, _ := a.Use(r.route.Service, entry.SecurityGroup, r.route.Source)
	number := strconv.Itoa(r.port)
	out := network.Rule{
		Direction: network.Egress, Var: r.local + "Out", Part: r.part + "-to-" + number, What: "rule for connections to " + r.component.ID(),
		Group: network.ID(group), Protocol: "tcp", Port: r.port, Peer: network.Group(theirs), Source: r.route.Source,
	}
	in := network.Rule{
		Direction: network.Ingress, Var: r.local + "In", Part: r.part + "-to-" + number, What: "rule for port " + number + " of " + r.component.ID(),
		Group: theirs, Protocol: "tcp", Port: r.port, Peer: network.Group(network.ID(group)), Source: r.route.Source,
	}
	network.Add(a.Builder, out)
	network.Add(a.Builder, in)
	return []string{out.Var, in.Var}
}
