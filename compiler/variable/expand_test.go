package variable

import (
	"regexp"
	"strings"
	"testing"

	"github.com/panka-io/panka/compiler/diag"
	"github.com/panka-io/panka/compiler/ir"
	"github.com/panka-io/panka/compiler/source"
)

func text(s string) *ir.Value {
	t, _ := Parse(s)
	return &ir.Value{Kind: ir.String, Text: t, Source: diag.Position{File: "f", Line: 1, Column: 1}}
}

func fields(pairs ...any) *ir.Value {
	v := &ir.Value{Kind: ir.Map}
	for i := 0; i < len(pairs); i += 2 {
		v.Fields = append(v.Fields, ir.Field{Name: pairs[i].(string), Value: pairs[i+1].(*ir.Value)})
	}
	return v
}

func boolean(b bool) *ir.Value { return &ir.Value{Kind: ir.Bool, Bool: b} }

func list(items ...*ir.Value) *ir.Value { return &ir.Value{Kind: ir.List, Items: items} }

func declared(t *testing.T) *Set {
	t.Helper()
	set, ds := Declare(fields(
		"COUNT", fields("default", text("3"), "type", text("number")),
		"KEY", fields("default", text("hunter2"), "sensitive", boolean(true)),
		"ON", fields("default", text("true"), "type", text("boolean")),
		"SIZE", fields("type", text("enum"), "values", list(text("small"), text("large"))),
		"VERSION", fields("pattern", text(`v\d+`), "required", boolean(true)),
	), nil)
	if len(ds) > 0 {
		t.Fatalf("Declare: %v", ds)
	}
	return set
}

// inPlaces defers image tags and the values of environment variables, and has strings only in names of items.
var inPlaces = Places{
	Deferred: func(path []string) bool {
		place := strings.Join(path, ".")
		return place == "image.tag" || place == "environment.*.value"
	},
	TextOnly: func(path []string) bool { return strings.Join(path, ".") == "items.*.name" },
}

func codes(ds diag.List) string {
	var all []string
	for _, d := range ds {
		all = append(all, d.Code)
	}
	return strings.Join(all, " ")
}

func TestAssign(t *testing.T) {
	cases := []struct{ name, value, code string }{
		{"COUNT", "4", ""}, {"COUNT", "-1.5e3", ""}, {"COUNT", "four", "invalid-variable"}, {"COUNT", "0x10", "invalid-variable"},
		{"COUNT", "Inf", "invalid-variable"}, {"COUNT", "", "invalid-variable"},
		{"ON", "false", ""}, {"ON", "yes", "invalid-variable"},
		{"SIZE", "large", ""}, {"SIZE", "huge", "invalid-variable"},
		{"VERSION", "v12", ""}, {"VERSION", "v12-rc", "invalid-variable"},
		{"VERSON", "v1", "undeclared-variable"},
	}
	for _, c := range cases {
		set := declared(t)
		ds := set.AssignAll(map[string]string{c.name: c.value}, nil)
		if codes(ds) != c.code {
			t.Errorf("%s=%s: %v, want %q", c.name, c.value, ds, c.code)
		}
	}
	ds := declared(t).Assign("VERSON", "v1", diag.Position{}, diag.Position{})
	if ds[0].Hint != `did you mean "VERSION"?` {
		t.Errorf("hint %q", ds[0].Hint)
	}
}

