package emulator_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// rest sends a request to the REST API with the token.
func (h harness) rest(path, body string, headers ...string) reply {
	h.t.Helper()
	headers = append([]string{"Authorization", "Bearer " + token}, headers...)
	return h.send("POST", "/client/v4/accounts/"+accountID+"/ai/"+path, body, headers...)
}

// stream sends a request whose answer may be no JSON object.
func (h harness) stream(path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestREST(t *testing.T) {
	tests := []struct {
		path, body      string
		text            []any
		provider, model string
	}{
		{"v1/chat/completions", strings.Replace(chatBody, `"m"`, `"openai/gpt-5.5"`, 1), []any{"choices", 0, "message", "content"}, "openai", "gpt-5.5"},
		{"v1/chat/completions", strings.Replace(chatBody, `"m"`, `"google/gemini"`, 1), []any{"choices", 0, "message", "content"}, "google-ai-studio", "gemini"},
		{"v1/chat/completions", strings.Replace(chatBody, `"m"`, `"xai/grok-3"`, 1), []any{"choices", 0, "message", "content"}, "grok", "grok-3"},
		{"v1/responses", `{"model":"openai/gpt-5.5","input":"hi there"}`, []any{"output", 0, "content", 0, "text"}, "openai", "gpt-5.5"},
		{"v1/messages", strings.Replace(messagesBody, `"m"`, `"anthropic/claude"`, 1), []any{"content", 0, "text"}, "anthropic", "claude"},
		{"run", `{"model":"openai/gpt-5.5","input":{"messages":[{"role":"user","content":"hi there"}]}}`,
			[]any{"result", "result", "choices", 0, "message", "content"}, "openai", "gpt-5.5"},
		{"run", `{"model":"openai/gpt-5.5","input":"hi there"}`, []any{"result", "result", "choices", 0, "message", "content"}, "openai", "gpt-5.5"},
		{"run", `{"model":"openai/dall","input":{"picture":"hi there"}}`, []any{"result", "result", "choices", 0, "message", "content"}, "openai", "dall"},
	}
	for _, tt := range tests {
		t.Run(tt.path+" "+tt.model, func(t *testing.T) {
			h := start(t, emulator.Options{})
			r := h.rest(tt.path, tt.body)
			if text, _ := at(r.body, tt.text...).(string); r.status != 200 || !strings.Contains(text, "hi there") {
				t.Fatalf("%d %s", r.status, r.raw)
			}
			if r.header.Get("cf-aig-provider") != tt.provider || r.header.Get("cf-aig-model") != tt.model || r.header.Get("cf-aig-step") != "0" {
				t.Errorf("headers = %v", r.header)
			}
			// The first request makes the default gateway, and it has the log.
			items, _ := h.api("GET", "gateways/default/logs", nil).body["result"].([]any)
			if at(items, 0, "path") != "ai/"+tt.path || at(items, 0, "provider") != tt.provider {
				t.Errorf("logs = %v", items)
			}
			h.create("mine")
			if r := h.rest(tt.path, tt.body, "cf-aig-gateway-id", "mine"); r.status != 200 {
				t.Errorf("%d %s", r.status, r.raw)
			}
			if r := h.rest(tt.path, tt.body, "cf-aig-gateway-id", "missing"); r.status != 400 || at(r.body, "errors", 0, "code") != 2001.0 {
				t.Errorf("missing gateway: %d %s", r.status, r.raw)
			}
		})
	}
}

func TestRESTWorkersAI(t *testing.T) {
	h := start(t, emulator.Options{})
	tests := []struct {
		path, body string
		text       []any
	}{
		{"run/@cf/meta/llama-3", `{"prompt":"hi there"}`, []any{"result", "response"}},
		{"run/@cf%2Fmeta%2Fllama-3", `{"messages":[{"role":"user","content":"hi there"}]}`, []any{"result", "response"}},
		{"run", `{"model":"@cf/meta/llama-3","input":{"prompt":"hi there"}}`, []any{"result", "response"}},
		{"v1/chat/completions", strings.Replace(chatBody, `"m"`, `"@cf/meta/llama-3"`, 1), []any{"choices", 0, "message", "content"}},
	}
	for _, tt := range tests {
		r := h.rest(tt.path, tt.body)
		if text, _ := at(r.body, tt.text...).(string); r.status != 200 || !strings.Contains(text, said) {
			t.Errorf("%s: %d %s", tt.path, r.status, r.raw)
		}
		if r.header.Get("cf-aig-cache-status") != "" {
			t.Errorf("%s: went through a gateway: %v", tt.path, r.header)
		}
	}
	h.rest("run/@cf/emulator/slow", `{"prompt":"x"}`, "cf-aig-request-timeout", "5").wantErrors(t, 400, 2005,
		"Failed to get response from provider: the request timed out")
	h.rest("run/@cf/emulator/status-404", `{"prompt":"x"}`).wantErrors(t, 404, 5007,
		"The model `@cf/emulator/status-404` does not exist or you do not have access to it.")
	if got := h.GatewayIDs(accountID); len(got) != 0 {
		t.Errorf("gateways = %v", got)
	}
	for _, tt := range tests {
		r := h.rest(tt.path, tt.body, "cf-aig-gateway-id", "default")
		if r.status != 200 || r.header.Get("cf-aig-provider") != "workers-ai" || r.header.Get("cf-aig-model") != "@cf/meta/llama-3" {
			t.Errorf("%s: %d %v", tt.path, r.status, r.header)
		}
	}
}

func TestRESTStreams(t *testing.T) {
	h := start(t, emulator.Options{})
	for path, tt := range map[string]struct {
		body string
		want []string
	}{
		"v1/chat/completions": {`{"model":"openai/m","stream":true,"messages":[{"role":"user","content":"x"}]}`,
			[]string{"chat.completion.chunk", "data: [DONE]"}},
		"v1/responses": {`{"model":"openai/m","stream":true,"input":"x"}`, []string{"event: response.created", "event: response.completed"}},
		"v1/messages": {`{"model":"openai/m","stream":true,"max_tokens":2,"messages":[{"role":"user","content":"x"}]}`,
			[]string{"event: message_start", `"stop_reason":"max_tokens"`, "event: message_stop"}},
	} {
		w := h.stream("/client/v4/accounts/"+accountID+"/ai/"+path, tt.body, "Authorization", "Bearer "+token)
		if w.Header().Get("Content-Type") != "text/event-stream" || w.Header().Get("cf-aig-log-id") == "" {
			t.Errorf("%s: %v", path, w.Header())
		}
		inOrder(t, w.Body.String(), tt.want)
	}
}

func TestRESTErrors(t *testing.T) {
	h := start(t, emulator.Options{})
	good := `{"model":"openai/m","messages":[{"role":"user","content":"x"}]}`
	for path, body := range map[string]string{
		"v1/chat/completions": strings.Replace(good, "openai/m", "acme/m", 1),
		"v1/responses":        `{"model":"gpt-5","input":"x"}`,
		"v1/messages":         `{"model":"@cf/","max_tokens":1,"messages":[{"role":"user","content":"x"}]}`,
		"run":                 `{"model":"acme/x","input":{}}`,
	} {
		r := h.rest(path, body)
		if items, _ := r.body["errors"].([]any); r.status != 404 || at(items, 0, "code") != 7003.0 ||
			!strings.HasPrefix(at(items, 0, "message").(string), "Model not found: ") {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	for _, path := range []string{"v1/chat/completions", "v1/responses", "v1/messages", "run", "run/@cf/x/y"} {
		for _, body := range []string{"nonsense", "{}", `{"model":"openai/x"}`, "[]"} {
			if r := h.rest(path, body); r.status != 400 || at(r.body, "errors", 0, "code") != 2019.0 {
				t.Errorf("%s %s: %d %s", path, body, r.status, r.raw)
			}
		}
	}
	url := "/client/v4/accounts/" + accountID + "/ai/v1/chat/completions"
	h.send("POST", url, good).wantErrors(t, 401, 10000, "Authentication error")
	h.send("POST", url, good, "Authorization", "Bearer x").wantErrors(t, 401, 10000, "Authentication error")
	h.send("GET", url, good, "Authorization", "Bearer "+token).wantErrors(t, 405, 7001, "GET not supported for requested URI.")
	for _, path := range []string{"models", "run/openai/x", "v1", "v1/embeddings"} {
		if r := h.rest(path, good); r.status != 404 || at(r.body, "errors", 1, "code") != 7000.0 {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	if r := h.rest("v1/chat/completions", strings.Replace(good, "openai/m", "dynamic/x", 1)); at(r.body, "errors", 0, "code") != 2005.0 {
		t.Errorf("route: %d %s", r.status, r.raw)
	}
	// A provider's errors are passed on, and wrapped by run.
	if r := h.rest("v1/messages", `{"model":"emulator/status-503","max_tokens":1,"messages":[{"role":"user","content":"x"}]}`); r.status != 503 || at(r.body, "error", "type") != "api_error" {
		t.Errorf("%d %s", r.status, r.raw)
	}
	r := h.rest("run", `{"model":"emulator/status-400","input":{"prompt":"x"}}`)
	r.wantErrors(t, 400, 7003, "Model execution failed (User Input Error): The emulator was asked to answer 400")
}

func TestRESTSharesTheGateway(t *testing.T) {
	h := start(t, emulator.Options{})
	h.create("gw", object{"cache_ttl": 60, "rate_limiting_limit": 1, "rate_limiting_interval": 60})
	ask := func(prompt string) reply {
		return h.rest("v1/responses", toJSON(t, object{"model": "openai/m", "input": prompt}), "cf-aig-gateway-id", "gw")
	}
	first := ask("one")
	if hit := ask("one"); hit.header.Get("cf-aig-cache-status") != "HIT" || hit.raw != first.raw {
		t.Errorf("no hit: %v", hit.header)
	}
	ask("two").wantErrors(t, 429, 2003, "Rate limited")
}
