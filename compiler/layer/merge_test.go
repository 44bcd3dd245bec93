package layer

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

// value parses one YAML document.
func value(t interface{ Fatalf(string, ...any) }, file, text string) *ir.Value {
	nodes, ds := source.Parse(file, []byte(text))
	if len(ds) > 0 || len(nodes) != 1 {
		t.Fatalf("%s: %v\n%s", file, ds, text)
	}
	return FromNode(nodes[0])
}

// show writes a value as JSON, for comparing.
func show(v *ir.Value) string {
	if v == nil {
		return "nothing"
	}
	b, err := json.Marshal(plain(v))
	if err != nil {
		return err.Error()
	}
	return string(b)
}

func plain(v *ir.Value) any {
	switch v.Kind {
	case ir.Bool:
		return v.Bool
	case ir.Number:
		return v.Number
	case ir.String:
		return v.Text.String()
	case ir.List:
		items := make([]any, len(v.Items))
		for i, item := range v.Items {
			items[i] = plain(item)
		}
		return items
	case ir.Map:
		fields := map[string]any{}
		for _, f := range v.Fields {
			fields[f.Name] = plain(f.Value)
		}
		return fields
	}
	return nil
}

func TestMerge(t *testing.T) {
	cases := []struct{ name, base, top, want string }{
		{"keys", "{a: 1, b: 2}", "{b: 3, c: 4}", `{"a":1,"b":3,"c":4}`},
		{"deep", "{a: {x: 1, y: 2}}", "{a: {y: 3}}", `{"a":{"x":1,"y":3}}`},
		{"null removes", "{a: 1, b: 2}", "{b: null}", `{"a":1}`},
		{"null over nothing", "{a: 1}", "{b: null, c: {d: null, e: 5}}", `{"a":1,"c":{"e":5}}`},
		{"scalar over mapping", "{a: {x: 1}}", "{a: 2}", `{"a":2}`},
		{"mapping over scalar", "{a: 1}", "{a: {x: null, y: 2}}", `{"a":{"y":2}}`},
		{"plain lists are replaced", "{a: [1, 2]}", "{a: [3]}", `{"a":[3]}`},
		{"named items merge", "{a: [{name: x, v: 1}, {name: y, v: 2}]}", "{a: [{name: z}, {name: x, v: 3}]}",
			`{"a":[{"name":"x","v":3},{"name":"y","v":2},{"name":"z"}]}`},
		{"null inside a named item", "{a: [{name: x, v: 1}]}", "{a: [{name: x, v: null, w: 2}]}", `{"a":[{"name":"x","w":2}]}`},
		{"a nameless item replaces", "{a: [{name: x, v: 1}]}", "{a: [{v: 2}]}", `{"a":[{"v":2}]}`},
		{"a name twice replaces", "{a: [{name: x, v: 1}]}", "{a: [{name: x}, {name: x}]}", `{"a":[{"name":"x"},{"name":"x"}]}`},
		{"an empty list empties", "{a: [{name: x}]}", "{a: []}", `{"a":[]}`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			base, top := value(t, "base", c.base), value(t, "top", c.top)
			before := show(base) + show(top)
			if got := show(Merge(base, top)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if after := show(base) + show(top); after != before {
				t.Errorf("the layers were changed: %s", after)
			}
		})
	}
}

// yamlMap draws the text of a flow mapping with a few keys, so that layers often meet.
func yamlMap(depth int) *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		var entries []string
		for _, key := range []string{"a", "b", "c", "d"} {
			if rapid.Bool().Draw(t, "has") {
				entries = append(entries, key+": "+yamlValue(depth).Draw(t, "value"))
			}
		}
		return entries
	})
}

func yamlValue(depth int) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		kind := rapid.IntRange(0, 5).Draw(t, "kind")
		switch {
		case depth > 0 && kind == 0:
			return "{" + strings.Join(yamlMap(depth-1).Draw(t, "map"), ", ") + "}"
		case depth > 0 && kind == 1:
			var items []string
			for _, name := range []string{"x", "y", "z"} {
				if rapid.Bool().Draw(t, "item") {
					items = append(items, "{"+strings.Join(append(yamlMap(depth-1).Draw(t, "item"), "name: "+name), ", ")+"}")
				}
			}
			return "[" + strings.Join(items, ", ") + "]"
		case kind == 2:
			return "null"
		case kind == 3:
			return fmt.Sprint(rapid.Bool().Draw(t, "bool"))
		case kind == 4:
			return "[1, s]"
		}
		return fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "number"))
	})
}

// The order of keys in a document never matters.
func TestMergeKeyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, top := yamlMap(2).Draw(t, "base"), yamlMap(2).Draw(t, "top")
		want := show(Merge(mapping(t, "base", base), mapping(t, "top", top)))
		seed := rapid.Int64().Draw(t, "seed")
		shuffle := rand.New(rand.NewSource(seed)).Shuffle
		shuffle(len(base), func(i, j int) { base[i], base[j] = base[j], base[i] })
		shuffle(len(top), func(i, j int) { top[i], top[j] = top[j], top[i] })
		if got := show(Merge(mapping(t, "base", base), mapping(t, "top", top))); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func mapping(t *rapid.T, file string, entries []string) *ir.Value {
	return value(t, file, "{"+strings.Join(entries, ", ")+"}")
}

// Every scalar of the result stands, in the layer that it claims to be from, with that very value.
func TestMergeProvenance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := map[string]string{}
		var merged *ir.Value
		for _, file := range []string{"one", "two", "three"} {
			layer := mapping(t, file, yamlMap(2).Draw(t, file))
			scalars(layer, func(v *ir.Value) { written[v.Source.String()] = show(v) })
			merged = Merge(merged, layer)
		}
		if merged == nil {
			return
		}
		scalars(merged, func(v *ir.Value) {
			if v.Kind == ir.Null {
				t.Fatalf("null is left at %s", v.Source)
			}
			if written[v.Source.String()] != show(v) {
				t.Fatalf("%s is not what stands at %s", show(v), v.Source)
			}
		})
	})
}

// Laying the same layer twice changes nothing.
func TestMergeTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		base, top := mapping(t, "base", yamlMap(2).Draw(t, "base")), mapping(t, "top", yamlMap(2).Draw(t, "top"))
		once := Merge(base, top)
		if got, want := show(Merge(once, top)), show(once); got != want {
			t.Fatalf("twice %s, once %s", got, want)
		}
	})
}

func scalars(v *ir.Value, visit func(*ir.Value)) {
	for _, item := range v.Items {
		scalars(item, visit)
	}
	for _, f := range v.Fields {
		scalars(f.Value, visit)
	}
	if v.Kind != ir.List && v.Kind != ir.Map {
		visit(v)
	}
}
