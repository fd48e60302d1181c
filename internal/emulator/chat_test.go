package emulator_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
	if !strings.HasPrefix(id, "chatcmpl-") {
		t.Errorf("id = %v", r.body["id"])
	}
	want := object{
		"id": id, "object": "chat.completion", "created": float64(epoch.Unix()), "model": "gpt-5.2",
		"choices": []any{object{"index": 0.0, "finish_reason": "stop",
			"message": object{"role": "assistant", "content": text}}},
		"usage": object{"prompt_tokens": 5.0, "completion_tokens": 15.0, "total_tokens": 20.0},
	}
	if diff := cmp.Diff(want, r.body); diff != "" {
		t.Errorf("completion (-want +got):\n%s", diff)
	}
	for name, value := range map[string]string{
		"cf-aig-cache-status": "MISS", "cf-aig-step": "0", "cf-aig-provider": "openai", "cf-aig-model": "gpt-5.2",
		"Content-Type": "application/json",
	} {
		if got := r.header.Get(name); got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
	logID := r.header.Get("cf-aig-log-id")
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(logID) {
		t.Errorf("cf-aig-log-id = %q, want a UUIDv7", logID)
	}
	if r.header.Get("cf-aig-event-id") != logID || r.header.Get("cf-aig-request-id") != logID {
		t.Errorf("ids differ: %v", r.header)
	}
	if got := h.chat("gw", "openai/x", "hi", "cf-aig-event-id", "mine").header.Get("cf-aig-event-id"); got != "mine" {
		t.Errorf("event id = %q, want the client's", got)
	}
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
		r := h.chat("gw", model, "hi")
		got := [2]string{r.header.Get("cf-aig-provider"), r.header.Get("cf-aig-model")}
		if got != want || r.body["model"] != want[1] {
			t.Errorf("%s: provider and model = %v, model = %v, want %v", model, got, r.body["model"], want)
		}
	}
}

func TestChatErrors(t *testing.T) {
	h := open(t)
	message := []object{{"role": "user", "content": "hi"}}
	tests := []struct {
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
		{"compat is none", object{"model": "compat/x", "messages": message}, 2008, "Invalid provider"},
		{"route", object{"model": "dynamic/support", "messages": message}, 2005, "the gateway 'gw' has no dynamic route 'support'"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h.chatBody("gw", tt.body).wantDataError(t, 400, tt.code, tt.text)
		})
	}
	r := h.send("GET", "/v1/"+accountID+"/gw/compat/chat/completions", "")
	r.wantDataError(t, 400, 2019, "Chat completion bad format")
}

