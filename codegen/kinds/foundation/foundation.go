// Package foundation generates what every component of a stack stands on: the network, which is the account's default
// VPC, one that exists or one of the stack's own, and the ECS cluster with its machines; and, at the end, what shows how
// the stack is doing and nothing needs: a dashboard for each service. It is not a kind that people write; the Networking,
// Security and Observability documents set it.
//
// Its function exists in wave 0 only. Later waves read the same values from wave 0's exports into the same struct (see
// Declare), so that a component's code does not tell which wave it is in.
package foundation

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// Name is the kind's name, as it stands in types and exports.
const Name = "Foundation"

// Kind is the generator of a stack's foundation.
type Kind struct{ Stack *ir.Stack }

// Name is Foundation.
func (Kind) Name() string { return Name }

// Outputs are the exports foundation.<name>. All are panka's own; no valueFrom reaches them.
func (k Kind) Outputs(*ir.Component) []component.Output {
	outputs := []component.Output{}
	for _, v := range valuesOf(k.Stack) {
		outputs = append(outputs, component.Output{Name: v.output, Type: component.StringOutput, Internal: true})
	}
	return outputs
}

// Generate writes newFoundation.
func (Kind) Generate(b *component.Builder) {
	n, ds := decode(b.Stack())
	if ds.HasErrors() {
		b.Fail(ds...)
		return
	}
	found := values{}
	found.add(account(b))
	found.add(encryptionKey(b))
	found.add(alarmTopic(b))
	found.add(cluster(b, n, found["kmsKeyARN"]))
	switch n.VPC.Use {
	case vpcCreate:
		found.add(ownVPC(b, n, found["kmsKeyARN"]))
	case vpcExisting:
		found.add(existingVPC(b, n))
	default:
		found.add(defaultVPC(b, n.VPC.Zones))
	}
	found.add(namespace(b, n, found["vpcID"]))
	found.add(capacity(b, n, found))
	kubernetes(b, n, found)
	sampling(b)
	dashboards(b)
	var result Fields
	for _, v := range valuesOf(b.Stack()) {
		b.Output(v.output, found[v.field])
		result = append(result, component.Field{Name: v.field, Value: found[v.field]})
	}
	if onKubernetes(b.Stack()) {
		result = append(result,
			component.Field{Name: "kubernetes", Value: jen.Id("base").Dot("kubernetes")},
			component.Field{Name: "clusterReady", Value: jen.Id("base").Dot("clusterReady")})
	}
	b.Result(result)
}

// values are the code of the foundation's values, by field.
type values map[string]jen.Code

func (v values) add(fields Fields) {
	for _, f := range fields {
		v[f.Name] = f.Value
	}
}

// Fields are those of the generated struct foundation, with their values.
type Fields = component.Fields

// account is the account that is deployed to, which roles' conditions and predicted ARNs name. It is a local variable
// as later waves have it too.
func account(b *component.Builder) Fields {
	b.Statement(
		jen.List(jen.Id("caller"), jen.Err()).Op(":=").Add(component.AWS("", "GetCallerIdentity")).Call(jen.Id("ctx"), jen.Nil()),
		b.Check("find the account"),
		jen.Id("base").Op(":=").Op("&").Id("foundation").Values(jen.Id("accountID").Op(":").
			Add(component.Pulumi("String")).Call(jen.Id("caller").Dot("AccountId")).Dot("ToStringOutput").Call()),
		jen.Line(),
	)
	return Fields{{Name: "accountID", Value: jen.Id("base").Dot("accountID")}}
}

// defaultVPC looks up the account's default VPC. Its subnets are public, so they serve for everything and workloads
// need a public address to reach the internet; security groups keep the world out. Of its subnets, one in each zone, the
// stack takes as many as it has zones, always the same, so that what has a part in each zone knows how many there are.
func defaultVPC(b *component.Builder, zones int) Fields {
	b.Statement(
		jen.List(jen.Id("network"), jen.Err()).Op(":=").Add(component.AWS("ec2", "LookupVpc")).Call(jen.Id("ctx"),
			jen.Op("&").Add(component.AWS("ec2", "LookupVpcArgs")).
				Values(jen.Id("Default").Op(":").Add(component.Pulumi("BoolRef")).Call(jen.True()))),
		b.Check("find the default VPC"),
		jen.List(jen.Id("found"), jen.Err()).Op(":=").Add(component.AWS("ec2", "GetSubnets")).Call(jen.Id("ctx"),
			jen.Op("&").Add(component.Struct(component.AWS("ec2", "GetSubnetsArgs"), Fields{
				{Name: "Filters", Value: component.List(jen.Index().Add(component.AWS("ec2", "GetSubnetsFilter")),
					filter("vpc-id", jen.Id("network").Dot("Id")), filter("default-for-az", jen.Lit("true")))},
			}))),
		b.Check("find the subnets of the default VPC"),
		jen.If(jen.Len(jen.Id("found").Dot("Ids")).Op("<").Lit(zones)).Block(
			b.Return(jen.Qual("fmt", "Errorf").Call(
				jen.Lit("the default VPC has subnets in %d availability zones, %d are needed"),
				jen.Len(jen.Id("found").Dot("Ids")), jen.Lit(zones)))),
		jen.Qual("slices", "Sort").Call(jen.Id("found").Dot("Ids")),
		jen.Id("subnets").Op(":=").Add(component.Pulumi("ToStringArray")).Call(jen.Id("found").Dot("Ids").Index(jen.Empty(), jen.Lit(zones))).
			Dot("ToStringArrayOutput").Call(),
		jen.Line(),
	)
	return append(lookedUp(), Fields{
		{Name: "publicSubnetIDs", Value: jen.Id("subnets")},
		{Name: "privateSubnetIDs", Value: jen.Id("subnets")},
		{Name: "workloadSubnetIDs", Value: jen.Id("subnets")},
		{Name: "assignPublicIP", Value: boolOutput(true)},
	}...)
}

func filter(name string, values ...jen.Code) jen.Code {
	return jen.Values(jen.Id("Name").Op(":").Lit(name), jen.Id("Values").Op(":").Index().String().Values(values...))
}

func boolOutput(v bool) jen.Code { return component.Bool(v).Dot("ToBoolOutput").Call() }
