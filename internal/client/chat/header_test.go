package chat_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

func TestChatRequest(t *testing.T) {
	server := serveChat(t, answerChat(200, chatCompletion))
	req := chatRequest()
	req.Metadata = map[string]string{"team": "grün 🚀"}
	req.Headers = map[string]string{"CF-AIG-Cache-TTL": "60", "cf-aig-skip-cache": "false"}
	req.ExtraHeaders = map[string]string{"Authorization": "Bearer provider-key", "cf-aig-skip-cache": "true"}
	answer, err := chat.Send(t.Context(), chatClient(t, server.URL+"/v1/", nil), req)
	clienttest.RequireNoError(t, err)
	if answer.Status != 200 || answer.Attempts != 1 {
		t.Errorf("status %d after %d attempts", answer.Status, answer.Attempts)
	}
	seen := server.seen()
	if len(seen) != 1 {
		t.Fatalf("%d requests", len(seen))
	}
	got := seen[0]
	if got.method != "POST" || got.uri != "/v1/"+chatAccount+"/my-gateway/compat/chat/completions" {
		t.Errorf("%s %s", got.method, got.uri)
	}
	for name, want := range map[string]string{
		"Cf-Aig-Authorization": "Bearer " + chatToken,
		"Authorization":        "Bearer provider-key",
		"Content-Type":         "application/json",
		"User-Agent":           "test/1",
		"Cf-Aig-Cache-Ttl":     "60",
		"Cf-Aig-Skip-Cache":    "true",
		"Cf-Aig-Metadata":      `{"team":"gr\u00fcn \ud83d\ude80"}`,
	} {
		if diff := cmp.Diff([]string{want}, got.header[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var body any
	clienttest.RequireNoError(t, json.Unmarshal([]byte(got.body), &body))
	want := map[string]any{
		"model":    "openai/gpt-x",
		"messages": []any{map[string]any{"role": "user", "content": "Hi <you> & me"}},
	}
	clienttest.RequireEqual(t, want, body)
}

func TestChatWithoutProviderKeySendsNoAuthorization(t *testing.T) {
	server := serveChat(t, answerChat(200, chatCompletion))
	clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(t.Context(), chatClient(t, server.URL, nil), chatRequest())))
	if got, ok := server.seen()[0].header["Authorization"]; ok {
		t.Errorf("Authorization: %q", got)
	}
}

func TestChatRefusedBeforeSending(t *testing.T) {
	set := func(change func(*chat.Request)) chat.Request {
		req := chatRequest()
		change(&req)
		return req
	}
	headers := func(h map[string]string) chat.Request {
		return set(func(r *chat.Request) { r.Headers = h })
	}
	extra := func(h map[string]string) chat.Request {
		return set(func(r *chat.Request) { r.ExtraHeaders = h })
	}
	for name, test := range map[string]struct {
		req  chat.Request
		want string
	}{
		"account":         {set(func(r *chat.Request) { r.AccountID = "x/y" }), "not an account id"},
		"gateway dots":    {set(func(r *chat.Request) { r.GatewayID = ".." }), "cannot be the id of a gateway"},
		"gateway slash":   {set(func(r *chat.Request) { r.GatewayID = "a/b" }), "cannot be the id of a gateway"},
		"gateway percent": {set(func(r *chat.Request) { r.GatewayID = "a%2fb" }), "cannot be the id of a gateway"},
		"gateway empty":   {set(func(r *chat.Request) { r.GatewayID = "" }), "cannot be the id of a gateway"},
		"no messages":     {set(func(r *chat.Request) { r.Messages = nil }), "at least one message"},
		"no model":        {set(func(r *chat.Request) { r.Model = "" }), "needs a model"},
		"foreign header":  {headers(map[string]string{"authorization": "x"}), `"authorization" is none of AI Gateway's`},
		"token":           {headers(map[string]string{"CF-AIG-Authorization": "x"}), "provider's own to set"},
		"metadata twice": {set(func(r *chat.Request) {
			r.Metadata, r.Headers = map[string]string{"a": "b"}, map[string]string{"cf-aig-metadata": "{}"}
		}), `"cf-aig-metadata" is set twice`},
		"case twice":           {headers(map[string]string{"cf-aig-step": "a", "CF-AIG-STEP": "b"}), `"cf-aig-step" is set twice`},
		"line break":           {headers(map[string]string{"cf-aig-event-id": "a\r\nHost: b"}), "must be one line"},
		"name":                 {headers(map[string]string{"cf-aig-a b": "c"}), "has a name that cannot be sent"},
		"extra token":          {extra(map[string]string{"cf-aig-authorization": "secret-value"}), "provider's own to set"},
		"extra host":           {extra(map[string]string{"Host": "secret-value"}), "provider's own to set"},
		"extra length":         {extra(map[string]string{"content-length": "1"}), "provider's own to set"},
		"extra encoding":       {extra(map[string]string{"Transfer-Encoding": "chunked"}), "provider's own to set"},
		"extra accepted codes": {extra(map[string]string{"Accept-Encoding": "br"}), "provider's own to set"},
		"extra empty name":     {extra(map[string]string{"": "secret-value"}), "has a name that cannot be sent"},
		"extra line break":     {extra(map[string]string{"x-key": "secret-value\nmore"}), "must be one line"},
	} {
		t.Run(name, func(t *testing.T) {
			server := serveChat(t, answerChat(200, chatCompletion))
			_, err := chat.Send(t.Context(), chatClient(t, server.URL, nil), test.req)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasSuffix(err.Error(), "so no request was sent") {
				t.Errorf("error: %v", err)
			}
			var asError *client.Error
			if errors.As(err, &asError) {
				t.Error("the error looks like that of a request that was sent")
			}
			if err != nil && strings.Contains(err.Error(), "secret-value") {
				t.Errorf("the error quotes a header's value: %v", err)
			}
			if n := len(server.seen()); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}
