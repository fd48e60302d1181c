package emulator

import (
	"cmp"
	"net/http"
	"slices"
)

// routeName is the body of a PATCH, and a part of that of a POST. What names
// may look like is not documented.
var routeName = object{{name: "name", schema: text{}}}

// newRouteBody is the body of POST /routes.
var newRouteBody = append(object{{name: "elements", schema: routeElements}}, routeName...)

// refusal is an error that is not about the shape of a request.
type refusal struct {
	status int
	apiError
}

func (f refusal) write(w http.ResponseWriter) {
	if f.status == http.StatusNotFound {
		writeMissing(w, f.apiError)
		return
	}
	writeErrors(w, f.status, []apiError{f.apiError})
}

// The refusals for what does not exist. Codes and status were observed live for
// gateways and routes; versions are inferred to be like routes, and so are the
// texts for both.
var (
	noGateway = &refusal{http.StatusNotFound, notFound}
	noRoute   = &refusal{http.StatusNotFound, apiError{Code: codeRoute, Message: "Route not found"}}
	noVersion = &refusal{http.StatusNotFound, apiError{Code: codeRoute, Message: "Route version not found"}}
)

// nameTaken refuses a name that another route of the gateway has.
func (s *Server) nameTaken() *refusal {
	if s.quirks[RouteNameClash500] {
		return &refusal{http.StatusInternalServerError,
			apiError{Code: codeUncaught, Message: "UNIQUE constraint failed: routes.name"}}
	}
	return &refusal{http.StatusBadRequest, apiError{Code: codeRoute, Message: "Route already exists"}}
}

// inGateway answers with what do makes, under the lock, of the gateway that the
// path names: the whole answer, or why there is none.
func (s *Server) inGateway(c call, do func(*gateway) (*ordered, *refusal)) {
	answer, refused := func() (*ordered, *refusal) {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		g, ok := s.state.account(c.account).gateways[c.params["gateway"]]
		if !ok {
			return nil, noGateway
		}
		return do(g)
	}()
	if refused != nil {
		refused.write(c.w)
		return
	}
	writeJSON(c.w, http.StatusOK, answer)
}

// inRoute is inGateway for the route that the path names.
func (s *Server) inRoute(c call, do func(*gateway, *route) (*ordered, *refusal)) {
	s.inGateway(c, func(g *gateway) (*ordered, *refusal) {
		r, ok := g.routes[c.params["route"]]
		if !ok {
			return nil, noRoute
		}
		return do(g, r)
	})
}

// parseRouteBody checks a body, before anything is looked up as for gateways
// (inferred). It answers and reports false when the body is wrong.
func parseRouteBody(c call, body object) (map[string]any, bool) {
	var p problems
	out, _ := body.parse(&p, []any{"body"}, decodeBody(c.body)).(map[string]any)
	if len(p) > 0 {
		writeInvalid(c.w, p)
		return nil, false
	}
	return out, true
}

// createRoute is POST /routes. The route's first version is deployed at once
// (observed live).
func (s *Server) createRoute(c call) {
	body, ok := parseRouteBody(c, newRouteBody)
	if !ok {
		return
	}
	name, _ := body["name"].(string)
	elements, _ := body["elements"].([]any)
	s.inGateway(c, func(g *gateway) (*ordered, *refusal) {
		if g.routeNamed(name) != nil {
			return nil, s.nameTaken()
		}
		return succeeded("result", s.renderRoute(g, s.addRoute(g, name, elements), true)), nil
	})
}

// getRoute is GET /routes/{id}.
func (s *Server) getRoute(c call) {
	s.inRoute(c, func(g *gateway, r *route) (*ordered, *refusal) {
		return succeeded("result", s.renderRoute(g, r, true)), nil
	})
}

// renameRoute is PATCH /routes/{id}, which changes the name and nothing else.
// Its answer has route in place of result, and the account in it (documented).
func (s *Server) renameRoute(c call) {
	body, ok := parseRouteBody(c, routeName)
	if !ok {
		return
	}
	name, _ := body["name"].(string)
	s.inRoute(c, func(g *gateway, r *route) (*ordered, *refusal) {
		if other := g.routeNamed(name); other != nil && other != r {
			return nil, s.nameTaken()
		}
		r.name, r.modified = name, s.timestamp()
		return succeeded("route", s.renderOwnedRoute(g, r, true)), nil
	})
}

