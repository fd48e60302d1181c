package emulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// A collector records what an OpenTelemetry collector receives.
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
			t.Errorf("invalid JSON: %s", raw)
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
		out = append(out, at(body, "resourceSpans.0.scopeSpans.0.spans.0").(object))
	}
	return out
}

func TestTelemetry(t *testing.T) {
	c := collect(t)
	h := open(t)
	h.put("gw", object{"otel": []object{
		{"url": c.URL + "/v1/traces", "headers": object{"x-team": "a"}, "authorization": "my-secret"},
		{"url": strings.Replace(c.URL, "127.0.0.1", "localhost", 1), "headers": object{}, "content_type": "protobuf"},
		{"url": "http://127.0.0.1:1/nothing-listens", "headers": object{}},
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
		equal(t, name, want, got[name])
	}
	expect(t, strings.Contains(got["gen_ai.prompt_json"], "hello") && strings.Contains(got["gen_ai.completion_json"], "The prompt was: hello"), "attributes = %v", got)
	expect(t, span["traceId"] == trace && span["parentSpanId"] == parent && len(span["spanId"].(string)) == 16 && at(span, "status.code") == 1.0, "span = %v", span)
}

func TestTelemetryHeaders(t *testing.T) {
	c := collect(t)
	h := open(t)
	h.put("gw", object{"otel": []object{{"url": c.URL, "headers": object{"X-Team": "a"}, "authorization": "my-secret"}}})
	h.chat("gw", "emulator/status-500", "hi")
	h.FlushTelemetry()
	reply{header: c.header}.wantHeaders(t, "X-Team", "a", "Authorization", "my-secret", "Content-Type", "application/json")
	spans := c.spans()
	expect(t, len(spans) == 1 && at(spans[0], "status.code") == 2.0 && len(spans[0]["traceId"].(string)) == 32, "spans = %v", spans)
}

// TestTelemetryStaysHere shows that no span reaches another machine, by a redirect or a
// proxy. Package dataplane tests the URLs.
func TestTelemetryStaysHere(t *testing.T) {
	target, proxy := collect(t), collect(t)
	redirects := httptest.NewServer(http.RedirectHandler(target.URL, http.StatusTemporaryRedirect))
	defer redirects.Close()
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
	h.chat("gw", "openai/m", "hi").text(t)
	h.FlushTelemetry()
	equal(t, "spans over a redirect or a proxy", 0, len(target.spans())+len(proxy.spans()))
}

func TestCloseFlushesTelemetry(t *testing.T) {
	c := collect(t)
	running := listen(t, emulator.Options{})
	running.Server.PutGateway(accountID, object{"id": "gw", "otel": []object{{"url": c.URL, "headers": object{}}}})
	url := running.DataPlaneURL() + "/" + accountID + "/gw/compat/chat/completions"
	if status, _, err := do(t.Context(), t, "POST", url, withModel(chatBody, "openai/m")); status != 200 || err != nil {
		t.Fatal(status, err)
	}
	if err := running.Close(); err != nil {
		t.Fatal(err)
	}
	equal(t, "the span was lost", 1, len(c.spans()))
}