func TestOrigins(t *testing.T) {
	place := func(column int) diag.Position { return diag.Position{File: "v.yaml", Line: 1, Column: column} }
	file := Origin{By: "--var-file", Name: place(1), Value: place(8)}
	for _, c := range []struct {
		name, value string
		from        Origin
		pos         diag.Position
		hint        string
		secret      bool
	}{
		{"SIZE", "huge", file, place(8), "", true},
		{"SIEZ", "large", file, place(1), `did you mean "SIZE"?`, true},
		{"SIZE", "huge", Origin{By: "PANKA_VAR_SIZE"}, diag.Position{}, "PANKA_VAR_SIZE sets it", false},
		{"SIEZ", "large", Origin{By: "--var"}, diag.Position{}, `did you mean "SIZE"?`, false},
		{"TOKEN", "short", Origin{By: "--var"}, diag.Position{}, "--var sets it", true},
	} {
		set, _ := Declare(fields("SIZE", fields("type", text("enum"), "values", &ir.Value{Kind: ir.List, Items: []*ir.Value{text("large")}}),
			"TOKEN", fields("pattern", text("t-.*"), "sensitive", &ir.Value{Kind: ir.Bool, Bool: true})), nil)
		ds := set.AssignAll(map[string]string{c.name: c.value}, map[string]Origin{c.name: c.from})
		if len(ds) != 1 || ds[0].Position != c.pos || ds[0].Hint != c.hint || ds[0].Secret != c.secret {
			t.Errorf("%s=%s from %+v: %+v", c.name, c.value, c.from, ds)
		}
	}
}

func TestMissing(t *testing.T) {
	set := declared(t)
	if ds := set.Missing(); codes(ds) != "unset-variable" || ds[0].Hint != "set it with --var VERSION=…" {
		t.Errorf("Missing: %+v", ds)
	}
	set.AssignAll(map[string]string{"VERSION": ""}, nil)
	if ds := set.Missing(); len(ds) != 0 {
		t.Errorf("an empty value counts as one, but: %v", ds)
	}
}

func TestExpandShaping(t *testing.T) {
	set := declared(t)
	e, ds := set.Expand(fields(
		"a", text("${COUNT}"), "b", text("n-${COUNT}"), "c", text("${ON}"), "d", list(text("${COUNT}${ON}"))), inPlaces, true)
	if len(ds) > 0 || !e.Complete || e.Checked != e.Compiled {
		t.Fatalf("Expand: %+v %v", e, ds)
	}
	v := e.Compiled
	if a := v.Get("a"); a.Kind != ir.Number || a.Number != 3 || a.Text != nil {
		t.Errorf("a = %+v", a)
	}
	if b := v.Get("b"); b.Text.String() != "n-3" || len(b.Text) != 1 {
		t.Errorf("b = %+v", b)
	}
	if c := v.Get("c"); c.Kind != ir.Bool || !c.Bool {
		t.Errorf("c = %+v", c)
	}
	if d := v.Get("d").Items[0]; d.Text.String() != "3true" {
		t.Errorf("d = %+v", d)
	}
}

// Where only a string can stand, a number is text as it was written.
func TestExpandWhereOnlyStringsStand(t *testing.T) {
	set := declared(t)
	set.AssignAll(map[string]string{"COUNT": "1.10"}, nil)
	item := func() *ir.Value {
		return fields("name", text("${COUNT}"), "size", text("${COUNT}"), "on", text("${ON}"))
	}
	e, ds := set.Expand(fields("items", list(item())), inPlaces, true)
	if len(ds) > 0 {
		t.Fatal(ds)
	}
	got := e.Compiled.Get("items").Items[0]
	if name := got.Get("name"); name.Kind != ir.String || name.Text.String() != "1.10" {
		t.Errorf("name = %+v", name)
	}
	if size := got.Get("size"); size.Kind != ir.Number || size.Number != 1.1 || Scalar(size) != "1.10" {
		t.Errorf("size = %+v", size)
	}
}

func TestExpandRefuses(t *testing.T) {
	cases := []struct {
		spec       *ir.Value
		requireSet bool
		want       string
	}{
		{fields("a", text("${VERSION}")), false, "unset-variable"},
		{fields("a", text("${VERSION}")), true, ""}, // Missing reports it
		{fields("a", text("${SIZE}")), true, "unset-variable"},
		{fields("a", text("${KEY}")), false, "sensitive-variable"},
		{fields("a", text("${NONE}")), false, ""}, // Check reports it
		{fields("image", fields("tag", text("${SIZE}"))), true, "unset-variable"},
	}
	for i, c := range cases {
		e, ds := declared(t).Expand(c.spec, inPlaces, c.requireSet)
		if codes(ds) != c.want {
			t.Errorf("case %d: %v, want %q", i, ds, c.want)
		}
		if e.Complete && c.spec.Get("a") != nil {
			t.Errorf("case %d counts as complete", i)
		}
		if strings.Contains(ds.Error(), "hunter2") {
			t.Errorf("case %d shows a sensitive value: %v", i, ds)
		}
	}
}

