package emulator

import (
	"fmt"
	"slices"
	"time"
)

// passage is one request that a rate element has let pass.
type passage struct {
	at time.Time
	// cost is in US dollars. It is 0 until the request has been answered.
	cost float64
}

// rateBucket names what has a limit of its own: an element, by its id, and a
// value of its key. A graph deployed anew goes on counting where its element
// has the same id (inferred).
type rateBucket struct{ element, value string }

// withinLimit reports whether a request may pass a rate element, and notes that
// it did. Requests beyond the limit do not count (inferred).
//
// The limit is a number of requests or, with the type cost, of US dollars;
// since the cost of a request is known when it has been answered, the one that
// exceeds the limit passes, as with spend limits (inferred). Requests without
// the key share a limit, and a window of 0 means none (both inferred).
//
// The window is the time before now, or one aligned with the clock where the
// technique is "fixed", which only the documents have.
func (w *walk) withinLimit(e node) bool {
	window := time.Duration(min(value(e.number("window", "interval")), 1e9) * float64(time.Second))
	if window <= 0 {
		return true
	}
	bucket := rateBucket{element: e.id}
	if f := w.facts.lookup(e.text("key")); f.present {
		bucket.value = "=" + fmt.Sprint(f.value)
	}
	now := w.server.clock.Now()
	counts := inWindow(now, window, e.text("technique") != "fixed")

	w.server.state.mu.Lock()
	defer w.server.state.mu.Unlock()
	route := w.request.dynamic.route
	passed := slices.DeleteFunc(route.passages[bucket], func(p *passage) bool { return !counts(p.at) })
	used := float64(len(passed))
	if e.text("limitType") == "cost" {
		used = 0
		for _, p := range passed {
			used += p.cost
		}
	}
	if route.passages == nil {
		route.passages = map[rateBucket][]*passage{}
	}
	route.passages[bucket] = passed
	if used >= value(e.number("limit")) {
		return false
	}
	p := &passage{at: now}
	route.passages[bucket] = append(passed, p)
	w.passed = append(w.passed, p)
	return true
}

// chargePassages notes what a request cost with the elements that it passed.
func (s *Server) chargePassages(passed []*passage, cost float64) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	for _, p := range passed {
		p.cost = cost
	}
}
