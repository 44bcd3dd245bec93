package schema

import "github.com/panka-io/panka/compiler/source"

// inputs gathers what a rule looks at; known is false if something without a default is missing, or something is wrong
// in itself or still a variable.
func (c *check) inputs(sh *shape, r *rule, d *datum, partial bool) (values []any, known bool) {
	for _, input := range r.inputs {
		path := pathOf(input.path)
		at := d.get(path...)
		standing := stands(sh, d, path[:len(path)-1])
		if input.optional && at.absent() && !partial && !(standing && sh.hasDefault(path)) {
			values = append(values, nil)
			continue
		}
		if !standing || at.absent() && sh.requires(path) {
			return nil, false
		}
		value, known := c.input(sh.at(path), at, partial)
		if !known {
			return nil, false
		}
		values = append(values, value)
	}
	return values, true
}

// input is one value as a rule takes it. A layer's list is not known, since others may add to it.
func (c *check) input(sh *shape, at *datum, partial bool) (value any, known bool) {
	switch {
	case sh == nil:
		return nil, false
	case sh.form == leafForm && !at.absent():
		return c.scalar(sh, at)
	case sh.form == leafForm && !partial:
		fallback, ok := sh.defaultScalar()
		if !ok {
			return nil, false
		}
		return fallback.native(), true
	case sh.form == listForm && !partial:
		return c.whole(sh, at)
	default:
		return nil, false
	}
}

func (c *check) scalar(sh *shape, at *datum) (value any, known bool) {
	if at.open != closed {
		return nil, false
	}
	at = inSeconds(sh, at)
	return at.native(), c.schema.sound(sh, at)
}

// whole is a value with all that is in it. Lists that are missing are empty; leaves that are missing have their
// defaults, if any.
func (c *check) whole(sh *shape, at *datum) (value any, known bool) {
	switch {
	case sh.form == patternForm && !at.absent():
		return true, true // a rule sees that there is one, no more
	case sh.form == leafForm && !at.absent():
		return c.scalar(sh, at)
	case sh.form == listForm && at.absent():
		return []any{}, true
	case sh.form == listForm && at.kind == source.List:
		return c.wholeList(sh, at)
	case sh.form == mapForm && at.kind == source.Map:
		return c.wholeMap(sh, at)
	case sh.form == structForm && at.kind == source.Map:
		return c.wholeStruct(sh, at)
	default:
		return nil, false
	}
}

func (c *check) wholeList(sh *shape, at *datum) (value any, known bool) {
	items := make([]any, len(at.items))
	for i, item := range at.items {
		if item.absent() {
			return nil, false
		}
		if items[i], known = c.whole(sh.elem, item); !known {
			return nil, false
		}
	}
	return items, true
}

func (c *check) wholeMap(sh *shape, at *datum) (value any, known bool) {
	entries := map[string]any{}
	for _, f := range at.fields {
		if f.value.absent() {
			continue
		}
		if entries[f.name], known = c.whole(sh.elem, f.value); !known {
			return nil, false
		}
	}
	return entries, true
}

func (c *check) wholeStruct(sh *shape, at *datum) (value any, known bool) {
	for _, f := range at.fields {
		if sh.field(f.name) == nil {
			return nil, false
		}
	}
	fields := map[string]any{}
	for _, f := range sh.fields {
		inner := at.get(f.name)
		if inner.absent() {
			if fallback, ok := f.shape.defaultScalar(); ok && !f.optional {
				fields[f.name] = fallback.native()
			}
			if f.required {
				return nil, false
			}
			continue
		}
		part, known := c.whole(f.shape, inner)
		if !known {
			return nil, false
		}
		fields[f.name] = part
	}
	return fields, true
}

// stands tells whether the structure at a path is there, if only by its defaults; an optional one is not unless it is
// written.
func stands(sh *shape, d *datum, path []string) bool {
	for i, name := range path {
		field := sh.at(path[:i]).field(name)
		if field == nil || (field.optional || field.required) && d.get(path[:i+1]...).absent() {
			return false
		}
	}
	return true
}

// requires tells whether the last field of a path is required where it stands.
func (sh *shape) requires(path []string) bool {
	f := sh.at(path[:len(path)-1]).field(path[len(path)-1])
	return f != nil && f.required
}

// hasDefault tells whether something stands at the end of a path by default.
func (sh *shape) hasDefault(path []string) bool {
	_, ok := sh.at(path).defaultScalar()
	return ok
}
