package nlb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// addresses puts each elastic IP address into one subnet, and so into one availability zone. Without any the load
// balancer stands in all subnets.
func addresses(b *component.Builder, s specification) component.Field {
	if len(s.ElasticIPIDs) == 0 {
		return component.Field{}
	}
	subnets := jen.Id("base").Dot("publicSubnetIDs")
	if zones, own := zones(b); own {
		if len(s.ElasticIPIDs) > zones {
			b.Fail(diag.Errorf(b.Place("elasticIpIds"), component.Code,
				"%d elastic IP addresses need as many availability zones, and the VPC has %d", len(s.ElasticIPIDs), zones).
				WithHint("set availabilityZones in the Networking document"))
		}
	} else {
		subnets = sorted(b, subnets)
	}
	var mappings []jen.Code
	for i, id := range s.ElasticIPIDs {
		mappings = append(mappings, component.Struct(component.AWS("lb", "LoadBalancerSubnetMappingArgs"), component.Fields{
			{Name: "SubnetId", Value: jen.Add(subnets).Dot("Index").Call(component.Int(i))},
			{Name: "AllocationId", Value: component.Str(id)},
		}))
	}
	return component.Field{
		Name: "SubnetMappings", Value: component.List(component.AWS("lb", "LoadBalancerSubnetMappingArray"), mappings...),
	}
}

// zones is how many availability zones a VPC of the stack's own has; own tells whether the stack has one.
func zones(b *component.Builder) (number int, own bool) {
	vpc := b.Stack().Network.Get("vpc")
	if use := vpc.Get("use"); use == nil || use.Text.String() != "create" {
		return 0, false
	}
	if v := vpc.Get("availabilityZones"); v != nil {
		return int(v.Number), true
	}
	return 2, true
}

// sorted puts the subnets of the default VPC, which AWS lists in any order, into one that stays.
func sorted(b *component.Builder, subnets jen.Code) *jen.Statement {
	b.Statement(
		jen.Id("subnets").Op(":=").Add(subnets).Dot("ApplyT").Call(
			jen.Func().Params(jen.Id("ids").Index().String()).Index().String().Block(
				jen.Return(jen.Qual("slices", "Sorted").Call(jen.Qual("slices", "Values").Call(jen.Id("ids")))),
			)).Assert(component.Pulumi("StringArrayOutput")),
		jen.Line(),
	)
	return jen.Id("subnets")
}
