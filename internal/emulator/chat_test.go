package emulator_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// open returns a server with a gateway "gw" that anyone may use.
func open(t testing.TB, changes ...object) harness {
	t.Helper()
	h := start(t, emulator.Options{})
	h.create("gw", changes...)
	return h
}

func TestChatCompletion(t *testing.T) {
	h := open(t)
	r := h.chatBody("gw", object{"model": "openai/gpt-5.2", "messages": []object{
		{"role": "system", "content": "Be brief."},
		{"role": "user", "content": []object{{"type": "text", "text": "What is"}, {"type": "image_url"}, {"type": "text", "text": "Cloudflare?"}}},
	}})
	text := `The emulator answers for provider "openai" and model "gpt-5.2". The prompt was: What is Cloudflare?`
	id, _ := r.body["id"].(string)
	expect(t, strings.HasPrefix(id, "chatcmpl-"), "id = %v", r.body["id"])
	want := object{
		"id": id, "object": "chat.completion", "created": float64(epoch.Unix()), "model": "gpt-5.2",
		"choices": []any{object{"index": 0.0, "finish_reason": "stop",
			"message": object{"role": "assistant", "content": text}}},
		"usage": object{"prompt_tokens": 5.0, "completion_tokens": 15.0, "total_tokens": 20.0},
	}
	equal(t, "completion", want, r.body)
	logID := r.header.Get("cf-aig-log-id")
	r.wantHeaders(t, "cf-aig-cache-status", "MISS", "cf-aig-step", "0", "cf-aig-provider", "openai", "cf-aig-model", "gpt-5.2",
		"Content-Type", "application/json", "cf-aig-event-id", logID, "cf-aig-request-id", logID)
	expect(t, regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(logID), "cf-aig-log-id = %q, want a UUIDv7", logID)
	h.chat("gw", "openai/x", "hi", "cf-aig-event-id", "mine").wantHeaders(t, "cf-aig-event-id", "mine")
}

func TestModelPrefixes(t *testing.T) {
	h := open(t)
	for model, want := range map[string][2]string{
		"openai/gpt-5.2":                {"openai", "gpt-5.2"},
		"anthropic/claude-4-5-sonnet":   {"anthropic", "claude-4-5-sonnet"},
		"google/gemini-2.5-pro":         {"google-ai-studio", "gemini-2.5-pro"},
		"google-ai-studio/gemini":       {"google-ai-studio", "gemini"},
		"grok/grok-4":                   {"grok", "grok-4"},
		"workers-ai/@cf/meta/llama-3.3": {"workers-ai", "@cf/meta/llama-3.3"},
		"openrouter/meta/llama:free":    {"openrouter", "meta/llama:free"},
		"emulator/echo":                 {"emulator", "echo"},
	} {
		h.chat("gw", model, "hi").want(t, 200, "model", want[1]).wantHeaders(t, "cf-aig-provider", want[0], "cf-aig-model", want[1])
	}
}

func TestChatErrors(t *testing.T) {
	h := open(t)
	message := []object{{"role": "user", "content": "hi"}}
	for _, tt := range []struct {
		name string
		body any
		code int
		text string
	}{
		{"no JSON", "nonsense", 2019, "Chat completion bad format"},
		{"empty", "", 2019, "Chat completion bad format"},
		{"list", "[]", 2019, "Chat completion bad format"},
		{"no model", object{"messages": message}, 2019, "Chat completion bad format"},
		{"model of another type", object{"model": 5, "messages": message}, 2019, "Chat completion bad format"},
		{"no prefix", object{"model": "gpt-5.2", "messages": message}, 2019, "Chat completion bad format"},
		{"no name", object{"model": "openai/", "messages": message}, 2019, "Chat completion bad format"},
		{"no messages", object{"model": "openai/x"}, 2019, "Chat completion bad format"},
		{"no role", object{"model": "openai/x", "messages": []object{{"content": "x"}}}, 2019, "Chat completion bad format"},
		{"unknown provider", object{"model": "acme/x", "messages": message}, 2008, "Invalid provider"},
		{"custom provider", object{"model": "custom-acme/x", "messages": message}, 2008, "Invalid provider"},
		{"compat is no provider", object{"model": "compat/x", "messages": message}, 2008, "Invalid provider"},
		{"route", object{"model": "dynamic/support", "messages": message}, 2005, "the gateway 'gw' has no dynamic route 'support'"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h.chatBody("gw", tt.body).wantDataError(t, 400, tt.code, tt.text)
		})
	}
	h.send("GET", "/v1/"+accountID+"/gw/compat/chat/completions", "").wantDataError(t, 400, 2019, "Chat completion bad format")
}

