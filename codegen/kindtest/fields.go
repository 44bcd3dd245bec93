package kindtest

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/panka-io/panka/codegen"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/project"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/schema"
)

// checkFields generates a component that has every field of the schema, with nonsense for values: the generator may
// refuse the values, but it must know the fields.
func checkFields(t *testing.T, s *schema.Schema, kind component.Kind) {
	t.Helper()
	c := &ir.Component{Service: "service", Name: "component", Kind: kind.Name(), Spec: everything(s, kind.Name(), []string{"spec"})}
	stack := &ir.Stack{Name: "stack", Environment: "test", Components: []*ir.Component{c}, Waves: [][]string{{ir.Foundation, c.ID()}}}
	_, ds := codegen.Generate(stack)
	for _, d := range ds {
		if strings.Contains(d.Message, "is not supported") || d.Code == "internal" {
			t.Errorf("the schema of %s has what its generator does not know: %s", kind.Name(), d.Message)
		}
	}
}

// everything is a value with every field that the schema knows at a path; lists have one item.
func everything(s *schema.Schema, kind string, path []string) *ir.Value {
	pos := diag.Position{File: strings.Join(path, "."), Line: 1, Column: 1}
	names, item := s.FieldNames(kind, path...), extended(path, "*")
	switch {
	case len(names) > 0:
		v := &ir.Value{Kind: ir.Map, Source: pos}
		for _, name := range names {
			v.Fields = append(v.Fields, ir.Field{Name: name, Value: everything(s, kind, extended(path, name))})
		}
		return v
	case len(s.FieldNames(kind, item...)) > 0:
		return &ir.Value{Kind: ir.List, Items: []*ir.Value{everything(s, kind, item)}, Source: pos}
	default:
		return &ir.Value{Kind: ir.String, Text: ir.Literal("nonsense"), Source: pos}
	}
}

func extended(path []string, name string) []string { return append(path[:len(path):len(path)], name) }

// sdk is the folder of the AWS SDK's Go packages, of the version that generated programs use.
var sdk = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "panka-kindtest")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), project.Kubernetes.GoMod("stack", "test"), 0o600); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "go.sum"), project.Kubernetes.GoSum(), 0o600); err != nil {
		return "", err
	}
	download := exec.Command("go", "mod", "download", "-json", "github.com/pulumi/pulumi-aws/sdk/v6")
	download.Dir = dir
	out, err := download.Output()
	if err != nil {
		return "", fmt.Errorf("go mod download: %w\n%s", err, out)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return "", fmt.Errorf("go mod download: %w", err)
	}
	return filepath.Join(module.Dir, "go", "aws"), nil
})

// taggable reads in the SDK's source whether the arguments of a type have tags.
func taggable(t *testing.T, pkg, typ string) bool {
	t.Helper()
	dir, err := sdk()
	if err != nil {
		t.Fatalf("find the AWS SDK: %v", err)
	}
	source := filepath.Join(dir, pkg, strings.ToLower(typ[:1])+typ[1:]+".go")
	f, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatalf("read the SDK's %s.%s: %v", pkg, typ, err)
	}
	for _, decl := range f.Decls {
		if fields := arguments(decl, typ+"Args"); fields != nil {
			for _, field := range fields.List {
				if len(field.Names) == 1 && field.Names[0].Name == "Tags" {
					return true
				}
			}
			return false
		}
	}
	t.Fatalf("the SDK has no %s.%sArgs", pkg, typ)
	return false
}

func arguments(decl ast.Decl, name string) *ast.FieldList {
	general, ok := decl.(*ast.GenDecl)
	if !ok {
		return nil
	}
	for _, spec := range general.Specs {
		if typ, ok := spec.(*ast.TypeSpec); ok && typ.Name.Name == name {
			if structure, ok := typ.Type.(*ast.StructType); ok {
				return structure.Fields
			}
		}
	}
	return nil
}
