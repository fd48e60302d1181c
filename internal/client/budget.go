package client

import (
	"context"
	"errors"
	"sync"
	"time"
)

// A timeoutError is the cause of a context that the client ended, since its time
// was used up.
type timeoutError struct{ text string }

func (e *timeoutError) Error() string { return e.text }

// Is makes errors.Is work with [context.DeadlineExceeded].
func (e *timeoutError) Is(target error) bool { return target == context.DeadlineExceeded }

func isTimeout(err error) bool {
	var timeout *timeoutError
	return errors.As(err, &timeout)
}

// withTimeout returns a context that ends after d, by the clock, with this cause.
// Its deadline is no later than those of the budgets, which run meanwhile.
func withTimeout(ctx context.Context, clock Clock, d time.Duration, cause error) (context.Context, context.CancelCauseFunc) {
	deadline := clock.Now().Add(budgetOf(ctx).least(d))
	if earlier, ok := ctx.Deadline(); ok && earlier.Before(deadline) {
		deadline = earlier
	}
	ctx, cancel := context.WithCancelCause(ctx)
	stop := clock.AfterFunc(d, func() { cancel(cause) })
	return deadlineContext{ctx, deadline}, func(err error) {
		stop()
		cancel(err)
	}
}

// A deadlineContext tells its deadline, as that of [context.WithDeadline] does.
type deadlineContext struct {
	context.Context
	deadline time.Time
}

// Deadline implements [context.Context].
func (c deadlineContext) Deadline() (time.Time, bool) { return c.deadline, true }

// A budget is the time that several requests may take together. Time at the gate
// does not count, so the gate pauses all budgets of a context.
type budget struct {
	clock Clock
	outer *budget // of the context around it, or nil
	end   func()

	mu      sync.Mutex
	left    time.Duration
	started bool
	pauses  int
	since   time.Time // when it last began to run
	stop    func() bool
}

type budgetKey struct{}

func budgetOf(ctx context.Context) *budget {
	b, _ := ctx.Value(budgetKey{}).(*budget)
	return b
}

// withBudget returns a context that ends with this cause when the budget, which
// the caller starts, is used up.
func withBudget(ctx context.Context, clock Clock, d time.Duration, cause error) (context.Context, *budget, context.CancelFunc) {
	b := &budget{clock: clock, outer: budgetOf(ctx), left: d}
	ctx, cancel := context.WithCancelCause(context.WithValue(ctx, budgetKey{}, b))
	b.end = func() { cancel(cause) }
	return ctx, b, func() {
		b.mu.Lock()
		b.halt()
		b.pauses++ // for good
		b.mu.Unlock()
		cancel(nil)
	}
}

// start starts the budget, unless it was started before.
func (b *budget) start() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.started {
		b.started = true
		b.run()
	}
}

// least returns the least that is left of the running budgets, at most limit.
func (b *budget) least(limit time.Duration) time.Duration {
	for ; b != nil; b = b.outer {
		b.mu.Lock()
		if b.stop != nil {
			limit = min(limit, b.left-b.clock.Now().Sub(b.since))
		}
		b.mu.Unlock()
	}
	return limit
}

// pause stops the budget and those around it until resume is called.
func (b *budget) pause() {
	for ; b != nil; b = b.outer {
		b.mu.Lock()
		b.halt()
		b.pauses++
		b.mu.Unlock()
	}
}

func (b *budget) resume() {
	for ; b != nil; b = b.outer {
		b.mu.Lock()
		b.pauses--
		b.run()
		b.mu.Unlock()
	}
}

func (b *budget) run() {
	if b.started && b.pauses == 0 {
		b.since = b.clock.Now()
		b.stop = b.clock.AfterFunc(b.left, b.end)
	}
}

func (b *budget) halt() {
	if b.stop != nil {
		b.stop()
		b.stop = nil
		b.left -= b.clock.Now().Sub(b.since)
	}
}
