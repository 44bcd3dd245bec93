package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/panka-io/panka/schema"
)

// typeCell says what a field holds, with a link to the section of the mapping in it.
func typeCell(d *schema.Description, path string) string {
	words := typeWords(d)
	if _, at := innerMapping(d, path); at != "" {
		return "[" + words + "](#" + anchor(at) + ")"
	}
	return words
}

// innerMapping is the mapping with known fields that a field holds, itself or in its entries, and its path.
func innerMapping(d *schema.Description, path string) (*schema.Description, string) {
	switch d.Form {
	case schema.Mapping:
		return d, path
	case schema.List:
		return innerMapping(d.Elem, path+"[]")
	case schema.Free:
		return innerMapping(d.Elem, path+".<key>")
	default:
		return nil, ""
	}
}

func typeWords(d *schema.Description) string {
	switch d.Form {
	case schema.Mapping:
		return "mapping"
	case schema.List:
		return "list of " + plural(typeWords(d.Elem))
	case schema.Free:
		return "map of " + plural(typeWords(d.Elem))
	}
	switch {
	case d.Form == schema.Anything:
		return "any value"
	case d.Span != "":
		return "time span"
	case len(d.Choices) > 1:
		return code(d.Choices)
	case len(d.Choices) == 1 && len(d.Types) == 1:
		return code(d.Choices)
	}
	words := map[string]string{"string": "text", "integer": "whole number", "number": "number", "boolean": "true or false"}
	var all []string
	for _, name := range d.Types {
		all = append(all, words[name])
	}
	return strings.Join(all, ", ")
}

func plural(words string) string {
	switch words {
	case "mapping", "whole number", "number", "time span", "any value":
		return words + "s"
	}
	return words
}

func defaultCell(d *schema.Description) string {
	if d.Form != schema.Scalar || d.Default == nil {
		return ""
	}
	if n, ok := d.Default.(int64); ok && d.Span != "" {
		return "`" + span(n, d.Span) + "`"
	}
	return fmt.Sprintf("`%v`", d.Default)
}

// span writes a number of seconds as people do, with the largest unit that it is whole in and that may be written.
func span(n int64, pattern string) string {
	for _, unit := range []struct {
		letter  string
		seconds int64
	}{{"d", 86400}, {"h", 3600}, {"m", 60}} {
		text := fmt.Sprintf("%d%s", n/unit.seconds, unit.letter)
		if ok, _ := regexp.MatchString(pattern, text); ok && n > 0 && n%unit.seconds == 0 {
			return text
		}
	}
	return fmt.Sprintf("%ds", n)
}

// meaning says what a field is for and all that is asked of it.
func meaning(f *schema.Field) string {
	var parts []string
	if f.Required {
		parts = append(parts, "**Required.**")
	}
	parts = append(parts, sentence(f.Doc))
	if f.Refuse != "" {
		return cell(strings.Join(append(parts, "Not available yet: "+sentence(f.Refuse)), " "))
	}
	parts = append(parts, asked(f.Description, "Must be")...)
	switch f.Form {
	case schema.List:
		parts = append(parts, asked(f.Elem, "Each must be")...)
	case schema.Free:
		if f.Keys != nil {
			parts = append(parts, asked(f.Keys, "Each key must be")...)
		}
		parts = append(parts, asked(f.Elem, "Each value must be")...)
	}
	if f.Max > 0 {
		parts = append(parts, fmt.Sprintf("At most %d.", f.Max))
	}
	if f.Supplied {
		parts = append(parts, "ComponentInfra or InfraDefaults can supply it.")
	}
	if deferred(f.Description) {
		parts = append(parts, "A new value of a variable in it needs no build.")
	}
	return cell(strings.Join(parts, " "))
}

// asked says what a scalar must be, unless the list of its values has said so.
func asked(d *schema.Description, begin string) []string {
	if d.Form != schema.Scalar && d.Form != schema.Anything || d.Expect == "" || len(d.Choices) > 1 {
		return nil
	}
	return []string{begin + " " + sentence(d.Expect)}
}

func deferred(d *schema.Description) bool {
	return d != nil && (d.Deferred || d.Form != schema.Mapping && deferred(d.Elem))
}

func sentence(text string) string {
	if text == "" || strings.HasSuffix(text, ".") {
		return text
	}
	return text + "."
}

func code(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return "`" + strings.Join(words, "`, `") + "`"
}

// paragraph escapes what Markdown would take for markup in plain text.
func paragraph(text string) string {
	return strings.NewReplacer("<", "&lt;", ">", "&gt;", "*", `\*`, "_", `\_`).Replace(text)
}

// cell makes text fit into a table.
func cell(text string) string {
	const required = "**Required.**"
	rest, bold := strings.CutPrefix(oneLine(text), required)
	rest = strings.ReplaceAll(paragraph(rest), "|", `\|`)
	if bold {
		return required + rest
	}
	return rest
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// anchor is the name that a heading gets on a page.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), slices.Contains([]rune{'-', '_'}, r):
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		default:
			return -1
		}
	}, heading)
}
