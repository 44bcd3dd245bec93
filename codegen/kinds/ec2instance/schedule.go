package ec2instance

import (
	"strconv"
	"strings"

	"github.com/panka-io/panka/codegen/component"
	"github.com/panka-io/panka/compiler/diag"
)

// recurrence is a cron expression of EventBridge as Auto Scaling takes it, in the form of Unix: without the year, with * for
// ?, and with Sunday as day 0. ok is false for what that form cannot say.
func recurrence(expression string) (cron string, ok bool) {
	inner, found := strings.CutPrefix(expression, "cron(")
	fields := strings.Fields(strings.TrimSuffix(inner, ")"))
	if !found || len(fields) != 6 || fields[5] != "*" {
		return "", false
	}
	fields = fields[:5]
	for i, field := range fields {
		if field == "?" {
			fields[i] = "*"
		} else if strings.ContainsAny(field, "LW#") && !(i >= 3 && named(field)) {
			return "", false
		}
	}
	fields[4] = weekdays(fields[4])
	return strings.Join(fields, " "), true
}

// named tells whether all letters of a field are those of months or days of the week.
func named(field string) bool {
	for _, word := range strings.FieldsFunc(field, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		if len(word) != 3 {
			return false
		}
	}
	return !strings.Contains(field, "#")
}

// weekdays counts from 0 what counted from 1. A step, behind a slash, is a number of days.
func weekdays(field string) string {
	days, step, stepped := strings.Cut(field, "/")
	var out, digits strings.Builder
	flush := func() {
		if n, err := strconv.Atoi(digits.String()); err == nil {
			out.WriteString(strconv.Itoa(n - 1))
		}
		digits.Reset()
	}
	for _, r := range days {
		if r >= '0' && r <= '9' {
			digits.WriteRune(r)
			continue
		}
		flush()
		out.WriteRune(r)
	}
	flush()
	if stepped {
		out.WriteString("/" + step)
	}
	return out.String()
}

func (m *machine) refuseSchedule(s schedule) {
	m.Fail(diag.Errorf(s.Source, component.Code, "Auto Scaling cannot follow the schedule %s", s.Schedule).
		WithHint("write cron(...) without L, W and #, and * for the year"))
}
