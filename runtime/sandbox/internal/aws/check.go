package aws

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// Check looks at inputs and says what is wrong with them. Values that are absent or not known yet are not wrong.
type Check func(in store.Values) []Problem

// at gives the known value at a dotted path through objects.
func at(in store.Values, path string) any {
	for {
		name, rest, deeper := strings.Cut(path, ".")
		if !deeper {
			if !in.Known(name) {
				return nil
			}
			return in[name]
		}
		in, path = in.Object(name), rest
	}
}

// oneOf demands one of the words.
func oneOf(path string, words ...string) Check {
	return func(in store.Values) []Problem {
		s, ok := at(in, path).(string)
		if !ok || slices.Contains(words, s) {
			return nil
		}
		return []Problem{{path, fmt.Sprintf("expected %s to be one of %s, got %q", path, strings.Join(words, ", "), s)}}
	}
}

// among demands one of the numbers.
func among(path string, numbers ...float64) Check {
	return func(in store.Values) []Problem {
		n, ok := at(in, path).(float64)
		if !ok || slices.Contains(numbers, n) {
			return nil
		}
		return []Problem{{path, fmt.Sprintf("expected %s to be one of %v, got %v", path, numbers, n)}}
	}
}

// within demands a number in a range, ends included.
func within(path string, low, high float64) Check {
	return func(in store.Values) []Problem {
		n, ok := at(in, path).(float64)
		if !ok || (n >= low && n <= high) {
			return nil
		}
		return []Problem{{path, fmt.Sprintf("expected %s to be in the range %v to %v, got %v", path, low, high, n)}}
	}
}

// onFirstUse compiles a pattern when it is needed: a run uses few of the hundreds, and all of them would take longer
// than the rest of opening an account.
func onFirstUse(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// matching demands a form; what describes it.
func matching(path, pattern, what string) Check {
	re := onFirstUse(pattern)
	return func(in store.Values) []Problem {
		s, ok := at(in, path).(string)
		if !ok || re().MatchString(s) {
			return nil
		}
		return []Problem{{path, fmt.Sprintf("invalid value for %s (%q): %s", path, s, what)}}
	}
}

// notBeginning refuses a prefix.
func notBeginning(path, prefix string) Check {
	return func(in store.Values) []Problem {
		s, ok := at(in, path).(string)
		if !ok || !strings.HasPrefix(s, prefix) {
			return nil
		}
		return []Problem{{path, fmt.Sprintf("invalid value for %s (%q): cannot begin with %q", path, s, prefix)}}
	}
}

// cidr demands an IPv4 network with a prefix in a range, without host bits.
func cidr(path string, shortest, longest int) Check {
	return func(in store.Values) []Problem {
		s, ok := at(in, path).(string)
		if !ok {
			return nil
		}
		p, err := netip.ParsePrefix(s)
		switch {
		case err != nil || !p.Addr().Is4():
			return []Problem{{path, fmt.Sprintf("%q is not a valid IPv4 CIDR block", s)}}
		case p.Masked() != p:
			return []Problem{{path, fmt.Sprintf("%q is not a valid IPv4 CIDR block; did you mean %q?", s, p.Masked())}}
		case p.Bits() < shortest || p.Bits() > longest:
			return []Problem{{path, fmt.Sprintf("expected %q to contain a network value with between %d and %d significant bits, got %d",
				path, shortest, longest, p.Bits())}}
		}
		return nil
	}
}

// jsonText demands JSON in a string.
func jsonText(path string) Check {
	return func(in store.Values) []Problem {
		s, ok := at(in, path).(string)
		if !ok || json.Valid([]byte(s)) {
			return nil
		}
		return []Problem{{path, fmt.Sprintf("%s contains an invalid JSON text", path)}}
	}
}

// exactlyOne demands exactly one of the properties.
func exactlyOne(paths ...string) Check {
	return func(in store.Values) []Problem {
		n := 0
		for _, p := range paths {
			if in.Has(p) {
				n++
			}
		}
		if n == 1 {
			return nil
		}
		return []Problem{{paths[0], fmt.Sprintf("exactly one of %s must be given, got %d", strings.Join(paths, ", "), n)}}
	}
}

// eachObject applies checks to every object of a list.
func eachObject(list string, checks ...Check) Check {
	return func(in store.Values) []Problem {
		var out []Problem
		for i, o := range in.Objects(list) {
			for _, check := range checks {
				for _, p := range check(o) {
					out = append(out, Problem{fmt.Sprintf("%s[%d].%s", list, i, p.Property), p.Reason})
				}
			}
		}
		return out
	}
}

// characters demands a text of a length in a range, ends included.
func characters(path string, shortest, longest int) Check {
	return func(in store.Values) []Problem {
		s, ok := at(in, path).(string)
		if n := utf8.RuneCountInString(s); !ok || (n >= shortest && n <= longest) {
			return nil
		}
		return []Problem{{path, fmt.Sprintf("expected the length of %s to be in the range %d to %d characters, got %d", path, shortest, longest, utf8.RuneCountInString(s))}}
	}
}

// eachString demands a form of every string of a list.
func eachString(list, pattern, what string) Check {
	re := onFirstUse(pattern)
	return func(in store.Values) []Problem {
		var out []Problem
		for i, s := range in.Strings(list) {
			if !re().MatchString(s) {
				path := fmt.Sprintf("%s[%d]", list, i)
				out = append(out, Problem{path, fmt.Sprintf("invalid value for %s (%q): %s", path, s, what)})
			}
		}
		return out
	}
}

// together demands that the second property is given with the first.
func together(first, second string) Check {
	return func(in store.Values) []Problem {
		if !in.Has(first) || in.Has(second) {
			return nil
		}
		return []Problem{{second, fmt.Sprintf("%s must be given with %s", second, first)}}
	}
}

// longest refuses texts of more than n characters.
func longest(path string, n int) Check {
	return func(in store.Values) []Problem {
		s, ok := at(in, path).(string)
		if got := utf8.RuneCountInString(s); ok && got > n {
			return []Problem{{path, fmt.Sprintf("expected the length of %s to be at most %d characters, got %d", path, n, got)}}
		}
		return nil
	}
}
