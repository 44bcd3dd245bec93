package aws

import (
	"fmt"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

const (
	eipType = "aws:ec2/eip:Eip"
	natType = "aws:ec2/natGateway:NatGateway"
)

func eip() *Kind {
	return &Kind{
		Type: eipType, Label: "EC2 EIP", Random: true,
		Replace: []string{"domain", "vpc", "networkBorderGroup", "publicIpv4Pool", "address", "customerOwnedIpv4Pool", "ipamPoolId"},
		Checks:  []Check{oneOf("domain", "vpc", "standard")},
		Defaults: func(c *Call) store.Values {
			return store.Values{"domain": "vpc", "networkBorderGroup": c.Region, "publicIpv4Pool": "amazon"}
		},
		Create: func(c *Call) (*Made, error) {
			id := "eipalloc-0" + c.Hex("eip", 16)
			ip := c.publicAddress()
			return &Made{ID: id, Outputs: store.Values{"allocationId": id, "publicIp": ip, "publicDns": publicName(ip, c.Region),
				"arn": c.ARN("ec2", "elastic-ip/"+id)}}, nil
		},
		InUse: func(r, by *store.Resource) error {
			return errorf("AuthFailure", "You do not have permission to access the specified resource. (%s is in use by %s)", r.ID, by.ID)
		},
		Usual: Usual{1, 1, 1},
	}
}

// publicAddress picks an address from the networks that documentation may use, which reach nobody.
func (c *Call) publicAddress() string {
	nets := [...]string{"192.0.2", "198.51.100", "203.0.113"}
	pick := c.Digits("address", 6)
	return fmt.Sprintf("%s.%d", nets[int(pick[1])%len(nets)], 1+(int(pick[2]-'0')*100+int(pick[3]-'0')*10+int(pick[4]-'0'))%254)
}

func publicName(ip, region string) string {
	var a, b, d, e int
	fmt.Sscanf(ip, "%d.%d.%d.%d", &a, &b, &d, &e)
	zone := region + ".compute"
	if region == "us-east-1" {
		zone = "compute-1"
	}
	return fmt.Sprintf("ec2-%d-%d-%d-%d.%s.amazonaws.com", a, b, d, e, zone)
}

func natGateway() *Kind {
	return &Kind{
		Type: natType, Label: "EC2 NAT Gateway", Random: true,
		Replace:  []string{"allocationId", "subnetId", "connectivityType", "privateIp", "secondaryPrivateIpAddressCount"},
		Checks:   []Check{oneOf("connectivityType", "public", "private")},
		Defaults: func(*Call) store.Values { return store.Values{"connectivityType": "public"} },
		Refs: []Ref{
			{Path: "subnetId", To: subnetType, Missing: missing("InvalidSubnet", "The subnet ID '%s' does not exist")},
			{Path: "allocationId", To: eipType, Missing: missing("InvalidElasticIpID.NotFound", "Elastic IP address '%s' does not exist")},
		},
		Create: createNat,
		InUse: func(r, by *store.Resource) error {
			return errorf("DependencyViolation", "The NAT gateway %s is the target of %s", r.ID, by.ID)
		},
		Usual: Usual{100, 2, 45},
	}
}

func createNat(c *Call) (*Made, error) {
	allocation := c.In.String("allocationId")
	if c.In.String("connectivityType") != "private" {
		if allocation == "" {
			return nil, errorf("MissingParameter", "The request must include the AllocationId parameter. Add the required parameter and retry the request.")
		}
		for _, r := range c.all(natType) {
			if r.Inputs.String("allocationId") == allocation {
				return nil, errorf("Resource.AlreadyAssociated", "Elastic IP address [%s] is already associated", allocation)
			}
		}
		if network := c.vpcOf(subnetType, c.In.String("subnetId")); !c.hasGateway(network) {
			return nil, errorf("Gateway.NotAttached", "Network %s has no Internet gateway attached", network)
		}
	}
	id := "nat-0" + c.Hex("nat", 16)
	out := store.Values{"networkInterfaceId": "eni-0" + c.Hex("eni", 16)}
	if address := c.Find(eipType, allocation); address != nil {
		out["publicIp"] = address.Outputs.String("publicIp")
		out["associationId"] = "eipassoc-0" + c.Hex("association", 16)
	}
	return &Made{ID: id, Outputs: out}, nil
}