func TestExpandDeferred(t *testing.T) {
	set := declared(t)
	set.AssignAll(map[string]string{"VERSION": "v7"}, nil)
	spec := fields(
		"environment", list(fields("name", text("A"), "value", text("${KEY}-${COUNT}"))),
		"image", fields("tag", text("r-${VERSION}")))
	e, ds := set.Expand(spec, inPlaces, true)
	if len(ds) > 0 || !e.Complete {
		t.Fatalf("Expand: %v", ds)
	}
	if got := e.Compiled.Get("image", "tag").Text; !equal(got, ir.Text{{Literal: "r-"}, {Variable: "VERSION"}}) {
		t.Errorf("compiled tag %#v", got)
	}
	if got := e.Checked.Get("image", "tag").Text; !equal(got, ir.Literal("r-v7")) {
		t.Errorf("checked tag %#v", got)
	}
	if got := e.Checked.Get("environment").Items[0].Get("value").Text; !equal(got, ir.Text{{Variable: "KEY"}, {Literal: "-3"}}) {
		t.Errorf("checked value %#v: a sensitive value must not be put in", got)
	}
	if got := spec.Get("image", "tag").Text; len(got) != 2 {
		t.Errorf("the input was changed: %#v", got)
	}
}

func TestCheckPlaces(t *testing.T) {
	at := func(column, end int, s string) *source.Node {
		return &source.Node{Kind: source.String, Text: s,
			Pos: diag.Position{File: "f", Line: 2, Column: column}, EndPos: diag.Position{File: "f", Line: 2, Column: end}}
	}
	cases := []struct {
		node *source.Node
		want string
	}{
		{at(5, 13, "é-${NOPE}"), "f:2:5"}, // too short for its text: an escape made it so
		{at(5, 14, "é-${NOPE}"), "f:2:7"}, // plain
		{at(5, 16, "é-${NOPE}"), "f:2:5"}, // quoted
		{at(5, 17, "$${NOPE} ${NO"), ""},  // checked below
		{at(5, 18, "$${A} ${NOPE}"), "f:2:11"},
	}
	for _, c := range cases {
		ds := Check(&source.Node{Kind: source.List, Items: []*source.Node{c.node}}, []string{"A"})
		if len(ds) != 1 {
			t.Errorf("%q: %v", c.node.Text, ds)
			continue
		}
		if c.want != "" && ds[0].Position.String() != c.want {
			t.Errorf("%q: at %s, want %s", c.node.Text, ds[0].Position, c.want)
		}
	}
	if ds := Check(at(1, 9, "${NOPE}!"), []string{"NOTE", "Z"}); ds[0].Hint != `did you mean "NOTE"?` {
		t.Errorf("hint %q", ds[0].Hint)
	}
}

// FuzzExpand compares expansion with a search and replace: any string in a shaping place, any value of a variable.
func FuzzExpand(f *testing.F) {
	for _, s := range []string{"", "${A}", "$${A}", "$$${A}", "a${A}b${A}", "${", "${B}", "${a}", "%s${A}`"} {
		f.Add(s, "value")
		f.Add(s, "${A}")
	}
	pattern := regexp.MustCompile(`\$\$\{|\$\{A\}`)
	f.Fuzz(func(t *testing.T, s, value string) {
		set, _ := Declare(fields("A", fields()), nil)
		set.AssignAll(map[string]string{"A": value}, nil)
		e, ds := set.Expand(text(s), Places{}, true)
		if len(ds) > 0 {
			t.Fatalf("%q: %v", s, ds)
		}
		if !e.Complete {
			return // a variable that nobody declared
		}
		want := pattern.ReplaceAllStringFunc(s, func(match string) string {
			if match == "$${" {
				return "${"
			}
			return value
		})
		if got, static := e.Compiled.Text.Static(); !static || got != want {
			t.Fatalf("%q with A=%q gives %q, want %q", s, value, got, want)
		}
	})
}
