// Package network writes the rules of security groups. A group is made without rules; each rule is a resource of its
// own, so that one can come or go without touching another.
//
// A reference to a component that can be reached over the network (component.Reachable) opens exactly that component's
// ports to exactly the group of the component that refers to it, also of another stack that is in the same VPC. Nothing here knows a kind by name.
package network

import (
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Direction of a rule.
type Direction string

// The directions.
const (
	Ingress Direction = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	Egress  Direction = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
)

// Rule is one rule of a security group.
type Rule struct {
	Direction Direction
	// Var is the local variable that holds it, Part the last part of its name, What what errors call it.
	Var, Part, What string
	// Group is the ID of the group that the rule belongs to.
	Group jen.Code
	// Protocol is tcp, udp or -1 for all; then there is no port.
	Protocol string
	// Port is the first port and To the last one; a To of 0 is the same port.
	Port, To int
	// Peer is who is at the other end, see CIDR and Group.
	Peer component.Field
	// Source is the place in the YAML that most causes the rule; the component's document if not valid.
	Source diag.Position
}

// CIDR is a peer: a range of addresses.
func CIDR(addresses string) component.Field {
	if strings.Contains(addresses, ":") {
		return component.Field{Name: "CidrIpv6", Value: component.Str(addresses)}
	}
	return component.Field{Name: "CidrIpv4", Value: component.Str(addresses)}
}

// VPC is a peer: the addresses of the stack's VPC.
func VPC() component.Field {
	return component.Field{Name: "CidrIpv4", Value: jen.Id("base").Dot("vpcCIDR")}
}

// Group is a peer: the members of a security group, by the code of its ID.
func Group(id jen.Code) component.Field {
	return component.Field{Name: "ReferencedSecurityGroupId", Value: id}
}

// ID is the code of the ID of the resource that a local variable holds.
func ID(local string) jen.Code { return jen.Id(local).Dot("ID").Call() }

// Add registers a rule.
func Add(b *component.Builder, r Rule) {
	if r.To == 0 {
		r.To = r.Port
	}
	b.Resource(component.Resource{
		Var: r.Var, Type: string(r.Direction), Part: r.Part, What: r.What, Source: r.Source,
		Args: component.Fields{
			{Name: "SecurityGroupId", Value: r.Group},
			{Name: "IpProtocol", Value: component.Str(r.Protocol)},
			{Name: "FromPort", Value: component.If(r.Port > 0, component.Int(r.Port))},
			{Name: "ToPort", Value: component.If(r.Port > 0, component.Int(r.To))},
			r.Peer,
		},
	})
}

// Out lets the members of a group connect to anything: what they reach is decided by the groups at the other end. It
// gives the rule's local variable.
func Out(b *component.Builder, group string) string {
	Add(b, Rule{
		Direction: Egress, Var: "egress", Part: "egress", What: "rule for outgoing connections",
		Group: ID(group), Protocol: "-1", Peer: CIDR("0.0.0.0/0"),
	})
	return "egress"
}

// Paths opens every component that this one refers to and that can be reached, at its ports, to the group that a local
// variable holds. It gives the rules' local variables, which what connects must wait for.
func Paths(b *component.Builder, group string) (waitFor []string) {
	type used struct{ stack, component string }
	done := map[used]bool{}
	for _, ref := range b.Component().References {
		entry, ok := b.Entry(ref)
		if !ok || component.IsRoute(ref) || done[used{ref.Stack, ref.Component}] {
			continue
		}
		done[used{ref.Stack, ref.Component}] = true
		if ref.Stack != "" && !b.SharesNetwork(ref.Stack) {
			b.Warn(apart(b, ref))
			continue
		}
		theirs, _ := b.UseOf(ref, entry.SecurityGroup)
		for _, port := range entry.Ports {
			local := path(b, ref, Rule{Group: theirs, Port: port, Peer: Group(ID(group))})
			waitFor = append(waitFor, local)
		}
	}
	return waitFor
}

// apart says that a component of another stack is in another VPC. That is no mistake if somebody has joined the two.
func apart(b *component.Builder, ref ir.Reference) diag.Diagnostic {
	return diag.Errorf(ref.Source, "other-network", "%s of stack %s is not in the VPC of stack %s, so the way to it is not opened",
		ref.Component, ref.Stack, b.Stack().Name).
		WithHint("let both stacks use the default VPC or one that exists, or join the two and let these addresses in there")
}

// path is the rule for one port. Its name has the port always: if it had it only beside others, a rule would get another
// name, and be made before it goes, when a component opens one port more.
func path(b *component.Builder, ref ir.Reference, r Rule) (local string) {
	service, name, _ := strings.Cut(ref.Component, "/")
	number := strconv.Itoa(r.Port)
	local, part := "to"+names.Exported(service, name)+"At"+number, names.Resource("to", service, name, number)
	if ref.Stack != "" { // names hold no dots, so no component of this stack gives the same
		local, part = names.Foreign("to-"+ref.Stack, service, name)+"At"+number, names.Resource("to", ref.Stack+"."+service, name, number)
	}
	r.Direction, r.Protocol, r.Source = Ingress, "tcp", ref.Source
	r.Var, r.Part, r.What = local, part, "rule for connections to "+ref.Component
	Add(b, r)
	return local
}

// Reaches tells whether this component refers to one that can be reached over the network only, so that it must be in
// the VPC itself.
func Reaches(b *component.Builder) bool {
	for _, ref := range b.Component().References {
		if _, ok := b.Entry(ref); ok && !component.IsRoute(ref) && (ref.Stack == "" || b.SharesNetwork(ref.Stack)) {
			return true
		}
	}
	return false
}

// Zones is how many availability zones the stack is spread over. The foundation has as many subnets of each sort, one in
// each zone.
func Zones(stack *ir.Stack) int {
	if zones := stack.Network.Get("vpc", "availabilityZones"); zones != nil && zones.Kind == ir.Number {
		return int(zones.Number)
	}
	return 2
}
