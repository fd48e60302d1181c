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
	// longestRetryAfter caps what a server may ask for. Cloudflare blocks a
	// user for up to five minutes; an apply that stands still for that long
	// looks dead, so it tries again sooner and then says why it gives up.
	longestRetryAfter = time.Minute
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
// the pause before. Attempts count from 0.
func (r *Response) retryAfter(attempt int) (time.Duration, bool) {
	backoff := jitter(min(firstPause<<min(attempt, 10), longPause))
	if r.Err != nil {
		return backoff, !r.permanent && (r.repeatable() || !r.Sent)
	}
	switch {
	case r.Status == http.StatusTooManyRequests:
		// The request was turned away, so even a POST may be repeated.
	case !r.repeatable():
		return 0, false
	case r.Status == http.StatusRequestTimeout, r.Status >= 500:
	default:
		return 0, false
	}
	if asked, ok := parseRetryAfter(r.Header, time.Now()); ok {
		return min(asked, longestRetryAfter), true
	}
	return backoff, true
}

// parseRetryAfter reads the header Retry-After: seconds, or an HTTP date. It is
// not ok if that asks for no pause at all: a service that fails needs one.
func parseRetryAfter(header http.Header, now time.Time) (time.Duration, bool) {
	value := header.Get("Retry-After")
	if date, err := http.ParseTime(value); err == nil {
		asked := date.Sub(now)
		return asked, asked > 0
	}
	seconds, err := strconv.ParseInt(value, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, false
	}
	// ParseInt returns the nearest number for one that is out of range.
	seconds = min(seconds, int64(longestRetryAfter/time.Second))
	return time.Duration(seconds) * time.Second, seconds > 0
}

// pauseBeforeRetry logs that the request will be repeated and waits. The error
// is that of a context that ends first.
func (c *Client) pauseBeforeRetry(ctx context.Context, r Request, attempt int, pause time.Duration) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	logRetry(ctx, r, attempt, pause)
	return c.wait(ctx, pause)
}

// A Poll spaces out requests for something that is expected to appear soon.
type Poll struct {
	client  *Client
	limit   time.Duration
	longest time.Duration
	next    time.Duration
	start   time.Time
	waited  time.Duration // as asked for, since tests do not really wait
	count   int
}

// NewPoll returns a poll that ends after limit, with pauses that double from
// first to longest. A client without retries does not poll.
func (c *Client) NewPoll(limit, first, longest time.Duration) *Poll {
	return &Poll{client: c, limit: limit, longest: longest, next: first, start: time.Now()}
}

// Waited returns how long the poll has paused.
func (p *Poll) Waited() time.Duration { return p.waited }

// Ended reports whether the limit leaves no time for another pause.
func (p *Poll) Ended() bool {
	return p.client.maxRetries == 0 || max(p.waited, time.Since(p.start))+p.next > p.limit
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
