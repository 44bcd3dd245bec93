//go:build !linux

package locktable

import "time"

// systemClock is the larger of what the monotonic clock, which may stand still while the machine sleeps, and the date say
// has passed: a lease that may have ended counts as ended.
func systemClock() time.Duration {
	return max(monotonic(), time.Since(start.Round(0)))
}
