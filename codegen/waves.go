package codegen

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/kinds/foundation"
	"github.com/panka-io/panka/codegen/project"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// output is the contents of the project before rendering: Go files as code, others as they are.
type output struct {
	code  map[string]*jen.File
	plain map[string][]byte
}

// waves puts the components' files into their waves and adds what each wave and the whole project need.
func (g *generator) waves(files []*component.File) output {
	out := output{code: map[string]*jen.File{}, plain: map[string][]byte{
		"go.mod": project.GoMod(g.stack.Name, g.stack.Environment),
		"go.sum": project.GoSum(),
	}}
	for wave := range max(1, len(g.stack.Waves)) {
		g.wave(out, wave, files)
	}
	return out
}

func (g *generator) wave(out output, wave int, files []*component.File) {
	dir := project.Dir(wave) + "/"
	var called []project.Called
	secrets := false
	for _, file := range files {
		if file.Component.Wave != wave {
			continue
		}
		out.code[dir+file.Name] = file.Code
		secrets = secrets || file.LooksUpSecrets
		if c := g.byID[file.Component.ID]; c != nil {
			called = append(called, project.Called{
				ID: c.ID(), Service: c.Service, Name: c.Name, Uses: file.Uses,
				Function: component.FunctionName(c), Inputs: component.InputsType(c),
			})
		}
	}
	slices.SortFunc(called, func(a, b project.Called) int { return strings.Compare(a.ID, b.ID) })
	if wave > 0 {
		f := component.NewFile()
		foundation.Declare(f)
		foundation.Read(f)
		out.code[dir+"foundation.go"] = f
	} else {
		foundation.Declare(out.code[dir+"foundation.go"])
	}
	out.code[dir+"main.go"] = project.Main(g.stack.Name, wave, called)
	out.code[dir+"component.go"] = project.Shared(g.stack, secrets)
	out.plain[dir+"Pulumi.yaml"] = project.PulumiYAML(g.stack.Name, wave)
}

// render formats all Go files. A file that does not parse fails the whole project: its error holds the source.
func render(out output) (map[string][]byte, error) {
	paths := slices.Sorted(maps.Keys(out.code))
	contents, errs := make([][]byte, len(paths)), make([]error, len(paths))
	inParallel(len(paths), func(i int) {
		var b bytes.Buffer
		if err := out.code[paths[i]].Render(&b); err != nil {
			errs[i] = sourceError(paths[i], err)
			return
		}
		contents[i] = groupImports(b.Bytes())
	})
	files := maps.Clone(out.plain)
	for i, path := range paths {
		if errs[i] != nil {
			return nil, errs[i]
		}
		files[path] = contents[i]
	}
	return files, nil
}

// groupImports puts the standard library's imports before all others, as people write them. Generated imports have no
// names, so a line that has a dot in it is none of the standard library's.
func groupImports(source []byte) []byte {
	head, rest, ok := bytes.Cut(source, []byte("\nimport (\n"))
	if !ok {
		return source
	}
	block, rest, _ := bytes.Cut(rest, []byte("\n)\n"))
	var standard, others [][]byte
	for _, line := range bytes.Split(block, []byte("\n")) {
		if bytes.Contains(line, []byte(".")) {
			others = append(others, line)
		} else {
			standard = append(standard, line)
		}
	}
	if len(standard) > 0 && len(others) > 0 {
		standard = append(standard, nil)
	}
	block = bytes.Join(append(standard, others...), []byte("\n"))
	return slices.Concat(head, []byte("\nimport (\n"), block, []byte("\n)\n"), rest)
}

// bundle describes the project for the runtime.
func (g *generator) bundle(files []*component.File, rendered map[string][]byte) *bundle.Bundle {
	b := &bundle.Bundle{
		Version: bundle.FormatVersion, Stack: g.stack.Name, Environment: g.stack.Environment, Region: g.stack.Region,
		SourceDigest: g.stack.SourceDigest, Protected: g.stack.Protected,
		Waves: []bundle.Wave{}, Variables: []bundle.Variable{}, Secrets: []bundle.Secret{}, Files: map[string]string{},
	}
	for wave := range max(1, len(g.stack.Waves)) {
		w := bundle.Wave{Dir: project.Dir(wave), Components: []string{}}
		for _, file := range files {
			if file.Component.Wave == wave {
				w.Components = append(w.Components, file.Component.ID)
			}
		}
		slices.SortFunc(w.Components, foundationFirst)
		b.Waves = append(b.Waves, w)
	}
	read := map[string]bool{}
	for _, file := range files {
		b.Components = append(b.Components, file.Component)
		b.Resources = append(b.Resources, file.Resources...)
		b.Secrets = append(b.Secrets, file.Secrets...)
		for _, name := range file.Variables {
			read[name] = true
		}
	}
	b.Variables = append(b.Variables, g.variables(read)...)
	slices.SortFunc(b.Components, func(x, y bundle.Component) int { return strings.Compare(x.ID, y.ID) })
	slices.SortFunc(b.Resources, func(x, y bundle.Resource) int { return strings.Compare(x.URN, y.URN) })
	slices.SortStableFunc(b.Secrets, func(x, y bundle.Secret) int {
		return cmp.Or(strings.Compare(x.Component, y.Component), diag.Position(x.Source).Compare(diag.Position(y.Source)))
	})
	for path, data := range rendered {
		sum := sha256.Sum256(data)
		b.Files[path] = hex.EncodeToString(sum[:])
	}
	return b
}

func foundationFirst(a, b string) int {
	if (a == ir.Foundation) != (b == ir.Foundation) {
		if a == ir.Foundation {
			return -1
		}
		return 1
	}
	return strings.Compare(a, b)
}

// variables are the stack's variables that the programs read.
func (g *generator) variables(read map[string]bool) []bundle.Variable {
	var used []bundle.Variable
	for _, v := range g.stack.Variables {
		if read[v.Name] {
			used = append(used, bundle.Variable{Name: v.Name, Sensitive: v.Sensitive, Source: bundle.Source(v.Source)})
		}
	}
	return used
}
