package chat_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func TestRead(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		for name, value := range map[string]string{
			"cf-aig-cache-status": "MISS", "cf-aig-log-id": "0199-log", "cf-aig-step": "1", "cf-aig-provider": "openai", "cf-aig-model": "gpt-x",
			"cf-aig-routed-model": "openai/gpt-x", "cf-aig-routing-reason": "cost_optimal_within_pool", "cf-aig-routing-decision-id": "d",
		} {
			w.Header().Set(name, value)
		}
		respond(200, "application/json", completion)(w, r)
	})
	tf := configure(t, server.URL, attrs{"test_request_headers": attrs{"Authorization": "Bearer key-of-the-provider"}})
	config := attrs{
		"gateway_id": "my-gateway", "model": model, "timeout": 30,
		"messages": []any{
			attrs{"role": "system", "content": "Be brief."},
			attrs{"role": "user", "content": "Hi"},
		},
		"metadata": attrs{"team": "a", "cfx": "b"},
		"headers":  attrs{"cf-aig-cache-ttl": "60"},
	}
	if text := texts(tf.validate(t, config)); text != "" {
		t.Fatal(text)
	}
	state, diags := tf.read(t.Context(), t, config)
	if text := texts(diags); text != "" {
		t.Fatal(text)
	}
	want := map[string]any{
		"account_id": account, "gateway_id": "my-gateway", "api": "compat", "model": model, "prompt": nil, "max_tokens": nil,
		"messages": []any{
			map[string]any{"role": "system", "content": "Be brief."},
			map[string]any{"role": "user", "content": "Hi"},
		},
		"metadata": map[string]any{"team": "a", "cfx": "b"}, "headers": map[string]any{"cf-aig-cache-ttl": "60"},
		"expect_status": int64(200), "timeout": int64(30),
		"status_code": int64(200), "response_text": "Hello.", "response_model": "gpt-x-2026", "finish_reason": "stop",
		"prompt_tokens": int64(3), "completion_tokens": int64(2),
		"cache_status": "MISS", "log_id": "0199-log", "step": int64(1), "provider_name": "openai",
		"routed_model": "openai/gpt-x", "routing_reason": "cost_optimal_within_pool", "error_code": nil, "error_message": nil,
		"response_json": state["response_json"],
	}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Error(diff)
	}
	var got, original any
	if err := json.Unmarshal([]byte(fmt.Sprint(state["response_json"])), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(completion), &original); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(original, got); diff != "" {
		t.Error(diff)
	}

	seen := server.seen()
	if len(seen) != 1 {
		t.Fatalf("%d requests", len(seen))
	}
	if want := "POST /v1/" + account + "/my-gateway/compat/chat/completions"; seen[0].uri != want {
		t.Errorf("got %s, want %s", seen[0].uri, want)
	}
	if want := `{"model":"openai/gpt-x","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"}]}`; seen[0].body != want {
		t.Errorf("got %s, want %s", seen[0].body, want)
	}
	for name, want := range map[string]string{
		"cf-aig-authorization": "Bearer " + token, "Authorization": "Bearer key-of-the-provider", "cf-aig-cache-ttl": "60",
		"cf-aig-metadata": `{"cfx":"b","team":"a"}`, "Content-Type": "application/json", "User-Agent": "terraform-provider-aigateway/test",
	} {
		if got := seen[0].header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestReadWithDefaults(t *testing.T) {
	server := serve(t, respond(200, "application/json", `{"choices":[]}`))
	state, diags := configure(t, server.URL, nil).read(t.Context(), t, attrs{"model": model, "prompt": "Hi"})
	if text := texts(diags); text != "" {
		t.Fatal(text)
	}
	want := map[string]any{
		"account_id": account, "gateway_id": "default", "api": "compat", "model": model, "prompt": "Hi", "messages": nil, "max_tokens": nil,
		"metadata": nil, "headers": nil,
		"expect_status": int64(200), "timeout": int64(60), "status_code": int64(200), "response_json": `{"choices":[]}`,
		"response_text": nil, "response_model": nil, "finish_reason": nil, "prompt_tokens": nil, "completion_tokens": nil,
		"cache_status": nil, "log_id": nil, "step": nil, "provider_name": nil, "routed_model": nil, "routing_reason": nil, "error_code": nil, "error_message": nil,
	}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Error(diff)
	}
	seen := server.seen()
	if len(seen) != 1 || seen[0].body != `{"model":"openai/gpt-x","messages":[{"role":"user","content":"Hi"}]}` {
		t.Errorf("requests: %v", seen)
	}
	for _, name := range []string{"Authorization", "cf-aig-metadata"} {
		if got := seen[0].header.Get(name); got != "" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

func TestReadOwnAccount(t *testing.T) {
	const own = "ffffffffffffffffffffffffffffffff"
	server := serve(t, respond(200, "application/json", completion))
	state, diags := configure(t, server.URL, attrs{"account_id": unknown{}}).read(t.Context(), t,
		attrs{"model": model, "prompt": "Hi", "account_id": own})
	if text := texts(diags); text != "" {
		t.Fatal(text)
	}
	if state["account_id"] != own || !strings.Contains(server.seen()[0].uri, "/"+own+"/default/") {
		t.Errorf("account %v, request %s", state["account_id"], server.seen()[0].uri)
	}
}

func TestReadExpectedError(t *testing.T) {
	server := serve(t, respond(429, "application/json", `{"success":false,"result":[],"messages":[],"error":[{"code":2003,"message":"Rate limited"}]}`))
	state, diags := configure(t, server.URL, nil).read(t.Context(), t, attrs{"model": model, "prompt": "Hi", "expect_status": 429})
	if text := texts(diags); text != "" {
		t.Fatal(text)
	}
	for name, want := range map[string]any{
		"status_code": int64(429), "error_code": int64(2003), "error_message": "Rate limited", "response_text": nil,
		"response_json": `{"error":[{"code":2003,"message":"Rate limited"}],"messages":[],"result":[],"success":false}`,
	} {
		if state[name] != want {
			t.Errorf("%s: got %v, want %v", name, state[name], want)
		}
	}
	if n := len(server.seen()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

// A request that expects a missing gateway does not wait for the gateway.
func TestReadExpectedNoGateway(t *testing.T) {
	server := serve(t, respond(400, "application/json", `{"success":false,"error":[{"code":2001,"message":"Please configure"}]}`))
	state, diags := configure(t, server.URL, nil).read(t.Context(), t, attrs{"model": model, "prompt": "Hi", "expect_status": 400})
	if text := texts(diags); text != "" {
		t.Fatal(text)
	}
	if state["error_code"] != int64(2001) || len(server.seen()) != 1 {
		t.Errorf("code %v after %d requests", state["error_code"], len(server.seen()))
	}
}

// A new gateway may not be available yet, so the same request is sent again.
func TestReadNewGateway(t *testing.T) {
	var n int
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if n++; n == 1 {
			respond(400, "application/json", `{"success":false,"error":[{"code":2001,"message":"Please configure"}]}`)(w, r)
			return
		}
		respond(200, "application/json", completion)(w, r)
	})
	state, diags := configure(t, server.URL, nil).read(t.Context(), t, attrs{"model": model, "prompt": "Hi"})
	if text := texts(diags); text != "" {
		t.Fatal(text)
	}
	seen := server.seen()
	if state["response_text"] != "Hello." || len(seen) != 2 || seen[0].body != seen[1].body {
		t.Errorf("requests: %v", seen)
	}
}

// The provider rejects headers that would change the target or the credentials of
// a request.
func TestTestRequestHeaders(t *testing.T) {
	for _, name := range []string{"CF-AIG-Authorization", "cf-aig-gateway-id", "Host", "content-length", "Transfer-Encoding", "User-Agent", "Content-Type"} {
		t.Run(name, func(t *testing.T) {
			tf := start(t)
			resp, err := tf.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: dynamic(t, tf.provider, attrs{
				"api_token": token, "account_id": account, "test_request_headers": attrs{name: "hidden-value"},
			})})
			if err != nil {
				t.Fatal(err)
			}
			text := texts(resp.Diagnostics)
			if !strings.Contains(text, `the header "`+name+`" is the provider's own to set`) || strings.Contains(text, "hidden-value") {
				t.Error(text)
			}
		})
	}
}

