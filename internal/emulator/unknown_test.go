package emulator_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A version that stands twice is a frequent mistake: the provider, and not the gateway,
// says that it has no such path.
func TestDoubledVersion(t *testing.T) {
	h := open(t)
	for path, want := range map[string]struct {
		body    string
		members []any
	}{
		"openai/v1/v1/chat/completions": {chatBody, []any{
			"error", object{"message": "Invalid URL (POST /v1/v1/chat/completions)", "type": "invalid_request_error", "param": nil, "code": nil},
		}},
		"openai/v1/v1/embeddings":  {`{"model":"m","input":"x"}`, []any{"error.message", "Invalid URL (POST /v1/v1/embeddings)"}},
		"mistral/v1/v1/other":      {"{}", []any{"error.message", "Invalid URL (POST /v1/v1/other)"}},
		"anthropic/v1/v1/messages": {messagesBody, []any{"type", "error", "error", object{"type": "not_found_error", "message": "Not Found"}}},
		"groq/v1/v1/chat/completions": {chatBody, []any{
			"error.code", "unknown_url", "error.message", "Unknown request URL: POST /openai/v1/v1/chat/completions.",
		}},
		"google-ai-studio/v1beta/v1beta/models/g:generateContent": {geminiBody, []any{"error.code", 404.0, "error.status", "NOT_FOUND"}},
		"workers-ai/v1/v1/chat/completions": {withModel(chatBody, "@cf/meta/llama"), []any{
			"success", false, "errors.0.code", 7003.0, "errors.1.code", 7000.0,
		}},
	} {
		t.Run(path, func(t *testing.T) {
			for _, key := range []string{"sk", emulator.RejectedKey} { // whatever the key is
				r := h.native("POST", path, want.body, "Authorization", "Bearer "+key, "x-api-key", key, "x-goog-api-key", key)
				r.want(t, 404).wantHeaders(t, "cf-aig-cache-status", "MISS")
				for i := 0; i < len(want.members); i += 2 {
					name, _ := want.members[i].(string)
					if text, ok := want.members[i+1].(string); ok {
						got, _ := at(r.body, name).(string)
						expect(t, strings.HasPrefix(got, text), "%s = %q, want %q", name, got, text)
						continue
					}
					equal(t, name, want.members[i+1], at(r.body, name))
				}
				has(t, "log", h.logs()[0], "status_code", 404.0, "success", false, "path", path, "cost", 0.0)
			}
		})
	}
	for path, body := range map[string]string{
		"openai/v1/chat/completions":     chatBody,
		"workers-ai/v1/chat/completions": withModel(chatBody, "@cf/meta/llama"),
		"openai/v1/v2/chat/completions":  chatBody,
	} {
		key := "sk"
		if strings.HasPrefix(path, "workers-ai/") {
			key = token
		}
		h.native("POST", path, body, "Authorization", "Bearer "+key).want(t, 200)
	}
	// The client of a universal request learns only that no step has succeeded.
	h.universal([]object{
		{"provider": "openai", "endpoint": "v1/v1/chat/completions", "headers": object{"authorization": "Bearer sk"}, "query": step("m")["query"]},
		step("openai/m"),
	}).wantModel(t, "openai/m", "1")
}

// Workers AI has the models of its catalog, and those of the options.
func TestModelsOfWorkersAI(t *testing.T) {
	const listed, unknown = "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "@cf/meta/llama-3.3-70b-instruct-fp8-fst"
	h := start(t, emulator.Options{WorkersModels: []string{"@cf/acme/mine"}})
	h.create("gw")
	auth := []string{"Authorization", "Bearer " + token}
	for _, model := range []string{listed, "@cf/acme/mine", "@cf/emulator/echo"} {
		h.chat("gw", "workers-ai/"+model, "hi").text(t)
		h.native("POST", "workers-ai/"+model, `{"prompt":"x"}`, auth...).want(t, 200)
		h.native("POST", "workers-ai/v1/chat/completions", withModel(chatBody, model), auth...).want(t, 200)
		h.rest("run", `{"model":"`+model+`","input":{"prompt":"x"}}`).want(t, 200)
	}
	text := "No such model " + unknown + " or task"
	for name, r := range map[string]reply{
		"compat":         h.chat("gw", "workers-ai/"+unknown, "hi"),
		"native":         h.native("POST", "workers-ai/"+unknown, `{"prompt":"x"}`, auth...),
		"run":            h.native("POST", "workers-ai/run/"+unknown, `{"prompt":"x"}`, auth...),
		"native, OpenAI": h.native("POST", "workers-ai/v1/chat/completions", withModel(chatBody, unknown), auth...),
		"legacy REST":    h.rest("run/"+unknown, `{"prompt":"x"}`),
		"REST":           h.rest("v1/chat/completions", hi(unknown), "cf-aig-gateway-id", "gw"),
	} {
		t.Run(name, func(t *testing.T) { r.wantErrors(t, 400, 5007, text) })
	}
	h.rest("run", `{"model":"`+unknown+`","input":{"prompt":"x"}}`).wantErrors(t, 404, 7003, "Model not found: "+unknown)
	h.chat("gw", "workers-ai/llama", "hi").wantErrors(t, 400, 5007, "No such model llama or task")
	// Workers AI checks the token first.
	h.native("POST", "workers-ai/"+unknown, `{"prompt":"x"}`, "Authorization", "Bearer other").wantErrors(t, 401, 10000, "Authentication error")
	// A dynamic route goes on to its fallback.
	h.route(ask("a", "workers-ai/"+unknown, "end", "b"), ask("b", "openai/m", "end", "end"))
	h.ask().wantModel(t, "openai/m", "1")
	// Paths that ask no model work.
	h.native("GET", "workers-ai/other", "", auth...).want(t, 200)
}

// Workers AI wants a token of its own in a universal request: that of the gateway does
// not reach it.
func TestWorkersAIInUniversalRequests(t *testing.T) {
	h := open(t)
	for name, first := range map[string]object{
		"native": {"provider": "workers-ai", "endpoint": "@cf/meta/x", "query": object{"prompt": "x"}},
		"compat": step("workers-ai/@cf/meta/x"),
	} {
		t.Run(name, func(t *testing.T) {
			headers := []string{"cf-aig-authorization", "Bearer " + token, "Authorization", "Bearer " + token}
			h.universal(first, headers...).wantErrors(t, 401, 10000, "Authentication error")
			h.universal([]object{step("emulator/status-500"), first}, headers...).
				wantErrors(t, 401, 10000, "Authentication error").wantHeaders(t, "cf-aig-step", "1")
			h.universal([]object{first, step("openai/m")}, headers...).wantModel(t, "openai/m", "1")
			first["headers"] = object{"Authorization": "Bearer " + token}
			h.universal(first).want(t, 200).wantHeaders(t, "cf-aig-provider", "workers-ai")
		})
	}
}
