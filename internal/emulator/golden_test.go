package emulator_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// golden reads a sample of the service's wire format.
func golden(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "observed", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// goldenObject reads a sample and decodes it.
func goldenObject(t *testing.T, name string) object {
	t.Helper()
	var out object
	if err := json.Unmarshal([]byte(golden(t, name)), &out); err != nil {
		t.Fatal(err)
	}
	return out
}

// wantSample compares a response with a sample, field by field, after adjust has
// replaced what cannot be the same in both of them.
func (r reply) wantSample(t *testing.T, status int, name string, adjust func(body object)) {
	t.Helper()
	r.want(t, status)
	want := goldenObject(t, name)
	adjust(want)
	adjust(r.body)
	equal(t, "response", want, r.body)
}

// remove removes fields of the gateways or other objects in a response.
func (r reply) remove(fields ...string) reply {
	eachGateway(r.body, func(g object) {
		for _, field := range fields {
			delete(g, field)
		}
	})
	return r
}

// likeTheService returns a server like the account of the samples.
func likeTheService(t *testing.T) harness {
	t.Helper()
	return start(t, emulator.Options{
		Clock:  emulator.NewClock(time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)),
		Quirks: []emulator.Quirk{emulator.PaidPlan, emulator.ExtraFields},
	})
}

// TestGolden reproduces every sample of testdata/observed: each field of the sample must
// have the same value, and there must be no other fields except those in beyond.
func TestGolden(t *testing.T) {
	created := func(h harness) reply {
		return h.api("POST", "gateways", golden(t, "gateway-create-minimal.request.json"))
	}
	validation := func(changes object) func(harness) reply {
		return func(h harness) reply { return h.api("PUT", "gateways/my-gateway", minimal(changes)) }
	}
	// Fields that the recorded responses lack: they are newer, or come from the quirk
	// for extra fields.
	beyond := []string{"byok_only", "log_classification", "wholesale", "emulator_extra"}

	samples := map[string]struct {
		status int
		play   func(harness) reply
	}{
		"gateway-created.json": {200, created},
		"gateway-list.json": {200, func(h harness) reply {
			created(h)
			return h.api("GET", "gateways", nil)
		}},
		"gateway-list-empty.json": {200, func(h harness) reply {
			created(h)
			return h.api("GET", "gateways?page=2", nil)
		}},
		"error-validation.json": {400, func(h harness) reply {
			h.create("my-gateway")
			return h.api("POST", "gateways/my-gateway/routes", object{"name": "r", "elements": []object{
				elementOf("start", nil), elementOf("model", object{"properties.provider": nil}),
			}})
		}},
		"error-validation-null.json":      {400, validation(object{"logpush": nil, "log_classification": nil})},
		"error-validation-nan.json":       {400, func(h harness) reply { return h.api("PUT", "gateways/x", without("cache_ttl")) }},
		"error-already-exists.json":       {400, func(h harness) reply { created(h); return created(h) }},
		"error-not-found.json":            {404, func(h harness) reply { return h.api("GET", "gateways/my-gateway", nil) }},
		"error-could-not-route.json":      {404, func(h harness) reply { return h.apiOf("x", "GET", "gateways", nil) }},
		"error-method-not-supported.json": {405, func(h harness) reply { return h.api("PATCH", "gateways/my-gateway", nil) }},
		"error-authentication.json": {401, func(h harness) reply {
			return h.send("GET", "/client/v4/accounts/"+accountID+"/ai-gateway/gateways", "")
		}},
		"data-plane-error-2001.json": {400, func(h harness) reply { return h.chat("missing", "openai/x", "hi") }},
		"data-plane-error-2009.json": {401, func(h harness) reply {
			h.create("locked", object{"authentication": true})
			return h.send("POST", "/v1/"+accountID+"/locked/compat/chat/completions", "{}")
		}},
	}

	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			got := sample.play(likeTheService(t)).remove(beyond...)
			got.wantSample(t, sample.status, name, func(body object) {
				eachGateway(body, func(g object) {
					// The generated id is the only value that cannot be the same.
					if id, _ := g["internal_id"].(string); len(id) == 36 {
						g["internal_id"] = "a UUID"
					}
				})
			})
		})
	}

	// Every sample must be tested.
	others := []string{
		"gateway-create-minimal.request.json",   // see created
		"gateway-create-dashboard.request.json", // see TestGoldenRequests
		"data-plane-error-2001-named.json",      // see TestGoldenNamedError
		// See TestGoldenRoutes.
		"route_live.json", "route_documented.json", "route_patch.json", "route_list.json", "route_version.json", "route_deployment.json",
		// See TestGoldenKeys.
		"provider_config_create.json", "provider_config_live.json", "custom_provider.json", "custom_provider_doc.json",
		"secrets_stores.json", "credit_balance.json",
		"custom_domain_doc.json",                                            // see TestCustomDomainSample
		"policy_created.json", "policy_list.json", "policy_simulation.json", // see TestPolicySamples
	}
	files, err := filepath.Glob(filepath.Join("testdata", "observed", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		_, ok := samples[name]
		expect(t, ok || slices.Contains(others, name), "no test has the sample %s", name)
	}
}

