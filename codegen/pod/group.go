package pod

import (
	"slices"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
)

// guard puts the pods into a security group of their own, which a network interface of theirs gets: so the rules are those
// of any other component. Only the kubelet of their nodes gets in by it, to the ports that it asks. It is described as on ECS:
// AWS cannot change that, and a component that moves between platforms keeps its group, with the group's name.
func (p *Pod) guard(purpose string) {
	p.SecurityGroup("securityGroup", purpose, "Containers of the "+purpose, p.Component().Source)
	p.await(network.Out(p.Builder, "securityGroup"))
	p.await(network.Paths(p.Builder, "securityGroup")...)
	for _, port := range p.Probes.ports() {
		p.LetNodesIn(port)
	}
	p.object(component.Manifest{
		Var: "guard", API: "vpcresources.k8s.aws/v1beta1", Kind: "SecurityGroupPolicy", Part: "network",
		What: "security group of the pods", Name: component.Str(Name(p.Component(), "")),
		Fields: component.Fields{{Name: "spec", Value: untyped(component.Fields{
			{Name: "podSelector", Value: untyped(component.Fields{{Name: "matchLabels", Value: untyped(Selector(p.Component()))}})},
			{Name: "securityGroups", Value: untyped(component.Fields{
				{Name: "groupIds", Value: component.StrArray(network.ID("securityGroup"))},
			})},
		})}},
	})
	p.await("guard")
}

// LetNodesIn lets the kubelet of the pods' nodes connect to a port, which it must for its questions.
func (p *Pod) LetNodesIn(port int) {
	number := strconv.Itoa(port)
	network.Add(p.Builder, network.Rule{
		Direction: network.Ingress, Var: "fromNodes" + number, Part: "from-nodes-" + number,
		What: "rule for port " + number + " from the nodes", Group: network.ID("securityGroup"), Protocol: "tcp", Port: port,
		Peer: network.Group(jen.Id("base").Dot("kubernetesGroupID")), Source: p.Place("healthCheck"),
	})
	p.await("fromNodes" + number)
}

// untyped is a part of a custom resource.
func untyped(fields component.Fields) jen.Code { return component.Map(component.Pulumi("Map"), fields) }

// list is a list in a custom resource.
func list(items ...jen.Code) jen.Code { return component.List(component.Pulumi("Array"), items...) }

// ports are those that the kubelet connects to, sorted, each once.
func (p Probes) ports() []int {
	var all []int
	for _, probe := range []*Probe{p.Startup, p.Liveness, p.Readiness} {
		if probe != nil && probe.Port != 0 {
			all = append(all, probe.Port)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
