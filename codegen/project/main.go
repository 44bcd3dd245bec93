package project

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/names"
)

// Main is main.go of a wave: it gets the foundation and hands each component, in order, what it uses of others. The
// foundation's own file must not be among components.
//
// References to components of earlier waves are Pulumi stack references, one for each wave. Their resource names hold
// the reading wave too, as all waves share one deployment, where names are unique.
func Main(stack string, wave int, components []Called) *jen.File {
	f := component.NewFile()
	f.Func().Id("main").Params().Block(component.Pulumi("Run").Call(jen.Id("deploy")))
	f.Commentf("deploy deploys wave %d.", wave)
	f.Func().Id("deploy").Params(jen.Id("ctx").Op("*").Add(component.Pulumi("Context"))).Error().BlockFunc(func(g *jen.Group) {
		for _, earlier := range readWaves(wave, components) {
			reference(g, stack, wave, earlier)
		}
		foundation(g, wave)
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

// readWaves are the earlier waves that a wave reads from: wave 0 for the foundation and those of the used components.
func readWaves(wave int, components []Called) []int {
	if wave == 0 {
		return nil
	}
	waves := []int{0}
	for _, c := range components {
		for _, u := range c.Uses {
			waves = append(waves, u.Component.Wave)
		}
	}
	slices.Sort(waves)
	return slices.Compact(waves)
}

func variable(wave int) string { return fmt.Sprintf("wave%d", wave) }

func reference(g *jen.Group, stack string, wave, earlier int) {
	g.List(jen.Id(variable(earlier)), jen.Err()).Op(":=").Add(component.Pulumi("NewStackReference")).Call(
		jen.Id("ctx"), jen.Lit(fmt.Sprintf("wave-%d-reads-wave-%d", wave, earlier)),
		jen.Op("&").Add(component.Struct(component.Pulumi("StackReferenceArgs"), component.Fields{
			{Name: "Name", Value: component.Pulumi("Sprintf").Call(
				jen.Lit("%s/"+Name(stack, earlier)+"/%s"), jen.Id("ctx").Dot("Organization").Call(), jen.Id("ctx").Dot("Stack").Call())},
		})))
	g.Add(check(fmt.Sprintf("read wave %d", earlier)))
}

func check(doing string) jen.Code {
	return jen.If(jen.Err().Op("!=").Nil()).Block(jen.Return(component.Wrapped(doing)))
}

func foundation(g *jen.Group, wave int) {
	if wave > 0 {
		g.Id("base").Op(":=").Id("readFoundation").Call(jen.Id(variable(0)))
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
			g.Id(local).Dot(names.Identifier(u.Component.Service, u.Component.Name)).Dot(u.Output.Name).Op("=").
				Id(variable(u.Component.Wave)).Dot(getter).
				Call(component.Pulumi("String").Call(jen.Lit(u.Component.ID() + "." + u.Output.Name)))
		}
	}
	g.If(jen.Err().Op(":=").Id(c.Function).Call(args...), jen.Err().Op("!=").Nil()).
		Block(jen.Return(component.Wrapped(c.ID)))
}
