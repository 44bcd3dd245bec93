package foundation

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
)

// capacity gives the cluster its capacity providers: those of Fargate, and the machines' if there are any.
//
// Every sort is there once one is: ECS refuses to take one away that a service still uses, and services change after
// the foundation does. What a component gets to know of a provider is known only when the cluster has it, as ECS
// refuses a service that comes before.
func capacity(b *component.Builder, n networking, found values) Fields {
	onMachines := container.OnMachines(b.Stack())
	if len(onMachines) == 0 && !container.OnFargateSpot(b.Stack()) {
		return nil
	}
	providers := []jen.Code{component.Str("FARGATE"), component.Str("FARGATE_SPOT")}
	if len(onMachines) > 0 {
		m := fleet{Builder: b, machines: n.Cluster.Machines, found: found, public: n.publicOnly()}
		if !m.check(onMachines) {
			return nil
		}
		m.prepare()
		m.group("onDemand", "on-demand", false)
		m.group("spot", "spot", true)
		providers = append(providers, jen.Id("onDemand").Dot("Name"), jen.Id("spot").Dot("Name"))
	}
	b.Resource(component.Resource{
		Var: "capacity", Type: "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders", Part: "capacity",
		What: "capacity providers of the cluster", Source: b.Place("cluster"),
		Args: Fields{
			{Name: "ClusterName", Value: jen.Id("cluster").Dot("Name")},
			{Name: "CapacityProviders", Value: component.List(component.Pulumi("StringArray"), providers...)},
		},
	})
	b.Statement(jen.Id("attached").Op(":=").Func().Params(jen.Id("provider").Add(component.Pulumi("StringInput"))).Add(component.Pulumi("StringOutput")).Block(
		jen.Return(component.Pulumi("All").Call(jen.Id("provider"), jen.Id("capacity").Dot("CapacityProviders")).Dot("ApplyT").Call(
			jen.Func().Params(jen.Id("v").Index().Any()).String().Block(jen.Return(jen.Id("v").Index(jen.Lit(0)).Assert(jen.String()))),
		).Assert(component.Pulumi("StringOutput"))),
	), jen.Line())
	attached := func(provider jen.Code) jen.Code { return jen.Id("attached").Call(provider) }
	return Fields{
		{Name: "fargateSpotCapacity", Value: attached(component.Str("FARGATE_SPOT"))},
		{Name: "onDemandCapacity", Value: attached(jen.Id("onDemand").Dot("Name"))},
		{Name: "spotCapacity", Value: attached(jen.Id("spot").Dot("Name"))},
	}
}
