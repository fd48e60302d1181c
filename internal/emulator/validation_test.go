package emulator_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestCreateNeedsItsFields(t *testing.T) {
	h := start(t, emulator.Options{})
	all := []string{
		"body.id: Required",
		"body.cache_invalidate_on_update: Required",
		"body.cache_ttl: Expected number, received nan",
		"body.collect_logs: Required",
		"body.rate_limiting_interval: Expected number, received nan",
		"body.rate_limiting_limit: Expected number, received nan",
	}
	// A body that is no JSON counts as an empty object.
	for _, body := range []string{"{}", "", "not json", `{"id":`, `{} trailing`} {
		h.api("POST", "gateways", body).wantErrors(t, 400, 7001, all...)
		h.api("PUT", "gateways/a", body).wantErrors(t, 400, 7001, all[1:]...)
	}
	for _, body := range []string{"null", "[]", `"text"`, "5"} {
		kind := map[string]string{"null": "null", "[]": "array", `"text"`: "string", "5": "number"}[body]
		h.api("POST", "gateways", body).wantErrors(t, 400, 7001, "body: Expected object, received "+kind)
	}
}

func TestValidationListsEveryFailure(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	h.api("PUT", "gateways/a", minimal(object{"logpush": nil, "log_classification": nil, "zdr": nil, "store_id": nil})).wantErrors(t, 400, 7001,
		"body.log_classification: Expected boolean, received null",
		"body.logpush: Expected boolean, received null")
	equal(t, "a refused PUT changed store_id to", "", h.get("a")["store_id"])
}

func TestGatewayIDs(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: -1})
	for _, id := range []string{"a", "0", "_", "my-gateway", "my_gateway", "a-b-c", "a__b", strings.Repeat("x", 64), "default"} {
		h.create(id)
	}
	tests := map[string][]string{
		"":                      {"body.id: String must contain at least 1 character(s)", "body.id: Invalid"},
		strings.Repeat("x", 65): {"body.id: String must contain at most 64 character(s)"},
	}
	for _, id := range []string{"A", "a b", "a/b", "a.b", "..", "-a", "a-", "a--b", "a%2Fb", "ä", "a\n"} {
		tests[id] = []string{"body.id: Invalid"}
	}
	for id, messages := range tests {
		h.api("POST", "gateways", minimal(object{"id": id})).wantErrors(t, 400, 7001, messages...)
	}
}

func TestFieldValidation(t *testing.T) {
	const (
		boolNull = "Expected boolean, received null"
		tooSmall = "Number must be greater than or equal to "
		tooBig   = "Number must be less than or equal to "
	)
	tests := []struct {
		field string
		value any
		want  string // empty: accepted
	}{
		{"cache_ttl", "5", "Expected number, received string"},
		{"cache_ttl", -1, tooSmall + "0"},
		{"cache_ttl", 1.5, "Expected integer, received float"},
		{"cache_ttl", 99999999, ""},
		{"cache_ttl", nil, ""},
		{"cache_ttl", []int{}, "Expected number, received array"},
		{"collect_logs", nil, boolNull},
		{"collect_logs", 1, "Expected boolean, received number"},
		{"cache_invalidate_on_update", nil, boolNull},
		{"cache_invalidate_on_update", "true", "Expected boolean, received string"},
		{"authentication", nil, ""},
		{"authentication", object{}, "Expected boolean, received object"},
		{"byok_only", nil, boolNull},
		{"byok_only", true, ""},
		{"rate_limiting_interval", -1, tooSmall + "0"},
		{"rate_limiting_limit", true, "Expected number, received boolean"},
		{"rate_limiting_limit", nil, ""},
		{"rate_limiting_technique", "x", "Invalid enum value. Expected 'fixed' | 'sliding', received 'x'"},
		{"rate_limiting_technique", "FIXED", "Invalid enum value. Expected 'fixed' | 'sliding', received 'FIXED'"},
		{"rate_limiting_technique", 5, "Expected 'fixed' | 'sliding', received number"},
		{"rate_limiting_technique", nil, ""},
		{"log_management", 9999, tooSmall + "10000"},
		{"log_management", 10000001, tooBig + "10000000"},
		{"log_management", nil, ""},
		{"log_management_strategy", "KEEP", "Invalid enum value. Expected 'STOP_INSERTING' | 'DELETE_OLDEST', received 'KEEP'"},
		{"logpush_public_key", "short", "String must contain at least 16 character(s)"},
		{"logpush_public_key", strings.Repeat("k", 1025), "String must contain at most 1024 character(s)"},
		{"logpush_public_key", strings.Repeat("😀", 8), ""},
		{"logpush_public_key", nil, ""},
		{"retry_max_attempts", 0, tooSmall + "1"},
		{"retry_max_attempts", 6, tooBig + "5"},
		{"retry_max_attempts", nil, ""},
		{"retry_delay", 60000, ""},
		{"retry_delay", 60001, tooBig + "60000"},
		{"retry_backoff", "quadratic", "Invalid enum value. Expected 'constant' | 'linear' | 'exponential', received 'quadratic'"},
		{"store_id", 5, "Expected string, received number"},
		{"store_id", "", ""},
		{"zdr", nil, ""},
		{"workers_ai_billing_mode", nil, "Expected 'postpaid' | 'unified', received null"},
		{"workers_ai_billing_mode", "unified", ""},
		{"log_classification", true, ""},
		{"dlp", nil, "Invalid input"},
		{"guardrails", nil, ""},
		{"otel", nil, ""},
		{"otel", object{}, "Expected array, received object"},
		{"spend_limits", nil, ""},
		{"spend_limits", object{}, ""},
		{"stripe", nil, ""},
	}
	h := start(t, emulator.Options{})
	h.create("a")
	for _, tt := range tests {
		t.Run(tt.field+" "+toString(tt.value), func(t *testing.T) {
			r := h.api("PUT", "gateways/a", minimal(object{tt.field: tt.value}))
			if tt.want == "" {
				r.result(t)
				return
			}
			r.wantErrors(t, 400, 7001, "body."+tt.field+": "+tt.want)
		})
	}
}

