package chat_test

import (
	"strings"
	"testing"
)

// Errors about a model that the gateway chooses do not blame a provider, least of all one
// named "dynamic".
func TestRouteErrors(t *testing.T) {
	for name, test := range map[string]struct {
		model, api string
		status     int
		body       string
		wants      []string
	}{
		"2005": {
			model: "dynamic/support", status: 400, body: gatewayError(2005, "Failed to get response from provider"),
			wants: []string{
				`The chat request to model "dynamic/support" through gateway "my-gateway"`,
				`There are three possible causes. Gateway "my-gateway" has no dynamic route "support". No model of the route responded, because each failed, ` +
					"had no credentials or exceeded its spend limit. Or the path of this request through the route ends without a model.",
				"Check the route's name (the part after dynamic/) and gateway_id. Then check the models of the route, their credentials, and the target of on_fallback.",
			},
		},
		"2005 on the REST API": {
			model: "dynamic/support", api: "chat_completions", status: 400, body: restError(2005, "Failed to get response from provider"),
			wants: []string{`Gateway "my-gateway" has no dynamic route "support"`, "Check the route's name"},
		},
		"2005 of a provider": {
			model: model, status: 400, body: gatewayError(2005, "Failed to get response from provider"),
			wants: []string{"no usable response from the provider openai. The provider failed"},
		},
		"2005 of a provider of a similar name": {
			model: "dynamics/x", status: 400, body: gatewayError(2005, "Failed to get response from provider"),
			wants: []string{"no usable response from the provider dynamics"},
		},
		"a failure that is passed on": {
			model: "dynamic/support", status: 401, body: `{"error":{"message":"Incorrect API key"}}`,
			wants: []string{"The provider of the route's model did not accept the credentials", "To use your own key of the provider of the route's model, store it"},
		},
		"2008 for an alias": {
			model: "custom/support-fast", status: 400, body: gatewayError(2008, "Invalid provider"),
			wants: []string{
				`Gateway "my-gateway" has no model alias "support-fast", or this API has no aliases. Aliases belong to one gateway.`,
				"Create the alias in the dashboard, in the gateway's section Routing, or correct gateway_id and model. Cloudflare documents aliases for its REST API " +
					`(api = "chat_completions", for example), and has published no API to manage them, so this provider cannot create them. ` +
					"A model of a custom provider is custom-{slug}/{model}, with a hyphen.",
			},
		},
		"7003 for an alias": {
			model: "custom/support-fast", api: "run", status: 404, body: restError(7003, "Model not found: custom/support-fast"),
			wants: []string{`Gateway "my-gateway" has no model alias "support-fast"`, "Create the alias in the dashboard"},
		},
		"a server's, for an alias":            {model: "custom/support-fast", status: 503, body: `{}`, wants: []string{"The provider of the alias's model or AI Gateway failed"}},
		"a server's, through the Auto Router": {model: "cloudflare/auto", status: 503, body: `{}`, wants: []string{"The provider that the Auto Router chose or AI Gateway failed"}},
		"a server's":                          {model: "dynamic/support", status: 503, body: `{}`, wants: []string{"The provider of the route's model or AI Gateway failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, respond(test.status, "application/json", test.body))
			config := attrs{"model": test.model, "prompt": "Hi", "gateway_id": "my-gateway"}
			if test.api != "" {
				config["api"] = test.api
			}
			_, diags := configure(t, server.URL, attrs{"max_retries": 0}).read(t.Context(), t, config)
			text := texts(diags)
			for _, want := range test.wants {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in:\n%s", want, text)
				}
			}
			for _, not := range []string{"provider dynamic ", "provider dynamic,", "provider dynamic:", "provider custom ", "provider cloudflare", "{route}", "{alias}", "{provider}"} {
				if strings.Contains(text, not) {
					t.Errorf("%q is in:\n%s", not, text)
				}
			}
		})
	}
}
