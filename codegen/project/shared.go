package project

import (
	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// Needs tells what else than usual the components of a wave call.
type Needs struct {
	// Secrets tells that a component looks up secrets.
	Secrets bool
	// Labels tells that a component has Kubernetes objects.
	Labels bool
}

// Shared is component.go: what all components of a wave use.
func Shared(stack *ir.Stack, needs Needs) *jen.File {
	f := component.NewFile()
	tagger(f, stack)
	if needs.Labels {
		labeller(f, stack)
	}
	publish(f)
	if needs.Secrets {
		secretARNs(f)
	}
	return f
}

func tagger(f *jen.File, stack *ir.Stack) {
	tag := func(key string, value jen.Code) jen.Code {
		return jen.Id("all").Index(jen.Lit(key)).Op("=").Add(component.Pulumi("String").Call(value))
	}
	f.Comment("tagger gives the tags of a component's resources by name: the user's own and those that panka finds them by.")
	f.Func().Id("tagger").Params(jen.List(jen.Id("service"), jen.Id("name")).String(), jen.Id("own").Add(component.Pulumi("StringMap"))).
		Func().Params(jen.String()).Add(component.Pulumi("StringMap")).Block(
		jen.Return(jen.Func().Params(jen.Id("resource").String()).Add(component.Pulumi("StringMap")).Block(
			jen.Id("all").Op(":=").Add(component.Pulumi("StringMap")).Values(),
			jen.For(jen.List(jen.Id("key"), jen.Id("value")).Op(":=").Range().Id("own")).Block(
				jen.Id("all").Index(jen.Id("key")).Op("=").Id("value")),
			tag("managed-by", jen.Lit("panka")),
			tag("panka:stack", jen.Lit(stack.Name)),
			tag("panka:environment", jen.Lit(stack.Environment)),
			jen.If(jen.Id("service").Op("!=").Lit("")).Block(tag("panka:service", jen.Id("service"))),
			tag("panka:component", jen.Id("name")),
			tag("panka:resource", jen.Id("resource")),
			jen.Return(jen.Id("all")),
		)))
}

func labeller(f *jen.File, stack *ir.Stack) {
	label := func(key string, value jen.Code) jen.Code {
		return jen.Id("all").Index(jen.Lit(key)).Op("=").Add(component.Pulumi("String").Call(value))
	}
	f.Comment("labeller gives the labels of a component's Kubernetes objects: those of one object and those that tell whose it is.")
	f.Func().Id("labeller").Params(jen.List(jen.Id("service"), jen.Id("name")).String()).
		Func().Params(component.Pulumi("StringMap")).Add(component.Pulumi("StringMap")).Block(
		jen.Return(jen.Func().Params(jen.Id("own").Add(component.Pulumi("StringMap"))).Add(component.Pulumi("StringMap")).Block(
			jen.Id("all").Op(":=").Add(component.Pulumi("StringMap")).Values(),
			jen.For(jen.List(jen.Id("key"), jen.Id("value")).Op(":=").Range().Id("own")).Block(
				jen.Id("all").Index(jen.Id("key")).Op("=").Id("value")),
			label("app.kubernetes.io/managed-by", jen.Lit("panka")),
			label("panka.io/stack", jen.Lit(stack.Name)),
			label("panka.io/environment", jen.Lit(stack.Environment)),
			jen.If(jen.Id("service").Op("!=").Lit("")).Block(label("panka.io/service", jen.Id("service"))),
			label("panka.io/component", jen.Id("name")),
			jen.Return(jen.Id("all")),
		)))
}

func publish(f *jen.File) {
	f.Comment("publish exports a component's outputs to later waves and records them, with what is deployed, in the state.")
	f.Func().Id("publish").Params(
		jen.Id("ctx").Op("*").Add(component.Pulumi("Context")), jen.Id("component").Add(component.Pulumi("Resource")),
		jen.List(jen.Id("id"), jen.Id("kind")).String(), jen.Id("version").Add(component.Pulumi("StringInput")),
		jen.Id("outputs").Add(component.Pulumi("Map")),
	).Error().Block(
		jen.Id("record").Op(":=").Add(component.Pulumi("Map")).Values(
			jen.Lit("component").Op(":").Add(component.Pulumi("String")).Call(jen.Id("id")),
			jen.Lit("kind").Op(":").Add(component.Pulumi("String")).Call(jen.Id("kind")),
			jen.Lit("version").Op(":").Id("version")),
		jen.For(jen.List(jen.Id("name"), jen.Id("value")).Op(":=").Range().Id("outputs")).Block(
			jen.Id("ctx").Dot("Export").Call(jen.Id("id").Op("+").Lit(".").Op("+").Id("name"), jen.Id("value")),
			jen.Id("record").Index(jen.Id("name")).Op("=").Id("value")),
		jen.Return(jen.Id("ctx").Dot("RegisterResourceOutputs").Call(jen.Id("component"), jen.Id("record"))),
	)
}

func secretARNs(f *jen.File) {
	lookup := func(field string) jen.Code {
		return jen.Id("args").Dot(field).Op("=").Op("&").Id("ref")
	}
	f.Comment("secretARNs finds the ARNs of secrets, which are given by name or ARN and must exist.")
	f.Func().Id("secretARNs").Params(jen.Id("ctx").Op("*").Add(component.Pulumi("Context")), jen.Id("refs").Op("...").String()).
		Params(jen.Map(jen.String()).String(), jen.Error()).Block(
		jen.Id("arns").Op(":=").Map(jen.String()).String().Values(),
		jen.For(jen.List(jen.Id("_"), jen.Id("ref")).Op(":=").Range().Id("refs")).Block(
			jen.Id("args").Op(":=").Op("&").Add(component.AWS("secretsmanager", "LookupSecretArgs")).Values(),
			jen.If(jen.Qual("strings", "HasPrefix").Call(jen.Id("ref"), jen.Lit("arn:"))).
				Block(lookup("Arn")).Else().Block(lookup("Name")),
			jen.List(jen.Id("secret"), jen.Err()).Op(":=").Add(component.AWS("secretsmanager", "LookupSecret")).
				Call(jen.Id("ctx"), jen.Id("args")),
			jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(jen.Nil(),
				jen.Qual("fmt", "Errorf").Call(jen.Lit("find the secret %s: %w"), jen.Id("ref"), jen.Err()))),
			jen.Id("arns").Index(jen.Id("ref")).Op("=").Id("secret").Dot("Arn")),
		jen.Return(jen.Id("arns"), jen.Nil()),
	)
}
