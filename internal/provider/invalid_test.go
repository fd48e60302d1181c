package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

func TestInvalidEnvironment(t *testing.T) {
	for name, test := range map[string]struct {
		summary, says string
		values        []string
	}{
		"AIGATEWAY_MAX_RETRIES": {
			"Invalid number of retries", "a whole number from 0 to 20",
			[]string{"-1", "21", "four", "1.5", " 4", "99999999999999999999", "0x4", "4\n"},
		},
		"AIGATEWAY_ALLOW_TEST_REQUESTS": {
			"Invalid permission for test requests", "true or false",
			[]string{"yes", "TRUE", "True", "on", "2", " true", "no", "FALSE", "-"},
		},
		"CLOUDFLARE_ACCOUNT_ID": {
			"Invalid account ID", "32 hexadecimal digits",
			[]string{"my-account", accountA[1:], accountA + "0", strings.ToUpper(accountA), accountA + "\n", "../" + accountA[3:]},
		},
		"CLOUDFLARE_BASE_URL": {
			"Invalid base URL", "cannot be used",
			[]string{"api.example", "/client/v4", "ftp://api.example", "https://", "https://api.example?a=b", "https://api.example/#", "https://a.example\n"},
		},
		"AIGATEWAY_GATEWAY_BASE_URL": {
			"Invalid base URL", "cannot be used",
			[]string{"gateway.example", "https://gateway.example/v1 ", "https:// ", "https://u:p@gateway.example"},
		},
	} {
		for _, value := range test.values {
			t.Run(fmt.Sprintf("%s=%q", name, value), func(t *testing.T) {
				c := base()
				if name == "CLOUDFLARE_ACCOUNT_ID" {
					delete(c, "account_id")
				}
				_, _, diags := configure(t, env{name: value}, c)
				requireError(t, diags, "", test.summary, "environment variable "+name, test.says)
			})
		}
	}
}

// Variables that attributes override are not validated.
func TestInvalidEnvironmentBesideTheBlock(t *testing.T) {
	mustConfigure(t, env{
		"AIGATEWAY_MAX_RETRIES": "four", "AIGATEWAY_ALLOW_TEST_REQUESTS": "maybe", "CLOUDFLARE_ACCOUNT_ID": "mine",
		"CLOUDFLARE_BASE_URL": "nowhere", "AIGATEWAY_GATEWAY_BASE_URL": "nowhere", "CLOUDFLARE_API_TOKEN": "a b", "CF_AIG_TOKEN": "a b",
	}, base(config{
		"gateway_token": "run-token-1", "base_url": "https://a.example", "gateway_base_url": "https://b.example", "max_retries": int64(0),
		"allow_test_requests": false,
	}))
}

func TestValidEnvironment(t *testing.T) {
	for name, values := range map[string][]string{
		"AIGATEWAY_MAX_RETRIES": {"", "0", "4", "20"}, "AIGATEWAY_ALLOW_TEST_REQUESTS": {"", "true", "false", "1", "0"},
	} {
		for _, value := range values {
			mustConfigure(t, env{name: value}, base())
		}
	}
}

// The variable also accepts 1 and 0.
func TestAllowTestRequestsAsNumber(t *testing.T) {
	for value, allowed := range map[string]bool{"1": true, "0": false} {
		server, s := mustConfigure(t, env{"AIGATEWAY_ALLOW_TEST_REQUESTS": value}, base())
		if _, diags := chat(t, server); diags.HasError() == allowed || (len(s.requests) == 1) != allowed {
			t.Errorf("%s: %d requests\n%s", value, len(s.requests), diags)
		}
	}
}

