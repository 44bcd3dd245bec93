package schema

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"

	"github.com/panka-io/panka/compiler/source"
	"github.com/panka-io/panka/compiler/suggest"
)

// shownRunes is how much of a wrong value a message repeats.
const shownRunes = 60

// wanted says what the shape asks for, to follow "must be".
func (sh *shape) wanted() string {
	switch {
	case sh.form == structForm || sh.form == mapForm:
		return "a mapping"
	case sh.form == listForm:
		return "a list"
	}
	if text := sh.expected(); text != "" {
		return text
	}
	var words []string
	for _, t := range []struct {
		kind cue.Kind
		word string
	}{{cue.StringKind, "a string"}, {cue.FloatKind, "a number"}, {cue.BoolKind, "true or false"}} {
		if sh.types&t.kind != 0 {
			words = append(words, t.word)
		}
	}
	if sh.types&cue.NumberKind == cue.IntKind {
		words = append(words, "a whole number")
	}
	return joinOr(words)
}

// found says what stands there instead.
func found(d *datum) string {
	switch d.kind {
	case source.Null:
		return "empty"
	case source.List, source.Map:
		return "a " + d.kind.String()
	case source.String:
		return strconv.Quote(shorten(d.text))
	default:
		return shorten(d.text)
	}
}

// typeHint helps with scalars of the wrong type.
func typeHint(sh *shape, d *datum) string {
	switch {
	case sh.form == listForm:
		return `begin each item with "- "`
	case sh.form != leafForm:
		return mappingHint(sh, d)
	case d.kind != source.String:
		all := sh.choices()
		isChoice := len(all) == 0 || slices.Contains(all, d.text)
		if isChoice && sh.types&cue.StringKind != 0 && (d.kind == source.Number || d.kind == source.Bool) {
			return `put it in quotes: "` + shorten(d.text) + `"`
		}
	case sh.types&cue.BoolKind != 0:
		return "write true or false"
	case sh.types&cue.NumberKind != 0:
		if _, err := strconv.ParseFloat(d.text, 64); err == nil {
			return "write the number without quotes and without leading zeros"
		}
	}
	return ""
}

// noSpace matches what was perhaps meant to be a key and its value.
var noSpace = regexp.MustCompile(`^([A-Za-z_][\w-]*):[^\s:]`)

// mostShown is how many names of fields a hint lists.
const mostShown = 10

// mappingHint helps with what stands in place of a mapping.
func mappingHint(sh *shape, d *datum) string {
	names := sh.fieldNames()
	if m := noSpace.FindStringSubmatch(d.text); m != nil && d.kind == source.String && (sh.form == mapForm || slices.Contains(names, m[1])) {
		return `write a space between the ":" and the value`
	}
	if sh.form != structForm || len(names) == 0 || len(names) > mostShown {
		return ""
	}
	if len(names) == 1 {
		return "it has the field " + names[0]
	}
	return "it has the fields " + joinAnd(names)
}

// keyHint helps with a key that the shape does not have.
func keyHint(sh *shape, f *datumField) string {
	names, key := sh.fieldNames(), f.name
	if f.value.absent() && strings.ContainsAny(key, " *") {
		return `within braces a "," ends a value: if this is a part of one, put the whole value in quotes`
	}
	if hint := suggest.Hint(key, names); hint != "" {
		return hint
	}
	return "known here: " + strings.Join(names, ", ")
}

func oneOf(choices []string) string {
	if len(choices) == 1 {
		return strconv.Quote(choices[0])
	}
	return "one of " + joinOr(choices)
}

func joinOr(words []string) string { return joinWith(" or ", words) }

func joinAnd(words []string) string { return joinWith(" and ", words) }

func joinWith(last string, words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + last + words[len(words)-1]
}

func shorten(text string) string {
	if runes := []rune(text); len(runes) > shownRunes {
		return string(runes[:shownRunes]) + "…"
	}
	return text
}

func appendNew(list []string, word string) []string {
	if slices.Contains(list, word) {
		return list
	}
	return append(list, word)
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
