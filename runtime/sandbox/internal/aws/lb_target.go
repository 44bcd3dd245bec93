package aws

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const targetAttachmentType = "aws:lb/targetGroupAttachment:TargetGroupAttachment"

func targetGroupAttachment() *Kind {
	return &Kind{
		Type: targetAttachmentType, Label: "ELBv2 Target Group Attachment", Idempotent: true,
		Replace: []string{"targetGroupArn", "targetId", "port", "availabilityZone"},
		Checks:  []Check{within("port", 1, 65535)},
		Refs: []Ref{{Path: "targetGroupArn", To: targetGroupType, Owned: true,
			Missing: missing("TargetGroupNotFound", "Target group '%s' not found")}},
		Create: func(c *Call) (*Made, error) {
			group, target := c.Find(targetGroupType, c.In.String("targetGroupArn")), c.In.String("targetId")
			if err := c.targetRegisterable(group, target); err != nil {
				return nil, err
			}
			return &Made{ID: group.ID + "-" + digest(fmt.Sprint(group.ID, target, c.In.Int("port"), c.In.String("availabilityZone")), 26)}, nil
		},
		Usual: Usual{1, 1, 5},
	}
}

// targetRegisterable demands a target of the group's type: an address in its network, a function, an instance or an
// application load balancer with a listener on the group's port.
func (c *Call) targetRegisterable(group *store.Resource, target string) error {
	switch group.Property("targetType") {
	case "ip":
		return c.addressFits(group, target)
	case "lambda":
		if !strings.HasPrefix(target, "arn:aws:lambda:"+c.Region+":") {
			return errorf("ValidationError", "'%s' is not a valid Lambda function ARN of region %s", target, c.Region)
		}
		if others := c.targetsOf(group.ID); len(others) > 0 && others[0].Inputs.String("targetId") != target {
			return errorf("TooManyTargets", "A target group with target type 'lambda' can have one target; '%s' is registered", others[0].Inputs.String("targetId"))
		}
	case "alb":
		lb := c.Find(loadBalancerType, target)
		if lb == nil || lb.Property("loadBalancerType") != "application" {
			return errorf("InvalidTarget", "'%s' is not an Application Load Balancer", target)
		}
		for _, l := range c.all(listenerType) {
			if l.Inputs.String("loadBalancerArn") == lb.ID && l.Inputs.Int("port") == group.Inputs.Int("port") {
				return nil
			}
		}
		return errorf("InvalidTarget", "The Application Load Balancer '%s' has no listener on port %d of the target group", target, group.Inputs.Int("port"))
	default:
		if !strings.HasPrefix(target, "i-") {
			return errorf("ValidationError", "Instance ID '%s' is not valid", target)
		}
	}
	return nil
}

func (c *Call) targetsOf(group string) []*store.Resource {
	var out []*store.Resource
	for _, r := range c.all(targetAttachmentType) {
		if r.Inputs.String("targetGroupArn") == group {
			out = append(out, r)
		}
	}
	return out
}

func (c *Call) addressFits(group *store.Resource, target string) error {
	address, err := netip.ParseAddr(target)
	if err != nil {
		return errorf("ValidationError", "The IP address '%s' is not a valid IPv4 address", target)
	}
	network := c.Find(vpcType, group.Property("vpcId"))
	block, err := netip.ParsePrefix(network.Property("cidrBlock"))
	if err == nil && !block.Contains(address) && c.In.String("availabilityZone") != "all" {
		return errorf("ValidationError", "You must specify an Availability Zone of 'all' for the IP address '%s', which is outside of the VPC '%s'", target, network.ID)
	}
	return nil
}
