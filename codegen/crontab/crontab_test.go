package crontab

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCrontab(t *testing.T) {
	for _, c := range []struct{ schedule, want string }{
		{"cron(0 3 * * ? *)", "0 3 * * *"},
		{"cron(0/15 8-17 ? JAN,MAR-DEC MON-FRI *)", "0/15 8-17 * JAN,MAR-DEC MON-FRI"},
		{"cron(05 03 ? * 1,7 *)", "5 3 * * 0,6"},
		{"cron(0 0 ? * 2-6 *)", "0 0 * * 1-5"},
		{"cron(0 0 ? * 2/3 *)", "0 0 * * 1/3"},
		{"cron(0 0 ? * */2 *)", "0 0 * * */2"},
		{"cron(0 22-2 ? * FRI-MON *)", "0 22-23,0-2 * * 5-6,0-1"},
		{"cron(0 20-4/3 1,15 11-2/2 ? *)", "0 20,23,2 1,15 11,1 *"},
		{"cron(0 0 ? * 6-2/2 *)", "0 0 * * 5,0"},
	} {
		if got, ok := Of(c.schedule); !ok || got != c.want {
			t.Errorf("Of(%q) = %q, %t; want %q", c.schedule, got, ok, c.want)
		}
	}
}

func TestCrontabRefuses(t *testing.T) {
	for _, schedule := range []string{
		"rate(1 hour)", "at(2031-05-01T09:00:00)", "cron(0 3 L * ? *)", "cron(0 3 15W * ? *)", "cron(0 3 ? * 2#1 *)",
		"cron(0 3 ? * FRIL *)", "cron(0 3 * * ? 2030)", "cron(*/0 3 * * ? *)", "cron(0 3 * * ?)",
	} {
		if got, ok := Of(schedule); ok {
			t.Errorf("Of(%q) = %q, although Kubernetes cannot follow it", schedule, got)
		}
	}
}

// TestCrontabMeansTheSame compares the weekdays on which both run, whatever range and step there is.
func TestCrontabMeansTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, to := rapid.IntRange(1, 7).Draw(t, "from"), rapid.IntRange(1, 7).Draw(t, "to")
		step := rapid.IntRange(1, 7).Draw(t, "step")
		got, ok := Of("cron(0 0 ? * " + strconv.Itoa(from) + "-" + strconv.Itoa(to) + "/" + strconv.Itoa(step) + " *)")
		if !ok {
			t.Fatal("not translated")
		}
		want := map[int]bool{}
		for n := 0; n <= (to-from+7)%7; n += step {
			want[(from-1+n)%7] = true
		}
		days := map[int]bool{}
		for _, item := range strings.Split(strings.Fields(got)[4], ",") {
			for _, day := range expanded(t, item) {
				days[day] = true
			}
		}
		for day := range 7 {
			if days[day] != want[day] {
				t.Fatalf("%s: on day %d it runs: %t, want %t", got, day, days[day], want[day])
			}
		}
	})
}

// expanded are the values of an item, by the rules of Kubernetes.
func expanded(t *rapid.T, item string) []int {
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > 6 {
			t.Fatalf("%q is no day of Kubernetes", text)
		}
		return n
	}
	values, step, stepped := strings.Cut(item, "/")
	low, high, isRange := strings.Cut(values, "-")
	if !isRange {
		return []int{number(low)}
	}
	n := 1
	if stepped {
		n, _ = strconv.Atoi(step)
	}
	if number(low) > number(high) {
		t.Fatalf("Kubernetes takes no range that goes round: %s", item)
	}
	var all []int
	for day := number(low); day <= number(high); day += n {
		all = append(all, day)
	}
	return all
}
