// Package clienttest has what the tests of the client and of the packages around it
// share. Only tests import it.
package clienttest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// These are what requests of the tests are made with.
const (
	Account      = "0123456789abcdef0123456789abcdef"
	APIToken     = "api-token-1"
	AccountPath  = "/client/v4/accounts/" + Account
	GatewaysPath = AccountPath + "/ai-gateway/gateways"
)

// A Handler responds to one request.
type Handler func(w http.ResponseWriter, r *http.Request)

// Received is one request as it arrived.
type Received struct {
	Method, URI, Body string
	Header            http.Header
}

// A Server is a control plane that responds to each request as the test says. It
// shares nothing with the emulator, whose idea of the API could be wrong in the same
// way as the client's.
type Server struct {
	*httptest.Server
	t         *testing.T
	waits     *Pauses
	mu        sync.Mutex
	responses []Handler
	requests  []Received
}

// Serve starts a control plane that gives these responses, one to each request in
// turn. A request beyond the last one fails the test.
func Serve(t *testing.T, responses ...Handler) *Server {
	t.Helper()
	s := &Server{t: t, responses: responses}
	s.Server = httptest.NewServer(http.HandlerFunc(s.handle))
	t.Cleanup(s.Close)
	return s
}

func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Errorf("reading a request: %v", err)
	}
	s.mu.Lock()
	n := len(s.requests)
	s.requests = append(s.requests, Received{r.Method, r.RequestURI, string(body), r.Header.Clone()})
	s.mu.Unlock()
	if n >= len(s.responses) {
		s.t.Errorf("request %d was not expected: %s %s", n+1, r.Method, r.RequestURI)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	s.responses[n](w, r)
}

// Seen returns the requests that arrived.
func (s *Server) Seen() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.requests...)
}

// RequireRequests fails the test unless exactly these requests arrived, such as
// "GET /demo". A path below [GatewaysPath] is relative to that, another path below
// [AccountPath] to that.
func (s *Server) RequireRequests(want ...string) {
	s.t.Helper()
	got := []string{}
	for _, r := range s.Seen() {
		path, ok := strings.CutPrefix(r.URI, GatewaysPath)
		if !ok {
			path = strings.TrimPrefix(r.URI, AccountPath)
		}
		got = append(got, r.Method+" "+path)
	}
	if diff := cmp.Diff(append([]string{}, want...), got); diff != "" {
		s.t.Errorf("requests (-want +got):\n%s", diff)
	}
}

// RequireSameBodies fails the test unless all requests had the same body.
func (s *Server) RequireSameBodies() {
	s.t.Helper()
	for _, r := range s.Seen() {
		if first := s.Seen()[0].Body; r.Body != first {
			s.t.Errorf("body %q, first %q", r.Body, first)
		}
	}
}

// Reply returns a response with a status, a body and headers ("Name: value").
func Reply(status int, body string, headers ...string) Handler {
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

// Cut breaks the connection without a response.
func Cut(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// CutMidBody breaks the connection in the middle of a response.
func CutMidBody(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	_, _ = io.WriteString(w, `{"success":true,`)
	if err := http.NewResponseController(w).Flush(); err != nil {
		panic(err)
	}
	panic(http.ErrAbortHandler)
}

// Fields is a JSON object.
type Fields = map[string]any

// Gateway returns a gateway as the API describes it, with some fields changed or
// added. A field of [Absent] is left out.
func Gateway(name string, change Fields) Fields {
	o := Fields{
		"id": name, "cache_invalidate_on_update": false, "cache_ttl": 0, "collect_logs": true,
		"rate_limiting_interval": 0, "rate_limiting_limit": 0, "rate_limiting_technique": "fixed",
		"authentication": true, "is_default": false,
		"created_at": "2026-08-03T10:00:00.000Z", "modified_at": "2026-08-03T10:00:00.000Z",
	}
	maps.Copy(o, change)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == Absent })
	return o
}

// Absent is the value of a field to leave out.
const Absent = "\x00absent"

// Envelope returns the body of a success with this result.
func Envelope(result any) string { return Encode(Fields{"success": true, "result": result}) }

// Failure returns the body of an error with one item.
func Failure(code int, message string, path ...any) string {
	item := Fields{"code": code, "message": message}
	if path != nil {
		item["path"] = path
	}
	return Encode(Fields{"success": false, "errors": []any{item}})
}

