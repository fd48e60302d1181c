package emulator_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestDeleteLogs(t *testing.T) {
	h := thousand(t)
	drop := func(query string) {
		t.Helper()
		equal(t, query, `{"success":true}`, strings.TrimSpace(h.api("DELETE", "gateways/gw/logs?"+query, nil).want(t, 200).raw))
	}
	count := func() int { return len(h.find("")) }
	drop(sdkFilter("provider", "eq", "openai"))
	equal(t, "logs left", 666, count())
	drop("limit=6&order_by=cost&order_by_direction=asc")
	equal(t, "first log", 10, h.find("order_by_direction=asc")[0]) // 1 2 4 5 7 8 are gone
	drop("limit=60&order_by=feedback&order_by_direction=asc")
	drop(jsonFilter("cost", "gt", 5) + "&limit=10000")
	last := h.find("")[0]
	expect(t, last <= 500, "last log = %d", last)
	drop("")
	equal(t, "logs left", 0, count())
	h.api("DELETE", "gateways/gw/logs?limit=10001", nil).wantErrors(t, 400, 7001, "query.limit: Number must be less than or equal to 10000")
	h.api("DELETE", "gateways/gw/logs?limit=0", nil).wantErrors(t, 400, 7001, "query.limit: Number must be greater than or equal to 1")
	h.api("DELETE", "gateways/gw/logs?order_by=path", nil).wantErrors(t, 400, 7001, "query.order_by: Invalid enum value. Expected "+
		"'created_at' | 'provider' | 'model' | 'model_type' | 'success' | 'cached' | 'cost' | 'tokens_in' | 'tokens_out' | 'duration' | 'feedback', received 'path'")
	h.api("DELETE", "gateways/none/logs", nil).wantErrors(t, 404, 7002, "Not Found")
}

// TestDeleteLogsByID deletes the logs that a filter names, and no more of them than the limit
// says.
func TestDeleteLogsByID(t *testing.T) {
	h := open(t)
	var ids []any
	for range 5 {
		ids = append(ids, h.PutLog(accountID, "gw", object{}))
	}
	drop := func(query string) {
		t.Helper()
		equal(t, query, `{"success":true}`, strings.TrimSpace(h.api("DELETE", "gateways/gw/logs?"+query, nil).want(t, 200).raw))
	}
	drop(jsonFilter("id", "eq", ids[1], ids[3], "none"))
	equal(t, "logs left", 3, h.countLogs(""))
	equal(t, "logs left of those", 0, h.countLogs(jsonFilter("id", "eq", ids[1], ids[3])))
	drop(jsonFilter("id", "eq", ids[0], ids[2], ids[4]) + "&limit=2&order_by=created_at&order_by_direction=asc")
	equal(t, "logs left", 1, h.countLogs(jsonFilter("id", "eq", ids[4])))
	equal(t, "logs left", 1, h.countLogs(""))
	h.api("DELETE", "gateways/gw/logs?filters=%5B%7B%22key%22%3A%22team%22%7D%5D", nil).want(t, 400)
	equal(t, "logs left", 1, h.countLogs(""))
}

func TestEditLog(t *testing.T) {
	h := open(t)
	id := h.PutLog(accountID, "gw", object{})
	edit := func(body any) reply { return h.api("PATCH", "gateways/gw/logs/"+id, body) }
	get := func() object { return h.api("GET", "gateways/gw/logs/"+id, nil).result(t) }
	edit(object{"feedback": -1, "score": 99.5, "metadata": object{"a": "x", "b": 2, "c": true}, "unknown": 1}).result(t)
	metadata := object{"a": "x", "b": 2.0, "c": true}
	has(t, "log", get(), "feedback", -1.0, "score", 99.5, "metadata", metadata)
	edit(object{"score": nil}).result(t)
	has(t, "log", get(), "feedback", -1.0, "score", nil, "metadata", metadata)
	equal(t, "logs with the edited feedback", 1, h.countLogs(sdkFilter("feedback", "eq", -1)))
	edit(object{"feedback": 2}).wantErrors(t, 400, 7001, "body.feedback: Number must be less than or equal to 1")
	edit(object{"feedback": -2, "score": 101}).wantErrors(t, 400, 7001,
		"body.feedback: Number must be greater than or equal to -1", "body.score: Number must be less than or equal to 100")
	edit(object{"feedback": "up", "score": -1, "metadata": object{"a": []any{}}}).wantErrors(t, 400, 7001,
		"body.feedback: Expected number, received string", "body.score: Number must be greater than or equal to 0", "body.metadata.a: Invalid input")
	h.api("PATCH", "gateways/gw/logs/none", object{}).wantErrors(t, 404, 7002, "Not Found")
	h.api("PATCH", "gateways/none/logs/"+id, object{}).wantErrors(t, 404, 7002, "Not Found")
	h.api("PUT", "gateways/gw/logs/"+id, object{}).wantErrors(t, 405, 7001, "PUT not supported for requested URI.")
}

// countLogs returns how many logs a query finds on its first page.
func (h harness) countLogs(query string) int {
	h.t.Helper()
	return len(h.api("GET", "gateways/gw/logs?"+query, nil).items(h.t))
}

func TestLogPayloads(t *testing.T) {
	h := open(t)
	r := h.chat("gw", "openai/m", "hello")
	path := "gateways/gw/logs/" + r.header.Get("cf-aig-log-id")
	h.api("GET", path+"/response", nil).wantRaw(t, r.raw).wantHeaders(t, "Content-Type", "application/json")
	h.api("GET", path+"/request", nil).want(t, 200, "model", "openai/m")
	r = h.chat("gw", "emulator/garbage", "hello", "cf-aig-collect-log-payload", "true")
	h.api("GET", "gateways/gw/logs/"+r.header.Get("cf-aig-log-id")+"/response", nil).wantRaw(t, r.raw).wantHeaders(t, "Content-Type", "text/html")
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
	lacks(t, "a log without metadata", logs[0], "metadata")
	one := h.api("GET", "gateways/gw/logs/"+logs[1]["id"].(string), nil).result(t)
	expect(t, one["metadata"] == text && h.countLogs(sdkFilter("metadata.key", "eq", "a")) == 1, "metadata = %v", one["metadata"])
}

// TestHiddenLogFields shows that filters have fields that logs do not show.
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
		h.api("GET", "gateways/gw/logs?"+query, nil).want(t, 200, "result.#", 1, "result.0.provider", want)
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
	equal(t, "log", want, one)
	expect(t, h.countLogs("success=false") == 1 && len(id) == 36, "id = %q", id)
	for name, call := range map[string]func(){
		"no gateway":    func() { h.PutLog(accountID, "none", object{}) },
		"unknown name":  func() { h.PutLog(accountID, "gw", object{"tokens": 1}) },
		"wrong type":    func() { h.PutLog(accountID, "gw", object{"cached": "yes"}) },
		"no time":       func() { h.PutLog(accountID, "gw", object{"created_at": "now"}) },
		"invalid JSON":  func() { h.PutLog(accountID, "gw", object{"model": func() {}}) },
		"other account": func() { h.PutLog(otherID, "gw", object{}) },
	} {
		t.Run(name, func(t *testing.T) { wantPanic(t, call) })
	}
}
