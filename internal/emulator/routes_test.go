package emulator_test

import (
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// to returns an output of an element.
func to(id string) object { return object{"elementId": id} }

// modelGraph returns a graph with one model.
func modelGraph(model string) []object {
	return []object{
		{"id": "start", "type": "start", "outputs": object{"next": to("m")}},
		{"id": "m", "type": "model", "outputs": object{"success": to("end"), "fallback": to("end")},
			"properties": object{"provider": "openai", "model": model, "retries": 0, "timeout": 1000}},
		{"id": "end", "type": "end", "outputs": object{}},
	}
}

// newRoute creates a route and returns its id.
func (h harness) newRoute(gateway, name string, elements []object) string {
	h.t.Helper()
	return h.api("POST", "gateways/"+gateway+"/routes", object{"name": name, "elements": elements}).result(h.t)["id"].(string)
}

// aRoute returns a server with the gateway gw and its route r, and the route's path.
func aRoute(t testing.TB, quirks ...emulator.Quirk) (h harness, path string) {
	t.Helper()
	h = withQuirks(t, quirks...)
	h.create("gw")
	return h, "gateways/gw/routes/" + h.newRoute("gw", "r", modelGraph("one"))
}

// list returns the items of a list under their name.
func (h harness) list(path, name string) []object {
	h.t.Helper()
	r := h.api("GET", path, nil).want(h.t, 200, "success", true)
	items, ok := at(r.body, "data."+name).([]any)
	if !ok {
		h.t.Fatalf("no list: %s", r.raw)
	}
	out := make([]object, 0, len(items))
	for _, item := range items {
		out = append(out, item.(object))
	}
	return out
}

func TestRouteLifecycle(t *testing.T) {
	h, path := aRoute(t)
	first := h.api("GET", path, nil).result(t)
	same(t, "graph", modelGraph("one"), at(first, "version.data"))
	one := at(first, "version.version_id")
	lacks(t, "created", first, "elements")
	has(t, "created", first, "name", "r", "gateway_id", "gw", "created_at", "2026-11-01T12:00:30.123Z", "version.active", true,
		"version.is_valid", true, "deployment.version_id", one)
	expect(t, at(first, "deployment.deployment_id") != one && first["id"] != one, "ids of different objects are equal: %v", first)

	// A new version changes nothing until it is deployed.
	h.Clock().Advance(time.Second)
	made := h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)
	two := made["version_id"]
	expect(t, two != nil && two != one, "new version = %v", made)
	has(t, "new version", made, "id", first["id"], "modified_at", first["modified_at"])
	equal(t, "a version that is not deployed changed the route", first, h.api("GET", path, nil).result(t))
	got := h.api("GET", path+"/versions/"+two.(string), nil).result(t)
	same(t, "data", modelGraph("two"), got["data"])
	delete(got, "data")
	same(t, "version", object{
		"id": first["id"], "name": "r", "gateway_id": "gw", "version_id": two, "active": false, "is_valid": true,
		"created_at": "2026-11-01T12:00:31.123Z", "modified_at": "2026-11-01T12:00:30.123Z",
	}, got)

	h.Clock().Advance(time.Second)
	deployed := h.api("POST", path+"/deployments", object{"version_id": two}).result(t)
	now := h.api("GET", path, nil).result(t)
	same(t, "graph", modelGraph("two"), now["version"].(object)["data"])
	has(t, "deployment", deployed, "version_id", two, "deployment_id", at(now, "deployment.deployment_id"))
	has(t, "route", now, "modified_at", "2026-11-01T12:00:32.123Z", "created_at", first["created_at"])

	// Rolling back deploys an old version again.
	h.api("POST", path+"/deployments", object{"version_id": one}).result(t)
	same(t, "graph", modelGraph("one"), h.api("GET", path, nil).result(t)["version"].(object)["data"])
	has(t, "versions", h.list(path+"/versions", "versions"), "#", 2, "0.version_id", two, "0.active", false, "1.active", true)
	same(t, "deployments", []any{one, two, one}, namesOf(h.list(path+"/deployments", "deployments"), "version_id"))

	equal(t, "response to DELETE", h.api("GET", path, nil).result(t), h.api("DELETE", path, nil).result(t))
	h.api("DELETE", path, nil).wantErrors(t, 404, 7005, "Route not found")
	equal(t, "routes", 0, len(h.list("gateways/gw/routes", "routes")))
}

func TestRenameRoute(t *testing.T) {
	h, path := aRoute(t)
	before := h.api("GET", path, nil).result(t)
	h.Clock().Advance(time.Second)
	// Everything but the name is ignored.
	got := h.api("PATCH", path, object{"name": "s", "elements": modelGraph("two")})
	got.want(t, 200, "success", true, "result", nil, "route.account_tag", accountID)
	renamed, _ := got.body["route"].(object)
	before["name"], before["modified_at"] = "s", "2026-11-01T12:00:31.123Z"
	equal(t, "renamed", before, h.api("GET", path, nil).result(t))
	delete(renamed, "account_tag")
	equal(t, "response", before, renamed)
	h.api("PATCH", path, object{"name": "s"}).want(t, 200)
}

