// Package codegen turns a compiled stack into Go programs for people to read: one Pulumi project a wave, typed
// pulumi-aws arguments, a file for each component.
//
// The way of a stack through it: components (each kind's generator fills a component.Builder, which writes the Go and
// records the resources), clashes (names that two resources would share), files (main.go and what a wave's components
// have in common), bundle (bundle.json, the map back to the YAML). Equal stacks give equal bytes. Check goes that way as far
// as the clashes, for commands that need no programs.
//
// It refuses what it cannot generate with a diagnostic at the place in the YAML; it never writes half a project. Code
// that does not parse is a mistake in panka and is reported as one, with the numbered source. What the language has but
// no generator yet is refused with diagnostics of their own code (undeployable.go), so that commands which only check
// can pass over them.
package codegen

import (
	"path"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/panka-io/panka/codegen/bundle"
	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/codegen/kinds"
	"github.com/panka-io/panka/codegen/kinds/foundation"
	"github.com/panka-io/panka/codegen/project"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Project is everything generated for one stack in one environment.
type Project struct {
	// Files maps slash-separated paths, relative to generated/<stack>/<environment>/, to contents: go.mod, go.sum,
	// bundle.json and each wave's folder.
	Files map[string][]byte
	// Bundle is what bundle.json holds.
	Bundle *bundle.Bundle
}

// Generate writes the programs of a stack. The Project is nil if the list holds errors.
func Generate(stack *ir.Stack) (*Project, diag.List) {
	return generate(stack, kinds.All())
}

// Check gives the diagnostics that Generate would give, without writing the programs: for commands that only check. It
// takes a small part of the time and memory. What it cannot find is code that does not parse, a mistake in panka.
func Check(stack *ir.Stack) diag.List {
	_, found := newGenerator(stack, kinds.All()).parts(unwritten)
	return found
}

func generate(stack *ir.Stack, all []component.Kind) (*Project, diag.List) {
	g := newGenerator(stack, all)
	parts, found := g.parts(g.written)
	if found.HasErrors() {
		return nil, found
	}
	files, err := g.files(parts)
	if err != nil {
		found.Add(internal(stack.Source, err))
		return nil, found
	}
	b := g.bundle(parts, files)
	if files[bundle.FileName], err = b.Marshal(); err != nil {
		found.Add(internal(stack.Source, err))
		return nil, found
	}
	return &Project{Files: files, Bundle: b}, found
}

func internal(pos diag.Position, err error) diag.Diagnostic {
	return diag.Errorf(pos, "internal", "%v", err).
		WithHint("this is a mistake in panka, not in your files; please report it with this output")
}

type generator struct {
	stack *ir.Stack
	kinds map[string]component.Kind
	byID  map[string]*ir.Component
	users map[string][]component.User
}

func newGenerator(stack *ir.Stack, all []component.Kind) *generator {
	// What is said of several components, as a dashboard, follows their IDs, whatever order they are handed over in.
	sorted := *stack
	sorted.Components = slices.SortedFunc(slices.Values(stack.Components), func(a, b *ir.Component) int {
		return strings.Compare(a.ID(), b.ID())
	})
	stack = &sorted
	g := &generator{
		stack: stack, kinds: map[string]component.Kind{}, byID: map[string]*ir.Component{}, users: map[string][]component.User{},
	}
	for _, kind := range all {
		g.kinds[kind.Name()] = kind
	}
	for _, c := range stack.Components {
		g.byID[c.ID()] = c
		for _, ref := range c.References {
			if ref.Stack == "" {
				g.users[ref.Component] = append(g.users[ref.Component], component.User{Component: c, Reference: ref})
			}
		}
	}
	return g
}

// part is the finished file of one component. Its code is text already, or nothing if the stack is only checked: a
// thousand files as trees would fill memory.
type part struct {
	*component.File
	text []byte
}

// writer makes the text of a component's file out of its code.
type writer func(*component.File) ([]byte, error)

// written is the file's text.
func (g *generator) written(file *component.File) ([]byte, error) {
	if file.Component.ID == ir.Foundation {
		foundation.Declare(file.Code, g.stack)
	}
	return source(path.Join(project.Dir(file.Component.Wave), file.Name), file.Code)
}

// unwritten is no text, for a stack that is only checked.
func unwritten(*component.File) ([]byte, error) { return nil, nil }

// parts generates every component's file and reports all that speaks against the programs.
func (g *generator) parts(write writer) ([]part, diag.List) {
	parts, found := g.components(write)
	found.Add(clashes(parts)...)
	return parts, found
}

// components generates every component's file, the foundation first, the others in the stack's order. A component that
// cannot be generated has no file.
func (g *generator) components(write writer) ([]part, diag.List) {
	ctx := component.Context{
		Stack:     g.stack,
		Kind:      func(name string) component.Kind { return g.kinds[name] },
		Component: func(id string) *ir.Component { return g.byID[id] },
		Users:     func(id string) []component.User { return g.users[id] },
	}
	base := foundation.Kind{Stack: g.stack}
	parts := make([]part, 1+len(g.stack.Components))
	lists := make([]diag.List, len(parts))
	inParallel(len(parts), func(i int) {
		if i == 0 {
			parts[0], lists[0] = build(component.NewFoundation(ctx, base), base, write)
			return
		}
		c := g.stack.Components[i-1]
		if lists[i] = g.undeployable(c); len(lists[i]) > 0 || g.usesUndeployable(c) {
			return
		}
		kind := g.kinds[c.Kind]
		parts[i], lists[i] = build(component.New(ctx, c, kind), kind, write)
	})
	return parts, slices.Concat(lists...)
}

func build(b *component.Builder, kind component.Kind, write writer) (part, diag.List) {
	kind.Generate(b)
	file, found := b.Finish()
	if found.HasErrors() {
		return part{}, found
	}
	text, err := write(file)
	if err != nil {
		found.Add(internal(diag.Position(file.Component.Source), err))
	}
	file.Code = nil
	return part{file, text}, found
}

// clashes reports components of which some resources would have the same names, as a-b/c and a/b-c do.
func clashes(parts []part) diag.List {
	var found diag.List
	owners := map[string]bundle.Component{}
	claim := func(key string, p part) bool {
		first, taken := owners[key]
		if !taken {
			owners[key] = p.Component
			return true
		}
		found.Add(diag.Errorf(diag.Position(p.Component.Source), "name-clash",
			"%s and %s would have the same names in AWS", first.ID, p.Component.ID).
			WithHint("rename one of the two").WithRelated(diag.Position(first.Source), "%s is here", first.ID))
		return false
	}
	for _, p := range parts {
		if p.File == nil {
			continue
		}
		// File names are one-to-one with joined names over all waves and kinds, so they stand for all fixed names too.
		if !claim("file "+p.Name, p) {
			continue
		}
		for _, r := range p.Resources {
			if !claim(r.URN, p) {
				break
			}
		}
	}
	return found
}

// inParallel calls do for 0 to n-1 on all processors.
func inParallel(n int, do func(int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}
