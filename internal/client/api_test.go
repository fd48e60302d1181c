package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

const (
	account  = "0123456789abcdef0123456789abcdef"
	apiToken = "api-token-1"
	gatewaysPath = "/client/v4/accounts/" + account + "/ai-gateway/gateways"
)

// answer is what the server of a test does with one request.
type answer func(w http.ResponseWriter, r *http.Request)

// received is one request as it arrived.
type received struct {
	Method, URI, Body string
	Header            http.Header
}

// api is a control plane that does with each request what the test laid down
// for it. It shares nothing with the emulator, whose idea of the API could be
// wrong in the same way as the client's.
type api struct {
	*httptest.Server
	t        *testing.T
	mu       sync.Mutex
	answers  []answer
	requests []received
}

// serve starts a control plane that gives these answers, one to each request
// in turn. A request beyond the last answer fails the test.
func serve(t *testing.T, answers ...answer) *api {
	t.Helper()
	a := &api{t: t, answers: answers}
	a.Server = httptest.NewServer(http.HandlerFunc(a.handle))
	t.Cleanup(a.Close)
	return a
}

func (a *api) handle(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		a.t.Errorf("reading a request: %v", err)
	}
	a.mu.Lock()
	n := len(a.requests)
	a.requests = append(a.requests, received{r.Method, r.RequestURI, string(body), r.Header.Clone()})
	a.mu.Unlock()
	if n >= len(a.answers) {
		a.t.Errorf("request %d was not expected: %s %s", n+1, r.Method, r.RequestURI)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	a.answers[n](w, r)
}

func (a *api) seen() []received {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]received(nil), a.requests...)
}