func TestFeatureValidation(t *testing.T) {
	rule := func(changes object) object {
		r := object{"limit": 1, "limitType": "cost", "window": 60}
		maps.Copy(r, changes)
		return object{"rules": []object{r}}
	}
	const atRule = "body.spend_limits.rules.0."
	tests := []struct {
		name  string
		field string
		value any
		want  []string
	}{
		{"one action", "dlp", object{"enabled": true, "action": "FLAG", "profiles": []string{}}, nil},
		{"policies", "dlp", object{"enabled": true, "policies": []object{
			{"id": "p", "action": "BLOCK", "check": []string{"REQUEST", "RESPONSE"}, "enabled": true, "profiles": []string{"x"}},
		}}, nil},
		{"disabled", "dlp", object{"enabled": false, "policies": []object{}}, nil},
		{"neither shape", "dlp", object{"enabled": true}, []string{"body.dlp: Invalid input"}},
		{"bad policy", "dlp", object{"enabled": true, "policies": []object{{"id": "p"}}}, []string{"body.dlp: Invalid input"}},

		{"categories", "guardrails", object{"prompt": object{"S1": "BLOCK", "P1": "FLAG"}, "response": object{"S13": "BLOCK"}}, nil},
		{"one side", "guardrails", object{"prompt": object{}}, []string{"body.guardrails.response: Required"}},
		{"bad action", "guardrails", object{"prompt": object{"S1": "block"}, "response": object{"S2": nil}}, []string{
			"body.guardrails.prompt.S1: Invalid enum value. Expected 'FLAG' | 'BLOCK', received 'block'",
			"body.guardrails.response.S2: Expected 'FLAG' | 'BLOCK', received null"}},

		{"exporter", "otel", []object{{"url": "https://example.com/v1", "headers": object{"a": "b"}, "authorization": "ref", "content_type": "protobuf"}}, nil},
		{"bad exporter", "otel", []object{{"url": "nowhere", "headers": object{"a": 1}, "content_type": "xml"}, {}}, []string{
			"body.otel.0.url: Invalid url",
			"body.otel.0.headers.a: Expected string, received number",
			"body.otel.0.content_type: Invalid enum value. Expected 'json' | 'protobuf', received 'xml'",
			"body.otel.1.url: Required",
			"body.otel.1.headers: Required"}},

		{"stripe", "stripe", object{"authorization": "key", "usage_events": []object{{"payload": "{}"}}}, nil},
		{"bad stripe", "stripe", object{"usage_events": []object{{}}}, []string{
			"body.stripe.authorization: Required",
			"body.stripe.usage_events.0.payload: Required"}},

		{"rule", "spend_limits", rule(nil), nil},
		{"bad rule", "spend_limits", rule(object{"limit": -1, "limitType": "tokens", "window": 1.5, "technique": "x"}), []string{
			atRule + "limit: Number must be greater than or equal to 0",
			atRule + "limitType: Invalid enum value. Expected 'cost', received 'tokens'",
			atRule + "window: Expected integer, received float",
			atRule + "technique: Invalid enum value. Expected 'fixed' | 'sliding', received 'x'"}},
		{"empty rule", "spend_limits", object{"rules": []object{{}}}, []string{
			atRule + "limit: Required", atRule + "limitType: Required", atRule + "window: Required"}},
		{"bad conditions", "spend_limits", rule(object{
			"metadata": object{"k": object{"mode": "filter"}}, "model": object{"mode": "split"}, "provider": object{"mode": "filter", "values": 1},
		}), []string{
			atRule + "metadata.k: Invalid input",
			atRule + "model: Invalid input", atRule + "provider: Invalid input"}},
		{"twenty rules", "spend_limits", object{"rules": rules(20)}, nil},
		{"too many rules", "spend_limits", object{"rules": rules(21)}, []string{
			"body.spend_limits.rules: Array must contain at most 20 element(s)"}},
	}
	h := start(t, emulator.Options{})
	h.create("a")
	for _, tt := range tests {
		t.Run(tt.field+" "+tt.name, func(t *testing.T) {
			r := h.api("PUT", "gateways/a", minimal(object{tt.field: tt.value}))
			if tt.want == nil {
				r.result(t)
				return
			}
			r.wantErrors(t, 400, 7001, tt.want...)
		})
	}
}

func TestNestedUnknownKeysAreStripped(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	got := h.put("a", object{"guardrails": object{"prompt": object{"S99": "BLOCK"}, "response": object{}, "x": 1}})
	equal(t, "guardrails", `{"prompt":{},"response":{}}`, toString(got["guardrails"]))
	// Both shapes at once: the first wins.
	got = h.put("a", object{"dlp": object{"enabled": true, "action": "FLAG", "profiles": []string{}, "policies": []object{}}})
	equal(t, "dlp", `{"action":"FLAG","enabled":true,"profiles":[]}`, toString(got["dlp"]))
}

func rules(n int) []object {
	out := make([]object, n)
	for i := range out {
		out[i] = object{"limit": 1, "limitType": "cost", "window": 60}
	}
	return out
}
