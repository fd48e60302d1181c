package emulator_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/settings"
)

// features draws values that a PUT accepts, for the settings that are objects.
var features = map[string]*rapid.Generator[any]{
	"dlp": anyOf(object{"enabled": true, "action": "FLAG", "profiles": []string{"p"}},
		object{"enabled": false, "policies": []object{}}),
	"guardrails": anyOf(nil, object{"prompt": object{}, "response": object{"S1": "BLOCK"}}),
	"otel": anyOf(nil, []object{}, []object{{"url": "https://example.com", "headers": object{"a": "b"}}},
		[]object{{"url": "https://example.com", "headers": object{}, "authorization": "x", "content_type": "protobuf"}}),
	"stripe": anyOf(nil, object{"authorization": "x", "usage_events": []object{{"payload": "{}"}}}),
	"spend_limits": anyOf(nil, object{}, object{"enabled": true, "rules": []object{
		{"id": "r", "limit": 0.5, "limitType": "cost", "window": 60}}}),
}

// updatable returns the rows of the emulator's table that a PUT accepts.
func updatable() []settings.Setting {
	return slices.DeleteFunc(settings.Gateway(nil), func(f settings.Setting) bool { return f.Use == settings.CreateOnly })
}

// valuesOf draws values that a PUT accepts, for any setting: scalars follow from their
// row.
func valuesOf(t testing.TB, f settings.Setting) *rapid.Generator[any] {
	t.Helper()
	var values []any
	switch s := f.Schema.(type) {
	case apischema.Boolean:
		values = []any{true, false}
	case apischema.Number:
		values = []any{s.Min, min(s.Max, s.Min+1), min(s.Max, 99999999)}
	case apischema.Enum:
		for _, value := range s {
			values = append(values, value)
		}
	case apischema.String:
		values = []any{strings.Repeat("k", s.Min), strings.Repeat("k", max(s.Min, 5))}
	default:
		if features[f.Name] == nil {
			t.Fatalf("setting %s is an object: add values of it to features", f.Name)
		}
		return features[f.Name]
	}
	if f.Nullable {
		values = append(values, nil)
	}
	return anyOf(values...)
}

func anyOf(values ...any) *rapid.Generator[any] { return rapid.SampledFrom(values) }

func drawQuirks(t *rapid.T) []emulator.Quirk {
	quirks := rapid.SliceOfDistinct(rapid.SampledFrom(emulator.Quirks()), rapid.ID[emulator.Quirk]).Draw(t, "quirks")
	masked := false
	var out []emulator.Quirk
	for _, q := range quirks {
		secrets := q == emulator.SecretsMasked || q == emulator.SecretsOmitted
		if secrets && masked {
			continue
		}
		masked = masked || secrets
		out = append(out, q)
	}
	return out
}

// drawBody draws the body of a PUT: all required settings, and any others.
func drawBody(t *rapid.T, rows []settings.Setting, values map[string]*rapid.Generator[any]) object {
	body := minimal()
	for _, f := range rows {
		_, always := body[f.Name]
		if always || rapid.Bool().Draw(t, "has "+f.Name) {
			body[f.Name] = values[f.Name].Draw(t, f.Name)
		}
	}
	return body
}

// TestUpdatesSettle: after any sequence of updates, GET shows what the response to PUT
// has, settings that are not null are stored as sent, and the same PUT again changes
// nothing. All settings of the emulator's table are drawn.
func TestUpdatesSettle(t *testing.T) {
	rows := updatable()
	values := map[string]*rapid.Generator[any]{}
	for _, f := range rows {
		values[f.Name] = valuesOf(t, f)
	}
	for name := range features {
		expect(t, values[name] != nil, "features has values for %s, which is not a setting", name)
	}
	rapid.Check(t, func(rt *rapid.T) {
		quirks := drawQuirks(rt)
		h := withQuirks(t, quirks...)
		h.create("a")
		for range rapid.IntRange(1, 4).Draw(rt, "updates") {
			body := drawBody(rt, rows, values)
			if slices.Contains(quirks, emulator.NoBYOKOnly) && slices.Contains(quirks, emulator.StrictBodies) {
				delete(body, "byok_only") // unknown, and so refused
			}
			first := h.put("a", body)
			stored, _ := h.Gateway(accountID, "a")
			for _, f := range rows {
				_, isFeature := features[f.Name]
				sent, present := body[f.Name]
				if _, known := stored[f.Name]; !known || isFeature || !present || sent == nil {
					continue // byok_only is unknown under NoBYOKOnly
				}
				if f.Name == "log_classification" && body["collect_logs"] == false {
					sent = false
				}
				if diff := cmp.Diff(toJSON(t, sent), toJSON(t, stored[f.Name])); diff != "" {
					rt.Fatalf("%s is not stored as sent (-want +got):\n%s", f.Name, diff)
				}
			}
			if diff := cmp.Diff(first, h.get("a")); diff != "" {
				rt.Fatalf("GET differs from PUT (-put +get):\n%s", diff)
			}
			if diff := cmp.Diff(first, h.put("a", body)); diff != "" {
				rt.Fatalf("the same PUT again changed something (-first +second):\n%s", diff)
			}
		}
	})
}