// requireSeen fails the test unless exactly these requests came, such as
// "GET /demo": paths stand without what all of them begin with.
func (a *api) requireSeen(want ...string) {
	a.t.Helper()
	got := []string{}
	for _, r := range a.seen() {
		got = append(got, r.Method+" "+strings.TrimPrefix(r.URI, gatewaysPath))
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		a.t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// reply answers with a status, a body and headers ("Name: value").
func reply(status int, body string, headers ...string) answer {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for _, header := range headers {
			name, value, _ := strings.Cut(header, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// cut breaks the connection off before there is an answer.
func cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// cutMidBody breaks the connection off in the middle of an answer.
func cutMidBody(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"success":true,`)
	if err := http.NewResponseController(w).Flush(); err != nil {
		panic(err)
	}
	panic(http.ErrAbortHandler)
}

type fields = map[string]any

// object is a gateway as the API describes it, changed and extended by fields.
// A field of absent is left out.
func object(name string, change fields) fields {
	o := fields{
		"id": name, "cache_invalidate_on_update": false, "cache_ttl": 0, "collect_logs": true,
		"rate_limiting_interval": 0, "rate_limiting_limit": 0, "rate_limiting_technique": "fixed",
		"authentication": true, "is_default": false,
		"created_at": "2026-08-03T10:00:00.000Z", "modified_at": "2026-08-03T10:00:00.000Z",
	}
	maps.Copy(o, change)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == absent })
	return o
}

const absent = "\x00absent"

// envelope is a success with this result.
func envelope(result any) string { return encoded(fields{"success": true, "result": result}) }

// failure is an error envelope with one item.
func failure(code int, message string, path ...any) string {
	item := fields{"code": code, "message": message}
	if path != nil {
		item["path"] = path
	}
	return encoded(fields{"success": false, "errors": []any{item}})
}

func encoded(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

var notFound = reply(404, failure(7002, "Not Found"))

// pauses are the waits that a client asked for.
type pauses struct {
	mu   sync.Mutex
	asks []time.Duration
}

func (p *pauses) wait(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asks = append(p.asks, d)
	return ctx.Err()
}

func (p *pauses) all() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Duration(nil), p.asks...)
}

// newClient is a client of the control plane at url, which does not really
// wait. Connections are not reused, unless the test says so: net/http repeats
// a GET by itself when a connection that was used before turns out broken, and
// that would be counted as the client's.
func newClient(t *testing.T, url string, change ...func(*client.Config)) (*client.Client, *pauses) {
	t.Helper()
	waits := &pauses{}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.DisableKeepAlives = true
	t.Cleanup(transport.CloseIdleConnections)
	cfg := client.Config{
		BaseURL: url + "/client/v4", APIToken: apiToken, MaxRetries: client.DefaultMaxRetries,
		UserAgent: "client-test/1.0", Transport: transport, Wait: waits.wait,
	}
	for _, f := range change {
		f(&cfg)
	}
	c, err := client.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c, waits
}

func retries(n int) func(*client.Config) { return func(cfg *client.Config) { cfg.MaxRetries = n } }

// transport is a connection that exists in memory alone.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func over(f transport) func(*client.Config) {
	return func(cfg *client.Config) { cfg.Transport = f }
}

// answering gives the same answer to every request.
func answering(status int, body string) transport {
	return func(r *http.Request) (*http.Response, error) { return response(r, status, body), nil }
}

func response(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(bytes.NewReader([]byte(body))),
	}
}

// settings are those of [object].
func settings(change ...func(*gateways.Settings)) gateways.Settings {
	s := gateways.Settings{
		CacheEnabled: ptr(false), RateLimitingEnabled: ptr(false), LogEnabled: ptr(true),
		RateLimitingTechnique: ptr("fixed"), Authentication: ptr(true), CacheInvalidateOnUpdate: ptr(false),
	}
	for _, f := range change {
		f(&s)
	}
	return s
}

func ptr[T any](v T) *T { return &v }

// operations are all that the client can do to one gateway.
var operations = []struct {
	name, method, request string
	do                    func(ctx context.Context, c *client.Client) error
}{
	{"read gateway", "GET", "GET /demo", func(ctx context.Context, c *client.Client) error {
		_, err := gateways.Get(ctx, c, account, "demo")
		return err
	}},
	{"list gateways", "GET", "GET ?page=1&per_page=100", func(ctx context.Context, c *client.Client) error {
		for _, err := range gateways.List(ctx, c, account, "") {
			if err != nil {
				return err
			}
		}
		return nil
	}},
	{"update gateway", "PUT", "PUT /demo", func(ctx context.Context, c *client.Client) error {
		_, err := gateways.Update(ctx, c, account, "demo", "demo", settings(), gateways.Settings{})
		return err
	}},
	{"delete gateway", "DELETE", "DELETE /demo", func(ctx context.Context, c *client.Client) error {
		return gateways.Delete(ctx, c, account, "demo")
	}},
	{"create gateway", "POST", "POST ", func(ctx context.Context, c *client.Client) error {
		_, err := gateways.Create(ctx, c, account, "demo", settings())
		return err
	}},
}

// success is what the operation called name needs to succeed.
func success(name string) answer {
	if name == "list gateways" {
		return reply(200, envelope([]any{object("demo", nil)}))
	}
	return reply(200, envelope(object("demo", nil)))
}

func repeat(n int, a answer) []answer {
	all := make([]answer, n)
	for i := range all {
		all[i] = a
	}
	return all
}

// requireKind fails the test unless err is of exactly this kind; kind nil is
// no kind at all.
func requireKind(t *testing.T, err, kind error) {
	t.Helper()
	if err == nil {
		t.Fatal("there is no error")
	}
	for name, sentinel := range map[string]error{
		"ErrNotFound": client.ErrNotFound, "ErrAlreadyExists": client.ErrAlreadyExists, "ErrUnauthorized": client.ErrUnauthorized,
		"ErrCouldNotRoute": client.ErrCouldNotRoute, "ErrRateLimited": client.ErrRateLimited, "ErrInvalid": client.ErrInvalid,
		"ErrUnavailable": client.ErrUnavailable, "ErrOutcomeUnknown": client.ErrOutcomeUnknown,
		"ErrUnexpectedAnswer": client.ErrUnexpectedResponse,
	} {
		if got := errors.Is(err, sentinel); got != (sentinel == kind) {
			t.Errorf("the error is %s: %t; error: %v", name, got, err)
		}
	}
}

func requireText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q does not say %q", text, part)
		}
	}
}
