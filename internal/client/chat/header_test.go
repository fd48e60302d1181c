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
	server, c := start(t, nil, completes)
	req := chatRequest()
	req.Metadata = chat.Metadata{"team": "grün 🚀"}
	req.Headers = map[string]string{"CF-AIG-Cache-TTL": "60", "cf-aig-skip-cache": "false"}
	req.ExtraHeaders = map[string]string{"Authorization": "Bearer provider-key", "cf-aig-skip-cache": "true"}
	response, err := chat.Send(t.Context(), c, req)
	clienttest.RequireNoError(t, err)
	if response.Status != 200 || response.Attempts != 1 {
		t.Errorf("status %d after %d attempts", response.Status, response.Attempts)
	}
	server.RequireRequests(postToCompat)
	got := server.Seen()[0]
	for name, want := range map[string]string{
		"Cf-Aig-Authorization": "Bearer " + gatewayToken,
		"Authorization":        "Bearer provider-key",
		"Content-Type":         "application/json",
		"User-Agent":           "client-test/1.0",
		"Cf-Aig-Cache-Ttl":     "60",
		"Cf-Aig-Skip-Cache":    "true",
		"Cf-Aig-Metadata":      `{"team":"gr\u00fcn \ud83d\ude80"}`,
	} {
		if diff := cmp.Diff([]string{want}, got.Header[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	var body any
	clienttest.RequireNoError(t, json.Unmarshal([]byte(got.Body), &body))
	want := map[string]any{
		"model":    "openai/gpt-x",
		"messages": []any{map[string]any{"role": "user", "content": "Hi <you> & me"}},
	}
	clienttest.RequireEqual(t, want, body)
}

func TestChatWithoutProviderKeySendsNoAuthorization(t *testing.T) {
	server, c := start(t, nil, completes)
	clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(t.Context(), c, chatRequest())))
	if got, ok := server.Seen()[0].Header["Authorization"]; ok {
		t.Errorf("Authorization: %q", got)
	}
}

func TestChatRefusedBeforeSending(t *testing.T) {
	headers := func(h map[string]string) chat.Request {
		return chatRequest(func(r *chat.Request) { r.Headers = h })
	}
	extra := func(h map[string]string) chat.Request {
		return chatRequest(func(r *chat.Request) { r.ExtraHeaders = h })
	}
	for name, test := range map[string]struct {
		req  chat.Request
		want string
	}{
		"account":         {chatRequest(func(r *chat.Request) { r.AccountID = "x/y" }), "not an account ID"},
		"gateway dots":    {chatRequest(func(r *chat.Request) { r.GatewayID = ".." }), "cannot be the ID of a gateway"},
		"gateway slash":   {chatRequest(func(r *chat.Request) { r.GatewayID = "a/b" }), "cannot be the ID of a gateway"},
		"gateway percent": {chatRequest(func(r *chat.Request) { r.GatewayID = "a%2fb" }), "cannot be the ID of a gateway"},
		"gateway empty":   {chatRequest(func(r *chat.Request) { r.GatewayID = "" }), "cannot be the ID of a gateway"},
		"no messages":     {chatRequest(func(r *chat.Request) { r.Messages = nil }), "at least one message"},
		"no model":        {chatRequest(func(r *chat.Request) { r.Model = "" }), "needs a model"},
		"foreign header":  {headers(map[string]string{"authorization": "x"}), `"authorization" is none of AI Gateway's`},
		"token":           {headers(map[string]string{"CF-AIG-Authorization": "x"}), "provider's own to set"},
		"metadata twice": {chatRequest(func(r *chat.Request) {
			r.Metadata, r.Headers = chat.Metadata{"a": "b"}, map[string]string{"cf-aig-metadata": "{}"}
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
			requireRefused(t, test.req, test.want)
		})
	}
}

// requireRefused fails the test unless a request is refused before it is sent, and
// the error does not quote the value of a header.
func requireRefused(t *testing.T, req chat.Request, says string) {
	t.Helper()
	server, c := start(t, nil)
	_, err := chat.Send(t.Context(), c, req)
	if err == nil || !strings.Contains(err.Error(), says) || !strings.HasSuffix(err.Error(), "so no request was sent") {
		t.Fatalf("error: %v", err)
	}
	var failed *client.Error
	if errors.As(err, &failed) {
		t.Error("the error looks like that of a request that was sent")
	}
	if strings.Contains(err.Error(), "secret-value") {
		t.Errorf("the error quotes a header's value: %v", err)
	}
	server.RequireRequests()
}
