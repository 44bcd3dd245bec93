package build

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"path"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// combine makes one program of several waves: it turns each wave's package main into a package of another name, its main
// into an exported Main, and adds a main package that calls the one whose folder the program is called by. Nothing else
// in the waves' files changes, not even a line number. One wave alone is built as it is.
//
// For example, wave-0/main.go
//
//	package main                package wave0
//	func main() { … }     →     func Main() { … }
func combine(files map[string][]byte, sources, waves []string) (combined map[string][]byte, target string, err error) {
	combined = map[string][]byte{}
	for _, name := range sources {
		combined[name] = files[name]
	}
	if len(waves) == 1 {
		return combined, waves[0], nil
	}
	for _, name := range sources {
		if wave := path.Dir(name); slices.Contains(waves, wave) {
			combined[name] = asPackage(name, files[name], packageName(wave))
		}
	}
	const all = "all-waves"
	module := modfile.ModulePath(files["go.mod"])
	if module == "" {
		return nil, "", fmt.Errorf("the generated go.mod does not name its module")
	}
	if combined[all+"/main.go"], err = dispatcher(module, waves); err != nil {
		return nil, "", err
	}
	return combined, all, nil
}

func packageName(wave string) string { return strings.ReplaceAll(wave, "-", "") }

// asPackage renames the package and the function main of a file. What cannot be parsed is left to the compiler, which
// says best what is wrong with it.
func asPackage(name string, content []byte, pkg string) []byte {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, content, parser.SkipObjectResolution)
	if err != nil {
		return content
	}
	var out bytes.Buffer
	done := 0
	rename := func(id *ast.Ident, to string) {
		at := fset.Position(id.Pos()).Offset
		out.Write(content[done:at])
		out.WriteString(to)
		done = at + len(id.Name)
	}
	rename(file.Name, pkg)
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "main" {
			rename(f.Name, "Main")
		}
	}
	out.Write(content[done:])
	return out.Bytes()
}

func dispatcher(module string, waves []string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("package main\n\nimport (\n\t\"os\"\n\t\"path/filepath\"\n\t\"strings\"\n\n")
	for _, wave := range waves {
		fmt.Fprintf(&b, "\t%s %q\n", packageName(wave), module+"/"+wave)
	}
	b.WriteString(")\n\nfunc main() {\n\tswitch strings.TrimSuffix(filepath.Base(os.Args[0]), \".exe\") {\n")
	for _, wave := range waves {
		fmt.Fprintf(&b, "\tcase %q:\n\t\t%s.Main()\n", wave, packageName(wave))
	}
	b.WriteString("\tdefault:\n\t\tos.Exit(2)\n\t}\n}\n")
	out, err := format.Source(b.Bytes())
	if err != nil {
		return nil, fmt.Errorf("join the waves to one program: %w", err)
	}
	return out, nil
}
