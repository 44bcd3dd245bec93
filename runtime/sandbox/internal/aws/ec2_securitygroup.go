package aws

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

var groupMissing = missing("InvalidGroup.NotFound", "The security group '%s' does not exist")

func securityGroup() *Kind {
	return &Kind{
		Type: securityGroupType, Label: "EC2 Security Group", Random: true,
		Name: "name", MaxName: 255,
		Replace: []string{"description", "name", "namePrefix", "vpcId"},
		Checks: []Check{
			notBeginning("name", "sg-"),
			matching("description", `^[0-9A-Za-z_ .:/()#,@\[\]+=&;{}!$*-]{1,255}$`, "only letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* are allowed, up to 255"),
		},
		Defaults: func(c *Call) store.Values {
			out := store.Values{"description": "Managed by Pulumi", "revokeRulesOnDelete": false}
			if v := c.defaultVpc(); v != nil {
				out["vpcId"] = v.ID
			}
			return out
		},
		Refs: []Ref{
			{Path: "vpcId", To: vpcType, Missing: vpcMissing},
			{Path: "ingress[].securityGroups[]", To: securityGroupType, Missing: groupMissing},
			{Path: "egress[].securityGroups[]", To: securityGroupType, Missing: groupMissing},
		},
		Create: func(c *Call) (*Made, error) {
			network := c.In.String("vpcId")
			if network == "" {
				if v := c.defaultVpc(); v != nil {
					network = v.ID
				}
			}
			name := c.In.String("name")
			for _, r := range c.all(securityGroupType) {
				if name != "" && r.Property("name") == name && r.Property("vpcId") == network {
					return nil, errorf("InvalidGroup.Duplicate", "The security group '%s' already exists for VPC '%s'", name, network)
				}
			}
			id := "sg-0" + c.Hex("sg", 16)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("ec2", "security-group/"+id), "ownerId": c.Account}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("DependencyViolation", "resource %s has a dependent object (%s)", r.ID, by.ID)
		},
		Usual: Usual{3, 1, 2},
	}
}

// defaultSecurityGroup takes over the group that every VPC has. It is there before and stays after: only its rules are
// made to be those of the program.
func defaultSecurityGroup() *Kind {
	return &Kind{
		Type: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", Label: "EC2 Default Security Group", Idempotent: true,
		Replace: []string{"vpcId"},
		Defaults: func(*Call) store.Values {
			return store.Values{"name": "default", "description": "default VPC security group"}
		},
		Refs: []Ref{{Path: "vpcId", To: vpcType, Owned: true, Missing: vpcMissing}},
		Create: func(c *Call) (*Made, error) {
			network := c.Find(vpcType, c.In.String("vpcId"))
			if network == nil {
				if network = c.defaultVpc(); network == nil {
					return nil, errorf("InvalidVpcID.NotFound", "No default VPC for this user")
				}
			}
			id := network.Property("defaultSecurityGroupId")
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("ec2", "security-group/"+id), "ownerId": c.Account, "vpcId": network.ID}}, nil
		},
		Usual: Usual{1, 1, 0},
	}
}

// securityGroupRule is one rule of a group; direction is ingress or egress.
func securityGroupRule(direction string) *Kind {
	name := "securityGroup" + strings.ToUpper(direction[:1]) + direction[1:] + "Rule"
	typ := "aws:vpc/" + name + ":S" + name[1:]
	peers := []string{"cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId"}
	return &Kind{
		Type: typ, Label: "EC2 Security Group " + strings.ToUpper(direction[:1]) + direction[1:] + " Rule", Random: true,
		Replace: []string{"securityGroupId"},
		ReplaceIf: func(old, new store.Values) []string {
			// A rule keeps the kind of its peer for life.
			for _, p := range peers {
				if old.Has(p) && !new.Has(p) {
					return []string{p}
				}
			}
			return nil
		},
		Checks: []Check{exactlyOne(peers...), cidr("cidrIpv4", 0, 32), within("fromPort", -1, 65535), within("toPort", -1, 65535), checkPorts},
		Refs: []Ref{
			{Path: "securityGroupId", To: securityGroupType, Missing: groupMissing, Owned: true},
			{Path: "referencedSecurityGroupId", To: securityGroupType, Missing: groupMissing},
		},
		Create: func(c *Call) (*Made, error) {
			for _, r := range c.all(typ) {
				if ruleText(r.Inputs) == ruleText(c.In) && r.Inputs.String("securityGroupId") == c.In.String("securityGroupId") {
					return nil, errorf("InvalidPermission.Duplicate", "the specified rule %q already exists", ruleText(c.In))
				}
			}
			id := "sgr-0" + c.Hex("sgr", 16)
			return &Made{ID: id, Outputs: store.Values{"securityGroupRuleId": id, "arn": c.ARN("ec2", "security-group-rule/"+id)}}, nil
		},
		Usual: Usual{1, 1, 1},
	}
}

func ruleText(in store.Values) string {
	peer := in.String("cidrIpv4") + in.String("cidrIpv6") + in.String("prefixListId") + in.String("referencedSecurityGroupId")
	protocol := strings.ToUpper(in.String("ipProtocol"))
	if protocol == "-1" {
		return fmt.Sprintf("peer: %s, ALL, ALLOW", peer)
	}
	return fmt.Sprintf("peer: %s, %s, from port: %d, to port: %d, ALLOW", peer, protocol, in.Int("fromPort"), in.Int("toPort"))
}

// checkPorts demands the ports that the protocol needs.
func checkPorts(in store.Values) []Problem {
	switch protocol := in.String("ipProtocol"); protocol {
	case "tcp", "udp", "6", "17":
		if !in.Has("fromPort") || !in.Has("toPort") {
			return []Problem{{"fromPort", fmt.Sprintf("fromPort and toPort are required for protocol %s", protocol)}}
		}
		from, ok1 := in.Number("fromPort")
		to, ok2 := in.Number("toPort")
		if ok1 && ok2 && from > to {
			return []Problem{{"fromPort", fmt.Sprintf("invalid port range %v to %v", from, to)}}
		}
	case "-1":
		if in.Has("fromPort") || in.Has("toPort") {
			return []Problem{{"fromPort", "fromPort and toPort must not be given for protocol -1, which means all ports"}}
		}
	}
	return nil
}
