package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// logs returns the logs of gateway "gw", newest first.
func (h harness) logs() []object {
	h.t.Helper()
	r := h.api("GET", "gateways/gw/logs?per_page=50", nil)
	items, ok := r.body["result"].([]any)
	if !ok {
		h.t.Fatalf("no logs: %d %s", r.status, r.raw)
	}
	out := make([]object, len(items))
	for i, item := range items {
		out[i] = item.(object)
	}
	return out
}

func TestLogs(t *testing.T) {
	h := open(t, object{"cache_ttl": 60})
	miss := h.chat("gw", "openai/gpt-5.2", "hello there", "cf-aig-metadata", `{"user":"u1","paid":true}`)
	h.Clock().Advance(time.Second)
	hit := h.chat("gw", "openai/gpt-5.2", "hello there")
	h.Clock().Advance(time.Second)
	failed := h.chat("gw", "emulator/status-503", "hello")
	h.chat("gw", "acme/x", "refused: no log")

	logs := h.logs()
	if len(logs) != 3 {
		t.Fatalf("%d logs, want 3: %v", len(logs), logs)
	}
	for i, r := range []reply{failed, hit, miss} {
		if logs[i]["id"] != r.header.Get("cf-aig-log-id") {
			t.Errorf("log %d has id %v, want %s: newest first", i, logs[i]["id"], r.header.Get("cf-aig-log-id"))
		}
	}
	want := object{
		"id": miss.header.Get("cf-aig-log-id"), "created_at": "2026-11-01T12:00:30.123Z",
		"provider": "openai", "model": "gpt-5.2", "model_type": "chat", "path": "compat/chat/completions",
		"duration": 0.0, "request_type": "chat",
		"request_content_type": "application/json", "response_content_type": "application/json",
		"status_code": 200.0, "success": true, "cached": false,
		"tokens_in": 2.0, "tokens_out": 14.0, "cost": 0.000116, "custom_cost": false, "step": 0.0,
		"metadata": object{"user": "u1", "paid": true},
	}
	if diff := cmp.Diff(want, logs[2]); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if got := logs[1]; got["cached"] != true || got["tokens_in"] != 0.0 || got["tokens_out"] != 0.0 || got["metadata"] != nil {
		t.Errorf("log of a hit = %v", got)
	}
	if got := logs[0]; got["success"] != false || got["status_code"] != 503.0 || got["provider"] != "emulator" {
		t.Errorf("log of a failure = %v", got)
	}

	id := miss.header.Get("cf-aig-log-id")
	one := h.api("GET", "gateways/gw/logs/"+id, nil).result(t)
	if !strings.Contains(one["request_head"].(string), "hello there") || one["response_head"] != miss.raw ||
		one["request_head_complete"] != true || one["response_size"] != float64(len(miss.raw)) {
		t.Errorf("payload = %v", one)
	}
	h.api("GET", "gateways/gw/logs/unknown", nil).wantErrors(t, 404, 7002, "Not Found")
	h.api("GET", "gateways/unknown/logs/"+id, nil).wantErrors(t, 404, 7002, "Not Found")
	h.api("GET", "gateways/unknown/logs", nil).wantErrors(t, 404, 7002, "Not Found")
}

func TestLogPages(t *testing.T) {
	h := open(t)
	for i := range 25 {
		h.chat("gw", fmt.Sprintf("openai/m%d", i), "hi")
	}
	for query, want := range map[string][2]string{"": {"m24", "m5"}, "?page=2": {"m4", "m0"}, "?page=3": {"", ""}, "?per_page=2&page=2": {"m22", "m21"}} {
		r := h.api("GET", "gateways/gw/logs"+query, nil)
		items, ok := r.body["result"].([]any)
		if !ok || r.body["result_info"].(object)["total_count"] != 25.0 {
			t.Fatalf("%s: %s", query, r.raw)
		}
		var got [2]string
		if len(items) > 0 {
			got = [2]string{items[0].(object)["model"].(string), items[len(items)-1].(object)["model"].(string)}
		}
		if got != want {
			t.Errorf("%q: from %v, want %v", query, got, want)
		}
	}
}

func TestLogCollection(t *testing.T) {
	for _, gateway := range []bool{true, false} {
		for header, want := range map[string]bool{"": gateway, "true": true, "false": false, "nonsense": gateway} {
			h := open(t, object{"collect_logs": gateway})
			r := h.chat("gw", "openai/x", "hi", "cf-aig-collect-log", header)
			if got := len(h.logs()) == 1; got != want {
				t.Errorf("collect_logs %v, header %q: logged = %v", gateway, header, got)
			}
			if got := r.header.Get("cf-aig-log-id") != ""; got != want {
				t.Errorf("collect_logs %v, header %q: has a log id = %v", gateway, header, got)
			}
		}
	}
}

func TestLogWithoutPayload(t *testing.T) {
	h := open(t)
	r := h.chat("gw", "openai/x", "hi", "cf-aig-collect-log-payload", "false")
	one := h.api("GET", "gateways/gw/logs/"+r.header.Get("cf-aig-log-id"), nil).result(t)
	if one["request_head"] != "" || one["response_head"] != "" || one["tokens_out"] == 0.0 {
		t.Errorf("log = %v", one)
	}
}

