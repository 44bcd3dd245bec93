package layer

import (
	"slices"

	"github.com/panka-io/panka/compiler/ir"
)

// Merge lays top over base and returns the result; neither is changed, and the result may share parts with both.
// Either may be nil, for a layer that says nothing. A null top, or a nil one over nil, gives nil.
//
// Laying {replicas: 4, team: null} over {replicas: 2, team: a, size: 1} gives {replicas: 4, size: 1}.
func Merge(base, top *ir.Value) *ir.Value {
	switch {
	case top == nil:
		return base
	case top.Kind == ir.Null:
		return nil
	case base == nil:
		return withoutNull(top)
	case base.Kind == ir.Map && top.Kind == ir.Map:
		return mergeMaps(base, top)
	case namedItems(base) && namedItems(top):
		return mergeNamed(base, top)
	}
	return withoutNull(top)
}

// mergeMaps walks both field lists, which are sorted by name.
func mergeMaps(base, top *ir.Value) *ir.Value {
	merged := &ir.Value{Kind: ir.Map, Source: top.Source, Fields: make([]ir.Field, 0, len(base.Fields)+len(top.Fields))}
	b, t := base.Fields, top.Fields
	for len(b) > 0 || len(t) > 0 {
		var name string
		var below, above *ir.Value
		if len(t) == 0 || (len(b) > 0 && b[0].Name <= t[0].Name) {
			name, below = b[0].Name, b[0].Value
		} else {
			name = t[0].Name
		}
		if len(t) > 0 && t[0].Name == name {
			above, t = t[0].Value, t[1:]
		}
		if below != nil {
			b = b[1:]
		}
		if v := Merge(below, above); v != nil {
			merged.Fields = append(merged.Fields, ir.Field{Name: name, Value: v})
		}
	}
	return merged
}

// mergeNamed lays the items of top over those of base with the same name and adds the new ones behind.
func mergeNamed(base, top *ir.Value) *ir.Value {
	merged := &ir.Value{Kind: ir.List, Source: top.Source, Items: slices.Clone(base.Items)}
	places := make(map[string]int, len(base.Items))
	for i, item := range base.Items {
		places[itemName(item)] = i
	}
	for _, item := range top.Items {
		if i, ok := places[itemName(item)]; ok {
			merged.Items[i] = Merge(merged.Items[i], item)
		} else {
			merged.Items = append(merged.Items, withoutNull(item))
		}
	}
	return merged
}

// namedItems tells whether v is a list of mappings with distinct names. An empty list is not one: laid over another it
// empties it.
func namedItems(v *ir.Value) bool {
	if v.Kind != ir.List || len(v.Items) == 0 {
		return false
	}
	seen := make(map[string]bool, len(v.Items))
	for _, item := range v.Items {
		name := itemName(item)
		if name == "" || seen[name] {
			return false
		}
		seen[name] = true
	}
	return true
}

func itemName(item *ir.Value) string {
	name := item.Get("name")
	if name == nil || name.Kind != ir.String {
		return ""
	}
	return name.Text.String()
}

// withoutNull drops the fields that are null, at any depth: over nothing there is nothing to remove.
func withoutNull(v *ir.Value) *ir.Value {
	if !holdsNull(v) {
		return v
	}
	cleaned := *v
	cleaned.Items, cleaned.Fields = nil, nil
	for _, item := range v.Items {
		cleaned.Items = append(cleaned.Items, withoutNull(item))
	}
	for _, f := range v.Fields {
		if f.Value.Kind != ir.Null {
			cleaned.Fields = append(cleaned.Fields, ir.Field{Name: f.Name, Value: withoutNull(f.Value)})
		}
	}
	return &cleaned
}

// holdsNull tells whether a field somewhere below v is null. A null item of a list is left for the schema to refuse.
func holdsNull(v *ir.Value) bool {
	return slices.ContainsFunc(v.Items, holdsNull) ||
		slices.ContainsFunc(v.Fields, func(f ir.Field) bool { return f.Value.Kind == ir.Null || holdsNull(f.Value) })
}
