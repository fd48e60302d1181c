package emulator_test

import (
	"encoding/base64"
	"encoding/binary"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const (
	chatBody     = `{"model":"m","messages":[{"role":"system","content":"brief"},{"role":"user","content":"hi there"}]}`
	messagesBody = `{"model":"m","max_tokens":99,"system":"brief","messages":[{"role":"user","content":[{"type":"text","text":"hi there"}]}]}`
	geminiBody   = `{"contents":[{"role":"user","parts":[{"text":"hi there"}]}],"systemInstruction":{"parts":[{"text":"brief"}]}}`
	said         = "The prompt was: hi there"
)

// at follows keys and indexes into a decoded JSON value.
func at(v any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			members, _ := v.(object)
			v = members[step]
		case int:
			items, _ := v.([]any)
			if step >= len(items) {
				return nil
			}
			v = items[step]
		}
	}
	return v
}

// native sends a request to a provider's own path through gateway "gw".
func (h harness) native(method, path, body string, headers ...string) reply {
	h.t.Helper()
	return h.send(method, "/v1/"+accountID+"/gw/"+path, body, headers...)
}

func TestProviderPaths(t *testing.T) {
	key := []string{"Authorization", "Bearer sk-1"}
	tests := []struct {
		name, path, body string
		headers          []string
		text             []any // where the answer's text is
		usage            []any // where the tokens of the prompt are
		model            string
		stamp            string // how the text names the provider
	}{
		{"openai", "openai/chat/completions", chatBody, key, []any{"choices", 0, "message", "content"}, []any{"usage", "prompt_tokens"}, "m", "openai"},
		{"openai with version", "openai/v1/chat/completions", chatBody, key, []any{"choices", 0, "message", "content"}, []any{"usage", "prompt_tokens"}, "m", "openai"},
		{"grok", "grok/v1/chat/completions", chatBody, key, []any{"choices", 0, "message", "content"}, []any{"usage", "prompt_tokens"}, "m", "grok"},
		{"azure", "azure-openai/res/dep/chat/completions?api-version=1", `{"messages":[{"role":"user","content":"hi there"}]}`,
			[]string{"api-key", "k"}, []any{"choices", 0, "message", "content"}, nil, "dep", "azure-openai"},
		{"responses", "openai/responses", `{"model":"m","input":"hi there","instructions":"brief"}`, key,
			[]any{"output", 0, "content", 0, "text"}, []any{"usage", "input_tokens"}, "m", "openai"},
		{"responses with items", "openai/responses", `{"model":"m","instructions":"brief","input":[{"role":"user","content":[{"type":"input_text","text":"hi there"}]},{"type":"reasoning"}]}`, key,
			[]any{"output", 0, "content", 0, "text"}, []any{"usage", "input_tokens"}, "m", "openai"},
		{"anthropic", "anthropic/v1/messages", messagesBody, []string{"x-api-key", "k"},
			[]any{"content", 0, "text"}, []any{"usage", "input_tokens"}, "m", "anthropic"},
		{"gemini", "google-ai-studio/v1beta/models/g-2:generateContent", geminiBody, []string{"x-goog-api-key", "k"},
			[]any{"candidates", 0, "content", "parts", 0, "text"}, []any{"usageMetadata", "promptTokenCount"}, "g-2", "google-ai-studio"},
		{"gemini, key in the query", "google-ai-studio/v1/models/g-2:generateContent?key=k", geminiBody, nil,
			[]any{"candidates", 0, "content", "parts", 0, "text"}, []any{"usageMetadata", "promptTokenCount"}, "g-2", "google-ai-studio"},
		{"workers", "workers-ai/@cf/meta/llama", `{"prompt":"brief hi there"}`, []string{"Authorization", "Bearer " + token},
			[]any{"result", "response"}, []any{"result", "usage", "prompt_tokens"}, "@cf/meta/llama", "workers-ai"},
		{"workers as openai", "workers-ai/v1/chat/completions", strings.Replace(chatBody, `"m"`, `"@cf/meta/llama"`, 1),
			[]string{"Authorization", "Bearer " + token}, []any{"choices", 0, "message", "content"}, []any{"usage", "prompt_tokens"}, "@cf/meta/llama", "workers-ai"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			r := h.native("POST", tt.path, tt.body, tt.headers...)
			text, _ := at(r.body, tt.text...).(string)
			if r.status != 200 || !strings.Contains(text, "hi there") || !strings.Contains(text, tt.stamp) {
				t.Fatalf("%d %s", r.status, r.raw)
			}
			if tt.usage != nil && at(r.body, tt.usage...) != 3.0 {
				t.Errorf("tokens in = %v, want 3: %s", at(r.body, tt.usage...), r.raw)
			}
			if r.header.Get("cf-aig-model") != tt.model || r.header.Get("cf-aig-provider") != tt.stamp || r.header.Get("cf-aig-log-id") == "" {
				t.Errorf("headers = %v", r.header)
			}
			log := h.logs()[0]
			if log["provider"] != tt.stamp || log["model"] != tt.model || log["path"] != strings.SplitN(tt.path, "?", 2)[0] || log["tokens_in"].(float64) == 0 {
				t.Errorf("log = %v", log)
			}
		})
	}
}

