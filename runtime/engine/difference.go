package engine

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/plan"
)

const (
	unknownText = "(known after apply)"
	secretText  = "(secret)"
	// longestValue is how much of a value a plan shows, in runes.
	longestValue = 120
)

// propertyChanges tells, leaf by leaf, how inputs differ. Strings that hold JSON, as container definitions and
// policies, are compared inside. Changed names the top-level properties that the provider says differ, which tells of
// secrets, whose values are not shown; cause names those, or paths inside them, that force a replacement.
func propertyChanges(old, new resource.PropertyMap, changed, cause []string) []plan.Property {
	var out []plan.Property
	keys := map[resource.PropertyKey]bool{}
	for k := range old {
		keys[k] = true
	}
	for k := range new {
		keys[k] = true
	}
	for k := range keys {
		name := string(k)
		if strings.HasPrefix(name, "__") { // the provider's bookkeeping
			continue
		}
		found := compareValues(name, plainValue(old[k]), plainValue(new[k]))
		if len(found) == 0 && slices.Contains(changed, name) {
			found = []plan.Property{{Path: name, Old: show(plainValue(old[k])), New: show(plainValue(new[k]))}}
		}
		for i := range found {
			found[i].ForcesReplace = forces(found[i].Path, cause)
		}
		out = append(out, found...)
	}
	slices.SortFunc(out, func(a, b plan.Property) int { return strings.Compare(a.Path, b.Path) })
	return out
}

// forces tells whether a leaf is at or below one of the paths that force a replacement, or above it: where an object
// came or went, the leaf is the whole.
func forces(leaf string, cause []string) bool {
	return slices.ContainsFunc(cause, func(path string) bool { return within(leaf, path) || within(path, leaf) })
}

// within tells whether a path is another one or goes on from it.
func within(path, start string) bool {
	rest, ok := strings.CutPrefix(path, start)
	return ok && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

type unknown struct{}

type hidden struct{}

// plainValue turns a property into plain data, with JSON in strings opened.
func plainValue(v resource.PropertyValue) any {
	switch {
	case v.IsSecret():
		return hidden{}
	case v.IsComputed(), v.IsOutput() && !v.OutputValue().Known:
		return unknown{}
	case v.IsOutput():
		return plainValue(v.OutputValue().Element)
	case v.IsString():
		s := v.StringValue()
		if s == "[secret]" { // how the engine's events show one
			return hidden{}
		}
		return openJSON(s)
	case v.IsArray():
		items := []any{}
		for _, item := range v.ArrayValue() {
			items = append(items, plainValue(item))
		}
		return items
	case v.IsObject():
		fields := map[string]any{}
		for k, item := range v.ObjectValue() {
			if !strings.HasPrefix(string(k), "__") {
				fields[string(k)] = plainValue(item)
			}
		}
		return fields
	case v.IsArchive(): // by its content: where it lies on this machine tells nothing
		return "archive " + v.ArchiveValue().Hash
	case v.IsAsset():
		return "file " + v.AssetValue().Hash
	case v.IsNull():
		return nil
	default:
		return v.V
	}
}

func openJSON(s string) any {
	if t := strings.TrimSpace(s); strings.HasPrefix(t, "{") || strings.HasPrefix(t, "[") {
		var v any
		if json.Unmarshal([]byte(t), &v) == nil {
			return v
		}
	}
	return s
}

func compareValues(path string, old, new any) []plan.Property {
	switch o := old.(type) {
	case map[string]any:
		n, ok := new.(map[string]any)
		if !ok {
			break
		}
		var out []plan.Property
		for _, k := range unionKeys(o, n) {
			out = append(out, compareValues(path+"."+k, o[k], n[k])...)
		}
		return out
	case []any:
		n, ok := new.([]any)
		if !ok {
			break
		}
		var out []plan.Property
		for i := range max(len(o), len(n)) {
			out = append(out, compareValues(path+"["+strconv.Itoa(i)+"]", at(o, i), at(n, i))...)
		}
		return out
	}
	if show(old) == show(new) && encode(old) == encode(new) {
		return nil
	}
	return []plan.Property{{Path: path, Old: show(old), New: show(new)}}
}

func at(items []any, i int) any {
	if i < len(items) {
		return items[i]
	}
	return nil
}

func unionKeys(a, b map[string]any) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, ok := a[k]; !ok {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return keys
}

// show gives a value as people read it in a plan: strings quoted, so that spaces and line ends can be seen.
func show(v any) string {
	text := ""
	switch v := v.(type) {
	case nil:
		return ""
	case unknown:
		return unknownText
	case hidden:
		return secretText
	case string:
		text = strconv.Quote(v)
	default:
		text = encode(v)
	}
	if r := []rune(text); len(r) > longestValue {
		return string(r[:longestValue]) + "…"
	}
	return text
}

// encode gives equal texts for equal values.
func encode(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	return string(b)
}
