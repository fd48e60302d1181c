package logs_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/logs"
)

func at(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// decodeLog decodes a log from the JSON of a result.
func decodeLog(t testing.TB, result string) (*logs.Detail, error) {
	t.Helper()
	c, err := client.New(client.Config{APIToken: clienttest.APIToken, Transport: clienttest.AlwaysReply(200, `{"success":true,"result":`+result+`}`)})
	clienttest.RequireNoError(t, err)
	return logs.Get(t.Context(), c, clienttest.Account, "demo", "log-1")
}

func TestLogIsReadWhole(t *testing.T) {
	heads := clienttest.Fields{
		"request_head": "{\"a\":", "request_head_complete": false, "request_size": 100,
		"response_head": clienttest.Fields{"b": 1}, "response_head_complete": 1, "response_size": 7.0,
		"usage_metadata": clienttest.Fields{"x": 1}, "brand_new": true,
	}
	want := &logs.Detail{
		Log: logs.Log{
			ID: "log-1", CreatedAt: at("2026-08-03T10:00:00.123Z"), Provider: clienttest.Ptr("openai"), Model: clienttest.Ptr("gpt-x"), ModelType: clienttest.Ptr("chat"),
			Path: clienttest.Ptr("chat/completions"), RequestType: clienttest.Ptr("chat"), RequestContentType: clienttest.Ptr("application/json"),
			ResponseContentType: clienttest.Ptr("application/json"), Success: clienttest.Ptr(true), Cached: clienttest.Ptr(false), StatusCode: clienttest.Ptr(int64(200)),
			Duration: clienttest.Ptr(int64(812)), TokensIn: clienttest.Ptr(int64(3)), TokensOut: clienttest.Ptr(int64(2)), Cost: clienttest.Ptr(0.0125), CustomCost: clienttest.Ptr(false),
			Step: clienttest.Ptr(int64(0)), Metadata: clienttest.Ptr(`{"attempt":2,"team":"platform"}`),
		},
		RequestHead: clienttest.Ptr(`{"a":`), RequestHeadComplete: clienttest.Ptr(false), RequestSize: clienttest.Ptr(int64(100)),
		ResponseHead: clienttest.Ptr(`{"b":1}`), ResponseHeadComplete: clienttest.Ptr(true), ResponseSize: clienttest.Ptr(int64(7)),
	}
	server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(logObject("log-1", heads))), clienttest.Reply(200, clienttest.Envelope([]any{logObject("log-1", heads)})))
	got, err := logs.Get(t.Context(), c, clienttest.Account, "demo", "log-1")
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, want, got, cmpopts.IgnoreUnexported(logs.Log{}))
	for log, err := range logs.List(t.Context(), c, clienttest.Account, "demo", logs.Query{}) {
		clienttest.RequireNoError(t, err)
		if diff := cmp.Diff(&want.Log, log, cmpopts.IgnoreUnexported(logs.Log{})); diff != "" {
			t.Errorf("in the list (-want +got):\n%s", diff)
		}
	}
	server.RequireRequests("GET /demo/logs/log-1", logPageRequest(1))
}

// A log needs nothing but an id.
func TestLogMayLackEverything(t *testing.T) {
	empty := clienttest.Fields{"id": "log-1"}
	for name := range logObject("log-1", nil) {
		if name != "id" {
			empty[name] = nil
		}
	}
	unset := clienttest.Fields{"id": "log-1", "provider": "", "model": "", "metadata": ""}
	for _, o := range []clienttest.Fields{{"id": "log-1"}, empty, unset} {
		log, err := decodeLog(t, clienttest.Encode(o))
		clienttest.RequireNoError(t, err)
		clienttest.RequireEqual(t, &logs.Detail{Log: logs.Log{ID: "log-1"}}, log, cmpopts.IgnoreUnexported(logs.Log{}))
	}
}

