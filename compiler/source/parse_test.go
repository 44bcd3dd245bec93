package source

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/panka-io/panka/compiler/diag"
)

// parseOne parses a text that must hold one sound document.
func parseOne(t *testing.T, text string) *Node {
	t.Helper()
	roots, diags := Parse("f.yaml", []byte(text))
	if len(diags) > 0 || len(roots) != 1 {
		t.Fatalf("Parse(%q): %d documents, %v", text, len(roots), diags)
	}
	return roots[0]
}

func TestScalars(t *testing.T) {
	for _, c := range []struct {
		text   string
		kind   Kind
		number float64
		spelt  string
	}{
		{"yes", String, 0, "yes"}, {"no", String, 0, "no"}, {"on", String, 0, "on"}, {"off", String, 0, "off"},
		{"true", Bool, 0, "true"}, {"False", Bool, 0, "False"}, {"tRUE", String, 0, "tRUE"},
		{"null", Null, 0, "null"}, {"~", Null, 0, "~"}, {"", Null, 0, ""}, {"nUll", String, 0, "nUll"},
		{"0", Number, 0, "0"}, {"-0", Number, 0, "-0"}, {"8080", Number, 8080, "8080"}, {"+7", Number, 7, "+7"},
		{"010", String, 0, "010"}, {"007.5", String, 0, "007.5"}, {"0o17", Number, 15, "0o17"}, {"0x1F", Number, 31, "0x1F"},
		{"15.4", Number, 15.4, "15.4"}, {"1e3", Number, 1000, "1e3"}, {".5", Number, 0.5, ".5"}, {"5.", Number, 5, "5."},
		{"1.2.3", String, 0, "1.2.3"}, {"1_000", String, 0, "1_000"}, {"12:30", String, 0, "12:30"},
		{"2024-01-31", String, 0, "2024-01-31"}, {"2024-01-31T10:00:00Z", String, 0, "2024-01-31T10:00:00Z"},
		{"9007199254740992", Number, 9007199254740992, "9007199254740992"}, {"+", String, 0, "+"},
		{`"15.4"`, String, 0, "15.4"}, {`'true'`, String, 0, "true"}, {`""`, String, 0, ""}, {`"null"`, String, 0, "null"},
		{"|\n  two\n  lines\n", String, 0, "two\nlines\n"}, {">\n  one\n  line", String, 0, "one line\n"},
	} {
		n := parseOne(t, "a: "+c.text+"\n").Get("a")
		if n.Kind != c.kind || n.Number != c.number || n.Text != c.spelt || n.Bool != strings.EqualFold(c.text, "true") && c.kind == Bool {
			t.Errorf("%q is %s %v %q, want %s %v %q", c.text, n.Kind, n.Number, n.Text, c.kind, c.number, c.spelt)
		}
	}
}

func TestPositions(t *testing.T) {
	root := parseOne(t, "# comment\nspec:\n  ü: \"grüße\\\"\"  # why\n  list:\n  - 'it''s'\n  - {k: v w , l: [1]}\n  nothing:\n  text: |\n    x\n  long: a\n    b\n")
	at := func(n *Node) string {
		return fmt.Sprintf("%d:%d-%d:%d", n.Pos.Line, n.Pos.Column, n.EndPos.Line, n.EndPos.Column)
	}
	spec := root.Get("spec")
	list := spec.Get("list").Items
	for _, c := range []struct {
		what string
		node *Node
		want string
	}{
		{"root", root, "2:1-0:0"},
		{"spec", spec, "3:3-0:0"},
		{"double quoted", spec.Get("ü"), "3:6-3:15"},
		{"single quoted", list[0], "5:5-5:12"},
		{"flow mapping", list[1], "6:5-0:0"},
		{"plain in flow", list[1].Get("k"), "6:9-6:12"},
		{"flow item", list[1].Get("l").Items[0], "6:19-6:20"},
		{"block text", spec.Get("text"), "8:9-0:0"},
		{"folded plain", spec.Get("long"), "10:9-0:0"},
	} {
		if got := at(c.node); got != c.want {
			t.Errorf("%s is at %s, want %s", c.what, got, c.want)
		}
	}
	if key := spec.Fields[0]; key.KeyPos != (diag.Position{File: "f.yaml", Line: 3, Column: 3}) {
		t.Errorf("key is at %v", key.KeyPos)
	}
	if nothing := spec.Get("nothing"); nothing.Kind != Null || nothing.Pos.Line != 7 {
		t.Errorf("the empty value is a %s at %v", nothing.Kind, nothing.Pos)
	}
}

