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

// likeTheService is a server that plays the account that the samples are from.
func likeTheService(t *testing.T) harness {
	t.Helper()
	return start(t, emulator.Options{
		Clock:  emulator.NewClock(time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)),
		Quirks: []emulator.Quirk{emulator.PaidPlan, emulator.ExtraFields},
	})
}

// TestGolden provokes every sample of testdata/observed and compares field by
// field: each field of the sample must be there with the same value, nothing
// else may be there but what beyond names.
func TestGolden(t *testing.T) {
	created := func(h harness) reply {
		return h.api("POST", "gateways", golden(t, "gateway-create-minimal.request.json"))
	}
	validation := func(changes object) func(harness) reply {
		return func(h harness) reply { return h.api("PUT", "gateways/my-gateway", minimal(changes)) }
	}
	// Fields that the recorded answers do not have: newer than they are, or
	// made up by the quirk for extra fields.
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
			var want object
			if err := json.Unmarshal([]byte(golden(t, name)), &want); err != nil {
				t.Fatal(err)
			}
			got := sample.play(likeTheService(t))
			if got.status != sample.status {
				t.Errorf("status = %d, want %d", got.status, sample.status)
			}
			// The generated id is the only value that cannot be the same.
			for _, body := range []object{want, got.body} {
				eachGateway(body, func(g object) {
					if id, _ := g["internal_id"].(string); len(id) == 36 {
						g["internal_id"] = "a UUID"
					}
				})
			}
			eachGateway(got.body, func(g object) {
				for _, extra := range beyond {
					delete(g, extra)
				}
			})
			if diff := cmp.Diff(want, got.body); diff != "" {
				t.Errorf("answer (-sample +emulator):\n%s", diff)
			}
		})
	}

	// A sample that nobody plays would be a claim that nobody checks.
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
			t.Errorf("no test plays %s", name)
		}
	}
}

func TestGoldenRequests(t *testing.T) {
	h := likeTheService(t)
	h.api("PUT", "gateways/x", golden(t, "gateway-create-dashboard.request.json")).wantErrors(t, 404, 7002, "Not Found")

	var body object
	if err := json.Unmarshal([]byte(golden(t, "gateway-create-dashboard.request.json")), &body); err != nil {
		t.Fatal(err)
	}
	body["id"] = "dashboard" // the audit log leaves it out
	h.api("POST", "gateways", body).result(t)
	h.api("PUT", "gateways/dashboard", golden(t, "gateway-create-minimal.request.json")).result(t)
}

// TestGoldenNamedError: the emulator sends the older form of an error, which
// must be what the newer one is without its additions.
func TestGoldenNamedError(t *testing.T) {
	var older, newer object
	for name, into := range map[string]*object{"data-plane-error-2001.json": &older, "data-plane-error-2001-named.json": &newer} {
		if err := json.Unmarshal([]byte(golden(t, name)), into); err != nil {
			t.Fatal(err)
		}
	}
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
