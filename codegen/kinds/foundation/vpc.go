package foundation

import (
	"encoding/binary"
	"net/netip"
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// subnetBits is how much longer a subnet's prefix is than the VPC's: the range is cut into 16, the first eight for
// public subnets, the others for private ones, which leaves room for more zones without moving any.
const subnetBits = 4

// ownVPC makes a VPC with a public and a private subnet in each zone. Its default security group, which AWS gives to
// whatever names none, lets nothing in or out. key encrypts its logs, nil for AWS's own key.
func ownVPC(b *component.Builder, n networking, key jen.Code) Fields {
	blocks, ok := cut(n.VPC.CIDR)
	if !ok {
		b.Fail(diag.Errorf(b.Place("vpc", "cidr"), component.Code,
			"the VPC needs a range of IPv4 addresses from /16 to /24, not %q", n.VPC.CIDR))
		return nil
	}
	v := vpc{Builder: b, zones: n.VPC.Zones, nat: n.VPC.NAT}
	v.lookUpZones()
	v.network(n.VPC.CIDR)
	v.flowLogs(key)
	v.subnets("public", blocks[:8])
	v.subnets("private", blocks[8:])
	v.publicRoutes()
	v.natGateways()
	v.privateRoutes()
	v.endpoints(n)

	// Without a NAT gateway a workload in a private subnet could not even fetch its image.
	workloads := "private"
	if n.VPC.NAT == natNone {
		workloads = "public"
	}
	return Fields{
		{Name: "vpcID", Value: jen.Id("network").Dot("ID").Call().Dot("ToStringOutput").Call()},
		{Name: "vpcCIDR", Value: jen.Id("network").Dot("CidrBlock")},
		{Name: "publicSubnetIDs", Value: v.subnetIDs("public")},
		{Name: "privateSubnetIDs", Value: v.subnetIDs("private")},
		{Name: "workloadSubnetIDs", Value: v.subnetIDs(workloads)},
		{Name: "assignPublicIP", Value: boolOutput(n.VPC.NAT == natNone)},
	}
}

// cut divides a range into 16 of equal size.
func cut(cidr string) ([]string, bool) {
	whole, err := netip.ParsePrefix(cidr)
	if err != nil || !whole.Addr().Is4() || whole.Bits() < 16 || whole.Bits() > 24 {
		return nil, false
	}
	first := whole.Masked().Addr().As4()
	start, bits := binary.BigEndian.Uint32(first[:]), whole.Bits()+subnetBits
	var blocks []string
	for i := range uint32(1 << subnetBits) {
		var addr [4]byte
		binary.BigEndian.PutUint32(addr[:], start+i<<(32-bits))
		blocks = append(blocks, netip.PrefixFrom(netip.AddrFrom4(addr), bits).String())
	}
	return blocks, true
}

type vpc struct {
	*component.Builder
	zones int
	nat   string
}

// each calls do for the numbers of the zones, which count from 1 in names.
func (v vpc) each(do func(i int, number string)) {
	for i := range v.zones {
		do(i, strconv.Itoa(i+1))
	}
}

func (v vpc) resource(local, typ, part, what string, args Fields, options ...jen.Code) {
	v.Resource(component.Resource{
		Var: local, Type: typ, Part: part, What: what, Args: args, Options: options, Source: v.Place("vpc", "use"),
	})
}

func id(local string) *jen.Statement { return jen.Id(local).Dot("ID").Call() }

func (v vpc) lookUpZones() {
	v.Statement(
		jen.List(jen.Id("zones"), jen.Err()).Op(":=").Add(component.AWS("", "GetAvailabilityZones")).Call(jen.Id("ctx"),
			jen.Op("&").Add(component.Struct(component.AWS("", "GetAvailabilityZonesArgs"), Fields{
				{Name: "State", Value: component.Pulumi("StringRef").Call(jen.Lit("available"))},
				{Name: "Filters", Value: component.List(jen.Index().Add(component.AWS("", "GetAvailabilityZonesFilter")),
					filter("opt-in-status", jen.Lit("opt-in-not-required")))},
			}))),
		v.Check("find the availability zones"),
		jen.If(jen.Len(jen.Id("zones").Dot("Names")).Op("<").Lit(v.zones)).Block(
			v.Return(jen.Qual("fmt", "Errorf").Call(
				jen.Lit("the region has %d availability zones, %d are needed"),
				jen.Len(jen.Id("zones").Dot("Names")), jen.Lit(v.zones)))),
		jen.Line(),
	)
}

func (v vpc) network(cidr string) {
	v.resource("network", "aws:ec2/vpc:Vpc", "vpc", "VPC", Fields{
		{Name: "CidrBlock", Value: component.Str(cidr)},
		{Name: "EnableDnsHostnames", Value: component.Bool(true)},
		{Name: "EnableDnsSupport", Value: component.Bool(true)},
	})
	v.resource("", "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default", "default security group", Fields{
		{Name: "VpcId", Value: id("network")},
	})
	v.resource("gateway", "aws:ec2/internetGateway:InternetGateway", "internet", "internet gateway", Fields{
		{Name: "VpcId", Value: id("network")},
	})
}

func (v vpc) subnets(side string, blocks []string) {
	v.each(func(i int, number string) {
		v.resource(side+number, "aws:ec2/subnet:Subnet", side+"-"+number, side+" subnet "+number, Fields{
			{Name: "VpcId", Value: id("network")},
			{Name: "CidrBlock", Value: component.Str(blocks[i])},
			{Name: "AvailabilityZone", Value: component.Pulumi("String").Call(jen.Id("zones").Dot("Names").Index(jen.Lit(i)))},
		})
	})
}

func (v vpc) subnetIDs(side string) jen.Code { return v.ids(side).Dot("ToStringArrayOutput").Call() }

func (v vpc) ids(side string) *jen.Statement {
	var ids []jen.Code
	v.each(func(_ int, number string) { ids = append(ids, id(side+number)) })
	return component.StrArray(ids...)
}

func (v vpc) routeTable(local, part, what string) {
	v.resource(local, "aws:ec2/routeTable:RouteTable", part, what, Fields{{Name: "VpcId", Value: id("network")}})
}

func (v vpc) association(subnet, part, table string) {
	v.resource("", "aws:ec2/routeTableAssociation:RouteTableAssociation", part, "routes of "+part, Fields{
		{Name: "SubnetId", Value: id(subnet)},
		{Name: "RouteTableId", Value: id(table)},
	})
}

func (v vpc) publicRoutes() {
	v.routeTable("publicRoutes", "public", "public route table")
	local := "internet" // only NAT gateways refer to it
	if v.nat == natNone {
		local = ""
	}
	v.resource(local, "aws:ec2/route:Route", "public-internet", "route to the internet", Fields{
		{Name: "RouteTableId", Value: id("publicRoutes")},
		{Name: "DestinationCidrBlock", Value: component.Str("0.0.0.0/0")},
		{Name: "GatewayId", Value: id("gateway")},
	})
	v.each(func(_ int, number string) { v.association("public"+number, "public-"+number, "publicRoutes") })
}

// gateways is how many NAT gateways there are.
func (v vpc) gateways() int {
	return map[string]int{natSingle: 1, natPerZone: v.zones}[v.nat]
}

func (v vpc) natGateways() {
	for i := range v.gateways() {
		number := strconv.Itoa(i + 1)
		v.resource("address"+number, "aws:ec2/eip:Eip", "nat-"+number, "address of NAT gateway "+number, Fields{
			{Name: "Domain", Value: component.Str("vpc")},
		})
		// A NAT gateway needs the way out of the VPC to exist before it can become available.
		v.resource("nat"+number, "aws:ec2/natGateway:NatGateway", "nat-"+number, "NAT gateway "+number, Fields{
			{Name: "AllocationId", Value: id("address" + number)},
			{Name: "SubnetId", Value: id("public" + number)},
		}, dependsOn(jen.Id("internet")))
	}
}

func dependsOn(resources ...jen.Code) jen.Code {
	return component.Pulumi("DependsOn").Call(jen.Index().Add(component.Pulumi("Resource")).Values(resources...))
}

// privateRoutes gives each zone a route table of its own if it has a NAT gateway of its own, else one for all.
func (v vpc) privateRoutes() {
	for i := range v.privateTables() {
		number := strconv.Itoa(i + 1)
		v.routeTable(v.privateTable(i), "private-"+number, "private route table "+number)
		if v.gateways() > 0 {
			v.resource("", "aws:ec2/route:Route", "private-"+number+"-internet", "route through NAT gateway "+number, Fields{
				{Name: "RouteTableId", Value: id(v.privateTable(i))},
				{Name: "DestinationCidrBlock", Value: component.Str("0.0.0.0/0")},
				{Name: "NatGatewayId", Value: id("nat" + number)},
			})
		}
	}
	v.each(func(i int, number string) {
		v.association("private"+number, "private-"+number, v.privateTable(min(i, v.privateTables()-1)))
	})
}

func (v vpc) privateTables() int { return max(1, v.gateways()) }

// privateTable is the local variable of the private route table with an index, which counts from 0.
func (v vpc) privateTable(i int) string { return "privateRoutes" + strconv.Itoa(i+1) }
