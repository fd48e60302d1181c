package store

import (
	"sync"
	"time"
)

// Clock is the emulator's time. It dates gateways, logs and responses, ends cache
// entries and moves the windows of rate limits. Delays that a test sets (the
// model emulator/slow, the delay of a fault) are real time.
//
// The zero value runs with real time. A Clock is safe for concurrent use.
type Clock struct {
	mu     sync.Mutex
	frozen bool
	start  time.Time
	offset time.Duration
}

// NewClock returns a clock that stands still at start. Only [Clock.Advance] moves it.
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
	// Round strips the monotonic reading, which would take part in comparisons of
	// times that Advance has moved.
	return base.Round(0).Add(c.offset).UTC()
}

// Advance moves the clock by d, which may be negative. A clock that runs with real
// time keeps running.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}
