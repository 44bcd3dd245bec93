package project

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
)

// Main is main.go of a wave: it gets the foundation and hands each component, in order, what it uses of others. The
// foundation's own file must not be among components. kubernetes tells that the foundation connects to an EKS cluster.
//
// References to components of earlier waves are Pulumi stack references, one for each wave; so are those to components of
// other stacks, which name the wave that the component is in there. Their resource names hold the reading wave too, as
// all waves share one deployment, where names are unique.
func Main(stack string, wave int, components []Called, kubernetes bool) *jen.File {
	f := component.NewFile()
	f.Func().Id("main").Params().Block(component.Pulumi("Run").Call(jen.Id("deploy")))
	f.Commentf("deploy deploys wave %d.", wave)
	f.Func().Id("deploy").Params(jen.Id("ctx").Op("*").Add(component.Pulumi("Context"))).Error().BlockFunc(func(g *jen.Group) {
		for _, read := range reads(wave, components) {
			reference(g, stack, wave, read)
		}
		foundation(g, wave, kubernetes)
		if len(components) == 0 {
			g.Id("_").Op("=").Id("base")
		}
		for _, c := range components {
			g.Line()
			call(g, c)
		}
		g.Return(jen.Nil())
	})
	return f
}

// Called is a component that main.go calls.
type Called struct {
	ID       string
	Function string
	Inputs   string // the type of the inputs, if Uses is not empty
	Service  string
	Name     string
	Uses     []component.Use
}

// origin is the program that a wave reads from: a wave of its own stack, whose name then is "", or of another.
type origin struct {
	stack string
	wave  int
}

func originOf(u component.Use) origin { return origin{u.Stack, u.Component.Wave} }

// reads are the origins of what a wave uses: wave 0 for the foundation and the waves of the used components.
func reads(wave int, components []Called) []origin {
	var all []origin
	if wave > 0 {
		all = append(all, origin{})
	}
	for _, c := range components {
		for _, u := range c.Uses {
			all = append(all, originOf(u))
		}
	}
	slices.SortFunc(all, func(a, b origin) int { return cmp.Or(cmp.Compare(a.stack, b.stack), cmp.Compare(a.wave, b.wave)) })
	return slices.Compact(all)
}

func (o origin) variable() string {
	wave := fmt.Sprintf("wave%d", o.wave)
	if o.stack != "" {
		return names.Foreign(o.stack, wave)
	}
	return wave
}

func reference(g *jen.Group, stack string, wave int, from origin) {
	reading := fmt.Sprintf("wave %d", from.wave)
	if from.stack != "" {
		stack, reading = from.stack, fmt.Sprintf("wave %d of stack %s", from.wave, from.stack)
	}
	name := fmt.Sprintf("wave-%d-reads-wave-%d", wave, from.wave)
	if from.stack != "" {
		name = fmt.Sprintf("wave-%d-reads-%s", wave, Name(from.stack, from.wave))
	}
	g.List(jen.Id(from.variable()), jen.Err()).Op(":=").Add(component.Pulumi("NewStackReference")).Call(
		jen.Id("ctx"), jen.Lit(name),
		jen.Op("&").Add(component.Struct(component.Pulumi("StackReferenceArgs"), component.Fields{
			{Name: "Name", Value: component.Pulumi("Sprintf").Call(
				jen.Lit("%s/"+Name(stack, from.wave)+"/%s"), jen.Id("ctx").Dot("Organization").Call(), jen.Id("ctx").Dot("Stack").Call())},
		})))
	g.Add(check("read " + reading))
}

func check(doing string) jen.Code {
	return jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(component.Wrapped(doing)))
}

func foundation(g *jen.Group, wave int, kubernetes bool) {
	if wave > 0 && kubernetes {
		g.List(jen.Id("base"), jen.Err()).Op(":=").Id("readFoundation").Call(jen.Id("ctx"), jen.Id(origin{}.variable()))
		g.Add(check("foundation"))
		return
	}
	if wave > 0 {
		g.Id("base").Op(":=").Id("readFoundation").Call(jen.Id(origin{}.variable()))
		return
	}
	g.List(jen.Id("base"), jen.Err()).Op(":=").Id("newFoundation").Call(jen.Id("ctx"))
	g.Add(check("foundation"))
}

// call writes the inputs of a component, if it has any, and the call of its function.
func call(g *jen.Group, c Called) {
	args := []jen.Code{jen.Id("ctx"), jen.Id("base")}
	if len(c.Uses) > 0 {
		local := names.Identifier(c.Service, c.Name)
		args = append(args, jen.Id(local))
		g.Var().Id(local).Id(c.Inputs)
		for _, u := range c.Uses {
			getter := "GetStringOutput"
			if u.Output.Type == component.IntOutput {
				getter = "GetIntOutput"
			}
			g.Id(local).Dot(u.Field()).Dot(u.Output.Name).Op("=").
				Id(originOf(u).variable()).Dot(getter).Call(component.Pulumi("String").Call(jen.Lit(u.Export())))
		}
	}
	g.If(jen.Err().Op(":=").Id(c.Function).Call(args...), jen.Err().Op("!=").Nil()).
		Block(jen.Return(component.Wrapped(c.ID)))
}
