package layer

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// uniform draws a mapping in which a key holds the same kind of value in every layer and nothing is null: a scalar, a
// mapping, a list of named things, or another list.
func uniform(depth int) *rapid.Generator[[]string] {
	return rapid.Custom(func(t *rapid.T) []string {
		var entries []string
		number := func() string { return fmt.Sprint(rapid.IntRange(0, 9).Draw(t, "number")) }
		has := func(key string) bool { return rapid.Bool().Draw(t, key) }
		if has("scalar") {
			entries = append(entries, "scalar: "+number())
		}
		if has("plain") {
			entries = append(entries, "plain: ["+number()+", "+number()+"]")
		}
		if depth == 0 {
			return entries
		}
		if has("mapping") {
			entries = append(entries, "mapping: {"+strings.Join(uniform(depth-1).Draw(t, "mapping"), ", ")+"}")
		}
		if names := rapid.SliceOfDistinct(rapid.SampledFrom([]string{"x", "y", "z"}), rapid.ID[string]).Draw(t, "names"); len(names) > 0 {
			var items []string
			for _, name := range names {
				items = append(items, "{"+strings.Join(append(uniform(depth-1).Draw(t, "item"), "name: "+name), ", ")+"}")
			}
			entries = append(entries, "named: ["+strings.Join(items, ", ")+"]")
		}
		return entries
	})
}

// Merging is associative as long as nothing removes and no layer changes what kind of thing a value is. A null below
// another layer would be forgotten, and a scalar between two mappings hides the lower one.
func TestMergeAssociative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := mapping(t, "a", uniform(2).Draw(t, "a")), mapping(t, "b", uniform(2).Draw(t, "b")), mapping(t, "c", uniform(2).Draw(t, "c"))
		left, right := Merge(Merge(a, b), c), Merge(a, Merge(b, c))
		if got, want := placed(left), placed(right); got != want {
			t.Fatalf("(a b) c gives\n%s\na (b c) gives\n%s", got, want)
		}
	})
}

// TestMergeNotAssociative holds the two exceptions, so that the property above is not wider than it says.
func TestMergeNotAssociative(t *testing.T) {
	for _, c := range []struct{ a, b, c, left, right string }{
		{"{k: 1}", "{k: 2}", "{k: null}", `{}`, `{"k":1}`},
		{"{k: {x: 1}}", "{k: 2}", "{k: {y: 3}}", `{"k":{"y":3}}`, `{"k":{"x":1,"y":3}}`},
		{"{k: [{name: x}]}", "{k: []}", "{k: [{name: y}]}", `{"k":[{"name":"y"}]}`, `{"k":[{"name":"x"},{"name":"y"}]}`},
	} {
		one, two, three := value(t, "a", c.a), value(t, "b", c.b), value(t, "c", c.c)
		if got := show(Merge(Merge(one, two), three)); got != c.left {
			t.Errorf("(%s %s) %s gives %s, want %s", c.a, c.b, c.c, got, c.left)
		}
		if got := show(Merge(one, Merge(two, three))); got != c.right {
			t.Errorf("%s (%s %s) gives %s, want %s", c.a, c.b, c.c, got, c.right)
		}
	}
}

// placed writes every scalar with its place.
func placed(v *ir.Value) string {
	var b strings.Builder
	scalars(v, func(v *ir.Value) { fmt.Fprintf(&b, "%s at %s\n", show(v), v.Source) })
	return show(v) + "\n" + b.String()
}

// Every step of a history stands in the layer that it names, with the very value, and the topmost is in effect. What is
// removed is removed by a null. Values without steps do not exist, nor do two steps of one layer.
func TestHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		written := map[diag.Position]string{}
		var layers []Layer
		var merged *ir.Value
		for _, file := range []string{"one", "two", "three", "four"} {
			v := mapping(t, file, yamlMap(2).Draw(t, file))
			everyValue(v, func(v *ir.Value) { written[v.Source] = show(withoutNull(v)) })
			layers = append(layers, Layer{Name: file, Value: v})
			merged = Merge(merged, v)
		}
		h := NewHistory(layers)
		for _, path := range Leaves(merged) {
			steps := h.Steps(path)
			now := At(merged, path)
			if len(steps) == 0 || steps[0].Value == nil || show(steps[0].Value) != show(now) || steps[0].Source != now.Source {
				t.Fatalf("%s is %s at %s, but its history begins with %+v", path, show(now), now.Source, steps)
			}
			checkSteps(t, path, steps, written)
		}
		for _, path := range h.Removed() {
			steps := h.Steps(path)
			if At(merged, path) != nil || len(steps) < 2 || steps[0].Value != nil || written[steps[0].Source] != "null" {
				t.Fatalf("%s counts as removed, but its history is %+v", path, steps)
			}
			checkSteps(t, path, steps, written)
		}
	})
}

func checkSteps(t *rapid.T, path Path, steps []Step, written map[diag.Position]string) {
	order := []string{"four", "three", "two", "one"}
	last := -1
	for _, s := range steps {
		at := slices.Index(order, s.Layer)
		if at <= last {
			t.Fatalf("%s: the layer %s is out of order in %+v", path, s.Layer, steps)
		}
		last = at
		if s.Source.File != s.Layer {
			t.Fatalf("%s: the layer %s claims to stand at %s", path, s.Layer, s.Source)
		}
		scalar := s.Value != nil && s.Value.Kind != ir.Map && !namedItems(s.Value)
		if scalar && written[s.Source] != show(s.Value) {
			t.Fatalf("%s: %s is not what stands at %s", path, show(s.Value), s.Source)
		}
	}
}

func everyValue(v *ir.Value, visit func(*ir.Value)) {
	visit(v)
	for _, item := range v.Items {
		everyValue(item, visit)
	}
	for _, f := range v.Fields {
		everyValue(f.Value, visit)
	}
}

// TestHistoryOfChangedLayer shows that an overlay of defaults is told apart from the defaults.
func TestHistoryOfChangedLayer(t *testing.T) {
	base, overlay := value(t, "base", "{a: 1, b: 2, c: 3}"), value(t, "overlay", "{a: 4, c: null}")
	h := NewHistory([]Layer{
		{Name: "lower", Value: value(t, "lower", "{a: 0, c: 9}")},
		{Name: "defaults", Value: Merge(base, overlay), Base: base, Over: "production"},
	})
	for _, c := range []struct{ path, want string }{
		{"a", "production 4, defaults 1, lower 0"},
		{"b", "defaults 2"},
		{"c", "lower 9"}, // the overlay takes back what the defaults said
	} {
		var got []string
		for _, s := range h.Steps(Path{c.path}) {
			got = append(got, s.Layer+" "+show(s.Value))
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s, want %s", c.path, text, c.want)
		}
	}
}

func TestCorresponding(t *testing.T) {
	shown := value(t, "shown", "{list: [{name: a-1, v: 1}, {name: b, v: 2}]}")
	raw := value(t, "raw", `{list: [{name: "a-${N}", v: 1}, {name: b, v: 2}]}`)
	for _, path := range Leaves(shown) {
		if v := At(raw, Corresponding(shown, raw, path)); v == nil {
			t.Errorf("%s corresponds to nothing", path)
		}
	}
	if got := Corresponding(shown, raw, Path{"list", "a-1", "v"}).String(); got != "list.a-${N}.v" {
		t.Error(got)
	}
}
