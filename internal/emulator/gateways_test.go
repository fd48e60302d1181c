package emulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	if diff := cmp.Diff(want, created); diff != "" {
		t.Errorf("created (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, h.get("my-gateway")); diff != "" {
		t.Errorf("read (-want +got):\n%s", diff)
	}

	h.Clock().Advance(time.Minute)
	want["cache_ttl"] = 300.0
	want["modified_at"] = "2026-11-01T12:01:30.123Z"
	if diff := cmp.Diff(want, h.put("my-gateway", object{"cache_ttl": 300})); diff != "" {
		t.Errorf("updated (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(want, h.api("DELETE", "gateways/my-gateway", nil).result(t)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
	for _, method := range []string{"GET", "DELETE"} {
		h.api(method, "gateways/my-gateway", nil).wantErrors(t, 404, 7002, "Not Found")
	}
	h.api("PUT", "gateways/my-gateway", minimal()).wantErrors(t, 404, 7002, "Not Found")
}

func TestFieldsKeepTheOrderOfTheTable(t *testing.T) {
	h := start(t, emulator.Options{})
	raw := h.api("POST", "gateways", `{"id":"a","cache_invalidate_on_update":false,"cache_ttl":0,"collect_logs":true,
		"rate_limiting_interval":0,"rate_limiting_limit":0,"store_id":"<&>"}`).raw
	last := -1
	for _, name := range []string{`{"success"`, `"id"`, `"cache_ttl"`, `"authentication"`, `"store_id":"<&>"`, `"created_at"`, `"modified_at"`} {
		at := strings.Index(raw, name)
		if at <= last {
			t.Errorf("%s is not where it should be in %s", name, raw)
		}
		last = at
	}
}

func TestAnswersAreDatedByTheClock(t *testing.T) {
	h := start(t, emulator.Options{})
	r := h.api("GET", "gateways", nil)
	if got, want := r.header.Get("Date"), "Sun, 01 Nov 2026 12:00:30 GMT"; got != want {
		t.Errorf("Date = %q, want %q", got, want)
	}
}

func TestCreateDropsUpdateOnlyFields(t *testing.T) {
	features := object{
		"dlp":                object{"enabled": true, "action": "BLOCK", "profiles": []string{"p"}},
		"guardrails":         object{"prompt": object{"S1": "BLOCK"}, "response": object{}},
		"log_classification": true,
		"otel":               []object{{"url": "http://127.0.0.1:4318", "headers": object{}}},
		"spend_limits":       object{"enabled": true},
		"stripe":             object{"authorization": "s", "usage_events": []object{}},
		"nobody_knows_this":  1,
	}
	h := start(t, emulator.Options{})
	plain, dropped := h.create("plain"), h.create("dropped", features)
	delete(plain, "id")
	delete(dropped, "id")
	if diff := cmp.Diff(plain, dropped); diff != "" {
		t.Errorf("POST stored something (-plain +with features):\n%s", diff)
	}

	updated := h.put("dropped", features)
	for name := range features {
		if name == "nobody_knows_this" {
			continue
		}
		if updated[name] == nil || updated[name] == false {
			t.Errorf("PUT did not store %s", name)
		}
	}
	if _, ok := updated["nobody_knows_this"]; ok {
		t.Error("an unknown key was stored")
	}
	// A dropped field is not even looked at.
	h.create("unchecked", object{"dlp": 5})
}

func TestPutKeepsWhatItOmits(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a", object{"zdr": true, "retry_delay": 100, "authentication": true, "log_management": 20000})
	before := h.get("a")
	after := h.put("a")
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("a PUT without optional fields changed (-before +after):\n%s", diff)
	}
}

func TestPutIgnoresTheIDInTheBody(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	if got := h.put("a", object{"id": "NOT VALID"})["id"]; got != "a" {
		t.Errorf("id = %v, want a", got)
	}
}

func TestPutChecksTheBodyBeforeTheGateway(t *testing.T) {
	h := start(t, emulator.Options{})
	h.api("PUT", "gateways/missing", minimal(object{"logpush": nil})).
		wantErrors(t, 400, 7001, "body.logpush: Expected boolean, received null")
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
	want := object{
		"authentication": false, "zdr": false, "store_id": "", "cache_ttl": 0.0,
		"log_management": nil, "log_management_strategy": nil, "rate_limiting_technique": nil,
		"rate_limiting_limit": 0.0, "rate_limiting_interval": 0.0,
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s = %v, want %v", name, got[name], value)
		}
	}
}

