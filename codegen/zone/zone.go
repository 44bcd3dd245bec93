// Package zone chooses availability zones and subnets in them, for what stands in one zone, such as a machine or its disk.
//
// Which zone a subnet is in is only known when the program runs. Where nothing asks for a certain zone, it is that of the
// first subnet: the foundation keeps them in one order, so that what stands in one stays there.
package zone

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// Output is the internal output of a disk with its availability zone.
const Output = "availabilityZone"

// Subnet writes the local variable subnet: the ID of one of the subnets, in the zone that a pulumi.StringInput names, or the
// first if that is nil.
func Subnet(b *component.Builder, subnets, in jen.Code) {
	zone := in
	if zone == nil {
		zone = component.Str("")
	}
	b.Statement(
		jen.Id("subnet").Op(":=").Add(component.Pulumi("All").Call(subnets, zone)).Dot("ApplyT").Call(
			jen.Func().Params(jen.Id("args").Index().Any()).Params(jen.String(), jen.Error()).Block(
				jen.List(jen.Id("ids"), jen.Id("zone")).Op(":=").
					List(jen.Id("args").Index(jen.Lit(0)).Assert(jen.Index().String()), jen.Id("args").Index(jen.Lit(1)).Assert(jen.String())),
				each(
					jen.If(jen.Id("zone").Op("==").Lit("").Op("||").Id("found").Dot("AvailabilityZone").Op("==").Id("zone")).Block(
						jen.Return(jen.Id("id"), jen.Nil()),
					),
				),
				jen.Return(jen.Lit(""), jen.Qual("fmt", "Errorf").Call(jen.Lit("the network has no subnet in availability zone %s"), jen.Id("zone"))),
			)).Assert(component.Pulumi("StringOutput")),
		jen.Line(),
	)
}

// First is the code of the zone of the first of the subnets.
func First(subnets jen.Code) jen.Code {
	return jen.Add(subnets).Dot("ApplyT").Call(
		jen.Func().Params(jen.Id("ids").Index().String()).Params(jen.String(), jen.Error()).Block(
			each(jen.Return(jen.Id("found").Dot("AvailabilityZone"), jen.Nil())),
			jen.Return(jen.Lit(""), jen.Qual("errors", "New").Call(jen.Lit("the network has no subnets"))),
		)).Assert(component.Pulumi("StringOutput"))
}

// each looks at the subnets one after another.
func each(body jen.Code) jen.Code {
	return jen.For(jen.List(jen.Id("_"), jen.Id("id")).Op(":=").Range().Id("ids")).Block(
		jen.List(jen.Id("found"), jen.Err()).Op(":=").Add(component.AWS("ec2", "LookupSubnet")).Call(jen.Id("ctx"),
			jen.Op("&").Add(component.AWS("ec2", "LookupSubnetArgs")).Values(jen.Id("Id").Op(":").Op("&").Id("id"))),
		jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Lit(""), jen.Err())),
		body,
	)
}
