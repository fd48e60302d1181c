package provider_test

import (
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	theprovider "github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

const (
	accountA = "0123456789abcdef0123456789abcdef"
	accountB = "ffffffffffffffffffffffffffffffff"
)

type (
	config = map[string]any
	env    map[string]string
)

// service is a transport that responds to every request and records it.
type service struct {
	mu       sync.Mutex
	status   int // of control plane responses, 200 if unset
	requests []*http.Request
}

func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	status, body := http.StatusOK, `{"success":true,"result":{"id":"demo","cache_ttl":0,"collect_logs":true,"rate_limiting_limit":0,`+
		`"rate_limiting_interval":0,"cache_invalidate_on_update":false,"authentication":true,"rate_limiting_technique":"fixed",`+
		`"is_default":false,"created_at":"2026-08-03T10:00:00Z","modified_at":"2026-08-03T10:00:00Z"}}`
	switch {
	case strings.HasSuffix(r.URL.Path, "/chat/completions"):
		body = `{"object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},` +
			`"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1}}`
	case s.status != 0:
		status, body = s.status, `{"success":false,"errors":[]}`
	}
	return &http.Response{
		StatusCode: status, Request: r, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

func (s *service) factory(environment env) func() provider.Provider {
	return theprovider.NewWithOptions("1.2.3", theprovider.Options{
		Getenv:    func(name string) string { return environment[name] },
		Transport: s,
	})
}

// only returns the only request. It fails the test if there are more or none.
func (s *service) only(t *testing.T) *http.Request {
	t.Helper()
	if len(s.requests) != 1 {
		t.Fatalf("%d requests", len(s.requests))
	}
	return s.requests[0]
}

func (s *service) requireNone(t *testing.T) {
	t.Helper()
	for _, r := range s.requests {
		t.Errorf("sent %s %s", r.Method, r.URL)
	}
}

// configure configures a provider and requires that this sends no request.
func configure(t *testing.T, environment env, c config) (*protocol.Server, *service, protocol.Diagnostics) {
	t.Helper()
	s := &service{}
	server, diags := protocol.Configure(t, s.factory(environment), c)
	s.requireNone(t)
	return server, s, diags
}

// mustConfigure calls configure and requires that there are no diagnostics.
func mustConfigure(t *testing.T, environment env, c config) (*protocol.Server, *service) {
	t.Helper()
	server, s, diags := configure(t, environment, c)
	if len(diags) != 0 {
		t.Fatalf("%s", diags)
	}
	return server, s
}

// readGateway reads a gateway from the control plane.
func readGateway(t *testing.T, server *protocol.Server, more ...config) (config, protocol.Diagnostics) {
	t.Helper()
	return read(t, server, "aigateway_gateway", append([]config{{"name": "demo"}}, more...)...)
}

// chat sends a test request to the data plane.
func chat(t *testing.T, server *protocol.Server, more ...config) (config, protocol.Diagnostics) {
	t.Helper()
	return read(t, server, "aigateway_chat_completion", append([]config{{"model": "openai/gpt-x", "prompt": "Hi"}}, more...)...)
}

func read(t *testing.T, server *protocol.Server, typeName string, parts ...config) (config, protocol.Diagnostics) {
	t.Helper()
	whole := config{}
	for _, part := range parts {
		maps.Copy(whole, part)
	}
	state, diags := server.ReadDataSource(typeName, whole)
	if diags.HasError() {
		return nil, diags
	}
	return protocol.Object(t, state), diags
}

// requireError fails the test unless there is exactly this error, at this
// attribute ("" for none), with a detail that contains these texts.
func requireError(t *testing.T, diags protocol.Diagnostics, at, summary string, says ...string) {
	t.Helper()
	requireDiagnostic(t, diags, tfprotov6.DiagnosticSeverityError, at, summary, says...)
}

func requireDiagnostic(t *testing.T, diags protocol.Diagnostics, severity tfprotov6.DiagnosticSeverity, at, summary string, says ...string) {
	t.Helper()
	if len(diags) != 1 {
		t.Fatalf("%d diagnostics, want 1:\n%s", len(diags), diags)
	}
	d := diags[0]
	if d.Severity != severity || d.Summary != summary {
		t.Errorf("%s: %q, want %s: %q\n%s", d.Severity, d.Summary, severity, summary, d.Detail)
	}
	if (at == "" && d.Attribute != nil) || (at != "" && len(diags.At(at)) != 1) {
		t.Errorf("it stands at %v, not at %q", d.Attribute, at)
	}
	for _, text := range says {
		if !strings.Contains(d.Detail, text) {
			t.Errorf("%q does not say %q", d.Detail, text)
		}
	}
}

// base returns a minimal provider configuration, changed by more.
func base(more ...config) config {
	c := config{"api_token": "api-token-1", "account_id": accountA}
	for _, part := range more {
		maps.Copy(c, part)
	}
	return c
}
