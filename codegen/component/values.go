package component

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"

	"github.com/dave/jennifer/jen"
)

// The packages that generated code imports.
const (
	PulumiPackage = "github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	ConfigPackage = "github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	AWSPackage    = "github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
)

// Pulumi is a name of the Pulumi SDK.
func Pulumi(name string) *jen.Statement { return jen.Qual(PulumiPackage, name) }

// AWS is a name of a package of the AWS SDK; module "" is its root.
func AWS(module, name string) *jen.Statement {
	if module == "" {
		return jen.Qual(AWSPackage, name)
	}
	return jen.Qual(AWSPackage+"/"+module, name)
}

// Str is pulumi.String of a literal.
func Str(s string) *jen.Statement { return Pulumi("String").Call(jen.Lit(s)) }

// Lines is a literal that is broken after each line of the text.
func Lines(text string) jen.Code {
	if text == "" {
		return jen.Lit("")
	}
	code, first := jen.Null(), true
	for line := range strings.Lines(text) {
		if !first {
			code.Op("+").Line()
		}
		code.Lit(line)
		first = false
	}
	return code
}

// Int is pulumi.Int of a literal.
func Int(n int) *jen.Statement { return Pulumi("Int").Call(jen.Lit(n)) }

// Float is pulumi.Float64 of a literal.
func Float(f float64) *jen.Statement { return Pulumi("Float64").Call(jen.Lit(f)) }

// Bool is pulumi.Bool of a literal.
func Bool(b bool) *jen.Statement { return Pulumi("Bool").Call(jen.Lit(b)) }

// StrArray is a pulumi.StringArray of the items.
func StrArray(items ...jen.Code) *jen.Statement { return Pulumi("StringArray").Values(items...) }

// Field is one field of a struct literal or one entry of a map literal, whose name then is quoted.
type Field struct {
	Name  string
	Value jen.Code
}

// Fields are written in their order. Those with a nil Value are left out, so that optional ones can stand inline.
type Fields []Field

// multiline puts each item on a line of its own.
var multiline = jen.Options{Open: "{", Close: "}", Separator: ",", Multi: true}

// Literal is a literal of a struct or map that knows its fields, so that others can be laid over them.
type Literal struct {
	*jen.Statement
	fields Fields
}

// Struct is a literal of a struct type, one field a line.
func Struct(typ *jen.Statement, fields Fields) *Literal {
	code := typ.Custom(multiline, each(fields, func(f Field) jen.Code { return jen.Id(f.Name).Op(":").Add(f.Value) })...)
	return &Literal{code, fields}
}

// Map is a map literal of the given type with quoted keys, one entry a line.
func Map(typ *jen.Statement, fields Fields) *Literal {
	code := typ.Custom(multiline, each(fields, func(f Field) jen.Code { return jen.Lit(f.Name).Op(":").Add(f.Value) })...)
	return &Literal{code, fields}
}

// List is a literal of a slice type, one item a line.
func List(typ *jen.Statement, items ...jen.Code) *jen.Statement {
	return typ.Custom(multiline, items...)
}

// Object is a JSON object, as the argument of pulumi.JSONMarshal.
func Object(fields Fields) *Literal { return Map(jen.Map(jen.String()).Any(), fields) }

// Element is Object where the element type of the list around it is known already.
func Element(fields Fields) *Literal { return Map(jen.Null(), fields) }

// Objects is a JSON array of objects made with Element.
func Objects(items ...jen.Code) *jen.Statement {
	return List(jen.Index().Map(jen.String()).Any(), items...)
}

// Strings is a []string literal on one line.
func Strings(items ...string) *jen.Statement {
	return jen.Index().String().ValuesFunc(func(g *jen.Group) {
		for _, s := range items {
			g.Lit(s)
		}
	})
}

func each(fields Fields, write func(Field) jen.Code) []jen.Code {
	var items []jen.Code
	for _, f := range fields {
		if f.Value != nil {
			items = append(items, write(f))
		}
	}
	return items
}

// If gives the value when the condition holds and nil, which leaves a field out, when not.
func If(condition bool, value jen.Code) jen.Code {
	if !condition {
		return nil
	}
	return value
}

// Wrapped is fmt.Errorf that wraps err with what was being done, a text of panka's own or a validated name. Text of the
// user's goes into args, each for a %s of doing.
func Wrapped(doing string, args ...string) *jen.Statement {
	return jen.Qual("fmt", "Errorf").CallFunc(func(g *jen.Group) {
		g.Lit(doing + ": %w")
		for _, arg := range args {
			g.Lit(arg)
		}
		g.Err()
	})
}

// token is a Pulumi type token such as aws:ecs/taskDefinition:TaskDefinition, taken apart.
type token struct{ module, name string }

func parseToken(typ string) token {
	parts := strings.Split(typ, ":")
	module, _, ok := strings.Cut(parts[1], "/")
	if len(parts) != 3 || parts[0] != "aws" || !ok {
		panic(fmt.Sprintf("type token %q is not of the form aws:<module>/<file>:<Name>", typ))
	}
	return token{module: module, name: parts[2]}
}

//go:embed untagged.txt
var untaggedTypes string

// untagged are the types that AWS, or the SDK's way of writing them, cannot tag with a map.
var untagged = sync.OnceValue(func() map[string]bool {
	set := map[string]bool{}
	for line := range strings.Lines(untaggedTypes) {
		set[strings.TrimSpace(line)] = true
	}
	return set
})

// Taggable tells whether resources of the type have tags that the builder adds.
func Taggable(typ string) bool { return !untagged()[typ] }
