package chat_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// gatewayError returns an error in the format of the data plane.
func gatewayError(code int, message string) string {
	return fmt.Sprintf(`{"success":false,"result":[],"messages":[],"error":[{"code":%d,"message":%q}]}`, code, message)
}

// Every documented error has a message with what happened, why, and what to do
// next.
func TestUnexpectedStatus(t *testing.T) {
	const page = "<html></html>"
	for name, test := range map[string]struct {
		status int
		body   string
		expect int // 200 where 0
		what   string
		why    string
		next   string
	}{
		"2001": {
			status: 400, body: gatewayError(2001, "Please configure AI Gateway in the Cloudflare dashboard"),
			what: "HTTP 400 Bad Request, code 2001: Please configure AI Gateway in the Cloudflare dashboard",
			why:  `Account ` + account + ` has no gateway "my-gateway", or the gateway is not available yet.`,
			next: "gateway_id = aigateway_gateway.example.id), not through a local value or a module output, or add depends_on = [aigateway_gateway.example]",
		},
		"2001, newer form": {
			status: 400, body: `{"success":false,"error":[{"name":"AiGatewayError","httpCode":400,"internalCode":2001,"description":"No gateway"}]}`,
			what: "HTTP 400 Bad Request, code 2001: No gateway", why: `has no gateway "my-gateway"`, next: "depends_on",
		},
		"2002": {
			status: 400, body: gatewayError(2002, "Failed to parse model output"),
			what: "code 2002: Failed to parse model output", why: "could not read the output of the model of the provider openai", next: "try another model",
		},
		"2003": {
			status: 429, body: gatewayError(2003, "Rate limited"),
			what: "HTTP 429 Too Many Requests, code 2003: Rate limited",
			why:  `The rate limit of gateway "my-gateway" is exceeded. It allows rate_limiting_limit requests in rate_limiting_interval seconds`,
			next: "Wait until the interval has passed, or raise the limit",
		},
		"2005": {
			status: 400, body: gatewayError(2005, "Failed to get response from provider"),
			what: "code 2005: Failed to get response from provider", why: "no usable response from the provider openai. The provider failed or could not be reached.", next: "Check the model's name and the provider's credentials",
		},
		"2008": {
			status: 400, body: gatewayError(2008, "Invalid provider"),
			what: "code 2008: Invalid provider", why: `AI Gateway does not know the provider "openai", which is the first part of the model "openai/gpt-x"`,
			next: "Write the model as {provider}/{model}",
		},
		"2009": {
			status: 401, body: gatewayError(2009, "Unauthorized"),
			what: "HTTP 401 Unauthorized, code 2009: Unauthorized",
			why:  "lacks the permission AI Gateway Run on account " + account + ". A key of the model's provider does not help here.",
			next: "Set gateway_token (or CF_AIG_TOKEN) of the provider configuration to a token with the account permission AI Gateway Run",
		},
		"5007": {
			status: 400, body: restError(5007, "No such model @cf/meta/x or task"),
			what: "HTTP 400 Bad Request, code 5007: No such model @cf/meta/x or task", why: "Workers AI has no such model.",
			next: "workers-ai/@cf/{author}/{model}. The data source aigateway_models lists the models that the gateway can reach.",
		},
		"2016": {
			status: 424, body: gatewayError(2016, "Prompt blocked due to security configurations"),
			what: "HTTP 424 Failed Dependency, code 2016: Prompt blocked", why: `guardrails of gateway "my-gateway" block the prompt`, next: "Change the prompt or the gateway's settings",
		},
		"2017": {
			status: 424, body: gatewayError(2017, "Response blocked due to security configurations"),
			what: "code 2017: Response blocked", why: "block the model's response", next: "Change the prompt or the gateway's settings",
		},
		"2019": {
			status: 400, body: gatewayError(2019, "Chat completion bad format"),
			what: "code 2019: Chat completion bad format", why: "does not accept this chat request", next: "Write the model as {provider}/{model}, and check messages",
		},
		"2021": {
			status: 402, body: gatewayError(2021, "Insufficient wholesale credits"),
			what: "HTTP 402 Payment Required, code 2021: Insufficient wholesale credits", why: "pays for a request if neither the request nor the gateway has a key of the provider openai. " +
				"A stored key is not used either if the gateway has authentication = false or no store_id. The scanner of the guardrails needs credits as well.",
			next: "Add credits in the dashboard, in the AI Gateway section. To use your own key of the provider openai",
		},
		"2029": {
			status: 400, body: gatewayError(2029, "Request content blocked due to DLP policy violations"),
			what: "code 2029: Request content blocked", why: `(DLP) of gateway "my-gateway" blocks the request`, next: "Change the prompt or the gateway's settings",
		},
		"2029 with another status": {
			status: 424, body: gatewayError(2029, "Request content blocked"), what: "HTTP 424 Failed Dependency, code 2029", why: "blocks the request", next: "Change the prompt",
		},
		"2030": {
			status: 400, body: gatewayError(2030, "Response content blocked due to DLP policy violations"),
			what: "code 2030: Response content blocked", why: `(DLP) of gateway "my-gateway" blocks the response`, next: "Change the prompt or the gateway's settings",
		},
		"2040": {
			status: 400, body: gatewayError(2040, "Provider 'openai' has no BYOK credential named 'x'. Configured aliases: default"),
			what: "code 2040: Provider 'openai' has no BYOK credential named 'x'", why: "no stored key of the provider openai under the alias",
			next: "Correct cf-aig-byok-alias in headers, or store a key under that alias with aigateway_provider_config.",
		},
		"2040, without the secret": {
			status: 400, body: gatewayError(2040, "Configured BYOK credentials are unavailable"),
			what: "code 2040: Configured BYOK credentials are unavailable",
			why:  "Or it has one but cannot use its secret, because the secret is still pending, was deleted from the Secrets Store, or lacks the scope ai_gateway.",
			next: "A new key may take several seconds to become usable. aigateway_provider_config waits for that, so add it to depends_on " +
				"and run it again. Otherwise look for the secret in the Secrets Store, under the name my-gateway_<provider>_<alias>.",
		},
		"2041": {
			status: 429, body: gatewayError(2041, "Spend limit exceeded: rule 'a' (cost limit 1 per 60s, fixed)"),
			what: "code 2041: Spend limit exceeded: rule 'a'", why: `A spend limit of gateway "my-gateway" is exceeded`, next: "Wait until the limit's window has passed",
		},
		"2045": {
			status: 429, body: gatewayError(2045, "Spend limit exceeded: rule 'a'"),
			what: "code 2045: Spend limit exceeded", why: `A spend limit of gateway "my-gateway" is exceeded`, next: "Wait until the limit's window has passed",
		},
		"2047": {
			status: 401, body: gatewayError(2047, "Invalid User Credentials"),
			what: "code 2047: Invalid User Credentials", why: `Unified Billing does not pay for the model "openai/gpt-x"`, next: "Choose a model that Unified Billing offers",
		},
		"2049": {
			status: 402, body: gatewayError(2049, "Insufficient balance"),
			what: "code 2049: Insufficient balance", why: "The balance of account " + account + " does not cover the request", next: "Add credits",
		},
		"7003, no model": {
			status: 404, body: `{"success":false,"errors":[{"code":7003,"message":"Model not found: x"}]}`,
			what: "HTTP 404 Not Found, code 7003: Model not found: x", why: `The model "openai/gpt-x" does not exist`, next: "catalog of its provider, openai",
		},
		"7003, bad input": {
			status: 400, body: `{"success":false,"errors":[{"code":7003,"message":"Model execution failed (User Input Error): y"}]}`,
			what: "HTTP 400 Bad Request, code 7003: Model execution failed", why: `The model "openai/gpt-x" rejected its input`, next: "Check that the model accepts the prompt or messages",
		},
		"7013": {
			status: 503, body: gatewayError(7013, "Scanner unavailable"),
			what: "HTTP 503 Service Unavailable, code 7013", why: "The scanner of the guardrails was not available", next: "Run it again later",
		},
		"10000": {
			status: 401, body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`,
			what: "HTTP 401 Unauthorized, code 10000: Authentication error", why: "Authorization, which is missing or lacks the permission Workers AI Read",
			next: `add Authorization = "Bearer …" to test_request_headers`,
		},
		"policy denies": {
			status: 403, body: `{"success":false,"error":{"message":"Access denied by policy"}}`,
			what: "HTTP 403 Forbidden: Access denied by policy", why: `A policy of gateway "my-gateway" denies the request`, next: "Find the policy that blocks this model",
		},
		"policy limits": {
			status: 429, body: `{"success":false,"error":{"message":"Spending limit exceeded","bucket":"b","spent":2,"limit":1}}`,
			what: "HTTP 429 Too Many Requests: Spending limit exceeded", why: "The spending limit of a policy", next: "Wait until the policy's period has passed",
		},
		"byok_only": {
			status: 400, body: `{"success":false,"error":{"message":"Provider credentials required"}}`,
			what: "HTTP 400 Bad Request: Provider credentials required", why: "accepts only requests with a key of the provider (byok_only) and found none",
			next: "To use your own key of the provider openai, store it in the gateway (BYOK, with aigateway_provider_config), or add the provider's own header",
		},
		"provider's 400": {
			status: 400, body: `{"error":{"message":"Unknown parameter","type":"invalid_request_error","code":null}}`,
			what: `HTTP 400 Bad Request, code "invalid_request_error": Unknown parameter`, why: "the provider openai rejected the request as malformed",
			next: "correct model, prompt or messages",
		},
		"provider's 401": {
			status: 401, body: `{"error":{"message":"Incorrect API key","type":"x","code":"invalid_api_key"}}`,
			what: `HTTP 401 Unauthorized, code "invalid_api_key": Incorrect API key`,
			why:  "The provider openai did not accept the credentials, or received none. This is not about the token for the gateway",
			next: "to test_request_headers of the provider configuration",
		},
		"provider's 402": {
			status: 402, body: `{"error":{"message":"Pay"}}`, what: "HTTP 402 Payment Required: Pay", why: "The provider openai requires payment", next: "Add credit at the provider",
		},
		"provider's 403": {
			status: 403, body: `{"error":{"message":"No"}}`, what: "HTTP 403 Forbidden: No", why: `its key may not use the model "openai/gpt-x"`, next: "Check the permissions of the key at the provider",
		},
		"provider's 404": {
			status: 404, body: `{"error":{"message":"No such model","code":"model_not_found"}}`,
			what: `HTTP 404 Not Found, code "model_not_found": No such model`, why: `The provider openai has no model "openai/gpt-x"`, next: "Check the model's name",
		},
		"404 of something else": {
			status: 404, body: page, what: "HTTP 404 Not Found", why: "it comes neither from AI Gateway nor from a provider", next: "Check gateway_base_url",
		},
		"405 of something else": {
			status: 405, body: page, what: "HTTP 405 Method Not Allowed", why: "it comes neither from AI Gateway nor from a provider", next: "Check gateway_base_url",
		},
		"provider's 429": {
			status: 429, body: `{"error":{"message":"Slow down","code":"rate_limit_exceeded"}}`,
			what: `HTTP 429 Too Many Requests, code "rate_limit_exceeded": Slow down`, why: "This is not the gateway's own rate limit, which has code 2003", next: "Wait and run it again",
		},
		"429 with an unknown code": {
			status: 429, body: gatewayError(2999, "Later"), what: "code 2999: Later", why: "The rate limit of the provider openai", next: "Wait and run it again",
		},
		"other 4xx": {
			status: 422, body: `{"detail":"Nope"}`, what: "HTTP 422 Unprocessable Entity: Nope", why: "rejected the request", next: "see the whole response in response_json",
		},
		"500": {status: 500, body: `{"error":"crashed"}`, what: "HTTP 500 Internal Server Error: crashed", why: "The provider openai or AI Gateway failed", next: "was not repeated, because it may have been billed"},
		"503": {status: 503, body: page, what: "HTTP 503 Service Unavailable", why: "The provider openai or AI Gateway failed", next: "Run it again later"},
		"529": {status: 529, body: `{}`, what: "HTTP 529", why: "The provider openai or AI Gateway failed", next: "Run it again later"},
		"redirect": {
			status: 302, body: page, what: "HTTP 302 Found", why: "The redirect was not followed", next: "Check gateway_base_url",
		},
		"success instead of a rate limit": {
			status: 200, body: completion, expect: 429,
			what: "HTTP 200 OK (cache status HIT, log ID 0199-log, CF-Ray 8-AMS)", why: "The model responded, but the test expects another status",
			next: `cf-aig-skip-cache = "true"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if test.status == 200 {
					w.Header().Set("cf-aig-cache-status", "HIT")
					w.Header().Set("cf-aig-log-id", "0199-log")
					w.Header().Set("CF-Ray", "8-AMS")
				}
				w.Header().Set("Location", "/elsewhere")
				respond(test.status, "application/json", test.body)(w, r)
			})
			expect := test.expect
			if expect == 0 {
				expect = 200
			}
			// Without retries, so that no time passes.
			state, diags := configure(t, server.URL, attrs{"max_retries": 0}).read(t.Context(), t,
				attrs{"model": model, "prompt": "the-prompt", "gateway_id": "my-gateway", "expect_status": expect})
			if len(diags) != 1 {
				t.Fatalf("errors: %s", texts(diags))
			}
			if want := fmt.Sprintf("Test request returned HTTP %d instead of %d", test.status, expect); diags[0].Summary != want {
				t.Errorf("got %q, want %q", diags[0].Summary, want)
			}
			parts := strings.Split(diags[0].Detail, "\n\n")
			wants := []string{test.what, test.why, test.next}
			if test.status >= 400 {
				wants = append(wants, fmt.Sprintf("If the test expects this response, set expect_status = %d.", test.status))
			}
			if len(parts) != len(wants) {
				t.Fatalf("the detail has %d parts, want %d:\n%s", len(parts), len(wants), diags[0].Detail)
			}
			for i, want := range wants {
				if !strings.Contains(parts[i], want) {
					t.Errorf("%q is missing in:\n%s", want, parts[i])
				}
			}
			const subject = `The chat request to model "openai/gpt-x" through gateway "my-gateway" in account ` + account + ` returned `
			if !strings.HasPrefix(parts[0], subject) {
				t.Errorf("the detail begins with %q", parts[0])
			}
			for _, not := range []string{"{gateway}", "{account}", "{status}", "provider {provider}", "the-prompt", token} {
				if strings.Contains(diags[0].Detail, not) {
					t.Errorf("%q is in:\n%s", not, diags[0].Detail)
				}
			}
			if state != nil {
				t.Errorf("state %v", state)
			}
			if n := len(server.seen()); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
