package customprovider_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// TestRefused: what the service would refuse is refused in the plan, at its
// attribute, whether the custom provider exists or not.
func TestRefused(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	there, _ := existing(t, service, server)
	const slug, address = "must consist of letters, digits and hyphens", "must be a URL that starts with https://"
	for name, test := range map[string]struct {
		config   attrs
		at, says string
	}{
		"slug with underscore":   {attrs{"slug": "my_llm"}, "slug", slug},
		"slug with dot":          {attrs{"slug": "my.llm"}, "slug", slug},
		"slug with space":        {attrs{"slug": "my llm"}, "slug", slug},
		"slug with slash":        {attrs{"slug": "my/llm"}, "slug", slug},
		"slug with line end":     {attrs{"slug": "my\n"}, "slug", slug},
		"slug of others letters": {attrs{"slug": "größe"}, "slug", slug},
		"empty slug":             {attrs{"slug": ""}, "slug", slug},

		"http":            {attrs{"base_url": "http://llm.example.com"}, "base_url", address},
		"no scheme":       {attrs{"base_url": "llm.example.com/v1"}, "base_url", address},
		"upper case":      {attrs{"base_url": "HTTPS://llm.example.com"}, "base_url", address},
		"no host":         {attrs{"base_url": "https://"}, "base_url", address},
		"no host, a path": {attrs{"base_url": "https:///v1"}, "base_url", address},
		"no host, query":  {attrs{"base_url": "https://?a=b"}, "base_url", address},
		"space in it":     {attrs{"base_url": "https://llm.example.com/a b"}, "base_url", address},
		"space before":    {attrs{"base_url": " https://llm.example.com"}, "base_url", address},
		"empty base_url":  {attrs{"base_url": ""}, "base_url", address},

		"empty name":    {attrs{"name": ""}, "name", "string length must be at least 1"},
		"short account": {attrs{"account_id": "0123"}, "account_id", "32 hexadecimal digits in lower case"},

		"header without name": {attrs{"headers": attrs{"": "header-hush-1"}}, "", "One of the names in headers is not a valid name of an HTTP header"},
		"header with space":   {attrs{"headers": attrs{"X Key": "header-hush-1"}}, "", "One of the names in headers is not a valid name"},
		"header in the name":  {attrs{"headers": attrs{"X-Key: header-hush-1": "x"}}, "", "One of the names in headers is not a valid name"},
		"header of two lines": {
			attrs{"headers": attrs{"X-Key": "header-hush-1\r\nX-Evil: 1"}}, "", `The value of the header "X-Key" in headers is not valid`,
		},
	} {
		for which, provider := range map[string]*protocol.Resource{"new": server.Resource(resourceType), "existing": there} {
			_, diags := provider.Plan(with(test.config))
			if len(diags) != 1 {
				t.Errorf("%s, %s: %d diagnostics, want 1: %s", name, which, len(diags), diags)
			}
			requireSaid(t, diags, test.at, test.says)
			requireSecret(t, diags.String())
		}
	}
	service.RequireRequests(t)
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	for name, config := range map[string]attrs{
		"slug of one letter":       {"slug": "a"},
		"slug of hyphens":          {"slug": "-A-0-"},
		"host alone":               {"base_url": "https://a"},
		"host and port":            {"base_url": "https://127.0.0.1:8443"},
		"IPv6":                     {"base_url": "https://[::1]:1/"},
		"query":                    {"base_url": "https://a.example/v1?a=b"},
		"odd header":               {"headers": attrs{"X_Key!": "", "a": "ä\tü"}},
		"all unknown":              {"name": protocol.Unknown, "slug": protocol.Unknown, "base_url": protocol.Unknown, "headers": protocol.Unknown},
		"unknown header":           {"headers": attrs{"A": protocol.Unknown}},
		"null header":              {"headers": attrs{"A": nil}},
		"a long text as long link": {"link": strings.Repeat("x", 5000)},
	} {
		provider := server.Resource(resourceType)
		plan, diags := provider.Plan(with(config))
		if len(diags) != 0 || plan.Action != protocol.Create {
			t.Errorf("%s: %s", name, diags)
		}
	}
	provider := server.Resource(resourceType)
	provider.MustApply(with(attrs{"headers": attrs{"A": nil, "B": ""}}))
	requireState(t, provider, attrs{"headers": attrs{"A": nil, "B": ""}})
}

// The required attributes are required by the schema, and headers are secret.
func TestSchema(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	for _, attribute := range server.Schema().ResourceSchemas[resourceType].Block.Attributes {
		required := attribute.Name == "name" || attribute.Name == "slug" || attribute.Name == "base_url"
		if attribute.Required != required || attribute.Sensitive != (attribute.Name == "headers") || attribute.WriteOnly {
			t.Errorf("%+v", attribute)
		}
	}
	for _, source := range []string{"aigateway_custom_provider", "aigateway_custom_providers"} {
		for _, attribute := range server.Schema().DataSourceSchemas[source].Block.Attributes {
			if attribute.Name == "headers" {
				t.Errorf("%s shows headers", source)
			}
		}
	}
}

// A slug with the prefix of requests is accepted with a warning: requests would double it.
func TestSlugWithPrefix(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	r := server.Resource(resourceType)
	config := attrs{"name": "Mine", "slug": "custom-llm", "base_url": "https://llm.example.com/v1"}
	diags := r.Validate(config)
	if diags.HasError() || len(diags) != 1 || !strings.Contains(diags.String(), `must name this custom provider custom-custom-llm`) ||
		!strings.Contains(diags.String(), `set slug = "llm"`) {
		t.Error(diags)
	}
	config["slug"] = "llm"
	if diags := r.Validate(config); len(diags) != 0 {
		t.Error(diags)
	}
}
