package graph

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// components reads lines such as "a: b c", each a component of service s with its dependencies.
func components(lines ...string) []*ir.Component {
	var list []*ir.Component
	for i, line := range lines {
		name, targets, _ := strings.Cut(line, ":")
		c := &ir.Component{Service: "s", Name: name}
		for j, target := range strings.Fields(targets) {
			c.DependsOn = append(c.DependsOn, ir.Edge{Component: "s/" + target,
				Source: diag.Position{File: name + ".yaml", Line: i + 1, Column: j + 1}})
		}
		list = append(list, c)
	}
	return list
}

func TestWaves(t *testing.T) {
	cases := []struct {
		name  string
		lines []string
		want  string
	}{
		{"nothing", nil, "[[foundation]]"},
		{"independent", []string{"b:", "a:"}, "[[foundation s/a s/b]]"},
		{"chain", []string{"c: b", "b: a", "a:"}, "[[foundation s/a] [s/b] [s/c]]"},
		{"longest path counts", []string{"a:", "b: a", "c: a b", "d: a"}, "[[foundation s/a] [s/b s/d] [s/c]]"},
		{"a dependency that does not exist", []string{"a: nowhere"}, "[[foundation s/a]]"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			waves, ds := Waves(components(c.lines...))
			if got := fmt.Sprint(waves); got != c.want || len(ds) > 0 {
				t.Errorf("got %s %v, want %s", got, ds, c.want)
			}
		})
	}
}

func TestCycles(t *testing.T) {
	list := components("a: b", "b: c x", "c: a", "d: a", "x:", "p: q", "q: p")
	waves, ds := Waves(list)
	if waves != nil || len(ds) != 2 {
		t.Fatalf("waves %v, diagnostics %v", waves, ds)
	}
	sorted := ds.Sorted()
	if want := "a.yaml:1:1: error: these components depend on each other in a circle: s/a → s/b → s/c → s/a"; sorted[0].Error() != want {
		t.Errorf("got  %s\nwant %s", sorted[0].Error(), want)
	}
	var places []string
	for _, r := range sorted[0].Related {
		places = append(places, r.Position.String()+" "+r.Message)
	}
	want := "a.yaml:1:1 s/a depends on s/b here; b.yaml:2:1 s/b depends on s/c here; c.yaml:3:1 s/c depends on s/a here"
	if got := strings.Join(places, "; "); got != want {
		t.Errorf("related\n%s, want\n%s", got, want)
	}
	if !strings.Contains(sorted[1].Message, "s/p → s/q → s/p") {
		t.Errorf("second: %s", sorted[1].Message)
	}
}

// Any graph: either every component comes after all it depends on, exactly one wave behind the last of them, or the
// cycle that is reported is really there.
func TestWavesProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		var lines []string
		for i := range n {
			targets := rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 3).Draw(t, "targets")
			line := fmt.Sprintf("n%d:", i)
			for _, target := range targets {
				line += fmt.Sprintf(" n%d", target)
			}
			lines = append(lines, line)
		}
		list := components(lines...)
		byID := map[string]*ir.Component{}
		for _, c := range list {
			byID[c.ID()] = c
		}
		waves, ds := Waves(list)
		if len(ds) > 0 {
			for _, d := range ds {
				_, circle, _ := strings.Cut(d.Message, "circle: ")
				checkCircle(t, byID, strings.Split(circle, " → "))
			}
			return
		}
		placed := 0
		for number, wave := range waves {
			for _, id := range wave {
				if id == ir.Foundation {
					continue
				}
				placed++
				c := byID[id]
				want := 0
				for _, e := range c.DependsOn {
					want = max(want, byID[e.Component].Wave+1)
				}
				if c.Wave != number || number != want {
					t.Fatalf("%s is in wave %d of the list, %d by itself, and belongs in %d", id, number, c.Wave, want)
				}
			}
		}
		if placed != n {
			t.Fatalf("%d of %d placed", placed, n)
		}
	})
}

func checkCircle(t *rapid.T, byID map[string]*ir.Component, path []string) {
	if len(path) < 2 || path[0] != path[len(path)-1] {
		t.Fatalf("not a circle: %v", path)
	}
	for i := range path[1:] {
		if !slices.ContainsFunc(byID[path[i]].DependsOn, func(e ir.Edge) bool { return e.Component == path[i+1] }) {
			t.Fatalf("%s does not depend on %s in %v", path[i], path[i+1], path)
		}
	}
}
