// Package spec turns a component's merged spec, an ir.Value, into the typed struct of its kind.
//
// The spec has been validated and completed by the schema, so what does not fit here is a field that the schema knows
// and the generator does not, or a mistake in panka; either way the answer is a diagnostic at the value's place, never a
// panic and never a silently ignored field. Only a field of type ir.Text may still hold variables; string, bool, int and
// float64 fields must be settled.
//
// A struct names its fields with the tag yaml:"name"; one tagged yaml:",inline" is a struct whose fields stand in the same
// mapping. A pointer, slice or map stays nil when the YAML has no value. A
// field of type *ir.Value takes any value as it is. A
// field of type diag.Position tagged yaml:"-" receives the place of the mapping.
package spec

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"time"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

// Seconds is a length of time in whole seconds. The YAML gives a number of seconds or a text such as 15m.
type Seconds int

// Code is the code of all diagnostics of this package.
const Code = "cannot-generate"

var (
	textType     = reflect.TypeFor[ir.Text]()
	secondsType  = reflect.TypeFor[Seconds]()
	positionType = reflect.TypeFor[diag.Position]()
	valueType    = reflect.TypeFor[*ir.Value]()
)

// Decode fills the struct that into points to from v. A nil or null v leaves it as it is.
func Decode(v *ir.Value, into any) diag.List {
	var d decoder
	d.value(v, reflect.ValueOf(into).Elem(), "spec")
	return d.found
}

type decoder struct{ found diag.List }

func (d *decoder) fail(v *ir.Value, format string, args ...any) {
	d.found.Add(diag.Errorf(v.Source, Code, format, args...))
}

func (d *decoder) value(v *ir.Value, into reflect.Value, path string) {
	if v == nil || v.Kind == ir.Null {
		return
	}
	switch into.Type() {
	case valueType:
		into.Set(reflect.ValueOf(v))
		return
	case textType:
		d.text(v, into, path)
		return
	case secondsType:
		d.seconds(v, into, path)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		d.value(v, into.Elem(), path)
	case reflect.Struct:
		d.structure(v, into, path)
	case reflect.Slice:
		d.slice(v, into, path)
	case reflect.Map:
		d.mapping(v, into, path)
	default:
		d.scalar(v, into, path)
	}
}

func (d *decoder) structure(v *ir.Value, into reflect.Value, path string) {
	if v.Kind != ir.Map {
		d.fail(v, "%s must be a mapping", path)
		return
	}
	known := map[string]reflect.Value{}
	collect(v, into, known)
	for _, f := range v.Fields {
		field, ok := known[f.Name]
		switch {
		case ok:
			d.value(f.Value, field, path+"."+f.Name)
		case f.Value != nil && f.Value.Kind != ir.Null:
			d.fail(f.Value, "%s.%s is not supported by this version of panka", path, f.Name)
		}
	}
}

// collect finds the fields of a struct by their names in the YAML.
func collect(v *ir.Value, into reflect.Value, known map[string]reflect.Value) {
	for i := range into.NumField() {
		field := into.Type().Field(i)
		switch tag := field.Tag.Get("yaml"); {
		case tag == ",inline":
			collect(v, into.Field(i), known)
		case tag == "-" && field.Type == positionType:
			into.Field(i).Set(reflect.ValueOf(v.Source))
		case tag != "" && tag != "-":
			known[tag] = into.Field(i)
		}
	}
}

func (d *decoder) slice(v *ir.Value, into reflect.Value, path string) {
	if v.Kind != ir.List {
		d.fail(v, "%s must be a list", path)
		return
	}
	list := reflect.MakeSlice(into.Type(), len(v.Items), len(v.Items))
	for i, item := range v.Items {
		d.value(item, list.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
	into.Set(list)
}

func (d *decoder) mapping(v *ir.Value, into reflect.Value, path string) {
	if v.Kind != ir.Map {
		d.fail(v, "%s must be a mapping", path)
		return
	}
	m := reflect.MakeMap(into.Type())
	for _, f := range v.Fields {
		elem := reflect.New(into.Type().Elem()).Elem()
		d.value(f.Value, elem, path+"."+f.Name)
		m.SetMapIndex(reflect.ValueOf(f.Name), elem)
	}
	into.Set(m)
}

func (d *decoder) scalar(v *ir.Value, into reflect.Value, path string) {
	switch {
	case into.Kind() == reflect.String && v.Kind == ir.String:
		if s, ok := d.static(v, path); ok {
			into.SetString(s)
		}
	case into.Kind() == reflect.Bool && v.Kind == ir.Bool:
		into.SetBool(v.Bool)
	case into.Kind() == reflect.Float64 && v.Kind == ir.Number:
		into.SetFloat(v.Number)
	case into.Kind() == reflect.Int && v.Kind == ir.Number && v.Number == math.Trunc(v.Number) && math.Abs(v.Number) < 1<<53:
		into.SetInt(int64(v.Number))
	default:
		d.fail(v, "%s must be a %s", path, map[reflect.Kind]string{
			reflect.String: "string", reflect.Bool: "boolean", reflect.Float64: "number", reflect.Int: "whole number",
		}[into.Kind()])
	}
}

func (d *decoder) static(v *ir.Value, path string) (string, bool) {
	s, ok := v.Text.Static()
	if !ok {
		d.fail(v, "%s shapes what is generated, so its variables must have values to compile", path)
	}
	return s, ok
}

// text takes scalars of every kind: YAML people write numbers where a text is meant, as in a parameter's value.
func (d *decoder) text(v *ir.Value, into reflect.Value, path string) {
	switch v.Kind {
	case ir.String:
		into.Set(reflect.ValueOf(v.Text))
	case ir.Number:
		into.Set(reflect.ValueOf(ir.Literal(strconv.FormatFloat(v.Number, 'f', -1, 64))))
	case ir.Bool:
		into.Set(reflect.ValueOf(ir.Literal(strconv.FormatBool(v.Bool))))
	default:
		d.fail(v, "%s must be a string", path)
	}
}

func (d *decoder) seconds(v *ir.Value, into reflect.Value, path string) {
	switch v.Kind {
	case ir.Number:
		if v.Number == math.Trunc(v.Number) && math.Abs(v.Number) < 1<<31 {
			into.SetInt(int64(v.Number))
			return
		}
	case ir.String:
		s, ok := d.static(v, path)
		if !ok {
			return
		}
		if length, err := time.ParseDuration(s); err == nil && length == length.Truncate(time.Second) {
			into.SetInt(int64(length / time.Second))
			return
		}
	}
	d.fail(v, "%s must be a whole number of seconds or a time such as 30s or 15m", path)
}
