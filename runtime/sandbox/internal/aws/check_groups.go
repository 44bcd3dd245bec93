package aws

import (
	"fmt"
	"slices"
	"strings"

	"github.com/panka-io/panka/runtime/sandbox/internal/store"
)

// atMostOne refuses more than one of the properties.
func atMostOne(paths ...string) Check {
	return func(in store.Values) []Problem {
		var given []string
		for _, p := range paths {
			if in.Has(p) {
				given = append(given, p)
			}
		}
		if len(given) < 2 {
			return nil
		}
		return []Problem{{given[1], fmt.Sprintf("%s conflicts with %s", given[1], given[0])}}
	}
}

// needs demands further properties where the first is given.
func needs(path string, others ...string) Check {
	return func(in store.Values) []Problem {
		if !in.Has(path) {
			return nil
		}
		for _, o := range others {
			if !in.Has(o) {
				return []Problem{{path, fmt.Sprintf("%s needs %s", path, o)}}
			}
		}
		return nil
	}
}

// inObject applies checks to a nested object.
func inObject(path string, checks ...Check) Check {
	return func(in store.Values) []Problem {
		o := in
		for _, name := range strings.Split(path, ".") {
			o = o.Object(name)
		}
		if o == nil {
			return nil
		}
		var out []Problem
		for _, check := range checks {
			for _, p := range check(o) {
				out = append(out, Problem{path + "." + p.Property, p.Reason})
			}
		}
		return out
	}
}

// eachOf demands that every text of a list is one of the words.
func eachOf(list string, words ...string) Check {
	return func(in store.Values) []Problem {
		var out []Problem
		for i, s := range in.Strings(list) {
			if !slices.Contains(words, s) {
				path := fmt.Sprintf("%s[%d]", list, i)
				out = append(out, Problem{path, fmt.Sprintf("expected %s to be one of %s, got %q", path, strings.Join(words, ", "), s)})
			}
		}
		return out
	}
}

// countWithin demands a number of elements in a range, ends included.
func countWithin(list string, low, high int) Check {
	return func(in store.Values) []Problem {
		elements, ok := in[list].([]any)
		if !ok || (len(elements) >= low && len(elements) <= high) {
			return nil
		}
		return []Problem{{list, fmt.Sprintf("expected %s to hold %d to %d elements, got %d", list, low, high, len(elements))}}
	}
}

// dailyWindow demands a time span such as 05:00-06:00.
func dailyWindow(path string) Check {
	return matching(path, `^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$`, "must have the form 05:00-06:00")
}

// weeklyWindow demands a time span such as sun:05:00-sun:06:00.
func weeklyWindow(path string) Check {
	const moment = `(mon|tue|wed|thu|fri|sat|sun):([01]\d|2[0-3]):[0-5]\d`
	return matching(path, `(?i)^`+moment+`-`+moment+`$`, "must have the form sun:05:00-sun:06:00")
}

// atMostLong limits the length of a text.
func atMostLong(path string, longest int) Check {
	return func(in store.Values) []Problem {
		s, ok := at(in, path).(string)
		if !ok || len(s) <= longest {
			return nil
		}
		return []Problem{{path, fmt.Sprintf("%s cannot be longer than %d characters, it has %d", path, longest, len(s))}}
	}
}
