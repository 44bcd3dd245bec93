package codegen

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/format"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/container"
	"github.com/panka-io/panka/codegen/kinds/foundation"
	"github.com/panka-io/panka/codegen/project"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// files are all files but bundle.json: the components', and what each wave and the whole project need beside them.
func (g *generator) files(parts []part) (map[string][]byte, error) {
	modules := project.AWS
	if len(container.OnKubernetes(g.stack)) > 0 {
		modules = project.Kubernetes
	}
	files := map[string][]byte{
		"go.mod": modules.GoMod(g.stack.Name, g.stack.Environment),
		"go.sum": modules.GoSum(),
	}
	for wave := range max(1, len(g.stack.Waves)) {
		dir := project.Dir(wave) + "/"
		files[dir+"Pulumi.yaml"] = project.PulumiYAML(g.stack.Name, wave)
		for name, code := range g.surroundings(wave, parts) {
			text, err := source(dir+name, code)
			if err != nil {
				return nil, err
			}
			files[dir+name] = text
		}
		for _, p := range parts {
			if p.Component.Wave == wave {
				files[dir+p.Name] = p.text
				for name, content := range p.Attached {
					files[dir+name] = content
				}
			}
		}
	}
	return files, nil
}

// surroundings are a wave's Go files that are no component's.
func (g *generator) surroundings(wave int, parts []part) map[string]*jen.File {
	var called []project.Called
	var needs project.Needs
	for _, p := range parts {
		if p.Component.Wave == wave {
			needs.Secrets = needs.Secrets || p.LooksUpSecrets
			needs.Labels = needs.Labels || p.HasObjects
		}
		c := g.byID[p.Component.ID]
		if c == nil || c.Wave != wave {
			continue
		}
		called = append(called, project.Called{
			ID: c.ID(), Service: c.Service, Name: c.Name, Uses: p.Uses,
			Function: component.FunctionName(c), Inputs: component.InputsType(c),
		})
	}
	slices.SortFunc(called, func(a, b project.Called) int { return strings.Compare(a.ID, b.ID) })
	files := map[string]*jen.File{
		"main.go":      project.Main(g.stack.Name, wave, called, len(container.OnKubernetes(g.stack)) > 0),
		"component.go": project.Shared(g.stack, needs),
	}
	if wave > 0 {
		f := component.NewFile()
		foundation.Declare(f, g.stack)
		foundation.Read(f, g.stack)
		files["foundation.go"] = f
	}
	return files
}

// source is the text of one Go file. Its error shows the whole file with numbered lines, for a report.
func source(path string, code *jen.File) ([]byte, error) {
	var raw bytes.Buffer
	if err := code.Render(&raw); err != nil {
		return nil, fmt.Errorf("write %s: %w", path, err)
	}
	formatted, err := format.Source(groupImports(raw.Bytes()))
	if err != nil {
		var numbered strings.Builder
		for i, line := range strings.Split(raw.String(), "\n") {
			fmt.Fprintf(&numbered, "%4d\t%s\n", i+1, line)
		}
		return nil, fmt.Errorf("the generated file %s is not valid Go: %w\n%s", path, err, &numbered)
	}
	return formatted, nil
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
func (g *generator) bundle(parts []part, files map[string][]byte) *bundle.Bundle {
	b := &bundle.Bundle{
		Version: bundle.FormatVersion, Stack: g.stack.Name, Environment: g.stack.Environment, Region: g.stack.Region,
		SourceDigest: g.stack.SourceDigest, Protected: g.stack.Protected, PlanRequired: g.stack.PlanRequired,
		Waves: []bundle.Wave{}, Variables: []bundle.Variable{}, Secrets: []bundle.Secret{}, Files: map[string]string{},
	}
	for wave := range max(1, len(g.stack.Waves)) {
		w := bundle.Wave{Dir: project.Dir(wave), Components: []string{}}
		for _, p := range parts {
			if p.Component.Wave == wave {
				w.Components = append(w.Components, p.Component.ID)
			}
		}
		slices.SortFunc(w.Components, foundationFirst)
		b.Waves = append(b.Waves, w)
	}
	read := map[string]bool{}
	for _, p := range parts {
		b.Components = append(b.Components, p.Component)
		b.Resources = append(b.Resources, p.Resources...)
		b.Secrets = append(b.Secrets, p.Secrets...)
		b.Foreign = append(b.Foreign, foreign(p)...)
		for _, name := range p.Variables {
			read[name] = true
		}
	}
	b.Variables = append(b.Variables, g.variables(read)...)
	slices.SortFunc(b.Components, func(x, y bundle.Component) int { return strings.Compare(x.ID, y.ID) })
	slices.SortFunc(b.Resources, func(x, y bundle.Resource) int { return strings.Compare(x.URN, y.URN) })
	slices.SortStableFunc(b.Secrets, func(x, y bundle.Secret) int {
		return cmp.Or(strings.Compare(x.Component, y.Component), diag.Position(x.Source).Compare(diag.Position(y.Source)))
	})
	slices.SortFunc(b.Foreign, func(x, y bundle.Foreign) int {
		return cmp.Or(strings.Compare(x.Stack, y.Stack), strings.Compare(x.Component, y.Component), strings.Compare(x.Output, y.Output),
			strings.Compare(x.By, y.By))
	})
	for path, data := range files {
		sum := sha256.Sum256(data)
		b.Files[path] = hex.EncodeToString(sum[:])
	}
	return b
}

// foreign are the outputs of other stacks that a component reads.
func foreign(p part) []bundle.Foreign {
	var all []bundle.Foreign
	for _, u := range p.Uses {
		if u.Stack != "" {
			all = append(all, bundle.Foreign{
				Stack: u.Stack, Component: u.Owner(), Output: u.Output.Name, By: p.Component.ID, Source: bundle.Source(u.Source),
			})
		}
	}
	return all
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
