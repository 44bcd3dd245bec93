package source

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/panka-io/panka/compiler/diag"
)

const byteOrderMark = "\ufeff"

// checkText finds the first byte that cannot be in a YAML file: one that is not UTF-8, or a control character.
func checkText(file string, content []byte) *diag.Diagnostic {
	line, column := 1, 1
	for i := 0; i < len(content); {
		c := content[i]
		if c == '\n' {
			line, column, i = line+1, 1, i+1
			continue
		}
		size := 1
		if c >= utf8.RuneSelf {
			var r rune
			if r, size = utf8.DecodeRune(content[i:]); r == utf8.RuneError && size == 1 {
				d := diag.Errorf(diag.Position{File: file, Line: line, Column: column}, "not-utf8",
					"the file is not UTF-8: byte 0x%02X", c).WithHint("save the file as UTF-8 text")
				return &d
			}
		} else if c < ' ' && c != '\t' && c != '\r' || c == 0x7f {
			d := diag.Errorf(diag.Position{File: file, Line: line, Column: column}, "control-character",
				"control characters are not allowed: 0x%02X", c).
				WithHint(`write it as an escape in a double-quoted string, such as "\x%02x"`, c)
			return &d
		}
		column, i = column+1, i+size
	}
	return nil
}

// lines gives the text by line, for finding columns.
type lines []string

// lineBreaks are all that the YAML parser counts as ends of lines.
var lineBreaks = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

func splitLines(content []byte) lines {
	return strings.Split(lineBreaks.Replace(string(bytes.TrimPrefix(content, []byte(byteOrderMark)))), "\n")
}

// longestLine is the column beyond which the ends of scalars are not looked for: each search walks the line.
const longestLine = 1000

// from gives line number n from the given column on, both counted from 1; it is empty where there is no such place.
func (l lines) from(n, column int) string {
	if n < 1 || n > len(l) || column < 1 || column > longestLine {
		return ""
	}
	rest := l[n-1]
	for ; column > 1 && rest != ""; column-- {
		_, size := utf8.DecodeRuneInString(rest)
		rest = rest[size:]
	}
	return rest
}
