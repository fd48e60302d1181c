package provider_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// sources are the attributes with their environment variables, and functions that
// return the value in use.
var sources = map[string]struct {
	env string
	// attribute and variable are the values of the attribute and of the variable.
	attribute any
	variable  string
	// fallback is the default, or "" if the setting is required.
	fallback string
	// as returns the form of a value that inUse returns.
	as func(value string) string
	// inUse returns the value in use.
	inUse func(t *testing.T, environment env, c config) string
}{
	"api_token": {
		"CLOUDFLARE_API_TOKEN", "token-of-the-block", "token-of-the-env", "",
		func(v string) string { return "Bearer " + v },
		func(t *testing.T, environment env, c config) string {
			t.Helper()
			return readRequest(t, environment, c).Header.Get("Authorization")
		},
	},
	"account_id": {
		"CLOUDFLARE_ACCOUNT_ID", accountA, accountB, "",
		func(v string) string { return "/client/v4/accounts/" + v + "/ai-gateway/gateways/demo" },
		func(t *testing.T, environment env, c config) string {
			t.Helper()
			return readRequest(t, environment, c).URL.Path
		},
	},
	"base_url": {
		"CLOUDFLARE_BASE_URL", "https://block.example/v9", "https://env.example/v9/", "https://api.cloudflare.com/client/v4",
		func(v string) string { return strings.TrimSuffix(v, "/") },
		func(t *testing.T, environment env, c config) string {
			t.Helper()
			before, _, _ := strings.Cut(readRequest(t, environment, c).URL.String(), "/accounts/")
			return before
		},
	},
	"gateway_base_url": {
		"AIGATEWAY_GATEWAY_BASE_URL", "https://block.example/v9/", "https://env.example/v9", "https://gateway.ai.cloudflare.com/v1",
		func(v string) string { return strings.TrimSuffix(v, "/") + "/" + accountA + "/demo" },
		func(t *testing.T, environment env, c config) string {
			t.Helper()
			server, _ := mustConfigure(t, environment, c)
			gateway, diags := readGateway(t, server)
			if diags.HasError() {
				t.Fatalf("%s", diags)
			}
			return fmt.Sprint(gateway["gateway_url"])
		},
	},
	"gateway_token": {
		"CF_AIG_TOKEN", "token-of-the-block", "token-of-the-env", "api-token-1",
		func(v string) string { return "Bearer " + v },
		func(t *testing.T, environment env, c config) string {
			t.Helper()
			c["allow_test_requests"] = true
			server, s := mustConfigure(t, environment, c)
			if _, diags := chat(t, server); diags.HasError() {
				t.Fatalf("%s", diags)
			}
			return s.only(t).Header.Get("cf-aig-authorization")
		},
	},
	"max_retries": {
		"AIGATEWAY_MAX_RETRIES", int64(2), "1", "4",
		func(v string) string { return v },
		func(t *testing.T, environment env, c config) string {
			t.Helper()
			server, s := mustConfigure(t, environment, c)
			s.status = http.StatusServiceUnavailable
			if _, diags := readGateway(t, server); !diags.HasError() {
				t.Fatal("there is no error")
			}
			return fmt.Sprint(len(s.requests) - 1)
		},
	},
	"wire_format": {
		"AIGATEWAY_WIRE_FORMAT", "cloudflare", "gateway_input", "cloudflare",
		func(v string) string { return v },
		func(t *testing.T, environment env, c config) string {
			t.Helper()
			// Only one of the formats has paged lists.
			server, s := mustConfigure(t, environment, c)
			server.ReadDataSource("aigateway_gateways", config{})
			if s.only(t).URL.RawQuery == "" {
				return "gateway_input"
			}
			return "cloudflare"
		},
	},
	"allow_test_requests": {
		"AIGATEWAY_ALLOW_TEST_REQUESTS", false, "true", "false",
		func(v string) string { return v },
		func(t *testing.T, environment env, c config) string {
			t.Helper()
			server, s := mustConfigure(t, environment, c)
			_, diags := chat(t, server)
			if diags.HasError() != (len(s.requests) == 0) {
				t.Errorf("%d requests beside:\n%s", len(s.requests), diags)
			}
			return fmt.Sprint(!diags.HasError())
		},
	},
}

