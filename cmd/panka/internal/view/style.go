// Package view is what people and scripts see of panka: text, live progress and JSON. It turns the data of the other
// packages into bytes and decides nothing.
//
// Rules for what is printed. Results go to standard output, and everything that is about a run that went wrong to
// standard error. A message is a sentence without capital or full stop behind "error:"; what to do about it stands
// apart, behind "hint:". Text from outside (YAML, AWS) is cleaned of control characters before it reaches a terminal.
// Colours only underline what the words already say.
package view

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Style tells how text may look. The zero value is plain.
type Style struct {
	Color bool
}

func (s Style) paint(code, text string) string {
	if !s.Color || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s Style) bold(text string) string   { return s.paint("1", text) }
func (s Style) faint(text string) string  { return s.paint("2", text) }
func (s Style) red(text string) string    { return s.paint("31", text) }
func (s Style) green(text string) string  { return s.paint("32", text) }
func (s Style) yellow(text string) string { return s.paint("33", text) }
func (s Style) cyan(text string) string   { return s.paint("36", text) }

// Clean makes text from outside safe to print on one line: control characters, which could move the cursor or forge
// other output, become visible escapes.
func Clean(text string) string {
	if strings.IndexFunc(text, hidden) < 0 {
		return text
	}
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case hidden(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hidden tells whether a terminal would act on r or show nothing for it. Format characters are among them because
// they can reorder what is read.
func hidden(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }

// cleanLines is Clean for text of several lines: it gives them one by one, without empty ones at the end.
func cleanLines(text string) []string {
	lines := strings.Split(strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n \t"), "\n")
	for i := range lines {
		lines[i] = Clean(strings.ReplaceAll(lines[i], "\t", "    "))
	}
	return lines
}

// duration shows how long something took: 0.4s, 12.3s, 2m05s.
func duration(d time.Duration) string {
	if d < time.Minute {
		return fmt.Sprintf("%.1fs", d.Seconds())
	}
	d = d.Round(time.Second)
	return fmt.Sprintf("%dm%02ds", int(d.Minutes()), int(d.Seconds())%60)
}

// seconds makes a duration of a number of seconds.
func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Count is "1 component", "2 components".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// shortType is a resource type as people say it: aws:ecs/service:Service is ecs.Service.
func shortType(token string) string {
	parts := strings.Split(token, ":")
	if len(parts) != 3 {
		return token
	}
	module, _, _ := strings.Cut(parts[1], "/")
	return module + "." + parts[2]
}
