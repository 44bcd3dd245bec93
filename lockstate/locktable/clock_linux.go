package locktable

import (
	"time"

	"golang.org/x/sys/unix"
)

// systemClock is the time since the machine was started. Go's own monotonic clock stands still while it sleeps.
func systemClock() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &t); err != nil {
		return monotonic()
	}
	return time.Duration(t.Nano())
}
