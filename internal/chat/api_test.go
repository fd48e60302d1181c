package chat_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Each API receives its own request body, and state contains its response.
func TestReadAPI(t *testing.T) {
	const rest = "POST /client/v4/accounts/" + account + "/ai"
	for name, test := range map[string]struct {
		config   attrs
		response string
		uri      string
		body     string
		gateway  string // the header
		want     map[string]any
	}{
		"chat_completions": {
			config: attrs{"api": "chat_completions", "gateway_id": "my-gateway", "max_tokens": 9}, response: completion,
			uri: rest + "/v1/chat/completions", gateway: "my-gateway",
			body: `{"model":"openai/gpt-x","messages":[{"role":"user","content":"Hi"}],"max_completion_tokens":9}`,
			want: map[string]any{
				"gateway_id": "my-gateway", "max_tokens": int64(9), "response_text": "Hello.", "response_model": "gpt-x-2026", "finish_reason": "stop",
				"prompt_tokens": int64(3), "completion_tokens": int64(2),
			},
		},
		"chat_completions, Workers AI": {
			config: attrs{"api": "chat_completions", "model": "@cf/meta/llama"}, response: completion, uri: rest + "/v1/chat/completions",
			body: `{"model":"@cf/meta/llama","messages":[{"role":"user","content":"Hi"}]}`,
			want: map[string]any{"gateway_id": nil, "max_tokens": nil, "model": "@cf/meta/llama"},
		},
		"responses": {
			config: attrs{"api": "responses"}, uri: rest + "/v1/responses", body: `{"model":"openai/gpt-x","input":"Hi"}`,
			response: `{"object":"response","status":"completed","model":"gpt-x-2026","output":[{"type":"reasoning"},` +
				`{"type":"message","content":[{"type":"output_text","text":"Hello."}]}],"usage":{"input_tokens":3,"output_tokens":2}}`,
			want: map[string]any{
				"gateway_id": nil, "max_tokens": nil, "response_text": "Hello.", "response_model": "gpt-x-2026", "finish_reason": "completed",
				"prompt_tokens": int64(3), "completion_tokens": int64(2),
			},
		},
		"messages": {
			config: attrs{"api": "messages", "gateway_id": "my-gateway", "prompt": nil, "messages": []any{
				attrs{"role": "system", "content": "Be brief."}, attrs{"role": "user", "content": "Hi"},
			}},
			uri: rest + "/v1/messages", gateway: "my-gateway",
			body:     `{"model":"openai/gpt-x","max_tokens":1024,"system":"Be brief.","messages":[{"role":"user","content":"Hi"}]}`,
			response: `{"type":"message","model":"c","content":[{"type":"text","text":"Hello."}],"stop_reason":"end_turn","usage":{"input_tokens":3,"output_tokens":2}}`,
			want: map[string]any{
				"gateway_id": "my-gateway", "max_tokens": int64(1024), "response_text": "Hello.", "response_model": "c", "finish_reason": "end_turn",
				"prompt_tokens": int64(3), "completion_tokens": int64(2),
			},
		},
		"messages, tokens": {
			config: attrs{"api": "messages", "max_tokens": 5}, uri: rest + "/v1/messages", response: `{"content":[]}`,
			body: `{"model":"openai/gpt-x","max_tokens":5,"messages":[{"role":"user","content":"Hi"}]}`,
			want: map[string]any{"gateway_id": nil, "max_tokens": int64(5), "response_text": nil},
		},
		"run": {
			config: attrs{"api": "run", "gateway_id": "default"}, uri: rest + "/run", gateway: "default",
			body:     `{"model":"openai/gpt-x","input":{"messages":[{"role":"user","content":"Hi"}]}}`,
			response: `{"success":true,"result":{"response":"Hello.","usage":{"prompt_tokens":3,"completion_tokens":2}},"errors":[],"messages":[]}`,
			want: map[string]any{
				"gateway_id": "default", "max_tokens": nil, "response_text": "Hello.", "response_model": nil, "finish_reason": nil,
				"prompt_tokens": int64(3), "completion_tokens": int64(2),
			},
		},
		"run, with its state": {
			config: attrs{"api": "run", "max_tokens": 7}, uri: rest + "/run",
			body:     `{"model":"openai/gpt-x","input":{"messages":[{"role":"user","content":"Hi"}],"max_tokens":7}}`,
			response: `{"success":true,"result":{"state":"Completed","result":` + completion + `}}`,
			want:     map[string]any{"gateway_id": nil, "response_text": "Hello.", "finish_reason": "stop", "completion_tokens": int64(2)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, respond(200, "application/json", test.response))
			config := attrs{"model": model, "prompt": "Hi"}
			maps.Copy(config, test.config)
			// The address of the data plane does not matter here.
			tf := configure(t, server.URL, attrs{"gateway_base_url": "https://192.0.2.1", "test_request_headers": attrs{"Authorization": "Bearer key-of-the-provider"}})
			if text := texts(tf.validate(t, config)); text != "" {
				t.Fatal(text)
			}
			state, diags := tf.read(t.Context(), t, config)
			if text := texts(diags); text != "" {
				t.Fatal(text)
			}
			for name, want := range test.want {
				if state[name] != want {
					t.Errorf("%s: got %v, want %v", name, state[name], want)
				}
			}
			if state["api"] != test.config["api"] || state["status_code"] != int64(200) || state["account_id"] != account {
				t.Errorf("state %v", state)
			}
			seen := server.seen()
			if len(seen) != 1 {
				t.Fatalf("%d requests", len(seen))
			}
			if seen[0].uri != test.uri {
				t.Errorf("got %s, want %s", seen[0].uri, test.uri)
			}
			if diff := cmp.Diff(test.body, seen[0].body); diff != "" {
				t.Error(diff)
			}
			for name, want := range map[string]string{"Authorization": "Bearer " + token, "cf-aig-gateway-id": test.gateway, "cf-aig-authorization": ""} {
				if got := seen[0].header.Get(name); got != want {
					t.Errorf("%s: got %q, want %q", name, got, want)
				}
			}
		})
	}
}

