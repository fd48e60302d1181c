package client

import (
	"context"
	"time"
)

// A Clock tells the time, waits, and ends what takes too long. Tests replace it.
// It must be safe for concurrent use.
type Clock interface {
	// Now returns the current time.
	Now() time.Time
	// Wait waits for d, or until ctx ends. The error is then that of ctx.
	Wait(ctx context.Context, d time.Duration) error
	// AfterFunc calls f in its own goroutine after d, unless stop is called
	// before. All timeouts of the client are set with it.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

// systemClock is the clock of the machine.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) Wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}

// Now returns the time by the client's clock.
func (c *Client) Now() time.Time { return c.clock.Now() }

// Wait waits for d, or until ctx ends. The error is then that of ctx.
func (c *Client) Wait(ctx context.Context, d time.Duration) error { return c.clock.Wait(ctx, d) }