func TestInvalidConfiguration(t *testing.T) {
	for name, test := range map[string]struct {
		config      config
		at, summary string
		says        string
	}{
		"account id":              {config{"account_id": "mine"}, "account_id", "Invalid Attribute Value Match", "32 hexadecimal digits"},
		"account id, empty":       {config{"account_id": ""}, "account_id", "Invalid Attribute Value Match", "32 hexadecimal digits"},
		"negative retries":        {config{"max_retries": int64(-1)}, "max_retries", "Invalid Attribute Value", "between 0 and 20"},
		"too many retries":        {config{"max_retries": int64(21)}, "max_retries", "Invalid Attribute Value", "between 0 and 20"},
		"base_url":                {config{"base_url": "api.example"}, "base_url", "Invalid base URL", "absolute URL"},
		"gateway_base_url":        {config{"gateway_base_url": "https://g.example/?x"}, "gateway_base_url", "Invalid base URL", "query"},
		"credentials in base_url": {config{"base_url": "https://user:hush@a.example"}, "", "Invalid base URL", "base_url of the provider cannot be used: it must not contain credentials"},
		"credentials in a broken": {config{"gateway_base_url": "https://user:hush@a.example:x"}, "", "Invalid base URL", "gateway_base_url of the provider cannot be used"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, diags := configure(t, nil, base(test.config))
			requireError(t, diags, test.at, test.summary, test.says)
			requireNoSecret(t, diags)
		})
	}
}

// All errors are reported at once.
func TestEverythingInvalid(t *testing.T) {
	_, _, diags := configure(t, env{
		"AIGATEWAY_MAX_RETRIES": "four", "AIGATEWAY_ALLOW_TEST_REQUESTS": "maybe", "CLOUDFLARE_ACCOUNT_ID": "mine",
		"CLOUDFLARE_BASE_URL": "nowhere", "AIGATEWAY_GATEWAY_BASE_URL": "nowhere",
	}, config{"test_request_headers": config{"Host": "x"}})
	if len(diags) != 7 {
		t.Errorf("%d errors, want 7:\n%s", len(diags), diags)
	}
}

// requireNoSecret fails the test if a diagnostic quotes a secret or has the path
// of an attribute with one, because the CLI would print its line.
func requireNoSecret(t *testing.T, diags protocol.Diagnostics) {
	t.Helper()
	for _, d := range diags {
		if strings.Contains(d.Summary+d.Detail, "hush") {
			t.Errorf("it quotes a secret: %s: %s", d.Summary, d.Detail)
		}
	}
	for _, attribute := range []string{"api_token", "gateway_token", "test_request_headers"} {
		for _, d := range diags.At(attribute) {
			t.Errorf("it points to %s: %s", d.Attribute, d.Summary)
		}
	}
}

// Tokens with invalid characters, usually from copying, are rejected early.
// Otherwise every request would fail with an obscure error of net/http.
func TestInvalidTokens(t *testing.T) {
	for attribute, name := range map[string]string{"api_token": "CLOUDFLARE_API_TOKEN", "gateway_token": "CF_AIG_TOKEN"} {
		for _, token := range []string{
			"hush\n", "hush\r\nX-Evil: 1", "Bearer hush", " hush", "hush\t", "hush\x00", "hush\x7f", "hush\u200b", "“hush”", "hüsh-hush",
		} {
			_, _, diags := configure(t, nil, base(config{attribute: token}))
			requireError(t, diags, "", "Invalid token", "The attribute "+attribute+" of the provider cannot be used", "spaces, line ends")
			requireNoSecret(t, diags)

			c := base(config{"gateway_token": "run-token-1"})
			delete(c, attribute)
			_, _, diags = configure(t, env{name: token}, c)
			requireError(t, diags, "", "Invalid token", "The environment variable "+name+" cannot be used")
			requireNoSecret(t, diags)
		}
	}
}