// Only the REST API needs the address of the control plane.
func TestReadWithoutControlPlane(t *testing.T) {
	server := serve(t, respond(200, "application/json", completion))
	_, diags := configure(t, server.URL, attrs{"base_url": unknown{}, "api_token": unknown{}}).read(t.Context(), t, attrs{"model": model, "prompt": "Hi"})
	if text := texts(diags); text != "" || len(server.seen()) != 1 {
		t.Errorf("%d requests, errors: %s", len(server.seen()), text)
	}
	// The REST API accepts the gateway token.
	_, diags = configure(t, server.URL, attrs{"api_token": nil}).read(t.Context(), t, attrs{"model": model, "prompt": "Hi", "api": "chat_completions"})
	if text := texts(diags); text != "" || len(server.seen()) != 2 {
		t.Errorf("%d requests, errors: %s", len(server.seen()), text)
	}
}

// The REST API also retries a gateway that is not available yet.
func TestReadNewGatewayOnREST(t *testing.T) {
	var n int
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n++; n == 1 {
			respond(400, "application/json", restError(2001, "Please configure"))(w, r)
			return
		}
		respond(200, "application/json", completion)(w, r)
	})
	state, diags := configure(t, server.URL, nil).read(t.Context(), t,
		attrs{"model": model, "prompt": "Hi", "api": "chat_completions", "gateway_id": "my-gateway"})
	if text := texts(diags); text != "" {
		t.Fatal(text)
	}
	if seen := server.seen(); state["response_text"] != "Hello." || len(seen) != 2 || seen[0].body != seen[1].body {
		t.Errorf("requests: %v", seen)
	}
}

func TestReadSomethingElseOnREST(t *testing.T) {
	for name, test := range map[string]struct {
		api, body string
		want      []string
	}{
		"chat_completions": {"chat_completions", `{"output":["the-body"]}`, []string{"JSON without choices", "OpenAI's format", "probably does not come from AI Gateway", "Check base_url (or CLOUDFLARE_BASE_URL)"}},
		"responses":        {"responses", `{"choices":["the-body"]}`, []string{"JSON without the output of a successful response", "Responses API"}},
		"messages":         {"messages", `{"choices":["the-body"]}`, []string{"JSON without the content of a message", "Anthropic's format"}},
		"run":              {"run", `{"success":true,"result":{}}`, []string{"JSON without the result of a completed run", "Cloudflare's envelope"}},
		"a run that failed": {
			"run", `{"success":true,"result":{"state":"Failed","error":{"code":"provider_unavailable","message":"Down"},"x":"the-body"}}`,
			[]string{`code "provider_unavailable": Down`, "may have been billed", "Correct what the message names, or run it again later"},
		},
		"a response that failed": {"responses", `{"status":"failed","error":{"code":"server_error","message":"Oops"},"output":[]}`, []string{`code "server_error": Oops`}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, respond(200, "application/json", test.body))
			state, diags := configure(t, server.URL, nil).read(t.Context(), t, attrs{"model": model, "prompt": "Hi", "api": test.api})
			text := texts(diags)
			subject := `The chat request to model "openai/gpt-x" with api = "` + test.api + `" without a gateway_id in account ` + account
			for _, want := range append(test.want, "Test request did not return a chat completion", subject) {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in:\n%s", want, text)
				}
			}
			if strings.Contains(text, "the-body") || strings.Contains(text, "{") {
				t.Errorf("the error contains the body or a placeholder:\n%s", text)
			}
			if state != nil || len(server.seen()) != 1 {
				t.Errorf("state %v after %d requests", state, len(server.seen()))
			}
		})
	}
}

