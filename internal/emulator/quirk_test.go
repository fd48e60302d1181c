package emulator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestParseQuirk(t *testing.T) {
	_, err := emulator.ParseQuirk("nonsense")
	if err == nil {
		t.Fatal("an unknown quirk was accepted")
	}
	inOrder(t, err.Error(), "nonsense")
	for _, q := range emulator.Quirks() {
		got, parseErr := emulator.ParseQuirk(string(q))
		expect(t, parseErr == nil && got == q, "ParseQuirk(%q) = %q, %v", q, got, parseErr)
		inOrder(t, err.Error(), string(q))
	}
}

func TestNewRefusesBadQuirks(t *testing.T) {
	for _, quirks := range [][]emulator.Quirk{{"nonsense"}, {emulator.SecretsMasked, emulator.SecretsOmitted}} {
		_, err := emulator.New(emulator.Options{Quirks: quirks})
		expect(t, err != nil, "New accepted %v", quirks)
	}
}

func TestQuirkCreateAcceptsAll(t *testing.T) {
	h := withQuirks(t, emulator.CreateAcceptsAll)
	got := h.create("a", object{
		"log_classification": true,
		"dlp":                object{"enabled": false, "policies": []object{}},
		"spend_limits":       object{"enabled": true},
	})
	expect(t, got["log_classification"] == true && got["dlp"] != nil && got["spend_limits"] != nil && got["otel"] == nil, "created = %v", got)
	h.api("POST", "gateways", minimal(object{"id": "b", "dlp": 5})).wantErrors(t, 400, 7001, "body.dlp: Invalid input")

	// Turning logs off turns classification off, also on create.
	got = h.create("c", object{"collect_logs": false, "log_classification": true})
	has(t, "classification without logs was stored", got, "log_classification", false)
}

// PUT resets the fields that it omits, except with the quirk.
func TestQuirkPutKeepsOmitted(t *testing.T) {
	changes := object{"zdr": true, "retry_delay": 100, "authentication": true, "store_id": "s",
		"otel": []object{}, "log_management": 20000, "log_classification": true}
	h := withQuirks(t)
	fresh := h.create("a")
	h.put("a", changes)
	equal(t, "not reset", fresh, h.put("a"))

	h = withQuirks(t, emulator.PutKeepsOmitted)
	h.create("a")
	changed := h.put("a", changes)
	equal(t, "not kept", changed, h.put("a"))
}

// unknownAtAllLevels is an update with fields that no API document has.
func unknownAtAllLevels() object {
	rule := object{"id": "r", "limit": 1, "limitType": "cost", "window": 60, "model": object{"mode": "filter", "values": []any{}, "x": 6}, "x": 5}
	return object{
		"x":            object{"y": []any{1, "two", nil}},
		"guardrails":   object{"prompt": object{"S14": "BLOCK"}, "response": object{}, "x": 1},
		"dlp":          object{"enabled": true, "x": 2, "policies": []object{{"id": "p", "action": "FLAG", "check": []any{}, "enabled": true, "profiles": []any{}, "x": 3}}},
		"otel":         []object{{"url": "https://a.example", "headers": object{}, "x": 4}},
		"spend_limits": object{"enabled": true, "rules": []object{rule}},
		"stripe":       object{"authorization": "k", "usage_events": []object{{"payload": "{}", "x": 7}}},
	}
}

// A new gateway has an unknown field. PUT keeps unknown fields that are sent back, and
// no others.
func TestQuirkUnknownFields(t *testing.T) {
	h := withQuirks(t, emulator.UnknownFields)
	has(t, "a new gateway", h.create("a")["emulator_unknown"].(object), "mode", "strict")
	got := h.put("a", unknownAtAllLevels())
	equal(t, "GET differs from PUT", got, h.get("a"))
	inOrder(t, toString(got), `"x":3`, `"x":2`, `"S14":"BLOCK"`, `"x":1`, `"x":4`, `"x":6`, `"x":5`, `"x":7`, `"x":{"y":[1,"two",null]}`)
	lacks(t, "a PUT without", got, "emulator_unknown")
	for _, quirks := range [][]emulator.Quirk{{emulator.UnknownFields}, {emulator.UnknownFields, emulator.PutKeepsOmitted}} {
		h := withQuirks(t, quirks...)
		h.create("a")
		h.put("a", unknownAtAllLevels())
		lacks(t, "a PUT without", h.put("a"), "x", "emulator_unknown")
	}

	h = withQuirks(t)
	h.create("a")
	got = h.put("a", unknownAtAllLevels())
	expect(t, !strings.Contains(toString(got), `"x":`) && !strings.Contains(toString(got), "S14"), "without the quirk: %s", toString(got))
	h.EditGateway(accountID, "a", func(values object) { values["x"] = 1 })
	lacks(t, "an edit without the quirk", h.get("a"), "x")
}

