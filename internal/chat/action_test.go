package chat_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

const actionType = "aigateway_test_request"

// routed responds as a gateway that routed a request.
func routed(w http.ResponseWriter, r *http.Request) {
	for name, value := range map[string]string{
		"cf-aig-cache-status": "MISS", "cf-aig-log-id": "0199-log", "cf-aig-step": "1", "cf-aig-provider": "openai",
		"cf-aig-routed-model": "openai/gpt-x", "cf-aig-routing-reason": "cost_optimal_within_pool",
	} {
		w.Header().Set(name, value)
	}
	respond(200, "application/json", completion)(w, r)
}

// actions starts a provider that may send requests to the data plane. change overrides its
// attributes.
func actions(t *testing.T, server *dataPlane, change attrs) *protocol.Server {
	t.Helper()
	config := attrs{
		"api_token": "token-of-the-api", "gateway_token": token, "account_id": account, "allow_test_requests": true, "max_retries": int64(0),
		"base_url": server.URL + "/client/v4", "gateway_base_url": server.URL + "/v1",
	}
	maps.Copy(config, change)
	factory := provider.NewWithOptions("test", provider.Options{Getenv: func(string) string { return "" }})
	return protocol.New(t, factory, config)
}

func request(change attrs) attrs {
	config := attrs{"gateway_id": "my-gateway", "model": model, "prompt": "Hi"}
	maps.Copy(config, change)
	return config
}

// TestAction sends one request when it is invoked, and none before.
func TestAction(t *testing.T) {
	server := serve(t, routed)
	tf := actions(t, server, attrs{"test_request_headers": attrs{"Authorization": "Bearer key-of-the-provider"}})
	config := request(attrs{
		"metadata": attrs{"team": "a", "beta": true}, "headers": attrs{"cf-aig-cache-ttl": "60"},
		"expect": attrs{
			"response_text": "(?i)^HELLO", "response_model": "gpt-x-2026", "finish_reason": "stop", "cache_status": "MISS", "provider_name": "openai",
			"routed_model": "openai/gpt-x", "routing_reason": "cost_optimal_within_pool", "step": int64(1),
		},
	})
	if diags := tf.PlanAction(actionType, config); len(diags) != 0 || len(server.seen()) != 0 {
		t.Fatalf("the plan sends %d requests: %s", len(server.seen()), diags)
	}
	progress, diags := tf.InvokeAction(actionType, config)
	if len(diags) != 0 {
		t.Fatal(diags)
	}
	seen := server.seen()
	if len(seen) != 1 || seen[0].uri != "POST /v1/"+account+"/my-gateway/compat/chat/completions" {
		t.Fatalf("sent: %+v", seen)
	}
	for name, want := range map[string]string{
		"cf-aig-authorization": "Bearer " + token, "Authorization": "Bearer key-of-the-provider", "cf-aig-cache-ttl": "60",
		"cf-aig-metadata": `{"beta":true,"team":"a"}`,
	} {
		if got := seen[0].header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if len(progress) != 2 || progress[0] != "Sending a chat request to openai/gpt-x through gateway my-gateway." ||
		!strings.HasPrefix(progress[1], "HTTP 200 after ") ||
		!strings.HasSuffix(progress[1], ", provider openai, model gpt-x-2026, routed model openai/gpt-x, cache MISS, log 0199-log.") {
		t.Errorf("progress: %q", progress)
	}
}

// TestActionExpects fails on every part of the response that is not as expected.
func TestActionExpects(t *testing.T) {
	for name, test := range map[string]struct {
		expect any
		at     string
		says   string
	}{
		"model":         {"another", "response_model", `response_model should be "another", but the response has "gpt-x-2026"`},
		"finish_reason": {"length", "finish_reason", `should be "length", but the response has "stop"`},
		"cache_status":  {"HIT", "cache_status", `should be "HIT", but the response has "MISS"`},
		"provider_name": {"anthropic", "provider_name", `should be "anthropic", but the response has "openai"`},
		"routed_model":  {"a/b", "routed_model", `should be "a/b"`},
		"reason":        {"r", "routing_reason", `should be "r"`},
		"step":          {int64(0), "step", `should be "0", but the response has "1"`},
		"error_code":    {int64(2003), "error_code", `should be "2003", but the response has none`},
		"text":          {"^Bye", "response_text", `should match "^Bye", but the response has "Hello."`},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, routed)
			_, diags := actions(t, server, nil).InvokeAction(actionType, request(attrs{"expect": attrs{test.at: test.expect}}))
			if len(diags) != 1 || len(diags.At("expect")) != 1 || !strings.Contains(diags.String(), test.says) ||
				!strings.Contains(diags.String(), "terraform apply -invoke=action.aigateway_test_request.<name>") {
				t.Errorf("%s", diags)
			}
			if len(server.seen()) != 1 {
				t.Errorf("%d requests", len(server.seen()))
			}
		})
	}
	t.Run("two at once", func(t *testing.T) {
		server := serve(t, routed)
		_, diags := actions(t, server, nil).InvokeAction(actionType, request(attrs{"expect": attrs{"step": int64(0), "cache_status": "HIT"}}))
		if len(diags.At("expect")) != 2 || strings.Count(diags.String(), "-invoke=") != 1 {
			t.Errorf("%s", diags)
		}
	})
}

