package store

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/limits"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
)

// Errors about dynamic routes.
var (
	ErrNoRoute        = errors.New("no such route")
	ErrNoRouteVersion = errors.New("no such version of the route")
	ErrRouteNameTaken = errors.New("another route has this name")
)

// route is a dynamic route of a gateway: a name for a graph of elements that
// decides which model is called.
type route struct {
	id, name          string
	created, modified time.Time
	// versions and deployments are in order of creation and are never removed. A
	// route has at least one of each, since its creation deploys version 1
	// (observed live).
	versions    []*routeVersion
	deployments []RouteDeployment
	// listedVersions and listedDeployments are for RouteListLags.
	listedVersions    []RouteVersion
	listedDeployments []RouteDeployment
	// passages are the requests that rate elements have admitted.
	passages limits.Passages
}

// routeVersion is a graph that a route has or had.
type routeVersion struct {
	id string
	// elements is the graph as in requests. It is never changed.
	elements []any
	created  time.Time
}

// Route is a snapshot of a dynamic route.
type Route struct {
	Account, GatewayID string
	ID, Name           string
	Created, Modified  time.Time
	// Deployed is the version in force.
	Deployed RouteVersion
	// Versions and Deployments are in order of creation. The last deployment is
	// in force.
	Versions    []RouteVersion
	Deployments []RouteDeployment
}

// Deployment returns the deployment in force.
func (r Route) Deployment() RouteDeployment { return r.Deployments[len(r.Deployments)-1] }

// Version returns the version of an id.
func (r Route) Version(id string) (RouteVersion, error) {
	i := slices.IndexFunc(r.Versions, func(v RouteVersion) bool { return v.ID == id })
	if i < 0 {
		return RouteVersion{}, ErrNoRouteVersion
	}
	return r.Versions[i], nil
}

// RouteVersion is a version of a route. Elements must not be changed.
type RouteVersion struct {
	ID       string
	Elements []any
	Created  time.Time
	// Active is set for the version in force.
	Active bool
}

// RouteDeployment is one time that a version was put in force.
type RouteDeployment struct {
	ID, Version string
	Created     time.Time
}

func (r *route) snapshot(g *gateway) Route {
	out := Route{
		Account: g.account, GatewayID: g.id, ID: r.id, Name: r.name, Created: r.created, Modified: r.modified,
		Deployments: slices.Clone(r.deployments),
	}
	deployed := r.deployed()
	for _, v := range r.versions {
		version := RouteVersion{ID: v.id, Elements: v.elements, Created: v.created, Active: v == deployed}
		out.Versions = append(out.Versions, version)
		if version.Active {
			out.Deployed = version
		}
	}
	return out
}

// deployed returns the version in force.
func (r *route) deployed() *routeVersion {
	return r.version(r.deployments[len(r.deployments)-1].Version)
}

// version returns the version of an id, or nil.
func (r *route) version(id string) *routeVersion {
	for _, v := range r.versions {
		if v.id == id {
			return v
		}
	}
	return nil
}

// routeNamed returns the gateway's route of a name, or nil.
func (g *gateway) routeNamed(name string) *route {
	for _, r := range g.routes {
		if r.name == name {
			return r
		}
	}
	return nil
}

// newestRoutes returns the gateway's routes, the newest first: their ids sort by
// age.
func (g *gateway) newestRoutes() []Route {
	routes := slices.SortedFunc(maps.Values(g.routes), func(a, b *route) int { return cmp.Compare(b.id, a.id) })
	var out []Route
	for _, r := range routes {
		out = append(out, r.snapshot(g))
	}
	return out
}

// addRoute adds a route with its first version, deployed. What ids of routes,
// versions and deployments look like is not known; here they are like those of
// requests.
func (s *Store) addRoute(g *gateway, name string, elements []any) *route {
	now := s.Timestamp()
	r := &route{id: s.ids.next(now), name: name, created: now, passages: limits.Passages{}}
	s.deploy(r, s.addVersion(r, elements))
	g.routes[r.id] = r
	return r
}

// addVersion adds a version without deploying it, which does not change
// modified_at (inferred).
func (s *Store) addVersion(r *route, elements []any) *routeVersion {
	now := s.Timestamp()
	v := &routeVersion{id: s.ids.next(now), elements: elements, created: now}
	r.versions = append(r.versions, v)
	return v
}

// deploy puts a version in force, which changes modified_at (inferred).
func (s *Store) deploy(r *route, v *routeVersion) {
	r.modified = s.Timestamp()
	r.deployments = append(r.deployments, RouteDeployment{ID: s.ids.next(r.modified), Version: v.id, Created: r.modified})
}

