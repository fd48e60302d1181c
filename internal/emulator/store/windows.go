package store

import (
	"slices"
	"time"
)

// AdmitRequest counts a request for the rate limit of its gateway. It reports
// false if the limit is reached. Refused requests do not count (inferred).
//
// With the technique "sliding" the window is the interval before now. Otherwise,
// null included, windows are aligned with the clock: one of 60 s ends with the
// minute (documented; for null inferred).
func (s *Store) AdmitRequest(account, gateway string) bool {
	now := s.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return true // deleted since the request came in
	}
	limit, interval := g.number("rate_limiting_limit"), g.number("rate_limiting_interval")
	if limit <= 0 || interval <= 0 {
		g.admitted = nil
		return true
	}
	var ok bool
	g.admitted, ok = admit(g.admitted, now, limit, interval, g.values["rate_limiting_technique"] == "sliding")
	return ok
}

// admit adds a request to the admitted ones if fewer than limit are in the window,
// which is interval seconds long.
func admit(admitted []time.Time, now time.Time, limit, interval float64, sliding bool) ([]time.Time, bool) {
	// The bounds keep the window positive and in the range of a time.Duration.
	window := max(seconds(interval), 1)
	start := windowStart(now, window, sliding)
	admitted = slices.DeleteFunc(admitted, func(t time.Time) bool { return t.Before(start) })
	if float64(len(admitted)) >= limit {
		return admitted, false
	}
	return append(admitted, now), true
}

// seconds converts a number of seconds. The bound keeps it in range.
func seconds(n float64) time.Duration { return time.Duration(min(n, 1e9) * float64(time.Second)) }

// windowStart returns the first moment of the window that ends now, or of the
// fixed window that contains now.
func windowStart(now time.Time, window time.Duration, sliding bool) time.Time {
	if sliding {
		return now.Add(-window + 1) // a request exactly one window ago does not count
	}
	return fixedStart(now, window)
}

// fixedStart returns when the fixed window that contains now began. Windows are
// counted from 1970. (time.Truncate counts from the year 1.)
func fixedStart(now time.Time, window time.Duration) time.Time {
	since := time.Duration(now.UnixNano()) % window
	return now.Add(-since)
}
