package schema

import (
	"slices"
	"strconv"
	"strings"

	"cuelang.org/go/cue"

	"github.com/panka-io/panka/compiler/source"
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