// CreateRoute creates a route and deploys its first version (observed live). It
// fails with [ErrNoGateway] or [ErrRouteNameTaken].
func (s *Store) CreateRoute(account, gateway, name string, elements []any) (Route, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	switch {
	case g == nil:
		return Route{}, ErrNoGateway
	case g.routeNamed(name) != nil:
		return Route{}, ErrRouteNameTaken
	}
	return s.addRoute(g, name, elements).snapshot(g), nil
}

// changeRoute calls change for a route and returns the route afterwards. It fails
// with [ErrNoGateway], [ErrNoRoute], or the error of change.
func (s *Store) changeRoute(account, gatewayID, id string, change func(*gateway, *route) error) (Route, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gatewayID)
	if g == nil {
		return Route{}, ErrNoGateway
	}
	r, ok := g.routes[id]
	if !ok {
		return Route{}, ErrNoRoute
	}
	if err := change(g, r); err != nil {
		return Route{}, err
	}
	return r.snapshot(g), nil
}

// Route returns a route. It fails with [ErrNoGateway] or [ErrNoRoute].
func (s *Store) Route(account, gatewayID, id string) (Route, error) {
	return s.changeRoute(account, gatewayID, id, func(*gateway, *route) error { return nil })
}

// RenameRoute renames a route. It fails with [ErrNoGateway], [ErrNoRoute] or
// [ErrRouteNameTaken].
func (s *Store) RenameRoute(account, gatewayID, id, name string) (Route, error) {
	return s.changeRoute(account, gatewayID, id, func(g *gateway, r *route) error {
		if other := g.routeNamed(name); other != nil && other != r {
			return ErrRouteNameTaken
		}
		r.name, r.modified = name, s.Timestamp()
		return nil
	})
}

// DeleteRoute deletes a route and returns it. It fails with [ErrNoGateway] or
// [ErrNoRoute].
func (s *Store) DeleteRoute(account, gatewayID, id string) (Route, error) {
	return s.changeRoute(account, gatewayID, id, func(g *gateway, r *route) error {
		delete(g.routes, r.id)
		return nil
	})
}

// AddRouteVersion adds a version to a route, the last of the result, without
// deploying it (documented). It fails with [ErrNoGateway] or [ErrNoRoute].
func (s *Store) AddRouteVersion(account, gatewayID, id string, elements []any) (Route, error) {
	return s.changeRoute(account, gatewayID, id, func(_ *gateway, r *route) error {
		s.addVersion(r, elements)
		return nil
	})
}

// DeployRouteVersion puts a version in force, also one that was deployed before.
// It fails with [ErrNoGateway], [ErrNoRoute] or [ErrNoRouteVersion].
func (s *Store) DeployRouteVersion(account, gatewayID, id, version string) (Route, error) {
	return s.changeRoute(account, gatewayID, id, func(_ *gateway, r *route) error {
		v := r.version(version)
		if v == nil {
			return ErrNoRouteVersion
		}
		s.deploy(r, v)
		return nil
	})
}

// ListRoutes returns the list of a gateway's routes, the newest first. It lags
// under [quirk.RouteListLags]. It fails with [ErrNoGateway].
func (s *Store) ListRoutes(account, gateway string) ([]Route, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return nil, ErrNoGateway
	}
	return lagging(s.quirks[quirk.RouteListLags], g.newestRoutes(), &g.listedRoutes), nil
}

// ListRouteVersions returns the list of a route's versions, the newest first. It
// lags under [quirk.RouteListLags]. It fails with [ErrNoGateway] or [ErrNoRoute].
func (s *Store) ListRouteVersions(account, gatewayID, id string) (out []RouteVersion, err error) {
	_, err = s.changeRoute(account, gatewayID, id, func(g *gateway, r *route) error {
		versions := r.snapshot(g).Versions
		slices.Reverse(versions)
		out = lagging(s.quirks[quirk.RouteListLags], versions, &r.listedVersions)
		return nil
	})
	return out, err
}

// ListRouteDeployments returns the list of a route's deployments, the newest
// first. It lags under [quirk.RouteListLags]. It fails with [ErrNoGateway] or
// [ErrNoRoute].
func (s *Store) ListRouteDeployments(account, gatewayID, id string) (out []RouteDeployment, err error) {
	_, err = s.changeRoute(account, gatewayID, id, func(_ *gateway, r *route) error {
		deployments := slices.Clone(r.deployments)
		slices.Reverse(deployments)
		out = lagging(s.quirks[quirk.RouteListLags], deployments, &r.listedDeployments)
		return nil
	})
	return out, err
}

// lagging returns items. If lags is set it remembers them in last, and returns
// what was there before.
func lagging[T any](lags bool, items []T, last *[]T) []T {
	if lags {
		items, *last = *last, items
	}
	return items
}
