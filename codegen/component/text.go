package component

import (
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/compiler/ir"
)

// Text is the code of a text as a pulumi.StringInput. Variables are looked up when the program runs; a sensitive one
// makes the whole text a secret.
func (b *Builder) Text(t ir.Text) jen.Code {
	if b.Sensitive(t) {
		return b.sprintf(t)
	}
	return Pulumi("String").Call(b.concatenated(t))
}

// Plain is Text for where a Go string serves as well as an input, as in an argument of pulumi.JSONMarshal.
func (b *Builder) Plain(t ir.Text) jen.Code {
	if b.Sensitive(t) {
		return b.sprintf(t)
	}
	return b.concatenated(t)
}

// concatenated joins literals and looked-up values with +.
func (b *Builder) concatenated(t ir.Text) jen.Code {
	code := jen.Null()
	for i, part := range merged(t) {
		if i > 0 {
			code.Op("+")
		}
		if part.Variable == "" {
			code.Lit(part.Literal)
		} else {
			code.Add(b.lookup("Require", part.Variable))
		}
	}
	return code
}

// sprintf joins parts of which some are outputs. Literals are arguments too: no text of the user's is ever a format.
func (b *Builder) sprintf(t ir.Text) jen.Code {
	format, args := "", []jen.Code{}
	for _, part := range merged(t) {
		format += "%s"
		switch {
		case part.Variable == "":
			args = append(args, jen.Lit(part.Literal))
		case b.sensitive(part.Variable):
			args = append(args, b.lookup("RequireSecret", part.Variable))
		default:
			args = append(args, b.lookup("Require", part.Variable))
		}
	}
	if len(args) == 1 {
		return args[0]
	}
	return Pulumi("Sprintf").Call(append([]jen.Code{jen.Lit(format)}, args...)...)
}

func (b *Builder) lookup(method, variable string) *jen.Statement {
	if !slices.Contains(b.file.Variables, variable) {
		b.file.Variables = append(b.file.Variables, variable)
	}
	return jen.Id("cfg").Dot(method).Call(jen.Lit(variable))
}

// Sensitive tells whether the code of a text is an output and no Go string, as it holds a sensitive variable.
func (b *Builder) Sensitive(t ir.Text) bool {
	return slices.ContainsFunc(t, func(p ir.Part) bool { return p.Variable != "" && b.sensitive(p.Variable) })
}

func (b *Builder) sensitive(name string) bool {
	return slices.ContainsFunc(b.ctx.Stack.Variables, func(v ir.Variable) bool { return v.Name == name && v.Sensitive })
}

// merged joins neighbouring literals, so that a text gives the same code however it was put together. An empty text is
// one empty literal.
func merged(t ir.Text) ir.Text {
	var out ir.Text
	for _, part := range t {
		if last := len(out) - 1; part.Variable == "" && last >= 0 && out[last].Variable == "" {
			out[last].Literal += part.Literal
			continue
		}
		out = append(out, part)
	}
	if len(out) == 0 {
		return ir.Text{{}}
	}
	return out
}
