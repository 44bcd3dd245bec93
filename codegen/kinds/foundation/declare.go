package foundation

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/alarm"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/compiler/ir"
)

// value is one field of the generated struct foundation and the export it travels in.
type value struct{ field, output, typ string }

// valuesOf are the values that a stack's foundation has, in the order of the struct.
func valuesOf(stack *ir.Stack) []value {
	values := []value{
		{"accountID", "accountId", "StringOutput"},
		{"vpcID", "vpcId", "StringOutput"},
		{"vpcCIDR", "vpcCidr", "StringOutput"},
		{"publicSubnetIDs", "publicSubnetIds", "StringArrayOutput"},
		{"privateSubnetIDs", "privateSubnetIds", "StringArrayOutput"},
		{"workloadSubnetIDs", "workloadSubnetIds", "StringArrayOutput"},
		{"assignPublicIP", "assignPublicIp", "BoolOutput"},
		{"clusterARN", "clusterArn", "StringOutput"},
		{"clusterName", "clusterName", "StringOutput"},
	}
	if component.StackHasKey(stack) {
		values = append(values, value{"kmsKeyARN", "kmsKeyArn", "StringOutput"})
	}
	if alarm.OwnTopic(stack) {
		values = append(values, value{"alarmTopicARN", "alarmTopicArn", "StringOutput"})
	}
	if stack.Network.Get("serviceDiscovery", "namespace") != nil {
		values = append(values, value{"namespaceID", "namespaceId", "StringOutput"})
	}
	if len(container.OnMachines(stack)) > 0 {
		values = append(values,
			value{"onDemandCapacity", "onDemandCapacity", "StringOutput"}, value{"spotCapacity", "spotCapacity", "StringOutput"})
	}
	if onKubernetes(stack) {
		values = append(values,
			value{"kubeconfig", "kubeconfig", "StringOutput"}, value{"kubernetesName", "kubernetesName", "StringOutput"},
			value{"kubernetesGroupID", "kubernetesSecurityGroupId", "StringOutput"},
			value{"issuer", "oidcIssuer", "StringOutput"}, value{"issuerARN", "oidcProviderArn", "StringOutput"})
	}
	if container.OnFargateSpot(stack) {
		values = append(values, value{"fargateSpotCapacity", "fargateSpotCapacity", "StringOutput"})
	}
	return values
}

// onKubernetes tells whether the stack has an EKS cluster.
func onKubernetes(stack *ir.Stack) bool { return len(container.OnKubernetes(stack)) > 0 }

// Declare writes the struct foundation, the same in every wave, and what makes parts of it.
func Declare(f *jen.File, stack *ir.Stack) {
	f.Comment("foundation is what every component of the stack stands on.")
	f.Type().Id("foundation").StructFunc(func(g *jen.Group) {
		for _, v := range valuesOf(stack) {
			g.Id(v.field).Add(component.Pulumi(v.typ))
		}
		if onKubernetes(stack) {
			g.Id("kubernetes").Op("*").Add(component.Kubernetes("", "Provider"))
			g.Comment("clusterReady are what lets the cluster take pods; waves but the first find it so.")
			g.Id("clusterReady").Index().Add(component.Pulumi("Resource"))
		}
	})
	if onKubernetes(stack) {
		connect(f)
	}
}

// connect writes connectKubernetes. The provider is the same in every wave: one of Pulumi's resources, by name. What makes
// it another one, which would replace every object, is the cluster's name and not how it is reached.
func connect(f *jen.File) {
	f.Comment("connectKubernetes is how objects get into the stack's EKS cluster.")
	f.Func().Id("connectKubernetes").Params(jen.Id("ctx").Op("*").Add(component.Pulumi("Context")),
		jen.List(jen.Id("kubeconfig"), jen.Id("name")).Add(component.Pulumi("StringOutput"))).
		Params(jen.Op("*").Add(component.Kubernetes("", "Provider")), jen.Error()).Block(
		jen.Return(component.Kubernetes("", "NewProvider").Call(jen.Id("ctx"), jen.Lit("kubernetes"),
			jen.Op("&").Add(component.Struct(component.Kubernetes("", "ProviderArgs"), Fields{
				{Name: "Kubeconfig", Value: jen.Id("kubeconfig")},
				{Name: "ClusterIdentifier", Value: jen.Id("name")},
				{Name: "EnableServerSideApply", Value: component.Bool(true)},
			})))))
}

