package emulator

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// StoredRoute is a dynamic route as it is stored.
type StoredRoute struct {
	ID, Name string
	// Elements is the graph of the deployed version, in the terms of the wire.
	Elements []map[string]any
	// Versions are the ids of all versions, the oldest first.
	Versions []string
	// Deployments are all that were made, the oldest first. The last is in
	// force.
	Deployments []StoredDeployment
	// Deployed is the id of the version in force.
	Deployed string
	// Created and Modified are in UTC, in milliseconds.
	Created, Modified time.Time
}

// StoredDeployment is one time that a version of a route was put to work.
type StoredDeployment struct {
	// ID is the deployment's, Version that of the version.
	ID, Version string
}

// Routes returns copies of a gateway's routes, sorted by name; none when there
// is no such gateway.
func (s *Server) Routes(account, gateway string) []StoredRoute {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[gateway]
	if !ok {
		return nil
	}
	out := make([]StoredRoute, 0, len(g.routes))
	for _, r := range g.routes {
		out = append(out, r.stored())
	}
	slices.SortFunc(out, func(a, b StoredRoute) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

// Route returns a copy of a route. Quirks that change answers do not apply. It
// reports false when there is no such route.
func (s *Server) Route(account, gateway, id string) (StoredRoute, bool) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	_, r := s.storedRoute(account, gateway, id)
	if r == nil {
		return StoredRoute{}, false
	}
	return r.stored(), true
}

// PutRoute creates a route from a name and elements in the terms of the wire,
// and returns its id. A route of that name is replaced by the new one, which
// has another id, as when a colleague deletes it and creates it anew.
//
// It panics when there is no such gateway, and when elements are nothing that
// JSON can carry.
func (s *Server) PutRoute(account, gateway, name string, elements []map[string]any) string {
	graph := wireElements(elements)
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[gateway]
	if !ok {
		panic(fmt.Sprintf("emulator: PutRoute: account %s has no gateway %q", account, gateway))
	}
	if old := g.routeNamed(name); old != nil {
		delete(g.routes, old.id)
	}
	return s.addRoute(g, name, graph).id
}

// DeployRoute gives a route a new version with these elements, in the terms of
// the wire, and deploys it. It returns the version's id.
//
// It panics when there is no such route, and when elements are nothing that
// JSON can carry.
func (s *Server) DeployRoute(account, gateway, id string, elements []map[string]any) string {
	graph := wireElements(elements)
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	_, r := s.storedRoute(account, gateway, id)
	if r == nil {
		panic(fmt.Sprintf("emulator: DeployRoute: gateway %q has no route %s", gateway, id))
	}
	v := s.addRouteVersion(r, graph)
	s.deployVersion(r, v)
	return v.id
}

// RenameRoute renames a route and renews modified_at. It reports false when
// there is no such route, and panics when another route has the name.
func (s *Server) RenameRoute(account, gateway, id, name string) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, r := s.storedRoute(account, gateway, id)
	if r == nil {
		return false
	}
	if other := g.routeNamed(name); other != nil && other != r {
		panic(fmt.Sprintf("emulator: RenameRoute: gateway %q has another route %q", gateway, name))
	}
	r.name, r.modified = name, s.timestamp()
	return true
}

// DeleteRoute deletes a route with its versions. It reports false when there is
// no such route.
func (s *Server) DeleteRoute(account, gateway, id string) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, r := s.storedRoute(account, gateway, id)
	if r == nil {
		return false
	}
	delete(g.routes, id)
	return true
}

// storedRoute returns a route and its gateway; the route is nil when there is
// none. Call it with the lock held.
func (s *Server) storedRoute(account, gatewayID, id string) (*gateway, *route) {
	g, ok := s.state.account(account).gateways[gatewayID]
	if !ok {
		return nil, nil
	}
	return g, g.routes[id]
}

// stored copies a route. Call it with the lock held.
func (r *route) stored() StoredRoute {
	out := StoredRoute{
		ID: r.id, Name: r.name, Deployed: r.deployed().id,
		Created: r.created.UTC(), Modified: r.modified.UTC(),
	}
	for _, e := range r.deployed().elements {
		e, _ := deepCopy(e).(map[string]any)
		out.Elements = append(out.Elements, e)
	}
	for _, v := range r.versions {
		out.Versions = append(out.Versions, v.id)
	}
	for _, d := range r.deployments {
		out.Deployments = append(out.Deployments, StoredDeployment{ID: d.id, Version: d.version})
	}
	return out
}

// wireElements is wireTerms for a graph.
func wireElements(elements []map[string]any) []any {
	out := make([]any, 0, len(elements))
	for _, e := range elements {
		out = append(out, wireTerms(e))
	}
	return out
}
