package component

import (
	"cmp"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Use is the code of an output of another component of this stack, which main.go hands in, and the output's type. It
// reports an output that does not exist at source.
func (b *Builder) Use(id, output string, source diag.Position) (jen.Code, Type) {
	return b.UseOf(ir.Reference{Component: id, Source: source}, output)
}

// UseText is Use as a text, whatever the output's type.
func (b *Builder) UseText(id, output string, source diag.Position) jen.Code {
	return b.UseTextOf(ir.Reference{Component: id, Source: source}, output)
}

// UseOf is Use of the component that a reference leads to, of this stack or another.
func (b *Builder) UseOf(ref ir.Reference, output string) (jen.Code, Type) {
	target, kind := b.Referred(ref)
	if target == nil {
		b.Fail(diag.Errorf(ref.Source, "unknown-component", "%s refers to the component %q, which does not exist", b.ID(), ref.Component))
		return jen.Nil(), StringOutput
	}
	i := -1
	var outputs []Output
	if kind != nil {
		outputs = kind.Outputs(target)
		i = slices.IndexFunc(outputs, func(o Output) bool { return o.Name == output })
	}
	if i < 0 {
		b.Fail(diag.Errorf(ref.Source, "unavailable-output", "%s has no output %q", ref.Component, output))
		return jen.Nil(), StringOutput
	}
	if ref.Stack == "" && target.Wave >= b.comp.Wave {
		b.Fail(diag.Errorf(ref.Source, "internal",
			"%s uses an output of %s, which is not in an earlier wave; this is a mistake in panka", b.ID(), ref.Component))
	}
	return b.take(Use{Stack: ref.Stack, Component: target, Output: outputs[i], Source: ref.Source}), outputs[i].Type
}

// UseTextOf is UseOf as a text, whatever the output's type.
func (b *Builder) UseTextOf(ref ir.Reference, output string) jen.Code {
	code, typ := b.UseOf(ref, output)
	if typ == IntOutput {
		return Pulumi("Sprintf").Call(jen.Lit("%d"), code)
	}
	return code
}

// take notes a use, once, and gives its code.
func (b *Builder) take(use Use) jen.Code {
	if !slices.ContainsFunc(b.file.Uses, func(u Use) bool { return compareUses(u, use) == 0 }) {
		b.file.Uses = append(b.file.Uses, use)
	}
	return jen.Id("in").Dot(use.Field()).Dot(use.Output.Name)
}

// Referred gives the component that a reference leads to, of this stack or another, with its generator; both are nil if
// there is none.
func (b *Builder) Referred(ref ir.Reference) (*ir.Component, Kind) {
	if ref.Stack == "" {
		return b.Target(ref.Component)
	}
	c := b.ctx.Stack.ForeignComponent(ref)
	if c == nil {
		return nil, nil
	}
	return c, b.ctx.Kind(c.Kind)
}

// Entry is how to reach the component that a reference leads to over the network; ok is false if its kind has no
// entrance.
func (b *Builder) Entry(ref ir.Reference) (entry Entry, ok bool) {
	target, kind := b.Referred(ref)
	reachable, ok := kind.(Reachable)
	if !ok {
		return Entry{}, false
	}
	return reachable.Entry(target)
}

func compareUses(a, b Use) int {
	return cmp.Or(strings.Compare(a.Stack, b.Stack), strings.Compare(a.Owner(), b.Owner()),
		strings.Compare(a.Output.Name, b.Output.Name))
}
