package client

import (
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

// retryAfter tells whether an exchange that failed may be tried again, and how
// long to wait before. Attempts count from 0.
func retryAfter(p policy, ex *exchange, attempt int) (time.Duration, bool) {
	backoff := jitter(min(firstPause<<min(attempt, 10), longPause))
	if ex.err != nil {
		return backoff, !ex.hopeless && (p == repeatable || !ex.sent)
	}
	switch {
	case ex.status == http.StatusTooManyRequests:
		// The request was turned away, so even a POST may come again.
	case p == once:
		return 0, false
	case ex.status == http.StatusRequestTimeout, ex.status >= 500:
	default:
		return 0, false
	}
	if asked, ok := parseRetryAfter(ex.header, time.Now()); ok {
		return min(asked, longestRetryAfter), true
	}
	return backoff, true
}

// parseRetryAfter reads the header Retry-After: seconds, or an HTTP date. What
// asks for no pause at all is not heeded: a service that fails needs one.
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
