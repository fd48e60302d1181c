package emulator_test

import (
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestGatewayIsACopyOfWhatIsStored(t *testing.T) {
	h := withQuirks(t, emulator.OmitUnset, emulator.SecretsOmitted, emulator.ExtraFields)
	h.create("a", object{"cache_ttl": nil})
	h.put("a", object{"cache_ttl": nil, "otel": []object{{"url": "https://example.com", "headers": object{"k": "v"}}}})
	got, ok := h.Gateway(accountID, "a")
	if !ok {
		t.Fatal("no gateway")
	}
	headers := got["otel"].([]any)[0].(object)["headers"].(object)
	has(t, "stored", got, "otel.0.headers.k", "v", "cache_ttl", nil, "created_at", "2026-11-01T12:00:30.123Z")
	lacks(t, "the stored gateway", got, "wholesale") // a quirk of responses
	headers["k"] = "changed"
	again, _ := h.Gateway(accountID, "a")
	has(t, "the copy is shared", again, "otel.0.headers.k", "v")
	_, ok = h.Gateway(accountID, "b")
	expect(t, !ok, "found a gateway that does not exist")
}

func TestEditGateway(t *testing.T) {
	h := start(t, emulator.Options{})
	before := h.create("a")
	h.Clock().Advance(time.Second)
	if !h.EditGateway(accountID, "a", func(g map[string]any) {
		g["cache_ttl"] = 300
		g["guardrails"] = map[string]any{"prompt": map[string]string{"S1": "BLOCK"}, "response": struct{}{}}
		g["id"], g["is_default"], g["unknown"] = "b", true, 1
		delete(g, "log_management")
	}) {
		t.Fatal("no gateway")
	}
	want := before
	want["cache_ttl"] = 300.0
	want["guardrails"] = object{"prompt": object{"S1": "BLOCK"}, "response": object{}}
	want["log_management"] = nil
	want["modified_at"] = "2026-11-01T12:00:31.123Z"
	equal(t, "edited", want, h.get("a"))
	expect(t, !h.EditGateway(accountID, "b", func(map[string]any) { t.Error("called") }), "edited a gateway that does not exist")
	equal(t, "requests recorded", 2, len(h.Requests()))
}

func TestPutGateway(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: 1})
	want := h.create("a")
	for range 2 {
		h.PutGateway(accountID, object{"id": "b", "zdr": true, "created_at": "2020-01-02T03:04:05Z", "unknown": 1})
	}
	want["id"], want["zdr"], want["created_at"] = "b", true, "2020-01-02T03:04:05.000Z"
	equal(t, "put", want, h.get("b"))
	equal(t, "ids", []string{"a", "b"}, h.GatewayIDs(accountID))
	expect(t, h.DeleteGateway(accountID, "b") && !h.DeleteGateway(accountID, "b"), "DeleteGateway reports the wrong result")
}

func TestPutGatewayPanics(t *testing.T) {
	h := start(t, emulator.Options{})
	for name, settings := range map[string]object{
		"no id":     {"zdr": true},
		"no JSON":   {"id": "a", "zdr": func() {}},
		"wrong id":  {"id": 5},
		"empty id":  {"id": ""},
		"not given": nil,
	} {
		t.Run(name, func(t *testing.T) { wantPanic(t, func() { h.PutGateway(accountID, settings) }) })
	}
}