func readRequest(t *testing.T, environment env, c config) *http.Request {
	t.Helper()
	server, s := mustConfigure(t, environment, c)
	if _, diags := readGateway(t, server); diags.HasError() {
		t.Fatalf("%s", diags)
	}
	return s.only(t)
}

func TestWhereSettingsComeFrom(t *testing.T) {
	for attribute, source := range sources {
		for name, test := range map[string]struct {
			block bool
			env   string
			want  string
		}{
			"block":                       {true, "", fmt.Sprint(source.attribute)},
			"environment":                 {false, source.variable, source.variable},
			"block beats environment":     {true, source.variable, fmt.Sprint(source.attribute)},
			"neither, the variable empty": {false, "", source.fallback},
		} {
			if test.want == "" {
				continue // an error, which has tests of its own
			}
			t.Run(attribute+" from "+name, func(t *testing.T) {
				// Waits between retries must not take real time.
				synctest.Test(t, func(t *testing.T) {
					c := base()
					delete(c, attribute)
					if test.block {
						c[attribute] = source.attribute
					}
					environment := env{source.env: test.env}
					if got, want := source.inUse(t, environment, c), source.as(test.want); got != want {
						t.Errorf("in use is %q, want %q", got, want)
					}
				})
			})
		}
	}
}

// An empty string in the provider block counts as unset.
func TestEmptyAttributesCountAsUnset(t *testing.T) {
	for attribute, source := range sources {
		if _, isText := source.attribute.(string); !isText || attribute == "account_id" || attribute == "wire_format" {
			continue // validation rejects an empty string
		}
		t.Run(attribute, func(t *testing.T) {
			c := base(config{attribute: ""})
			if got, want := source.inUse(t, env{source.env: source.variable}, c), source.as(source.variable); got != want {
				t.Errorf("in use is %q, want %q", got, want)
			}
		})
	}
}

func TestMissingCredentials(t *testing.T) {
	for name, c := range map[string]config{
		"nothing at all": {}, "account alone": {"account_id": accountA}, "empty": {"api_token": "", "gateway_token": ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, s, diags := configure(t, env{"CLOUDFLARE_API_TOKEN": "", "CF_AIG_TOKEN": ""}, c)
			requireError(t, diags, "", "Missing credentials", "api_token of the provider", "CLOUDFLARE_API_TOKEN",
				"gateway_token of the provider", "CF_AIG_TOKEN", "AI Gateway Read", "AI Gateway Edit", "AI Gateway Run")
			s.requireNone(t)
		})
	}
}

// A Global API Key in the environment is not used. Errors about a missing token say so.
func TestGlobalKeyIsNotUsed(t *testing.T) {
	for names, environment := range map[string]env{
		"CLOUDFLARE_API_KEY and CLOUDFLARE_EMAIL": {"CLOUDFLARE_API_KEY": "key-of-the-env", "CLOUDFLARE_EMAIL": "me@example.com"},
		"CLOUDFLARE_API_KEY":                      {"CLOUDFLARE_API_KEY": "key-of-the-env"},
	} {
		want := "The environment has " + names + ". They belong to a Global API Key, which this provider does not use."
		_, s, diags := configure(t, environment, nil)
		requireError(t, diags, "", "Missing credentials", want)
		s.requireNone(t)
		server, s := mustConfigure(t, environment, config{"gateway_token": "run-token-1", "account_id": accountA})
		_, diags = readGateway(t, server)
		requireError(t, diags, "", "Missing API token", want)
		s.requireNone(t)
		// The key and the address are nobody's business.
		if text := fmt.Sprint(diags); strings.Contains(text, "key-of-the-env") || strings.Contains(text, "me@example.com") {
			t.Error(text)
		}
	}
	_, _, diags := configure(t, nil, nil)
	if text := fmt.Sprint(diags); strings.Contains(text, "Global API Key") {
		t.Error(text)
	}
}

