package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestGatewayLifecycle(t *testing.T) {
	h := start(t, emulator.Options{})

	created := h.create("my-gateway")
	want := object{
		"id": "my-gateway", "cache_invalidate_on_update": false, "cache_ttl": 0.0, "collect_logs": true,
		"authentication": false, "byok_only": false,
		"rate_limiting_interval": 0.0, "rate_limiting_limit": 0.0, "rate_limiting_technique": "fixed",
		"log_classification": false, "log_management": 100000.0, "log_management_strategy": "STOP_INSERTING",
		"logpush": false, "logpush_public_key": nil,
		"dlp": nil, "guardrails": nil, "otel": nil, "stripe": nil, "spend_limits": nil,
		"retry_max_attempts": nil, "retry_delay": nil, "retry_backoff": nil,
		"store_id": "", "zdr": false, "workers_ai_billing_mode": "postpaid",
		"is_default": false,
		"created_at": "2026-11-01T12:00:30.123Z", "modified_at": "2026-11-01T12:00:30.123Z",
	}
	equal(t, "created", want, created)
	equal(t, "read", want, h.get("my-gateway"))

	h.Clock().Advance(time.Minute)
	want["cache_ttl"] = 300.0
	want["modified_at"] = "2026-11-01T12:01:30.123Z"
	equal(t, "updated", want, h.put("my-gateway", object{"cache_ttl": 300}))
	equal(t, "deleted", want, h.api("DELETE", "gateways/my-gateway", nil).result(t))
	for _, method := range []string{"GET", "DELETE"} {
		h.api(method, "gateways/my-gateway", nil).wantErrors(t, 404, 7002, "Not Found")
	}
	h.api("PUT", "gateways/my-gateway", minimal()).wantErrors(t, 404, 7002, "Not Found")
}

func TestFieldsKeepTheOrderOfTheTable(t *testing.T) {
	r := start(t, emulator.Options{}).api("POST", "gateways", `{"id":"a","cache_invalidate_on_update":false,"cache_ttl":0,"collect_logs":true,
		"rate_limiting_interval":0,"rate_limiting_limit":0,"store_id":"<&>"}`)
	inOrder(t, r.raw, `{"success"`, `"id"`, `"cache_ttl"`, `"authentication"`, `"store_id":"<&>"`, `"created_at"`, `"modified_at"`)
}

func TestResponsesAreDatedByTheClock(t *testing.T) {
	start(t, emulator.Options{}).api("GET", "gateways", nil).wantHeaders(t, "Date", "Sun, 01 Nov 2026 12:00:30 GMT")
}

func TestCreateDropsUpdateOnlyFields(t *testing.T) {
	features := object{
		"dlp":                object{"enabled": true, "action": "BLOCK", "profiles": []string{"p"}},
		"guardrails":         object{"prompt": object{"S1": "BLOCK"}, "response": object{}},
		"log_classification": true,
		"otel":               []object{{"url": "http://127.0.0.1:4318", "headers": object{}}},
		"spend_limits":       object{"enabled": true},
		"stripe":             object{"authorization": "s", "usage_events": []object{}},
		"unknown":            1,
	}
	h := start(t, emulator.Options{})
	plain, dropped := h.create("plain"), h.create("dropped", features)
	delete(plain, "id")
	delete(dropped, "id")
	equal(t, "POST stored something", plain, dropped)

	updated := h.put("dropped", features)
	lacks(t, "the response", updated, "unknown")
	delete(features, "unknown")
	for name := range features {
		expect(t, updated[name] != nil && updated[name] != false, "PUT did not store %s", name)
	}
	// A dropped field is not validated.
	h.create("unchecked", object{"dlp": 5})
}

func TestPutKeepsWhatItOmits(t *testing.T) {
	h := withQuirks(t, emulator.PutKeepsOmitted)
	h.create("a", object{"zdr": true, "retry_delay": 100, "authentication": true, "log_management": 20000})
	before := h.get("a")
	after := h.put("a")
	equal(t, "a PUT without optional fields changed", before, after)
}

func TestPutIgnoresTheIDInTheBody(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	equal(t, "id", "a", h.put("a", object{"id": "NOT VALID"})["id"])
}

func TestPutChecksTheBodyBeforeTheGateway(t *testing.T) {
	h := start(t, emulator.Options{})
	h.api("PUT", "gateways/missing", minimal(object{"logpush": nil})).wantErrors(t, 400, 7001, "body.logpush: Expected boolean, received null")
}

func TestNullOnPut(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a", object{
		"authentication": true, "zdr": true, "store_id": "s", "cache_ttl": 60,
		"log_management": 20000, "log_management_strategy": "DELETE_OLDEST", "rate_limiting_technique": "sliding",
	})
	got := h.put("a", object{
		"authentication": nil, "zdr": nil, "store_id": nil, "cache_ttl": nil,
		"log_management": nil, "log_management_strategy": nil, "rate_limiting_technique": nil,
		"rate_limiting_limit": nil, "rate_limiting_interval": nil,
	})
	has(t, "updated", got, "authentication", false, "zdr", false, "store_id", "", "cache_ttl", 0.0,
		"log_management", nil, "log_management_strategy", nil, "rate_limiting_technique", nil,
		"rate_limiting_limit", 0.0, "rate_limiting_interval", 0.0)
}

func TestTurningLogsOffTurnsClassificationOff(t *testing.T) {
	h := open(t)
	has(t, "stored", h.put("gw", object{"log_classification": true}), "log_classification", true)
	has(t, "without logs", h.put("gw", object{"collect_logs": false}), "log_classification", false)
}