func TestInvalidHeaders(t *testing.T) {
	for name, test := range map[string]struct {
		header, value, says string
	}{
		"line end in the value": {"X-Key", "hush\r\nX-Evil: 1", `the header "X-Key" has a value that cannot be sent`},
		"bare line feed":        {"X-Key", "hush\n", `the header "X-Key" has a value`},
		"NUL":                   {"X-Key", "hush\x00", `the header "X-Key" has a value`},
		"control character":     {"X-Key", "hush\x1b[2J", `the header "X-Key" has a value`},
		"line end in the name":  {"X-Key\r\nX-Evil", "hush", "one header has a name that cannot be sent"},
		"space in the name":     {"X Key", "hush", "one header has a name"},
		"no name":               {"", "hush", "has a name that cannot be sent"},
		"not ASCII":             {"X-Schlüssel", "hush", "one header has a name"},
		"a header in the name":  {"Authorization: Bearer hush", "x", "one header has a name"},
		"the provider's own":    {"cf-aig-authorization", "hush", `the header "cf-aig-authorization" is the provider's own to set`},
		"another host":          {"Host", "hush.example", `the header "Host" is the provider's own to set`},
		"another length":        {"content-length", "hush", `the header "content-length" is the provider's own to set`},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, diags := configure(t, nil, base(config{"test_request_headers": config{test.header: test.value, "X-Good": "good"}}))
			requireError(t, diags, "", "Invalid test request header", "In test_request_headers of the provider, ", test.says)
			requireNoSecret(t, diags)
		})
	}
	_, _, diags := configure(t, nil, base(config{"test_request_headers": config{"A": "hush\n", "B": "ok", "C": "hush\r", "D": protocol.Unknown}}))
	if len(diags) != 2 {
		t.Errorf("%d errors, want 2:\n%s", len(diags), diags)
	}
	requireNoSecret(t, diags)
}

func TestHeaders(t *testing.T) {
	server, s := mustConfigure(t, nil, base(config{
		"allow_test_requests":  true,
		"test_request_headers": config{"Authorization": "Bearer provider-key", "X-Null": nil, "X-Empty": "", "X-Text": "a \t ü"},
	}))
	if _, diags := chat(t, server); diags.HasError() {
		t.Fatalf("%s", diags)
	}
	header := s.only(t).Header
	for name, want := range map[string][]string{
		"Authorization": {"Bearer provider-key"}, "X-Null": nil, "X-Empty": {""}, "X-Text": {"a \t ü"}, "Cf-Aig-Authorization": {"Bearer api-token-1"},
	} {
		if got := header.Values(name); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	// The control plane does not receive them.
	if _, diags := readGateway(t, server); diags.HasError() {
		t.Fatalf("%s", diags)
	}
	if got := s.requests[1].Header; got.Get("Authorization") != "Bearer api-token-1" || got.Values("X-Text") != nil {
		t.Errorf("%v", got)
	}
}

// Errors of failed requests must not have the path of an attribute with a secret.
func TestFailingRequestsPointToNoSecret(t *testing.T) {
	for _, status := range []int{302, 400, 401, 403, 404, 409, 422} {
		server, s := mustConfigure(t, nil, base(config{"api_token": "hush-1", "gateway_token": "hush-2"}))
		s.status = status
		_, diags := readGateway(t, server)
		if !diags.HasError() {
			t.Errorf("%d is no error", status)
		}
		requireNoSecret(t, diags)
	}
}

func TestSchema(t *testing.T) {
	server, _ := mustConfigure(t, nil, base())
	secret := map[string]bool{"api_token": true, "gateway_token": true, "test_request_headers": true}
	attributes := server.Schema().Provider.Block.Attributes
	if len(attributes) != len(sources)+1 { // test_request_headers has no variable
		t.Errorf("%d attributes", len(attributes))
	}
	for _, attribute := range attributes {
		if attribute.Sensitive != secret[attribute.Name] {
			t.Errorf("%s is sensitive: %t", attribute.Name, attribute.Sensitive)
		}
		if !attribute.Optional || attribute.Required || attribute.Computed {
			t.Errorf("%s cannot be left to the environment", attribute.Name)
		}
		if name := sources[attribute.Name].env; name != "" && !strings.Contains(attribute.Description, "`"+name+"`") {
			t.Errorf("the description of %s does not name %s", attribute.Name, name)
		}
	}
}
