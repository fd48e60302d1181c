package client

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"
)

const (
	firstPause = 500 * time.Millisecond
	longPause  = 8 * time.Second
	// longestPause caps what a server may ask for that fails. A server that blocks
	// a user for its rate is waited for longer, at the gate: see [Response.block].
	longestPause = time.Minute
)

// repeatable reports whether the request has the same effect however often it
// arrives. A POST has not, unless the request says so.
func (r *Response) repeatable() bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodPatch, http.MethodDelete:
		return true
	case http.MethodPost:
		return r.request.RepeatPOST
	default:
		return false
	}
}

// retryAfter reports whether an attempt that failed may be repeated, and returns
// the pause before. Retries count from 0.
func (r *Response) retryAfter(retries int, now time.Time) (time.Duration, bool) {
	backoff := jitter(min(firstPause<<min(retries, 10), longPause))
	if r.Err != nil {
		return backoff, !r.permanent && (r.repeatable() || !r.Sent)
	}
	switch {
	case r.Status == http.StatusTooManyRequests, r.Status == http.StatusTooEarly:
		// The request was turned away, so even a POST may be repeated.
	case !r.repeatable():
		return 0, false
	case r.Status == http.StatusRequestTimeout, r.Status >= 500:
	default:
		return 0, false
	}
	if asked, ok := r.parseRetryAfter(now); ok {
		return min(asked, longestPause), true
	}
	return backoff, true
}

// block reports whether the response says that the service blocks the user for
// its rate, and for how long. Only a 429 says so: a 503 with Retry-After may
// concern one endpoint or one data center, and a 425 the one request.
func (r *Response) block(limit rate, known bool, now time.Time) (time.Duration, bool) {
	if r.Err != nil || r.Status != http.StatusTooManyRequests {
		return 0, false
	}
	if asked, ok := r.parseRetryAfter(now); ok {
		return min(asked, longestBlock), true
	}
	if known && limit.remaining == 0 {
		return limit.reset.Sub(now), true
	}
	return 0, false
}

// parseRetryAfter reads the header Retry-After: seconds, or an HTTP date. It is
// not ok if that asks for no pause at all: a service that fails needs one.
func (r *Response) parseRetryAfter(now time.Time) (time.Duration, bool) {
	value := r.Header.Get("Retry-After")
	if date, err := http.ParseTime(value); err == nil {
		if sent := r.Date(); !sent.IsZero() {
			now = sent // this machine's clock may be wrong
		}
		asked := date.Sub(now)
		return asked, asked > 0
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	// ParseInt returns the nearest number for one that is out of range.
	seconds = min(seconds, int64(longestBlock/time.Second))
	return time.Duration(seconds) * time.Second, seconds > 0
}

// pauseBeforeRetry logs that the request will be repeated and waits. The error
// is that of a context that ends first.
func (c *Client) pauseBeforeRetry(ctx context.Context, r Request, attempt int, pause time.Duration) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	logRetry(ctx, r, attempt, pause)
	return causeOf(ctx, c.clock.Wait(ctx, pause))
}

// A Poll spaces out requests for something that is expected to appear soon.
type Poll struct {
	client  *Client
	limit   time.Duration
	longest time.Duration
	next    time.Duration
	start   time.Time
	waited  time.Duration
	count   int
}

// NewPoll returns a poll that ends after limit, with pauses that double from
// first to longest. A client without retries does not poll.
func (c *Client) NewPoll(limit, first, longest time.Duration) *Poll {
	return &Poll{client: c, limit: limit, longest: longest, next: first, start: c.clock.Now()}
}

// Waited returns how long the poll has paused.
func (p *Poll) Waited() time.Duration { return p.waited }

// Ended reports whether the limit leaves no time for another pause.
func (p *Poll) Ended() bool {
	return p.client.maxRetries == 0 || max(p.waited, p.client.clock.Now().Sub(p.start))+p.next > p.limit
}

// Pause waits before the request is repeated. The error is that of a context
// that ends first.
func (p *Poll) Pause(ctx context.Context, r Request) error {
	pause := p.next
	p.waited += pause
	p.next = min(2*pause, p.longest)
	p.count++
	return p.client.pauseBeforeRetry(p.client.logContext(ctx, r), r, p.count-1, pause)
}
