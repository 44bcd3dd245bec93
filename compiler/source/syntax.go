package source

import (
	"bytes"
	"errors"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"github.com/panka-io/panka/compiler/diag"
)

// The YAML library says at most in which line it noticed an error, sometimes naming the start of the surrounding
// mapping instead, and never the column. So:
//
//   - for errors of grammar ("did not find expected …") the line is found by looking for the shortest beginning of the
//     file that has the same error;
//   - for errors inside a token its line is taken;
//   - the column is that of the character to blame where the message tells which one it is, else that of the line's
//     first character.

var reportedLine = regexp.MustCompile(`^yaml: (?:line (\d+): )?(.*)$`)

func syntaxError(file string, content []byte, text lines, err error) diag.Diagnostic {
	line, message := 1, err.Error()
	if m := reportedLine.FindStringSubmatch(message); m != nil {
		message = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	if strings.HasPrefix(message, "did not find expected") {
		line = firstFailing(content, message)
	}
	line = min(max(line, 1), len(text))
	if strings.HasPrefix(message, "found a tab character") {
		line = text.withTab(line)
	}
	if d := slipAt(file, message, text, line); d != nil {
		return *d
	}
	say := explain(message)
	column := say.column(text[line-1])
	if name, ok := strings.CutPrefix(message, "unknown anchor '"); ok {
		line, column = findWord(text, "*"+strings.TrimSuffix(name, "' referenced"))
	}
	return diag.Errorf(diag.Position{File: file, Line: line, Column: column}, "syntax", "not valid YAML: %s", say.message).
		WithHint("%s", say.hint)
}

// firstFailing is the number of the line with which parsing begins to fail with the message.
func firstFailing(content []byte, message string) int {
	ends := []int{}
	for i, c := range content {
		if c == '\n' {
			ends = append(ends, i+1)
		}
	}
	ends = append(ends, len(content))
	return 1 + sort.Search(len(ends)-1, func(i int) bool {
		decoder := yaml.NewDecoder(bytes.NewReader(content[:ends[i]]))
		for {
			var document yaml.Node
			if err := decoder.Decode(&document); err != nil {
				return !errors.Is(err, io.EOF) && strings.HasSuffix(err.Error(), message)
			}
		}
	})
}

// explanation is what panka says for one of the library's messages.
type explanation struct {
	starts  string // of the library's message
	message string
	hint    string
	column  func(line string) int
}

var explanations = []explanation{
	{"mapping values are not allowed", `a ": " where no key can stand`,
		`check the indentation, and put a value that holds ": " in quotes`, strayColon},
	{"did not find expected key", "this line fits neither the mapping nor the list above it",
		"indent it like the lines that it belongs to", firstCharacter},
	{"did not find expected '-' indicator", "this line is not an item of the list above it",
		`begin it with "- " or change its indentation`, firstCharacter},
	{"did not find expected ',' or ']'", "the list in brackets is not closed", `a "," or "]" is missing`, lastOpen('[')},
	{"did not find expected ',' or '}'", "the mapping in braces is not closed", `a "," or "}" is missing`, lastOpen('{')},
	{"found character that cannot start any token", "a character that no value can begin with",
		"indent with spaces, not tabs; quote a value that begins with @, ` or %", strayCharacter},
	{"found a tab character", "a tab where only spaces may stand", "indent with spaces", strayCharacter},
	{"found unexpected end of stream", "a quoted string is not closed", "add the closing quote", firstQuote},
	{"found unexpected document indicator", "a quoted string is not closed", "add the closing quote", firstQuote},
	{"found unknown escape character", `an unknown escape in a double-quoted string`,
		`write "\\" for a backslash, or use single quotes`, badEscape},
	{"could not find expected ':'", `a key without ":"`, `write "key: value"`, firstCharacter},
	{"block sequence entries are not allowed", `a "-" where no list can stand`,
		"put the list on lines of its own below its key", strayDash},
	{"unknown anchor", "an alias to an anchor that does not exist; YAML aliases are not allowed",
		`write the value out here; if the "*" is a part of it, put it in quotes`, firstCharacter},
	{"exceeded max depth", "mappings and lists nest too deep", "", firstCharacter},
}

func explain(message string) explanation {
	for _, e := range explanations {
		if strings.HasPrefix(message, e.starts) {
			return e
		}
	}
	return explanation{message: message, column: firstCharacter}
}

func firstCharacter(line string) int {
	return runeColumn(line, len(line)-len(strings.TrimLeft(line, " \t")))
}

// strayColon finds the last ": " of a line with several, else the only one.
func strayColon(line string) int {
	at := strings.LastIndex(line+" ", ": ")
	if first := strings.Index(line, ": "); first >= 0 {
		if second := strings.Index(line[first+1:]+" ", ": "); second >= 0 {
			at = first + 1 + second
		}
	}
	return columnOr(line, at)
}

func strayCharacter(line string) int {
	if at := strings.IndexByte(line, '\t'); at >= 0 && strings.TrimLeft(line[:at], " ") == "" {
		return runeColumn(line, at)
	}
	return columnOr(line, strings.IndexAny(line, "@`%"))
}

// withTab is the number of the first line from a line on that is indented with a tab, else that line.
func (l lines) withTab(from int) int {
	for n := from; n <= len(l); n++ {
		indent := l[n-1][:len(l[n-1])-len(strings.TrimLeft(l[n-1], " \t"))]
		if strings.Contains(indent, "\t") {
			return n
		}
	}
	return from
}

func strayDash(line string) int { return columnOr(line, strings.Index(line, "- ")) }

func firstQuote(line string) int { return columnOr(line, strings.IndexAny(line, `"'`)) }

func badEscape(line string) int {
	for i := 0; i+1 < len(line); i++ {
		if line[i] != '\\' {
			continue
		}
		if !strings.ContainsRune("0abt\tnvfre \"/\\N_LPxuU", rune(line[i+1])) {
			return runeColumn(line, i)
		}
		i++
	}
	return firstCharacter(line)
}

func lastOpen(bracket byte) func(string) int {
	return func(line string) int { return columnOr(line, strings.LastIndexByte(line, bracket)) }
}

func columnOr(line string, at int) int {
	if at < 0 || at >= len(line) {
		return firstCharacter(line)
	}
	return runeColumn(line, at)
}

func runeColumn(line string, at int) int {
	if at >= len(line) && at > 0 {
		return 1
	}
	return utf8.RuneCountInString(line[:at]) + 1
}

func findWord(text lines, word string) (line, column int) {
	for i, l := range text {
		if at := strings.Index(l, word); at >= 0 {
			return i + 1, runeColumn(l, at)
		}
	}
	return 1, 1
}
