package main

import (
	"fmt"
	"go/ast"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// sourcePackage is one parsed package of an SDK.
type sourcePackage struct {
	sdk       *sdk
	name      string // prefix of its objects' names
	types     map[string]ast.Expr
	functions map[string]*ast.FuncDecl
	imports   map[string]string // paths of the SDK's other packages, by the names they are imported by
}

func (p *sourcePackage) add(decl ast.Decl) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			p.functions[d.Name.Name] = d
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			if t, ok := spec.(*ast.TypeSpec); ok {
				p.types[t.Name.Name] = t.Type
			}
		}
	}
}

func (p *sourcePackage) describe(t *table, token, name string) error {
	if unicode.IsLower(rune(name[0])) {
		return p.describeFunction(t, token)
	}
	inputs, err := p.fields(t, string(unicode.ToLower(rune(name[0])))+name[1:]+"Args")
	if err != nil {
		return err
	}
	constructor := p.functions["New"+name]
	if constructor == nil {
		return fmt.Errorf("no function New%s", name)
	}
	// Arrays and maps are never pointers in the SDK: only the constructor says which are required.
	required, secrets := inspectConstructor(constructor)
	for key, typ := range inputs {
		if slices.ContainsFunc(required, func(r string) bool { return strings.EqualFold(r, key) }) {
			inputs[key] = strings.TrimSuffix(typ, "!") + "!"
		} else {
			inputs[key] = strings.TrimSuffix(typ, "!")
		}
	}
	outputs, err := p.outputs(name, inputs)
	if err != nil {
		return err
	}
	t.Resources[token] = resource{Inputs: inputs, Outputs: outputs, Secrets: secrets}
	return nil
}

// inspectConstructor reads from New<Type> which arguments it insists on and which properties it marks secret.
func inspectConstructor(f *ast.FuncDecl) (required, secrets []string) {
	ast.Inspect(f, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		switch sel.Sel.Name {
		case "New":
			if text := literal(call.Args[0]); strings.HasPrefix(text, "invalid value for required argument '") {
				required = append(required, strings.Split(text, "'")[1])
			}
		case "AdditionalSecretOutputs":
			if list, ok := call.Args[0].(*ast.CompositeLit); ok {
				for _, e := range list.Elts {
					secrets = append(secrets, literal(e))
				}
			}
		}
		return true
	})
	return required, secrets
}

func literal(e ast.Expr) string {
	if l, ok := e.(*ast.BasicLit); ok {
		if s, err := strconv.Unquote(l.Value); err == nil {
			return s
		}
	}
	return ""
}

// outputs lists the properties of the resource struct that are not inputs. Their types matter to nobody, so only
// their rough shape is kept.
func (p *sourcePackage) outputs(name string, inputs map[string]string) (map[string]string, error) {
	s, ok := p.types[name].(*ast.StructType)
	if !ok {
		return nil, fmt.Errorf("struct %s not found", name)
	}
	out := map[string]string{}
	for _, f := range s.Fields.List {
		key := tag(f)
		if _, isInput := inputs[key]; key == "" || isInput {
			continue
		}
		sel, _ := f.Type.(*ast.SelectorExpr)
		out[key] = "any"
		if sel != nil {
			out[key] = outputType(sel.Sel.Name)
		}
	}
	return out, nil
}

func outputType(name string) string {
	name = strings.TrimSuffix(strings.TrimSuffix(name, "Output"), "Ptr")
	switch name {
	case "String":
		return "string"
	case "Int":
		return "integer"
	case "Float64":
		return "number"
	case "Bool":
		return "boolean"
	case "StringArray":
		return "[string]"
	case "StringMap":
		return "{string}"
	}
	return "any"
}

func (p *sourcePackage) describeFunction(t *table, token string) error {
	for _, f := range p.functions {
		if !invokes(f, token) || f.Type.Results == nil || len(f.Type.Results.List) != 2 {
			continue
		}
		result, ok := f.Type.Results.List[0].Type.(*ast.StarExpr)
		if !ok {
			continue
		}
		fn := function{Args: map[string]string{}}
		var err error
		if fn.Results, err = p.fields(t, result.X.(*ast.Ident).Name); err != nil {
			return err
		}
		if args, ok := f.Type.Params.List[1].Type.(*ast.StarExpr); ok {
			if fn.Args, err = p.fields(t, args.X.(*ast.Ident).Name); err != nil {
				return err
			}
		}
		t.Functions[token] = fn
		return nil
	}
	return fmt.Errorf("no function calls it")
}

func invokes(f *ast.FuncDecl, token string) bool {
	found := false
	ast.Inspect(f, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) > 0 {
			if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Invoke" && literal(call.Args[0]) == token {
				found = true
			}
		}
		return !found
	})
	return found
}

// fields describes the members of a plain struct; a "!" ends the type of one that is required.
func (p *sourcePackage) fields(t *table, name string) (map[string]string, error) {
	s, ok := p.types[name].(*ast.StructType)
	if !ok {
		return nil, fmt.Errorf("struct %s not found", name)
	}
	out := map[string]string{}
	for _, f := range s.Fields.List {
		key := tag(f)
		if key == "" {
			continue
		}
		typ, err := p.typeOf(t, f.Type)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", name, key, err)
		}
		out[key] = typ
	}
	return out, p.checkInputs(name, out)
}

func tag(f *ast.Field) string {
	if f.Tag == nil {
		return ""
	}
	text, err := strconv.Unquote(f.Tag.Value)
	if err != nil {
		return ""
	}
	return reflect.StructTag(text).Get("pulumi")
}

// typeOf gives a field's type in the table's notation. Scalars and objects that are no pointers are required.
func (p *sourcePackage) typeOf(t *table, e ast.Expr) (string, error) {
	switch x := e.(type) {
	case *ast.StarExpr:
		typ, err := p.typeOf(t, x.X)
		return strings.TrimSuffix(typ, "!"), err
	case *ast.ArrayType:
		typ, err := p.typeOf(t, x.Elt)
		return "[" + strings.TrimSuffix(typ, "!") + "]", err
	case *ast.MapType:
		typ, err := p.typeOf(t, x.Value)
		return "{" + strings.TrimSuffix(typ, "!") + "}", err
	case *ast.InterfaceType:
		return "any", nil
	case *ast.SelectorExpr:
		path, ok := p.imports[fmt.Sprint(x.X)]
		if !ok {
			return "any", nil
		}
		other, err := p.sdk.source(path)
		if err != nil {
			return "", err
		}
		return other.named(t, x.Sel.Name)
	case *ast.Ident:
		return p.named(t, x.Name)
	}
	return "", fmt.Errorf("type %T is not understood", e)
}

func (p *sourcePackage) named(t *table, name string) (string, error) {
	switch name {
	case "string":
		return "string!", nil
	case "int":
		return "integer!", nil
	case "float64":
		return "number!", nil
	case "bool":
		return "boolean!", nil
	}
	switch under := p.types[name].(type) {
	case *ast.Ident: // an enumeration: type X string
		return p.named(t, under.Name)
	case *ast.StructType:
		key := p.name + "." + name
		if _, done := t.Objects[key]; !done {
			t.Objects[key] = nil // ends recursion
			fields, err := p.fields(t, name)
			if err != nil {
				return "", err
			}
			t.Objects[key] = fields
		}
		return key + "!", nil
	}
	return "", fmt.Errorf("type %s not found", name)
}
