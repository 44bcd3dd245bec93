package source

import (
	"regexp"
	"strings"

	"github.com/panka-io/panka/compiler/diag"
)

// A slip is a mistake of quoting or spacing that people often make and the library's message does not tell from others.
// It is recognised by the message and what stands in the line that the library could not read:
//
//	scaling: {replicas: ${REPLICAS}}      the library misses a "," or "}"; what is missing are quotes around ${REPLICAS}
type slip struct {
	starts string // of the library's message
	// find gives the byte of the line to blame, -1 if the line does not have the slip.
	find          func(line string) int
	above         bool // the slip is in the line above
	message, hint string
}

const quoteWhole = "put the whole value in quotes"

var slips = []slip{
	{"did not find expected alphabetic", match(`(?:^|[\s\[{,:(-])([*&])(?:[^0-9A-Za-z_-]|$)`), false,
		`a "*" or "&" without quotes, where it names an alias or anchor`,
		`put the whole value in quotes, such as "cron(0 12 * * ? *)" or "*.example.com"`},
	{"did not find expected", match(`(\{\{)`), false, `"{{" without quotes`,
		"write ${NAME} for a variable; for any other text with {{, " + quoteWhole},
	{"did not find expected ',' or", match(`(\$\{)`), false, "${ without quotes within braces or brackets",
		`put the value in quotes, such as "${NAME}"`},
	{"did not find expected", afterQuote, false, "text behind the closing quote",
		quoteWhole + "; within single quotes write '' for ', within double quotes \\\" for \""},
	{"did not find expected key", surplus, false, `a "}" or "]" that closes nothing`, "remove it, or " + quoteWhole},
	{"mapping values are not allowed", match(`^\s*(?:- )?[A-Za-z_][\w.-]*(:)[^\s:]\S*\s*$`), true,
		`no space behind this ":"`, `write a space between the ":" and the value`},
	{"did not find expected comment or line break", match(`[:-]\s+([|>])`), false,
		`text behind "|" or ">", which begin a block of text`, "begin the block in the next line; or " + quoteWhole},
	{"mapping keys are not allowed", match(`(?:^|[\s:])(\?)(?:\s|$)`), false, `"?" cannot begin a value without quotes`, quoteWhole},
}

// slipAt finds the slip behind an error that the library noticed in a line; nil if it is none of them.
func slipAt(file, message string, text lines, line int) *diag.Diagnostic {
	for _, s := range slips {
		if !strings.HasPrefix(message, s.starts) {
			continue
		}
		at := line
		if s.above {
			at = text.above(line)
		}
		if at < 1 {
			continue
		}
		if found := s.find(text[at-1]); found >= 0 {
			pos := diag.Position{File: file, Line: at, Column: runeColumn(text[at-1], found)}
			d := diag.Errorf(pos, "syntax", "not valid YAML: %s", s.message).WithHint("%s", s.hint)
			return &d
		}
	}
	return nil
}

// above is the number of the nearest line above that is not empty, 0 if there is none.
func (l lines) above(line int) int {
	for line--; line > 0 && strings.TrimSpace(l[line-1]) == ""; line-- {
	}
	return line
}

// match finds where the group of a pattern begins in the part of a line that is neither quoted nor a comment.
func match(pattern string) func(string) int {
	compiled := regexp.MustCompile(pattern)
	return func(line string) int {
		if m := compiled.FindStringSubmatchIndex(unquoted(line)); m != nil {
			return m[2]
		}
		return -1
	}
}

var quotedPattern = regexp.MustCompile(`(^|[\s:,\[{-])("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|#.*)`)

// unquoted is the line with an equal number of zeros for its quoted values and comment.
func unquoted(line string) string {
	masked := []byte(line)
	for _, m := range quotedPattern.FindAllStringSubmatchIndex(line, -1) {
		for i := m[4]; i < m[5]; i++ {
			masked[i] = '0'
		}
	}
	return string(masked)
}

var behindQuote = regexp.MustCompile(`(?:^|[\s:,\[{-])\s*(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ \t]*([^\s,\]}:#])`)

// afterQuote finds text behind a quoted value.
func afterQuote(line string) int {
	if m := behindQuote.FindStringSubmatchIndex(line); m != nil {
		return m[2]
	}
	return -1
}

// surplus finds the first closing brace or bracket of a line that nothing in it opens.
func surplus(line string) int {
	open := 0
	for i, c := range []byte(unquoted(line)) {
		switch c {
		case '{', '[':
			open++
		case '}', ']':
			if open--; open < 0 {
				return i
			}
		}
	}
	return -1
}