func TestDataPlanePaths(t *testing.T) {
	h := open(t)
	base := "/v1/" + accountID + "/gw"
	for _, path := range []string{"/compat", "/compat/models", "/compat/completions"} {
		h.send("POST", base+path, "{}").wantDataError(t, 501, 2008, "does not support this path")
	}
	for _, path := range []string{"", "/"} {
		h.send("POST", base+path, "{}").wantDataError(t, 400, 2019, "Universal request bad format")
	}
	for _, path := range []string{"/acme/x", "/custom-acme/x", "/emulator/x", "//x"} {
		h.send("POST", base+path, "{}").wantDataError(t, 400, 2008, "Invalid provider")
	}
	for _, path := range []string{"/v1/" + accountID, "/v1/", "/v1/x/gw/openai"} {
		h.send("POST", path, "{}").wantDataError(t, 400, 2001, "Please configure AI Gateway")
	}
}

func TestDataPlaneAuthentication(t *testing.T) {
	h := open(t, object{"authentication": true})
	h.create("free")
	body := hi("openai/x")
	for _, tt := range []struct {
		name    string
		headers []string
		ok      bool
	}{
		{"none", nil, false},
		{"own header", []string{"cf-aig-authorization", "Bearer " + token}, true},
		{"wrong", []string{"cf-aig-authorization", "Bearer wrong"}, false},
		{"no scheme", []string{"cf-aig-authorization", token}, false},
		{"Authorization", []string{"Authorization", "Bearer " + token}, true},
		{"provider key only", []string{"Authorization", "Bearer sk-provider"}, false},
		{"both", []string{"cf-aig-authorization", "Bearer " + token, "Authorization", "Bearer sk-provider"}, true},
		{"own header decides", []string{"cf-aig-authorization", "Bearer wrong", "Authorization", "Bearer " + token}, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := h.send("POST", "/v1/"+accountID+"/gw/compat/chat/completions", body, tt.headers...)
			if tt.ok {
				r.text(t)
			} else {
				r.wantDataError(t, 401, 2009, "Unauthorized")
			}
			h.send("POST", "/v1/"+accountID+"/free/compat/chat/completions", body, tt.headers...).text(t)
			h.send("POST", "/v1/"+accountID+"/missing/compat/chat/completions", body, tt.headers...).
				wantDataError(t, 400, 2001, "Please configure AI Gateway in the Cloudflare dashboard")
		})
	}
}

func TestDefaultGatewayIsCreatedByRequests(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: 1})
	h.create("other") // the account is full
	body := hi("openai/x")
	path := "/v1/" + accountID + "/default/compat/chat/completions"
	h.send("POST", path, body).wantDataError(t, 400, 2001, "Please configure")
	h.send("POST", path, body, "cf-aig-authorization", "Bearer x").wantDataError(t, 400, 2001, "Please configure")
	if got := h.GatewayIDs(accountID); len(got) != 1 {
		t.Fatalf("gateways = %v", got)
	}
	for range 2 {
		h.chat("default", "openai/x", "hi").text(t)
		has(t, "default", h.get("default"), "authentication", true, "collect_logs", true, "cache_ttl", 0.0,
			"rate_limiting_limit", 0.0, "rate_limiting_interval", 0.0, "is_default", true)
		h.send("POST", path, body).wantDataError(t, 401, 2009, "Unauthorized")
		h.DeleteGateway(accountID, "default") // it comes back
	}
	equal(t, "gateways of another account", 0, len(h.GatewayIDs(otherID)))
}

func TestMaxTokens(t *testing.T) {
	h := open(t)
	for _, name := range []string{"max_tokens", "max_completion_tokens"} {
		h.chatBody("gw", object{"model": "openai/x", "messages": []object{{"role": "user", "content": "hi"}}, name: 3}).
			want(t, 200, "choices.#", 1, "choices.0.message.content", "The emulator answers", "choices.0.finish_reason", "length")
	}
}

