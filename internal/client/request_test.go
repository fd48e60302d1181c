package client_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// The environment of the process does not change the client.
func TestEnvironmentIsNotRead(t *testing.T) {
	for name, value := range map[string]string{
		"CLOUDFLARE_API_TOKEN": "of-the-environment", "CLOUDFLARE_API_KEY": "of-the-environment",
		"CLOUDFLARE_EMAIL": "someone@example.com", "CLOUDFLARE_API_USER_SERVICE_KEY": "of-the-environment",
		"CLOUDFLARE_BASE_URL": "http://127.0.0.1:1/", "CLOUDFLARE_ACCOUNT_ID": strings.Repeat("f", 32),
	} {
		t.Setenv(name, value)
	}
	server, c := clienttest.Start(t, clienttest.GatewayReply("demo", nil))
	clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")))
	server.RequireRequests("GET /demo")
	for name, values := range server.Seen()[0].Header {
		if strings.Contains(strings.Join(values, " "), "of-the-environment") {
			t.Errorf("%s: %s", name, values)
		}
	}
}

// A service may choose ids beyond the pattern for new ones.
func TestGoodIDs(t *testing.T) {
	for _, id := range []string{"a", "default", "a_b-c", "_", "-", "A.b", "0", strings.Repeat("a", 128)} {
		server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(clienttest.Gateway(id, nil))))
		gateway, err := gateways.Get(t.Context(), c, clienttest.Account, id)
		if err != nil || gateway.ID != id {
			t.Errorf("%q: %+v, %v", id, gateway, err)
		}
		server.RequireRequests("GET /" + id)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	for _, op := range clienttest.GatewayOperations {
		for _, status := range []int{301, 302, 303, 307, 308} {
			t.Run(op.Name+" "+http.StatusText(status), func(t *testing.T) {
				other := clienttest.Serve(t) // fails the test when it is asked
				server, c := clienttest.Start(t, clienttest.Reply(status, "", "Location: "+other.URL+clienttest.GatewaysPath+"/demo"))
				clienttest.RequireError(t, op.Call(t.Context(), c), client.ErrUnexpectedResponse, op.Name+": HTTP 30", "redirects", "base URL")
				server.RequireRequests(op.Request)
				other.RequireRequests()
			})
		}
	}
}

func TestRedirectToTheSameServerIsNotFollowed(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(301, "", "Location: /elsewhere"))
	clienttest.RequireKind(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")), client.ErrUnexpectedResponse)
	server.RequireRequests("GET /demo")
}

// Every spelling of a base URL leads to the same paths.
func TestBaseURLs(t *testing.T) {
	for suffix, want := range map[string]string{
		"": "/accounts/", "/": "/accounts/", "/client/v4": "/client/v4/accounts/", "/client/v4/": "/client/v4/accounts/",
		"/client/v4///": "/client/v4/accounts/", "/a%20b": "/a%20b/accounts/",
	} {
		t.Run(suffix, func(t *testing.T) {
			server, c := clienttest.StartWith(t, clienttest.AtPath(suffix), clienttest.GatewayReply("demo", nil))
			clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")))
			if got := server.Seen()[0].URI; got != want+clienttest.Account+"/ai-gateway/gateways/demo" {
				t.Error(got)
			}
		})
	}
}

// One client is used concurrently.
func TestConcurrentUse(t *testing.T) {
	const n = 20
	_, c := clienttest.Start(t, clienttest.Repeat(n, clienttest.GatewayReply("demo", nil))...)
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
