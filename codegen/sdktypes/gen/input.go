package main

import (
	"fmt"
	"go/ast"
	"strings"
	"unicode"
)

// checkInputs compares the Go types of a struct's inputs with those that package sdktypes takes for granted when code is
// written by the table: that of a property is found by its name, and its type by the table's. What the SDK keeps to no
// such rule must not get into the table unseen.
func (p *sourcePackage) checkInputs(name string, fields map[string]string) error {
	if unicode.IsUpper(rune(name[0])) && strings.HasSuffix(name, "Args") {
		return nil // the arguments of a function
	}
	name = strings.TrimSuffix(name, "Args")
	s, ok := p.types[string(unicode.ToUpper(rune(name[0])))+name[1:]+"Args"].(*ast.StructType)
	if !ok {
		return nil // nothing but a result
	}
	for _, f := range s.Fields.List {
		key := tag(f)
		typ, known := fields[key]
		if !known {
			continue
		}
		if want := string(unicode.ToUpper(rune(key[0]))) + key[1:]; f.Names[0].Name != want {
			return fmt.Errorf("%s: the field of %s is %s, not %s", name, key, f.Names[0].Name, want)
		}
		want := input(strings.TrimSuffix(typ, "!"))
		if got := strings.TrimSuffix(inputName(f.Type), "PtrInput"); want != "" && strings.TrimSuffix(got, "Input") != want {
			return fmt.Errorf("%s: the input of %s is %s, not %s", name, key, inputName(f.Type), want)
		}
	}
	return nil
}

// input is the name of the inputs of a type, without Input behind it; "" of what code is never written for.
func input(typ string) string {
	scalars := map[string]string{"string": "pulumi.String", "integer": "pulumi.Int", "number": "pulumi.Float64", "boolean": "pulumi.Bool"}
	inner := strings.Trim(typ, "[]{}")
	scalar, ok := scalars[inner]
	switch {
	case inner == "any":
		return ""
	case !ok:
		_, scalar, _ = strings.Cut(inner, ".")
	}
	for i := strings.Index(typ, inner) - 1; i >= 0; i-- {
		scalar += map[byte]string{'[': "Array", '{': "Map"}[typ[i]]
	}
	return scalar
}

func inputName(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		if name := fmt.Sprint(x.X); name == "pulumi" {
			return name + "." + x.Sel.Name
		}
		return x.Sel.Name // of another package of the SDK
	}
	return ""
}