func TestSpendRulesWithoutIDGetOne(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	got := h.put("a", object{"spend_limits": object{"rules": []object{
		{"limit": 1.5, "limitType": "cost", "window": 3600},
		{"id": "mine", "limit": 0, "limitType": "cost", "window": 0, "enabled": false, "technique": "fixed",
			"metadata": object{"user": object{"mode": "partition"}, "team": object{"mode": "filter", "values": []string{"x"}}},
			"provider": object{"mode": "filter", "values": []string{"openai"}}},
	}}})["spend_limits"].(object)
	rules := got["rules"].([]any)
	generated := rules[0].(object)
	id, _ := generated["id"].(string)
	expect(t, len(id) == 8 && strings.Trim(id, "0123456789abcdef") == "", "generated id = %v, want 8 hexadecimal digits", generated["id"])
	delete(generated, "id")
	want := object{"enabled": false, "rules": []any{
		object{"limit": 1.5, "limitType": "cost", "window": 3600.0, "enabled": true, "technique": "sliding"},
		object{"id": "mine", "limit": 0.0, "limitType": "cost", "window": 0.0, "enabled": false, "technique": "fixed",
			"metadata": object{"user": object{"mode": "partition"}, "team": object{"mode": "filter", "values": []any{"x"}}},
			"provider": object{"mode": "filter", "values": []any{"openai"}}},
	}}
	equal(t, "spend_limits", want, got)
}

func TestDuplicateAndLimit(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: 2})
	h.create("a")
	h.create("b")
	h.api("POST", "gateways", minimal(object{"id": "a"})).wantErrors(t, 400, 7001, "Gateway already exists")
	h.api("POST", "gateways", minimal(object{"id": "c"})).wantErrors(t, 400, 7001, "Max number of gateways reached")

	h.api("DELETE", "gateways/a", nil).result(t)
	h.create("c")

	equal(t, "gateways", 2, len(h.GatewayIDs(accountID)))
}

func TestGatewayLimits(t *testing.T) {
	for limit, want := range map[int]int{0: emulator.DefaultGatewayLimit, 3: 3, -1: 40} {
		h := start(t, emulator.Options{GatewayLimit: limit})
		for i := range 40 {
			h.api("POST", "gateways", minimal(object{"id": fmt.Sprintf("g%d", i)}))
		}
		equal(t, fmt.Sprintf("limit %v: gateways", limit), want, len(h.GatewayIDs(accountID)))
	}
}

func TestAccountsAreIsolated(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: 1})
	h.create("a")
	h.apiOf(otherID, "GET", "gateways/a", nil).wantErrors(t, 404, 7002, "Not Found")
	h.apiOf(otherID, "POST", "gateways", minimal(object{"id": "a", "cache_ttl": 7})).result(t)
	equal(t, "cache_ttl", 0.0, h.get("a")["cache_ttl"])
}

func TestListGateways(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: -1})
	for i := range 45 {
		h.create(fmt.Sprintf("gw-%02d", i))
	}
	h.create("special_one")
	for _, tt := range []struct {
		query                   string
		first                   any
		count, page, per, total int
	}{
		{"", "gw-00", 20, 1, 20, 46},
		{"?page=3", "gw-40", 6, 3, 20, 46},
		{"?page=4", nil, 0, 4, 20, 46},
		{"?page=99999999999999999999", nil, 0, 2147483647, 20, 46},
		{"?per_page=100", "gw-00", 46, 1, 100, 46},
		{"?page=2&per_page=1", "gw-01", 1, 2, 1, 46},
		{"?search=SPECIAL", "special_one", 1, 1, 20, 1},
		{"?search=w-4", "gw-40", 5, 1, 20, 5},
		{"?search=nothing", nil, 0, 1, 20, 0},
		{"?unknown=1", "gw-00", 20, 1, 20, 46},
	} {
		h.api("GET", "gateways"+tt.query, nil).want(t, 200, "result.#", tt.count, "result.0.id", tt.first, "result_info",
			object{"count": float64(tt.count), "page": float64(tt.page), "per_page": float64(tt.per), "total_count": float64(tt.total)})
	}
}

func TestListRefusesBadPages(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	tests := map[string]string{
		"gateways?page=0":             "query.page: Number must be greater than or equal to 1",
		"gateways?page=x":             "query.page: Expected number, received nan",
		"gateways?page=1.5":           "query.page: Expected integer, received float",
		"gateways?per_page=101":       "query.per_page: Number must be less than or equal to 100",
		"gateways?per_page=":          "query.per_page: Expected number, received nan",
		"gateways/a/logs?page=-1":     "query.page: Number must be greater than or equal to 1",
		"gateways/a/logs?per_page=51": "query.per_page: Number must be less than or equal to 50",
	}
	for path, message := range tests {
		h.api("GET", path, nil).wantErrors(t, 400, 7001, message)
	}
	h.api("GET", "gateways?page=0&per_page=0", nil).wantErrors(t, 400, 7001,
		"query.page: Number must be greater than or equal to 1",
		"query.per_page: Number must be greater than or equal to 1")
}

func TestGatewayURL(t *testing.T) {
	h := open(t)
	h.api("GET", "gateways/gw/url/openai", nil).want(t, 200, "result", "http://example.com/v1/"+accountID+"/gw/openai")
	h.api("GET", "gateways/b/url/openai", nil).wantErrors(t, 404, 7002, "Not Found")
}