// deleteRoute is DELETE /routes/{id}. The result is what was deleted.
func (s *Server) deleteRoute(c call) {
	s.inRoute(c, func(g *gateway, r *route) (*ordered, *refusal) {
		delete(g.routes, r.id)
		if s.quirks[RouteRepliesBare] {
			return succeeded("result", s.renderRouteHead(g, r, r.deployed())), nil
		}
		return succeeded("result", s.renderRoute(g, r, true)), nil
	})
}

// createRouteVersion is POST /routes/{id}/versions. The version is not deployed
// (documented).
func (s *Server) createRouteVersion(c call) {
	body, ok := parseRouteBody(c, object{{name: "elements", schema: routeElements}})
	if !ok {
		return
	}
	elements, _ := body["elements"].([]any)
	s.inRoute(c, func(g *gateway, r *route) (*ordered, *refusal) {
		v := s.addRouteVersion(r, elements)
		out := s.renderRouteHead(g, r, v)
		if !s.quirks[RouteRepliesBare] {
			out.set("version_id", v.id)
		}
		return succeeded("result", out), nil
	})
}

// getRouteVersion is GET /routes/{id}/versions/{version}: the version's own
// members beside those of the route (documented).
func (s *Server) getRouteVersion(c call) {
	s.inRoute(c, func(g *gateway, r *route) (*ordered, *refusal) {
		v := r.version(c.params["version"])
		if v == nil {
			return nil, noVersion
		}
		out, own := s.routeHead(g, r), s.renderRouteVersion(r, v, true)
		if s.quirks[RouteElementsTop] {
			out.set("elements", s.renderElements(v))
		}
		for _, name := range own.names {
			out.set(name, own.values[name])
		}
		return succeeded("result", out), nil
	})
}

// createRouteDeployment is POST /routes/{id}/deployments. A version may be
// deployed again, which is how a route is rolled back (documented).
func (s *Server) createRouteDeployment(c call) {
	body, ok := parseRouteBody(c, object{{name: "version_id", schema: text{}}})
	if !ok {
		return
	}
	version, _ := body["version_id"].(string)
	s.inRoute(c, func(g *gateway, r *route) (*ordered, *refusal) {
		v := r.version(version)
		if v == nil {
			return nil, noVersion
		}
		d := s.deployVersion(r, v)
		out := s.renderRouteHead(g, r, v)
		if !s.quirks[RouteRepliesBare] {
			out.set("deployment_id", d.id)
			out.set("version_id", v.id)
		}
		return succeeded("result", out), nil
	})
}

// addRoute stores a new route with its first version, deployed. What ids of
// routes, versions and deployments look like is not known; here they are as
// those of requests. Call it with the lock held.
func (s *Server) addRoute(g *gateway, name string, elements []any) *route {
	now := s.timestamp()
	r := &route{id: s.ids.next(now), name: name, created: now}
	s.deployVersion(r, s.addRouteVersion(r, elements))
	g.routes[r.id] = r
	return r
}

// addRouteVersion adds a version without deploying it, which leaves modified_at
// alone (inferred). Call it with the lock held.
func (s *Server) addRouteVersion(r *route, elements []any) *routeVersion {
	now := s.timestamp()
	v := &routeVersion{id: s.ids.next(now), elements: elements, created: now}
	r.versions = append(r.versions, v)
	return v
}

// deployVersion puts a version to work, which renews modified_at (inferred).
// Call it with the lock held.
func (s *Server) deployVersion(r *route, v *routeVersion) *routeDeployment {
	r.modified = s.timestamp()
	d := &routeDeployment{id: s.ids.next(r.modified), version: v.id, created: r.modified}
	r.deployments = append(r.deployments, d)
	return d
}

// newestRoutes are the gateway's routes, the newest first: their ids sort by
// age. Call it with the lock held.
func (g *gateway) newestRoutes() []*route {
	out := make([]*route, 0, len(g.routes))
	for _, r := range g.routes {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *route) int { return cmp.Compare(b.id, a.id) })
	return out
}
