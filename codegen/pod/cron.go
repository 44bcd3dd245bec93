package pod

import (
	"strconv"
	"strings"
)

// Cron is a schedule cron(…) of AWS as Kubernetes and KEDA write it; ok is false if they cannot: if it has a year, is the
// last or nearest day of something, or says something else than when. AWS counts the days of the week from 1, they from 0,
// and a question mark says what a star does.
func Cron(expression string) (schedule string, ok bool) {
	inside, isCron := strings.CutPrefix(expression, "cron(")
	inside, closed := strings.CutSuffix(inside, ")")
	fields := strings.Fields(inside)
	if !isCron || !closed || len(fields) != 6 || fields[5] != "*" {
		return "", false
	}
	for i, field := range fields[:5] {
		if strings.ContainsAny(field, "#") || i == 2 && strings.ContainsAny(field, "LW") || i == 4 && strings.Contains(withoutNames(field), "L") {
			return "", false
		}
		fields[i] = strings.ReplaceAll(field, "?", "*")
	}
	fields[4], ok = weekdays(fields[4])
	return strings.Join(fields[:5], " "), ok
}

// withoutNames is a field for days of the week without their names, none of which ends in what means the last one.
func withoutNames(field string) string {
	for _, day := range []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"} {
		field = strings.ReplaceAll(strings.ToUpper(field), day, "")
	}
	return field
}

// weekdays counts the days of a field from 0 instead of 1. What stands behind a slash is a number of days and stays.
func weekdays(field string) (string, bool) {
	parts := strings.Split(field, ",")
	for i, part := range parts {
		days, step, stepped := strings.Cut(part, "/")
		ends := strings.Split(days, "-")
		for j, end := range ends {
			n, err := strconv.Atoi(end)
			if err != nil {
				continue
			}
			if n < 1 || n > 7 {
				return "", false
			}
			ends[j] = strconv.Itoa(n - 1)
		}
		parts[i] = strings.Join(ends, "-")
		if stepped {
			parts[i] += "/" + step
		}
	}
	return strings.Join(parts, ","), true
}
