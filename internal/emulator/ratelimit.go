package emulator

import (
	"slices"
	"time"
)

// withinRateLimit counts a request and reports whether the gateway's limit has
// room for it. Refused requests do not count (inferred).
//
// With the technique "sliding" the last interval counts. Otherwise, null
// included, windows are aligned with the clock: one of 60 s ends with the
// minute (documented; for null inferred).
func (s *Server) withinRateLimit(x *exchange) bool {
	now := s.clock.Now()
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(x.account).gateways[x.gateway]
	if !ok {
		return true // deleted while the request was on its way
	}
	limit, interval := g.number("rate_limiting_limit"), g.number("rate_limiting_interval")
	if limit <= 0 || interval <= 0 {
		g.admitted = nil
		return true
	}
	g.admitted, ok = admitWithin(g.admitted, now, limit, interval, g.values["rate_limiting_technique"] == "sliding")
	return ok
}

// admitWithin adds a request to those that were admitted before, if there is
// room for it: limit requests in an interval of seconds.
func admitWithin(admitted []time.Time, now time.Time, limit, interval float64, sliding bool) ([]time.Time, bool) {
	// The bounds keep the window within what a time.Duration can hold, and above 0.
	window := max(time.Duration(min(interval, 1e9)*float64(time.Second)), 1)

	counts := inWindow(now, window, sliding)
	admitted = slices.DeleteFunc(admitted, func(t time.Time) bool { return !counts(t) })
	if float64(len(admitted)) >= limit {
		return admitted, false
	}
	return append(admitted, now), true
}

// inWindow returns what tells whether a time of the past counts now: that it is
// in the sliding window that ends now, or in the fixed one that now is in.
func inWindow(now time.Time, window time.Duration, sliding bool) func(time.Time) bool {
	if sliding {
		return func(t time.Time) bool { return t.After(now.Add(-window)) }
	}
	start := windowStart(now, window)
	return func(t time.Time) bool { return !t.Before(start) }
}

// windowStart returns when the window that now is in began, with windows
// counted from 1970. (time.Truncate counts from the year 1.)
func windowStart(now time.Time, window time.Duration) time.Time {
	since := time.Duration(now.UnixNano()) % window
	return now.Add(-since)
}
