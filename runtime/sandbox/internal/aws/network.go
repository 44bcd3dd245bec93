package aws

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Every region has a default network, as in a new AWS account, unless sandbox.yaml lists a default one of its own. It
// and the other networks that sandbox.yaml lists were there before panka: they can be referred to, but they are not
// among the account's resources.

const (
	vpcType           = "aws:ec2/vpc:Vpc"
	subnetType        = "aws:ec2/subnet:Subnet"
	securityGroupType = "aws:ec2/securityGroup:SecurityGroup"
	gatewayType       = "aws:ec2/internetGateway:InternetGateway"
)

// defaultZones are the zones of every region that have default subnets.
var defaultZones = [...]string{"a", "b", "c"}

// Zones gives the region's availability zones.
func Zones(region string) []string {
	var out []string
	for _, z := range defaultZones {
		out = append(out, region+z)
	}
	return out
}

// networks gives the region's networks that were there before, by name.
func (c *Call) networks() map[string]*store.Vpc {
	out := map[string]*store.Vpc{}
	hasDefault := false
	for name, v := range c.Tx.Document().Vpcs {
		if v.Region == c.Region {
			out[name] = v
			hasDefault = hasDefault || v.Default
		}
	}
	if !hasDefault {
		v := &store.Vpc{Region: c.Region, Cidr: "172.31.0.0/16", Default: true, Subnets: map[string]*store.Subnet{}}
		for i, zone := range Zones(c.Region) {
			v.Subnets["default-"+zone] = &store.Subnet{Cidr: fmt.Sprintf("172.31.%d.0/20", 16*i), Zone: zone, Public: true}
		}
		out["default"] = v
	}
	return out
}

// ambient gives the resources of a type that were in the region before.
func (c *Call) ambient(typ string) []*store.Resource {
	switch typ {
	case vpcType, subnetType, securityGroupType, gatewayType:
	case certificateType:
		return c.ambientCertificates()
	default:
		return nil
	}
	networks := c.networks()
	var out []*store.Resource
	for _, name := range slices.Sorted(maps.Keys(networks)) {
		v := networks[name]
		vpcID := c.ambientID("vpc", name)
		switch typ {
		case vpcType:
			out = append(out, c.ambientVpc(name, vpcID, v))
		case securityGroupType:
			out = append(out, c.ambientResource(typ, c.ambientID("sg", name), "security-group",
				store.Values{"vpcId": vpcID, "name": "default"}))
		case gatewayType:
			out = append(out, c.ambientResource(typ, c.ambientID("igw", name), "internet-gateway", store.Values{"vpcId": vpcID}))
		case subnetType:
			for _, s := range slices.Sorted(maps.Keys(v.Subnets)) {
				subnet := v.Subnets[s]
				r := c.ambientResource(typ, c.ambientID("subnet", name+"/"+s), "subnet", store.Values{"vpcId": vpcID,
					"cidrBlock": subnet.Cidr, "availabilityZone": subnet.Zone, "mapPublicIpOnLaunch": subnet.Public})
				r.Derived = store.Values{"defaultForAz": v.Default}
				out = append(out, r)
			}
		}
	}
	if typ == securityGroupType {
		out = append(out, c.clusterGroups()...)
	}
	return out
}

func (c *Call) ambientVpc(name, id string, v *store.Vpc) *store.Resource {
	r := c.ambientResource(vpcType, id, "vpc", store.Values{"cidrBlock": v.Cidr, "tags": v.Tags,
		"enableDnsSupport": true, "enableDnsHostnames": true, "instanceTenancy": "default"})
	r.Outputs["defaultSecurityGroupId"] = c.ambientID("sg", name)
	r.Outputs["mainRouteTableId"] = c.ambientID("rtb", name)
	r.Outputs["dhcpOptionsId"] = c.ambientID("dopt", "")
	r.Outputs["ownerId"] = c.Account
	r.Derived = store.Values{"isDefault": v.Default}
	return r
}

func (c *Call) ambientResource(typ, id, arnName string, in store.Values) *store.Resource {
	return &store.Resource{Type: typ, Key: id, ID: id, Region: c.Region, State: store.Available, Inputs: in.Clone(),
		Outputs: store.Values{"arn": c.ARN("ec2", arnName+"/"+id)}}
}

func (c *Call) ambientID(prefix, name string) string {
	return prefix + "-0" + digest(fmt.Sprintf("%d|%s|%s|%s", c.Tx.Document().Seed, c.Region, prefix, name), 16)
}

// defaultVpc gives the region's default network.
func (c *Call) defaultVpc() *store.Resource {
	for _, r := range c.ambient(vpcType) {
		if r.Derived.Bool("isDefault") {
			return r
		}
	}
	return nil
}

// vpcOf gives the ID of the network that a subnet, security group or gateway is in.
func (c *Call) vpcOf(typ, id string) string {
	if r := c.Find(typ, id); r != nil {
		return r.Property("vpcId")
	}
	return ""
}

// subnetsOf resolves subnet IDs.
func (c *Call) subnetsOf(ids []string) []*store.Resource {
	var out []*store.Resource
	for _, id := range ids {
		if r := c.Find(subnetType, id); r != nil {
			out = append(out, r)
		}
	}
	return out
}

// zonesOf gives the distinct zones of subnets, sorted.
func zonesOf(subnets []*store.Resource) []string {
	zones := map[string]bool{}
	for _, s := range subnets {
		zones[s.Property("availabilityZone")] = true
	}
	return slices.Sorted(maps.Keys(zones))
}

// hasGateway tells whether a network has an internet gateway.
func (c *Call) hasGateway(vpcID string) bool {
	return slices.ContainsFunc(c.all(gatewayType), func(r *store.Resource) bool { return r.Inputs.String("vpcId") == vpcID })
}

// overlap tells whether two networks in CIDR notation share addresses.
func overlap(a, b string) bool {
	p, err1 := netip.ParsePrefix(a)
	q, err2 := netip.ParsePrefix(b)
	return err1 == nil && err2 == nil && p.Overlaps(q)
}

// inside tells whether network a lies in network b.
func inside(a, b string) bool {
	p, err1 := netip.ParsePrefix(a)
	q, err2 := netip.ParsePrefix(b)
	return err1 == nil && err2 == nil && q.Bits() <= p.Bits() && q.Contains(p.Addr())
}
