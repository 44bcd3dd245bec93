package component

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/suggest"
)

// overlay lays raw properties over the arguments of a resource. What the SDK's types do not have is reported and left
// out, so that no name of the user's becomes one in the code.
//
// Laying {rollback: false} over DeploymentCircuitBreaker{Enable: true, Rollback: true} gives {Enable: true, Rollback:
// false}: mappings are laid over literals of panka's own, as deep as both go; everything else replaces.
type overlay struct {
	*Builder
	types    *sdktypes.Table
	resource sdktypes.Resource
	depth    int
}

func (o *overlay) fail(v *ir.Value, code, hint, format string, args ...any) {
	o.Fail(diag.Errorf(v.Source, code, format, args...).WithHint("%s", hint))
}

// fields lays the entries of a mapping over fields of a struct. New ones stand behind, sorted.
func (o *overlay) fields(under Fields, known sdktypes.Fields, over *ir.Value, path string) Fields {
	out := slices.Clone(under)
	for _, f := range over.Fields {
		at := path + "." + f.Name
		typ, ok := known[f.Name]
		if !ok {
			o.fail(f.Value, "unknown-property", suggest.Hint(f.Name, slices.Sorted(maps.Keys(known))), "%s is no property of %s", at, o.holder(path))
			continue
		}
		if instead, managed := o.managed(f.Name, o.depth); managed {
			o.fail(f.Value, "managed-property", instead, "%s is a property that panka sets itself", at)
			continue
		}
		name := strings.ToUpper(f.Name[:1]) + f.Name[1:]
		i := slices.IndexFunc(out, func(have Field) bool { return have.Name == name && have.Value != nil })
		if i < 0 {
			out = append(out, Field{Name: name, Value: o.value(nil, typ, f.Value, at)})
		} else {
			out[i].Value = o.value(out[i].Value, typ, f.Value, at)
		}
	}
	return out
}

// holder names what has the properties at a path.
func (o *overlay) holder(path string) string {
	if o.depth == 0 {
		return "the main resource of kind " + o.comp.Kind
	}
	return path
}

// value is the code of a value of a type; under is what stands in its place so far, nil for nothing.
func (o *overlay) value(under jen.Code, typ sdktypes.Type, v *ir.Value, path string) jen.Code {
	if elem, ok := typ.List(); ok {
		return o.list(typ, elem, v, path)
	}
	if elem, ok := typ.Map(); ok {
		return o.mapping(under, typ, elem, v, path)
	}
	switch typ.Base() {
	case "string":
		return o.text(v, path)
	case "integer":
		return o.number(v, path, "Int", "a whole number")
	case "number":
		return o.number(v, path, "Float64", "a number")
	case "boolean":
		return o.truth(v, path)
	case "any":
		o.fail(v, "unsupported", "", "%s has a type of its own in the AWS provider, which aws cannot give it", path)
		return nil
	}
	return o.object(under, typ, v, path)
}

func (o *overlay) wrongType(v *ir.Value, path, want, hint string) jen.Code {
	o.fail(v, "wrong-type", hint, "%s must be %s, not %s", path, want, found(v))
	return nil
}

func (o *overlay) list(typ, elem sdktypes.Type, v *ir.Value, path string) jen.Code {
	if v.Kind != ir.List {
		return o.wrongType(v, path, "a list", `begin each item with "- "`)
	}
	items := make([]jen.Code, len(v.Items))
	for i, item := range v.Items {
		items[i] = o.value(nil, elem, item, fmt.Sprintf("%s[%d]", path, i))
	}
	return List(goType(typ), items...)
}

func (o *overlay) mapping(under jen.Code, typ, elem sdktypes.Type, v *ir.Value, path string) jen.Code {
	if v.Kind != ir.Map {
		return o.wrongType(v, path, "a mapping", "")
	}
	entries := literalFields(under)
	for _, f := range v.Fields {
		value := o.value(nil, elem, f.Value, path+"."+f.Name)
		entries = slices.DeleteFunc(entries, func(have Field) bool { return have.Name == f.Name })
		entries = append(entries, Field{f.Name, value})
	}
	return Map(goType(typ), entries)
}

