package emulator_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestDeleteLogs(t *testing.T) {
	h := thousand(t)
	drop := func(query string) {
		t.Helper()
		r := h.api("DELETE", "gateways/gw/logs?"+query, nil)
		if r.status != 200 || strings.TrimSpace(r.raw) != `{"success":true}` {
			t.Fatalf("%s: %d %s", query, r.status, r.raw)
		}
	}
	count := func() int { return len(h.find("")) }
	drop(sdkFilter("provider", "eq", "openai"))
	if got := count(); got != 666 {
		t.Errorf("%d logs left", got)
	}
	drop("limit=6&order_by=cost&order_by_direction=asc")
	if got := h.find("order_by_direction=asc")[0]; got != 10 { // 1 2 4 5 7 8 are gone
		t.Errorf("first log = %d", got)
	}
	drop("limit=60&order_by=feedback&order_by_direction=asc")
	drop(jsonFilter("cost", "gt", 5) + "&limit=10000")
	if got := h.find("")[0]; got > 500 {
		t.Errorf("last log = %d", got)
	}
	drop("")
	if got := count(); got != 0 {
		t.Errorf("%d logs left", got)
	}
	h.api("DELETE", "gateways/gw/logs?limit=10001", nil).wantErrors(t, 400, 7001, "query.limit: Number must be less than or equal to 10000")
	h.api("DELETE", "gateways/gw/logs?limit=0", nil).wantErrors(t, 400, 7001, "query.limit: Number must be greater than or equal to 1")
	h.api("DELETE", "gateways/gw/logs?order_by=path", nil).wantErrors(t, 400, 7001, "query.order_by: Invalid enum value. Expected "+
		"'created_at' | 'provider' | 'model' | 'model_type' | 'success' | 'cached' | 'cost' | 'tokens_in' | 'tokens_out' | 'duration' | 'feedback', received 'path'")
	h.api("DELETE", "gateways/none/logs", nil).wantErrors(t, 404, 7002, "Not Found")
}

func TestEditLog(t *testing.T) {
	h := open(t)
	id := h.PutLog(accountID, "gw", object{})
	edit := func(body any) reply { return h.api("PATCH", "gateways/gw/logs/"+id, body) }
	get := func() object { return h.api("GET", "gateways/gw/logs/"+id, nil).result(t) }
	edit(object{"feedback": -1, "score": 99.5, "metadata": object{"a": "x", "b": 2, "c": true}, "unknown": 1}).result(t)
	if got := get(); got["feedback"] != -1.0 || got["score"] != 99.5 || toString(got["metadata"]) != `{"a":"x","b":2,"c":true}` {
		t.Errorf("log = %v", got)
	}
	edit(object{"score": nil}).result(t)
	if got := get(); got["feedback"] != -1.0 || got["score"] != nil || got["metadata"] == nil {
		t.Errorf("what is left out was changed: %v", got)
	}
	if got := h.find2(sdkFilter("feedback", "eq", -1)); got != 1 {
		t.Error("the filter does not see the edit")
	}
	edit(object{"feedback": 2}).wantErrors(t, 400, 7001, "body.feedback: Number must be less than or equal to 1")
	edit(object{"feedback": -2, "score": 101}).wantErrors(t, 400, 7001,
		"body.feedback: Number must be greater than or equal to -1", "body.score: Number must be less than or equal to 100")
	edit(object{"feedback": "up", "score": -1, "metadata": object{"a": []any{}}}).wantErrors(t, 400, 7001,
		"body.feedback: Expected number, received string", "body.score: Number must be greater than or equal to 0", "body.metadata.a: Invalid input")
	h.api("PATCH", "gateways/gw/logs/none", object{}).wantErrors(t, 404, 7002, "Not Found")
	h.api("PATCH", "gateways/none/logs/"+id, object{}).wantErrors(t, 404, 7002, "Not Found")
	h.api("PUT", "gateways/gw/logs/"+id, object{}).wantErrors(t, 405, 7001, "PUT not supported for requested URI.")
}

// find2 is how many logs a query finds.
func (h harness) find2(query string) int {
	h.t.Helper()
	items, _ := h.api("GET", "gateways/gw/logs?"+query, nil).body["result"].([]any)
	return len(items)
}

func TestLogPayloads(t *testing.T) {
	h := open(t)
	r := h.chat("gw", "openai/m", "hello")
	path := "gateways/gw/logs/" + r.header.Get("cf-aig-log-id")
	if got := h.api("GET", path+"/response", nil); got.raw != r.raw || got.header.Get("Content-Type") != "application/json" {
		t.Errorf("response = %s", got.raw)
	}
	if got := h.api("GET", path+"/request", nil); got.body["model"] != "openai/m" {
		t.Errorf("request = %s", got.raw)
	}
	r = h.chat("gw", "emulator/garbage", "hello", "cf-aig-collect-log-payload", "true")
	raw := httptest.NewRequest("GET", "/client/v4/accounts/"+accountID+"/ai-gateway/gateways/gw/logs/"+r.header.Get("cf-aig-log-id")+"/response", nil)
	raw.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, raw)
	if w.Header().Get("Content-Type") != "text/html" || w.Body.String() != r.raw {
		t.Errorf("%v %s", w.Header(), w.Body)
	}
	r = h.chat("gw", "openai/m", "hello", "cf-aig-collect-log-payload", "false")
	for _, side := range []string{"/request", "/response"} {
		h.api("GET", "gateways/gw/logs/"+r.header.Get("cf-aig-log-id")+side, nil).wantErrors(t, 404, 7002, "Not Found")
		h.api("GET", "gateways/gw/logs/none"+side, nil).wantErrors(t, 404, 7002, "Not Found")
	}
}