func TestProviderStreams(t *testing.T) {
	h := open(t)
	stream := func(body string) string { return `{"stream":true,` + body[1:] }
	tests := []struct {
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
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			w := h.stream("/v1/"+accountID+"/gw/"+tt.path, tt.body,
				"Authorization", "Bearer "+token, "x-api-key", "k")
			if w.Code != 200 || w.Header().Get("Content-Type") != tt.contentType {
				t.Fatalf("%d %v %s", w.Code, w.Header(), w.Body)
			}
			inOrder(t, w.Body.String(), tt.want)
		})
	}
}

// inOrder checks that text has all parts, one after the other.
func inOrder(t *testing.T, text string, parts []string) {
	t.Helper()
	rest := text
	for _, part := range parts {
		_, after, ok := strings.Cut(rest, part)
		if !ok {
			t.Fatalf("no %q after what came before:\n%s", part, text)
		}
		rest = after
	}
}

func TestEmbeddings(t *testing.T) {
	h := open(t)
	get := func(body string) reply {
		return h.native("POST", "openai/embeddings", body, "Authorization", "Bearer k")
	}
	r := get(`{"model":"e","input":["one","two","one"],"dimensions":20}`)
	if r.status != 200 || at(r.body, "data", 2, "index") != 2.0 || at(r.body, "usage", "prompt_tokens") != 3.0 {
		t.Fatalf("%d %s", r.status, r.raw)
	}
	first, _ := at(r.body, "data", 0, "embedding").([]any)
	length := 0.0
	for _, v := range first {
		length += v.(float64) * v.(float64)
	}
	if len(first) != 20 || math.Abs(length-1) > 1e-5 {
		t.Errorf("vector of %d and length %v", len(first), length)
	}
	if toString(first) != toString(at(r.body, "data", 2, "embedding")) || toString(first) == toString(at(r.body, "data", 1, "embedding")) {
		t.Error("vectors do not tell texts apart")
	}
	packed, _ := at(get(`{"model":"e","input":"one","dimensions":20,"encoding_format":"base64"}`).body, "data", 0, "embedding").(string)
	raw, err := base64.StdEncoding.DecodeString(packed)
	if err != nil || len(raw) != 80 {
		t.Fatalf("base64: %v, %d bytes", err, len(raw))
	}
	if got := float64(math.Float32frombits(binary.LittleEndian.Uint32(raw))); math.Abs(got-first[0].(float64)) > 1e-6 {
		t.Errorf("first number = %v, want %v", got, first[0])
	}
	for _, body := range []string{`{"model":"e"}`, `{"model":"e","input":[]}`, `{"input":"x"}`, `x`} {
		if r := get(body); r.status != 400 || at(r.body, "error", "type") != "invalid_request_error" {
			t.Errorf("%s: %d %s", body, r.status, r.raw)
		}
	}
	if r := get(`{"model":"e","input":[[1,2],[3]]}`); len(r.body["data"].([]any)) != 2 {
		t.Errorf("tokens: %s", r.raw)
	}
}

