package client_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// What the SDK makes of a call is pinned down here, request by request: its
// types and its habits are not to be trusted (see the architecture).
func TestRequests(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		t.Run(op.Name, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.GatewaySuccess(op.Name))
			clienttest.RequireNoError(t, op.Do(t.Context(), c))
			server.RequireSeen(op.Request)
			header := server.Seen()[0].Header
			for name, want := range map[string][]string{
				"Authorization": {"Bearer " + clienttest.APIToken},
				"User-Agent":    {"client-test/1.0"},
				"Accept":        {"application/json"},
				// Other ways of signing in, which the SDK reads from elsewhere.
				"X-Auth-Key": nil, "X-Auth-Email": nil, "X-Auth-User-Service-Key": nil,
				"Cf-Aig-Authorization": nil, "Cookie": nil,
			} {
				if diff := cmp.Diff(want, header.Values(name), clienttest.EquateEmpty); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
			wantType := []string(nil)
			if op.Method == "POST" || op.Method == "PUT" {
				wantType = []string{"application/json"}
			} else if body := server.Seen()[0].Body; body != "" {
				t.Errorf("body %q", body)
			}
			if diff := cmp.Diff(wantType, header.Values("Content-Type"), clienttest.EquateEmpty); diff != "" {
				t.Errorf("Content-Type (-want +got):\n%s", diff)
			}
		})
	}
}

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
	server, c := clienttest.Start(t, clienttest.GatewaySuccess("read gateway"))
	clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")))
	server.RequireSeen("GET /demo")
	for name, values := range server.Seen()[0].Header {
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
		requireNothingSent(t, clienttest.Account, id, "cannot be the id of a gateway")
	}
	for _, id := range []string{
		"", "demo", "..", "0123", clienttest.Account + "0", clienttest.Account[:31], strings.ToUpper(clienttest.Account), clienttest.Account[:31] + "g", clienttest.Account + "\n", " " + clienttest.Account,
		clienttest.Account[:30] + "%2", clienttest.Account[:30] + "/x", "0123456789abcdef/../89abcdef012345",
	} {
		requireNothingSent(t, id, "demo", "is not an account id")
	}
}

func requireNothingSent(t *testing.T, accountID, id, says string) {
	t.Helper()
	server, c := clienttest.Start(t)
	ctx := t.Context()
	results := map[string]error{"delete": gateways.Delete(ctx, c, accountID, id)}
	_, results["get"] = gateways.Get(ctx, c, accountID, id)
	_, results["create"] = gateways.Create(ctx, c, accountID, id, clienttest.GatewaySettings())
	_, results["update"] = gateways.Update(ctx, c, accountID, id, "demo", clienttest.GatewaySettings(), gateways.Settings{})
	if accountID != clienttest.Account {
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
		clienttest.RequireText(t, err.Error(), says, "no request was sent")
		var failed *client.Error
		if errors.As(err, &failed) {
			t.Errorf("%s: %v looks as if a request had failed", name, err)
		}
	}
	server.RequireSeen()
}

// Ids that a service may have chosen itself, beyond the pattern for new ones.
func TestGoodIDs(t *testing.T) {
	for _, id := range []string{"a", "default", "a_b-c", "_", "-", "A.b", "0", strings.Repeat("a", 128)} {
		server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway(id, nil))))
		gateway, err := gateways.Get(t.Context(), c, clienttest.Account, id)
		if err != nil || gateway.ID != id {
			t.Errorf("%q: %+v, %v", id, gateway, err)
		}
		server.RequireSeen("GET /" + id)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(op.Name+" "+http.StatusText(status), func(t *testing.T) {
				other := clienttest.Serve(t) // fails the test when it is asked
				server, c := clienttest.Start(t, clienttest.Reply(status, "", "Location: "+other.URL+clienttest.GatewaysPath+"/demo"))
				err := op.Do(t.Context(), c)
				clienttest.RequireError(t, err, client.ErrUnexpectedResponse, op.Name+": HTTP 30", "redirects", "base URL")
				server.RequireSeen(op.Request)
				other.RequireSeen()
			})
		}
	}
}

func TestRedirectToTheSameServerIsNotFollowed(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(301, "", "Location: /elsewhere"))
	_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
	clienttest.RequireKind(t, err, client.ErrUnexpectedResponse)
	server.RequireSeen("GET /demo")
}

// Every spelling of a base URL leads to the same paths.
func TestBaseURLs(t *testing.T) {
	for suffix, want := range map[string]string{
		"": "/accounts/", "/": "/accounts/", "/client/v4": "/client/v4/accounts/", "/client/v4/": "/client/v4/accounts/",
		"/client/v4///": "/client/v4/accounts/", "/a%20b": "/a%20b/accounts/",
	} {
		t.Run(suffix, func(t *testing.T) {
			server := clienttest.Serve(t, clienttest.GatewaySuccess("read gateway"))
			c, _ := clienttest.New(t, server.URL, func(cfg *client.Config) { cfg.BaseURL = server.URL + suffix })
			clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")))
			if got := server.Seen()[0].URI; got != want+clienttest.Account+"/ai-gateway/gateways/demo" {
				t.Error(got)
			}
		})
	}
}

// One client serves many resources at a time.
func TestConcurrentUse(t *testing.T) {
	const n = 20
	_, c := clienttest.Start(t, clienttest.Repeat(n, clienttest.GatewaySuccess("read gateway"))...)
	failures := make(chan error, n)
	for range n {
		go func() {
			_, err := gateways.Get(t.Context(), c, clienttest.Account, "demo")
			failures <- err
		}()
	}
	for range n {
		clienttest.RequireNoError(t, <-failures)
	}
}
