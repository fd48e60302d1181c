package client

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	// longestBlock bounds how long one Retry-After, or one window of the rate
	// limit, closes the gate. Cloudflare blocks a user for five minutes
	// (documented).
	longestBlock = 6 * time.Minute
	// maxBlocks is how many blocks a request waits for before it gives up.
	maxBlocks = 3
	// longestHold bounds how long a request waits at the gate in all.
	longestHold = maxBlocks * longestBlock
	// spread is the distance between the requests that start when the gate opens:
	// if all of them started at once, the service would block them again.
	spread = 25 * time.Millisecond
	// interruptedHold bounds how long a recovery waits at the gate after an
	// interrupt.
	interruptedHold = 30 * time.Second
)

// A gate holds back the requests of the control plane: while the service said to
// wait, and in order not to get that far. All requests of a client share it, since
// the service counts requests per user.
type gate struct {
	clock Clock

	mu       sync.Mutex
	until    time.Time // when it opens
	closings int
	queued   int // requests that wait for it to open
	inFlight int
	pace     pace
}

// A visit is how often and how long one request was held back.
type visit struct {
	blocks int
	held   time.Duration

	closing int       // the last one that the request waited for
	until   time.Time // how long that was
	paced   bool      // whether the request has waited for its turn
}

// enter waits until the request may start. The caller must call leave after it.
func (g *gate) enter(ctx context.Context, v *visit) error {
	for {
		now := g.clock.Now()
		start, closing, pacing := g.admit(v, now)
		hold := start.Sub(now)
		if hold <= 0 {
			return nil
		}
		if pacing {
			logPacing(ctx, hold)
		}
		if closing != 0 && closing != v.closing {
			if v.blocks == maxBlocks {
				return v.givingUp()
			}
			v.closing = closing
			v.blocks++
		}
		if v.held+hold > longestHold {
			return v.givingUp()
		}
		if err := g.hold(ctx, hold); err != nil {
			return err
		}
		v.held += hold
	}
}

// admit lets the request start, or returns a later time to ask again. It also
// returns the number of the closing that the request waits for, if any, and
// whether the request is the first of a window that is slowed down.
func (g *gate) admit(v *visit, now time.Time) (start time.Time, closing int, pacing bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if now.Before(g.until) && g.until.After(v.until) {
		v.until = g.until
		start = g.until.Add(time.Duration(g.queued) * spread)
		g.queued++
		return start, g.closings, false
	}
	if !v.paced {
		start, pacing = g.pace.turn(now)
		if start.After(now) {
			v.paced = true
			return start, 0, pacing
		}
	}
	v.paced = false // for the next attempt
	g.inFlight++
	return now, 0, false
}

// leave tells the gate what the service responded. It reports whether the
// response closed the gate, or would have if it were not closed.
func (g *gate) leave(ctx context.Context, resp *Response) bool {
	now := g.clock.Now()
	rate, known := parseRate(resp.Header, now)
	block, blocked := resp.block(rate, known, now)
	g.mu.Lock()
	g.inFlight--
	opening := now.Add(block)
	isNew := blocked && !now.Before(g.until)
	if isNew {
		g.closings++
		g.queued = 0
		g.pace = pace{} // a new window begins with the opening
	}
	switch {
	case blocked && opening.After(g.until):
		g.until = opening
	case !blocked && known && !now.Before(g.until):
		g.pace.observe(rate, g.inFlight)
	}
	g.mu.Unlock()
	if isNew {
		logBlocked(ctx, resp, block)
	}
	return blocked
}

// hold waits at the gate. This time does not count for the budgets of ctx.
func (g *gate) hold(ctx context.Context, d time.Duration) error {
	b := budgetOf(ctx)
	b.pause()
	defer b.resume()
	r := recoveryOf(ctx)
	if r == nil {
		return causeOf(ctx, g.clock.Wait(ctx, d))
	}
	ctx, done, err := r.bound(ctx, g.clock, d)
	if err != nil {
		return err
	}
	defer done()
	return causeOf(ctx, g.clock.Wait(ctx, d))
}

// causeOf returns the cause of the end of ctx, if err is not nil.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

// A blockedError is why a request gives up at the gate.
type blockedError struct{ text string }

func (e *blockedError) Error() string { return e.text }

func (v *visit) givingUp() error {
	if v.blocks == 0 {
		return &blockedError{fmt.Sprintf("the service's rate limit leaves no room for the request after waiting %s", v.held.Round(time.Second))}
	}
	return &blockedError{fmt.Sprintf("the service still blocks requests after waiting %s for %d blocks", v.held.Round(time.Second), v.blocks)}
}

// A recovery is what its requests know of the operation that it cleans up after.
type recovery struct {
	caller context.Context // ends with an interrupt

	mu   sync.Mutex
	left time.Duration // to wait at the gate after the interrupt
}

type recoveryKey struct{}

func recoveryOf(ctx context.Context) *recovery {
	r, _ := ctx.Value(recoveryKey{}).(*recovery)
	return r
}

// bound returns a context for a wait of d at the gate. It ends, or bound fails,
// if the operation is interrupted and the gate opens too late for that.
func (r *recovery) bound(ctx context.Context, clock Clock, d time.Duration) (context.Context, func(), error) {
	end := clock.Now().Add(d)
	ctx, cancel := context.WithCancelCause(ctx)
	charge := func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		remaining := max(end.Sub(clock.Now()), 0)
		if remaining > r.left {
			return &blockedError{fmt.Sprintf("the service blocks requests for another %s, and after an interrupt the provider waits %s at most",
				remaining.Round(time.Second), interruptedHold)}
		}
		r.left -= remaining
		return nil
	}
	if r.caller.Err() != nil {
		if err := charge(); err != nil {
			cancel(err)
			return nil, nil, err
		}
		return ctx, func() { cancel(nil) }, nil
	}
	stop := context.AfterFunc(r.caller, func() {
		if err := charge(); err != nil {
			cancel(err)
		}
	})
	return ctx, func() { stop(); cancel(nil) }, nil
}
