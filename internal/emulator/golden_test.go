package emulator_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	if r.status != status {
		t.Errorf("status = %d, want %d: %s", r.status, status, r.raw)
	}
	want := goldenObject(t, name)
	adjust(want)
	adjust(r.body)
	if diff := cmp.Diff(want, r.body); diff != "" {
		t.Errorf("response (-sample +emulator):\n%s", diff)
	}
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

// likeTheService returns a server like the account that the samples are from.
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
	// Fields that the recorded responses do not have: they are newer, or made up by
	// the quirk for extra fields.
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
	others := map[string]string{
		"gateway-create-minimal.request.json":   "played above",
		"gateway-create-dashboard.request.json": "see TestGoldenRequests",
		"data-plane-error-2001-named.json":      "see TestGoldenNamedError",
		"route_live.json":                       "see TestGoldenRoutes",
		"route_documented.json":                 "see TestGoldenRoutes",
		"route_patch.json":                      "see TestGoldenRoutes",
		"route_list.json":                       "see TestGoldenRoutes",
		"route_version.json":                    "see TestGoldenRoutes",
		"route_deployment.json":                 "see TestGoldenRoutes",
		"provider_config_create.json":           "see TestGoldenKeys",
		"provider_config_live.json":             "see TestGoldenKeys",
		"custom_provider.json":                  "see TestGoldenKeys",
		"custom_provider_doc.json":              "see TestGoldenKeys",
		"secrets_stores.json":                   "see TestGoldenKeys",
		"credit_balance.json":                   "see TestGoldenKeys",
	}
	files, err := filepath.Glob(filepath.Join("testdata", "observed", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		name := filepath.Base(file)
		if _, ok := samples[name]; !ok && others[name] == "" {
			t.Errorf("no test has the sample %s", name)
		}
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

// TestGoldenNamedError: the emulator sends the older form of an error, which
// must be what the newer one is without its additions.
func TestGoldenNamedError(t *testing.T) {
	older, newer := goldenObject(t, "data-plane-error-2001.json"), goldenObject(t, "data-plane-error-2001-named.json")
	item := newer["error"].([]any)[0].(object)
	for _, added := range []string{"name", "httpCode", "internalCode", "description"} {
		if _, ok := item[added]; !ok {
			t.Errorf("the newer form lacks %s", added)
		}
		delete(item, added)
	}
	if diff := cmp.Diff(older, newer); diff != "" {
		t.Errorf("the forms differ (-older +newer):\n%s", diff)
	}
}

// without returns the minimal body less one field.
func without(name string) object {
	body := minimal()
	delete(body, name)
	return body
}

// eachGateway visits the gateway or gateways in an answer.
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
