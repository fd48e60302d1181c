package client_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

func TestParseBaseURL(t *testing.T) {
	for raw, want := range map[string]string{
		"":                              "https://fallback.example/v1",
		"https://api.cloudflare.com":    "https://api.cloudflare.com",
		"https://a.example/client/v4":   "https://a.example/client/v4",
		"https://a.example/client/v4//": "https://a.example/client/v4",
		"http://127.0.0.1:8787/v1":      "http://127.0.0.1:8787/v1",
		"http://[::1]:8787":             "http://[::1]:8787",
		"HTTPS://a.example":             "HTTPS://a.example",
	} {
		if got, err := client.ParseBaseURL(raw, "https://fallback.example/v1"); err != nil || got != want {
			t.Errorf("%q: %q, %v", raw, got, err)
		}
	}
	for raw, says := range map[string]string{
		"api.cloudflare.com/client/v4":  "absolute",
		"/client/v4":                    "absolute",
		"//a.example/v4":                "absolute",
		"ftp://a.example":               "absolute",
		"file:///etc/passwd":            "absolute",
		"https://":                      "absolute",
		"https:///v4":                   "absolute",
		"https://:8080":                 "absolute",
		"https:a.example":               "absolute",
		"https://user@a.example":        "credentials",
		"https://user:hunter2@a.eu":     "credentials",
		"https://user:hunter2@a.eu\n":   "not a URL",
		"https://user:hunter2@a.eu:x/":  "not a URL",
		"https://a.example?x=hunter2":   "query",
		"https://a.example?":            "query",
		"https://a.example/#x":          "fragment",
		"https://a.example/#":           "fragment",
		"https://a.example/client/v4 ":  "spaces",
		"https://a.example/client/v4\n": "not a URL",
		" https://a.example":            "not a URL",
		"https://a.example:99999999x":   "not a URL",
	} {
		got, err := client.ParseBaseURL(raw, "https://fallback.example")
		if err == nil {
			t.Errorf("%q is taken for %q", raw, got)
			continue
		}
		clienttest.RequireText(t, err.Error(), says)
		if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: the error quotes it: %v", raw, err)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		cfg  client.Config
		says string
	}{
		"control plane":  {client.Config{BaseURL: "nowhere"}, "control plane base URL: "},
		"data plane":     {client.Config{GatewayBaseURL: "nowhere"}, "data plane base URL: "},
		"retries":        {client.Config{MaxRetries: -1}, "negative"},
		"api token":      {client.Config{APIToken: "secret\nX-Evil: 1"}, "API token: it contains"},
		"token in words": {client.Config{APIToken: "Bearer secret"}, "API token: it contains"},
		"gateway token":  {client.Config{GatewayToken: "secret\x00"}, "gateway token: it contains"},
		"beyond ASCII":   {client.Config{GatewayToken: "secret\u200b"}, "gateway token: it contains"},
	} {
		t.Run(name, func(t *testing.T) {
			test.cfg.Transport = clienttest.Transport(func(r *http.Request) (*http.Response, error) {
				t.Errorf("sent %s %s", r.Method, r.URL)
				return nil, http.ErrNotSupported
			})
			c, err := client.New(test.cfg)
			if err == nil || c != nil {
				t.Fatalf("%v, %v", c, err)
			}
			clienttest.RequireText(t, err.Error(), test.says)
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error quotes the token: %v", err)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	var urls []string
	c, err := client.New(client.Config{APIToken: clienttest.APIToken, Transport: clienttest.Transport(func(r *http.Request) (*http.Response, error) {
		urls = append(urls, r.URL.String())
		return clienttest.HTTPResponse(r, 200, clienttest.Envelope(clienttest.Gateway("demo", nil))), nil
	})})
	clienttest.RequireNoError(t, err)
	if len(urls) != 0 {
		t.Errorf("New sent %v", urls)
	}
	clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Get(t.Context(), c, clienttest.Account, "demo")))
	if want := "https://api.cloudflare.com/client/v4/accounts/" + clienttest.Account + "/ai-gateway/gateways/demo"; urls[0] != want {
		t.Error(urls[0])
	}
	if c.MaxBody() != 32<<20 {
		t.Errorf("at most %d bytes are read of a response", c.MaxBody())
	}
	if got, want := c.GatewayURL(clienttest.Account, "demo"), "https://gateway.ai.cloudflare.com/v1/"+clienttest.Account+"/demo"; got != want {
		t.Error(got)
	}
}

func TestGatewayURL(t *testing.T) {
	c, err := client.New(client.Config{GatewayBaseURL: "http://127.0.0.1:8787/v1/"})
	clienttest.RequireNoError(t, err)
	if got, want := c.GatewayURL(clienttest.Account, "demo"), "http://127.0.0.1:8787/v1/"+clienttest.Account+"/demo"; got != want {
		t.Error(got)
	}
}

// Cloudflare's own host without the path would blame the account: the error names the
// URL and the path.
func TestBaseURLWithoutPath(t *testing.T) {
	for raw, want := range map[string]string{
		"https://api.cloudflare.com":   "https://api.cloudflare.com lacks the path /client/v4",
		"https://API.Cloudflare.com//": "https://API.Cloudflare.com lacks the path /client/v4",
	} {
		if _, err := client.ParseBaseURL(raw, client.DefaultBaseURL); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", raw, err, want)
		}
	}
	for _, raw := range []string{"https://api.cloudflare.com/client/v4/", "https://proxy.example.com", "http://127.0.0.1:8080"} {
		if _, err := client.ParseBaseURL(raw, client.DefaultBaseURL); err != nil {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if _, err := client.ParseBaseURL("https://gateway.ai.cloudflare.com", client.DefaultGatewayBaseURL); err == nil {
		t.Error("the gateways' host without a path is accepted")
	}
}
