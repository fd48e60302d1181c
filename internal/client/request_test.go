package client_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
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
	if _, err := gateways.Get(t.Context(), c, account, "demo"); err != nil {
		t.Fatal(err)
	}
	server.requireSeen("GET /demo")
	for name, values := range server.seen()[0].Header {
		if strings.Contains(strings.Join(values, " "), "of-the-environment") {
			t.Errorf("%s: %s", name, values)
		}
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
	results := map[string]error{"delete": gateways.Delete(ctx, c, accountID, id)}
	_, results["get"] = gateways.Get(ctx, c, accountID, id)
	_, results["create"] = gateways.Create(ctx, c, accountID, id, settings())
	_, results["update"] = gateways.Update(ctx, c, accountID, id, "demo", settings(), gateways.Settings{})
	if accountID != account {
		for gateway, err := range gateways.List(ctx, c, accountID, "") {
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
		gateway, err := gateways.Get(t.Context(), c, account, id)
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
				server := serve(t, reply(status, "", "Location: "+other.URL+gatewaysPath+"/demo"))
				c, _ := newClient(t, server.URL)
				err := op.do(t.Context(), c)
				requireKind(t, err, client.ErrUnexpectedResponse)
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
	_, err := gateways.Get(t.Context(), c, account, "demo")
	requireKind(t, err, client.ErrUnexpectedResponse)
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
			if _, err := gateways.Get(t.Context(), c, account, "demo"); err != nil {
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
			_, err := gateways.Get(t.Context(), c, account, "demo")
			failures <- err
		}()
	}
	for range n {
		if err := <-failures; err != nil {
			t.Error(err)
		}
	}
}