// jsonValue draws any JSON value. Names are often those of settings.
func jsonValue(depth int) *rapid.Generator[any] {
	names := append([]string{"id", "enabled", "rules", "policies", "prompt", "url", "x"}, "cache_ttl", "collect_logs",
		"cache_invalidate_on_update", "rate_limiting_interval", "rate_limiting_limit", "dlp", "guardrails", "otel",
		"spend_limits", "stripe", "model", "messages", "role", "content", "stream",
		"input", "prompt", "max_tokens", "instructions", "system", "feedback", "score", "metadata",
		"elements", "name", "type", "outputs", "properties", "elementId")
	leaves := []*rapid.Generator[any]{
		anyOf(nil, true, false, 0, -1, 1.5, 1e300, "", "x", "openai/x", "emulator/empty", "\u0000"),
		rapid.Float64Range(-1e9, 1e9).AsAny(), rapid.String().AsAny(),
	}
	if depth == 0 {
		return rapid.OneOf(leaves...)
	}
	inner := jsonValue(depth - 1)
	return rapid.OneOf(append(leaves,
		rapid.SliceOfN(inner, 0, 4).AsAny(),
		rapid.MapOfN(rapid.SampledFrom(names), inner, 0, 8).AsAny())...)
}

// TestAnyBodyGetsAResponse shows that both planes respond to any JSON with an object and
// status 200 or 400.
func TestAnyBodyGetsAResponse(t *testing.T) {
	targets := []string{
		"POST /client/v4/accounts/" + accountID + "/ai-gateway/gateways",
		"PUT /client/v4/accounts/" + accountID + "/ai-gateway/gateways/gw",
		"POST /client/v4/accounts/" + accountID + "/ai-gateway/gateways/gw/routes",
		"POST /client/v4/accounts/" + accountID + "/ai-gateway/gateways/gw/routes/{route}/versions",
		"PATCH /client/v4/accounts/" + accountID + "/ai-gateway/gateways/gw/routes/{route}",
		"POST /v1/" + accountID + "/gw/compat/chat/completions",
		"PATCH /client/v4/accounts/" + accountID + "/ai-gateway/gateways/gw/logs/one",
		"POST /client/v4/accounts/" + accountID + "/ai/run",
		"POST /client/v4/accounts/" + accountID + "/ai/run/@cf/x/y",
		"POST /client/v4/accounts/" + accountID + "/ai/v1/chat/completions",
		"POST /client/v4/accounts/" + accountID + "/ai/v1/responses",
		"POST /client/v4/accounts/" + accountID + "/ai/v1/messages",
	}
	rapid.Check(t, func(rt *rapid.T) {
		h := withQuirks(t, drawQuirks(rt)...)
		h.PutGateway(accountID, object{"id": "gw"})
		h.PutLog(accountID, "gw", object{"id": "one"})
		method, path, _ := strings.Cut(rapid.SampledFrom(targets).Draw(rt, "target"), " ")
		path = strings.Replace(path, "{route}", h.PutRoute(accountID, "gw", "r", nil), 1)
		body := toString(jsonValue(4).Draw(rt, "body"))
		if rapid.Bool().Draw(rt, "broken") {
			body = body[:rapid.IntRange(0, len(body)).Draw(rt, "length")]
		}
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Header().Get("Content-Type") == "text/event-stream" {
			return
		}
		var response object
		if err := json.Unmarshal(w.Body.Bytes(), &response); err != nil {
			rt.Fatalf("%s: no JSON object: %v\n%s", body, err, w.Body)
		}
		// Only a model of Workers AI can be missing.
		unknownModel := w.Code == http.StatusNotFound && strings.Contains(path, "/ai/")
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest && !unknownModel {
			rt.Fatalf("%s: status %d", body, w.Code)
		}
		if w.Code == http.StatusBadRequest && response["success"] != false {
			rt.Fatalf("%s: no envelope: %s", body, w.Body)
		}
	})
}