func TestLogForms(t *testing.T) {
	for _, test := range []struct {
		field string
		value any
		of    func(*logs.Detail) any
		want  any
	}{
		{"success", 1, func(l *logs.Detail) any { return *l.Success }, true},
		{"cached", 0, func(l *logs.Detail) any { return *l.Cached }, false},
		{"created_at", 1785751200, func(l *logs.Detail) any { return l.CreatedAt }, at("2026-08-03T10:00:00Z")},
		{"duration", 811.5, func(l *logs.Detail) any { return *l.Duration }, int64(812)},
		{"cost", 3, func(l *logs.Detail) any { return *l.Cost }, 3.0},
		{"cost", 1.5e-7, func(l *logs.Detail) any { return *l.Cost }, 1.5e-7},
		{"tokens_in", 12.0, func(l *logs.Detail) any { return *l.TokensIn }, int64(12)},
		{"metadata", `{"b":1, "a":"<x>"}`, func(l *logs.Detail) any { return *l.Metadata }, `{"a":"<x>","b":1}`},
		{"metadata", clienttest.Fields{"b": json.RawMessage("12345678901234567890"), "a": nil}, func(l *logs.Detail) any { return *l.Metadata }, `{"a":null,"b":12345678901234567890}`},
		{"metadata", "no JSON", func(l *logs.Detail) any { return *l.Metadata }, "no JSON"},
		{"metadata", clienttest.Fields{}, func(l *logs.Detail) any { return *l.Metadata }, "{}"},
		{"metadata", []any{1}, func(l *logs.Detail) any { return *l.Metadata }, "[1]"},
		{"metadata", clienttest.Fields{"token": clienttest.APIToken}, func(l *logs.Detail) any { return *l.Metadata }, `{"token":"(sensitive)"}`},
		{"request_head", clienttest.APIToken, func(l *logs.Detail) any { return *l.RequestHead }, "(sensitive)"},
	} {
		log, err := decodeLog(t, clienttest.Encode(logObject("log-1", clienttest.Fields{test.field: test.value})))
		if err != nil {
			t.Errorf("%s %v: %v", test.field, test.value, err)
			continue
		}
		if diff := cmp.Diff(test.want, test.of(log)); diff != "" {
			t.Errorf("%s %v (-want +got):\n%s", test.field, test.value, diff)
		}
	}
}

// The error names the field that cannot be decoded.
func TestLogFaultIsNamed(t *testing.T) {
	for field, values := range map[string][]any{
		"success": {"yes", 2}, "cached": {[]any{}}, "created_at": {"yesterday", true}, "duration": {"812", true, 1e300},
		"tokens_in": {"3", 1.5}, "tokens_out": {clienttest.Fields{}}, "cost": {"0.01", true}, "status_code": {"200"}, "step": {"0"},
		"provider": {7}, "model": {clienttest.Fields{}}, "request_size": {"1"}, "custom_cost": {"maybe"},
	} {
		for _, value := range values {
			clienttest.RequireError(t, clienttest.ErrorOf(decodeLog(t, clienttest.Encode(logObject("log-1", clienttest.Fields{field: value})))), client.ErrUnexpectedResponse, "read log: HTTP 200 OK: "+field)
		}
	}
	for _, result := range []string{"7", `"log-1"`, "[]", `{}`, `{"id":""}`, `{"id":null}`, `null`} {
		clienttest.RequireKind(t, clienttest.ErrorOf(decodeLog(t, result)), client.ErrUnexpectedResponse)
	}
}

func FuzzDecodeLogs(f *testing.F) {
	f.Add(clienttest.Encode([]any{logObject("a", nil), logObject("b", clienttest.Fields{"metadata": `{"a":1}`, "cost": nil})}))
	f.Add(clienttest.Encode([]any{logObject("a", clienttest.Fields{"success": 1, "created_at": 1785751200, "duration": 1.5, "request_head": clienttest.Fields{}})}))
	for _, seed := range []string{
		`[]`, `{}`, `null`, `[null]`, `[7]`, `[{"id":"a"},{"id":"a"}]`, `[{"id":"a","metadata":"{"}]`, `[{"id":"a","metadata":"\ud800"}]`,
		`[{"id":"a","metadata":[[]]}]`, `[{"id":"a","metadata":{"a":{"b":1e999}}}]`, `[{"id":"a","cost":1e999}]`, `[{"id":"a","cost":-0}]`,
		`[{"id":"a","duration":1e20}]`, `[{"id":"a","duration":null,"tokens_in":9223372036854775807,"tokens_out":1}]`,
		`[{"id":"a","created_at":"0000-01-01T00:00:00+23:59"}]`, `[{"id":"a","metadata":" "}]`, `[{"id":"a"}],"result_info":{"total_count":-1}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, result string) {
		c, err := client.New(client.Config{APIToken: clienttest.APIToken, Transport: clienttest.AlwaysReply(200, `{"success":true,"result":`+result+`}`)})
		clienttest.RequireNoError(t, err)
		seen := map[string]bool{}
		query := logs.Query{TotalTokens: logs.Range{Min: clienttest.Ptr(0.0)}, Metadata: map[string]string{"a": "1"}}
		for _, query := range []logs.Query{{}, query} {
			clear(seen)
			for log, err := range logs.List(t.Context(), c, clienttest.Account, "demo", query) {
				if err != nil {
					var failed *client.Error
					if !errors.As(err, &failed) || !errors.Is(err, client.ErrUnexpectedResponse) || log != nil {
						t.Fatalf("%+v, %v", log, err)
					}
					break
				}
				if log.ID == "" || seen[log.ID] {
					t.Fatalf("%+v", log)
				}
				seen[log.ID] = true
				clienttest.RequireNoError(t, clienttest.ErrorOf(time.Parse(time.RFC3339, log.CreatedAt.Format(time.RFC3339))))
				if log.Metadata != nil && (*log.Metadata == "" || strings.HasPrefix(*log.Metadata, "{") && query.Metadata != nil && !json.Valid([]byte(*log.Metadata))) {
					t.Fatalf("metadata %q", *log.Metadata)
				}
			}
		}
	})
}
