package pod

import (
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/ir"
)

// Kubernetes puts environment variables into words of command lines and into other variables, as in $(NAME), where it also
// makes one dollar sign of two. ECS does not, and a text means the same on every platform. So each is doubled.

// verbatim is the code of a text that Kubernetes would look for variables in, a pulumi.StringInput.
func (p *Pod) verbatim(t ir.Text) jen.Code {
	doubled := make(ir.Text, len(t))
	looksUp := false
	for i, part := range t {
		looksUp = looksUp || part.Variable != ""
		part.Literal = strings.ReplaceAll(part.Literal, "$", "$$")
		doubled[i] = part
	}
	if !looksUp {
		return component.Pulumi("String").Call(component.Lines(doubled.String()))
	}
	const dollar, two = "$", "$$"
	if p.Sensitive(t) {
		return jen.Add(p.Text(t)).Dot("ApplyT").Call(jen.Func().Params(jen.Id("text").String()).String().Block(
			jen.Return(jen.Qual("strings", "ReplaceAll").Call(jen.Id("text"), jen.Lit(dollar), jen.Lit(two))))).
			Assert(component.Pulumi("StringOutput"))
	}
	return component.Pulumi("String").Call(jen.Qual("strings", "ReplaceAll").Call(p.Plain(t), jen.Lit(dollar), jen.Lit(two)))
}

// words is a command line, nil for none.
func (p *Pod) words(all []ir.Text) jen.Code {
	if len(all) == 0 {
		return nil
	}
	var codes []jen.Code
	for _, text := range all {
		codes = append(codes, p.verbatim(text))
	}
	return component.StrArray(codes...)
}
