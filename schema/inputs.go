package schema

import "github.com/panka-io/panka/compiler/source"

// inputs gathers what a rule looks at; known is false if something is missing, wrong in itself or still a variable.
func (c *check) inputs(sh *shape, r *rule, d *datum, partial bool) (values []any, known bool) {
	for _, input := range r.inputs {
		path := pathOf(input)
		if !stands(sh, d, path[:len(path)-1]) {
			return nil, false
		}
		value, known := c.input(sh.at(path), d.get(path...), partial)
		if !known {
			return nil, false
		}
		values = append(values, value)
	}
	return values, true
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

// input is one field that a rule looks at, absent or not. partial tells that other layers may add to it.
func (c *check) input(sh *shape, d *datum, partial bool) (value any, known bool) {
	switch {
	case sh == nil:
		return nil, false
	case sh.form == listForm:
		if partial {
			return nil, false
		}
		return c.inputList(sh, d)
	case !d.absent() && d.open == closed:
		d = inSeconds(sh, d)
		if !c.schema.sound(sh, d) {
			return nil, false
		}
		return d.native(), true
	case d.absent() && !partial:
		fallback, ok := sh.defaultScalar()
		if !ok {
			return nil, false
		}
		return fallback.native(), true
	default:
		return nil, false
	}
}

func (c *check) inputList(sh *shape, d *datum) (values []any, known bool) {
	values = []any{}
	if d.absent() {
		return values, true
	}
	if d.kind != source.List {
		return nil, false
	}
	for _, item := range d.items {
		value, known := c.inputItem(sh.elem, item)
		if !known {
			return nil, false
		}
		values = append(values, value)
	}
	return values, true
}

// inputItem is an item of a list, or what is in one. A structure becomes a map of the fields that are there or have a
// scalar for a default.
func (c *check) inputItem(sh *shape, d *datum) (value any, known bool) {
	if sh.form == leafForm || sh.form == listForm {
		return c.input(sh, d, false)
	}
	if d.kind != source.Map {
		return nil, false
	}
	fields := map[string]any{}
	for _, f := range d.fields {
		inner := sh.elem
		if sh.form == structForm {
			field := sh.field(f.name)
			if field == nil {
				return nil, false
			}
			inner = field.shape
		}
		if f.value.absent() {
			continue
		}
		if fields[f.name], known = c.inputItem(inner, f.value); !known {
			return nil, false
		}
	}
	for _, field := range sh.fields {
		if field.required && fields[field.name] == nil {
			return nil, false
		}
		if fallback, ok := field.shape.defaultScalar(); ok && fields[field.name] == nil {
			fields[field.name] = fallback.native()
		}
	}
	return fields, true
}
