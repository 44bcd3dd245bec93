package spec_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/panka-io/panka/codegen/spec"
	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
)

type inner struct {
	Name   string        `yaml:"name"`
	Source diag.Position `yaml:"-"`
}

type outer struct {
	Text   ir.Text            `yaml:"text"`
	Count  int                `yaml:"count"`
	Ratio  float64            `yaml:"ratio"`
	On     *bool              `yaml:"on"`
	Wait   spec.Seconds       `yaml:"wait"`
	List   []inner            `yaml:"list"`
	Params map[string]ir.Text `yaml:"params"`
}

func at(line int) diag.Position { return diag.Position{File: "f.yaml", Line: line, Column: 1} }

func str(s string, line int) *ir.Value {
	return &ir.Value{Kind: ir.String, Text: ir.Literal(s), Source: at(line)}
}

func num(n float64, line int) *ir.Value {
	return &ir.Value{Kind: ir.Number, Number: n, Source: at(line)}
}

func mapping(line int, fields ...ir.Field) *ir.Value {
	return &ir.Value{Kind: ir.Map, Fields: fields, Source: at(line)}
}

func TestDecode(t *testing.T) {
	yes := true
	deferred := ir.Text{{Literal: "v"}, {Variable: "VERSION"}}
	v := mapping(1,
		ir.Field{Name: "text", Value: &ir.Value{Kind: ir.String, Text: deferred}},
		ir.Field{Name: "count", Value: num(3, 2)},
		ir.Field{Name: "ratio", Value: num(0.5, 2)},
		ir.Field{Name: "on", Value: &ir.Value{Kind: ir.Bool, Bool: true}},
		ir.Field{Name: "wait", Value: str("2m30s", 4)},
		ir.Field{Name: "list", Value: &ir.Value{Kind: ir.List, Items: []*ir.Value{mapping(6, ir.Field{Name: "name", Value: str("x", 7)})}}},
		ir.Field{Name: "params", Value: mapping(8, ir.Field{Name: "max", Value: num(500, 9)})},
		ir.Field{Name: "gone", Value: &ir.Value{Kind: ir.Null}},
	)
	var got outer
	if ds := spec.Decode(v, &got); len(ds) > 0 {
		t.Fatal(ds)
	}
	want := outer{
		Text: deferred, Count: 3, Ratio: 0.5, On: &yes, Wait: 150,
		List: []inner{{Name: "x", Source: at(6)}}, Params: map[string]ir.Text{"max": ir.Literal("500")},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestDecodeReportsPlaces(t *testing.T) {
	list := &ir.Value{Kind: ir.List, Source: at(5)}
	for _, c := range []struct {
		name  string
		field string
		value *ir.Value
		want  string
	}{
		{"unknown field", "colour", str("red", 5), "spec.colour is not supported by this version of panka"},
		{"list for text", "text", list, "spec.text must be a string"},
		{"text for number", "count", str("3", 5), "spec.count must be a whole number"},
		{"fraction", "count", num(1.5, 5), "spec.count must be a whole number"},
		{"huge number", "count", num(1e300, 5), "spec.count must be a whole number"},
		{"odd time", "wait", str("soon", 5), "spec.wait must be a whole number of seconds"},
		{"half a second", "wait", num(0.5, 5), "spec.wait must be a whole number of seconds"},
		{"mapping for list", "list", mapping(5), "spec.list must be a list"},
		{"text for mapping", "params", str("x", 5), "spec.params must be a mapping"},
		{"list in a list", "list", &ir.Value{Kind: ir.List, Items: []*ir.Value{list}}, "spec.list[0] must be a mapping"},
		{"variable for a time", "wait", &ir.Value{Kind: ir.String, Text: ir.Text{{Variable: "X"}}, Source: at(5)}, "spec.wait shapes"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got outer
			ds := spec.Decode(mapping(1, ir.Field{Name: c.field, Value: c.value}), &got)
			if len(ds) != 1 || !strings.Contains(ds[0].Message, c.want) || ds[0].Line != 5 {
				t.Errorf("got %v, want %q on line 5", ds, c.want)
			}
		})
	}
}

// TestDecodeTakesAnyValueAsItIs: a field of type *ir.Value is for what has no fixed form.
func TestDecodeTakesAnyValueAsItIs(t *testing.T) {
	want := mapping(3, ir.Field{Name: "size", Value: num(7, 3)})
	var got struct {
		Filter  *ir.Value `yaml:"filter"`
		Missing *ir.Value `yaml:"missing"`
	}
	if ds := spec.Decode(mapping(1, ir.Field{Name: "filter", Value: want}), &got); len(ds) > 0 || got.Filter != want || got.Missing != nil {
		t.Errorf("got %+v, %v", got, ds)
	}
}
