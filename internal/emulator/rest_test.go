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

// stream sends a request whose response may be no JSON object.
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
	for _, tt := range []struct {
		path, body, text, provider, model string
	}{
		{"v1/chat/completions", withModel(chatBody, "openai/gpt-5.5"), "choices.0.message.content", "openai", "gpt-5.5"},
		{"v1/chat/completions", withModel(chatBody, "google/gemini"), "choices.0.message.content", "google-ai-studio", "gemini"},
		{"v1/chat/completions", withModel(chatBody, "xai/grok-3"), "choices.0.message.content", "grok", "grok-3"},
		{"v1/responses", `{"model":"openai/gpt-5.5","input":"hi there"}`, "output.0.content.0.text", "openai", "gpt-5.5"},
		{"v1/messages", withModel(messagesBody, "anthropic/claude"), "content.0.text", "anthropic", "claude"},
		{"run", `{"model":"openai/gpt-5.5","input":{"messages":[{"role":"user","content":"hi there"}]}}`,
			"result.result.choices.0.message.content", "openai", "gpt-5.5"},
		{"run", `{"model":"openai/gpt-5.5","input":"hi there"}`, "result.result.choices.0.message.content", "openai", "gpt-5.5"},
		{"run", `{"model":"openai/dall","input":{"picture":"hi there"}}`, "result.result.choices.0.message.content", "openai", "dall"},
	} {
		t.Run(tt.path+" "+tt.model, func(t *testing.T) {
			h := start(t, emulator.Options{})
			h.rest(tt.path, tt.body).want(t, 200).wantText(t, tt.text, "hi there").wantHeaders(t, "cf-aig-provider", tt.provider, "cf-aig-model", tt.model, "cf-aig-step", "0")
			// The first request makes the default gateway, and it has the log.
			h.api("GET", "gateways/default/logs", nil).want(t, 200, "result.0.path", "ai/"+tt.path, "result.0.provider", tt.provider)
			h.create("mine")
			h.rest(tt.path, tt.body, "cf-aig-gateway-id", "mine").want(t, 200)
			h.rest(tt.path, tt.body, "cf-aig-gateway-id", "missing").want(t, 400, "errors.0.code", 2001.0)
		})
	}
}

func TestRESTWorkersAI(t *testing.T) {
	h := start(t, emulator.Options{})
	tests := []struct{ path, body, text string }{
		{"run/@cf/meta/llama-3", `{"prompt":"hi there"}`, "result.response"},
		{"run/@cf%2Fmeta%2Fllama-3", `{"messages":[{"role":"user","content":"hi there"}]}`, "result.response"},
		{"run", `{"model":"@cf/meta/llama-3","input":{"prompt":"hi there"}}`, "result.response"},
		{"v1/chat/completions", withModel(chatBody, "@cf/meta/llama-3"), "choices.0.message.content"},
	}
	for _, tt := range tests {
		h.rest(tt.path, tt.body).want(t, 200).wantHeaders(t, "cf-aig-cache-status", "").wantText(t, tt.text, said)
	}
	h.rest("run/@cf/emulator/slow", `{"prompt":"x"}`, "cf-aig-request-timeout", "5").wantErrors(t, 400, 2005,
		"Failed to get response from provider: the request timed out")
	h.rest("run/@cf/emulator/status-404", `{"prompt":"x"}`).wantErrors(t, 400, 5007, "No such model @cf/emulator/status-404 or task")
	equal(t, "gateways", 0, len(h.GatewayIDs(accountID)))
	for _, tt := range tests {
		h.rest(tt.path, tt.body, "cf-aig-gateway-id", "default").want(t, 200).wantHeaders(t, "cf-aig-provider", "workers-ai", "cf-aig-model", "@cf/meta/llama-3")
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
		expect(t, w.Header().Get("Content-Type") == "text/event-stream" && w.Header().Get("cf-aig-log-id") != "", "%s: %v", path, w.Header())
		inOrder(t, w.Body.String(), tt.want...)
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
		h.rest(path, body).want(t, 404, "errors.0.code", 7003.0).wantText(t, "errors.0.message", "Model not found: ")
	}
	for _, path := range []string{"v1/chat/completions", "v1/responses", "v1/messages", "run", "run/@cf/x/y"} {
		for _, body := range []string{"nonsense", "{}", `{"model":"openai/x"}`, "[]"} {
			h.rest(path, body).want(t, 400, "errors.0.code", 2019.0)
		}
	}
	url := "/client/v4/accounts/" + accountID + "/ai/v1/chat/completions"
	h.send("POST", url, good).wantErrors(t, 401, 10000, "Authentication error")
	h.send("POST", url, good, "Authorization", "Bearer x").wantErrors(t, 401, 10000, "Authentication error")
	h.send("GET", url, good, "Authorization", "Bearer "+token).wantErrors(t, 405, 7001, "GET not supported for requested URI.")
	for _, path := range []string{"models", "run/openai/x", "v1", "v1/embeddings"} {
		h.rest(path, good).want(t, 404, "errors.1.code", 7000.0)
	}
	h.rest("v1/chat/completions", strings.Replace(good, "openai/m", "dynamic/x", 1)).want(t, 400, "errors.0.code", 2005.0)
	// A provider's errors are passed on, and wrapped by run.
	h.rest("v1/messages", `{"model":"emulator/status-503","max_tokens":1,"messages":[{"role":"user","content":"x"}]}`).want(t, 503, "error.type", "api_error")
	h.rest("run", `{"model":"emulator/status-400","input":{"prompt":"x"}}`).wantErrors(t, 400, 7003, "Model execution failed (User Input Error): The emulator was asked to answer 400")
}

func TestRESTSharesTheGateway(t *testing.T) {
	h := open(t, object{"cache_ttl": 60, "rate_limiting_limit": 1, "rate_limiting_interval": 60})
	ask := func(prompt string) reply {
		return h.rest("v1/responses", toJSON(t, object{"model": "openai/m", "input": prompt}), "cf-aig-gateway-id", "gw")
	}
	first := ask("one")
	ask("one").wantHeaders(t, "cf-aig-cache-status", "HIT").wantRaw(t, first.raw)
	ask("two").wantErrors(t, 429, 2003, "Rate limited")
}
