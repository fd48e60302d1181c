package emulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// to is a way out of an element.
func to(id string) object { return object{"elementId": id} }

// modelGraph asks one model.
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
	got := h.api("POST", "gateways/"+gateway+"/routes", object{"name": name, "elements": elements}).result(h.t)
	return got["id"].(string)
}

// aRoute returns a server with the gateway gw, its route r, and the path of
// that.
func aRoute(t testing.TB, quirks ...emulator.Quirk) (h harness, path string) {
	t.Helper()
	h = withQuirks(t, quirks...)
	h.create("gw")
	return h, "gateways/gw/routes/" + h.newRoute("gw", "r", modelGraph("one"))
}

// list returns the items of a list under their name.
func (h harness) list(path, name string) []object {
	h.t.Helper()
	got := h.api("GET", path, nil)
	data, _ := got.body["data"].(object)
	items, ok := data[name].([]any)
	if got.status != http.StatusOK || got.body["success"] != true || !ok {
		h.t.Fatalf("no list: %d %s", got.status, got.raw)
	}
	out := make([]object, 0, len(items))
	for _, item := range items {
		out = append(out, item.(object))
	}
	return out
}

// same compares JSON with what encoding/json would make of want.
func same(t *testing.T, what string, want, got any) {
	t.Helper()
	if toJSON(t, want) != toJSON(t, got) {
		t.Errorf("%s = %s\nwant %s", what, toJSON(t, got), toJSON(t, want))
	}
}

func TestRouteLife(t *testing.T) {
	h, path := aRoute(t)
	first := h.api("GET", path, nil).result(t)
	same(t, "graph", modelGraph("one"), first["version"].(object)["data"])
	if _, ok := first["elements"]; ok || first["name"] != "r" || first["gateway_id"] != "gw" ||
		first["created_at"] != "2026-11-01T12:00:30.123Z" || first["version"].(object)["active"] != true ||
		first["version"].(object)["is_valid"] != true {
		t.Errorf("created = %v", first)
	}
	deployment, one := first["deployment"].(object), first["version"].(object)["version_id"]
	if deployment["version_id"] != one || deployment["deployment_id"] == one || first["id"] == one {
		t.Errorf("ids: route %v, deployment %v, version %v", first["id"], deployment, one)
	}

	// A new version changes nothing until it is deployed.
	h.Clock().Advance(time.Second)
	made := h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)
	two := made["version_id"]
	if two == nil || two == one || made["id"] != first["id"] || made["modified_at"] != first["modified_at"] {
		t.Errorf("new version = %v", made)
	}
	if diff := cmp.Diff(first, h.api("GET", path, nil).result(t)); diff != "" {
		t.Errorf("a version that is not deployed changed the route:\n%s", diff)
	}
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
	if deployed["version_id"] != two || deployed["deployment_id"] != now["deployment"].(object)["deployment_id"] ||
		now["modified_at"] != "2026-11-01T12:00:32.123Z" || now["created_at"] != first["created_at"] {
		t.Errorf("deployed = %v\nroute = %v", deployed, now)
	}

	// Rolling back deploys an old version again.
	h.api("POST", path+"/deployments", object{"version_id": one}).result(t)
	same(t, "graph", modelGraph("one"), h.api("GET", path, nil).result(t)["version"].(object)["data"])
	versions, deployments := h.list(path+"/versions", "versions"), h.list(path+"/deployments", "deployments")
	if len(versions) != 2 || versions[0]["version_id"] != two || versions[0]["active"] != false || versions[1]["active"] != true {
		t.Errorf("versions = %v", versions)
	}
	var order []any
	for _, d := range deployments {
		order = append(order, d["version_id"])
	}
	same(t, "deployments", []any{one, two, one}, order)

	last := h.api("GET", path, nil).result(t)
	if diff := cmp.Diff(last, h.api("DELETE", path, nil).result(t)); diff != "" {
		t.Errorf("DELETE answers something else than GET (-get +delete):\n%s", diff)
	}
	h.api("DELETE", path, nil).wantErrors(t, 404, 7005, "Route not found")
	if got := h.list("gateways/gw/routes", "routes"); len(got) != 0 {
		t.Errorf("routes = %v", got)
	}
}

