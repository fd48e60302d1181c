package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// logs returns the logs of gateway "gw", newest first.
func (h harness) logs() []object {
	h.t.Helper()
	var out []object
	for _, item := range h.api("GET", "gateways/gw/logs?per_page=50", nil).items(h.t) {
		out = append(out, item.(object))
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
		has(t, fmt.Sprintf("log %v has id", i), logs[i], "id", r.header.Get("cf-aig-log-id"))
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
	equal(t, "log", want, logs[2])
	has(t, "log of a hit", logs[1], "cached", true, "tokens_in", 0.0, "tokens_out", 0.0, "metadata", nil)
	has(t, "log of a failure", logs[0], "success", false, "status_code", 503.0, "provider", "emulator")

	id := miss.header.Get("cf-aig-log-id")
	h.api("GET", "gateways/gw/logs/"+id, nil).wantText(t, "result.request_head", "hello there").want(t, 200, "result.response_head", miss.raw,
		"result.request_head_complete", true, "result.response_size", float64(len(miss.raw)))
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
		items := h.api("GET", "gateways/gw/logs"+query, nil).want(t, 200, "result_info.total_count", 25.0).items(t)
		var got [2]string
		if len(items) > 0 {
			got = [2]string{items[0].(object)["model"].(string), items[len(items)-1].(object)["model"].(string)}
		}
		equal(t, query+": first and last", want, got)
	}
}

func TestLogCollection(t *testing.T) {
	for _, gateway := range []bool{true, false} {
		for header, want := range map[string]bool{"": gateway, "true": true, "false": false, "nonsense": gateway} {
			h := open(t, object{"collect_logs": gateway})
			r := h.chat("gw", "openai/x", "hi", "cf-aig-collect-log", header)
			equal(t, fmt.Sprintf("collect_logs %v, header %v: logged", gateway, header), want, len(h.logs()) == 1)
			equal(t, fmt.Sprintf("collect_logs %v, header %v: has a log id", gateway, header), want, r.header.Get("cf-aig-log-id") != "")
		}
	}
}

func TestLogWithoutPayload(t *testing.T) {
	h := open(t)
	r := h.chat("gw", "openai/x", "hi", "cf-aig-collect-log-payload", "false")
	one := h.api("GET", "gateways/gw/logs/"+r.header.Get("cf-aig-log-id"), nil).result(t)
	expect(t, one["request_head"] == "" && one["response_head"] == "" && one["tokens_out"] != 0.0, "log = %v", one)
}

func TestLogHeadIsBounded(t *testing.T) {
	h := open(t)
	one := h.api("GET", "gateways/gw/logs/"+h.chat("gw", "openai/x", strings.Repeat("x", 20000)).header.Get("cf-aig-log-id"), nil).result(t)
	equal(t, "length of request_head", 16384, len(one["request_head"].(string)))
	has(t, "log", one, "request_head_complete", false)
	expect(t, one["request_size"].(float64) >= 20000, "request_size = %v", one["request_size"])
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
		equal(t, header+": metadata", want, toString(h.logs()[0]["metadata"]))
	}
}

func TestCustomCost(t *testing.T) {
	// "hi" is one token, and the response has 13 tokens.
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
		equal(t, header+": cost", want, [2]any{logs[1]["cost"], logs[1]["custom_cost"]})
		has(t, header+": a hit costs", logs[0], "cost", 0.0)
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
			r.text(t) // a full log does not stop requests
			equal(t, fmt.Sprintf("%v: request %d has a log id", strategy, i), i < 3 || strategy == "DELETE_OLDEST", r.header.Get("cf-aig-log-id") != "")
		}
		var got []string
		for _, log := range h.logs() {
			got = append(got, log["model"].(string))
		}
		equal(t, fmt.Sprint(strategy, ": logs"), want, got)
	}
}

func TestLogsGoWithTheGateway(t *testing.T) {
	h := open(t)
	h.chat("gw", "openai/x", "hi")
	h.api("DELETE", "gateways/gw", nil).result(t)
	h.create("gw")
	equal(t, "logs", 0, len(h.logs()))
	inOrder(t, h.api("GET", "gateways/gw/logs", nil).raw, `"result":[]`)
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
