// Package graph places components in waves and finds cycles.
//
// The nodes are components and the edges what they depend on. Wave n holds the components whose longest path to a
// component without dependencies has n edges, so that everything a component depends on is in an earlier wave. The
// foundation opens wave 0: each component depends on it, and the runtime knows that without an edge. Edges to
// components that do not exist are left out; finding them is not this package's work.
package graph

import (
	"cmp"
	"slices"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Waves sets the Wave of each component and returns the ids by wave, each wave sorted and wave 0 headed by the
// foundation. When components depend on each other in a circle it returns nil and one "cycle" diagnostic for each
// group of components that are caught in circles.
func Waves(components []*ir.Component) ([][]string, diag.List) {
	g := newGraph(components)
	if ds := g.cycles(); len(ds) > 0 {
		return nil, ds
	}
	waves := [][]string{{ir.Foundation}}
	for _, c := range g.order {
		c.Wave = 0
		for _, e := range c.DependsOn {
			if target := g.nodes[e.Component]; target != nil {
				c.Wave = max(c.Wave, target.Wave+1)
			}
		}
		for len(waves) <= c.Wave {
			waves = append(waves, nil)
		}
		waves[c.Wave] = append(waves[c.Wave], c.ID())
	}
	slices.Sort(waves[0][1:])
	for _, wave := range waves[1:] {
		slices.Sort(wave)
	}
	return waves, nil
}

// graph finds the strongly connected groups of components with Tarjan's algorithm: a walk in depth numbers the nodes;
// low is the smallest number that a node can get back to; a node that gets back only to itself closes a group. Groups
// close behind those they depend on, so order lists every component after its dependencies.
type graph struct {
	nodes  map[string]*ir.Component
	number map[string]int // from 1
	low    map[string]int
	open   []string // nodes whose group is not closed
	isOpen map[string]bool
	order  []*ir.Component
	groups [][]string // of more than one node, or one that depends on itself
}

func newGraph(components []*ir.Component) *graph {
	g := &graph{
		nodes:  make(map[string]*ir.Component, len(components)),
		number: make(map[string]int, len(components)),
		low:    make(map[string]int, len(components)),
		isOpen: map[string]bool{},
	}
	for _, c := range components {
		g.nodes[c.ID()] = c
	}
	sorted := slices.SortedFunc(slices.Values(components), func(a, b *ir.Component) int { return cmp.Compare(a.ID(), b.ID()) })
	for _, c := range sorted {
		if g.number[c.ID()] == 0 {
			g.visit(c)
		}
	}
	return g
}

func (g *graph) visit(c *ir.Component) {
	id := c.ID()
	g.number[id] = len(g.number) + 1
	g.low[id] = g.number[id]
	g.open = append(g.open, id)
	g.isOpen[id] = true
	for _, e := range c.DependsOn {
		target := g.nodes[e.Component]
		switch {
		case target == nil:
		case g.number[e.Component] == 0:
			g.visit(target)
			g.low[id] = min(g.low[id], g.low[e.Component])
		case g.isOpen[e.Component]:
			g.low[id] = min(g.low[id], g.number[e.Component])
		}
	}
	if g.low[id] == g.number[id] {
		g.close(c)
	}
	g.order = append(g.order, c)
}

// close takes the group that starts at c off the open nodes.
func (g *graph) close(c *ir.Component) {
	id := c.ID()
	start := slices.Index(g.open, id)
	group := slices.Clone(g.open[start:])
	g.open = g.open[:start]
	for _, member := range group {
		delete(g.isOpen, member)
	}
	dependsOnItself := slices.ContainsFunc(c.DependsOn, func(e ir.Edge) bool { return e.Component == id })
	if len(group) > 1 || dependsOnItself {
		slices.Sort(group)
		g.groups = append(g.groups, group)
	}
}
