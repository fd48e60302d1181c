package client_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

// closedAddress returns an address at which nobody listens.
func closedAddress(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	return server.Listener.Addr().String()
}

// A request that no proxy let through was never sent, so even a POST is repeated, and
// its error does not say that it may have been applied. It names the proxy, without the
// password, and the variables that choose it.
func TestProxyWithoutConnection(t *testing.T) {
	refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodConnect {
			t.Errorf("the proxy got a %s", r.Method)
		}
		w.WriteHeader(http.StatusProxyAuthRequired)
	}))
	defer refusing.Close()
	closed := closedAddress(t)
	for name, test := range map[string]struct {
		proxy    string
		attempts string
		want     string
	}{
		"nobody listens":   {"http://user:hush@" + closed, "after 3 attempts", "no connection through the proxy " + closed},
		"not allowed":      {strings.Replace(refusing.URL, "//", "//user:hush@", 1), "after 3 attempts", "Proxy Authentication Required"},
		"not a proxy's":    {"ftp://user:hush@" + closed, "", "no connection through the proxy " + closed},
		"no such protocol": {"socks5://user:hush@" + closed, "after 3 attempts", "no connection through the proxy " + closed},
	} {
		t.Run(name, func(t *testing.T) {
			address, err := url.Parse(test.proxy)
			clienttest.RequireNoError(t, err)
			c, _ := clienttest.New(t, "https://api.invalid", func(cfg *client.Config) {
				cfg.Transport, cfg.MaxRetries = &http.Transport{Proxy: http.ProxyURL(address)}, 2
			})
			err = clienttest.ErrorOf(clienttest.CreateGateway(t, c))
			clienttest.RequireError(t, err, client.ErrUnavailable, "create gateway: no response: ", test.want, "HTTPS_PROXY, HTTP_PROXY and NO_PROXY", test.attempts)
			if strings.Contains(err.Error(), "hush") {
				t.Error(err)
			}
		})
	}
}

// The error of the standard library quotes the address with its password.
func TestInvalidProxy(t *testing.T) {
	c, waits := clienttest.New(t, "https://api.invalid", func(cfg *client.Config) {
		cfg.Transport = &http.Transport{Proxy: func(*http.Request) (*url.URL, error) { return url.Parse("http://user:hush@" + string([]byte{0x7f})) }}
	})
	err := clienttest.ErrorOf(clienttest.CreateGateway(t, c))
	clienttest.RequireError(t, err, client.ErrUnavailable, "create gateway: no response: the address of the proxy is invalid; check the environment variables HTTPS_PROXY")
	if strings.Contains(err.Error(), "hush") {
		t.Error(err)
	}
	waits.RequireCount(t, 0)
}

// A handshake that fails has carried no request either.
func TestNoHandshake(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("got %s", r.Method) }))
	defer plain.Close()
	c, _ := clienttest.New(t, strings.Replace(plain.URL, "http://", "https://", 1), func(cfg *client.Config) {
		cfg.Transport, cfg.MaxRetries = &http.Transport{}, 1
	})
	clienttest.RequireKind(t, clienttest.ErrorOf(clienttest.CreateGateway(t, c)), client.ErrUnavailable)
}
