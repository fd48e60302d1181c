package matrix_test

import (
	"context"
	"sync"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A clock is the time of the client, the emulator and the proxy alike. It moves
// when one of them waits, so that no cell takes real time.
type clock struct {
	emulator *emulator.Clock
	start    time.Time

	mu     sync.Mutex
	timers map[*timer]struct{}
}

type timer struct {
	at time.Time
	f  func()
}

func newClock() *clock {
	start := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	return &clock{emulator: emulator.NewClock(start), start: start, timers: map[*timer]struct{}{}}
}

// Now implements client.Clock.
func (c *clock) Now() time.Time { return c.emulator.Now() }

// Wait implements client.Clock.
func (c *clock) Wait(ctx context.Context, d time.Duration) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	c.advance(d)
	return ctx.Err()
}

// AfterFunc implements client.Clock. The function runs where time moves, so that it
// has run before anything else happens.
func (c *clock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{c.Now().Add(d), f}
	c.timers[t] = struct{}{}
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		_, pending := c.timers[t]
		delete(c.timers, t)
		return pending
	}
}

// pause is how the proxy waits.
func (c *clock) pause(_ context.Context, d time.Duration) { c.advance(d) }

func (c *clock) advance(d time.Duration) {
	c.emulator.Advance(d)
	c.mu.Lock()
	var due []func()
	for t := range c.timers {
		if !t.at.After(c.Now()) {
			due = append(due, t.f)
			delete(c.timers, t)
		}
	}
	c.mu.Unlock()
	for _, f := range due {
		f()
	}
}