// Unknown fields are refused by their paths, also those that the service shows.
func TestQuirkStrictBodies(t *testing.T) {
	for _, quirks := range [][]emulator.Quirk{{emulator.StrictBodies}, {emulator.StrictBodies, emulator.UnknownFields}} {
		h := withQuirks(t, quirks...)
		h.create("a")
		h.api("PUT", "gateways/a", minimal(unknownAtAllLevels())).wantErrors(t, 400, 7001,
			"body.dlp.policies.0.x: Unrecognized key", "body.dlp.x: Unrecognized key",
			"body.guardrails.prompt.S14: Unrecognized key", "body.guardrails.x: Unrecognized key",
			"body.otel.0.x: Unrecognized key", "body.stripe.usage_events.0.x: Unrecognized key",
			"body.spend_limits.rules.0.model.x: Unrecognized key", "body.spend_limits.rules.0.x: Unrecognized key",
			"body.x: Unrecognized key")
		h.api("POST", "gateways", minimal(object{"id": "b", "x": 1})).wantErrors(t, 400, 7001, "body.x: Unrecognized key")
		h.put("a", object{"dlp": object{"enabled": true, "action": "FLAG", "profiles": []any{}}})
	}
}

func TestQuirkPaidPlan(t *testing.T) {
	has(t, "retention", withQuirks(t, emulator.PaidPlan).create("a"), "log_management", 10000000.0, "log_management_strategy", "DELETE_OLDEST")
}

func TestQuirkEchoNull(t *testing.T) {
	h := withQuirks(t, emulator.EchoNull)
	nulls := object{
		"cache_ttl": nil, "rate_limiting_interval": nil, "rate_limiting_limit": nil,
		"store_id": nil, "authentication": nil, "zdr": nil,
	}
	got := h.create("a", nulls)
	want := maps.Clone(nulls)
	want["authentication"], want["zdr"] = false, false
	for name, value := range want {
		v, ok := got[name]
		expect(t, ok && v == value, "%s = %v, want %v", name, v, value)
	}
	has(t, "values that are not null", h.put("a", object{"store_id": ""}), "cache_ttl", 0.0, "store_id", "")
}

func TestQuirkOmitUnset(t *testing.T) {
	got := withQuirks(t, emulator.OmitUnset).create("a", object{"retry_delay": 0})
	for name, value := range got {
		expect(t, value != nil, "%s is null", name)
	}
	lacks(t, "the response", got, "dlp", "guardrails", "otel", "retry_backoff", "logpush_public_key")
	has(t, "values that are set", got, "retry_delay", 0.0, "store_id", "")

	// With EchoNull too, the required fields stay, as null.
	got = withQuirks(t, emulator.OmitUnset, emulator.EchoNull).create("a", object{"cache_ttl": nil})
	v, ok := got["cache_ttl"]
	expect(t, ok && v == nil, "cache_ttl = %v, %v, want null", v, ok)
	lacks(t, "the response", got, "store_id")
}

func TestQuirkExtraFields(t *testing.T) {
	plain := withQuirks(t).create("a")
	h := withQuirks(t, emulator.ExtraFields)
	got := h.create("a")
	for name := range plain {
		delete(got, name)
	}
	has(t, "extra fields", got, "account_id", accountID, "account_tag", accountID, "wholesale", true)
	id, _ := got["internal_id"].(string)
	expect(t, len(id) == 36 && h.get("a")["internal_id"] == id, "internal_id = %v, want a stable UUID", got["internal_id"])
	nested := slices.ContainsFunc(slices.Collect(maps.Values(got)), func(v any) bool { _, ok := v.(object); return ok })
	expect(t, nested, "no extra field is an object")
}

