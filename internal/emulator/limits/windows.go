// Package limits counts requests and costs in windows of time: rate limits, spend
// limits and the limits of routes. It holds no state of its own, and its types are not
// safe for concurrent use.
package limits

import (
	"slices"
	"time"
)

// Requests holds the times of the requests that count for a rate limit.
type Requests []time.Time

// Admit counts a request if fewer than limit are in the window, which is interval
// seconds long, and reports whether it did. Refused requests do not count (inferred).
// Without a limit or an interval every request is admitted and none is counted.
//
// A sliding window is the interval before now. Other windows are aligned with the clock:
// one of 60 s ends with the minute (documented).
func (r *Requests) Admit(now time.Time, limit, interval float64, sliding bool) bool {
	if limit <= 0 || interval <= 0 {
		*r = nil
		return true
	}
	// The bounds keep the window positive and in the range of a time.Duration.
	start := windowStart(now, max(seconds(interval), 1), sliding)
	*r = slices.DeleteFunc(*r, func(t time.Time) bool { return t.Before(start) })
	if float64(len(*r)) >= limit {
		return false
	}
	*r = append(*r, now)
	return true
}

// Route is the limit of a rate element of a dynamic route.
type Route struct {
	// Element is the element's id, Value the value of its key.
	Element, Value string
	// Limit is a number of requests or, if Cost is set, of US dollars.
	Limit   float64
	Cost    bool
	Window  time.Duration
	Sliding bool
}

// Bucket names what has a limit of its own: an element, by its id, and a value of its
// key. A new version of a route goes on counting if its element has the same id
// (inferred).
type Bucket struct{ element, value string }

// Passage is a request that a rate element has admitted.
type Passage struct {
	at time.Time
	// Cost is in US dollars. It is 0 until the response is complete.
	Cost float64
}

// Passages holds the requests that the rate elements of a route have admitted.
type Passages map[Bucket][]*Passage

// Admit counts a request, unless the limit is reached: requests beyond it do not count
// (inferred). The cost of a request is known after its response, so the request that
// exceeds a limit of costs still passes, as with spend limits (inferred).
func (p Passages) Admit(now time.Time, limit Route) (*Passage, bool) {
	start := windowStart(now, limit.Window, limit.Sliding)
	bucket := Bucket{limit.Element, limit.Value}
	passed := slices.DeleteFunc(p[bucket], func(p *Passage) bool { return p.at.Before(start) })
	p[bucket] = passed
	used := float64(len(passed))
	if limit.Cost {
		used = 0
		for _, p := range passed {
			used += p.Cost
		}
	}
	if used >= limit.Limit {
		return nil, false
	}
	admitted := &Passage{at: now}
	p[bucket] = append(passed, admitted)
	return admitted, true
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
