package kindtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strconv"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/component"
)

// registration is a call such as ecs.NewCluster(ctx, "name", &ecs.ClusterArgs{…}) in generated code.
type registration struct {
	// pkg and typ are as in the token of the type; of Kubernetes's the pkg is the group, such as apps.
	pkg, typ, name string
	kubernetes     bool
	// fields maps the names of the arguments' top-level fields to their values.
	fields map[string]ast.Expr
}

// file is what a generated file of a component does.
type file struct {
	registrations []registration
	published     []string // the outputs
}

func parse(t *testing.T, name string, source []byte) file {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	var f file
	groups := kubernetesGroups(parsed)
	ast.Inspect(parsed, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		switch fun := call.Fun.(type) {
		case *ast.SelectorExpr:
			if pkg, ok := fun.X.(*ast.Ident); ok && strings.HasPrefix(fun.Sel.Name, "New") && len(call.Args) >= 3 {
				r := registered(pkg.Name, fun.Sel.Name, call)
				r.locate(groups)
				f.registrations = append(f.registrations, r)
			}
		case *ast.Ident:
			if fun.Name == "publish" {
				f.published = keys(call.Args[len(call.Args)-1])
			}
		}
		return true
	})
	return f
}

// kubernetesGroups are the groups of Kubernetes's API that a file imports packages for, by the names of the packages.
func kubernetesGroups(f *ast.File) map[string]string {
	groups := map[string]string{}
	for _, imported := range f.Imports {
		importPath, _ := strconv.Unquote(imported.Path.Value)
		group, ok := strings.CutPrefix(importPath, component.KubernetesPackage+"/")
		if !ok {
			continue
		}
		name := path.Base(importPath)
		if imported.Name != nil {
			name = imported.Name.Name
		}
		group, _, _ = strings.Cut(group, "/")
		groups[name] = group
	}
	return groups
}

// locate finds what an object of Kubernetes is: that of a custom resource stands in its fields.
func (r *registration) locate(groups map[string]string) {
	group, ok := groups[r.pkg]
	if !ok {
		return
	}
	r.pkg, r.kubernetes = group, true
	if r.typ == "CustomResource" {
		version, _ := literal(r.fields["ApiVersion"])
		r.pkg, _, _ = strings.Cut(version, "/")
		r.typ, _ = literal(r.fields["Kind"])
	}
}

func registered(pkg, constructor string, call *ast.CallExpr) registration {
	r := registration{pkg: pkg, typ: strings.TrimPrefix(constructor, "New"), fields: map[string]ast.Expr{}}
	r.name, _ = literal(call.Args[1])
	if address, ok := call.Args[2].(*ast.UnaryExpr); ok {
		for _, element := range address.X.(*ast.CompositeLit).Elts {
			pair := element.(*ast.KeyValueExpr)
			r.fields[pair.Key.(*ast.Ident).Name] = pair.Value
		}
	}
	return r
}

func keys(e ast.Expr) []string {
	var names []string
	for _, element := range e.(*ast.CompositeLit).Elts {
		if name, ok := literal(element.(*ast.KeyValueExpr).Key); ok {
			names = append(names, name)
		}
	}
	return names
}

// account stands for base.accountID in names that hold it.
const account = "123456789012"

// fixed is a name that does not change: a literal, or one with the account's number and literals put into it.
func fixed(e ast.Expr) (string, bool) {
	call, ok := e.(*ast.CallExpr)
	if !ok || len(call.Args) < 2 {
		return literal(e)
	}
	name, ok := literal(call.Args[0])
	for _, arg := range call.Args[1:] {
		text, isLiteral := literal(arg)
		if selector, isSelector := arg.(*ast.SelectorExpr); isSelector && selector.Sel.Name == "accountID" {
			text, isLiteral = account, true
		}
		ok = ok && isLiteral
		name = strings.Replace(name, "%s", text, 1)
	}
	return name, ok
}

// literal is the value of a string literal, also inside pulumi.String(…).
func literal(e ast.Expr) (string, bool) {
	if call, ok := e.(*ast.CallExpr); ok && len(call.Args) == 1 {
		e = call.Args[0]
	}
	basic, ok := e.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(basic.Value)
	return text, err == nil
}
