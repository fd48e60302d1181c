package client_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"terraform-provider-aigateway/internal/client"
)

// What the SDK makes of a call is pinned down here, request by request: its
// types and its habits are not to be trusted (see the architecture).
func TestRequests(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			server := serve(t, success(op.name))
			c, _ := newClient(t, server.URL)
			if err := op.do(t.Context(), c); err != nil {
				t.Fatal(err)
			}
			server.requireSeen(op.request)
			header := server.seen()[0].Header
			for name, want := range map[string][]string{
				"Authorization": {"Bearer " + apiToken},
				"User-Agent":    {"client-test/1.0"},
				"Accept":        {"application/json"},
				// Other ways of signing in, which the SDK reads from elsewhere.
				"X-Auth-Key": nil, "X-Auth-Email": nil, "X-Auth-User-Service-Key": nil,
				"Cf-Aig-Authorization": nil, "Cookie": nil,
			} {
				if diff := cmp.Diff(want, header.Values(name), equateEmpty); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			wantType := []string(nil)
			if op.method == "POST" || op.method == "PUT" {
				wantType = []string{"application/json"}
			} else if body := server.seen()[0].Body; body != "" {
				t.Errorf("body %q", body)
			}
			if diff := cmp.Diff(wantType, header.Values("Content-Type"), equateEmpty); diff != "" {
				t.Errorf("Content-Type (-want +got):\n%s", diff)
			}
		})
	}
}

var equateEmpty = cmp.FilterValues(func(a, b []string) bool { return len(a) == 0 && len(b) == 0 }, cmp.Ignore())

// The process's own variables must not leak into a client that was configured
// otherwise.
func TestEnvironmentIsNotRead(t *testing.T) {
	for name, value := range map[string]string{
		"CLOUDFLARE_API_TOKEN": "of-the-environment", "CLOUDFLARE_API_KEY": "of-the-environment",
		"CLOUDFLARE_EMAIL": "someone@example.com", "CLOUDFLARE_API_USER_SERVICE_KEY": "of-the-environment",
		"CLOUDFLARE_BASE_URL": "http://127.0.0.1:1/", "CLOUDFLARE_ACCOUNT_ID": strings.Repeat("f", 32),
	} {
		t.Setenv(name, value)
	}
	server := serve(t, success("read gateway"))
	c, _ := newClient(t, server.URL)
	if _, err := c.GetGateway(t.Context(), account, "demo"); err != nil {
		t.Fatal(err)
	}
	server.requireSeen("GET /demo")
	for name, values := range server.seen()[0].Header {
		if strings.Contains(strings.Join(values, " "), "of-the-environment") {
			t.Errorf("%s: %s", name, values)
		}
	}
}

