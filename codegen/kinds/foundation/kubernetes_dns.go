package foundation

import (
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
)

// dnsPort is where CoreDNS answers, by both protocols.
const dnsPort = 53

// nameService lets pods ask for names. They are in security groups of their own, and what answers, CoreDNS, is in the
// cluster's. One rule lets in the whole VPC: a rule for each component would soon be more than a group may have.
func (k *eks) nameService() {
	for _, protocol := range []string{"tcp", "udp"} {
		network.Add(k.Builder, network.Rule{
			Direction: network.Ingress, Part: "kubernetes-names-" + protocol, What: "rule for names by " + protocol,
			Group: k.found["kubernetesGroupID"], Protocol: protocol, Port: dnsPort,
			Peer: component.Field{Name: "CidrIpv4", Value: k.found["vpcCIDR"]}, Source: k.place(),
		})
	}
}
