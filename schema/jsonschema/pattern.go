package jsonschema

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
)

// Editors read a pattern as ECMA-262 has it, with Unicode; the schema's are RE2's. Most mean the same in both and are
// written as they are. One with something that ECMA-262 does not know, such as (?i:aws:), is written anew from its
// syntax tree, where that has become plain: ([Aa][Ww][Ss]:).

// foreign finds what ECMA-262 reads differently or not at all: flags, named groups, escapes and classes of RE2's own.
var foreign = regexp.MustCompile(`\(\?[^:]|\\[AzQaCpPZ][^{]|\[\[:|\\[^\w\s^$\\.*+?()\[\]{}|/-]`)

// ecmaPattern gives a pattern as ECMA-262 has it.
func ecmaPattern(pattern string) string {
	if !foreign.MatchString(pattern) {
		return pattern
	}
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return pattern // the schema's tests refuse it
	}
	var b strings.Builder
	writePattern(&b, tree)
	return b.String()
}

func writePattern(b *strings.Builder, re *syntax.Regexp) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			writeRune(b, r, re.Flags&syntax.FoldCase != 0)
		}
	case syntax.OpCharClass:
		writeClass(b, re.Rune)
	case syntax.OpAnyCharNotNL:
		b.WriteString(`[^\n]`)
	case syntax.OpAnyChar:
		b.WriteString(`[\s\S]`)
	case syntax.OpBeginText, syntax.OpBeginLine:
		b.WriteString(`^`)
	case syntax.OpEndText, syntax.OpEndLine:
		b.WriteString(`$`)
	case syntax.OpWordBoundary:
		b.WriteString(`\b`)
	case syntax.OpNoWordBoundary:
		b.WriteString(`\B`)
	case syntax.OpNoMatch:
		b.WriteString(`[]`)
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		writeGroup(b, re.Sub, "")
		b.WriteString(repetition(re))
		if re.Flags&syntax.NonGreedy != 0 {
			b.WriteString("?")
		}
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			writePattern(b, sub)
		}
	case syntax.OpCapture:
		writeGroup(b, re.Sub, "")
	case syntax.OpAlternate:
		writeGroup(b, re.Sub, "|")
	}
}

func writeGroup(b *strings.Builder, subs []*syntax.Regexp, between string) {
	b.WriteString("(?:")
	for i, sub := range subs {
		if i > 0 {
			b.WriteString(between)
		}
		writePattern(b, sub)
	}
	b.WriteString(")")
}

func repetition(re *syntax.Regexp) string {
	switch {
	case re.Op == syntax.OpStar:
		return "*"
	case re.Op == syntax.OpPlus:
		return "+"
	case re.Op == syntax.OpQuest:
		return "?"
	case re.Max < 0:
		return fmt.Sprintf("{%d,}", re.Min)
	case re.Max == re.Min:
		return fmt.Sprintf("{%d}", re.Min)
	default:
		return fmt.Sprintf("{%d,%d}", re.Min, re.Max)
	}
}

// writeRune writes a character, in all its cases if fold.
func writeRune(b *strings.Builder, r rune, fold bool) {
	if fold && unicode.SimpleFold(r) != r {
		var ranges []rune
		for next := unicode.SimpleFold(r); ; next = unicode.SimpleFold(next) {
			ranges = append(ranges, next, next)
			if next == r {
				break
			}
		}
		writeClass(b, ranges)
		return
	}
	b.WriteString(escaped(r, `^$\.*+?()[]{}|/`))
}

// writeClass writes pairs of first and last characters.
func writeClass(b *strings.Builder, ranges []rune) {
	b.WriteByte('[')
	for i := 0; i+1 < len(ranges); i += 2 {
		b.WriteString(escaped(ranges[i], `^\[]-`))
		if ranges[i+1] != ranges[i] {
			b.WriteString("-" + escaped(ranges[i+1], `^\[]-`))
		}
	}
	b.WriteByte(']')
}

func escaped(r rune, special string) string {
	switch {
	case strings.ContainsRune(special, r):
		return `\` + string(r)
	case r < ' ' || r == 0x7f:
		return fmt.Sprintf(`\x%02x`, r)
	case !unicode.IsPrint(r):
		return fmt.Sprintf(`\u{%x}`, r)
	default:
		return string(r)
	}
}
