// Package password reads passwords from Secrets Manager when a generated program runs. Neither the code nor the plan holds
// them, the state keeps them encrypted, and no error carries a part of one.
package password

import (
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// Spec names a secret in a component's spec.
type Spec struct {
	Ref string `yaml:"ref"`
	// Key is the password's key if the secret is a JSON object, else "".
	Key    string        `yaml:"key"`
	Source diag.Position `yaml:"-"`
}

// Secret is a password to read.
type Secret struct {
	Spec
	// Var is the local variable that holds the password, an output that stays marked as a secret.
	Var string
}

// Read adds the code that reads passwords. It is called once for a component.
func Read(b *component.Builder, secrets ...Secret) {
	if slices.ContainsFunc(secrets, func(s Secret) bool { return s.Key != "" }) {
		b.Statement(jen.Id("field").Op(":=").Add(field()))
	}
	for _, s := range secrets {
		b.Secret(s.Ref, s.Source)
		secret := "stored" + strings.ToUpper(s.Var[:1]) + s.Var[1:]
		b.Statement(jen.Id(secret).Op(":=").Add(component.AWS("secretsmanager", "LookupSecretVersionOutput")).Call(
			jen.Id("ctx"), component.Struct(component.AWS("secretsmanager", "LookupSecretVersionOutputArgs"), component.Fields{
				{Name: "SecretId", Value: component.Str(s.Ref)},
			})))
		value := jen.Id(secret).Dot("SecretString").Call()
		if s.Key != "" {
			value = value.Dot("ApplyT").Call(jen.Id("field").Call(jen.Lit(s.Ref), jen.Lit(s.Key)))
		}
		b.Statement(jen.Id(s.Var).Op(":=").Add(component.Pulumi("ToSecret")).Call(value).Assert(component.Pulumi("StringOutput")))
	}
	b.Statement(jen.Line())
}

// field is a function literal that makes the function which takes one text out of a secret that is a JSON object.
func field() jen.Code {
	result := []jen.Code{jen.String(), jen.Error()}
	fail := func(format string, args ...jen.Code) jen.Code {
		return jen.Return(jen.Lit(""), jen.Qual("fmt", "Errorf").Call(append([]jen.Code{jen.Lit(format)}, args...)...))
	}
	unmarshal := jen.Qual("encoding/json", "Unmarshal").
		Call(jen.Index().Byte().Parens(jen.Id("text")), jen.Op("&").Id("fields"))
	return jen.Func().Params(jen.List(jen.Id("ref"), jen.Id("key")).String()).
		Func().Params(jen.String()).Params(result...).Block(
		jen.Return(jen.Func().Params(jen.Id("text").String()).Params(result...).Block(
			jen.Var().Id("fields").Map(jen.String()).Any(),
			jen.If(unmarshal.Op("!=").Nil()).Block(fail("the secret %s is not a JSON object", jen.Id("ref"))),
			jen.List(jen.Id("plain"), jen.Id("ok")).Op(":=").Id("fields").Index(jen.Id("key")).Assert(jen.String()),
			jen.If(jen.Op("!").Id("ok")).Block(fail("the secret %s has no text called %s", jen.Id("ref"), jen.Id("key"))),
			jen.Return(jen.Id("plain"), jen.Nil()),
		)))
}
