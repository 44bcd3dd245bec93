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
	if container.OnFargateSpot(stack) {
		values = append(values, value{"fargateSpotCapacity", "fargateSpotCapacity", "StringOutput"})
	}
	return values
}

// Declare writes the struct foundation, the same in every wave.
func Declare(f *jen.File, stack *ir.Stack) {
	f.Comment("foundation is what every component of the stack stands on.")
	f.Type().Id("foundation").StructFunc(func(g *jen.Group) {
		for _, v := range valuesOf(stack) {
			g.Id(v.field).Add(component.Pulumi(v.typ))
		}
	})
}

// Read writes readFoundation, by which a later wave gets the foundation from wave 0.
func Read(f *jen.File, stack *ir.Stack) {
	f.Comment("readFoundation reads what wave 0 exports of the foundation.")
	f.Func().Id("readFoundation").Params(jen.Id("wave0").Op("*").Add(component.Pulumi("StackReference"))).
		Op("*").Id("foundation").Block(
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
		jen.Return(component.Struct(jen.Op("&").Id("foundation"), fields(stack))),
	)
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