func TestLogHeadIsBounded(t *testing.T) {
	h := open(t)
	r := h.chat("gw", "openai/x", strings.Repeat("x", 20000))
	one := h.api("GET", "gateways/gw/logs/"+r.header.Get("cf-aig-log-id"), nil).result(t)
	if len(one["request_head"].(string)) != 16384 || one["request_head_complete"] != false || one["request_size"].(float64) < 20000 {
		t.Errorf("head of %d, complete = %v, size = %v", len(one["request_head"].(string)), one["request_head_complete"], one["request_size"])
	}
}

func TestMetadata(t *testing.T) {
	for header, want := range map[string]string{
		`{"a":"x","b":1.5,"c":true}`:                     `{"a":"x","b":1.5,"c":true}`,
		`{"z":1,"y":2,"x":3,"w":4,"v":5,"a":6}`:          `{"v":5,"w":4,"x":3,"y":2,"z":1}`,
		`{"cf.internal":1,"a":2}`:                        `{"a":2}`,
		`{"a":1,"b":{}}`:                                 `null`,
		`{"a":1,"b":[]}`:                                 `null`,
		`{"a":1,"b":null}`:                               `null`,
		`{"1":1,"2":1,"3":1,"4":1,"5":1,"6":{"deep":1}}`: `null`,
		`[]`:       `null`,
		`"text"`:   `null`,
		`nonsense`: `null`,
		`{"a":1`:   `null`,
		`{"a":1}x`: `null`,
		`{}`:       `{}`,
	} {
		h := open(t)
		h.chat("gw", "openai/x", "hi", "cf-aig-metadata", header).text(t)
		if got := toString(h.logs()[0]["metadata"]); got != want {
			t.Errorf("%s: metadata = %s, want %s", header, got, want)
		}
	}
}

func TestCustomCost(t *testing.T) {
	// "hi" is one token in; the answer has 13 tokens.
	for header, want := range map[string][2]any{
		`{"total_cost":0.5}`:                        {0.5, true},
		`{"per_token_in":0.25,"per_token_out":0.5}`: {6.75, true},
		`{"per_token_out":0.5}`:                     {6.5, true},
		`{"total_cost":0}`:                          {0.0, true},
		`{}`:                                        {0.000106, false}, // the price list's
		`{"total_cost":"x"}`:                        {0.000106, false},
		`nonsense`:                                  {0.000106, false},
	} {
		h := open(t, object{"cache_ttl": 60})
		h.chat("gw", "openai/x", "hi", "cf-aig-custom-cost", header)
		h.chat("gw", "openai/x", "hi", "cf-aig-custom-cost", header)
		logs := h.logs()
		if got := [2]any{logs[1]["cost"], logs[1]["custom_cost"]}; got != want {
			t.Errorf("%s: cost = %v, want %v", header, got, want)
		}
		if logs[0]["cost"] != 0.0 {
			t.Errorf("%s: a hit costs %v", header, logs[0]["cost"])
		}
	}
}

func TestLogRetention(t *testing.T) {
	for strategy, want := range map[any][]string{
		"STOP_INSERTING": {"m2", "m1", "m0"},
		"DELETE_OLDEST":  {"m4", "m3", "m2"},
		nil:              {"m2", "m1", "m0"}, // the plan's
	} {
		h := open(t)
		h.EditGateway(accountID, "gw", func(g map[string]any) {
			g["log_management"], g["log_management_strategy"] = 3, strategy
		})
		for i := range 5 {
			r := h.chat("gw", fmt.Sprintf("openai/m%d", i), "hi")
			r.text(t) // served all the same
			if hasID := r.header.Get("cf-aig-log-id") != ""; hasID != (i < 3 || strategy == "DELETE_OLDEST") {
				t.Errorf("%v: request %d has a log id = %v", strategy, i, hasID)
			}
		}
		var got []string
		for _, log := range h.logs() {
			got = append(got, log["model"].(string))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: logs (-want +got):\n%s", strategy, diff)
		}
	}
}

func TestLogsGoWithTheGateway(t *testing.T) {
	h := open(t)
	h.chat("gw", "openai/x", "hi")
	h.api("DELETE", "gateways/gw", nil).result(t)
	h.create("gw")
	if got := h.logs(); len(got) != 0 {
		t.Errorf("logs = %v", got)
	}
	if raw := h.api("GET", "gateways/gw/logs", nil).raw; !strings.Contains(raw, `"result":[]`) {
		t.Errorf("an empty list is %s", raw)
	}
}

// TestIDsSortByTime shows that requests get ids in order. Package store tests more ids
// than fit in a millisecond.
func TestIDsSortByTime(t *testing.T) {
	h := open(t)
	last := ""
	for i := range 20 {
		if i == 10 {
			h.Clock().Advance(-time.Hour)
		}
		id := h.chat("gw", "openai/x", "hi", "cf-aig-collect-log", "false").header.Get("cf-aig-request-id")
		if id <= last {
			t.Fatalf("id %d is %s after %s", i, id, last)
		}
		last = id
	}
}
