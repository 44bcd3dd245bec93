package template_test

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/layer"
	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/template"
)

const declarations = `
apiVersion: core.panka.io/v1
kind: Template
metadata: {name: t}
spec:
  kind: MicroService
  parameters:
    text: {}
    number: {type: number, default: 1}
    bool: {type: boolean, default: false}
    choice: {type: enum, values: [one, two], default: one}
    matched: {pattern: "[a-z]+", default: a}
    needed: {required: true}
  component:
`

// document reads a template whose component is the given YAML.
func document(t rapid.TB, component string) *source.Document {
	t.Helper()
	nodes, ds := source.Parse("templates/t.yaml", []byte(declarations+"    "+component+"\n"))
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	return &source.Document{Root: nodes[0], Metadata: source.Metadata{Name: "t"}, Pos: nodes[0].Pos}
}

func apply(t rapid.TB, component, with string) (*ir.Value, *template.Use, diag.List) {
	t.Helper()
	nodes, ds := source.Parse("use.yaml", []byte("{name: t, with: "+with+"}"))
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	nowhere := func(string) diag.Position { return diag.Position{File: "use.yaml", Line: 9, Column: 9} }
	return template.Read(document(t, component), layer.FromNode).Apply(layer.FromNode(nodes[0]), nowhere, inStrings)
}

// inStrings are the places for strings only: the field string, and the items of strings.
func inStrings(path []string) bool {
	place := strings.Join(path, ".")
	return place == "string" || place == "strings.*"
}

// text writes a value: strings as they are, variables as ${NAME}, other scalars behind their type.
func text(v *ir.Value) string {
	switch {
	case v == nil:
		return "nothing"
	case v.Kind == ir.Number:
		return "number " + strconv.FormatFloat(v.Number, 'f', -1, 64)
	case v.Kind == ir.Bool && v.Bool:
		return "yes"
	case v.Kind == ir.Bool:
		return "no"
	}
	s := ""
	for _, part := range v.Text {
		if part.Variable != "" {
			s += "<" + part.Variable + ">"
		} else {
			s += part.Literal
		}
	}
	return s
}

