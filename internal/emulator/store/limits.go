package store

import "github.com/aigateway/terraform-provider-aigateway/internal/emulator/limits"

// AdmitRequest counts a request for the rate limit of its gateway. It reports false if
// the limit is reached. The window is fixed unless the technique is "sliding"
// (documented; for null inferred).
func (s *Store) AdmitRequest(account, gateway string) bool {
	now := s.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return true // deleted since the request came in
	}
	return g.admitted.Admit(now, g.number("rate_limiting_limit"), g.number("rate_limiting_interval"),
		g.values["rate_limiting_technique"] == "sliding")
}

// Charge adds a cost in US dollars to all budgets that a request counts for.
func (s *Store) Charge(account, gateway string, usage limits.Usage, cost float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.gateway(account, gateway); g != nil {
		g.spent.Charge(g.values["spend_limits"], usage, cost, s.Now())
	}
}

// ExhaustedBudget returns the first rule of the spend limits whose budget is used up.
func (s *Store) ExhaustedBudget(account, gateway string, usage limits.Usage) (limits.Rule, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return limits.Rule{}, false
	}
	return g.spent.Exhausted(g.values["spend_limits"], usage, s.Now())
}

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

// Passage is a request that a rate element has admitted.
type Passage struct {
	store   *Store
	passage *limits.Passage
}

// Admit counts a request for the limit of a rate element. It reports false if the limit
// is reached.
func (r *DeployedRoute) Admit(limit limits.Route) (Passage, bool) {
	now := r.store.Now()
	r.store.mu.Lock()
	defer r.store.mu.Unlock()
	p, ok := r.route.passages.Admit(now, limit)
	return Passage{r.store, p}, ok
}

// SetCost sets what the request has cost.
func (p Passage) SetCost(cost float64) {
	p.store.mu.Lock()
	defer p.store.mu.Unlock()
	p.passage.Cost = cost
}
