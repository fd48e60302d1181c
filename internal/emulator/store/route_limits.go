package store

import (
	"slices"
	"time"
)

// passage is one request that a rate element has admitted.
type passage struct {
	at time.Time
	// cost is in US dollars. It is 0 until the request has been answered.
	cost float64
}

// rateBucket names what has a limit of its own: an element, by its id, and a value
// of its key. A new version goes on counting if its element has the same id
// (inferred).
type rateBucket struct{ element, value string }

// DeployedRoute is a route as a request finds it. Later deployments do not affect
// the request.
type DeployedRoute struct {
	// Elements must not be changed.
	Elements []any
	store    *Store
	route    *route
}

// DeployedRoute returns the route of a name as it is deployed now.
func (s *Store) DeployedRoute(account, gateway, name string) (*DeployedRoute, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return nil, false
	}
	r := g.routeNamed(name)
	if r == nil {
		return nil, false
	}
	return &DeployedRoute{Elements: r.deployed().elements, store: s, route: r}, true
}

// RateLimit is the limit of a rate element.
type RateLimit struct {
	// Element is the element's id, Value the value of its key.
	Element, Value string
	// Limit is a number of requests or, if Cost is set, of US dollars.
	Limit   float64
	Cost    bool
	Window  time.Duration
	Sliding bool
}

// Passage is a request that a rate element has admitted.
type Passage struct {
	store   *Store
	passage *passage
}

// Admit counts a request, unless the limit is reached: requests beyond it do not
// count (inferred). The cost of a request is known once it has been answered, so
// the request that exceeds a limit of costs still passes, as with spend limits
// (inferred).
func (r *DeployedRoute) Admit(limit RateLimit) (Passage, bool) {
	s := r.store
	now := s.Now()
	start := windowStart(now, limit.Window, limit.Sliding)
	bucket := rateBucket{limit.Element, limit.Value}
	s.mu.Lock()
	defer s.mu.Unlock()
	passed := slices.DeleteFunc(r.route.passages[bucket], func(p *passage) bool { return p.at.Before(start) })
	used := float64(len(passed))
	if limit.Cost {
		used = 0
		for _, p := range passed {
			used += p.cost
		}
	}
	r.route.passages[bucket] = passed
	if used >= limit.Limit {
		return Passage{}, false
	}
	p := &passage{at: now}
	r.route.passages[bucket] = append(passed, p)
	return Passage{s, p}, true
}

// SetCost sets what the request has cost.
func (p Passage) SetCost(cost float64) {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	p.passage.cost = cost
}