// TestActionStatus expects a status, as a test of a limit does.
func TestActionStatus(t *testing.T) {
	limited := func(w http.ResponseWriter, r *http.Request) {
		respond(429, "application/json", `{"success":false,"result":[],"error":[{"code":2003,"message":"Rate limited"}]}`)(w, r)
	}
	server := serve(t, limited)
	tf := actions(t, server, nil)
	if _, diags := tf.InvokeAction(actionType, request(attrs{"expect_status": int64(429), "expect": attrs{"error_code": int64(2003)}})); len(diags) != 0 {
		t.Error(diags)
	}
	_, diags := tf.InvokeAction(actionType, request(nil))
	for _, part := range []string{"Test request returned HTTP 429 instead of 200", "-invoke=action.aigateway_test_request.<name>"} {
		if !strings.Contains(diags.String(), part) {
			t.Errorf("%q does not say %q", diags, part)
		}
	}
	if len(server.seen()) != 2 {
		t.Errorf("%d requests", len(server.seen()))
	}
}

// TestActionRefused: nothing is sent, and what can be told at plan time fails the plan.
func TestActionRefused(t *testing.T) {
	for name, test := range map[string]struct {
		provider, config attrs
		planned          bool // whether the plan succeeds
		says             string
	}{
		"not allowed":         {attrs{"allow_test_requests": nil}, request(nil), false, "Test requests are not allowed"},
		"forbidden":           {attrs{"allow_test_requests": false}, request(nil), false, "remove the action from action_trigger"},
		"allowed later":       {attrs{"allow_test_requests": protocol.Unknown}, request(nil), true, "Test requests may not be allowed"},
		"unknown prompt":      {nil, request(attrs{"prompt": protocol.Unknown}), true, "Unknown values in a test request"},
		"neither":             {nil, request(attrs{"prompt": nil}), false, "prompt"},
		"no model":            {nil, request(attrs{"model": "gpt"}), false, "must be {provider}/{model}"},
		"REST name":           {nil, request(attrs{"model": "@cf/meta/llama"}), false, "workers-ai/@cf/meta/llama"},
		"metadata twice":      {nil, request(attrs{"metadata": attrs{"a": "b"}, "headers": attrs{"CF-AIG-Metadata": "{}"}}), false, "Conflicting metadata"},
		"header":              {nil, request(attrs{"headers": attrs{"Authorization": "Bearer x"}}), false, "Invalid header"},
		"token":               {nil, request(attrs{"headers": attrs{"cf-aig-authorization": "x"}}), false, "gateway_token"},
		"regular expression":  {nil, request(attrs{"expect": attrs{"response_text": "("}}), false, "Invalid regular expression"},
		"status":              {nil, request(attrs{"expect_status": int64(99)}), false, "expect_status"},
		"no account":          {attrs{"account_id": nil}, request(nil), true, "Missing account ID"},
		"empty messages":      {nil, request(attrs{"prompt": nil, "messages": []any{}}), false, "messages"},
		"nested metadata":     {nil, request(attrs{"metadata": attrs{"a": attrs{"b": "c"}}}), false, "Invalid metadata"},
		"no token whatsoever": {attrs{"api_token": nil, "gateway_token": nil}, request(nil), true, "token"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, routed)
			factory := provider.NewWithOptions("test", provider.Options{Getenv: func(string) string { return "" }})
			config := attrs{
				"api_token": "token-of-the-api", "gateway_token": token, "account_id": account, "allow_test_requests": true,
				"base_url": server.URL + "/client/v4", "gateway_base_url": server.URL + "/v1",
			}
			maps.Copy(config, test.provider)
			tf, diags := protocol.Configure(t, factory, config)
			if !diags.HasError() { // without any token, the provider itself refuses
				planned := tf.PlanAction(actionType, test.config)
				if planned.HasError() == test.planned {
					t.Errorf("the plan: %s", planned)
				}
				_, diags = tf.InvokeAction(actionType, test.config)
			}
			if !diags.HasError() || !strings.Contains(diags.String(), test.says) {
				t.Errorf("%q does not say %q", diags, test.says)
			}
			if len(server.seen()) != 0 {
				t.Errorf("%d requests", len(server.seen()))
			}
		})
	}
}

// TestActionMatchesDataSource: what a request can be is the same for both.
func TestActionMatchesDataSource(t *testing.T) {
	schema := actions(t, serve(t, routed), nil).Schema()
	inputs := map[string]string{}
	for _, attribute := range schema.DataSourceSchemas[typeName].Block.Attributes {
		if attribute.Required || attribute.Optional {
			inputs[attribute.Name] = attribute.Description
		}
	}
	for _, attribute := range schema.ActionSchemas[actionType].Schema.Block.Attributes {
		if attribute.Name == "expect" {
			continue
		}
		if _, ok := inputs[attribute.Name]; !ok {
			t.Errorf("only the action has %s", attribute.Name)
		}
		if strings.Contains(attribute.Description, "tored in state") {
			t.Errorf("%s is said to be in state: %s", attribute.Name, attribute.Description)
		}
		delete(inputs, attribute.Name)
	}
	for name := range inputs {
		t.Errorf("only the data source has %s", name)
	}
}
