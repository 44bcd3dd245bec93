package sandbox

import (
	"testing"

	"github.com/panka-io/panka/codegen/sdktypes"
	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// TestChecksOfEveryType runs every check of every type on inputs that have everything: no pattern is malformed, and no
// check trips over values that make no sense or over none at all.
func TestChecksOfEveryType(t *testing.T) {
	w := newWorld(t, "")
	for typ, k := range w.account.kinds {
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("checking %s: %v", typ, r)
				}
			}()
			k.Check(nil)
			k.Check(everything(w.account.types, w.account.types.Resources[typ].Inputs, 0))
		}()
	}
}

// everything gives a value to each field, objects included. Types that contain themselves end at a depth.
func everything(types *sdktypes.Table, fields sdktypes.Fields, depth int) store.Values {
	values := store.Values{}
	if depth > 6 {
		return values
	}
	for name, typ := range fields {
		values[name] = one(types, typ, depth)
	}
	return values
}

func one(types *sdktypes.Table, typ sdktypes.Type, depth int) any {
	text := string(typ)
	if n := len(text); text[n-1] == '!' {
		text = text[:n-1]
	}
	switch text[0] {
	case '[':
		return []any{one(types, sdktypes.Type(text[1:len(text)-1]), depth)}
	case '{':
		return map[string]any{"x": one(types, sdktypes.Type(text[1:len(text)-1]), depth)}
	}
	switch text {
	case "string", "any":
		return "x"
	case "boolean":
		return true
	case "integer", "number":
		return -7.0
	}
	return map[string]any(everything(types, types.Objects[text], depth+1))
}
