package security

import (
	"fmt"
	"slices"
	"strconv"
)

const (
	vpc          = "aws:ec2/vpc:Vpc"
	subnet       = "aws:ec2/subnet:Subnet"
	group        = "aws:ec2/securityGroup:SecurityGroup"
	defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
	ingress      = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
)

func networkRules() []Rule {
	return []Rule{
		{"CKV_AWS_24", "SSH is not open to the world", checkov("SecurityGroupUnrestrictedIngress22.py"), []string{ingress}, Always, closed(22)},
		{"CKV_AWS_25", "RDP is not open to the world", checkov("SecurityGroupUnrestrictedIngress3389.py"), []string{ingress}, Always, closed(3389)},
		{"CKV_AWS_277", "Nothing is open to the world on every port", checkov("SecurityGroupUnrestrictedIngressAny.py"), []string{ingress}, Always, notEveryPort},
		{"panka/open-port", "Only load balancers that face the internet are open to the world", "", []string{ingress}, Always, onlyFacingBalancers},
		{"panka/ingress-inline", "Security groups have no rules inside themselves", "", []string{group}, Always, absent("ingress.0")},
		{"CKV2_AWS_12", "The default security group of a VPC lets nothing through", checkov("VPCHasRestrictedSG.yaml"), []string{vpc}, Always, closedByDefault},
		{"CKV_AWS_130", "Subnets give no public addresses by themselves", checkov("SubnetPublicIP.py"), []string{subnet}, Always, never("mapPublicIpOnLaunch", true)},
	}
}

func world(r Resource) bool { return r.text("cidrIpv4") == "0.0.0.0/0" || r.text("cidrIpv6") == "::/0" }

// closed is a check that a port is not open to the world.
func closed(port float64) func(Resource, *Stack) string {
	return func(r Resource, _ *Stack) string {
		if !world(r) {
			return ""
		}
		from, err1 := strconv.ParseFloat(r.text("fromPort"), 64)
		to, err2 := strconv.ParseFloat(r.text("toPort"), 64)
		if r.text("ipProtocol") == "-1" || err1 != nil || err2 != nil || from <= port && port <= to {
			return fmt.Sprintf("port %v is open", port)
		}
		return ""
	}
}

func notEveryPort(r Resource, _ *Stack) string {
	if world(r) && (r.text("ipProtocol") == "-1" || r.at("fromPort") == nil) {
		return "every port is open"
	}
	return ""
}

func onlyFacingBalancers(r Resource, s *Stack) string {
	if !world(r) {
		return ""
	}
	for _, b := range s.which(balancer, "internal", false) {
		if slices.Contains(b.list("securityGroups"), r.at("securityGroupId")) {
			return ""
		}
	}
	return "the group is of no load balancer that faces the internet"
}

func closedByDefault(r Resource, s *Stack) string {
	groups := s.of(defaultGroup)
	if len(groups) == 0 {
		return "it has no DefaultSecurityGroup"
	}
	for _, g := range groups {
		if len(g.list("ingress"))+len(g.list("egress")) > 0 {
			return "its default security group has rules"
		}
	}
	return ""
}
