package view

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/ir"
)

// GraphFormats lists the formats that Graph knows.
func GraphFormats() []string { return []string{"text", "mermaid", "dot", "json"} }

// Graph writes the dependency graph. The foundation, on which everything stands, appears in the text only: as a node
// with an edge from everything it would hide what the others depend on.
func Graph(w io.Writer, stack *ir.Stack, format string, s Style) error {
	switch format {
	case "text":
		graphText(w, stack, s)
		return nil
	case "mermaid":
		graphMermaid(w, stack)
		return nil
	case "dot":
		graphDot(w, stack)
		return nil
	case "json":
		return graphJSON(w, stack)
	}
	return fmt.Errorf("unknown graph format %q: want one of %s", format, strings.Join(GraphFormats(), ", "))
}

func components(stack *ir.Stack) map[string]*ir.Component {
	byID := make(map[string]*ir.Component, len(stack.Components))
	for _, c := range stack.Components {
		byID[c.ID()] = c
	}
	return byID
}

func graphText(w io.Writer, stack *ir.Stack, s Style) {
	fmt.Fprintln(w, s.bold(stack.Name))
	byID := components(stack)
	for n, wave := range stack.Waves {
		branch, stem := branches("", n == len(stack.Waves)-1)
		fmt.Fprintf(w, "%swave %d\n", branch, n)
		for i, id := range wave {
			branch, stem := branches(stem, i == len(wave)-1)
			kind, edges := "Foundation", []ir.Edge(nil)
			if c := byID[id]; c != nil {
				kind, edges = c.Kind, c.DependsOn
			}
			fmt.Fprintf(w, "%s%s %s\n", branch, Clean(id), s.faint("("+kind+")"))
			for j, e := range edges {
				branch, _ := branches(stem, j == len(edges)-1)
				fmt.Fprintf(w, "%s%s %s\n", branch, s.faint("needs"), Clean(e.Component))
			}
		}
	}
}

// branches gives what stands before a node of a tree, and before the nodes under it.
func branches(stem string, last bool) (node, under string) {
	if last {
		return stem + "└── ", stem + "    "
	}
	return stem + "├── ", stem + "│   "
}

// graphMermaid writes a flowchart. Nodes are numbered, so that no name has to obey mermaid's rules for identifiers.
func graphMermaid(w io.Writer, stack *ir.Stack) {
	fmt.Fprintln(w, "flowchart TD")
	number := map[string]int{}
	byID := components(stack)
	for n, wave := range stack.Waves {
		if !slices.ContainsFunc(wave, func(id string) bool { return byID[id] != nil }) {
			continue
		}
		fmt.Fprintf(w, "  subgraph wave%d[\"wave %d\"]\n", n, n)
		for _, id := range wave {
			c := byID[id]
			if c == nil {
				continue
			}
			number[id] = len(number)
			fmt.Fprintf(w, "    c%d[\"%s<br/>%s\"]\n", number[id], mermaidText(id), mermaidText(c.Kind))
		}
		fmt.Fprintln(w, "  end")
	}
	for _, c := range stack.Components {
		for _, e := range c.DependsOn {
			fmt.Fprintf(w, "  c%d --> c%d\n", number[c.ID()], number[e.Component])
		}
	}
}

var mermaidReplacer = strings.NewReplacer("#", "#35;", `"`, "#quot;", "<", "#lt;", ">", "#gt;")

func mermaidText(s string) string { return mermaidReplacer.Replace(Clean(s)) }

func graphDot(w io.Writer, stack *ir.Stack) {
	fmt.Fprintf(w, "digraph %s {\n", dotText(stack.Name))
	fmt.Fprintln(w, "  node [shape=box];")
	byID := components(stack)
	for n, wave := range stack.Waves {
		if !slices.ContainsFunc(wave, func(id string) bool { return byID[id] != nil }) {
			continue
		}
		fmt.Fprintf(w, "  subgraph \"cluster_wave_%d\" {\n    label=\"wave %d\";\n", n, n)
		for _, id := range wave {
			if c := byID[id]; c != nil {
				fmt.Fprintf(w, "    %s [label=%s];\n", dotText(id), dotText(id+"\n"+c.Kind))
			}
		}
		fmt.Fprintln(w, "  }")
	}
	for _, c := range stack.Components {
		for _, e := range c.DependsOn {
			fmt.Fprintf(w, "  %s -> %s;\n", dotText(c.ID()), dotText(e.Component))
		}
	}
	fmt.Fprintln(w, "}")
}

var dotReplacer = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// dotText is a quoted DOT identifier.
func dotText(s string) string { return `"` + dotReplacer.Replace(s) + `"` }

type graphDocument struct {
	Components []graphComponent `json:"components"`
}

type graphComponent struct {
	Component string   `json:"component"`
	Kind      string   `json:"kind"`
	Wave      int      `json:"wave"`
	DependsOn []string `json:"dependsOn"`
}

func graphJSON(w io.Writer, stack *ir.Stack) error {
	doc := graphDocument{Components: []graphComponent{}}
	for _, c := range stack.Components {
		g := graphComponent{Component: c.ID(), Kind: c.Kind, Wave: c.Wave, DependsOn: []string{}}
		for _, e := range c.DependsOn {
			g.DependsOn = append(g.DependsOn, e.Component)
		}
		doc.Components = append(doc.Components, g)
	}
	return JSON(w, doc)
}
