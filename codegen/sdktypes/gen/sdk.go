package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// programs holds the go.mod and go.sum of generated programs, seen from the folder that go generate runs in.
const programs = "../project"

// sdk is the source of one SDK that generated programs use.
type sdk struct {
	module string // with a version where the programs' go.mod names none
	root   string // the folder of its packages, in the module
	// objects names the objects of a package, as in objects.Name.
	objects func(path string) string

	dir      string
	packages map[string]*sourcePackage
}

// sdks are the SDKs by the first part of their tokens.
func sdks() map[string]*sdk {
	return map[string]*sdk{
		"aws": {module: "github.com/pulumi/pulumi-aws/sdk/v6", root: "go/aws", objects: func(path string) string {
			if path == "." {
				return "aws"
			}
			return filepath.Base(path)
		}},
		// Only programs for Kubernetes name this one in their go.mod.
		"kubernetes": {module: "github.com/pulumi/pulumi-kubernetes/sdk/v4@v4.23.0", root: "go/kubernetes",
			objects: func(path string) string { return path }},
	}
}

// folder gives the folder of a token's middle part: ecs of ecs/service, and apps/v1 or, without what is behind the dot
// of the group, storage/v1 of storage.k8s.io/v1.
func folder(sdk, middle string) string {
	if sdk == "kubernetes" {
		group, version, _ := strings.Cut(middle, "/")
		group, _, _ = strings.Cut(group, ".")
		return group + "/" + version
	}
	path, _, _ := strings.Cut(middle, "/")
	if path == "index" {
		return "."
	}
	return path
}

// source gives one package of the SDK, parsed once.
func (s *sdk) source(path string) (*sourcePackage, error) {
	if p := s.packages[path]; p != nil {
		return p, nil
	}
	if s.dir == "" {
		dir, err := moduleDir(s.module)
		if err != nil {
			return nil, err
		}
		s.dir, s.packages = filepath.Join(dir, filepath.FromSlash(s.root)), map[string]*sourcePackage{}
	}
	p, err := s.parse(path)
	s.packages[path] = p
	return p, err
}

func (s *sdk) parse(path string) (*sourcePackage, error) {
	p := &sourcePackage{sdk: s, name: s.objects(path), types: map[string]ast.Expr{}, functions: map[string]*ast.FuncDecl{},
		imports: map[string]string{}}
	dir := filepath.Join(s.dir, filepath.FromSlash(path))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read package %s: %w", path, err)
	}
	fset := token.NewFileSet()
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".go") {
			continue
		}
		f, err := parser.ParseFile(fset, filepath.Join(dir, entry.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, fmt.Errorf("parse package %s: %w", path, err)
		}
		for _, i := range f.Imports {
			p.imported(i)
		}
		for _, decl := range f.Decls {
			p.add(decl)
		}
	}
	return p, nil
}

// imported remembers the name of an imported package of the same SDK.
func (p *sourcePackage) imported(i *ast.ImportSpec) {
	path, err := strconv.Unquote(i.Path.Value)
	if err != nil {
		return
	}
	module, _, _ := strings.Cut(p.sdk.module, "@")
	if inner, ok := strings.CutPrefix(path, module+"/"+p.sdk.root+"/"); ok && i.Name != nil {
		p.imports[i.Name.Name] = inner
	}
}

// moduleDir gives the folder of an SDK's source, in the version that generated programs use. panka itself does not
// depend on the SDKs, so a module with the programs' go.mod asks for it.
func moduleDir(module string) (string, error) {
	work, err := os.MkdirTemp("", "sdktypes")
	if err != nil {
		return "", fmt.Errorf("make a folder to ask from: %w", err)
	}
	defer os.RemoveAll(work)
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(programs, name+".txt"))
		if err != nil {
			return "", fmt.Errorf("read what generated programs depend on: %w", err)
		}
		if err := os.WriteFile(filepath.Join(work, name), data, 0o600); err != nil {
			return "", fmt.Errorf("write the module to ask from: %w", err)
		}
	}
	cmd := exec.Command("go", "mod", "download", "-json", module)
	cmd.Dir, cmd.Stderr = work, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("find the source of %s: %w", module, err)
	}
	var found struct{ Dir string }
	if err := json.Unmarshal(out, &found); err != nil {
		return "", fmt.Errorf("find the source of %s: %w", module, err)
	}
	return found.Dir, nil
}
