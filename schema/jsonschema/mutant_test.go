package jsonschema

import (
	"fmt"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/schema"
)

// mutant is a change to a document.
type mutant struct {
	what  string
	path  []string // of what is changed; items are "*"
	apply func() (undo func())
}

// odd are the values put in the place of others.
var odd = []source.Node{
	{Kind: source.Null}, {Kind: source.Bool, Bool: true}, {Kind: source.Number, Number: 7}, {Kind: source.Number, Number: -1},
	{Kind: source.Number, Number: 0.5}, {Kind: source.Number, Number: 1 << 40}, {Kind: source.String},
	{Kind: source.String, Text: "zz"}, {Kind: source.String, Text: "✂ \t"}, {Kind: source.String, Text: "15m"},
	{Kind: source.String, Text: "${NAME}"}, {Kind: source.String, Text: "x${NAME}"}, {Kind: source.List}, {Kind: source.Map},
}

// mutants are the changes to a document that are tried: each value replaced by odd ones, each key left out, and an unknown
// key in each mapping.
func mutants(root *source.Node) []mutant {
	var all []mutant
	visit(root, nil, func(n *source.Node, path []string) {
		if len(path) > 0 {
			for _, value := range odd {
				all = append(all, mutant{fmt.Sprintf("%s %q %v %v at %s", value.Kind, value.Text, value.Number, value.Bool, strings.Join(path, ".")),
					path, func() func() { return swap(n, value) }})
			}
		}
		if n.Kind != source.Map {
			return
		}
		extra := *n
		extra.Fields = append(append([]source.Field{}, n.Fields...), source.Field{Key: "zzUnknown", Value: &source.Node{Kind: source.Number, Number: 1}})
		all = append(all, mutant{"an unknown key in " + strings.Join(path, "."), append(path[:len(path):len(path)], "zzUnknown"),
			func() func() { return swap(n, extra) }})
		for i, f := range n.Fields {
			less := *n
			less.Fields = append(append([]source.Field{}, n.Fields[:i]...), n.Fields[i+1:]...)
			all = append(all, mutant{"nothing at " + strings.Join(path, ".") + "." + f.Key, append(path[:len(path):len(path)], f.Key),
				func() func() { return swap(n, less) }})
		}
	})
	return all
}

func visit(n *source.Node, path []string, do func(*source.Node, []string)) {
	do(n, path)
	for _, item := range n.Items {
		visit(item, append(path[:len(path):len(path)], "*"), do)
	}
	for _, f := range n.Fields {
		visit(f.Value, append(path[:len(path):len(path)], f.Key), do)
	}
}

func swap(n *source.Node, value source.Node) (undo func()) {
	before := *n
	value.Pos = n.Pos
	*n = value
	return func() { *n = before }
}

// ofIdentity tells whether the change is to what says which document it is; package source judges that.
func (m mutant) ofIdentity() bool {
	switch m.path[0] {
	case "apiVersion", "kind":
		return true
	case "metadata":
		return len(m.path) == 1 || m.path[1] == "name" || m.path[1] == "service" || m.path[1] == "stack"
	}
	return false
}

// exact tells whether a JSON Schema can say all that the schema asks of what is changed. How long a time span is, it
// cannot.
func (m mutant) exact(d *schema.Description) bool {
	for _, name := range m.path {
		if d = inside(d, name); d == nil {
			return true
		}
		if d.Form == schema.Anything {
			return false
		}
	}
	return d.Span == "" && (d.Constraint == nil || d.Constraint.Exact())
}

// inside describes what stands below a name or in a list; nil where nothing can.
func inside(d *schema.Description, name string) *schema.Description {
	switch d.Form {
	case schema.Mapping:
		if f := d.Field(name); f != nil {
			return f.Description
		}
		return nil
	case schema.Anything:
		return d
	default:
		return d.Elem
	}
}

// opaque adds the places in a document of which a JSON Schema says nothing.
func opaque(n *source.Node, d *schema.Description, places map[diag.Position]bool) {
	if d == nil {
		return
	}
	if d.Form == schema.Anything {
		places[n.Pos] = true
	}
	for _, item := range n.Items {
		opaque(item, inside(d, "*"), places)
	}
	for _, f := range n.Fields {
		if d.Form == schema.Anything {
			places[f.KeyPos] = true
		}
		opaque(f.Value, inside(d, f.Key), places)
	}
}
