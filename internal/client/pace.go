package client

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// defaultQuota is how many requests a window has if the service does not say:
// 1,200 in five minutes (documented).
const defaultQuota = 1200

// A rate is what a response says of the service's rate limit.
type rate struct {
	quota     int       // requests per window
	remaining int       // requests that are left in the window
	reset     time.Time // when the next window begins
}

// A pace spreads the last eighth of a window's requests over the rest of the
// window. Until then it delays nothing.
type pace struct {
	rate

	next   time.Time // the next free turn
	logged time.Time // until when the log has said that requests are delayed
}

// observe takes over what a response says. Requests that are in flight may not be
// counted in it.
func (p *pace) observe(seen rate, inFlight int) {
	seen.remaining = max(seen.remaining-inFlight, 0)
	// Services tell the end of a window in whole seconds, and responses come in
	// any order.
	if apart := seen.reset.Sub(p.reset).Abs(); apart <= 2*time.Second {
		p.remaining = min(p.remaining, seen.remaining)
		return
	}
	*p = pace{rate: seen, next: p.next, logged: p.logged}
}

// turn returns when a request may start, and whether it is the first that is
// delayed in this window.
func (p *pace) turn(now time.Time) (start time.Time, first bool) {
	if !now.Before(p.reset) {
		return now, false
	}
	if p.remaining > p.quota/8 {
		p.remaining--
		return now, false
	}
	start = now
	if p.next.After(start) {
		start = p.next
	}
	step := spread
	if p.remaining > 0 {
		p.remaining--
		step = max(p.reset.Sub(start)/time.Duration(p.remaining+1), 0)
	} else if start.Before(p.reset) {
		start = p.reset
	}
	p.next = start.Add(step)
	if first = start.After(now) && !now.Before(p.logged); first {
		p.logged = p.reset
	}
	return start, first
}

// parseRate reads what a response says of the rate limit, in the documented form
// (Ratelimit: "default";r=50;t=30 with Ratelimit-Policy: "default";q=1200;w=300)
// or as x-ratelimit-limit, -remaining and -reset. What it cannot read it ignores.
func parseRate(header http.Header, now time.Time) (rate, bool) {
	if r, ok := parseRateFields(header, now); ok {
		return r, true
	}
	remaining, ok := parseCount(header.Get("X-Ratelimit-Remaining"))
	reset, hasReset := parseCount(header.Get("X-Ratelimit-Reset"))
	if !ok || !hasReset {
		return rate{}, false
	}
	if reset > 1e8 { // a time, not a duration
		reset -= int(now.Unix())
	}
	quota, _ := parseCount(header.Get("X-Ratelimit-Limit"))
	return newRate(quota, remaining, reset, now)
}

// parseRateFields reads the header Ratelimit. Of several limits, the one with the
// fewest requests left counts.
func parseRateFields(header http.Header, now time.Time) (rate, bool) {
	quotas := map[string]int{}
	for name, parameters := range items(header.Values("Ratelimit-Policy")) {
		if quota, ok := parseCount(parameters["q"]); ok {
			quotas[name] = quota
		}
	}
	var fewest rate
	found := false
	for name, parameters := range items(header.Values("Ratelimit")) {
		remaining, ok := parseCount(parameters["r"])
		reset, hasReset := parseCount(parameters["t"])
		if !ok || !hasReset {
			continue
		}
		if r, ok := newRate(quotas[name], remaining, reset, now); ok && (!found || r.remaining < fewest.remaining) {
			fewest, found = r, true
		}
	}
	return fewest, found
}

// items returns the members of a structured list by name, with their parameters.
func items(values []string) map[string]map[string]string {
	list := map[string]map[string]string{}
	for _, value := range values {
		for member := range strings.SplitSeq(value, ",") {
			name, rest, _ := strings.Cut(strings.TrimSpace(member), ";")
			parameters := map[string]string{}
			for parameter := range strings.SplitSeq(rest, ";") {
				key, value, _ := strings.Cut(parameter, "=")
				parameters[strings.TrimSpace(key)] = strings.TrimSpace(value)
			}
			list[name] = parameters
		}
	}
	return list
}

func newRate(quota, remaining, resetSeconds int, now time.Time) (rate, bool) {
	if resetSeconds <= 0 {
		return rate{}, false
	}
	if quota <= 0 {
		quota = defaultQuota
	}
	// The second more is what the service rounded off.
	reset := min(time.Duration(min(resetSeconds, math.MaxInt32)+1)*time.Second, longestBlock)
	return rate{quota: quota, remaining: remaining, reset: now.Add(reset)}, true
}

func parseCount(value string) (int, bool) {
	n, err := strconv.Atoi(value)
	return n, err == nil && n >= 0
}
