package layer

import (
	"slices"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// How a merged value came to be is found by laying the layers again, one at a time, and looking after each what stands
// at the value's path: where the place it was written at has changed, the layer has set it. So a history can never tell
// another story than Merge, and merging itself keeps no books.

// Path leads to a value: keys of mappings and names of items.
type Path []string

// String is the path with dots, as in ports.http.port.
func (p Path) String() string { return strings.Join(p, ".") }

// Step is a layer's say about one value.
type Step struct {
	// Layer is the name of the layer.
	Layer string
	// Value is what it set; nil when it removed the value.
	Value *ir.Value
	// Source is where it says so.
	Source diag.Position
}

// Leaves lists the paths of the values below v that merging replaces whole, in order: scalars, lists of things without
// names, and empty mappings.
func Leaves(v *ir.Value) []Path {
	var paths []Path
	leaves(v, nil, &paths)
	return paths
}

func leaves(v *ir.Value, at Path, paths *[]Path) {
	below := func(name string) Path { return append(slices.Clone(at), name) }
	switch {
	case v == nil:
	case v.Kind == ir.Map && len(v.Fields) > 0:
		for _, f := range v.Fields {
			leaves(f.Value, below(f.Name), paths)
		}
	case namedItems(v):
		for _, item := range v.Items {
			leaves(item, below(itemName(item)), paths)
		}
	case len(at) > 0:
		*paths = append(*paths, at)
	}
}

// At follows a path down v; nil where it leads nowhere.
func At(v *ir.Value, path Path) *ir.Value {
	for _, name := range path {
		switch {
		case v == nil:
			return nil
		case v.Kind == ir.Map:
			v = v.Get(name)
		case namedItems(v):
			i := slices.IndexFunc(v.Items, func(item *ir.Value) bool { return itemName(item) == name })
			if i < 0 {
				return nil
			}
			v = v.Items[i]
		default:
			return nil
		}
	}
	return v
}

// Corresponding is the path in other of what stands at path in v, where both are the same but for the values of
// variables, which may stand in the names of items too.
func Corresponding(v, other *ir.Value, path Path) Path {
	translated := slices.Clone(path)
	for i, name := range path {
		if v == nil || other == nil {
			break
		}
		if v.Kind == ir.List {
			at := slices.IndexFunc(v.Items, func(item *ir.Value) bool { return itemName(item) == name })
			if at >= 0 && at < len(other.Items) {
				translated[i] = itemName(other.Items[at])
			}
		}
		v, other = At(v, path[i:i+1]), At(other, translated[i:i+1])
	}
	return translated
}

// History is a component's layers laid one at a time.
type History struct {
	layers []Layer
	laid   []*ir.Value // after each layer
}

// NewHistory lays layers, lowest first.
func NewHistory(layers []Layer) *History {
	h := &History{layers: layers}
	var merged *ir.Value
	for _, l := range layers {
		merged = Merge(merged, l.Value)
		h.laid = append(h.laid, merged)
	}
	return h
}

// Steps are what the layers have said about the value at a path, the topmost first.
func (h *History) Steps(path Path) []Step {
	var steps []Step
	var before *ir.Value
	for i, l := range h.layers {
		now := At(h.laid[i], path)
		switch {
		case now == nil && before != nil:
			steps = append(steps, Step{Layer: l.nameAt(path, nil), Source: removal(l.Value, path)})
		case now != nil && (before == nil || now.Source != before.Source):
			if base := At(l.Base, path); base != nil && base.Kind != ir.Null && base.Source != now.Source {
				steps = append(steps, Step{Layer: l.Name, Value: base, Source: base.Source})
			}
			steps = append(steps, Step{Layer: l.nameAt(path, now), Value: now, Source: now.Source})
		}
		before = now
	}
	slices.Reverse(steps)
	return steps
}

// Removed are the paths of values that some layer has set and a null above it removed.
func (h *History) Removed() []Path {
	var removed []Path
	seen := map[string]bool{}
	for i, laid := range h.laid {
		for _, path := range Leaves(laid) {
			key := strings.Join(path, "\x00")
			if seen[key] {
				continue
			}
			seen[key] = true
			if h.endsInNull(path, i) {
				removed = append(removed, path)
			}
		}
	}
	return removed
}

// endsInNull tells whether the value at a path, set by the layer of that index or before, is gone at the end because
// of a null.
func (h *History) endsInNull(path Path, set int) bool {
	if At(h.laid[len(h.laid)-1], path) != nil {
		return false
	}
	for i := len(h.layers) - 1; i > set; i-- {
		if At(h.laid[i], path) == nil && At(h.laid[i-1], path) != nil {
			for n := range path {
				if v := At(h.layers[i].Value, path[:n+1]); v != nil && v.Kind == ir.Null {
					return true
				}
			}
			return false
		}
	}
	return false
}

// nameAt is the layer's name, or that of the overlay that changed it at the path.
func (l Layer) nameAt(path Path, now *ir.Value) string {
	if l.Base == nil {
		return l.Name
	}
	base := At(l.Base, path)
	if now != nil && base != nil && base.Source == now.Source {
		return l.Name
	}
	if now == nil && base != nil && base.Kind == ir.Null {
		return l.Name
	}
	return l.Over
}

// removal is where a layer removes what is at a path: its null there or above, or else the layer itself, which says
// something instead of what the path leads through.
func removal(v *ir.Value, path Path) diag.Position {
	pos := diag.Position{}
	for n := 0; v != nil; n++ {
		pos = v.Source
		if v.Kind == ir.Null || n == len(path) {
			break
		}
		v = At(v, path[n:n+1])
	}
	return pos
}