// Read writes readFoundation, by which a later wave gets the foundation from wave 0.
func Read(f *jen.File, stack *ir.Stack) {
	f.Comment("readFoundation reads what wave 0 exports of the foundation.")
	params := []jen.Code{jen.Id("wave0").Op("*").Add(component.Pulumi("StackReference"))}
	result := []jen.Code{jen.Op("*").Id("foundation")}
	end := []jen.Code{jen.Return(component.Struct(jen.Op("&").Id("foundation"), fields(stack)))}
	if onKubernetes(stack) {
		params = append([]jen.Code{jen.Id("ctx").Op("*").Add(component.Pulumi("Context"))}, params...)
		result = append(result, jen.Error())
		end = []jen.Code{
			jen.Id("base").Op(":=").Add(component.Struct(jen.Op("&").Id("foundation"), fields(stack))),
			jen.Var().Err().Error(),
			jen.List(jen.Id("base").Dot("kubernetes"), jen.Err()).Op("=").Add(connected()),
			jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(), component.Wrapped("Kubernetes provider"))),
			jen.Return(jen.Id("base"), jen.Nil()),
		}
	}
	f.Func().Id("readFoundation").Params(params...).Params(result...).Block(append([]jen.Code{
		reader("text", jen.Id("wave0").Dot("GetStringOutput").Call(key()), "StringOutput"),
		reader("list", converted("[]string", "StringArrayOutput",
			jen.List(jen.Id("items"), jen.Id("ok")).Op(":=").Id("v").Assert(jen.Index().Any()),
			jen.Id("texts").Op(":=").Make(jen.Index().String(), jen.Len(jen.Id("items"))),
			jen.For(jen.List(jen.Id("i"), jen.Id("item")).Op(":=").Range().Id("items")).Block(
				jen.If(jen.List(jen.Id("texts").Index(jen.Id("i")), jen.Id("ok")).Op("=").Id("item").Assert(jen.String()), jen.Op("!").Id("ok")).
					Block(jen.Break()),
			),
			missing("ok", jen.Nil(), "a list"),
			jen.Return(jen.Id("texts"), jen.Nil()),
		), "StringArrayOutput"),
		reader("flag", converted("bool", "BoolOutput",
			jen.List(jen.Id("flag"), jen.Id("ok")).Op(":=").Id("v").Assert(jen.Bool()),
			missing("ok", jen.False(), "a flag"),
			jen.Return(jen.Id("flag"), jen.Nil()),
		), "BoolOutput"),
	}, end...)...)
}

// connected is the call of connectKubernetes.
func connected() jen.Code {
	return jen.Id("connectKubernetes").Call(jen.Id("ctx"), jen.Id("base").Dot("kubeconfig"), jen.Id("base").Dot("kubernetesName"))
}

func key() jen.Code {
	return component.Pulumi("String").Call(jen.Lit("foundation.").Op("+").Id("name"))
}

func reader(name string, body jen.Code, typ string) jen.Code {
	return jen.Id(name).Op(":=").Func().Params(jen.Id("name").String()).Add(component.Pulumi(typ)).Block(jen.Return(body))
}

// converted applies a function that makes a typed value of an exported one.
func converted(result, typ string, body ...jen.Code) jen.Code {
	return jen.Id("wave0").Dot("GetOutput").Call(key()).Dot("ApplyT").Call(
		jen.Func().Params(jen.Id("v").Any()).Params(jen.Id(result), jen.Error()).Block(body...),
	).Assert(component.Pulumi(typ))
}

func missing(ok string, zero jen.Code, what string) jen.Code {
	return jen.If(jen.Op("!").Id(ok)).Block(jen.Return(zero, jen.Qual("fmt", "Errorf").Call(
		jen.Lit("wave 0 does not export "+what+" called foundation.%s"), jen.Id("name"))))
}

func fields(stack *ir.Stack) Fields {
	read := map[string]string{"StringOutput": "text", "StringArrayOutput": "list", "BoolOutput": "flag"}
	var all Fields
	for _, v := range valuesOf(stack) {
		all = append(all, component.Field{Name: v.field, Value: jen.Id(read[v.typ]).Call(jen.Lit(v.output))})
	}
	return all
}