func TestRenameRoute(t *testing.T) {
	h, path := aRoute(t)
	before := h.api("GET", path, nil).result(t)
	h.Clock().Advance(time.Second)
	// Nothing but the name is taken.
	got := h.api("PATCH", path, object{"name": "s", "elements": modelGraph("two")})
	renamed, _ := got.body["route"].(object)
	if got.status != 200 || got.body["success"] != true || got.body["result"] != nil || renamed["account_tag"] != accountID {
		t.Fatalf("answer = %d %s", got.status, got.raw)
	}
	before["name"], before["modified_at"] = "s", "2026-11-01T12:00:31.123Z"
	if diff := cmp.Diff(before, h.api("GET", path, nil).result(t)); diff != "" {
		t.Errorf("renamed (-want +got):\n%s", diff)
	}
	delete(renamed, "account_tag")
	if diff := cmp.Diff(before, renamed); diff != "" {
		t.Errorf("answer (-want +got):\n%s", diff)
	}
	if got := h.api("PATCH", path, object{"name": "s"}); got.status != 200 {
		t.Errorf("its own name is refused: %s", got.raw)
	}
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
		h.api("POST", "gateways/gw/routes", object{"name": "s", "elements": []object{}}).
			wantErrors(t, tt.status, tt.code, tt.message)
		h.api("PATCH", path, object{"name": "s"}).wantErrors(t, tt.status, tt.code, tt.message)
		if diff := cmp.Diff(before, h.api("GET", path, nil).result(t)); diff != "" {
			t.Errorf("a refused PATCH changed the route:\n%s", diff)
		}
		if got := h.list("gateways/gw/routes", "routes"); len(got) != 2 {
			t.Errorf("%d routes, want 2", len(got))
		}
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
		got := h.api(tt.method, tt.path, tt.body)
		got.wantErrors(t, 404, tt.code, tt.message)
		if _, ok := got.body["result"]; ok {
			t.Errorf("%s %s: the answer has a result", tt.method, tt.path)
		}
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
	errors, _ := r.body["errors"].([]any)
	if r.status != 404 || len(errors) != 2 || errors[0].(object)["code"] != 7003.0 {
		t.Errorf("want no such path, got %d: %s", r.status, r.raw)
	}
}

func TestRoutesGoWithTheirGateway(t *testing.T) {
	h, path := aRoute(t)
	h.api("DELETE", "gateways/gw", nil).result(t)
	h.api("GET", path, nil).wantErrors(t, 404, 7002, "Not Found")
	h.create("gw")
	h.api("GET", path, nil).wantErrors(t, 404, 7005, "Route not found")
	h.newRoute("gw", "r", modelGraph("one")) // the name is free again
}

// TestRouteFaults: a fault on a path of routes is played, and one that answers
// after the request was handled leaves its effect.
func TestRouteFaults(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw")
	h.Inject(emulator.Fault{Method: "POST", Path: "/routes$", Status: 502, AnswerAfter: true, Body: "{}"})
	h.Inject(emulator.Fault{Method: "POST", Path: "/routes$", Status: 503, Body: "{}"})
	body := object{"name": "r", "elements": modelGraph("one")}
	for _, want := range []int{502, 503} {
		if got := h.api("POST", "gateways/gw/routes", body); got.status != want {
			t.Errorf("status = %d, want %d", got.status, want)
		}
	}
	h.api("POST", "gateways/gw/routes", body).wantErrors(t, 400, 7005, "Route already exists")

	path := "gateways/gw/routes/" + h.Routes(accountID, "gw")[0].ID
	h.Inject(emulator.Fault{Method: "POST", Path: "/deployments$", Status: 504, Body: "{}"})
	version := h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)["version_id"]
	if got := h.api("POST", path+"/deployments", object{"version_id": version}); got.status != 504 {
		t.Errorf("status = %d, want 504", got.status)
	}
	if got := h.Routes(accountID, "gw")[0]; len(got.Versions) != 2 || len(got.Deployments) != 1 {
		t.Errorf("after a lost deployment: %+v", got)
	}
}