func TestTurningLogsOffTurnsClassificationOff(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("a")
	if h.put("a", object{"log_classification": true})["log_classification"] != true {
		t.Fatal("log_classification was not stored")
	}
	if h.put("a", object{"collect_logs": false})["log_classification"] != false {
		t.Error("log_classification survived")
	}
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
	if id, _ := generated["id"].(string); len(id) != 8 || strings.Trim(id, "0123456789abcdef") != "" {
		t.Errorf("generated id = %v, want 8 hexadecimal digits", generated["id"])
	}
	delete(generated, "id")
	want := object{"enabled": false, "rules": []any{
		object{"limit": 1.5, "limitType": "cost", "window": 3600.0, "enabled": true, "technique": "sliding"},
		object{"id": "mine", "limit": 0.0, "limitType": "cost", "window": 0.0, "enabled": false, "technique": "fixed",
			"metadata": object{"user": object{"mode": "partition"}, "team": object{"mode": "filter", "values": []any{"x"}}},
			"provider": object{"mode": "filter", "values": []any{"openai"}}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("spend_limits (-want +got):\n%s", diff)
	}
}

func TestDuplicateAndLimit(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: 2})
	h.create("a")
	h.create("b")
	r := h.api("POST", "gateways", minimal(object{"id": "a"}))
	r.wantErrors(t, 400, 7001, "Gateway already exists")
	h.api("POST", "gateways", minimal(object{"id": "c"})).wantErrors(t, 400, 7001, "Max number of gateways reached")

	h.api("DELETE", "gateways/a", nil).result(t)
	h.create("c")

	if got := len(h.GatewayIDs(accountID)); got != 2 {
		t.Errorf("%d gateways, want 2", got)
	}
}

func TestGatewayLimits(t *testing.T) {
	for limit, want := range map[int]int{0: emulator.DefaultGatewayLimit, 3: 3, -1: 40} {
		h := start(t, emulator.Options{GatewayLimit: limit})
		for i := range 40 {
			h.api("POST", "gateways", minimal(object{"id": fmt.Sprintf("g%d", i)}))
		}
		if got := len(h.GatewayIDs(accountID)); got != want {
			t.Errorf("limit %d: %d gateways, want %d", limit, got, want)
		}
	}
}

func TestAccountsAreIsolated(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: 1})
	h.create("a")
	h.apiOf(otherID, "GET", "gateways/a", nil).wantErrors(t, 404, 7002, "Not Found")
	h.apiOf(otherID, "POST", "gateways", minimal(object{"id": "a", "cache_ttl": 7})).result(t)
	if got := h.get("a")["cache_ttl"]; got != 0.0 {
		t.Errorf("cache_ttl = %v, want 0", got)
	}
}

func TestListGateways(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: -1})
	for i := range 45 {
		h.create(fmt.Sprintf("gw-%02d", i))
	}
	h.create("special_one")

	tests := []struct {
		query                   string
		first                   string
		count, page, per, total int
	}{
		{"", "gw-00", 20, 1, 20, 46},
		{"?page=3", "gw-40", 6, 3, 20, 46},
		{"?page=4", "", 0, 4, 20, 46},
		{"?page=99999999999999999999", "", 0, 2147483647, 20, 46},
		{"?per_page=100", "gw-00", 46, 1, 100, 46},
		{"?page=2&per_page=1", "gw-01", 1, 2, 1, 46},
		{"?search=SPECIAL", "special_one", 1, 1, 20, 1},
		{"?search=w-4", "gw-40", 5, 1, 20, 5},
		{"?search=nothing", "", 0, 1, 20, 0},
		{"?unknown=1", "gw-00", 20, 1, 20, 46},
	}
	for _, tt := range tests {
		r := h.api("GET", "gateways"+tt.query, nil)
		items, ok := r.body["result"].([]any)
		if r.status != http.StatusOK || !ok {
			t.Errorf("%q: %d %s", tt.query, r.status, r.raw)
			continue
		}
		if len(items) > 0 && items[0].(object)["id"] != tt.first {
			t.Errorf("%q: first = %v, want %v", tt.query, items[0].(object)["id"], tt.first)
		}
		want := object{"count": float64(tt.count), "page": float64(tt.page), "per_page": float64(tt.per), "total_count": float64(tt.total)}
		if diff := cmp.Diff(want, r.body["result_info"]); diff != "" || len(items) != tt.count {
			t.Errorf("%q: %d items, result_info (-want +got):\n%s", tt.query, len(items), diff)
		}
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
	h := start(t, emulator.Options{})
	h.create("a")
	r := h.api("GET", "gateways/a/url/openai", nil)
	if got, want := r.body["result"], "http://example.com/v1/"+accountID+"/a/openai"; got != want {
		t.Errorf("url = %v, want %v", got, want)
	}
	h.api("GET", "gateways/b/url/openai", nil).wantErrors(t, 404, 7002, "Not Found")
}
