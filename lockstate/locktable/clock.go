package locktable

import "time"

// Clock measures how much time has passed, including time in which the machine slept, and is not moved by changes of
// the date. Its zero is arbitrary.
type Clock func() time.Duration

// since tells how long ago a moment of the clock was.
func (c Clock) since(moment time.Duration) time.Duration { return c() - moment }

// start is the clock's zero where the system offers none.
var start = time.Now()

func monotonic() time.Duration { return time.Since(start) }