func TestFaultModels(t *testing.T) {
	h := open(t, object{"cache_ttl": 60})
	for _, status := range []int{400, 401, 429, 500, 503} {
		for range 2 { // errors are not cached
			r := h.chat("gw", fmt.Sprintf("emulator/status-%d", status), "hi").want(t, status).wantHeaders(t, "cf-aig-cache-status", "MISS")
			message := at(r.body, "error.message")
			expect(t, message != nil && message != "", "status-%d: no message: %s", status, r.raw)
			expect(t, r.header.Get("cf-aig-log-id") != "", "status-%d: no log", status)
		}
	}
	for _, model := range []string{"unknown", "status-x", "status-200", "status-", "slow-x", "slow--1s"} {
		h.chat("gw", "emulator/"+model, "hi").want(t, 404, "error.code", "model_not_found")
	}
	garbage := h.chat("gw", "emulator/garbage", "hi").want(t, 200)
	expect(t, !json.Valid([]byte(garbage.raw)), "garbage: %s", garbage.raw)
	h.chat("gw", "emulator/empty", "hi").want(t, 200, "choices.#", 0)
	before := time.Now()
	h.chat("gw", "emulator/slow-20ms", "hi").text(t)
	expect(t, time.Since(before) >= 20*time.Millisecond, "slow-20ms did not wait")
}

func TestFaultModelsOnTheWire(t *testing.T) {
	running := listen(t, emulator.Options{})
	running.Server.PutGateway(accountID, object{"id": "gw"})
	url := running.DataPlaneURL() + "/" + accountID + "/gw/compat/chat/completions"
	body := func(model string, stream bool) string {
		return toJSON(t, object{"model": "emulator/" + model, "stream": stream, "messages": []object{{"role": "user", "content": "hi"}}})
	}
	status, text, err := do(t.Context(), t, "POST", url, body("cut", false))
	expect(t, err != nil, "cut: %d %s", status, text)
	status, text, err = do(t.Context(), t, "POST", url, body("cut", true))
	expect(t, status == 200 && err != nil && strings.HasPrefix(text, "data: {") && !strings.Contains(text, "[DONE]"), "cut stream: %d %q %v", status, text, err)
	leave(t, running, url, body("slow", false))
}

func TestStreaming(t *testing.T) {
	h := open(t, object{"cache_ttl": 60})
	for range 2 { // streams are not cached
		r := h.chatBody("gw", `{"model":"openai/gpt-5.2","stream":true,"messages":[{"role":"user","content":"hello <you>"}]}`)
		r.want(t, 200).wantHeaders(t, "Content-Type", "text/event-stream", "cf-aig-cache-status", "MISS")
		events, done := strings.CutSuffix(r.raw, "\n\ndata: [DONE]\n\n")
		expect(t, done, "the stream does not end with [DONE]: %s", r.raw)
		var text, finish string
		var usage any
		for event := range strings.SplitSeq(events, "\n\n") {
			var chunk object
			if err := json.Unmarshal([]byte(strings.TrimPrefix(event, "data: ")), &chunk); err != nil {
				t.Fatal(err)
			}
			has(t, "chunk", chunk, "object", "chat.completion.chunk", "model", "gpt-5.2")
			content, _ := at(chunk, "choices.0.delta.content").(string)
			reason, _ := at(chunk, "choices.0.finish_reason").(string)
			text, finish, usage = text+content, finish+reason, chunk["usage"]
		}
		expect(t, strings.HasSuffix(text, "The prompt was: hello <you>") && finish == "stop", "text = %q, finish_reason = %q", text, finish)
		has(t, "usage", usage, "prompt_tokens", 2.0, "completion_tokens", float64(len(strings.Fields(text))))
	}
}

func TestStreamsOfFaultModels(t *testing.T) {
	h := open(t)
	stream := func(model string) reply {
		return h.chatBody("gw", object{"model": model, "stream": true, "messages": []object{{"role": "user", "content": "hi"}}})
	}
	stream("emulator/status-500").want(t, 500).wantHeaders(t, "Content-Type", "application/json")
	empty := stream("emulator/empty").raw
	expect(t, !strings.Contains(empty, "delta") && strings.HasSuffix(empty, "data: [DONE]\n\n"), "empty: %s", empty)
}
