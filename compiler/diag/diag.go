// Package diag holds the one type in which panka tells people what is wrong with what they wrote.
//
// A Diagnostic's Message says what is wrong and its Hint what to do about it; neither shows Go or CUE internals.
// The position is attached where it is first known and is never replaced by a vaguer one. Stages collect
// diagnostics in a List and go on as far as makes sense, so that one run shows every error; the List is sorted when
// it is shown.
package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Position is a place in a file of the repository. File is slash-separated and relative to the repository root; Line
// and Column count from 1, columns in runes. The zero Position means "no place", which only diagnostics about the
// command line may have.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// IsValid tells whether p names a place.
func (p Position) IsValid() bool { return p.File != "" }

// String gives path:line:col, leaving out what is unknown.
func (p Position) String() string {
	switch {
	case p.File == "":
		return "-"
	case p.Line == 0:
		return p.File
	default:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
}

// Compare orders positions by file, line and column.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Column, q.Column))
}

// Severity of a diagnostic: only errors stop a run.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Related is a second place that helps to understand a diagnostic, such as the first of two duplicates.
type Related struct {
	Position
	Message string `json:"message"`
}

// Diagnostic is one finding. Code is a constant, kebab-case name of the kind of finding ("unknown-key"), for scripts
// and documentation; Hint may be empty.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Position
	Hint    string    `json:"hint,omitempty"`
	Related []Related `json:"related,omitempty"`
	// Secret tells that the source at the position must not be shown, because it holds a secret.
	Secret bool `json:"-"`
}

// Errorf makes an error diagnostic.
func Errorf(pos Position, code, format string, args ...any) Diagnostic {
	return Diagnostic{Severity: Error, Code: code, Message: fmt.Sprintf(format, args...), Position: pos}
}

// WithHint returns d with the hint set.
func (d Diagnostic) WithHint(format string, args ...any) Diagnostic {
	d.Hint = fmt.Sprintf(format, args...)
	return d
}

// WithRelated returns d with one more related place.
func (d Diagnostic) WithRelated(pos Position, format string, args ...any) Diagnostic {
	d.Related = append(slices.Clone(d.Related), Related{Position: pos, Message: fmt.Sprintf(format, args...)})
	return d
}

// Error is the one-line form: path:line:col: error: message.
func (d Diagnostic) Error() string {
	if !d.IsValid() {
		return fmt.Sprintf("%s: %s", d.Severity, d.Message)
	}
	return fmt.Sprintf("%s: %s: %s", d.Position, d.Severity, d.Message)
}

// List collects diagnostics. It is an error when it holds at least one error; use Err to return it.
type List []Diagnostic

// Add appends diagnostics.
func (l *List) Add(ds ...Diagnostic) { *l = append(*l, ds...) }

// HasErrors tells whether any finding is an error.
func (l List) HasErrors() bool {
	return slices.ContainsFunc(l, func(d Diagnostic) bool { return d.Severity == Error })
}

// Sorted gives the list ordered by place. What was found several times is there once, with the related places of all. The
// receiver is not changed.
func (l List) Sorted() List {
	s := slices.Clone(l)
	slices.SortStableFunc(s, func(a, b Diagnostic) int {
		return cmp.Or(a.Position.Compare(b.Position), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Message, b.Message))
	})
	once := make(List, 0, len(s))
	for len(s) > 0 {
		r := repetitions{Diagnostic: s[0]}
		for s = s[1:]; len(s) > 0 && s[0].repeats(r.Diagnostic); s = s[1:] {
			r.add(s[0])
		}
		once = append(once, r.once())
	}
	return once
}

// Err returns the list as an error if it holds errors, else nil.
func (l List) Err() error {
	if l.HasErrors() {
		return l
	}
	return nil
}

// Error is every finding, one a line, sorted.
func (l List) Error() string {
	lines := make([]string, 0, len(l))
	for _, d := range l.Sorted() {
		lines = append(lines, d.Error())
	}
	return strings.Join(lines, "\n")
}
