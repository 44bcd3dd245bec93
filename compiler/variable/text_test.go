package variable

import (
	"strings"
	"testing"

	"github.com/panka-io/panka/compiler/ir"
)

func TestParse(t *testing.T) {
	cases := []struct {
		in       string
		want     ir.Text
		problems []Problem
	}{
		{in: "", want: nil},
		{in: "plain", want: ir.Text{{Literal: "plain"}}},
		{in: "${A}", want: ir.Text{{Variable: "A"}}},
		{in: "v${MAJOR}.${MINOR_2}-x", want: ir.Text{{Literal: "v"}, {Variable: "MAJOR"}, {Literal: "."}, {Variable: "MINOR_2"}, {Literal: "-x"}}},
		{in: "$${A}", want: ir.Text{{Literal: "${A}"}}},
		{in: "$$${A}", want: ir.Text{{Literal: "$${A}"}}},
		{in: "$${A} ${A}", want: ir.Text{{Literal: "${A} "}, {Variable: "A"}}},
		{in: "costs $5 $", want: ir.Text{{Literal: "costs $5 $"}}},
		{in: "$${", want: ir.Text{{Literal: "${"}}},
		{in: "a ${", want: ir.Text{{Literal: "a ${"}}, problems: []Problem{{Offset: 2, Message: "${ has no closing }"}}},
		{in: "${}", want: ir.Text{{Literal: "${}"}}, problems: []Problem{{Message: "${} names no variable"}}},
		{in: "${a b} ${C}", want: ir.Text{{Literal: "${a b} "}, {Variable: "C"}},
			problems: []Problem{{Message: "${a b} is not a variable name"}}},
		{in: "é${version}", want: ir.Text{{Literal: "é${version}"}},
			problems: []Problem{{Offset: 2, Message: "${version} is not a variable name"}}},
		{in: "${1A}", want: ir.Text{{Literal: "${1A}"}}, problems: []Problem{{Message: "${1A} is not a variable name"}}},
	}
	for _, c := range cases {
		got, problems := Parse(c.in)
		if !equal(got, c.want) {
			t.Errorf("Parse(%q) = %#v, want %#v", c.in, got, c.want)
		}
		if len(problems) != len(c.problems) {
			t.Errorf("Parse(%q): problems %v, want %v", c.in, problems, c.problems)
			continue
		}
		for i, p := range problems {
			if p.Offset != c.problems[i].Offset || !strings.HasPrefix(p.Message, c.problems[i].Message) {
				t.Errorf("Parse(%q): problem %+v, want %+v", c.in, p, c.problems[i])
			}
			if !strings.Contains(p.Hint, "$${") {
				t.Errorf("Parse(%q): the hint %q does not explain $${", c.in, p.Hint)
			}
		}
	}
}

func equal(a, b ir.Text) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// FuzzParse holds for any string: the parts, written back with literal ${ escaped, parse to the same parts; without a
// problem no ${ is lost; and no two literals stand side by side.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "${A}", "$${A}", "$$${A}${B}", "${", "${a}", "${A", "x}${é}", "$$$${A}", "%s`\n${A}*/"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		text, problems := Parse(s)
		var back strings.Builder
		literal := false
		for _, p := range text {
			if p.Variable != "" && (p.Literal != "" || !ValidName(p.Variable)) {
				t.Fatalf("part %+v of %q", p, s)
			}
			if p.Variable == "" && (literal || p.Literal == "") {
				t.Fatalf("Parse(%q) has an empty or split literal: %#v", s, text)
			}
			literal = p.Variable == ""
			if literal {
				back.WriteString(strings.ReplaceAll(p.Literal, "${", "$${"))
			} else {
				back.WriteString("${" + p.Variable + "}")
			}
		}
		if len(problems) == 0 && back.String() != s {
			t.Fatalf("Parse(%q) writes back as %q", s, back.String())
		}
		for _, p := range problems {
			if !strings.HasPrefix(s[p.Offset:], "${") {
				t.Fatalf("problem of %q points at %q", s, s[p.Offset:])
			}
		}
	})
}
