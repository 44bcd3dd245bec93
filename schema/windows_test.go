package schema

import (
	"fmt"
	"strings"
	"testing"
)

// TestWindowsOverlap asks for a DocumentDB with a daily and a weekly window.
func TestWindowsOverlap(t *testing.T) {
	s := load(t)
	for _, c := range []struct {
		daily, weekly string
		overlap       bool
	}{
		{"03:00-04:00", "sun:05:00-sun:06:00", false},
		{"03:00-04:00", "sun:04:00-sun:05:00", false},
		{"03:00-04:00", "sun:02:00-sun:03:00", false},
		{"03:00-04:00", "sun:03:59-sun:05:00", true},
		{"03:00-04:00", "sun:02:00-sun:03:01", true},
		{"03:00-06:00", "sun:04:00-sun:05:00", true},
		{"04:00-05:00", "sun:03:00-sun:06:00", true},
		{"03:00-04:00", "sun:03:00-sun:04:00", true},
		{"23:30-00:30", "mon:00:00-mon:01:00", true},
		{"23:30-00:30", "mon:00:30-mon:01:00", false},
		{"00:00-00:30", "sun:23:30-mon:00:30", true},
		{"00:30-01:00", "sun:23:30-mon:00:30", false},
		{"12:00-12:30", "sun:13:00-mon:11:00", false},
		{"12:00-12:30", "sun:13:00-mon:12:10", true},
	} {
		text := fmt.Sprintf(`instances: {class: db.t4g.medium}
database: {username: owner, passwordSecret: {ref: /x}}
backup: {window: %q}
maintenance: {window: %q}
`, c.daily, c.weekly)
		diags := s.CheckMerged(ComponentVersion, "DocumentDB", spec(t, text))
		overlap := len(diags) == 1 && strings.Contains(diags[0].Message, "overlaps the backup window")
		if overlap != c.overlap || len(diags) > 1 {
			t.Errorf("%s and %s: %v", c.daily, c.weekly, diags)
		}
	}
}