func TestBodies(t *testing.T) {
	everything := settings(func(s *client.Settings) {
		s.CacheEnabled, s.CacheTTL = ptr(true), ptr[int64](300)
		s.RateLimitingEnabled, s.RateLimitingLimit, s.RateLimitingInterval = ptr(true), ptr[int64](5), ptr[int64](60)
		s.RateLimitingTechnique = ptr("sliding")
		s.LogEnabled, s.Authentication, s.CacheInvalidateOnUpdate = ptr(true), ptr(false), ptr(true)
	})
	off := settings(func(s *client.Settings) {
		s.CacheTTL, s.RateLimitingLimit, s.RateLimitingInterval = ptr[int64](300), ptr[int64](5), ptr[int64](60)
	})
	for name, test := range map[string]struct {
		settings client.Settings
		others   client.OtherSettings
		want     string // without id
	}{
		// The five required fields are always there.
		"nothing": {client.Settings{}, nil,
			`"cache_invalidate_on_update":false,"cache_ttl":0,"collect_logs":false,"rate_limiting_interval":0,"rate_limiting_limit":0`},
		"everything": {everything, nil,
			`"cache_invalidate_on_update":true,"cache_ttl":300,"collect_logs":true,"rate_limiting_interval":60,"rate_limiting_limit":5,` +
				`"rate_limiting_technique":"sliding","authentication":false`},
		"switched off with values": {off, nil,
			`"cache_invalidate_on_update":false,"cache_ttl":0,"collect_logs":true,"rate_limiting_interval":0,"rate_limiting_limit":0,` +
				`"rate_limiting_technique":"fixed","authentication":true`},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, success("create gateway"), success("update gateway"))
			c, _ := newClient(t, server.URL)
			if _, err := c.CreateGateway(t.Context(), account, "demo", test.settings); err != nil {
				t.Fatal(err)
			}
			if _, err := c.UpdateGateway(t.Context(), account, "demo", test.settings, test.others); err != nil {
				t.Fatal(err)
			}
			seen := server.seen()
			if got, want := seen[0].Body, `{"id":"demo",`+test.want+`}`; got != want {
				t.Errorf("POST\n got %s\nwant %s", got, want)
			}
			if got, want := seen[1].Body, `{`+test.want+`}`; got != want {
				t.Errorf("PUT\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestUpdateSendsOtherSettingsBack(t *testing.T) {
	own := fields{
		"cache_invalidate_on_update": false, "cache_ttl": 0.0, "collect_logs": true, "rate_limiting_interval": 0.0,
		"rate_limiting_limit": 0.0, "rate_limiting_technique": "fixed", "authentication": true,
	}
	noLogs := func(s *client.Settings) { s.LogEnabled = ptr(false) }
	for name, test := range map[string]struct {
		settings client.Settings
		others   fields
		want     fields // besides own
	}{
		"none":      {settings(), nil, nil},
		"empty":     {settings(), fields{}, nil},
		"scalars":   {settings(), fields{"zdr": true, "logpush": false, "retry_delay": 250.0, "store_id": "s"}, fields{"zdr": true, "logpush": false, "retry_delay": 250.0, "store_id": "s"}},
		"objects":   {settings(), fields{"dlp": fields{"enabled": true, "policies": []any{}}}, fields{"dlp": fields{"enabled": true, "policies": []any{}}}},
		"null":      {settings(), fields{"logpush": nil, "guardrails": nil}, nil},
		"empty id":  {settings(), fields{"store_id": ""}, nil},
		"secrets":   {settings(), fields{"otel": []any{fields{"authorization": "a"}}, "stripe": fields{"authorization": "b"}}, nil},
		"unknown":   {settings(), fields{"brand_new": true, "is_default": true, "id": "x", "created_at": "2026-08-03T10:00:00Z"}, nil},
		"managed":   {settings(), fields{"cache_ttl": 60.0, "authentication": false, "rate_limiting_technique": "sliding"}, nil},
		"logs on":   {settings(), fields{"log_classification": true}, fields{"log_classification": true}},
		"logs off":  {settings(noLogs), fields{"log_classification": true, "zdr": true}, fields{"collect_logs": false, "zdr": true}},
		"logs null": {settings(func(s *client.Settings) { s.LogEnabled = nil }), fields{"log_classification": true}, fields{"collect_logs": false}},
		// Left out by the caller, and not to be smuggled in by others.
		"managed and unset": {
			settings(func(s *client.Settings) { s.RateLimitingTechnique, s.Authentication = nil, nil }),
			fields{"rate_limiting_technique": "sliding", "authentication": false},
			fields{"rate_limiting_technique": absent, "authentication": absent},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var others client.OtherSettings
			if test.others != nil {
				others = client.OtherSettings{}
				for field, value := range test.others {
					others[field] = json.RawMessage(encoded(value))
				}
			}
			server := serve(t, success("update gateway"))
			c, _ := newClient(t, server.URL)
			if _, err := c.UpdateGateway(t.Context(), account, "demo", test.settings, others); err != nil {
				t.Fatal(err)
			}
			want := fields{}
			for _, from := range []fields{own, test.want} {
				maps.Copy(want, from)
			}
			maps.DeleteFunc(want, func(_ string, value any) bool { return value == absent })
			var got fields
			if err := json.Unmarshal([]byte(server.seen()[0].Body), &got); err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// cloudflare-go puts ids into paths as they are.
func TestBadIDsSendNothing(t *testing.T) {
	long := strings.Repeat("a", 129)
	ids := []string{
		"", ".", "..", "../other", "a/b", "/", "a/../b", "a%2Fb", "%2e%2e", "a?b=c", "a#b", "a b", " a", "a\n", "\na", "a\x00",
		"a\tb", `a\b`, "gateway;x", "grün", "a:b", "a@b", "a&b", long, "\u202e",
	}
	for _, id := range ids {
		requireNothingSent(t, account, id, "cannot be the id of a gateway")
	}
	for _, id := range []string{
		"", "demo", "..", "0123", account + "0", account[:31], strings.ToUpper(account), account[:31] + "g", account + "\n", " " + account,
		account[:30] + "%2", account[:30] + "/x", "0123456789abcdef/../89abcdef012345",
	} {
		requireNothingSent(t, id, "demo", "is not an account id")
	}
}

func requireNothingSent(t *testing.T, accountID, id, says string) {
	t.Helper()
	server := serve(t)
	c, _ := newClient(t, server.URL)
	ctx := t.Context()
	results := map[string]error{"delete": c.DeleteGateway(ctx, accountID, id)}
	_, results["get"] = c.GetGateway(ctx, accountID, id)
	_, results["create"] = c.CreateGateway(ctx, accountID, id, settings())
	_, results["update"] = c.UpdateGateway(ctx, accountID, id, settings(), nil)
	if accountID != account {
		for gateway, err := range c.ListGateways(ctx, accountID, "") {
			if gateway != nil {
				t.Errorf("listed %+v", gateway)
			}
			results["list"] = err
		}
		if results["list"] == nil {
			t.Errorf("list of account %q: there is no error", accountID)
		}
	}
	for name, err := range results {
		if err == nil {
			t.Errorf("%s %q/%q: there is no error", name, accountID, id)
			continue
		}
		requireText(t, err.Error(), says, "no request was sent")
		var failed *client.Error
		if errors.As(err, &failed) {
			t.Errorf("%s: %v looks as if a request had failed", name, err)
		}
	}
	server.requireSeen()
}

// Ids that a service may have chosen itself, beyond the pattern for new ones.
func TestGoodIDs(t *testing.T) {
	for _, id := range []string{"a", "default", "a_b-c", "_", "-", "A.b", "0", strings.Repeat("a", 128)} {
		server := serve(t, reply(200, envelope(object(id, nil))))
		c, _ := newClient(t, server.URL)
		gateway, err := c.GetGateway(t.Context(), account, id)
		if err != nil || gateway.ID != id {
			t.Errorf("%q: %+v, %v", id, gateway, err)
		}
		server.requireSeen("GET /" + id)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, op := range operations {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(op.name+" "+http.StatusText(status), func(t *testing.T) {
				other := serve(t) // fails the test when it is asked
				server := serve(t, reply(status, "", "Location: "+other.URL+gateways+"/demo"))
				c, _ := newClient(t, server.URL)
				err := op.do(t.Context(), c)
				requireKind(t, err, client.ErrUnexpectedAnswer)
				requireText(t, err.Error(), op.name+": HTTP 30", "redirects", "base URL")
				server.requireSeen(op.request)
				other.requireSeen()
			})
		}
	}
}

func TestRedirectToTheSameServerIsNotFollowed(t *testing.T) {
	server := serve(t, reply(301, "", "Location: /elsewhere"))
	c, _ := newClient(t, server.URL)
	_, err := c.GetGateway(t.Context(), account, "demo")
	requireKind(t, err, client.ErrUnexpectedAnswer)
	server.requireSeen("GET /demo")
}

// Every spelling of a base URL leads to the same paths.
func TestBaseURLs(t *testing.T) {
	for suffix, want := range map[string]string{
		"": "/accounts/", "/": "/accounts/", "/client/v4": "/client/v4/accounts/", "/client/v4/": "/client/v4/accounts/",
		"/client/v4///": "/client/v4/accounts/", "/a%20b": "/a%20b/accounts/",
	} {
		t.Run(suffix, func(t *testing.T) {
			server := serve(t, success("read gateway"))
			c, _ := newClient(t, server.URL, func(cfg *client.Config) { cfg.BaseURL = server.URL + suffix })
			if _, err := c.GetGateway(t.Context(), account, "demo"); err != nil {
				t.Fatal(err)
			}
			if got := server.seen()[0].URI; got != want+account+"/ai-gateway/gateways/demo" {
				t.Error(got)
			}
		})
	}
}

// One client serves many resources at a time.
func TestConcurrentUse(t *testing.T) {
	const n = 20
	server := serve(t, repeat(n, success("read gateway"))...)
	c, _ := newClient(t, server.URL)
	failures := make(chan error, n)
	for range n {
		go func() {
			_, err := c.GetGateway(t.Context(), account, "demo")
			failures <- err
		}()
	}
	for range n {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}