func TestOtherProviderPaths(t *testing.T) {
	h := open(t)
	key := []string{"Authorization", "Bearer k"}
	r := h.native("GET", "openai/v1/models", "", key...)
	if r.body["object"] != "list" || at(r.body, "data", 0, "id") != "emulator/echo" || at(r.body, "data", 0, "owned_by") != "openai" {
		t.Errorf("models: %s", r.raw)
	}
	one := h.native("PUT", "elevenlabs/v1/x%2Fy?a=b", `{"model":"voice"}`, "xi-api-key", "k")
	two := h.native("PUT", "elevenlabs/v1/x%2Fy?a=b", `{"model":"voice"}`, "xi-api-key", "k")
	if one.status != 200 || one.raw != two.raw || one.body["path"] != "v1/x/y" || one.body["method"] != "PUT" || one.body["model"] != "voice" {
		t.Errorf("%d %s", one.status, one.raw)
	}
	if r := h.native("GET", "anthropic/v1/models", "", "x-api-key", "k"); r.body["object"] != "emulator.answer" {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

// TestProviderKeys: who has no key of the provider gets the provider's own
// answer, which is logged, and not the gateway's.
func TestProviderKeys(t *testing.T) {
	tests := []struct {
		path, body string
		status     int
		where      []any
		want       any
	}{
		{"openai/chat/completions", chatBody, 401, []any{"error", "message"}, "You didn't provide an API key."},
		{"grok/v1/chat/completions", chatBody, 401, []any{"error", "type"}, "invalid_request_error"},
		{"anthropic/v1/messages", messagesBody, 401, []any{"error", "type"}, "authentication_error"},
		{"google-ai-studio/v1/models/g:generateContent", geminiBody, 403, []any{"error", "status"}, "PERMISSION_DENIED"},
		{"workers-ai/@cf/meta/llama", `{"prompt":"x"}`, 401, []any{"errors", 0, "code"}, 10000.0},
		{"fal/x", "", 401, []any{"error", "type"}, "invalid_request_error"},
	}
	for _, tt := range tests {
		h := open(t)
		r := h.native("POST", tt.path, tt.body)
		if r.status != tt.status || at(r.body, tt.where...) != tt.want {
			t.Errorf("%s: %d %s", tt.path, r.status, r.raw)
		}
		if log := h.logs()[0]; log["success"] != false || log["status_code"] != float64(tt.status) {
			t.Errorf("%s: log = %v", tt.path, log)
		}
	}
}

// TestUnifiedBilling: an authenticated gateway pays for those who have no key,
// at the providers that take part.
func TestUnifiedBilling(t *testing.T) {
	gateway := []string{"cf-aig-authorization", "Bearer " + token}
	h := open(t, object{"authentication": true})
	for path, status := range map[string]int{
		"openai/chat/completions": 200, "groq/chat/completions": 200, "mistral/v1/chat/completions": 401,
		"workers-ai/v1/chat/completions": 401,
	} {
		if r := h.native("POST", path, chatBody, gateway...); r.status != status {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	h.native("POST", "openai/chat/completions", chatBody, "Authorization", "Bearer sk-1").wantDataError(t, 401, 2009, "Unauthorized")
	h.put("gw", object{"authentication": false})
	if r := h.native("POST", "openai/chat/completions", chatBody, gateway...); r.status != 401 {
		t.Errorf("a gateway without authentication pays: %s", r.raw)
	}
}

func TestBYOKOnly(t *testing.T) {
	refused := func(r reply) {
		t.Helper()
		items, ok := r.body["error"].([]any)
		if !ok {
			items, _ = r.body["errors"].([]any)
		}
		if r.status != 400 || len(items) != 1 || r.body["success"] != false {
			t.Fatalf("%d %s", r.status, r.raw)
		}
		if _, hasCode := items[0].(object)["code"]; hasCode {
			t.Errorf("the error has a code: %s", r.raw)
		}
	}
	h := open(t, object{"byok_only": true, "authentication": true, "cache_ttl": 60})
	refused(h.chat("gw", "openai/x", "hi"))
	refused(h.native("POST", "openai/chat/completions", chatBody, "cf-aig-authorization", "Bearer "+token))
	refused(h.rest("v1/chat/completions", `{"model":"openai/x","messages":[{"role":"user","content":"hi"}]}`, "cf-aig-gateway-id", "gw"))
	refused(h.send("POST", "/v1/"+accountID+"/gw/compat/chat/completions", strings.Replace(chatBody, `"m"`, `"openai/m"`, 1),
		"Authorization", "Bearer "+token))
	h.chat("gw", "openai/x", "hi", "Authorization", "Bearer sk-1").text(t)
	h.chat("gw", "workers-ai/@cf/x", "hi").text(t)
	h.rest("v1/chat/completions", `{"model":"@cf/x/y","messages":[{"role":"user","content":"hi"}]}`, "cf-aig-gateway-id", "gw").text(t)

	h = open(t) // the header does it for one request, and cannot undo the setting
	refused(h.chat("gw", "openai/x", "hi", "cf-aig-no-wholesale", "true"))
	h.chat("gw", "openai/x", "hi", "cf-aig-no-wholesale", "false").text(t)
	if got := len(h.logs()); got != 1 {
		t.Errorf("%d logs, want 1: what is refused leaves none", got)
	}
}

// TestFaultsOfProviders: fault models work everywhere, and their errors have
// the form of the API that was asked.
func TestFaultsOfProviders(t *testing.T) {
	h := open(t)
	tests := []struct {
		path, body string
		where      []any
		want       any
	}{
		{"openai/chat/completions", strings.Replace(chatBody, `"m"`, `"emulator/status-429"`, 1), []any{"error", "code"}, "emulated"},
		{"anthropic/v1/messages", strings.Replace(messagesBody, `"m"`, `"emulator/status-429"`, 1), []any{"error", "type"}, "rate_limit_error"},
		{"google-ai-studio/v1/models/emulator/status-429:generateContent", geminiBody, []any{"error", "status"}, "RESOURCE_EXHAUSTED"},
		{"openai/responses", `{"model":"emulator/status-429","input":"x"}`, []any{"error", "type"}, "invalid_request_error"},
	}
	for _, tt := range tests {
		r := h.native("POST", tt.path, tt.body, "Authorization", "Bearer k", "x-api-key", "k")
		if r.status != http.StatusTooManyRequests || at(r.body, tt.where...) != tt.want {
			t.Errorf("%s: %d %s", tt.path, r.status, r.raw)
		}
	}
	for path, where := range map[string][]any{
		"openai/chat/completions": {"error", "message"}, "anthropic/v1/messages": {"error", "message"},
		"google-ai-studio/v1/models/g:generateContent": {"error", "message"}, "workers-ai/@cf/x": {"errors", 0, "message"},
		"openai/responses": {"error", "message"},
	} {
		for _, body := range []string{"nonsense", "{}"} {
			r := h.native("POST", path, body, "Authorization", "Bearer "+token, "x-api-key", "k")
			if text, _ := at(r.body, where...).(string); r.status != 400 || text == "" {
				t.Errorf("%s %s: %d %s", path, body, r.status, r.raw)
			}
		}
	}
}

// TestProviderPathsShareTheGateway: cache and rate limit are the gateway's.
func TestProviderPathsShareTheGateway(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw", object{"cache_ttl": 60, "rate_limiting_limit": 2, "rate_limiting_interval": 60})
	ask := func(path, body string, headers ...string) reply { return h.native("POST", path, body, headers...) }
	first := ask("openai/chat/completions", chatBody, "Authorization", "Bearer a")
	hit := ask("openai/chat/completions", chatBody, "Authorization", "Bearer a")
	if hit.header.Get("cf-aig-cache-status") != "HIT" || hit.raw != first.raw {
		t.Errorf("no hit: %s", hit.raw)
	}
	if r := ask("openai/chat/completions", chatBody, "Authorization", "Bearer b"); r.header.Get("cf-aig-cache-status") != "MISS" {
		t.Error("another key got the answer")
	}
	ask("anthropic/v1/messages", messagesBody, "x-api-key", "k").wantDataError(t, 429, 2003, "Rate limited")
}
