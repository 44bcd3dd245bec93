package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/panka-io/panka/runtime/provider"
	"github.com/panka-io/panka/runtime/sandbox/internal/aws"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Diff implements provider.Provider. A value that is not known yet counts as changed. Lists of strings are sets but
// where the type says otherwise, so their order does not matter; nor does that of objects in a kind's Sets, nor the form
// of JSON text.
func (p *regional) Diff(_ context.Context, r provider.DiffRequest) (provider.Diff, error) {
	k, _, err := p.kind(r.URN)
	if err != nil {
		return provider.Diff{}, err
	}
	old, now := open(r.OldInputs).values, open(r.NewInputs).values
	var d provider.Diff
	for _, key := range union(old, now) {
		if same(k, key, old[key], now[key]) {
			continue
		}
		d.Changed = append(d.Changed, key)
		d.Replace = append(d.Replace, fixed(p.fixedPaths(k), key, old, now)...)
	}
	if len(d.Changed) > 0 && k.ReplaceIf != nil {
		for _, key := range k.ReplaceIf(old, now) {
			if !slices.Contains(d.Replace, key) {
				d.Replace = append(d.Replace, key)
			}
		}
	}
	d.DeleteBeforeReplace = len(d.Replace) > 0 && namesClash(k, r.URN, old, now)
	return d, nil
}

// fixed gives what of a changed property cannot change in place: itself, or paths inside it.
func fixed(paths []string, key string, old, now store.Values) []string {
	var out []string
	for _, path := range paths {
		top, inner, deeper := strings.Cut(path, ".")
		if top != key {
			continue
		}
		if !deeper || !equalAt(inner, old[key], now[key]) {
			out = append(out, path)
		}
	}
	return out
}

// equalAt compares what is at a dotted path through two objects. Where one is not known yet, they differ.
func equalAt(path string, a, b any) bool {
	name, inner, deeper := strings.Cut(path, ".")
	x, isX := a.(map[string]any)
	y, isY := b.(map[string]any)
	switch {
	case isX && isY && deeper:
		return equalAt(inner, x[name], y[name])
	case isX && isY:
		return equal(x[name], y[name])
	case isX && b == nil:
		return !store.Values(x).Has(name)
	case isY && a == nil:
		return !store.Values(y).Has(name)
	}
	return equal(a, b)
}

// namesClash tells whether the old and the new resource would need the same name: one that was not generated.
func namesClash(k *aws.Kind, urn resource.URN, old, now store.Values) bool {
	if k.Identity != nil {
		return k.Identity(old) == k.Identity(now)
	}
	if k.Name == "" {
		return false
	}
	name := now.String(k.Name)
	return name != "" && name == old.String(k.Name) && !aws.IsAutoName(name, urn.Name())
}

func union(a, b store.Values) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if !a.Has(k) {
			keys = append(keys, k)
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

func same(k *aws.Kind, key string, a, b any) bool {
	if slices.Contains(k.JSON, key) {
		x, ok1 := parseJSON(a)
		y, ok2 := parseJSON(b)
		if ok1 && ok2 {
			return reflect.DeepEqual(x, y)
		}
	}
	if slices.Contains(k.Sets, key) {
		a, b = inOrder(a), inOrder(b)
	}
	return equal(a, b) && (!slices.Contains(k.Ordered, key) || reflect.DeepEqual(a, b))
}

// inOrder sorts a list by its elements' text, so that two lists in different order compare as sets.
func inOrder(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	sorted := slices.Clone(list)
	slices.SortFunc(sorted, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	return sorted
}

func parseJSON(v any) (parsed any, ok bool) {
	text, isText := v.(string)
	return parsed, isText && json.Unmarshal([]byte(text), &parsed) == nil
}

// equal compares two values; something unknown equals nothing.
func equal(a, b any) bool {
	switch x := a.(type) {
	case store.Unknown:
		return false
	case []any:
		y, ok := b.([]any)
		if !ok || len(x) != len(y) {
			return false
		}
		if s, t := asSet(x), asSet(y); s != nil && t != nil {
			return slices.Equal(s, t)
		}
		for i := range x {
			if !equal(x[i], y[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		y, ok := b.(map[string]any)
		if !ok {
			return false
		}
		for _, key := range union(x, y) {
			if !equal(x[key], y[key]) {
				return false
			}
		}
		return true
	}
	if _, unknown := b.(store.Unknown); unknown {
		return false
	}
	return a == b
}

// asSet gives the strings of a list of strings in order, or nil.
func asSet(list []any) []string {
	out := make([]string, 0, len(list))
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			return nil
		}
		out = append(out, s)
	}
	slices.Sort(out)
	return out
}
