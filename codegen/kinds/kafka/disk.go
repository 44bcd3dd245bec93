package kafka

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// findZone finds the subnet that a node belongs to, and so its zone.
func (c *cluster) findZone(n node, v variablesOf) {
	c.Statement(jen.Id(v.subnet).Op(":=").Add(component.AWS("ec2", "LookupSubnetOutput")).Call(jen.Id("ctx"),
		component.AWS("ec2", "LookupSubnetOutputArgs").Values(jen.Id("Id").Op(":").Add(c.subnet(n)))), jen.Line())
}

// disk is a node's volume, in its zone.
func (c *cluster) disk(n node, v variablesOf) {
	c.Resource(component.Resource{
		Var: v.volume, Type: "aws:ebs/volume:Volume", Part: n.name, What: "volume of " + n.name, Stateful: true, Source: c.Place("storage"),
		Args: component.Fields{
			{Name: "AvailabilityZone", Value: jen.Id(v.subnet).Dot("AvailabilityZone").Call()},
			{Name: "Type", Value: component.Str(c.Storage.VolumeType)},
			{Name: "Size", Value: component.Int(c.Storage.SizeGB)},
			{Name: "Iops", Value: optional(c.Storage.IOPS)},
			{Name: "Throughput", Value: optional(c.Storage.ThroughputMBps)},
			{Name: "Encrypted", Value: component.Bool(true)},
			{Name: "KmsKeyId", Value: c.Key()},
			{Name: "FinalSnapshot", Value: component.If(c.Stack().Protected, component.Bool(true))},
		},
	})
}

func optional(n *int) jen.Code {
	if n == nil {
		return nil
	}
	return component.Int(*n)
}
