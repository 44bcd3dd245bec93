package foundation

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
)

// nodeCount writes the function by which the program finds how many nodes a group has. The autoscaler decides that, within
// bounds, so as long as the bounds are those of the group, the number is left alone. When they change, EKS wants the number
// beside them, within them; it must be what it is at that time, as another one would start or stop nodes.
func (k *eks) nodeCount() {
	invoke := func(local, function string, args Fields) jen.Code {
		params := []jen.Code{jen.Id("ctx")}
		if args != nil {
			params = append(params, jen.Op("&").Add(component.Struct(component.AWS("eks", function+"Args"), args)))
		}
		return jen.List(jen.Id(local), jen.Err()).Op(":=").Add(component.AWS("eks", function)).Call(params...)
	}
	cluster := component.Field{Name: "ClusterName", Value: jen.Lit(k.name())}
	missing := func(local string, name jen.Code) jen.Code {
		return jen.If(jen.Err().Op("!=").Nil().Op("||").Op("!").Qual("slices", "Contains").Call(jen.Id(local).Dot("Names"), name)).Block(
			jen.Return(jen.Id("size"), jen.Err()))
	}
	k.Statement(
		jen.Comment("groupSize is how many nodes a group has, and what of it is not to be changed."),
		jen.Type().Id("groupSize").Struct(jen.Id("nodes").Int(), jen.Id("settled").Index().String()),
		jen.Id("nodeCount").Op(":=").Func().Params(jen.Id("group").Add(component.Pulumi("String")), jen.List(jen.Id("least"), jen.Id("most")).Int()).
			Params(jen.Id("groupSize"), jen.Error()).Block(
			jen.Id("size").Op(":=").Id("groupSize").Values(jen.Id("nodes").Op(":").Id("least")),
			invoke("clusters", "GetClusters", nil), missing("clusters", jen.Lit(k.name())),
			invoke("groups", "GetNodeGroups", Fields{cluster}), missing("groups", jen.String().Call(jen.Id("group"))),
			invoke("found", "LookupNodeGroup", Fields{cluster, {Name: "NodeGroupName", Value: jen.String().Call(jen.Id("group"))}}),
			jen.If(jen.Err().Op("!=").Nil().Op("||").Len(jen.Id("found").Dot("ScalingConfigs")).Op("==").Lit(0)).Block(jen.Return(jen.Id("size"), jen.Err())),
			jen.Id("now").Op(":=").Id("found").Dot("ScalingConfigs").Index(jen.Lit(0)),
			jen.Id("size").Dot("nodes").Op("=").Min(jen.Max(jen.Id("now").Dot("DesiredSize"), jen.Id("least")), jen.Id("most")),
			jen.If(jen.Id("now").Dot("MinSize").Op("==").Id("least").Op("&&").Id("now").Dot("MaxSize").Op("==").Id("most")).Block(
				jen.Id("size").Dot("settled").Op("=").Add(component.Strings("scalingConfig.desiredSize"))),
			jen.Return(jen.Id("size"), jen.Nil()),
		), jen.Line())
}
