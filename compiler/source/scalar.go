package source

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

var (
	decimalPattern = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)$`)
	basedPattern   = regexp.MustCompile(`^(0o[0-7]+|0x[0-9a-fA-F]+)$`)
	floatPattern   = regexp.MustCompile(`^[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?$`)
	specialPattern = regexp.MustCompile(`^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$`)
)

// maxExact is the largest integer up to which a float64 holds every integer.
const maxExact = 1 << 53

// plainScalar decides what an unquoted scalar is, by the core schema of YAML 1.2, except that a number with leading
// zeros is a string. A problem is returned for a number that cannot be represented.
func plainScalar(text string) (n Node, problem string) {
	n.Text = text
	switch text {
	case "", "~", "null", "Null", "NULL":
		n.Kind = Null
		return n, ""
	case "true", "True", "TRUE":
		n.Kind, n.Bool = Bool, true
		return n, ""
	case "false", "False", "FALSE":
		n.Kind = Bool
		return n, ""
	}
	if !strings.ContainsRune("+-.0123456789", rune(text[0])) {
		n.Kind = String
		return n, ""
	}
	switch {
	case decimalPattern.MatchString(text):
		n.Number, problem = integer(text, 10)
	case basedPattern.MatchString(text):
		n.Number, problem = integer(text, 0)
	case specialPattern.MatchString(text):
		problem = "infinity and not-a-number are not allowed"
	case floatPattern.MatchString(text):
		value, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsInf(value, 0) {
			problem = "the number is too large"
		}
		n.Number = value
	default:
		n.Kind = String
		return n, ""
	}
	n.Kind = Number
	return n, problem
}

func integer(text string, base int) (float64, string) {
	value, err := strconv.ParseInt(strings.TrimPrefix(text, "+"), base, 64)
	if err != nil || value > maxExact || value < -maxExact {
		return 0, "the number is beyond 2^53 and would lose digits"
	}
	return float64(value), ""
}
