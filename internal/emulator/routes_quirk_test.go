package emulator_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestQuirkRouteElementsTop(t *testing.T) {
	h, path := aRoute(t, emulator.RouteElementsTop)
	got := h.api("GET", path, nil).result(t)
	same(t, "elements", modelGraph("one"), got["elements"])
	version := got["version"].(object)
	var data any
	if err := json.Unmarshal([]byte(version["data"].(string)), &data); err != nil {
		t.Fatal(err)
	}
	same(t, "data", modelGraph("one"), data)

	made := h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)
	same(t, "elements of the new version", modelGraph("two"), made["elements"])
	one := h.api("GET", path+"/versions/"+version["version_id"].(string), nil).result(t)
	two := h.api("GET", path+"/versions/"+made["version_id"].(string), nil).result(t)
	if version["active"] != "true" || one["active"] != "true" || two["active"] != "false" {
		t.Errorf("active = %v, %v, %v", version["active"], one["active"], two["active"])
	}
	same(t, "elements of a version", modelGraph("two"), two["elements"])
	if _, ok := two["data"].(string); !ok {
		t.Errorf("data = %v, want a text", two["data"])
	}
}

func TestQuirkRouteRepliesBare(t *testing.T) {
	h, path := aRoute(t, emulator.RouteRepliesBare)
	want := []string{"created_at", "elements", "gateway_id", "id", "modified_at", "name"}
	check := func(what string, got object, model string) {
		t.Helper()
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
		same(t, what, modelGraph(model), got["elements"])
	}
	check("new version", h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t), "two")
	two := h.list(path+"/versions", "versions")[0]["version_id"]
	check("new deployment", h.api("POST", path+"/deployments", object{"version_id": two}).result(t), "two")
	// GET is not concerned.
	if got := h.api("GET", path, nil).result(t); got["elements"] != nil || got["version"].(object)["version_id"] != two {
		t.Errorf("GET = %v", got)
	}
	check("deletion", h.api("DELETE", path, nil).result(t), "two")
}

func TestQuirkExtraFieldsOfRoutes(t *testing.T) {
	h, path := aRoute(t, emulator.ExtraFields)
	got := h.api("GET", path, nil).result(t)
	version := got["version"].(object)
	for what, holder := range map[string]object{
		"route": got, "version": version, "deployment": got["deployment"].(object),
		"new version": h.api("POST", path+"/versions", object{"elements": modelGraph("one")}).result(t),
	} {
		if _, ok := holder["emulator_extra"].(object); !ok {
			t.Errorf("%s has no unknown object: %v", what, holder)
		}
	}
	for i, e := range version["data"].([]any) {
		position, _ := e.(object)["position"].(object)
		if position["x"] != float64(240*i) {
			t.Errorf("position of element %d = %v", i, position)
		}
	}
	// What is sent back is kept, and given no other place.
	elements := version["data"].([]any)
	elements[0].(object)["position"] = object{"x": 7}
	id := h.api("POST", path+"/versions", object{"elements": elements}).result(t)["version_id"].(string)
	same(t, "data", elements, h.api("GET", path+"/versions/"+id, nil).result(t)["data"])
	// It is no part of what is stored otherwise.
	stored, _ := h.Route(accountID, "gw", got["id"].(string))
	same(t, "stored", modelGraph("one"), stored.Elements)
}

// TestRouteQuirksCompose plays every combination: a route can be created, read,
// renamed, given a version, listed and deleted under each.
func TestRouteQuirksCompose(t *testing.T) {
	for _, quirks := range combinations(emulator.RouteQuirks()) {
		h, path := aRoute(t, quirks...)
		renamed, _ := h.api("PATCH", path, object{"name": "s"}).body["route"].(object)
		delete(renamed, "account_tag")
		if diff := cmp.Diff(renamed, h.api("GET", path, nil).result(t)); diff != "" {
			t.Errorf("%v: GET differs from PATCH:\n%s", quirks, diff)
		}
		h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)
		id := path[len("gateways/gw/routes/"):]
		stored, _ := h.Route(accountID, "gw", id)
		h.api("POST", path+"/deployments", object{"version_id": stored.Versions[1]}).result(t)
		h.list("gateways/gw/routes", "routes")
		if got := h.list("gateways/gw/routes", "routes"); len(got) != 1 || got[0]["name"] != "s" {
			t.Errorf("%v: list = %v", quirks, got)
		}
		if got := h.api("DELETE", path, nil).result(t); got["id"] != id || got["name"] != "s" {
			t.Errorf("%v: deleted = %v", quirks, got)
		}
	}
}

// TestQuirksHaveAPlace: every quirk concerns gateways, routes, keys or logs, so that
// a test of all combinations can leave out what does not matter.
func TestQuirksHaveAPlace(t *testing.T) {
	placed := slices.Concat(emulator.GatewayQuirks(), emulator.RouteQuirks(), emulator.KeyQuirks(), []emulator.Quirk{emulator.LogMetadataString})
	for _, q := range emulator.Quirks() {
		if !slices.Contains(placed, q) {
			t.Errorf("%s concerns nothing", q)
		}
	}
	for _, q := range placed {
		if !slices.Contains(emulator.Quirks(), q) {
			t.Errorf("%s is not among all quirks", q)
		}
	}
}