func TestApply(t *testing.T) {
	for _, c := range []struct{ name, field, with, want string }{
		{"alone", `"${param:text}"`, `{needed: n, text: x}`, "x"},
		{"nothing", `"${param:text}"`, `{needed: n}`, "nothing"},
		{"a number stays one", `"${param:number}"`, `{needed: n, number: 8.5}`, "number 8.5"},
		{"a default", `"${param:number}"`, `{needed: n}`, "number 1"},
		{"a boolean", `"${param:bool}"`, `{needed: n, bool: true}`, "yes"},
		{"inside a text", `"a-${param:number}-${param:bool}"`, `{needed: n, number: 1000000}`, "a-1000000-false"},
		{"variables of the template", `"${A}-${param:needed}"`, `{needed: n}`, "<A>-n"},
		{"variables of the use", `"x-${param:needed}"`, `{needed: "${B}-c"}`, "x-<B>-c"},
		{"an escape", `"$${param:needed}"`, `{needed: n}`, "${param:needed}"},
		{"an escape in the use", `"${param:needed}"`, `{needed: "$${X}"}`, "${X}"},
		{"no variable by joining", `"${param:needed}{X}"`, `{needed: $}`, "${X}"},
		{"no parameter by joining", `"${param:needed}{param:text}"`, `{needed: $, text: x}`, "${param:text}"},
		{"no second round", `"${param:needed}"`, `{needed: "${param:text}", text: x}`, "<param:text>"},
		{"an empty text", `"${param:needed}"`, `{needed: ""}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, _, ds := apply(t, "{field: "+c.field+", list: ["+c.field+"]}", c.with)
			if got := text(v.Get("field")); got != c.want || len(ds) > 0 {
				t.Errorf("got %q and %v, want %q", got, ds, c.want)
			}
			if n := len(v.Get("list").Items); (n == 1) != (c.want != "nothing") {
				t.Errorf("the list has %d items", n)
			}
		})
	}
}

// Where only a string can stand, a number is text as it was written.
func TestApplyWhereOnlyStringsStand(t *testing.T) {
	for _, c := range []struct{ parameter, with, want string }{
		{"number", `{needed: n, number: 1.10}`, "1.10"},
		{"number", `{needed: n, number: 1e3}`, "1e3"},
		{"number", `{needed: n}`, "1"},
		{"number", `{needed: n, number: "${A}"}`, "<A>"},
		{"bool", `{needed: n, bool: true}`, "true"},
		{"text", `{needed: n}`, "nothing"},
	} {
		field := `"${param:` + c.parameter + `}"`
		v, u, ds := apply(t, "{string: "+field+", strings: ["+field+"], other: "+field+"}", c.with)
		if got := text(v.Get("string")); got != c.want || len(ds) > 0 {
			t.Errorf("%s with %s: got %q and %v, want %q", c.parameter, c.with, got, ds, c.want)
		}
		if c.want == "nothing" {
			continue
		}
		if got := text(v.Get("strings").Items[0]); got != c.want {
			t.Errorf("%s with %s: the item is %q, want %q", c.parameter, c.with, got, c.want)
		}
		if other := v.Get("other"); c.with != `{needed: n, number: "${A}"}` && other.Kind == ir.String {
			t.Errorf("%s with %s: the other field became a string: %q", c.parameter, c.with, text(other))
		}
		if place := v.Get("string").Source; strings.Contains(c.with, c.parameter+":") && u.Values[place].File != "use.yaml" {
			t.Errorf("%s with %s: given at %s", c.parameter, c.with, u.Values[place])
		}
	}
}

// A dollar sign from one place and a brace from another make no variable.
func TestJoiningMakesNoVariable(t *testing.T) {
	v, _, _ := apply(t, `{field: "${param:needed}{X}"}`, `{needed: $}`)
	if s, static := v.Get("field").Text.Static(); !static || s != "${X}" {
		t.Errorf("the text is %+v", v.Get("field").Text)
	}
}

// Whatever a value is, a text with it in the middle is the text around it and the value.
func TestApplyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.StringMatching(`[a-z0-9/:. -]{0,8}`)
		before, after, value := plain.Draw(t, "before"), plain.Draw(t, "after"), plain.Draw(t, "value")
		v, u, ds := apply(t, `{field: "<`+before+`${param:needed}`+after+`>"}`, `{needed: "`+value+`"}`)
		field := v.Get("field")
		if got, want := text(field), "<"+before+value+after+">"; got != want || len(field.Text) != 1 || len(ds) > 0 {
			t.Fatalf("got %q in %d parts and %v, want %q", got, len(field.Text), ds, want)
		}
		if field.Source.File != "templates/t.yaml" || u.Values[field.Source].File != "use.yaml" {
			t.Fatalf("the text stands at %s and was given at %s", field.Source, u.Values[field.Source])
		}
	})
}

func TestCheckUse(t *testing.T) {
	for _, c := range []struct{ with, want string }{
		{`{needed: n}`, ""},
		{`{needed: n, number: 2, bool: true, choice: two, matched: b}`, ""},
		{`{needed: n, number: two}`, "number must be a number"},
		{`{needed: n, number: "${SEVEN}"}`, ""},
		{`{needed: n, number: "1${SEVEN}"}`, "number must be a number"},
		{`{needed: n, number: "${WORD}"}`, "number must be a number"},
		{`{needed: n, bool: "${TRUE}"}`, ""},
		{`{needed: n, bool: 1}`, "bool must be true or false"},
		{`{needed: n, choice: three}`, "choice must be one of one, two"},
		{`{needed: n, choice: "${UNKNOWN}"}`, ""},
		{`{needed: n, matched: A}`, "matched must be matched by"},
		{`{needed: n, matched: "${SEVEN}"}`, "matched must be matched by"},
		{`{needed: 5}`, "needed must be a string"},
	} {
		_, u, ds := apply(t, "{}", c.with)
		ds.Add(u.Check(func(text ir.Text) ir.Text {
			known := map[string]string{"SEVEN": "7", "WORD": "word", "TRUE": "true"}
			var filled ir.Text
			for _, part := range text {
				if value, ok := known[part.Variable]; ok {
					part = ir.Part{Literal: value}
				}
				filled = append(filled, part)
			}
			return filled
		})...)
		got := strings.NewReplacer(`parameter "`, "", `" of template "t"`, "").Replace(ds.Error())
		if (c.want == "") != (len(ds) == 0) || !strings.Contains(got, c.want) {
			t.Errorf("%s: %v, want %q", c.with, ds, c.want)
		}
	}
}