// Encode returns v as JSON.
func Encode(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

var (
	// NotFound responds that an object does not exist.
	NotFound = Reply(404, Failure(7002, "Not Found"))
	// Forbidden responds that the token lacks a permission.
	Forbidden = Reply(403, Failure(10000, "Authentication error"))
)

// Pauses is a [client.Clock] that does not really wait, and records the waits that a
// client asked for. Only they move its time. Timeouts are real.
type Pauses struct {
	mu   sync.Mutex
	asks []time.Duration
	now  time.Time
}

func newPauses() *Pauses { return &Pauses{now: time.Now()} }

// Now implements [client.Clock].
func (p *Pauses) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// Wait implements [client.Clock].
func (p *Pauses) Wait(ctx context.Context, d time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asks = append(p.asks, d)
	p.now = p.now.Add(d)
	return ctx.Err()
}

// AfterFunc implements [client.Clock].
func (*Pauses) AfterFunc(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }

// Waiting makes the client wait with this function.
func Waiting(wait func(ctx context.Context, d time.Duration) error) func(*client.Config) {
	return func(cfg *client.Config) { cfg.Clock = waitClock{cfg.Clock, wait} }
}

type waitClock struct {
	client.Clock
	wait func(ctx context.Context, d time.Duration) error
}

func (c waitClock) Wait(ctx context.Context, d time.Duration) error { return c.wait(ctx, d) }

// All returns the waits in order.
func (p *Pauses) All() []time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]time.Duration(nil), p.asks...)
}

// RequireCount fails the test unless there were n waits.
func (p *Pauses) RequireCount(t *testing.T, n int) {
	t.Helper()
	if waits := p.All(); len(waits) != n {
		t.Errorf("waited %v, want %d waits", waits, n)
	}
}

// New returns a client of the control plane at url, which does not really wait.
// Connections are not reused, unless the test says so: net/http repeats a GET by
// itself when a reused connection turns out broken, and that would be counted as the
// client's.
func New(t *testing.T, url string, change ...func(*client.Config)) (*client.Client, *Pauses) {
	t.Helper()
	waits := newPauses()
	transport := &http.Transport{DisableKeepAlives: true}
	t.Cleanup(transport.CloseIdleConnections)
	cfg := client.Config{
		BaseURL: url + "/client/v4", GatewayBaseURL: url + "/v1", APIToken: APIToken, MaxRetries: client.DefaultMaxRetries,
		UserAgent: "client-test/1.0", Transport: transport, Clock: waits,
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

// Start starts a control plane, as [Serve] does, and returns it with a client of it,
// as [New] does.
func Start(t *testing.T, responses ...Handler) (*Server, *client.Client) {
	t.Helper()
	return StartWith(t, func(*client.Config) {}, responses...)
}

// StartWith is [Start] with a change of the client's configuration.
func StartWith(t *testing.T, change func(*client.Config), responses ...Handler) (*Server, *client.Client) {
	t.Helper()
	server := Serve(t, responses...)
	c, waits := New(t, server.URL, change)
	server.waits = waits
	return server, c
}

// Waits returns the waits of the client of [Start], in order.
func (s *Server) Waits() []time.Duration { return s.waits.All() }

// Waited returns how long the client of [Start] waited in all.
func (s *Server) Waited() time.Duration {
	var sum time.Duration
	for _, d := range s.Waits() {
		sum += d
	}
	return sum
}

// RequireWaits fails the test unless the client of [Start] waited so often.
func (s *Server) RequireWaits(n int) {
	s.t.Helper()
	s.waits.RequireCount(s.t, n)
}

// RequireWaitsOf fails the test unless the client of [Start] waited so long.
func (s *Server) RequireWaitsOf(want ...time.Duration) {
	s.t.Helper()
	if waits := s.Waits(); !slices.Equal(want, waits) {
		s.t.Errorf("waited %v, want %v", waits, want)
	}
}

// Retries sets the number of retries.
func Retries(n int) func(*client.Config) { return func(cfg *client.Config) { cfg.MaxRetries = n } }

// A Transport is a connection in memory.
type Transport func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f Transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// Over sets the transport.
func Over(f Transport) func(*client.Config) {
	return func(cfg *client.Config) { cfg.Transport = f }
}

// AlwaysReply gives the same response to every request.
func AlwaysReply(status int, body string) Transport {
	return func(r *http.Request) (*http.Response, error) { return HTTPResponse(r, status, body), nil }
}

// HTTPResponse returns a response to a request.
func HTTPResponse(r *http.Request, status int, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Status: fmt.Sprint(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Request: r,
		Header: http.Header{"Content-Type": {"application/json"}},
		Body:   io.NopCloser(bytes.NewReader([]byte(body))),
	}
}

// Ptr returns a pointer to v.
func Ptr[T any](v T) *T { return &v }

// Repeat returns a response n times.
func Repeat(n int, a Handler) []Handler {
	all := make([]Handler, n)
	for i := range all {
		all[i] = a
	}
	return all
}

// RequireBodies fails the test unless the requests had exactly these bodies.
func (s *Server) RequireBodies(want ...string) {
	s.t.Helper()
	got := []string{}
	for _, r := range s.Seen() {
		got = append(got, r.Body)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		s.t.Errorf("bodies (-want +got):\n%s", diff)
	}
}

// EquateEmpty treats nil and empty slices as equal.
var EquateEmpty = cmp.FilterValues(func(a, b []string) bool { return len(a) == 0 && len(b) == 0 }, cmp.Ignore())