func (o *overlay) object(under jen.Code, typ sdktypes.Type, v *ir.Value, path string) jen.Code {
	if v.Kind != ir.Map {
		return o.wrongType(v, path, "a mapping", "")
	}
	known := o.types.Objects[typ.Base()]
	o.depth++
	fields := o.fields(literalFields(under), known, v, path)
	o.depth--
	for _, name := range slices.Sorted(maps.Keys(known)) {
		has := func(f Field) bool { return strings.EqualFold(f.Name, name) }
		if known[name].Required() && v.Get(name) == nil && !slices.ContainsFunc(fields, has) {
			o.fail(v, "missing-property", "", "%s lacks the property %q", path, name)
		}
	}
	return Struct(goType(typ), fields)
}

// literalFields are the fields of code that is a Literal.
func literalFields(code jen.Code) Fields {
	if l, ok := code.(*Literal); ok {
		return slices.Clone(l.fields)
	}
	return nil
}

func (o *overlay) text(v *ir.Value, path string) jen.Code {
	switch v.Kind {
	case ir.String:
		return o.Text(v.Text)
	case ir.Number, ir.Bool:
		return o.wrongType(v, path, "a text", "put it in quotes")
	case ir.Map, ir.List:
		return o.wrongType(v, path, "a text", "a document in JSON is written as a text: begin it with |")
	}
	return o.wrongType(v, path, "a text", "")
}

func (o *overlay) number(v *ir.Value, path, typ, want string) jen.Code {
	whole := func(n float64) bool { return typ != "Int" || n == math.Trunc(n) && math.Abs(n) <= 1<<53 }
	switch {
	case v.Kind == ir.Number && whole(v.Number):
		if typ == "Int" {
			return Int(int(v.Number))
		}
		return Float(v.Number)
	case v.Kind == ir.String && len(v.Text) == 1 && v.Text[0].Variable != "":
		return o.variable(v, path, typ, "number", want)
	}
	return o.wrongType(v, path, want, "")
}

func (o *overlay) truth(v *ir.Value, path string) jen.Code {
	switch {
	case v.Kind == ir.Bool:
		return Bool(v.Bool)
	case v.Kind == ir.String && len(v.Text) == 1 && v.Text[0].Variable != "":
		return o.variable(v, path, "Bool", "boolean", "true or false")
	}
	return o.wrongType(v, path, "true or false", "")
}

// variable is the code that looks up a number or boolean when the program runs.
func (o *overlay) variable(v *ir.Value, path, typ, declared, want string) jen.Code {
	name := v.Text[0].Variable
	i := slices.IndexFunc(o.ctx.Stack.Variables, func(known ir.Variable) bool { return known.Name == name })
	if i < 0 || o.ctx.Stack.Variables[i].Type != declared {
		return o.wrongType(v, path, want, "declare the variable "+name+" with type: "+declared)
	}
	if known := o.ctx.Stack.Variables[i]; typ == "Int" && known.Set && strings.ContainsAny(known.Value, ".eE") {
		return o.wrongType(v, path, want, "the variable "+name+" is no whole number")
	}
	if o.sensitive(name) {
		return o.lookup("RequireSecret"+typ, name)
	}
	return Pulumi(typ).Call(o.lookup("Require"+typ, name))
}

// goType is the type of the SDK in which a value of a type is written.
func goType(typ sdktypes.Type) *jen.Statement {
	suffix, args := "", "Args"
	inner := typ
	for {
		if elem, ok := inner.List(); ok {
			inner, suffix, args = elem, "Array"+suffix, ""
			continue
		}
		if elem, ok := inner.Map(); ok {
			inner, suffix, args = elem, "Map"+suffix, ""
			continue
		}
		break
	}
	scalars := map[string]string{"string": "String", "integer": "Int", "number": "Float64", "boolean": "Bool"}
	if name, ok := scalars[inner.Base()]; ok {
		return Pulumi(name + suffix)
	}
	module, name, _ := strings.Cut(inner.Base(), ".")
	if module == "aws" {
		module = ""
	}
	return AWS(module, name+args+suffix)
}

// found says what stands there, as far as the place does not.
func found(v *ir.Value) string {
	switch v.Kind {
	case ir.List:
		return "a list"
	case ir.Map:
		return "a mapping"
	case ir.Bool:
		return fmt.Sprint(v.Bool)
	case ir.Number:
		if v.Spelling != "" {
			return v.Spelling
		}
		return fmt.Sprint(v.Number)
	case ir.String:
		return fmt.Sprintf("the text %q", v.Text)
	}
	return "empty"
}