func TestPositionsWithByteOrderMarkAndCarriageReturns(t *testing.T) {
	root := parseOne(t, "\ufeffa: 1\r\nb:\r\n  c: \"x\"\r\n")
	if n := root.Get("b", "c"); n.Pos.Line != 3 || n.Pos.Column != 6 || n.EndPos.Column != 9 {
		t.Errorf("c is at %v to %v", n.Pos, n.EndPos)
	}
}

func TestBytesThatAreNoText(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"a: ü\nb: \xff\n", "f.yaml:2:4: error: the file is not UTF-8: byte 0xFF"},
		{"ü: ü\xe9\n", "f.yaml:1:5: error: the file is not UTF-8: byte 0xE9"},
		{"\xff\xfea\x00", "f.yaml:1:1: error: the file is not UTF-8: byte 0xFF"},
		{"a: b\n\tc\x00\n", "f.yaml:2:3: error: control characters are not allowed: 0x00"},
	} {
		_, diags := Parse("f.yaml", []byte(c.text))
		if len(diags) != 1 || diags[0].Error() != c.want {
			t.Errorf("Parse(%q) = %v, want %s", c.text, diags, c.want)
		}
	}
}

func TestDepth(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("[", n) + strings.Repeat("]", n) }
	if _, diags := Parse("f.yaml", []byte("a: "+nested(MaxDepth))); len(diags) > 0 {
		t.Errorf("%d levels are refused: %v", MaxDepth, diags)
	}
	_, diags := Parse("f.yaml", []byte("a: "+nested(MaxDepth+1)))
	if len(diags) != 1 || diags[0].Code != "too-deep" || diags[0].Column != 4+MaxDepth {
		t.Errorf("%d levels: %v", MaxDepth+1, diags)
	}
}

// hostile are inputs made to cost a parser time or memory.
func hostile() map[string]string {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
	for i := 1; i < 40; i++ {
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	const size = 200_000
	return map[string]string{
		"alias bomb":     bomb,
		"open brackets":  strings.Repeat("[", size),
		"open braces":    strings.Repeat("{", size),
		"dashes":         strings.Repeat("- ", size/2),
		"question marks": strings.Repeat("? ", size/2),
		"comments":       strings.Repeat("#\n", size/2),
		"duplicate keys": strings.Repeat("a: 1\n", size/5),
		"anchors":        strings.Repeat("- &a b\n", size/7),
		"flow pairs":     "[" + strings.Repeat("a: 1,", size/5) + "]",
		"quotes":         strings.Repeat("\"\n", size/2),
		"documents":      strings.Repeat("---\n", size/4),
		"indentation":    strings.Repeat(" ", size) + "a: b",
		"broken at end":  strings.Repeat("a: b\n", size/5) + " - c\n",
	}
}

func TestHostileInputIsCheap(t *testing.T) {
	for name, text := range hostile() {
		start := time.Now()
		_, diags := Parse("f.yaml", []byte(text))
		t.Logf("%s: %s", name, time.Since(start))
		if took := time.Since(start); took > 10*time.Second {
			t.Errorf("%s took %s", name, took)
		}
		if len(diags) > maxProblems {
			t.Errorf("%s gave %d diagnostics", name, len(diags))
		}
		if name == "alias bomb" && !diags.HasErrors() {
			t.Error("the alias bomb was accepted")
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range hostile() {
		f.Add([]byte(text[:min(len(text), 500)]))
	}
	f.Add([]byte("a: {b: [1, \"2\", '3'], c: |\n  x\n}"))
	f.Add([]byte("a: *b\n? c\n: d\n--- !t\n%YAML 1.2\n"))
	f.Add([]byte("a:\u0085 b\u2028c: \"\\x\""))
	f.Fuzz(func(t *testing.T, content []byte) {
		roots, diags := Parse("f.yaml", content)
		lines := strings.Count(lineBreaks.Replace(string(content)), "\n") + 1
		inside := func(p diag.Position) {
			if p.File != "f.yaml" || p.Line < 1 || p.Line > lines || p.Column < 1 {
				t.Errorf("%v is not in a file of %d lines", p, lines)
			}
		}
		for _, d := range diags {
			inside(d.Position)
			if d.Message == "" || d.Code == "" {
				t.Errorf("empty diagnostic: %+v", d)
			}
		}
		for _, root := range roots {
			visit(root, 0, func(n *Node, depth int) {
				inside(n.Pos)
				if depth > MaxDepth+1 {
					t.Errorf("node at depth %d", depth)
				}
			})
		}
	})
}

func visit(n *Node, depth int, see func(*Node, int)) {
	see(n, depth)
	for _, item := range n.Items {
		visit(item, depth+1, see)
	}
	for _, f := range n.Fields {
		visit(f.Value, depth+1, see)
	}
}
