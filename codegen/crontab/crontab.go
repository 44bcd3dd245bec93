// Package crontab turns schedules of EventBridge into those of Kubernetes, whose controllers and KEDA's take them.
package crontab

import (
	"slices"
	"strconv"
	"strings"
)

// A schedule of EventBridge and one of Kubernetes look alike and differ: EventBridge's has a sixth field, the year, which the
// schema lets be * only, and a ? for the day that does not count; its weekdays are 1 to 7, those of Kubernetes 0 to 6, of
// which both times the first is Sunday; and its ranges may go round, as FRI-MON does, which Kubernetes refuses.
//
//	cron(0/15 22-2 ? * 2-6 *)	0/15 22-23,0-2 * * 1-5

// field is one of the five fields of a schedule.
type field struct {
	// first and last are the values that it can have, as Kubernetes counts.
	first, last int
	// shift is what EventBridge's numbers are above those of Kubernetes.
	shift int
	// names of the values in their order; both sides know them.
	names []string
}

var fields = []field{
	{first: 0, last: 59},
	{first: 0, last: 23},
	{first: 1, last: 31},
	{first: 1, last: 12, names: []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}},
	{first: 0, last: 6, shift: 1, names: []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}},
}

// Of is the schedule, an expression cron(…), as Kubernetes writes it. It is false for one that Kubernetes cannot follow.
func Of(schedule string) (string, bool) {
	inner, isCron := strings.CutPrefix(strings.TrimSuffix(schedule, ")"), "cron(")
	texts := strings.Fields(inner)
	if !isCron || len(texts) != len(fields)+1 || texts[len(fields)] != "*" {
		return "", false
	}
	var all []string
	for i, f := range fields {
		var items []string
		for _, item := range strings.Split(texts[i], ",") {
			translated, ok := f.item(item)
			if !ok {
				return "", false
			}
			items = append(items, translated)
		}
		all = append(all, strings.Join(items, ","))
	}
	return strings.Join(all, " "), true
}

// item translates a value, a range or a step.
func (f field) item(text string) (string, bool) {
	values, step, stepped := strings.Cut(text, "/")
	if n, err := strconv.Atoi(step); stepped && (err != nil || n == 0) {
		return "", false
	}
	suffix := ""
	if stepped {
		suffix = "/" + step
	}
	if values == "*" || values == "?" {
		return "*" + suffix, true
	}
	low, high, isRange := strings.Cut(values, "-")
	from, ok := f.number(low)
	if !ok {
		return "", false
	}
	if !isRange {
		return f.text(low) + suffix, true
	}
	to, ok := f.number(high)
	switch {
	case !ok:
		return "", false
	case from <= to:
		return f.text(low) + "-" + f.text(high) + suffix, true
	case stepped:
		return f.round(from, to, step), true
	}
	return strconv.Itoa(from) + "-" + strconv.Itoa(f.last) + "," + strconv.Itoa(f.first) + "-" + strconv.Itoa(to), true
}

// round are the values of a range that goes round, of which each step counts.
func (f field) round(from, to int, step string) string {
	n, _ := strconv.Atoi(step) // item has looked at it
	size := f.last - f.first + 1
	var values []string
	for value := from; value <= to+size; value += n {
		values = append(values, strconv.Itoa(f.first+(value-f.first)%size))
	}
	return strings.Join(values, ",")
}

// number is a value as Kubernetes counts it.
func (f field) number(text string) (int, bool) {
	if i := slices.Index(f.names, text); i >= 0 {
		return f.first + i, true
	}
	n, err := strconv.Atoi(text)
	return n - f.shift, err == nil && n-f.shift >= f.first && n-f.shift <= f.last
}

// text is a value as Kubernetes writes it: names and numbers that are the same stay as they are.
func (f field) text(value string) string {
	if n, err := strconv.Atoi(value); err == nil {
		return strconv.Itoa(n - f.shift)
	}
	return value
}
