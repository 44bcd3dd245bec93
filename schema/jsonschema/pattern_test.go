package jsonschema

import (
	"encoding/json"
	"regexp"
	"testing"
)

// TestECMAPattern: what both languages read alike stays as it is; the rest is written in a way that both read alike.
func TestECMAPattern(t *testing.T) {
	for _, c := range []struct{ pattern, want string }{
		{`^[a-z][a-z0-9-]{0,62}$`, `^[a-z][a-z0-9-]{0,62}$`},
		{`^[\p{L}_.:/=+\-@]{0,256}$`, `^[\p{L}_.:/=+\-@]{0,256}$`},
		{`^(?:a|b)\.c$`, `^(?:a|b)\.c$`},
		{`^(?i:aw:)`, `^[aA][wW]:`},
		{`(?i)^a1$`, `^[aA]1$`},
		{`(?P<year>[0-9]{4})-\Qa.b\E`, `(?:[0-9]{4})-a\.b`},
		{`\A[[:digit:]]+?x{2,}y{1,3}z*\z`, `^(?:[0-9])+?(?:x){2,}(?:y){1,3}(?:z)*$`},
		{`a\#(?s:.)`, `a#[\s\S]`},
		{`(?:a|bc)?\A.\b`, `(?:a|bc)?^[^\n]\b`},
	} {
		got := ecmaPattern(c.pattern)
		if c.pattern != got && foreign.MatchString(regexp.MustCompile(`\(\?:`).ReplaceAllString(got, "(")) {
			t.Errorf("%s became %s, which is not ECMA-262", c.pattern, got)
		}
		if got != c.want && !alike(t, got, c.want) {
			t.Errorf("%s became %s, want %s", c.pattern, got, c.want)
		}
		if !alike(t, c.pattern, got) {
			t.Errorf("%s became %s, which means something else", c.pattern, got)
		}
	}
}

// alike tells whether two patterns judge some texts alike.
func alike(t *testing.T, a, b string) bool {
	t.Helper()
	x, y := regexp.MustCompile(a), regexp.MustCompile(b)
	for _, text := range []string{"", "a", "A1", "a1", "aws", "AW:x", "aw:", "2024-a.b", "2024-axb", "12xxy", "12xxyzz", "xy", "a#\n",
		"a#b", "a.c", "b.c", "bc", "\n", "a-b", "ab", "é", "a=b"} {
		if x.MatchString(text) != y.MatchString(text) {
			t.Logf("%q", text)
			return false
		}
	}
	return true
}

// TestPatternsAreECMA finds patterns in the written schemas that editors could not read.
func TestPatternsAreECMA(t *testing.T) {
	files, err := Files(load(t))
	if err != nil {
		t.Fatal(err)
	}
	pattern := regexp.MustCompile(`"pattern": ("(?:[^"\\]|\\.)*")`)
	count := 0
	for _, f := range files {
		for _, m := range pattern.FindAllSubmatch(f.Data, -1) {
			count++
			var text string
			if err := json.Unmarshal(m[1], &text); err != nil {
				t.Fatal(err)
			}
			if foreign.MatchString(text) {
				t.Errorf("%s: %s is not ECMA-262", f.Name, m[1])
			}
		}
	}
	if count < 100 {
		t.Errorf("only %d patterns were found", count)
	}
}