func TestQuirkNoBYOKOnly(t *testing.T) {
	h := withQuirks(t, emulator.NoBYOKOnly)
	// Values of the wrong type are accepted too.
	lacks(t, "the response", h.create("a", object{"byok_only": "x"}), "byok_only")
	lacks(t, "the response", h.put("a", object{"byok_only": true}), "byok_only")
	has(t, "without the quirk", withQuirks(t).create("a", object{"byok_only": true}), "byok_only", true)
}

func TestQuirkSecrets(t *testing.T) {
	secrets := object{
		"otel": []object{
			{"url": "https://example.com", "headers": object{"x-key": "s3cret"}, "authorization": "s3cret"},
			{"url": "https://example.com", "headers": object{}},
		},
		"stripe": object{"authorization": "s3cret", "usage_events": []object{}},
	}
	for _, tt := range []struct {
		quirks []emulator.Quirk
		want   string
	}{
		{nil, `[[{"authorization":"s3cret","content_type":"json","headers":{"x-key":"s3cret"},"url":"https://example.com"},` +
			`{"content_type":"json","headers":{},"url":"https://example.com"}],{"authorization":"s3cret","usage_events":[]}]`},
		{[]emulator.Quirk{emulator.SecretsMasked}, `[[{"authorization":"********","content_type":"json","headers":{"x-key":"********"},"url":"https://example.com"},` +
			`{"content_type":"json","headers":{},"url":"https://example.com"}],{"authorization":"********","usage_events":[]}]`},
		{[]emulator.Quirk{emulator.SecretsOmitted}, `[[{"content_type":"json","url":"https://example.com"},` +
			`{"content_type":"json","url":"https://example.com"}],{"usage_events":[]}]`},
	} {
		h := withQuirks(t, tt.quirks...)
		h.create("a")
		put, get := h.put("a", secrets), h.get("a")
		equal(t, tt.quirks, tt.want, toString([]any{put["otel"], put["stripe"]}))
		equal(t, fmt.Sprint(tt.quirks, ": PUT and GET differ"), put, get)
		// The stored value is never masked.
		stored, _ := h.Gateway(accountID, "a")
		equal(t, fmt.Sprint(tt.quirks, ": stored authorization"), "s3cret", stored["stripe"].(object)["authorization"])
	}
}

// TestQuirksCompose creates, updates, reads and deletes a gateway under every combination
// of the quirks that can show in it.
func TestQuirksCompose(t *testing.T) {
	for _, quirks := range combinations(emulator.GatewayQuirks()) {
		h := withQuirks(t, quirks...)
		h.create("a", object{"store_id": nil})
		updated := h.put("a", object{"cache_ttl": nil, "stripe": object{"authorization": "x", "usage_events": []object{}}})
		equal(t, fmt.Sprint(quirks, ": GET differs from PUT"), updated, h.get("a"))
		for _, name := range []string{"id", "cache_ttl", "collect_logs", "created_at", "modified_at", "rate_limiting_interval"} {
			_, ok := updated[name]
			expect(t, ok, "%v: the response lacks %s", quirks, name)
		}
		h.api("DELETE", "gateways/a", nil).result(t)
	}
}

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
	expect(t, version["active"] == "true" && one["active"] == "true" && two["active"] == "false", "active = %v, %v, %v", version["active"], one["active"], two["active"])
	same(t, "elements of a version", modelGraph("two"), two["elements"])
	_, ok := two["data"].(string)
	expect(t, ok, "data = %v, want a string", two["data"])
}

func TestQuirkRouteRepliesBare(t *testing.T) {
	h, path := aRoute(t, emulator.RouteRepliesBare)
	want := []string{"created_at", "elements", "gateway_id", "id", "modified_at", "name"}
	check := func(what string, got object, model string) {
		t.Helper()
		equal(t, what, want, slices.Sorted(maps.Keys(got)))
		same(t, what, modelGraph(model), got["elements"])
	}
	check("new version", h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t), "two")
	two := h.list(path+"/versions", "versions")[0]["version_id"]
	check("new deployment", h.api("POST", path+"/deployments", object{"version_id": two}).result(t), "two")
	// GET is complete.
	has(t, "GET", h.api("GET", path, nil).result(t), "elements", nil, "version.version_id", two)
	check("deletion", h.api("DELETE", path, nil).result(t), "two")
}