func TestGoldenRequests(t *testing.T) {
	h := likeTheService(t)
	h.api("PUT", "gateways/x", golden(t, "gateway-create-dashboard.request.json")).wantErrors(t, 404, 7002, "Not Found")

	body := goldenObject(t, "gateway-create-dashboard.request.json")
	body["id"] = "dashboard" // the audit log leaves it out
	h.api("POST", "gateways", body).result(t)
	h.api("PUT", "gateways/dashboard", golden(t, "gateway-create-minimal.request.json")).result(t)
}

// TestGoldenNamedError shows that the older form of an error, which the emulator sends, is
// the newer one without its additions.
func TestGoldenNamedError(t *testing.T) {
	older, newer := goldenObject(t, "data-plane-error-2001.json"), goldenObject(t, "data-plane-error-2001-named.json")
	item := newer["error"].([]any)[0].(object)
	for _, added := range []string{"name", "httpCode", "internalCode", "description"} {
		expect(t, item[added] != nil, "the newer form lacks %s", added)
		delete(item, added)
	}
	equal(t, "form", older, newer)
}

// without returns the minimal body without one field.
func without(name string) object {
	body := minimal()
	delete(body, name)
	return body
}

// eachGateway visits the gateway or gateways in a response.
func eachGateway(body object, visit func(object)) {
	items, ok := body["result"].([]any)
	if !ok {
		items = []any{body["result"]}
	}
	for _, item := range items {
		if g, ok := item.(object); ok {
			visit(g)
		}
	}
}

// sampleGraph returns the graph of the samples, which has one element of each type.
func sampleGraph(t *testing.T) []object {
	t.Helper()
	var sample struct {
		Result struct{ Elements []object }
	}
	if err := json.Unmarshal([]byte(golden(t, "route_documented.json")), &sample); err != nil {
		t.Fatal(err)
	}
	return sample.Result.Elements
}

// TestGoldenRoutes repeats what was done to the route of the samples: it is created,
// renamed after a minute and given a new version after another.
func TestGoldenRoutes(t *testing.T) {
	create := func(h harness) string {
		h.create("my-gateway")
		return h.newRoute("my-gateway", "support", sampleGraph(t))
	}
	version := func(h harness, path string) reply {
		h.Clock().Advance(time.Minute)
		return h.api("POST", path+"/versions", object{"elements": sampleGraph(t)})
	}
	samples := map[string]struct {
		quirks []emulator.Quirk
		play   func(h harness, path string) reply
	}{
		"route_live.json":       {nil, func(h harness, path string) reply { return h.api("GET", path, nil) }},
		"route_documented.json": {[]emulator.Quirk{emulator.RouteElementsTop}, func(h harness, path string) reply { return h.api("GET", path, nil) }},
		"route_patch.json": {nil, func(h harness, path string) reply {
			h.Clock().Advance(time.Minute)
			return h.api("PATCH", path, object{"name": "help"})
		}},
		"route_list.json":    {nil, func(h harness, _ string) reply { return h.api("GET", "gateways/my-gateway/routes", nil) }},
		"route_version.json": {nil, version},
		"route_deployment.json": {nil, func(h harness, path string) reply {
			id := version(h, path).result(t)["version_id"]
			h.Clock().Advance(time.Minute)
			return h.api("POST", path+"/deployments", object{"version_id": id})
		}},
	}
	for name, sample := range samples {
		t.Run(name, func(t *testing.T) {
			h := start(t, emulator.Options{
				Clock:  emulator.NewClock(time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)),
				Quirks: sample.quirks,
			})
			got := sample.play(h, "gateways/my-gateway/routes/"+create(h))
			got.wantSample(t, 200, name, func(body object) { settle(t, body) })
		})
	}
}

// settle replaces what differs between two responses: ids, and JSON strings, which may be
// written in several ways.
func settle(t *testing.T, v any) {
	t.Helper()
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			settle(t, item)
		}
	case object:
		for name, value := range v {
			text, _ := value.(string)
			switch {
			case len(text) == 36 && (name == "id" || strings.HasSuffix(name, "_id")):
				v[name] = "a UUID"
			case name == "data" && text != "":
				var decoded any
				if err := json.Unmarshal([]byte(text), &decoded); err != nil {
					t.Errorf("data is invalid JSON: %v", err)
				}
				v[name] = object{"JSON string": decoded}
			default:
				settle(t, value)
			}
		}
	}
}
