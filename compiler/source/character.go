package source

import (
	"strings"
)

// Word processors and web pages put in characters that look like those of YAML and are letters to it.

const (
	openingQuotes = "“”„‘’‚«"
	invisible     = "\u00a0\u200b\u2060\ufeff\u202f"
)

// lookalike tells of an unquoted scalar that it begins with a quote that is none to YAML, or begins or ends with a
// space that is none. It gives what to say and what to do, and "" for any other scalar.
func lookalike(text string) (message, hint string) {
	switch {
	case text == "":
	case strings.ContainsRune(openingQuotes, []rune(text)[0]):
		return "a typographic quote, which is a letter to YAML",
			`write straight quotes, " or '; if the quotes are a part of the text, put it in straight ones`
	case strings.Trim(text, invisible) != text:
		return "a no-break space or another invisible character, which is a letter to YAML",
			"write an ordinary space, or remove it; if it is a part of the text, put it in quotes"
	}
	return "", ""
}