// TestQuirkVersionsRefusePaging lists without per_page: the page alone is taken.
func TestQuirkVersionsRefusePaging(t *testing.T) {
	h, path := aRoute(t, emulator.VersionsRefusePaging)
	for range 20 {
		id := h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)["version_id"]
		h.api("POST", path+"/deployments", object{"version_id": id}).result(t)
	}
	for _, list := range []string{"versions", "deployments"} {
		for query, count := range map[string]int{"": 20, "?page=1": 20, "?page=2": 1, "?page=3": 0} {
			equal(t, list+query, count, len(h.list(path+"/"+list+query, list)))
		}
		for _, query := range []string{"?per_page=20", "?page=1&per_page=100"} {
			equal(t, list+query, object{"success": true, "result": object{}}, h.api("GET", path+"/"+list+query, nil).body)
		}
	}
	equal(t, "routes", 1, len(h.list("gateways/gw/routes?page=1&per_page=100", "routes")))
}

func TestQuirkExtraFieldsOfRoutes(t *testing.T) {
	h, path := aRoute(t, emulator.ExtraFields)
	got := h.api("GET", path, nil).result(t)
	version := got["version"].(object)
	for what, holder := range map[string]object{
		"route": got, "version": version, "deployment": got["deployment"].(object),
		"new version": h.api("POST", path+"/versions", object{"elements": modelGraph("one")}).result(t),
	} {
		_, ok := holder["emulator_extra"].(object)
		expect(t, ok, "%s has no unknown object: %v", what, holder)
	}
	for i, e := range version["data"].([]any) {
		position, _ := e.(object)["position"].(object)
		has(t, fmt.Sprintf("position of element %v", i), position, "x", float64(240*i))
	}
	// Positions that are sent back are kept.
	elements := version["data"].([]any)
	elements[0].(object)["position"] = object{"x": 7}
	id := h.api("POST", path+"/versions", object{"elements": elements}).result(t)["version_id"].(string)
	same(t, "data", elements, h.api("GET", path+"/versions/"+id, nil).result(t)["data"])
	// The position is not stored otherwise.
	stored, _ := h.Route(accountID, "gw", got["id"].(string))
	same(t, "stored", modelGraph("one"), stored.Elements)
}

// TestRouteQuirksCompose creates, renames, reads, deploys, lists and deletes a route under
// every combination of quirks.
func TestRouteQuirksCompose(t *testing.T) {
	for _, quirks := range combinations(emulator.RouteQuirks()) {
		h, path := aRoute(t, quirks...)
		renamed, _ := h.api("PATCH", path, object{"name": "s"}).body["route"].(object)
		delete(renamed, "account_tag")
		equal(t, fmt.Sprint(quirks, ": GET differs from PATCH"), renamed, h.api("GET", path, nil).result(t))
		h.api("POST", path+"/versions", object{"elements": modelGraph("two")}).result(t)
		id := path[len("gateways/gw/routes/"):]
		stored, _ := h.Route(accountID, "gw", id)
		h.api("POST", path+"/deployments", object{"version_id": stored.Versions[1]}).result(t)
		h.list("gateways/gw/routes", "routes")
		has(t, fmt.Sprint(quirks, ": list"), h.list("gateways/gw/routes", "routes"), "#", 1, "0.name", "s")
		has(t, fmt.Sprint(quirks, ": deleted"), h.api("DELETE", path, nil).result(t), "id", id, "name", "s")
	}
}

// TestQuirksHaveAPlace shows that every quirk is one of gateways, routes, keys, policies or logs,
// so that tests of all combinations can leave out the others.
func TestQuirksHaveAPlace(t *testing.T) {
	placed := slices.Concat(emulator.GatewayQuirks(), emulator.RouteQuirks(), emulator.KeyQuirks(), emulator.PolicyQuirks(),
		[]emulator.Quirk{emulator.LogMetadataString})
	for _, q := range emulator.Quirks() {
		expect(t, slices.Contains(placed, q), "%s is in no group", q)
	}
	for _, q := range placed {
		expect(t, slices.Contains(emulator.Quirks(), q), "%s is not among all quirks", q)
	}
}
