package aws

import (
	"cmp"
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

func vpc() *Kind {
	return &Kind{
		Type: vpcType, Label: "EC2 VPC", Random: true,
		Replace: []string{"cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"},
		ReplaceIf: func(old, new store.Values) []string {
			// A VPC can give up dedicated hardware; it can never be moved to it.
			from, to := cmp.Or(old.String("instanceTenancy"), "default"), cmp.Or(new.String("instanceTenancy"), "default")
			if unsure(new["instanceTenancy"]) || from != to && to != "default" {
				return []string{"instanceTenancy"}
			}
			return nil
		},
		Checks: []Check{cidr("cidrBlock", 16, 28), oneOf("instanceTenancy", "default", "dedicated")},
		Defaults: func(*Call) store.Values {
			return store.Values{"enableDnsSupport": true, "enableDnsHostnames": false, "instanceTenancy": "default",
				"assignGeneratedIpv6CidrBlock": false, "enableNetworkAddressUsageMetrics": false}
		},
		Create: func(c *Call) (*Made, error) {
			if c.In.String("cidrBlock") == "" {
				return nil, errorf("MissingParameter", "The request must contain the parameter cidrBlock or ipv4IpamPoolId")
			}
			id := "vpc-0" + c.Hex("vpc", 16)
			return &Made{ID: id, Outputs: store.Values{
				"arn":                    c.ARN("ec2", "vpc/"+id),
				"defaultNetworkAclId":    "acl-0" + c.Hex("acl", 16),
				"defaultRouteTableId":    "rtb-0" + c.Hex("rtb", 16),
				"mainRouteTableId":       "rtb-0" + c.Hex("rtb", 16),
				"defaultSecurityGroupId": "sg-0" + c.Hex("sg", 16),
				"dhcpOptionsId":          c.ambientID("dopt", ""),
				"ownerId":                c.Account,
			}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("DependencyViolation", "The vpc '%s' has dependencies and cannot be deleted. (%s is in it)", r.ID, by.ID)
		},
		Usual: Usual{2, 2, 1},
	}
}

var vpcMissing = missing("InvalidVpcID.NotFound", "The vpc ID '%s' does not exist")

func subnet() *Kind {
	return &Kind{
		Type: subnetType, Label: "EC2 Subnet", Random: true,
		Replace: []string{"vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "ipv6Native", "outpostArn"},
		Checks:  []Check{cidr("cidrBlock", 16, 28)},
		Defaults: func(c *Call) store.Values {
			return store.Values{"mapPublicIpOnLaunch": false, "assignIpv6AddressOnCreation": false, "enableDns64": false,
				"enableResourceNameDnsARecordOnLaunch": false, "enableResourceNameDnsAaaaRecordOnLaunch": false,
				"ipv6Native": false, "availabilityZone": Zones(c.Region)[0], "privateDnsHostnameTypeOnLaunch": "ip-name"}
		},
		Refs:   []Ref{{Path: "vpcId", To: vpcType, Missing: vpcMissing}},
		Create: createSubnet,
		InUse: func(r, by *store.Resource) error {
			return errorf("DependencyViolation", "The subnet '%s' has dependencies and cannot be deleted. (%s uses it)", r.ID, by.ID)
		},
		Usual: Usual{1, 1, 1},
	}
}

func createSubnet(c *Call) (*Made, error) {
	block, zone := c.In.String("cidrBlock"), c.In.String("availabilityZone")
	known := zone == ""
	for _, z := range Zones(c.Region) {
		known = known || z == zone
	}
	if !known {
		return nil, errorf("InvalidParameterValue", "Value (%s) for parameter availabilityZone is invalid. Subnets can "+
			"currently only be created in the following availability zones: %v.", zone, Zones(c.Region))
	}
	network := c.Find(vpcType, c.In.String("vpcId"))
	if !inside(block, network.Inputs.String("cidrBlock")) {
		return nil, errorf("InvalidSubnet.Range", "The CIDR '%s' is invalid.", block)
	}
	for _, r := range c.all(subnetType) {
		if r.Inputs.String("vpcId") == network.ID && overlap(r.Inputs.String("cidrBlock"), block) {
			return nil, errorf("InvalidSubnet.Conflict", "The CIDR '%s' conflicts with another subnet", block)
		}
	}
	id := "subnet-0" + c.Hex("subnet", 16)
	return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("ec2", "subnet/"+id), "ownerId": c.Account,
		"availabilityZoneId": zoneID(zone, c.Region)}}, nil
}

// zoneID gives a zone's account-independent name in AWS's style: use1-az1 for us-east-1a.
func zoneID(zone, region string) string {
	if len(zone) != len(region)+1 {
		zone = region + "a"
	}
	var short []byte
	word := true
	for _, b := range []byte(region) {
		switch {
		case b == '-':
			word = true
		case word:
			short = append(short, b)
			word = false
		}
	}
	return fmt.Sprintf("%s%s-az%d", region[:2], string(short[1:]), 1+int(zone[len(zone)-1]-'a'))
}

func internetGateway() *Kind {
	return &Kind{
		Type: gatewayType, Label: "EC2 Internet Gateway", Random: true,
		Refs: []Ref{{Path: "vpcId", To: vpcType, Missing: vpcMissing}},
		Create: func(c *Call) (*Made, error) {
			if id := c.In.String("vpcId"); c.hasGateway(id) {
				return nil, errorf("InvalidParameterValue", "Network %s already has an internet gateway attached", id)
			}
			id := "igw-0" + c.Hex("igw", 16)
			return &Made{ID: id, Outputs: store.Values{"arn": c.ARN("ec2", "internet-gateway/"+id), "ownerId": c.Account}}, nil
		},
		Delete: func(c *Call, r *store.Resource) error {
			if c.publicAddresses(r.Inputs.String("vpcId")) {
				return errorf("DependencyViolation", "Network %s has some mapped public address(es). Please unmap those public "+
					"address(es) before detaching the gateway.", r.Inputs.String("vpcId"))
			}
			return nil
		},
		Usual: Usual{1, 1, 10},
	}
}

// publicAddresses tells whether anything in a network has a public address.
func (c *Call) publicAddresses(vpcID string) bool {
	for _, r := range c.all(natType) {
		if c.vpcOf(subnetType, r.Inputs.String("subnetId")) == vpcID && r.Outputs.String("publicIp") != "" {
			return true
		}
	}
	for _, r := range c.all(ec2InstanceType) {
		if c.vpcOf(subnetType, r.Property("subnetId")) == vpcID && r.Outputs.String("publicIp") != "" {
			return true
		}
	}
	for _, r := range c.all(loadBalancerType) {
		if r.Outputs.String("vpcId") == vpcID && !r.Inputs.Bool("internal") {
			return true
		}
	}
	return false
}