// No request is sent if any value is invalid or unknown.
func TestReadSendsNothing(t *testing.T) {
	plainRequest := attrs{"model": model, "prompt": "Hi"}
	for name, test := range map[string]struct {
		provider attrs
		config   attrs
		want     []string
		not      []string
	}{
		"not allowed": {
			provider: attrs{"allow_test_requests": nil}, config: plainRequest,
			want: []string{
				"Test requests are not allowed", "costs money", "terraform test, check blocks", "No request was sent",
				"allow_test_requests = true", "AIGATEWAY_ALLOW_TEST_REQUESTS", "remove the data source",
			},
		},
		"switched off": {
			provider: attrs{"allow_test_requests": false}, config: plainRequest, want: []string{"Test requests are not allowed"},
		},
		"perhaps allowed": {
			provider: attrs{"allow_test_requests": unknown{}}, config: plainRequest,
			want: []string{"Test requests may not be allowed", "known only after apply", "AIGATEWAY_ALLOW_TEST_REQUESTS"},
		},
		"not allowed, and no token yet": {
			provider: attrs{"allow_test_requests": nil, "gateway_token": unknown{}}, config: plainRequest,
			want: []string{"Test requests are not allowed"}, not: []string{"gateway_token"},
		},
		"token unknown": {
			provider: attrs{"gateway_token": unknown{}}, config: plainRequest,
			want: []string{"Unknown provider configuration", "gateway_token of the provider"},
		},
		"address unknown": {
			provider: attrs{"gateway_base_url": unknown{}}, config: plainRequest,
			want: []string{"Unknown provider configuration", "gateway_base_url of the provider"},
		},
		"header unknown": {
			provider: attrs{"test_request_headers": attrs{"Authorization": unknown{}}}, config: plainRequest,
			want: []string{"Unknown provider configuration", "test_request_headers of the provider"},
		},
		"address unknown, REST": {
			provider: attrs{"base_url": unknown{}}, config: attrs{"model": model, "prompt": "Hi", "api": "run"},
			want: []string{"Unknown provider configuration", "base_url of the provider"}, not: []string{"wire_format", "api_token"},
		},
		"token unknown, REST": {
			provider: attrs{"gateway_token": unknown{}}, config: attrs{"model": model, "prompt": "Hi", "api": "responses"},
			want: []string{"Unknown provider configuration", "gateway_token of the provider"},
		},
		"not allowed, REST": {
			provider: attrs{"allow_test_requests": nil}, config: attrs{"model": model, "prompt": "Hi", "api": "messages"},
			want: []string{"Test requests are not allowed"},
		},
		"account missing": {
			provider: attrs{"account_id": nil}, config: plainRequest, want: []string{"Missing account ID", "CLOUDFLARE_ACCOUNT_ID"},
		},
		"account unknown": {
			provider: attrs{"account_id": unknown{}}, config: plainRequest,
			want: []string{"Unknown account ID", "known only after apply", "No request was sent", "set account_id to a known value"},
		},
		"gateway unknown": {
			config: attrs{"model": model, "prompt": "Hi", "gateway_id": unknown{}},
			want:   []string{"Unknown values in a test request", "none was sent"},
		},
		"metadata unknown": {
			config: attrs{"model": model, "prompt": "Hi", "metadata": attrs{"a": unknown{}}},
			want:   []string{"Unknown values in a test request"},
		},
		"test header twice": {
			provider: attrs{"test_request_headers": attrs{"X-Key": "hidden-value", "x-key": "hidden-value"}}, config: plainRequest,
			want: []string{"Unable to send test request", `The header "x-key" is set twice, so no request was sent.`}, not: []string{"hidden-value"},
		},
		// The client also rejects what validation rejects.
		"path in the gateway": {
			config: attrs{"model": model, "prompt": "Hi", "gateway_id": "a/../b"},
			want:   []string{"Unable to send test request", `"a/../b" cannot be the ID of a gateway, so no request was sent.`},
		},
		"bad account": {
			config: attrs{"model": model, "prompt": "Hi", "account_id": "../x"},
			want:   []string{"Unable to send test request", "is not an account ID"},
		},
		"path in the gateway, REST": {
			config: attrs{"model": model, "prompt": "Hi", "gateway_id": "a/../b", "api": "run"},
			want:   []string{"Unable to send test request", `"a/../b" cannot be the ID of a gateway, so no request was sent.`},
		},
		"bad account, REST": {
			config: attrs{"model": model, "prompt": "Hi", "account_id": "../x", "api": "run"},
			want:   []string{"Unable to send test request", "is not an account ID"},
		},
		"other API": {
			config: attrs{"model": model, "prompt": "Hi", "api": "run/../x"},
			want:   []string{"Unable to send test request", `There is no API "run/../x", so no request was sent.`},
		},
		"nothing but instructions": {
			config: attrs{"model": model, "messages": []any{attrs{"role": "system", "content": "Be brief."}}, "api": "messages"},
			want:   []string{"Unable to send test request", "The Messages API needs a message of the role user or assistant"},
		},
		"foreign header": {
			config: attrs{"model": model, "prompt": "Hi", "headers": attrs{"authorization": "x"}},
			want:   []string{"Unable to send test request", `The header "authorization" is none of AI Gateway's`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, respond(200, "application/json", completion))
			state, diags := configure(t, server.URL, test.provider).read(t.Context(), t, test.config)
			text := texts(diags)
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in:\n%s", want, text)
				}
			}
			for _, not := range append(test.not, token) {
				if strings.Contains(text, not) {
					t.Errorf("%q is in:\n%s", not, text)
				}
			}
			for _, d := range diags {
				if d.Attribute != nil {
					t.Errorf("the error has a path, %s", d.Attribute)
				}
			}
			if state != nil {
				t.Errorf("state %v", state)
			}
			if n := len(server.seen()); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestReadUnconfigured(t *testing.T) {
	_, diags := start(t).read(t.Context(), t, attrs{"model": model, "prompt": "Hi"})
	if text := texts(diags); !strings.Contains(text, "Provider not configured") {
		t.Errorf("errors: %s", text)
	}
}

// With an expected status other than 200, the body may have any format.
func TestReadExpectedPage(t *testing.T) {
	server := serve(t, respond(502, "text/html", "<html></html>"))
	state, diags := configure(t, server.URL, nil).read(t.Context(), t, attrs{"model": model, "prompt": "Hi", "expect_status": 502})
	if text := texts(diags); text != "" {
		t.Fatal(text)
	}
	for _, name := range []string{"response_json", "error_code", "error_message"} {
		if state[name] != nil {
			t.Errorf("%s: %v", name, state[name])
		}
	}
}
