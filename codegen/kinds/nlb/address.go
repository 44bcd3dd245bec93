package nlb

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/network"
	"github.com/panka-io/panka/compiler/diag"
)

// addresses puts each elastic IP address into one subnet, and so into one availability zone. Without any the load
// balancer stands in all subnets.
func addresses(b *component.Builder, s specification) component.Field {
	if len(s.ElasticIPIDs) == 0 {
		return component.Field{}
	}
	if zones := network.Zones(b.Stack()); len(s.ElasticIPIDs) > zones {
		b.Fail(diag.Errorf(b.Place("elasticIpIds"), component.Code,
			"%d elastic IP addresses need as many availability zones, and the network has %d", len(s.ElasticIPIDs), zones).
			WithHint("set vpc.availabilityZones in the Networking document"))
	}
	var mappings []jen.Code
	for i, id := range s.ElasticIPIDs {
		mappings = append(mappings, component.Struct(component.AWS("lb", "LoadBalancerSubnetMappingArgs"), component.Fields{
			{Name: "SubnetId", Value: jen.Id("base").Dot("publicSubnetIDs").Dot("Index").Call(component.Int(i))},
			{Name: "AllocationId", Value: component.Str(id)},
		}))
	}
	return component.Field{
		Name: "SubnetMappings", Value: component.List(component.AWS("lb", "LoadBalancerSubnetMappingArray"), mappings...),
	}
}
