package foundation

import (
	"maps"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// existingVPC looks up a VPC that somebody else keeps. Its subnets are looked up too, so that one which is missing, or in
// another VPC, is found before anything is made. Data and workloads are in its private subnets, or where none are named
// in its public ones, with public addresses as in a default VPC.
func existingVPC(b *component.Builder, n networking) Fields {
	b.Statement(
		jen.List(jen.Id("network"), jen.Err()).Op(":=").Add(component.AWS("ec2", "LookupVpc")).Call(jen.Id("ctx"),
			jen.Op("&").Add(component.AWS("ec2", "LookupVpcArgs")).
				Values(jen.Id("Id").Op(":").Add(component.Pulumi("StringRef")).Call(jen.Lit(n.VPC.ID)))),
		b.Check("find the VPC %s", n.VPC.ID), jen.Line(),
	)
	public, private := "publicSubnets", "privateSubnets"
	if n.VPC.Public == nil {
		public = private
	} else {
		existingSubnets(b, "public", *n.VPC.Public, n.VPC.Zones)
	}
	if n.VPC.Private == nil {
		private = public
	} else {
		existingSubnets(b, "private", *n.VPC.Private, n.VPC.Zones)
	}
	return append(lookedUp(), Fields{
		{Name: "publicSubnetIDs", Value: jen.Id(public)},
		{Name: "privateSubnetIDs", Value: jen.Id(private)},
		{Name: "workloadSubnetIDs", Value: jen.Id(private)},
		{Name: "assignPublicIP", Value: boolOutput(n.publicOnly())},
	}...)
}

// existingSubnets looks up the subnets of one side as the local variable <side>Subnets. As with other VPCs there are as many
// as the stack has zones, always the same; that they are in different zones is up to who chose them.
func existingSubnets(b *component.Builder, side string, choice subnetChoice, zones int) {
	filters := []jen.Code{filter("vpc-id", jen.Id("network").Dot("Id"))}
	ids := slices.Compact(slices.Sorted(slices.Values(choice.IDs)))
	if len(ids) > 0 && len(ids) != zones {
		b.Fail(diag.Errorf(b.Place("vpc", side+"Subnets"), component.Code,
			"the stack is spread over %d availability zones, which need as many %s subnets, not %d", zones, side, len(ids)).
			WithHint("name one in each zone, or set vpc.availabilityZones"))
	}
	if len(ids) > 0 {
		filters = append(filters, filter("subnet-id", texts(ids)...))
	}
	var tags Fields
	for _, key := range slices.Sorted(maps.Keys(choice.Tags)) {
		tags = append(tags, component.Field{Name: key, Value: jen.Lit(choice.Tags[key])})
	}
	var wanted jen.Code
	if len(tags) > 0 {
		wanted = component.Map(jen.Map(jen.String()).String(), tags)
	}
	found := side + "Found"
	b.Statement(
		jen.List(jen.Id(found), jen.Err()).Op(":=").Add(component.AWS("ec2", "GetSubnets")).Call(jen.Id("ctx"),
			jen.Op("&").Add(component.Struct(component.AWS("ec2", "GetSubnetsArgs"), Fields{
				{Name: "Filters", Value: component.List(jen.Index().Add(component.AWS("ec2", "GetSubnetsFilter")), filters...)},
				{Name: "Tags", Value: wanted},
			}))),
		b.Check("find the "+side+" subnets"),
		jen.If(jen.Len(jen.Id(found).Dot("Ids")).Op("<").Lit(zones)).Block(
			b.Return(jen.Qual("fmt", "Errorf").Call(
				jen.Lit("of the "+side+" subnets that are needed, %d, the VPC %s has %d"),
				jen.Lit(zones), jen.Id("network").Dot("Id"), jen.Len(jen.Id(found).Dot("Ids"))))),
		jen.Qual("slices", "Sort").Call(jen.Id(found).Dot("Ids")),
		jen.Id(side+"Subnets").Op(":=").Add(component.Pulumi("ToStringArray")).Call(jen.Id(found).Dot("Ids").Index(jen.Empty(), jen.Lit(zones))).
			Dot("ToStringArrayOutput").Call(),
		jen.Line(),
	)
}

func texts(all []string) []jen.Code {
	var items []jen.Code
	for _, t := range all {
		items = append(items, jen.Lit(t))
	}
	return items
}

// lookedUp are the identity of a VPC that the local variable network holds the look-up of.
func lookedUp() Fields {
	str := func(field string) jen.Code {
		return component.Pulumi("String").Call(jen.Id("network").Dot(field)).Dot("ToStringOutput").Call()
	}
	return Fields{{Name: "vpcID", Value: str("Id")}, {Name: "vpcCIDR", Value: str("CidrBlock")}}
}
