package controlplane

import (
	"strconv"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// succeeded returns the envelope of a success. Its member has another name in each
// family of responses (documented).
func succeeded(member string, value any) *wire.Object {
	out := &wire.Object{}
	out.Set("success", true)
	out.Set(member, value)
	return out
}

// renderRoute returns a route as GET shows it. Lists leave the graph out.
func (a *API) renderRoute(r store.Route, graph bool) *wire.Object {
	out := a.routeHead(r)
	if a.store.Has(quirk.RouteElementsTop) {
		out.Set("elements", a.renderElements(r.Deployed))
	}
	out.Set("deployment", a.renderRouteDeployment(r.Deployment()))
	out.Set("version", a.renderRouteVersion(r.Deployed, graph))
	return out
}

// renderOwnedRoute is renderRoute with the account, for lists and the response to
// PATCH (documented).
func (a *API) renderOwnedRoute(r store.Route, graph bool) *wire.Object {
	out := a.renderRoute(r, graph)
	out.Set("account_tag", r.Account)
	return out
}

// renderRouteHead returns the documented response to a new version, a new
// deployment and a deletion: the route with the graph of a version. As elsewhere,
// the elements are inferred to be missing by default.
func (a *API) renderRouteHead(r store.Route, v store.RouteVersion) *wire.Object {
	out := a.routeHead(r)
	if a.store.Has(quirk.RouteElementsTop) || a.store.Has(quirk.RouteRepliesBare) {
		out.Set("elements", a.renderElements(v))
	}
	return out
}

// routeHead returns the part that all responses about a route have.
func (a *API) routeHead(r store.Route) *wire.Object {
	out := &wire.Object{}
	out.Set("id", r.ID)
	out.Set("name", r.Name)
	out.Set("gateway_id", r.GatewayID)
	out.Set("created_at", wire.FormatTime(r.Created))
	out.Set("modified_at", wire.FormatTime(r.Modified))
	a.addUnknown(out)
	return out
}

// renderRouteVersion returns a version as lists and routes show it. Without graph,
// data is left out.
func (a *API) renderRouteVersion(v store.RouteVersion, graph bool) *wire.Object {
	out := &wire.Object{}
	out.Set("version_id", v.ID)
	if a.store.Has(quirk.RouteElementsTop) {
		out.Set("active", strconv.FormatBool(v.Active))
	} else {
		out.Set("active", v.Active)
	}
	if graph {
		out.Set("data", a.renderData(v))
	}
	out.Set("created_at", wire.FormatTime(v.Created))
	out.Set("is_valid", graphValid(v.Elements))
	if a.store.Has(quirk.ExtraFields) {
		// Older documents have it.
		out.Set("comment", "")
	}
	a.addUnknown(out)
	return out
}

// renderData returns the graph as a version has it.
func (a *API) renderData(v store.RouteVersion) any {
	elements := a.renderElements(v)
	if a.store.Has(quirk.RouteElementsTop) {
		return string(wire.Marshal(elements))
	}
	return elements
}

// renderRouteDeployment returns a deployment as lists and routes show it.
func (a *API) renderRouteDeployment(d store.RouteDeployment) *wire.Object {
	out := &wire.Object{}
	out.Set("deployment_id", d.ID)
	out.Set("version_id", d.Version)
	out.Set("created_at", wire.FormatTime(d.Created))
	a.addUnknown(out)
	return out
}

// renderElements returns a copy of the graph of a version. With ExtraFields,
// elements without a position get one.
func (a *API) renderElements(v store.RouteVersion) []any {
	out, _ := wire.Copy(v.Elements).([]any)
	if !a.store.Has(quirk.ExtraFields) {
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

// addUnknown adds a member that no client knows, with ExtraFields.
func (a *API) addUnknown(out *wire.Object) {
	if a.store.Has(quirk.ExtraFields) {
		out.Set("emulator_extra", unknownObject())
	}
}