func TestDataPlanePaths(t *testing.T) {
	h := open(t)
	base := "/v1/" + accountID + "/gw"
	for _, path := range []string{"/compat", "/compat/embeddings"} {
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
	body := `{"model":"openai/x","messages":[{"role":"user","content":"hi"}]}`
	tests := []struct {
		name    string
		headers []string
		ok      bool
	}{
		{"none", nil, false},
		{"own header", []string{"cf-aig-authorization", "Bearer " + token}, true},
		{"wrong", []string{"cf-aig-authorization", "Bearer wrong"}, false},
		{"no scheme", []string{"cf-aig-authorization", token}, false},
		{"as an OpenAI SDK", []string{"Authorization", "Bearer " + token}, true},
		{"provider key only", []string{"Authorization", "Bearer sk-provider"}, false},
		{"both", []string{"cf-aig-authorization", "Bearer " + token, "Authorization", "Bearer sk-provider"}, true},
		{"own header decides", []string{"cf-aig-authorization", "Bearer wrong", "Authorization", "Bearer " + token}, false},
	}
	for _, tt := range tests {
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

func TestDefaultGatewayMakesItself(t *testing.T) {
	h := start(t, emulator.Options{GatewayLimit: 1})
	h.create("other") // the account is full
	body := `{"model":"openai/x","messages":[{"role":"user","content":"hi"}]}`
	path := "/v1/" + accountID + "/default/compat/chat/completions"
	h.send("POST", path, body).wantDataError(t, 400, 2001, "Please configure")
	h.send("POST", path, body, "cf-aig-authorization", "Bearer x").wantDataError(t, 400, 2001, "Please configure")
	if got := h.GatewayIDs(accountID); len(got) != 1 {
		t.Fatalf("gateways = %v", got)
	}
	defaults := object{
		"authentication": true, "collect_logs": true, "cache_ttl": 0.0,
		"rate_limiting_limit": 0.0, "rate_limiting_interval": 0.0, "is_default": true,
	}
	for range 2 {
		h.chat("default", "openai/x", "hi").text(t)
		got := h.get("default")
		for name, want := range defaults {
			if got[name] != want {
				t.Errorf("%s = %v, want %v", name, got[name], want)
			}
		}
		h.send("POST", path, body).wantDataError(t, 401, 2009, "Unauthorized")
		h.DeleteGateway(accountID, "default") // it comes back
	}
	if _, ok := h.Gateway(otherID, "default"); ok {
		t.Error("another account got a gateway")
	}
}

func TestMaxTokens(t *testing.T) {
	h := open(t)
	for _, name := range []string{"max_tokens", "max_completion_tokens"} {
		r := h.chatBody("gw", object{"model": "openai/x", "messages": []object{{"role": "user", "content": "hi"}}, name: 3})
		if got := r.text(t); got != "The emulator answers" {
			t.Errorf("%s: text = %q", name, got)
		}
		if got := r.body["choices"].([]any)[0].(object)["finish_reason"]; got != "length" {
			t.Errorf("%s: finish_reason = %v", name, got)
		}
	}
}

func TestFaultModels(t *testing.T) {
	h := open(t, object{"cache_ttl": 60})
	for _, status := range []int{400, 401, 429, 500, 503} {
		for range 2 { // errors are not cached
			r := h.chat("gw", fmt.Sprintf("emulator/status-%d", status), "hi")
			upstream, ok := r.body["error"].(object)
			if r.status != status || !ok || upstream["message"] == "" || r.header.Get("cf-aig-cache-status") != "MISS" {
				t.Errorf("status-%d: %d %s", status, r.status, r.raw)
			}
			if r.header.Get("cf-aig-log-id") == "" {
				t.Errorf("status-%d: no log", status)
			}
		}
	}
	for _, model := range []string{"unknown", "status-x", "status-200", "status-", "slow-x", "slow--1s"} {
		r := h.chat("gw", "emulator/"+model, "hi")
		if upstream, _ := r.body["error"].(object); r.status != 404 || upstream["code"] != "model_not_found" {
			t.Errorf("%s: %d %s", model, r.status, r.raw)
		}
	}
	if r := h.chat("gw", "emulator/garbage", "hi"); r.status != 200 || json.Valid([]byte(r.raw)) {
		t.Errorf("garbage: %d %s", r.status, r.raw)
	}
	r := h.chat("gw", "emulator/empty", "hi")
	if choices, ok := r.body["choices"].([]any); r.status != 200 || !ok || len(choices) != 0 {
		t.Errorf("empty: %d %s", r.status, r.raw)
	}
	before := time.Now()
	h.chat("gw", "emulator/slow-20ms", "hi").text(t)
	if time.Since(before) < 20*time.Millisecond {
		t.Error("slow was fast")
	}
}

func TestFaultModelsOnTheWire(t *testing.T) {
	running := listen(t, emulator.Options{})
	running.Server.PutGateway(accountID, object{"id": "gw"})
	url := running.DataPlaneURL() + "/" + accountID + "/gw/compat/chat/completions"
	body := func(model string, stream bool) string {
		return toJSON(t, object{"model": "emulator/" + model, "stream": stream, "messages": []object{{"role": "user", "content": "hi"}}})
	}
	if status, text, err := do(t.Context(), t, "POST", url, body("cut", false)); err == nil {
		t.Errorf("cut: %d %s", status, text)
	}
	status, text, err := do(t.Context(), t, "POST", url, body("cut", true))
	if status != 200 || err == nil || !strings.HasPrefix(text, "data: {") || strings.Contains(text, "[DONE]") {
		t.Errorf("cut stream: %d %q %v", status, text, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if status, text, err := do(ctx, t, "POST", url, body("slow", false)); err == nil {
		t.Errorf("slow: %d %s", status, text)
	}
}

func TestStreaming(t *testing.T) {
	running := listen(t, emulator.Options{})
	running.Server.PutGateway(accountID, object{"id": "gw", "cache_ttl": 60})
	url := running.DataPlaneURL() + "/" + accountID + "/gw/compat/chat/completions"
	for range 2 { // streams are not cached
		r, err := http.NewRequestWithContext(t.Context(), "POST", url, strings.NewReader(
			`{"model":"openai/gpt-5.2","stream":true,"messages":[{"role":"user","content":"hello <you>"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := answer.Header.Get("Content-Type"); got != "text/event-stream" {
			t.Errorf("Content-Type = %s", got)
		}
		if got := answer.Header.Get("cf-aig-cache-status"); got != "MISS" {
			t.Errorf("cache status = %s", got)
		}
		var text, finish string
		var usage object
		var last string
		for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
			data, ok := strings.CutPrefix(lines.Text(), "data: ")
			if !ok {
				continue
			}
			if last = data; data == "[DONE]" {
				continue
			}
			var chunk struct {
				Object  string
				Model   string
				Choices []struct {
					Delta        struct{ Content string }
					FinishReason string `json:"finish_reason"`
				}
				Usage object
			}
			if err := json.Unmarshal([]byte(data), &chunk); err != nil {
				t.Fatal(err)
			}
			if chunk.Object != "chat.completion.chunk" || chunk.Model != "gpt-5.2" {
				t.Errorf("chunk = %s", data)
			}
			for _, c := range chunk.Choices {
				text += c.Delta.Content
				finish += c.FinishReason
			}
			usage = chunk.Usage
		}
		if err := answer.Body.Close(); err != nil {
			t.Error(err)
		}
		if !strings.HasSuffix(text, "The prompt was: hello <you>") || finish != "stop" || last != "[DONE]" {
			t.Errorf("text = %q, finish_reason = %q, last = %q", text, finish, last)
		}
		if usage["prompt_tokens"] != 2.0 || usage["completion_tokens"] != float64(len(strings.Fields(text))) {
			t.Errorf("usage = %v", usage)
		}
	}
}

func TestStreamsOfFaultModels(t *testing.T) {
	h := open(t)
	stream := func(model string) reply {
		return h.chatBody("gw", object{"model": model, "stream": true, "messages": []object{{"role": "user", "content": "hi"}}})
	}
	if r := stream("emulator/status-500"); r.status != 500 || r.header.Get("Content-Type") != "application/json" {
		t.Errorf("status-500: %d %s", r.status, r.raw)
	}
	if r := stream("emulator/empty"); strings.Contains(r.raw, "delta") || !strings.HasSuffix(r.raw, "data: [DONE]\n\n") {
		t.Errorf("empty: %s", r.raw)
	}
}