func TestReadWithoutResponseOnREST(t *testing.T) {
	server := serve(t, respond(200, "application/json", completion))
	server.Close()
	_, diags := configure(t, server.URL, nil).read(t.Context(), t, attrs{"model": model, "prompt": "Hi", "api": "responses", "gateway_id": "my-gateway"})
	text := texts(diags)
	for _, want := range []string{
		"Unable to connect to Cloudflare's API", `model "openai/gpt-x" with api = "responses" through gateway "my-gateway" in account ` + account + " failed",
		"nothing was billed", "Check base_url (or CLOUDFLARE_BASE_URL) and any proxy in between.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in:\n%s", want, text)
		}
	}
}

// restError returns an error in the format of Cloudflare's REST API.
func restError(code int, message string) string {
	return fmt.Sprintf(`{"success":false,"errors":[{"code":%d,"message":%q}],"messages":[],"result":null}`, code, message)
}

// On the REST API, some errors have another meaning or call for another action,
// and others do not.
func TestUnexpectedStatusOnREST(t *testing.T) {
	const permissions = "Set gateway_token (or CF_AIG_TOKEN) of the provider configuration to a token with the account permission AI Gateway Run, and for Workers AI models also Workers AI Read"
	const names = "Write the model as {author}/{model}, with an author such as openai, anthropic, google or xai, or as @cf/{author}/{model} for Workers AI"
	for name, test := range map[string]struct {
		model   string // openai/gpt-x where empty
		gateway any
		status  int
		body    string
		what    string
		why     string
		next    string
	}{
		"2001": {
			gateway: "my-gateway", status: 400, body: restError(2001, "Please configure"),
			what: `through gateway "my-gateway" in account ` + account + " returned HTTP 400 Bad Request, code 2001: Please configure",
			why:  `has no gateway "my-gateway", or the gateway is not available yet`, next: "depends_on",
		},
		"2003, gateway unnamed": {
			status: 429, body: restError(2003, "Rate limited"), what: "without a gateway_id in account " + account,
			why: `The rate limit of gateway "default" is exceeded`, next: "Wait until the interval has passed",
		},
		"2008": {status: 400, body: restError(2008, "Invalid provider"), what: "code 2008", why: `does not know the author "openai"`, next: names},
		"2009": {
			gateway: "my-gateway", status: 401, body: restError(2009, "Unauthorized"), what: "HTTP 401 Unauthorized, code 2009: Unauthorized",
			why: "or the provider openai did not accept the key that is stored in the gateway (BYOK)", next: permissions,
		},
		"2017 of the run API": {
			status: 422, body: restError(2017, "Prompt blocked"), what: "HTTP 422 Unprocessable Entity, code 2017",
			why:  "block the prompt or the model's response, because it matches a category that is set to BLOCK. The API returns the same error for both. A prompt that is blocked does not reach the model",
			next: "Change the prompt or the gateway's settings. The gateway's log shows which side matched.",
		},
		"2017 of another API": {
			status: 424, body: restError(2017, "Response blocked"), what: "HTTP 424 Failed Dependency, code 2017",
			why: "block the model's response, because it matches a category that is set to BLOCK. The response was billed.", next: "Change the prompt or the gateway's settings",
		},
		"2019": {status: 400, body: restError(2019, "Bad format"), what: "code 2019", why: `Usually, the model "openai/gpt-x" lacks its author`, next: names},
		"2021": {
			status: 402, body: restError(2021, "Insufficient wholesale credits"), what: "HTTP 402 Payment Required, code 2021", why: "does not have enough credits for Unified Billing",
			next: "Add credits in the dashboard, in the AI Gateway section. To use your own key of the provider openai, store it in the gateway (BYOK, with aigateway_provider_config).",
		},
		"2049": {
			status: 402, body: restError(2049, "Insufficient balance"), what: "code 2049", why: "The balance of account " + account + " does not cover the request",
			next: "store it in the gateway (BYOK, with aigateway_provider_config).",
		},
		"6003": {
			status: 400, body: `{"success":false,"errors":[{"code":6003,"message":"Invalid request headers","error_chain":[{"code":6111,"message":"Invalid format for Authorization header"}]}],"messages":[],"result":null}`,
			what: "HTTP 400 Bad Request, code 6003: Invalid request headers: Invalid format for Authorization header",
			why:  "Usually it is a Global API Key", next: "Create a token in the dashboard under My Profile, API Tokens. " + permissions,
		},
		"7003, no model": {
			status: 404, body: restError(7003, "Model not found: x"), what: "HTTP 404 Not Found, code 7003: Model not found: x",
			why: `The model "openai/gpt-x" does not exist or is not available to account ` + account + ", or the API does not exist at this address", next: names,
		},
		"7003, bad input": {
			status: 400, body: restError(7003, "Model execution failed (User Input Error): y"), what: "HTTP 400 Bad Request, code 7003: Model execution failed",
			why: `The model "openai/gpt-x" rejected its input`, next: `With api = "run", each model has its own input format`,
		},
		"7013": {status: 503, body: restError(7013, "Scanner unavailable"), what: "code 7013", why: "The scanner of the guardrails was not available", next: "Run it again later"},
		"9109": {status: 403, body: restError(9109, "Unauthorized"), what: "code 9109", why: "does not accept the token for account " + account, next: permissions},
		"10000": {
			model: "@cf/meta/llama", gateway: "my-gateway", status: 401, body: restError(10000, "Authentication error"),
			what: "HTTP 401 Unauthorized, code 10000: Authentication error",
			why:  "lacks a permission on account " + account + ": AI Gateway Run, and for a Workers AI model (@cf/…) also Workers AI Read", next: permissions,
		},
		"policy": {
			gateway: "my-gateway", status: 429, body: `{"success":false,"error":{"message":"Spending limit exceeded"}}`, what: "Spending limit exceeded",
			why: `The spending limit of a policy of gateway "my-gateway" is exceeded`, next: "Wait until the policy's period has passed",
		},
		"byok_only": {
			status: 400, body: `{"success":false,"error":{"message":"Provider credentials required"}}`, what: "Provider credentials required",
			why: `Either gateway "default" accepts only requests with a key of the provider`, next: "To use your own key of the provider openai, store it in the gateway (BYOK, with aigateway_provider_config).",
		},
		"provider's 401": {
			status: 401, body: `{"error":{"message":"Incorrect API key","code":"invalid_api_key"}}`, what: `code "invalid_api_key"`,
			why: "Either Cloudflare did not accept the token, or the provider openai did not accept its credentials", next: permissions,
		},
		"provider's 404": {
			status: 404, body: `{"type":"error","error":{"type":"not_found_error","message":"model: x"}}`, what: `code "not_found_error": model: x`,
			why: `The provider openai has no model "openai/gpt-x"`, next: "Check base_url (or CLOUDFLARE_BASE_URL)",
		},
		"404 of something else": {
			status: 404, body: "<html></html>", what: "HTTP 404 Not Found", why: "it comes neither from AI Gateway nor from a provider", next: "Check base_url (or CLOUDFLARE_BASE_URL)",
		},
		"429 of the API": {
			status: 429, body: restError(10429, "Slow down"), what: "code 10429: Slow down", why: "or that of Cloudflare's API, which allows 1200 requests in five minutes", next: "Wait a few minutes",
		},
		"500 of Workers AI": {
			model: "@cf/meta/llama", status: 500, body: restError(1, "Oops"), what: "HTTP 500", why: "The provider Workers AI or AI Gateway failed", next: "was not repeated",
		},
		"503": {
			status: 503, body: `{"error":{"message":"Down"}}`, what: "HTTP 503 Service Unavailable: Down", why: "the credentials of Unified Billing",
			next: "Run it again later",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, respond(test.status, "application/json", test.body))
			config := attrs{"model": model, "prompt": "the-prompt", "api": "run", "gateway_id": test.gateway}
			if test.model != "" {
				config["model"] = test.model
			}
			// Without retries, so that no time passes.
			state, diags := configure(t, server.URL, attrs{"max_retries": 0}).read(t.Context(), t, config)
			if len(diags) != 1 {
				t.Fatalf("errors: %s", texts(diags))
			}
			parts := strings.Split(diags[0].Detail, "\n\n")
			wants := []string{test.what, test.why, test.next, fmt.Sprintf("set expect_status = %d.", test.status)}
			if len(parts) != len(wants) {
				t.Fatalf("the detail has %d parts:\n%s", len(parts), diags[0].Detail)
			}
			for i, want := range wants {
				if !strings.Contains(parts[i], want) {
					t.Errorf("%q is missing in:\n%s", want, parts[i])
				}
			}
			for _, not := range []string{
				"{gateway}", "{account}", "provider {provider}", "{bring", "{check", "the-prompt", token, `gateway ""`, "@cf failed", "provider @cf",
				"test_request_headers", "gateway_base_url",
			} {
				if strings.Contains(diags[0].Detail, not) {
					t.Errorf("%q is in:\n%s", not, diags[0].Detail)
				}
			}
			if state != nil || len(server.seen()) != 1 {
				t.Errorf("state %v after %d requests", state, len(server.seen()))
			}
		})
	}
}
