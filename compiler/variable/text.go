package variable

import (
	"strings"
	"unicode/utf8"

	"github.com/panka-io/panka/compiler/ir"
)

// Problem is a mistake in the way a string uses variables. Offset counts bytes from the start of the string.
type Problem struct {
	Offset  int
	Message string
	Hint    string
}

const literalHint = "write $${ for a literal ${"

// Parse splits a string at its variables: ${NAME} becomes a variable, ${param:NAME} a variable called param:NAME, $${ a
// literal ${, and every other character stands for itself. Where the syntax is wrong the characters are kept as they are and a problem is returned.
func Parse(s string) (ir.Text, []Problem) {
	p := parse(s)
	return p.text, p.problems
}

func parse(s string) *parser {
	p := &parser{}
	if !strings.Contains(s, "${") {
		p.text = ir.Literal(s)
		return p
	}
	for rest := s; rest != ""; rest = s[p.offset:] {
		switch {
		case strings.HasPrefix(rest, "$${"):
			p.literal("${", 3)
		case strings.HasPrefix(rest, "${"):
			p.variable(rest)
		default:
			// A dollar sign that starts neither form stands for itself; go on behind it.
			n := strings.IndexByte(rest[1:], '$') + 1
			if n == 0 {
				n = len(rest)
			}
			p.literal(rest[:n], n)
		}
	}
	p.flush()
	return p
}

// parser collects the parts; offset is how many bytes of the input are done.
type parser struct {
	text     ir.Text
	uses     []use
	pending  strings.Builder
	problems []Problem
	offset   int
}

// use is one ${NAME} and where it starts.
type use struct {
	name   string
	offset int
}

func (p *parser) literal(s string, consumed int) {
	p.pending.WriteString(s)
	p.offset += consumed
}

func (p *parser) flush() {
	if p.pending.Len() > 0 {
		p.text = append(p.text, ir.Part{Literal: p.pending.String()})
		p.pending.Reset()
	}
}

// variable reads the ${ at the start of rest.
func (p *parser) variable(rest string) {
	end := strings.IndexByte(rest, '}')
	if end < 0 {
		p.problem("${ has no closing }", literalHint)
		p.literal(rest[:2], 2)
		return
	}
	name := rest[2:end]
	if !ValidName(name) && !isParameter(name) {
		p.wrongName(name)
		p.literal(rest[:2], 2)
		return
	}
	p.flush()
	p.text = append(p.text, ir.Part{Variable: name})
	p.uses = append(p.uses, use{name: name, offset: p.offset})
	p.offset += end + 1
}

func (p *parser) wrongName(name string) {
	const rule = "a name is capital letters, digits and _, starting with a letter"
	switch upper := strings.ToUpper(name); {
	case strings.HasPrefix(name, ParameterPrefix):
		p.problem("${"+shorten(name)+"} names no parameter: a name is letters and digits, starting with a lower-case letter", literalHint)
	case strings.TrimSpace(name) == "":
		p.problem("${} names no variable", "write ${NAME} for a variable, or $${ for a literal ${")
	case ValidName(upper):
		p.problem("${"+name+"} is not a variable name: "+rule, "did you mean ${"+upper+"}? For a literal ${ write $${")
	default:
		p.problem("${"+shorten(name)+"} is not a variable name: "+rule, literalHint)
	}
}

func (p *parser) problem(message, hint string) {
	p.problems = append(p.problems, Problem{Offset: p.offset, Message: message, Hint: hint})
}

// shorten cuts what a message quotes to a readable length and one line.
func shorten(s string) string {
	const limit = 40
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) <= limit {
		return s
	}
	return string([]rune(s)[:limit]) + "…"
}

// ParameterPrefix begins the name of a template's parameter where it stands among variables: ${param:NAME}. No
// variable's name can begin so.
const ParameterPrefix = "param:"

// Parameter gives the name of the template's parameter that a part of a text stands for, if it does.
func Parameter(part ir.Part) (name string, ok bool) {
	return strings.CutPrefix(part.Variable, ParameterPrefix)
}

// isParameter tells whether name is that of a parameter, with the prefix.
func isParameter(name string) bool {
	rest, ok := strings.CutPrefix(name, ParameterPrefix)
	for i, c := range []byte(rest) {
		lower, upper, digit := c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9'
		if !lower && (i == 0 || !upper && !digit) {
			return false
		}
	}
	return ok && rest != ""
}

// ValidName tells whether name can be a variable's: a capital letter, then capital letters, digits and underscores.
func ValidName(name string) bool {
	for i, c := range []byte(name) {
		letter := c >= 'A' && c <= 'Z'
		if !letter && (i == 0 || (c != '_' && (c < '0' || c > '9'))) {
			return false
		}
	}
	return name != ""
}