func TestQuirkLogMetadataString(t *testing.T) {
	h := withQuirks(t, emulator.LogMetadataString)
	h.create("gw")
	h.chat("gw", "openai/m", "hi", "cf-aig-metadata", `{"b":1,"a":"<x>"}`)
	h.chat("gw", "openai/m", "hi")
	logs := h.logs()
	text, _ := logs[1]["metadata"].(string)
	var got object
	if err := json.Unmarshal([]byte(text), &got); err != nil || got["b"] != 1.0 || got["a"] != "<x>" {
		t.Errorf("metadata = %v", logs[1]["metadata"])
	}
	if _, ok := logs[0]["metadata"]; ok {
		t.Error("no metadata is a text")
	}
	one := h.api("GET", "gateways/gw/logs/"+logs[1]["id"].(string), nil).result(t)
	if one["metadata"] != text || h.find2(sdkFilter("metadata.key", "eq", "a")) != 1 {
		t.Errorf("metadata = %v", one["metadata"])
	}
}

// TestHiddenLogFields: filters know what logs do not show.
func TestHiddenLogFields(t *testing.T) {
	h := open(t, object{"dlp": nil})
	h.put("gw", object{"dlp": object{"enabled": true, "action": "FLAG", "profiles": []string{"p"}}})
	h.chat("gw", "openai/m", "[[dlp:p]]", "cf-aig-event-id", "mine", "User-Agent", "test/1")
	h.native("POST", "anthropic/v1/messages", messagesBody, "x-api-key", "k")
	for query, want := range map[string]string{
		sdkFilter("event_id", "eq", "mine"):           "openai",
		sdkFilter("user_agent", "contains", "TEST"):   "openai",
		sdkFilter("dlp_action", "eq", "FLAG"):         "openai",
		sdkFilter("compatibilityMode", "eq", true):    "openai",
		sdkFilter("authentication", "eq", true):       "openai",
		sdkFilter("wholesale", "eq", true):            "openai",
		sdkFilter("wholesale", "eq", false):           "anthropic",
		sdkFilter("compatibilityMode", "neq", "true"): "anthropic",
	} {
		items, _ := h.api("GET", "gateways/gw/logs?"+query, nil).body["result"].([]any)
		if len(items) != 1 || at(items, 0, "provider") != want {
			t.Errorf("%s: %v, want the log of %s", query, items, want)
		}
	}
}

func TestPutLog(t *testing.T) {
	h := open(t)
	id := h.PutLog(accountID, "gw", object{
		"provider": "grok", "status_code": 429, "tokens_in": nil, "cost": 1.5, "metadata": object{"a": 1},
		"created_at": "2026-01-02T03:04:05Z", "request": "asked", "response": "answered", "step": 2,
	})
	one := h.api("GET", "gateways/gw/logs/"+id, nil).result(t)
	want := object{
		"id": id, "created_at": "2026-01-02T03:04:05.000Z", "provider": "grok", "model": "gpt-5.2", "model_type": "chat",
		"path": "compat/chat/completions", "duration": 0.0, "request_type": "chat", "request_content_type": "application/json",
		"response_content_type": "application/json", "status_code": 429.0, "success": false, "cached": false, "tokens_in": nil,
		"tokens_out": 0.0, "cost": 1.5, "custom_cost": false, "step": 2.0, "metadata": object{"a": 1.0},
		"request_head": "asked", "request_head_complete": true, "request_size": 5.0,
		"response_head": "answered", "response_head_complete": true, "response_size": 8.0,
	}
	if diff := cmp.Diff(want, one); diff != "" {
		t.Errorf("log (-want +got):\n%s", diff)
	}
	if h.find2("success=false") != 1 || len(id) != 36 {
		t.Errorf("id = %q", id)
	}
	for name, call := range map[string]func(){
		"no gateway":    func() { h.PutLog(accountID, "none", object{}) },
		"unknown name":  func() { h.PutLog(accountID, "gw", object{"tokens": 1}) },
		"wrong type":    func() { h.PutLog(accountID, "gw", object{"cached": "yes"}) },
		"no time":       func() { h.PutLog(accountID, "gw", object{"created_at": "now"}) },
		"nothing JSON":  func() { h.PutLog(accountID, "gw", object{"model": func() {}}) },
		"other account": func() { h.PutLog(otherID, "gw", object{}) },
	} {
		t.Run(name, func(t *testing.T) { wantPanic(t, call) })
	}
}
