package emulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// collector is what an OpenTelemetry collector received.
type collector struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []object
	header http.Header
}

func collect(t *testing.T) *collector {
	t.Helper()
	c := &collector{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		raw, _ := io.ReadAll(r.Body)
		var body object
		if err := json.Unmarshal(raw, &body); err != nil {
			t.Errorf("no JSON: %s", raw)
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.bodies, c.header = append(c.bodies, body), r.Header.Clone()
	}))
	t.Cleanup(c.Close)
	return c
}

func (c *collector) spans() []object {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []object
	for _, body := range c.bodies {
		out = append(out, at(body, "resourceSpans", 0, "scopeSpans", 0, "spans", 0).(object))
	}
	return out
}

func TestTelemetry(t *testing.T) {
	c := collect(t)
	h := open(t)
	h.put("gw", object{"otel": []object{
		{"url": c.URL + "/v1/traces", "headers": object{"x-team": "a"}, "authorization": "my-secret"},
		{"url": strings.Replace(c.URL, "127.0.0.1", "localhost", 1), "headers": object{}, "content_type": "protobuf"},
		{"url": "http://127.0.0.1:1/nobody-listens", "headers": object{}},
	}})
	trace, parent := strings.Repeat("ab", 16), strings.Repeat("cd", 8)
	h.chat("gw", "openai/m", "hello", "cf-aig-metadata", `{"user":"u1","n":1.5,"ok":true,"gen_ai.x":"no"}`,
		"cf-aig-otel-trace-id", trace, "cf-aig-otel-parent-span-id", parent).text(t)
	h.FlushTelemetry()
	spans := c.spans()
	if len(spans) != 2 {
		t.Fatalf("%d spans, want one for each collector that listens", len(spans))
	}
	span := spans[0]
	got := map[string]string{}
	for _, item := range span["attributes"].([]any) {
		got[item.(object)["key"].(string)] = toString(item.(object)["value"])
	}
	for name, want := range map[string]string{
		"gen_ai.request.model": `{"stringValue":"m"}`, "gen_ai.model.provider": `{"stringValue":"openai"}`,
		"gen_ai.usage.input_tokens": `{"intValue":"1"}`, "gen_ai.usage.output_tokens": `{"intValue":"13"}`,
		"gen_ai.usage.cost": `{"doubleValue":0.000106}`, "user": `{"stringValue":"u1"}`, "n": `{"doubleValue":1.5}`,
		"ok": `{"boolValue":true}`, "gen_ai.x": "",
	} {
		if got[name] != want {
			t.Errorf("%s = %s, want %s", name, got[name], want)
		}
	}
	if !strings.Contains(got["gen_ai.prompt_json"], "hello") || !strings.Contains(got["gen_ai.completion_json"], "The prompt was: hello") {
		t.Errorf("attributes = %v", got)
	}
	if span["traceId"] != trace || span["parentSpanId"] != parent || len(span["spanId"].(string)) != 16 || at(span, "status", "code") != 1.0 {
		t.Errorf("span = %v", span)
	}
}

func TestTelemetryHeaders(t *testing.T) {
	c := collect(t)
	h := open(t)
	h.put("gw", object{"otel": []object{{"url": c.URL, "headers": object{"X-Team": "a"}, "authorization": "my-secret"}}})
	h.chat("gw", "emulator/status-500", "hi")
	h.FlushTelemetry()
	if c.header.Get("X-Team") != "a" || c.header.Get("Authorization") != "my-secret" || c.header.Get("Content-Type") != "application/json" {
		t.Errorf("headers = %v", c.header)
	}
	spans := c.spans()
	if len(spans) != 1 || at(spans[0], "status", "code") != 2.0 || len(spans[0]["traceId"].(string)) != 32 {
		t.Errorf("spans = %v", spans)
	}
}

// TestTelemetryStaysHere: nothing is ever sent to another machine, by whatever
// way.
func TestTelemetryStaysHere(t *testing.T) {
	target := collect(t)
	redirects := httptest.NewServer(http.RedirectHandler(target.URL, http.StatusTemporaryRedirect))
	defer redirects.Close()
	proxy := collect(t)
	t.Setenv("HTTP_PROXY", proxy.URL)
	h := open(t)
	h.put("gw", object{"otel": []object{
		{"url": "http://192.0.2.1/v1/traces", "headers": object{}},
		{"url": "http://collector.example:80/v1/traces", "headers": object{}},
		{"url": "http://127.0.0.1.example/", "headers": object{}},
		{"url": "ftp://127.0.0.1/", "headers": object{}},
		{"url": "http://0.0.0.0:1/", "headers": object{}},
		{"url": redirects.URL, "headers": object{}},
	}})
	before := time.Now()
	h.chat("gw", "openai/m", "hi").text(t)
	h.FlushTelemetry()
	if took := time.Since(before); took > 4*time.Second {
		t.Errorf("took %v: something was dialled", took)
	}
	if len(target.spans())+len(proxy.spans()) != 0 {
		t.Error("a redirect was followed, or a proxy used")
	}
}

func TestCloseFlushesTelemetry(t *testing.T) {
	c := collect(t)
	running := listen(t, emulator.Options{})
	running.Server.PutGateway(accountID, object{"id": "gw", "otel": []object{{"url": c.URL, "headers": object{}}}})
	url := running.DataPlaneURL() + "/" + accountID + "/gw/compat/chat/completions"
	if status, _, err := do(t.Context(), t, "POST", url, strings.Replace(chatBody, `"m"`, `"openai/m"`, 1)); status != 200 || err != nil {
		t.Fatal(status, err)
	}
	if err := running.Close(); err != nil {
		t.Fatal(err)
	}
	if len(c.spans()) != 1 {
		t.Error("the span was lost")
	}
}