func TestMissingAccount(t *testing.T) {
	server, s := mustConfigure(t, nil, config{"api_token": "api-token-1"})
	_, diags := readGateway(t, server)
	requireError(t, diags, "", "Missing account ID", "account_id of the object itself", "account_id of the provider", "CLOUDFLARE_ACCOUNT_ID")
	_, diags = server.Resource("aigateway_gateway").Plan(config{"name": "demo"})
	requireError(t, diags, "", "Missing account ID")
	s.requireNone(t)
	// An account ID in the configuration of the object is enough.
	if _, diags := readGateway(t, server, config{"account_id": accountB}); diags.HasError() {
		t.Errorf("%s", diags)
	}
	if path := s.only(t).URL.Path; !strings.Contains(path, accountB) {
		t.Error(path)
	}
}

// With only a gateway token, requests to models work and settings are not available.
func TestGatewayTokenAlone(t *testing.T) {
	server, s := mustConfigure(t, nil, config{"gateway_token": "run-token-1", "account_id": accountA, "allow_test_requests": true})
	_, diags := readGateway(t, server)
	requireError(t, diags, "", "Missing API token", "api_token of the provider", "CLOUDFLARE_API_TOKEN")
	s.requireNone(t)
	if _, diags := chat(t, server); diags.HasError() {
		t.Fatalf("%s", diags)
	}
	if got := s.only(t).Header; got.Get("cf-aig-authorization") != "Bearer run-token-1" || got.Get("Authorization") != "" {
		t.Errorf("%v", got)
	}
}

// With both tokens set, each of them is sent only to its own plane.
func TestTokensStayApart(t *testing.T) {
	server, s := mustConfigure(t, nil, base(config{"gateway_token": "run-token-1", "allow_test_requests": true}))
	for _, read := range []func() bool{
		func() bool { _, diags := readGateway(t, server); return diags.HasError() },
		func() bool { _, diags := chat(t, server); return diags.HasError() },
	} {
		if read() {
			t.Fatal("a request failed")
		}
	}
	for i, never := range []string{"run-token-1", "api-token-1"} {
		if text := fmt.Sprint(s.requests[i].Header, s.requests[i].URL); strings.Contains(text, never) {
			t.Errorf("request %d holds %s", i, never)
		}
	}
}

func TestUserAgent(t *testing.T) {
	server, s := mustConfigure(t, nil, base(config{"allow_test_requests": true}))
	if _, diags := readGateway(t, server); diags.HasError() {
		t.Fatalf("%s", diags)
	}
	if _, diags := chat(t, server); diags.HasError() {
		t.Fatalf("%s", diags)
	}
	if len(s.requests) != 2 {
		t.Fatalf("%d requests", len(s.requests))
	}
	for _, r := range s.requests {
		if got := r.Header.Values("User-Agent"); len(got) != 1 || got[0] != "terraform-provider-aigateway/1.2.3" {
			t.Errorf("%s %s: %q", r.Method, r.URL, got)
		}
	}
}

func TestUnencryptedAddresses(t *testing.T) {
	const summary = "Unencrypted base URL"
	for attribute, name := range map[string]string{"base_url": "CLOUDFLARE_BASE_URL", "gateway_base_url": "AIGATEWAY_GATEWAY_BASE_URL"} {
		for _, url := range []string{
			"http://api.example", "http://10.0.0.1:8787/v1", "http://127.evil.example", "http://localhost.evil.example", "HTTP://api.example",
			"http://[2001:db8::1]/v1", "http://0.0.0.0:8787",
		} {
			_, _, diags := configure(t, nil, base(config{attribute: url}))
			requireDiagnostic(t, diags, tfprotov6.DiagnosticSeverityWarning, attribute, summary, "http://", "in clear text")
			_, _, diags = configure(t, env{name: url}, base())
			requireDiagnostic(t, diags, tfprotov6.DiagnosticSeverityWarning, "", summary, name)
		}
		for _, url := range []string{
			"https://api.example", "http://127.0.0.1:8787/v1", "http://127.8.9.10", "http://localhost:8787", "http://[::1]:8787/v1",
		} {
			mustConfigure(t, nil, base(config{attribute: url}))
			mustConfigure(t, env{name: url}, base())
		}
	}
}
