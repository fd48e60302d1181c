package chat_test

import (
	"strings"
	"testing"
)

// The response about a missing or disabled custom provider is the same as that
// about a provider that AI Gateway does not support.
func TestCustomProviderUnknown(t *testing.T) {
	t.Parallel()
	const (
		custom  = `A custom provider with the slug "my-llm" must exist in the account and have enable = true. It is disabled by default.`
		general = "Write the model as {provider}/{model} with a provider that AI Gateway supports"
		onREST  = "Write the model as {author}/{model}"
	)
	for name, test := range map[string]struct {
		model, api string
		want, not  string
	}{
		"custom":            {model: "custom-my-llm/m", want: custom, not: general},
		"without a slug":    {model: "custom-/m", want: general, not: "must exist"},
		"of a similar name": {model: "customs/m", want: general, not: "must exist"},
		"in the model":      {model: "openai/custom-my-llm", want: general, not: "must exist"},
		"on the REST API":   {model: "custom-my-llm/m", api: "chat_completions", want: onREST, not: "must exist"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, respond(400, "application/json", gatewayError(2008, "Invalid provider")))
			config := attrs{"model": test.model, "prompt": "Hi"}
			if test.api != "" {
				config["api"], config["gateway_id"] = test.api, "my-gateway"
			}
			_, diags := configure(t, server.URL, attrs{"max_retries": 0}).read(t.Context(), t, config)
			text := texts(diags)
			if len(diags) != 1 || !strings.Contains(text, test.want) {
				t.Errorf("%q is missing in:\n%s", test.want, text)
			}
			for _, not := range []string{test.not, "{custom slug}", `"{provider}"`} {
				if strings.Contains(text, not) {
					t.Errorf("%q is in:\n%s", not, text)
				}
			}
			if test.want != custom {
				return
			}
			for _, want := range []string{
				`AI Gateway does not know the provider "custom-my-llm", which is the first part of the model "custom-my-llm/m". Account ` + account +
					` has no custom provider with the slug "my-llm", or it is disabled.`,
				"take the first part of the model from the attribute request_slug of the aigateway_custom_provider",
			} {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in:\n%s", want, text)
				}
			}
		})
	}
}
