package emulator_test

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"strings"
	"testing"
)

const (
	chatBody     = `{"model":"m","messages":[{"role":"system","content":"brief"},{"role":"user","content":"hi there"}]}`
	messagesBody = `{"model":"m","max_tokens":99,"system":"brief","messages":[{"role":"user","content":[{"type":"text","text":"hi there"}]}]}`
	geminiBody   = `{"contents":[{"role":"user","parts":[{"text":"hi there"}]}],"systemInstruction":{"parts":[{"text":"brief"}]}}`
	said         = "The prompt was: hi there"
)

// native sends a request to a provider's own path through gateway "gw".
func (h harness) native(method, path, body string, headers ...string) reply {
	h.t.Helper()
	return h.send(method, "/v1/"+accountID+"/gw/"+path, body, headers...)
}

func TestProviderPaths(t *testing.T) {
	key := []string{"Authorization", "Bearer sk-1"}
	for _, tt := range []struct {
		name, path, body string
		headers          []string
		text             string // the path of the response's text
		usage            string // the path of the prompt's tokens
		model            string
		stamp            string // how the text names the provider
	}{
		{"openai", "openai/chat/completions", chatBody, key, "choices.0.message.content", "usage.prompt_tokens", "m", "openai"},
		{"openai with version", "openai/v1/chat/completions", chatBody, key, "choices.0.message.content", "usage.prompt_tokens", "m", "openai"},
		{"grok", "grok/v1/chat/completions", chatBody, key, "choices.0.message.content", "usage.prompt_tokens", "m", "grok"},
		{"azure", "azure-openai/res/dep/chat/completions?api-version=1", `{"messages":[{"role":"user","content":"hi there"}]}`,
			[]string{"api-key", "k"}, "choices.0.message.content", "", "dep", "azure-openai"},
		{"responses", "openai/responses", `{"model":"m","input":"hi there","instructions":"brief"}`, key,
			"output.0.content.0.text", "usage.input_tokens", "m", "openai"},
		{"responses with items", "openai/responses", `{"model":"m","instructions":"brief","input":[{"role":"user","content":[{"type":"input_text","text":"hi there"}]},{"type":"reasoning"}]}`, key,
			"output.0.content.0.text", "usage.input_tokens", "m", "openai"},
		{"anthropic", "anthropic/v1/messages", messagesBody, []string{"x-api-key", "k"},
			"content.0.text", "usage.input_tokens", "m", "anthropic"},
		{"gemini", "google-ai-studio/v1beta/models/g-2:generateContent", geminiBody, []string{"x-goog-api-key", "k"},
			"candidates.0.content.parts.0.text", "usageMetadata.promptTokenCount", "g-2", "google-ai-studio"},
		{"gemini, key in the query", "google-ai-studio/v1/models/g-2:generateContent?key=k", geminiBody, nil,
			"candidates.0.content.parts.0.text", "usageMetadata.promptTokenCount", "g-2", "google-ai-studio"},
		{"workers", "workers-ai/@cf/meta/llama", `{"prompt":"brief hi there"}`, []string{"Authorization", "Bearer " + token},
			"result.response", "result.usage.prompt_tokens", "@cf/meta/llama", "workers-ai"},
		{"workers as openai", "workers-ai/v1/chat/completions", withModel(chatBody, "@cf/meta/llama"),
			[]string{"Authorization", "Bearer " + token}, "choices.0.message.content", "usage.prompt_tokens", "@cf/meta/llama", "workers-ai"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			r := h.native("POST", tt.path, tt.body, tt.headers...)
			r.want(t, 200).wantText(t, tt.text, tt.stamp, "hi there").wantHeaders(t, "cf-aig-model", tt.model, "cf-aig-provider", tt.stamp)
			if tt.usage != "" {
				has(t, "tokens in", r.body, tt.usage, 3.0)
			}
			expect(t, r.header.Get("cf-aig-log-id") != "", "headers = %v", r.header)
			log := h.logs()[0]
			path, _, _ := strings.Cut(tt.path, "?")
			has(t, "log", log, "provider", tt.stamp, "model", tt.model, "path", path)
			expect(t, log["tokens_in"] != 0.0, "tokens_in of the log = 0")
		})
	}
}

