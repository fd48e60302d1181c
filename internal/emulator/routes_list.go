package emulator

import "slices"

// The lists of dynamic routes, their versions and their deployments have an
// envelope of their own and take page and per_page, 1 to 100 (documented for
// routes, inferred for the others). They show the newest first, as their
// order_by and order_by_direction then say (the members are documented, their
// values inferred).

// listing is one list as it is now.
type listing struct {
	// name is the member of the answer that holds it.
	name  string
	items []*ordered
	// listed is where it is remembered for RouteListLags.
	listed *[]*ordered
}

// listRoutes is GET /routes.
func (s *Server) listRoutes(c call) {
	page, ok := parseRoutePage(c)
	if !ok {
		return
	}
	s.inGateway(c, func(g *gateway) (*ordered, *refusal) {
		l := listing{name: "routes", listed: &g.listedRoutes}
		for _, r := range g.newestRoutes() {
			l.items = append(l.items, s.renderOwnedRoute(g, r, s.quirks[RouteElementsTop]))
		}
		return s.renderListing(l, page), nil
	})
}

// listRouteVersions is GET /routes/{id}/versions.
func (s *Server) listRouteVersions(c call) {
	page, ok := parseRoutePage(c)
	if !ok {
		return
	}
	s.inRoute(c, func(_ *gateway, r *route) (*ordered, *refusal) {
		l := listing{name: "versions", listed: &r.listedVersions}
		for _, v := range slices.Backward(r.versions) {
			l.items = append(l.items, s.renderRouteVersion(r, v, s.quirks[RouteElementsTop]))
		}
		return s.renderListing(l, page), nil
	})
}

// listRouteDeployments is GET /routes/{id}/deployments.
func (s *Server) listRouteDeployments(c call) {
	page, ok := parseRoutePage(c)
	if !ok {
		return
	}
	s.inRoute(c, func(_ *gateway, r *route) (*ordered, *refusal) {
		l := listing{name: "deployments", listed: &r.listedDeployments}
		for _, d := range slices.Backward(r.deployments) {
			l.items = append(l.items, s.renderRouteDeployment(d))
		}
		return s.renderListing(l, page), nil
	})
}

// parseRoutePage reads page and per_page, or answers and reports false.
func parseRoutePage(c call) (pageQuery, bool) {
	page, problems := parsePage(c.r.URL.Query(), 100)
	if len(problems) > 0 {
		writeInvalid(c.w, problems)
		return pageQuery{}, false
	}
	return page, true
}

// renderListing returns the answer to a list request. There is no total
// (documented).
func (s *Server) renderListing(l listing, page pageQuery) *ordered {
	items := l.items
	if s.quirks[RouteListLags] {
		items, *l.listed = *l.listed, items
	}
	shown, _ := pageOf(items, page)
	if shown == nil {
		shown = []*ordered{}
	}
	data := &ordered{}
	data.set(l.name, shown)
	data.set("order_by", "created_at")
	data.set("order_by_direction", "desc")
	data.set("page", page.page)
	data.set("per_page", page.perPage)
	return succeeded("data", data)
}
