package graph

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// cycles reports one circle for each group, a shortest one through the member that is first by name, and the place of
// each of its edges.
func (g *graph) cycles() diag.List {
	var ds diag.List
	for _, group := range g.groups {
		edges := g.circle(group[0], group)
		path := []string{group[0]}
		for _, e := range edges {
			path = append(path, e.Component)
		}
		d := diag.Errorf(edges[0].Source, "cycle", "these components depend on each other in a circle: %s",
			strings.Join(path, " → ")).WithHint("remove one of these dependencies")
		for i, e := range edges {
			d = d.WithRelated(e.Source, "%s depends on %s here", path[i], e.Component)
		}
		ds.Add(d)
	}
	return ds
}

// circle is the edges of a shortest way from a node of the group through it and back. It searches in breadth until an
// edge leads back to the start.
func (g *graph) circle(start string, group []string) []ir.Edge {
	type step struct {
		from string
		edge ir.Edge
	}
	cameBy := map[string]step{}
	for queue := []string{start}; len(queue) > 0; queue = queue[1:] {
		id := queue[0]
		for _, e := range g.nodes[id].DependsOn {
			if _, seen := cameBy[e.Component]; seen {
				continue
			}
			if _, member := slices.BinarySearch(group, e.Component); !member {
				continue
			}
			cameBy[e.Component] = step{from: id, edge: e}
			queue = append(queue, e.Component)
		}
		if _, closed := cameBy[start]; closed {
			break
		}
	}
	var edges []ir.Edge
	for at := start; ; {
		s := cameBy[at]
		edges = append(edges, s.edge)
		if at = s.from; at == start {
			slices.Reverse(edges)
			return edges
		}
	}
}
