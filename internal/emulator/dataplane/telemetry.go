package dataplane

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// exportTimeout bounds how long a collector may take.
const exportTimeout = 5 * time.Second

// exporter sends spans to collectors on this machine only: an emulator must never
// send prompts and keys into a network because a configuration under test names a
// real collector. The host of the URL must be a loopback address or localhost, the
// dialled address is checked too, proxies are not used, and redirects not followed.
type exporter struct {
	client http.Client

	mu      sync.Mutex
	idle    sync.Cond
	pending int
}

func newExporter() *exporter {
	dialer := &net.Dialer{Timeout: exportTimeout, Control: loopbackOnly}
	e := &exporter{client: http.Client{
		Timeout:       exportTimeout,
		Transport:     &http.Transport{DialContext: dialer.DialContext, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
	e.idle.L = &e.mu
	return e
}

// start runs send in the background.
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

// wait waits until nothing is being sent. (A sync.WaitGroup does not allow waiting
// while new requests come in.)
func (e *exporter) wait() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for e.pending > 0 {
		e.idle.Wait()
	}
}

// FlushTelemetry waits until the spans of all responses so far have been
// sent or have failed.
func (p *Plane) FlushTelemetry() { p.exporter.wait() }

// export sends the span of a request to the gateway's collectors in the background.
// Failures are ignored.
func (p *Plane) export(e event) {
	var span []byte
	for _, item := range e.req.config.OTel {
		config, _ := item.(map[string]any)
		text, _ := config["url"].(string)
		target, err := url.Parse(text)
		if err != nil || !wire.OnLoopback(target) {
			continue
		}
		if span == nil {
			span = wire.Marshal(spanOf(e))
		}
		header := http.Header{}
		headers, _ := config["headers"].(map[string]any)
		for name, value := range headers {
			header.Set(name, fmt.Sprint(value))
		}
		// The service resolves a reference to a secret; the emulator sends the
		// reference.
		if authorization, ok := config["authorization"].(string); ok && authorization != "" {
			header.Set("Authorization", authorization)
		}
		// content_type protobuf gets JSON as well.
		header.Set("Content-Type", "application/json")
		p.exporter.start(func() { p.exporter.send(text, header, span) })
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
	if response, err := e.client.Do(r); err == nil {
		_ = response.Body.Close()
	}
}

var (
	traceIDPattern = regexp.MustCompile(`^[0-9a-fA-F]{32}$`)
	spanIDPattern  = regexp.MustCompile(`^[0-9a-fA-F]{16}$`)
)

// spanOf returns the span of a request in OTLP's JSON. The names of attributes are
// documented; the rest is what OTLP requires.
func spanOf(e event) any {
	req := e.req
	type attributes = []map[string]any
	var span attributes
	add := func(name, kind string, value any) {
		span = append(span, map[string]any{"key": name, "value": map[string]any{kind: value}})
	}
	tokensIn, tokensOut := e.tokens()
	add("gen_ai.request.model", "stringValue", req.model.Model)
	add("gen_ai.model.provider", "stringValue", req.provider)
	add("gen_ai.usage.input_tokens", "intValue", strconv.Itoa(tokensIn)) // 64-bit numbers are strings there
	add("gen_ai.usage.output_tokens", "intValue", strconv.Itoa(tokensOut))
	add("gen_ai.usage.cost", "doubleValue", e.cost.amount)
	add("gen_ai.prompt_json", "stringValue", string(req.body))
	add("gen_ai.completion_json", "stringValue", string(e.body()))
	for _, name := range slices.Sorted(maps.Keys(req.metadata)) {
		if strings.HasPrefix(name, "gen_ai.") {
			continue // reserved (documented)
		}
		switch value := req.metadata[name].(type) {
		case bool:
			add(name, "boolValue", value)
		case float64:
			add(name, "doubleValue", value)
		default:
			add(name, "stringValue", value)
		}
	}
	status := map[string]any{"code": 1}
	if e.status() >= http.StatusBadRequest {
		status = map[string]any{"code": 2}
	}
	one := map[string]any{
		"traceId": givenHex(req.header.Get("cf-aig-otel-trace-id"), traceIDPattern, 16),
		"spanId":  givenHex("", spanIDPattern, 8),
		"name":    req.provider + " " + req.model.Model, "kind": 3,
		"startTimeUnixNano": strconv.FormatInt(e.started.UnixNano(), 10),
		"endTimeUnixNano":   strconv.FormatInt(e.ended.UnixNano(), 10),
		"attributes":        span, "status": status,
	}
	if parent := req.header.Get("cf-aig-otel-parent-span-id"); spanIDPattern.MatchString(parent) {
		one["parentSpanId"] = parent
	}
	resource := attributes{{"key": "service.name", "value": map[string]any{"stringValue": "ai-gateway"}}}
	return map[string]any{"resourceSpans": []any{map[string]any{
		"resource":   map[string]any{"attributes": resource},
		"scopeSpans": []any{map[string]any{"scope": map[string]any{"name": "ai-gateway"}, "spans": []any{one}}},
	}}}
}

// givenHex returns the id that a client has sent, or a random one of that many bytes.
func givenHex(given string, pattern *regexp.Regexp, size int) string {
	if pattern.MatchString(given) {
		return given
	}
	random := make([]byte, size)
	_, _ = rand.Read(random)
	return hex.EncodeToString(random)
}
