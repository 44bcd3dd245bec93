package network

import (
	"slices"
	"strconv"
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Admission is who may connect to the members of a security group from outside of the stack.
type Admission struct {
	// Group is the local variable of the group, and Part the first part of the rules' names, "" for none.
	Group, Part string
	// Ports are those that the members listen on.
	Ports []Port
	// AllowFrom are the ranges that the YAML lists; nil if it lists none. Then a public component lets in those that the
	// Security document lists, or everyone, and another one the VPC.
	AllowFrom []string
	// Public tells that the internet reaches the members, and IPv6 that it does so by addresses of that version too.
	Public, IPv6 bool
	// Source is the place of what makes it public, or else of the list.
	Source diag.Position
}

// Port is a port of a transport protocol: tcp, or udp.
type Port struct {
	Protocol string
	Port     int
}

// Admit opens the ports. It reports a public component where the Security document allows none, or the network has no
// place for one.
func Admit(b *component.Builder, a Admission) {
	if vpc := b.Stack().Network.Get("vpc"); a.Public && vpc.Get("id") != nil && vpc.Get("publicSubnets") == nil {
		b.Fail(diag.Errorf(a.Source, component.Code, "%s would be reached from the internet, and the network names no public subnets", b.ID()).
			WithHint("name them as vpc.publicSubnets of the Networking document, or keep the component inside the VPC").
			WithRelated(vpc.Source, "the VPC is named here"))
	}
	if denied := Denied(b.Stack()); a.Public && denied != nil {
		b.Fail(diag.Errorf(a.Source, component.Code, "%s would be reached from the internet, which the Security document denies", b.ID()).
			WithHint("keep it inside the VPC, or set ingress.internetFacing: allow there").
			WithRelated(denied.Source, "internet-facing components are denied here"))
	}
	for _, from := range a.origins(b.Stack()) {
		for _, p := range a.Ports {
			number := strconv.Itoa(p.Port)
			if p.Protocol == "udp" {
				number += "-udp"
			}
			Add(b, Rule{
				Direction: Ingress, Part: names.Resource(a.Part, number, "from", from.name), What: "rule for port " + number,
				Group: ID(a.Group), Protocol: p.Protocol, Port: p.Port, Peer: from.peer, Source: a.Source,
			})
		}
	}
}

// Denied is where the Security document says that nothing may be reached from the internet; nil if it does not.
func Denied(stack *ir.Stack) *ir.Value {
	facing := stack.Security.Get("ingress", "internetFacing")
	if facing == nil || facing.Text.String() != "deny" {
		return nil
	}
	return facing
}

// origin is who is let in, and a name of letters, digits and dashes for it.
type origin struct {
	name string
	peer component.Field
}

func (a Admission) origins(stack *ir.Stack) []origin {
	ranges := a.AllowFrom
	if ranges == nil && a.Public {
		ranges = Allowed(stack)
	}
	switch {
	case ranges != nil:
		var all []origin
		for i, addresses := range ranges {
			if !slices.Contains(ranges[:i], addresses) {
				all = append(all, origin{strings.NewReplacer(".", "-", "/", "-", ":", "-").Replace(addresses), CIDR(addresses)})
			}
		}
		return all
	case !a.Public:
		return []origin{{"vpc", VPC()}}
	case a.IPv6:
		return []origin{{"anywhere", CIDR("0.0.0.0/0")}, {"anywhere-v6", CIDR("::/0")}}
	default:
		return []origin{{"anywhere", CIDR("0.0.0.0/0")}}
	}
}

// Allowed are the ranges that the Security document limits public components to; nil for no limit.
func Allowed(stack *ir.Stack) []string {
	list := stack.Security.Get("ingress", "allowedCIDRs")
	if list == nil {
		return nil
	}
	ranges := []string{}
	for _, item := range list.Items {
		ranges = append(ranges, item.Text.String())
	}
	return ranges
}