func TestRouteNamesClash(t *testing.T) {
	for _, tt := range []struct {
		quirks       []emulator.Quirk
		status, code int
		message      string
	}{
		{nil, 400, 7005, "Route already exists"},
		{[]emulator.Quirk{emulator.RouteNameClash500}, 500, 7000, "UNIQUE constraint failed: routes.name"},
	} {
		h, path := aRoute(t, tt.quirks...)
		h.newRoute("gw", "s", modelGraph("two"))
		before := h.api("GET", path, nil).result(t)
		h.api("POST", "gateways/gw/routes", object{"name": "s", "elements": []object{}}).wantErrors(t, tt.status, tt.code, tt.message)
		h.api("PATCH", path, object{"name": "s"}).wantErrors(t, tt.status, tt.code, tt.message)
		equal(t, "a refused PATCH changed the route", before, h.api("GET", path, nil).result(t))
		equal(t, "routes", 2, len(h.list("gateways/gw/routes", "routes")))
		// Gateways do not share names.
		h.create("other")
		h.newRoute("other", "s", modelGraph("one"))
	}
}

func TestMissingRoutes(t *testing.T) {
	h, path := aRoute(t)
	h.newRoute("gw", "s", modelGraph("two"))
	foreign := h.list("gateways/gw/routes", "routes")[0]["version"].(object)["version_id"].(string)
	name, graph := object{"name": "x"}, object{"elements": modelGraph("one")}
	const gateway, route, version = "Not Found", "Route not found", "Route version not found"
	for _, tt := range []struct {
		method, path string
		body         any
		code         int
		message      string
	}{
		{"GET", "gateways/x/routes", nil, 7002, gateway},
		{"POST", "gateways/x/routes", object{"name": "x", "elements": modelGraph("one")}, 7002, gateway},
		{"GET", "gateways/x/routes/y", nil, 7002, gateway},
		{"PATCH", "gateways/x/routes/y", name, 7002, gateway},
		{"DELETE", "gateways/x/routes/y", nil, 7002, gateway},
		{"GET", "gateways/x/routes/y/versions", nil, 7002, gateway},
		{"GET", "gateways/gw/routes/y", nil, 7005, route},
		{"GET", "gateways/gw/routes/r", nil, 7005, route}, // a name is no id
		{"PATCH", "gateways/gw/routes/y", name, 7005, route},
		{"DELETE", "gateways/gw/routes/y", nil, 7005, route},
		{"GET", "gateways/gw/routes/y/versions", nil, 7005, route},
		{"POST", "gateways/gw/routes/y/versions", graph, 7005, route},
		{"GET", "gateways/gw/routes/y/versions/z", nil, 7005, route},
		{"GET", "gateways/gw/routes/y/deployments", nil, 7005, route},
		{"POST", "gateways/gw/routes/y/deployments", object{"version_id": "z"}, 7005, route},
		{"GET", path + "/versions/z", nil, 7005, version},
		{"POST", path + "/deployments", object{"version_id": "z"}, 7005, version},
		{"POST", path + "/deployments", object{"version_id": foreign}, 7005, version},
	} {
		got := h.api(tt.method, tt.path, tt.body).wantErrors(t, 404, tt.code, tt.message)
		lacks(t, got.request, got.body, "result")
	}
	for method, path := range map[string]string{
		"PUT": path, "DELETE": path + "/versions", "PATCH": path + "/deployments", "POST": path,
	} {
		h.api(method, path, "{}").wantErrors(t, 405, 7001, method+" not supported for requested URI.")
	}
	h.api("GET", path+"/deployments/z", nil).wantErrorsAtEdge(t)
	h.send("GET", "/client/v4/accounts/"+accountID+"/ai-gateway/"+path, "").wantErrors(t, 401, 10000, "Authentication error")
	h.apiOf(otherID, "GET", path, nil).wantErrors(t, 404, 7002, gateway)
}

// wantErrorsAtEdge checks that a path does not exist.
func (r reply) wantErrorsAtEdge(t *testing.T) {
	t.Helper()
	r.want(t, 404, "errors.#", 2, "errors.0.code", 7003.0)
}

func TestRoutesAreDeletedWithTheirGateway(t *testing.T) {
	h, path := aRoute(t)
	h.api("DELETE", "gateways/gw", nil).result(t)
	h.api("GET", path, nil).wantErrors(t, 404, 7002, "Not Found")
	h.create("gw")
	h.api("GET", path, nil).wantErrors(t, 404, 7005, "Route not found")
	h.newRoute("gw", "r", modelGraph("one")) // the name is free again
}

// TestRouteFaults shows that faults match the paths of routes, and that one that responds
// after the request was handled leaves its effect.
func TestRouteFaults(t *testing.T) {
	h := open(t)
	h.Inject(emulator.Fault{Method: "POST", Path: "/routes$", Status: 502, AnswerAfter: true, Body: "{}"})
	h.Inject(emulator.Fault{Method: "POST", Path: "/routes$", Status: 503, Body: "{}"})
	body := object{"name": "r", "elements": modelGraph("one")}
	for _, want := range []int{502, 503} {
		h.api("POST", "gateways/gw/routes", body).want(t, want)
	}
	h.api("POST", "gateways/gw/routes", body).wantErrors(t, 400, 7005, "Route already exists")

	path := "gateways/gw/routes/" + h.Routes(accountID, "gw")[0].ID
	h.Inject(emulator.Fault{Method: "POST", Path: "/deployments$", Status: 504, Body: "{}"})
	version := h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)["version_id"]
	h.api("POST", path+"/deployments", object{"version_id": version}).want(t, 504)
	got := h.Routes(accountID, "gw")[0]
	expect(t, len(got.Versions) == 2 && len(got.Deployments) == 1, "after a lost deployment: %+v", got)
}