// TestAnyProviderRequestGetsAResponse shows the same for provider paths and universal
// requests.
func TestAnyProviderRequestGetsAResponse(t *testing.T) {
	paths := []string{
		"", "openai/chat/completions", "openai/responses", "openai/embeddings", "anthropic/v1/messages", "fal/x",
		"google-ai-studio/v1beta/models/m:generateContent", "workers-ai/@cf/x/y", "azure-openai/a/b/chat/completions",
	}
	rapid.Check(t, func(rt *rapid.T) {
		h := withQuirks(t)
		h.PutGateway(accountID, object{"id": "gw"})
		body := jsonValue(4).Draw(rt, "body")
		path := rapid.SampledFrom(paths).Draw(rt, "path")
		if path == "" && rapid.Bool().Draw(rt, "steps") {
			body = []any{object{"provider": "compat", "endpoint": "chat/completions", "query": body}, body}
		}
		r := httptest.NewRequest("POST", "/v1/"+accountID+"/gw/"+path, strings.NewReader(toString(body)))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("x-api-key", "k")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Header().Get("Content-Type") != "text/event-stream" && !json.Valid(w.Body.Bytes()) {
			rt.Fatalf("%s %s: no JSON: %s", path, toString(body), w.Body)
		}
		if w.Code != http.StatusOK && w.Code != http.StatusBadRequest {
			rt.Fatalf("%s %s: status %d %s", path, toString(body), w.Code, w.Body)
		}
	})
}

// TestLogFiltersAgree shows that a filter and its opposite find all logs together, and that
// both forms of a filter find the same.
func TestLogFiltersAgree(t *testing.T) {
	h := thousand(t)
	keys := []string{"id", "created_at", "success", "cached", "provider", "model", "cost", "tokens", "tokens_in", "feedback", "dlp_action"}
	total := func(rt *rapid.T, query string) float64 {
		r := h.api("GET", "gateways/gw/logs?per_page=1&"+query, nil)
		n, ok := at(r.body, "result_info.total_count").(float64)
		if !ok {
			rt.Fatalf("%s: %s", query, r.raw)
		}
		return n
	}
	rapid.Check(t, func(rt *rapid.T) {
		key := rapid.SampledFrom(keys).Draw(rt, "key")
		values := rapid.SliceOfN(anyOf("", "x", "true", "openai", "log-0001", "2026-11-01T12:10:30Z", 0, -1, 7, 2.5, true), 1, 3).Draw(rt, "values")
		eq, neq := total(rt, jsonFilter(key, "eq", values...)), total(rt, jsonFilter(key, "neq", values...))
		if eq+neq != manyLogs {
			rt.Fatalf("%s %v: eq %v, neq %v", key, values, eq, neq)
		}
		operator := rapid.SampledFrom([]string{"eq", "neq", "contains", "lt", "gt"}).Draw(rt, "operator")
		if a, b := total(rt, jsonFilter(key, operator, values...)), total(rt, sdkFilter(key, operator, values...)); a != b {
			rt.Fatalf("%s %s %v: %v and %v", key, operator, values, a, b)
		}
	})
}

// TestConcurrency runs everything at once, for the race detector.
func TestConcurrency(t *testing.T) {
	var log strings.Builder // guarded by the server
	h := start(t, emulator.Options{GatewayLimit: -1, RequestLog: &log})
	h.create("gw", object{"cache_ttl": 60, "rate_limiting_limit": 20, "rate_limiting_interval": 60})
	h.EditGateway(accountID, "gw", func(g map[string]any) {
		g["otel"] = []object{{"url": collect(t).URL, "headers": object{}}}
		g["spend_limits"] = object{"enabled": true, "rules": []object{{"id": "r", "limit": 1000, "window": 60, "technique": "sliding"}}}
	})
	var wait sync.WaitGroup
	var mu sync.Mutex
	served := 0
	for i := range 8 {
		wait.Go(func() {
			for j := range 10 {
				id := fmt.Sprintf("g-%d-%d", i, j)
				// Fatal belongs to the test's own goroutine.
				if r := h.api("POST", "gateways", minimal(object{"id": id})); r.status != http.StatusOK {
					t.Errorf("create: %d %s", r.status, r.raw)
				}
				h.api("PUT", "gateways/gw", minimal(object{"cache_ttl": 60, "rate_limiting_limit": 20, "rate_limiting_interval": 60}))
				if h.chat("gw", "openai/x", id).status == http.StatusOK {
					mu.Lock()
					served++
					mu.Unlock()
				}
				h.api("GET", "gateways", nil)
				h.api("GET", "gateways/gw/logs", nil)
				log := h.PutLog(accountID, "gw", object{})
				h.api("PATCH", "gateways/gw/logs/"+log, object{"score": j})
				h.api("DELETE", "gateways/gw/logs?"+sdkFilter("id", "eq", log), nil)
				h.FlushTelemetry()
				h.EditGateway(accountID, id, func(g map[string]any) { g["zdr"] = true })
				h.Clock().Advance(time.Nanosecond)
				h.Inject(emulator.Fault{Method: "OPTIONS"})
				h.Requests()
				h.DeleteGateway(accountID, id)
			}
		})
	}
	wait.Wait()
	expect(t, served == 20, "%d requests were served, the limit is 20", served)
	if got := len(h.Requests()); got != 1+8*10*7 {
		t.Errorf("%d requests recorded", got)
	}
	for line := range strings.Lines(log.String()) {
		if !json.Valid([]byte(line)) {
			t.Fatalf("bad log line %q", line)
		}
	}
}
