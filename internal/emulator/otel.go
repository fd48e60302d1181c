package emulator

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// exportTimeout bounds how long a collector may take.
const exportTimeout = 5 * time.Second

// exporter sends spans to collectors, and to nothing that is not on this
// machine: an emulator must never carry prompts and keys into a network
// because some configuration under test names a real collector. The host of
// the URL must be a loopback address or localhost, the address that is dialled
// is checked once more, proxies are not used and redirects not followed.
type exporter struct {
	client http.Client

	mu      sync.Mutex
	idle    sync.Cond
	pending int
}

var errNotLoopback = errors.New("not a loopback address")

func newExporter() *exporter {
	dialer := &net.Dialer{
		Timeout: exportTimeout,
		Control: func(_, address string, _ syscall.RawConn) error {
			if to, err := netip.ParseAddrPort(address); err != nil || !to.Addr().IsLoopback() {
				return errNotLoopback
			}
			return nil
		},
	}
	e := &exporter{client: http.Client{
		Timeout:       exportTimeout,
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	e.idle.L = &e.mu
	return e
}

// start runs one sending beside the request.
func (e *exporter) start(send func()) {
	e.mu.Lock()
	e.pending++
	e.mu.Unlock()
	go func() {
		defer func() {
			e.mu.Lock()
			defer e.mu.Unlock()
			if e.pending--; e.pending == 0 {
				e.idle.Broadcast()
			}
		}()
		send()
	}()
}

// wait returns when nothing is being sent. (A sync.WaitGroup must not be waited
// for while requests go on coming in.)
func (e *exporter) wait() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.pending > 0 {
		e.idle.Wait()
	}
}

// onLoopback reports whether a URL leads to this machine.
func onLoopback(target *url.URL) bool {
	if target.Scheme != "http" && target.Scheme != "https" {
		return false
	}
	if strings.EqualFold(target.Hostname(), "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(target.Hostname())
	return err == nil && addr.IsLoopback()
}

// FlushTelemetry waits until the OpenTelemetry spans of all requests answered
// so far have been sent, or have failed to be. [Running.Close] does so too.
func (s *Server) FlushTelemetry() { s.exporter.wait() }

// export sends the span of an exchange to the gateway's collectors, while the
// client is being answered. Failures are ignored.
func (s *Server) export(x *exchange, n *note) {
	var span []byte
	for _, item := range x.settings.otel {
		config, _ := item.(map[string]any)
		text, _ := config["url"].(string)
		target, err := url.Parse(text)
		if err != nil || !onLoopback(target) {
			continue
		}
		if span == nil {
			span = marshal(x.trace(n))
		}
		header := http.Header{}
		headers, _ := config["headers"].(map[string]any)
		for name, value := range headers {
			header.Set(name, fmt.Sprint(value))
		}
		// The service resolves a reference to a secret; the emulator has no
		// secrets, and sends the reference.
		if authorization, ok := config["authorization"].(string); ok && authorization != "" {
			header.Set("Authorization", authorization)
		}
		// content_type protobuf gets JSON as well.
		header.Set("Content-Type", "application/json")
		s.exporter.start(func() { s.exporter.send(text, header, span) })
	}
}

func (e *exporter) send(target string, header http.Header, body []byte) {
	ctx, cancel := context.WithTimeout(context.Background(), exportTimeout)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, target, bytes.NewReader(body))
	if err != nil {
		return
	}
	r.Header = header
	if answer, err := e.client.Do(r); err == nil {
		_ = answer.Body.Close()
	}
}

var (
	traceIDPattern = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)
	spanIDPattern  = regexp.MustCompile(`^[0-9a-fA-F]{16}$`)
)

// trace is the span of an exchange in OTLP's JSON. The names of attributes are
// documented; the rest is what OTLP asks for.
func (x *exchange) trace(n *note) any {
	type attributes = []map[string]any
	var span attributes
	add := func(name, kind string, value any) {
		span = append(span, map[string]any{"key": name, "value": map[string]any{kind: value}})
	}
	tokensIn, tokensOut := n.tokens()
	add("gen_ai.request.model", "stringValue", x.question.model)
	add("gen_ai.model.provider", "stringValue", x.provider)
	add("gen_ai.usage.input_tokens", "intValue", strconv.Itoa(tokensIn)) // 64-bit numbers are strings there
	add("gen_ai.usage.output_tokens", "intValue", strconv.Itoa(tokensOut))
	add("gen_ai.usage.cost", "doubleValue", n.cost)
	add("gen_ai.prompt_json", "stringValue", string(x.body))
	add("gen_ai.completion_json", "stringValue", string(n.response()))
	metadata := parseMetadata(x.header.Get("cf-aig-metadata"))
	for _, name := range slices.Sorted(maps.Keys(metadata)) {
		if strings.HasPrefix(name, "gen_ai.") {
			continue // reserved (documented)
		}
		switch value := metadata[name].(type) {
		case bool:
			add(name, "boolValue", value)
		case float64:
			add(name, "doubleValue", value)
		default:
			add(name, "stringValue", value)
		}
	}
	status := map[string]any{"code": 1}
	if n.status() >= http.StatusBadRequest {
		status = map[string]any{"code": 2}
	}
	one := map[string]any{
		"traceId": givenHex(x.header.Get("cf-aig-otel-trace-id"), traceIDPattern, 16),
		"spanId":  givenHex("", spanIDPattern, 8),
		"name":    x.provider + " " + x.question.model, "kind": 3,
		"startTimeUnixNano": strconv.FormatInt(n.started.UnixNano(), 10),
		"endTimeUnixNano":   strconv.FormatInt(n.ended.UnixNano(), 10),
		"attributes":        span, "status": status,
	}
	if parent := x.header.Get("cf-aig-otel-parent-span-id"); spanIDPattern.MatchString(parent) {
		one["parentSpanId"] = parent
	}
	resource := attributes{{"key": "service.name", "value": map[string]any{"stringValue": "ai-gateway"}}}
	return map[string]any{"resourceSpans": []any{map[string]any{
		"resource":   map[string]any{"attributes": resource},
		"scopeSpans": []any{map[string]any{"scope": map[string]any{"name": "ai-gateway"}, "spans": []any{one}}},
	}}}
}

// givenHex is the id that a client gave, or a random one of that many bytes.
func givenHex(given string, pattern *regexp.Regexp, size int) string {
	if pattern.MatchString(given) {
		return given
	}
	random := make([]byte, size)
	_, _ = rand.Read(random)
	return hex.EncodeToString(random)
}
