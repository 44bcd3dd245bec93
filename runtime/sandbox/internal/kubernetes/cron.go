package kubernetes

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a zone is known also where the machine has no list of them
)

// cronField is one of the five fields of a schedule.
type cronField struct {
	name      string
	low, high int
	names     []string // of the numbers from low on
}

var cronFields = [5]cronField{
	{"minute", 0, 59, nil},
	{"hour", 0, 23, nil},
	{"day of month", 1, 31, nil},
	{"month", 1, 12, []string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}},
	{"day of week", 0, 6, []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}},
}

// cronSchedule says what is wrong with a CronJob's schedule, or "": five fields, or a descriptor such as @daily. A time
// zone in it is refused, as the API server does.
func cronSchedule(text string) string {
	if strings.Contains(text, "TZ=") {
		return "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"
	}
	if strings.HasPrefix(text, "@") {
		return cronDescriptor(text)
	}
	fields := strings.Fields(text)
	if len(fields) != len(cronFields) {
		return fmt.Sprintf("expected exactly 5 fields, found %d: %s", len(fields), text)
	}
	for i, f := range cronFields {
		for _, part := range strings.Split(fields[i], ",") {
			if why := f.wrong(part); why != "" {
				return fmt.Sprintf("%s: %s", f.name, why)
			}
		}
	}
	return ""
}

func cronDescriptor(text string) string {
	switch text {
	case "@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly":
		return ""
	}
	if every, ok := strings.CutPrefix(text, "@every "); ok {
		if _, err := time.ParseDuration(every); err != nil {
			return "failed to parse duration " + text
		}
		return ""
	}
	return "unrecognized descriptor: " + text
}

// wrong says what is wrong with a part such as *, 5, 1-5, */15 or mon-fri, or "".
func (f cronField) wrong(part string) string {
	span, step, stepped := strings.Cut(part, "/")
	if n, err := strconv.Atoi(step); stepped && (err != nil || n < 1) {
		return fmt.Sprintf("step of range should be a positive number: %s", part)
	}
	if span == "*" || span == "?" {
		return ""
	}
	first, last, ranged := strings.Cut(span, "-")
	low, ok := f.number(first)
	high := low
	if ranged {
		var okLast bool
		high, okLast = f.number(last)
		ok = ok && okLast
	}
	switch {
	case !ok:
		return fmt.Sprintf("failed to parse number: %s", part)
	case low < f.low:
		return fmt.Sprintf("beginning of range (%d) below minimum (%d): %s", low, f.low, part)
	case high > f.high:
		return fmt.Sprintf("end of range (%d) above maximum (%d): %s", high, f.high, part)
	case low > high:
		return fmt.Sprintf("beginning of range (%d) beyond end of range (%d): %s", low, high, part)
	}
	return ""
}

func (f cronField) number(text string) (int, bool) {
	for i, name := range f.names {
		if strings.EqualFold(text, name) {
			return f.low + i, true
		}
	}
	n, err := strconv.Atoi(text)
	return n, err == nil
}

// timeZone says what is wrong with a CronJob's time zone, or "".
func timeZone(name string) string {
	if strings.EqualFold(name, "local") {
		return "timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones"
	}
	if _, err := time.LoadLocation(name); err != nil || name == "" {
		return "unknown time zone " + name
	}
	return ""
}