func TestRouteIsACopyOfWhatIsStored(t *testing.T) {
	h, path := aRoute(t, emulator.RouteElementsTop, emulator.ExtraFields)
	h.Clock().Advance(time.Second)
	two := h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)["version_id"].(string)
	deployed := h.api("POST", path+"/deployments", object{"version_id": two}).result(t)["deployment_id"].(string)
	third := h.api("POST", path+"/versions", object{"elements": modelGraph("three")}).result(t)["version_id"].(string)

	id := path[len("gateways/gw/routes/"):]
	got, ok := h.Route(accountID, "gw", id)
	if !ok || len(got.Versions) != 3 || len(got.Deployments) != 2 {
		t.Fatalf("stored = %v, %+v", ok, got)
	}
	one := got.Versions[0]
	same(t, "elements", modelGraph("two"), got.Elements)
	got.Elements = nil
	created := epoch.Truncate(time.Millisecond)
	want := emulator.StoredRoute{
		ID: id, Name: "r", Versions: []string{one, two, third}, Deployed: two,
		Deployments: []emulator.StoredDeployment{{ID: got.Deployments[0].ID, Version: one}, {ID: deployed, Version: two}},
		Created:     created, Modified: created.Add(time.Second),
	}
	equal(t, "stored", want, got)
	for _, missing := range [][2]string{{"gw", "x"}, {"x", id}} {
		_, ok := h.Route(accountID, missing[0], missing[1])
		expect(t, !ok, "found a route at %v", missing)
	}
}

func TestRoutesAreSortedByName(t *testing.T) {
	h := open(t)
	var names []string
	for _, name := range []string{"b", "c", "a"} {
		h.PutRoute(accountID, "gw", name, modelGraph("one"))
	}
	for _, r := range h.Routes(accountID, "gw") {
		names = append(names, r.Name)
	}
	equal(t, "names", []string{"a", "b", "c"}, names)
	equal(t, "routes of a missing gateway", 0, len(h.Routes(accountID, "x")))
}

func TestDirectRoutes(t *testing.T) {
	h := open(t)
	requests := len(h.Requests())
	h.Inject(emulator.Fault{Times: -1, Status: 500})

	id := h.PutRoute(accountID, "gw", "r", modelGraph("one"))
	h.Clock().Advance(time.Second)
	version := h.DeployRoute(accountID, "gw", id, modelGraph("two"))
	got, _ := h.Route(accountID, "gw", id)
	same(t, "elements", modelGraph("two"), got.Elements)
	expect(t, got.Deployed == version && len(got.Versions) == 2 && len(got.Deployments) == 2 && got.Modified.After(got.Created), "deployed = %+v, want version %s", got, version)

	h.Clock().Advance(time.Second)
	before := got.Modified
	expect(t, h.RenameRoute(accountID, "gw", id, "s") && !h.RenameRoute(accountID, "gw", "x", "t"), "RenameRoute reports the wrong result")
	got, _ = h.Route(accountID, "gw", id)
	expect(t, got.Name == "s" && got.Modified.After(before), "renamed = %+v", got)

	// A route of the same name replaces the old one.
	again := h.PutRoute(accountID, "gw", "s", modelGraph("three"))
	_, ok := h.Route(accountID, "gw", id)
	expect(t, !ok && again != id && len(h.Routes(accountID, "gw")) == 1, "put = %s, was %s", again, id)
	expect(t, !h.DeleteRoute(accountID, "x", again) && h.DeleteRoute(accountID, "gw", again) && !h.DeleteRoute(accountID, "gw", again), "DeleteRoute reports the wrong result")

	equal(t, "recorded requests", requests, len(h.Requests()))
	h.ClearFaults()
	h.api("GET", "gateways/gw/routes/"+again, nil).wantErrors(t, 404, 7005, "Route not found")
}

func TestDirectRoutesPanic(t *testing.T) {
	h := open(t)
	id := h.PutRoute(accountID, "gw", "r", nil)
	h.PutRoute(accountID, "gw", "s", nil)
	for name, do := range map[string]func(){
		"no gateway":     func() { h.PutRoute(accountID, "x", "r", nil) },
		"no JSON":        func() { h.PutRoute(accountID, "gw", "t", []object{{"id": func() {}}}) },
		"no route":       func() { h.DeployRoute(accountID, "gw", "x", nil) },
		"no JSON either": func() { h.DeployRoute(accountID, "gw", id, []object{{"id": func() {}}}) },
		"name taken":     func() { h.RenameRoute(accountID, "gw", id, "s") },
	} {
		t.Run(name, func(t *testing.T) { wantPanic(t, do) })
	}
	// The panics have released the lock.
	expect(t, h.RenameRoute(accountID, "gw", id, "r"), "a route cannot be renamed to its own name")
}
