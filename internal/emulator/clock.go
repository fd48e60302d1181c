package emulator

import (
	"sync"
	"time"
)

// Clock is the emulator's time: it dates gateways, logs and answers, ends cache
// entries and moves rate limiting windows. Delays that a test asks for (the
// model emulator/slow, [Fault].Delay) are real time and do not look at it.
//
// The zero value runs with real time. It is safe for concurrent use.
type Clock struct {
	mu     sync.Mutex
	frozen bool
	start  time.Time
	offset time.Duration
}

// NewClock returns a clock that stands still at start and moves only by
// [Clock.Advance].
func NewClock(start time.Time) *Clock {
	return &Clock{frozen: true, start: start}
}

// Now returns the clock's time, in UTC.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	base := c.start
	if !c.frozen {
		base = time.Now()
	}
	// Round strips the monotonic reading: times of this clock are compared with
	// each other after being moved, and must not remember when they were taken.
	return base.Round(0).Add(c.offset).UTC()
}

// Advance moves the clock by d, which may be negative. A clock that runs with
// real time goes on running.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}
