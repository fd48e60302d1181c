package controlplane

import (
	"errors"
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// The bodies of requests about routes. The form of names is not documented.
var (
	routeNameBody     = apischema.Object{{Name: "name", Schema: apischema.String{}}}
	routeElementsBody = apischema.Object{{Name: "elements", Schema: routeElements}}
	routeCreateBody   = append(routeElementsBody[:1:1], routeNameBody...)
	deploymentBody    = apischema.Object{{Name: "version_id", Schema: apischema.String{}}}
)

// respondRoute writes a success whose envelope has the value in a member, or the
// error. Codes and statuses were observed live for gateways and routes; versions
// are inferred to be like routes, and so are the texts for both.
func (a *API) respondRoute(c call, member string, value func() any, err error) {
	switch {
	case err == nil:
		wire.WriteJSON(c.w, http.StatusOK, succeeded(member, value()))
	case errors.Is(err, store.ErrNoRoute):
		writeError(c.w, http.StatusNotFound, wire.Error{Code: codeRoute, Message: "Route not found"})
	case errors.Is(err, store.ErrNoRouteVersion):
		writeError(c.w, http.StatusNotFound, wire.Error{Code: codeRoute, Message: "Route version not found"})
	case errors.Is(err, store.ErrRouteNameTaken) && a.store.Has(quirk.RouteNameClash500):
		writeErrors(c.w, http.StatusInternalServerError,
			wire.Error{Code: codeUncaught, Message: "UNIQUE constraint failed: routes.name"})
	case errors.Is(err, store.ErrRouteNameTaken):
		writeErrors(c.w, http.StatusBadRequest, wire.Error{Code: codeRoute, Message: "Route already exists"})
	default:
		writeNotFound(c.w)
	}
}

// createRoute handles POST /routes.
func (a *API) createRoute(c call) {
	body, ok := c.parse(a.strictly(routeCreateBody))
	if !ok {
		return
	}
	name, _ := body["name"].(string)
	elements, _ := body["elements"].([]any)
	r, err := a.store.CreateRoute(c.account, c.gateway(), name, elements)
	a.respondRoute(c, "result", func() any { return a.renderRoute(r, true) }, err)
}

// strictly returns the schema of a body with a graph, which refuses unknown keys with
// StrictBodies.
func (a *API) strictly(schema apischema.Schema) apischema.Schema {
	if a.store.Has(quirk.StrictBodies) {
		return apischema.WithUnknown(schema, apischema.Refused)
	}
	return schema
}

// getRoute handles GET /routes/{id}.
func (a *API) getRoute(c call) {
	r, err := a.store.Route(c.account, c.gateway(), c.params["route"])
	a.respondRoute(c, "result", func() any { return a.renderRoute(r, true) }, err)
}

// renameRoute handles PATCH /routes/{id}, which changes the name and nothing else. The
// response has route in place of result, with the account (documented).
func (a *API) renameRoute(c call) {
	body, ok := c.parse(routeNameBody)
	if !ok {
		return
	}
	name, _ := body["name"].(string)
	r, err := a.store.RenameRoute(c.account, c.gateway(), c.params["route"], name)
	a.respondRoute(c, "route", func() any { return a.renderOwnedRoute(r, true) }, err)
}

// deleteRoute handles DELETE /routes/{id}. The result is the deleted route.
func (a *API) deleteRoute(c call) {
	r, err := a.store.DeleteRoute(c.account, c.gateway(), c.params["route"])
	a.respondRoute(c, "result", func() any {
		if a.store.Has(quirk.RouteRepliesBare) {
			return a.renderRouteHead(r, r.Deployed)
		}
		return a.renderRoute(r, true)
	}, err)
}

// createRouteVersion handles POST /routes/{id}/versions.
func (a *API) createRouteVersion(c call) {
	body, ok := c.parse(a.strictly(routeElementsBody))
	if !ok {
		return
	}
	elements, _ := body["elements"].([]any)
	r, err := a.store.AddRouteVersion(c.account, c.gateway(), c.params["route"], elements)
	a.respondRoute(c, "result", func() any {
		version := r.Versions[len(r.Versions)-1]
		out := a.renderRouteHead(r, version)
		if !a.store.Has(quirk.RouteRepliesBare) {
			out.Set("version_id", version.ID)
		}
		return out
	}, err)
}

// getRouteVersion handles GET /routes/{id}/versions/{version}: the version's own members
// beside those of the route (documented).
func (a *API) getRouteVersion(c call) {
	r, err := a.store.Route(c.account, c.gateway(), c.params["route"])
	var version store.RouteVersion
	if err == nil {
		version, err = r.Version(c.params["version"])
	}
	a.respondRoute(c, "result", func() any {
		out := a.routeHead(r)
		if a.store.Has(quirk.RouteElementsTop) {
			out.Set("elements", a.renderElements(version))
		}
		out.SetAll(a.renderRouteVersion(version, true))
		return out
	}, err)
}

// createRouteDeployment handles POST /routes/{id}/deployments. A version may be deployed
// again, to roll a route back (documented).
func (a *API) createRouteDeployment(c call) {
	body, ok := c.parse(deploymentBody)
	if !ok {
		return
	}
	version, _ := body["version_id"].(string)
	r, err := a.store.DeployRouteVersion(c.account, c.gateway(), c.params["route"], version)
	a.respondRoute(c, "result", func() any {
		out := a.renderRouteHead(r, r.Deployed)
		if !a.store.Has(quirk.RouteRepliesBare) {
			out.Set("deployment_id", r.Deployment().ID)
			out.Set("version_id", r.Deployed.ID)
		}
		return out
	}, err)
}

// The lists of routes, versions and deployments have an envelope of their own and
// take page and per_page, 1 to 100 (documented for routes, inferred for the
// others). The newest come first, as order_by and order_by_direction say (the
// members are documented, their values inferred). There is no total (documented).

// listRoutes handles GET /routes.
func (a *API) listRoutes(c call) {
	page, ok := c.page()
	if !ok {
		return
	}
	routes, err := a.store.ListRoutes(c.account, c.gateway())
	respondRouteList(a, c, page, "routes", routes, err, func(r store.Route) *wire.Object {
		return a.renderOwnedRoute(r, a.store.Has(quirk.RouteElementsTop))
	})
}

// listRouteVersions handles GET /routes/{id}/versions.
func (a *API) listRouteVersions(c call) {
	page, ok := a.historyPage(c)
	if !ok {
		return
	}
	versions, err := a.store.ListRouteVersions(c.account, c.gateway(), c.params["route"])
	respondRouteList(a, c, page, "versions", versions, err, func(v store.RouteVersion) *wire.Object {
		return a.renderRouteVersion(v, a.store.Has(quirk.RouteElementsTop))
	})
}

// listRouteDeployments handles GET /routes/{id}/deployments.
func (a *API) listRouteDeployments(c call) {
	page, ok := a.historyPage(c)
	if !ok {
		return
	}
	deployments, err := a.store.ListRouteDeployments(c.account, c.gateway(), c.params["route"])
	respondRouteList(a, c, page, "deployments", deployments, err, a.renderRouteDeployment)
}

// historyPage reads the page of versions or deployments. If there is no list to show, it
// responds and reports false.
func (a *API) historyPage(c call) (pageQuery, bool) {
	page, ok := c.page()
	if ok && a.store.Has(quirk.VersionsRefusePaging) && c.r.URL.Query().Has("per_page") {
		writeResult(c.w, struct{}{})
		return page, false
	}
	return page, ok
}

// respondRouteList writes one page of a list in the member of that name.
func respondRouteList[T any](
	a *API, c call, page pageQuery, member string, items []T, err error, render func(T) *wire.Object,
) {
	a.respondRoute(c, "data", func() any {
		shown, _ := pageOf(items, page)
		data := &wire.Object{}
		data.Set(member, renderAll(shown, render))
		data.Set("order_by", "created_at")
		data.Set("order_by_direction", "desc")
		data.Set("page", page.page)
		data.Set("per_page", page.perPage)
		return data
	}, err)
}
