package emulator

import "strconv"

// How answers show dynamic routes. All of it is called with the lock held, and
// what it returns shares nothing with what is stored.

// succeeded is the envelope of a success, whose member is named differently by
// each family of answers (documented).
func succeeded(member string, value any) *ordered {
	out := &ordered{}
	out.set("success", true)
	out.set(member, value)
	return out
}

// renderRoute is a route as GET shows it; unless graph is set, without data, as
// lists do.
func (s *Server) renderRoute(g *gateway, r *route, graph bool) *ordered {
	out := s.routeHead(g, r)
	if s.quirks[RouteElementsTop] {
		out.set("elements", s.renderElements(r.deployed()))
	}
	out.set("deployment", s.renderRouteDeployment(r.deployment()))
	out.set("version", s.renderRouteVersion(r, r.deployed(), graph))
	return out
}

// renderOwnedRoute is renderRoute with the account, which lists and the answer
// to PATCH have (documented).
func (s *Server) renderOwnedRoute(g *gateway, r *route, graph bool) *ordered {
	out := s.renderRoute(g, r, graph)
	out.set("account_tag", g.account)
	return out
}

// renderRouteHead is what the documents have as the answer to a new version, a
// new deployment and a deletion: the route with the graph of v. As elsewhere,
// the graph is inferred to be missing where elements are.
func (s *Server) renderRouteHead(g *gateway, r *route, v *routeVersion) *ordered {
	out := s.routeHead(g, r)
	if s.quirks[RouteElementsTop] || s.quirks[RouteRepliesBare] {
		out.set("elements", s.renderElements(v))
	}
	return out
}

// routeHead is what every answer about a route has.
func (s *Server) routeHead(g *gateway, r *route) *ordered {
	out := &ordered{}
	out.set("id", r.id)
	out.set("name", r.name)
	out.set("gateway_id", g.values["id"])
	out.set("created_at", formatTime(r.created))
	out.set("modified_at", formatTime(r.modified))
	s.addUnknown(out)
	return out
}

// renderRouteVersion is a version as lists and routes show it; data, the graph,
// is left out unless graph is set.
func (s *Server) renderRouteVersion(r *route, v *routeVersion, graph bool) *ordered {
	active := v == r.deployed()
	out := &ordered{}
	out.set("version_id", v.id)
	if s.quirks[RouteElementsTop] {
		out.set("active", strconv.FormatBool(active))
	} else {
		out.set("active", active)
	}
	if graph {
		out.set("data", s.renderData(v))
	}
	out.set("created_at", formatTime(v.created))
	out.set("is_valid", graphValid(v.elements))
	if s.quirks[ExtraFields] {
		// Older documents have it.
		out.set("comment", "")
	}
	s.addUnknown(out)
	return out
}

// renderData is the graph as a version holds it.
func (s *Server) renderData(v *routeVersion) any {
	elements := s.renderElements(v)
	if s.quirks[RouteElementsTop] {
		return string(marshal(elements))
	}
	return elements
}

// renderRouteDeployment is a deployment as lists and routes show it.
func (s *Server) renderRouteDeployment(d *routeDeployment) *ordered {
	out := &ordered{}
	out.set("deployment_id", d.id)
	out.set("version_id", d.version)
	out.set("created_at", formatTime(d.created))
	s.addUnknown(out)
	return out
}

// renderElements copies the graph of a version. With ExtraFields, elements
// without a place on a drawing are given one.
func (s *Server) renderElements(v *routeVersion) []any {
	out, _ := deepCopy(v.elements).([]any)
	if !s.quirks[ExtraFields] {
		return out
	}
	for i, e := range out {
		e, _ := e.(map[string]any)
		if _, placed := e["position"]; !placed && e != nil {
			e["position"] = map[string]any{"x": float64(240 * i), "y": 0.0}
		}
	}
	return out
}

// addUnknown adds what no client can know, if ExtraFields asks for it.
func (s *Server) addUnknown(out *ordered) {
	if s.quirks[ExtraFields] {
		out.set("emulator_extra", unknownObject())
	}
}