func TestProviderStreams(t *testing.T) {
	h := open(t)
	stream := func(body string) string { return `{"stream":true,` + body[1:] }
	for _, tt := range []struct {
		path, body, contentType string
		want                    []string // in this order
	}{
		{"openai/chat/completions", stream(chatBody), "text/event-stream",
			[]string{`"role":"assistant"`, `"content":"there"`, `"finish_reason":"stop"`, `"prompt_tokens":3`, "data: [DONE]"}},
		{"openai/responses", `{"stream":true,"model":"m","input":"hi there"}`, "text/event-stream",
			[]string{"event: response.created\n", "event: response.in_progress", "event: response.output_item.added",
				"event: response.content_part.added", "event: response.output_text.delta", `"delta":"there"`,
				"event: response.output_text.done", "event: response.content_part.done", "event: response.output_item.done",
				"event: response.completed", `"input_tokens":2`}},
		{"anthropic/v1/messages", stream(messagesBody), "text/event-stream",
			[]string{"event: message_start\n", `"input_tokens":3`, "event: content_block_start", "event: ping", `"text":"there"`,
				"event: content_block_stop", "event: message_delta", `"stop_reason":"end_turn"`, "event: message_stop"}},
		{"google-ai-studio/v1beta/models/g:streamGenerateContent?alt=sse", geminiBody, "text/event-stream",
			[]string{`data: {"candidates"`, `"text":"there"`, `"finishReason":"STOP"`}},
		{"google-ai-studio/v1beta/models/g:streamGenerateContent", geminiBody, "application/json",
			[]string{`[{"candidates"`, `"text":"there"`, `"finishReason":"STOP"`, "]\n"}},
		{"workers-ai/@cf/meta/llama", `{"prompt":"hi there","stream":true}`, "text/event-stream",
			[]string{`data: {"response":"The "}`, `"response":"there"`, "data: [DONE]"}},
	} {
		t.Run(tt.path, func(t *testing.T) {
			w := h.stream("/v1/"+accountID+"/gw/"+tt.path, tt.body,
				"Authorization", "Bearer "+token, "x-api-key", "k")
			if w.Code != 200 || w.Header().Get("Content-Type") != tt.contentType {
				t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			inOrder(t, w.Body.String(), tt.want...)
		})
	}
}

func TestEmbeddings(t *testing.T) {
	h := open(t)
	get := func(body string) reply {
		return h.native("POST", "openai/embeddings", body, "Authorization", "Bearer k")
	}
	r := get(`{"model":"e","input":["one","two","one"],"dimensions":20}`).want(t, 200, "data.2.index", 2.0, "usage.prompt_tokens", 3.0)
	first, _ := at(r.body, "data.0.embedding").([]any)
	length := 0.0
	for _, v := range first {
		length += v.(float64) * v.(float64)
	}
	expect(t, len(first) == 20 && math.Abs(length-1) <= 1e-5, "vector of %d and length %v", len(first), length)
	expect(t, toString(first) == toString(at(r.body, "data.2.embedding")) && toString(first) != toString(at(r.body, "data.1.embedding")), "embeddings of two texts are equal, or those of one text differ")
	packed, _ := at(get(`{"model":"e","input":"one","dimensions":20,"encoding_format":"base64"}`).body, "data.0.embedding").(string)
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil || len(raw) != 80 {
		t.Fatalf("base64: %v, %d bytes", err, len(raw))
	}
	if got := float64(math.Float32frombits(binary.LittleEndian.Uint32(raw))); math.Abs(got-first[0].(float64)) > 1e-6 {
		t.Errorf("first number = %v, want %v", got, first[0])
	}
	for _, body := range []string{`{"model":"e"}`, `{"model":"e","input":[]}`, `{"input":"x"}`, `x`} {
		get(body).want(t, 400, "error.type", "invalid_request_error")
	}
	get(`{"model":"e","input":[[1,2],[3]]}`).want(t, 200, "data.#", 2)
}

func TestOtherProviderPaths(t *testing.T) {
	h := open(t)
	key := []string{"Authorization", "Bearer k"}
	h.native("GET", "openai/v1/models", "", key...).want(t, 200, "object", "list", "data.0.id", "emulator/echo", "data.0.owned_by", "openai")
	one := h.native("PUT", "elevenlabs/v1/x%2Fy?a=b", `{"model":"voice"}`, "xi-api-key", "k")
	two := h.native("PUT", "elevenlabs/v1/x%2Fy?a=b", `{"model":"voice"}`, "xi-api-key", "k")
	one.want(t, 200, "path", "v1/x/y", "method", "PUT", "model", "voice").wantRaw(t, two.raw)
	h.native("GET", "anthropic/v1/models", "", "x-api-key", "k").want(t, 200, "object", "emulator.answer")
}

// TestProviderKeys shows that a request without a key gets the provider's own error, which
// is logged.
func TestProviderKeys(t *testing.T) {
	for _, tt := range []struct {
		path, body string
		status     int
		where      string
		want       any
	}{
		{"openai/chat/completions", chatBody, 401, "error.message", "You didn't provide an API key."},
		{"grok/v1/chat/completions", chatBody, 401, "error.type", "invalid_request_error"},
		{"anthropic/v1/messages", messagesBody, 401, "error.type", "authentication_error"},
		{"google-ai-studio/v1/models/g:generateContent", geminiBody, 403, "error.status", "PERMISSION_DENIED"},
		{"workers-ai/@cf/meta/llama", `{"prompt":"x"}`, 401, "errors.0.code", 10000.0},
		{"fal/x", "", 401, "error.type", "invalid_request_error"},
	} {
		h := open(t)
		h.native("POST", tt.path, tt.body).want(t, tt.status, tt.where, tt.want)
		has(t, tt.path+": log", h.logs()[0], "success", false, "status_code", float64(tt.status))
	}
}

// TestUnifiedBilling shows that an authenticated gateway pays for requests without a key, at
// the providers that take part.
func TestUnifiedBilling(t *testing.T) {
	gateway := []string{"cf-aig-authorization", "Bearer " + token}
	h := open(t, object{"authentication": true})
	for path, status := range map[string]int{
		"openai/chat/completions": 200, "groq/chat/completions": 200, "mistral/v1/chat/completions": 401,
		"workers-ai/v1/chat/completions": 401,
	} {
		h.native("POST", path, chatBody, gateway...).want(t, status)
	}
	h.native("POST", "openai/chat/completions", chatBody, "Authorization", "Bearer sk-1").wantDataError(t, 401, 2009, "Unauthorized")
	h.put("gw", object{"authentication": false})
	h.native("POST", "openai/chat/completions", chatBody, gateway...).want(t, 401)
}

func TestBYOKOnly(t *testing.T) {
	refused := func(r reply) {
		t.Helper()
		list := "error"
		if r.body["errors"] != nil {
			list = "errors" // of the REST API
		}
		r.want(t, 400, "success", false, list+".#", 1)
		item, _ := at(r.body, list+".0").(object)
		lacks(t, "the error", item, "code")
	}
	h := open(t, object{"byok_only": true, "authentication": true, "cache_ttl": 60})
	refused(h.chat("gw", "openai/x", "hi"))
	refused(h.native("POST", "openai/chat/completions", chatBody, "cf-aig-authorization", "Bearer "+token))
	refused(h.rest("v1/chat/completions", hi("openai/x"), "cf-aig-gateway-id", "gw"))
	refused(h.send("POST", "/v1/"+accountID+"/gw/compat/chat/completions", withModel(chatBody, "openai/m"),
		"Authorization", "Bearer "+token))
	h.chat("gw", "openai/x", "hi", "Authorization", "Bearer sk-1").text(t)
	h.chat("gw", "workers-ai/@cf/x", "hi").text(t)
	h.rest("v1/chat/completions", hi("@cf/x/y"), "cf-aig-gateway-id", "gw").text(t)

	h = open(t) // the header applies to one request, and cannot undo the setting
	refused(h.chat("gw", "openai/x", "hi", "cf-aig-no-wholesale", "true"))
	h.chat("gw", "openai/x", "hi", "cf-aig-no-wholesale", "false").text(t)
	equal(t, "logs", 1, len(h.logs()))
}

// TestFaultsOfProviders shows that fault models work everywhere, and that errors have the
// form of the API of the request.
func TestFaultsOfProviders(t *testing.T) {
	h := open(t)
	for _, tt := range []struct {
		path, body, where string
		want              any
	}{
		{"openai/chat/completions", withModel(chatBody, "emulator/status-429"), "error.code", "emulated"},
		{"anthropic/v1/messages", withModel(messagesBody, "emulator/status-429"), "error.type", "rate_limit_error"},
		{"google-ai-studio/v1/models/emulator/status-429:generateContent", geminiBody, "error.status", "RESOURCE_EXHAUSTED"},
		{"openai/responses", `{"model":"emulator/status-429","input":"x"}`, "error.type", "invalid_request_error"},
	} {
		h.native("POST", tt.path, tt.body, "Authorization", "Bearer k", "x-api-key", "k").want(t, 429, tt.where, tt.want)
	}
	for path, where := range map[string]string{
		"openai/chat/completions": "error.message", "anthropic/v1/messages": "error.message", "openai/responses": "error.message",
		"google-ai-studio/v1/models/g:generateContent": "error.message", "workers-ai/@cf/x": "errors.0.message",
	} {
		for _, body := range []string{"nonsense", "{}"} {
			r := h.native("POST", path, body, "Authorization", "Bearer "+token, "x-api-key", "k")
			if text, _ := at(r.body, where).(string); r.status != 400 || text == "" {
				t.Errorf("%s %s: %d %s", path, body, r.status, r.raw)
			}
		}
	}
}

// TestProviderPathsShareTheGateway shows that cache and rate limit are the gateway's.
func TestProviderPathsShareTheGateway(t *testing.T) {
	h := open(t, object{"cache_ttl": 60, "rate_limiting_limit": 2, "rate_limiting_interval": 60})
	ask := func(path, body string, headers ...string) reply { return h.native("POST", path, body, headers...) }
	first := ask("openai/chat/completions", chatBody, "Authorization", "Bearer a")
	hit := ask("openai/chat/completions", chatBody, "Authorization", "Bearer a")
	hit.wantHeaders(t, "cf-aig-cache-status", "HIT").wantRaw(t, first.raw)
	ask("openai/chat/completions", chatBody, "Authorization", "Bearer b").wantHeaders(t, "cf-aig-cache-status", "MISS")
	ask("anthropic/v1/messages", messagesBody, "x-api-key", "k").wantDataError(t, 429, 2003, "Rate limited")
}
