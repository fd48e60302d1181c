package provider_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// Provider attributes may depend on objects that the same apply creates. This is
// an error only if a request needs them.
func TestUnknownConfiguration(t *testing.T) {
	const summary = "Unknown provider configuration"
	for attribute, test := range map[string]struct {
		// settings and models are the summaries of the errors of requests to the
		// control plane and the data plane, or "" if the request is sent.
		settings, models string
	}{
		"api_token":            {summary, summary},
		"account_id":           {"Unknown account ID", "Unknown account ID"},
		"gateway_token":        {"", summary},
		"base_url":             {summary, ""},
		"gateway_base_url":     {"", summary},
		"max_retries":          {summary, summary},
		"allow_test_requests":  {"", "Test requests may not be allowed"},
		"test_request_headers": {"", summary},
	} {
		t.Run(attribute, func(t *testing.T) {
			// A variable does not replace an unknown attribute.
			environment := env{
				"CLOUDFLARE_API_TOKEN": "token-of-the-env", "CLOUDFLARE_ACCOUNT_ID": accountB, "CLOUDFLARE_BASE_URL": "https://env.example",
				"AIGATEWAY_GATEWAY_BASE_URL": "https://env.example", "AIGATEWAY_MAX_RETRIES": "1", "AIGATEWAY_ALLOW_TEST_REQUESTS": "true",
			}
			c := base(config{"allow_test_requests": true, attribute: protocol.Unknown})
			server, s := mustConfigure(t, environment, c)

			plan, diags := server.Resource("aigateway_gateway").Plan(config{"name": "demo"})
			if len(diags) != 0 || plan.Action != protocol.Create {
				t.Fatalf("plan:\n%s", diags)
			}
			s.requireNone(t)

			for _, plane := range []struct {
				read func(*testing.T, *protocol.Server, ...config) (config, protocol.Diagnostics)
				want string
			}{{readGateway, test.settings}, {chat, test.models}} {
				s.requests = nil
				_, diags := plane.read(t, server)
				if plane.want == "" {
					if diags.HasError() || len(s.requests) != 1 {
						t.Errorf("%d requests:\n%s", len(s.requests), diags)
					}
					continue
				}
				requireError(t, diags, "", plane.want, "known only after apply")
				s.requireNone(t)
			}
		})
	}
}

// Errors name only the unknown attributes.
func TestUnknownIsNamed(t *testing.T) {
	for _, attribute := range []string{"api_token", "base_url", "max_retries"} {
		server, _ := mustConfigure(t, nil, base(config{attribute: protocol.Unknown}))
		_, diags := readGateway(t, server)
		requireError(t, diags, "", "Unknown provider configuration", "A request is due, but "+attribute+" of the provider is known only after apply")
	}
	server, s := mustConfigure(t, nil, base(config{"api_token": protocol.Unknown, "base_url": protocol.Unknown}))
	if _, diags := readGateway(t, server); len(diags) != 2 {
		t.Errorf("want two errors:\n%s", diags)
	}
	s.requireNone(t)
}

// With a gateway token, requests to models do not need the API token.
func TestUnknownAPITokenBesideGatewayToken(t *testing.T) {
	server, s := mustConfigure(t, nil, base(config{
		"api_token": protocol.Unknown, "gateway_token": "run-token-1", "allow_test_requests": true,
	}))
	if _, diags := chat(t, server); diags.HasError() {
		t.Fatalf("%s", diags)
	}
	if got := s.only(t).Header.Get("cf-aig-authorization"); got != "Bearer run-token-1" {
		t.Error(got)
	}
}

// One unknown header prevents the request, which would differ without it.
func TestUnknownHeader(t *testing.T) {
	server, s := mustConfigure(t, nil, base(config{
		"test_request_headers": config{"Authorization": protocol.Unknown, "X-Known": "known-value"}, "allow_test_requests": true,
	}))
	_, diags := chat(t, server)
	requireError(t, diags, "", "Unknown provider configuration", "test_request_headers of the provider")
	s.requireNone(t)
}

// A gateway can be planned with all attributes unknown, and then its URLs are
// unknown too. Only the wire format must be known, because it decides which values
// a plan may contain.
func TestPlanWithEverythingUnknown(t *testing.T) {
	c := config{}
	for _, attribute := range slices.Sorted(maps.Keys(sources)) {
		c[attribute] = protocol.Unknown
	}
	if _, _, diags := configure(t, nil, c); !diags.At("wire_format").HasError() {
		t.Errorf("an unknown wire format: %s", diags)
	}
	delete(c, "wire_format")
	server, s := mustConfigure(t, nil, c)
	plan, diags := server.Resource("aigateway_gateway").Plan(config{"name": "demo"})
	if len(diags) != 0 || plan.Action != protocol.Create {
		t.Fatalf("%s", diags)
	}
	planned := protocol.Object(t, plan.Planned)
	for _, attribute := range []string{"account_id", "gateway_url", "compat_base_url"} {
		if planned[attribute] != any(protocol.Unknown) {
			t.Errorf("%s is planned as %v", attribute, planned[attribute])
		}
	}
	s.requireNone(t)
	// The gateway cannot be created either.
	if diags := server.Resource("aigateway_gateway").Apply(plan); !diags.HasError() {
		t.Error("a gateway was created with an unknown token")
	}
	s.requireNone(t)
}
