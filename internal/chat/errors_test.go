package chat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestReadWithoutResponse(t *testing.T) {
	hang := func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	for name, test := range map[string]struct {
		handler   http.HandlerFunc
		closed    bool
		interrupt bool
		want      []string
		requests  int
	}{
		"refused": {
			handler: hang, closed: true,
			want: []string{
				"Unable to connect to the gateway", `The chat request to model "openai/gpt-x" through gateway "my-gateway" in account ` + account,
				account + " failed: no response: dial tcp", "connection refused", "nothing was billed", "gateway_base_url",
			},
		},
		"broken": {
			handler: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, requests: 1,
			want: []string{"No response to test request", "may have been billed, so it was not repeated", "Run it again"},
		},
		"timeout": {
			handler: hang, requests: 1,
			want: []string{
				"Test request timed out", "timed out after 1s", "may have been billed, so it was not repeated", "The attribute timeout limits the whole operation, in seconds",
			},
		},
		"interrupt": {
			handler: hang, interrupt: true, requests: 1,
			want: []string{"Test request interrupted", "may have been billed, so it was not repeated", "Ctrl-C"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			server := serve(t, func(w http.ResponseWriter, r *http.Request) {
				if test.interrupt {
					cancel()
				}
				test.handler(w, r)
			})
			if test.closed {
				server.Close()
			}
			state, diags := configure(t, server.URL, nil).read(ctx, t,
				attrs{"model": model, "prompt": "Hi", "gateway_id": "my-gateway", "timeout": 1})
			text := texts(diags)
			for _, want := range test.want {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in:\n%s", want, text)
				}
			}
			if state != nil {
				t.Errorf("state %v", state)
			}
			if n := len(server.seen()); n != test.requests {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestReadSomethingElse(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    []string
	}{
		"a page": {
			handler: respond(200, "text/html", "<html>the-body</html>"),
			want:    []string{"HTTP 200 OK", `with the content type "text/html", is not JSON`, "gateway_base_url"},
		},
		"a stream": {
			handler: respond(200, "text/event-stream", "data: the-body\n\n"),
			want:    []string{`with the content type "text/event-stream", is not JSON`},
		},
		"nothing": {
			handler: func(w http.ResponseWriter, _ *http.Request) { w.Header()["Content-Type"] = nil },
			want:    []string{"without a content type, is not JSON"},
		},
		"other JSON": {
			handler: respond(200, "application/json", `{"success":true,"result":{"response":"the-body"}}`),
			want:    []string{"JSON without choices", "OpenAI's format"},
		},
		"an error": {
			handler: respond(200, "application/json", `{"error":{"message":"Not today","code":7}}`),
			want:    []string{"HTTP 200 OK, code 7: Not today", "JSON without choices"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, test.handler)
			state, diags := configure(t, server.URL, nil).read(t.Context(), t, attrs{"model": model, "prompt": "Hi"})
			text := texts(diags)
			for _, want := range append(test.want, "Test request did not return a chat completion") {
				if !strings.Contains(text, want) {
					t.Errorf("%q is missing in:\n%s", want, text)
				}
			}
			if strings.Contains(text, "the-body") {
				t.Errorf("the error quotes the body:\n%s", text)
			}
			if state != nil {
				t.Errorf("state %v", state)
			}
		})
	}
}

func TestReadRedactsSecrets(t *testing.T) {
	const key = "key-of-the-provider"
	echo := func(status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("cf-aig-log-id", token)
			text := r.Header.Get("cf-aig-authorization") + " " + r.Header.Get("x-key") + " " + key + " token-of-the-api"
			w.WriteHeader(status)
			_ = json.NewEncoder(w).Encode(map[string]any{
				"error":   map[string]any{"message": text, "type": text},
				"choices": map[int]any{200: []any{map[string]any{"message": map[string]any{"content": text}}}}[status],
			})
		}
	}
	for _, status := range []int{200, 401} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			server := serve(t, echo(status))
			tf := configure(t, server.URL, attrs{"test_request_headers": attrs{"X-Key": "Bearer " + key}})
			state, diags := tf.read(t.Context(), t, attrs{"model": model, "prompt": "Hi"})
			all := fmt.Sprint(state) + texts(diags)
			for _, secret := range []string{token, key, "token-of-the-api"} {
				if strings.Contains(all, secret) {
					t.Errorf("%q shows in:\n%s", secret, all)
				}
			}
			if !strings.Contains(all, "(sensitive)") {
				t.Errorf("nothing was redacted in:\n%s", all)
			}
		})
	}
}

func TestErrorIsBounded(t *testing.T) {
	server := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, `{"error":"`+strings.Repeat("x", 1<<20)+`"}`)
	})
	_, diags := configure(t, server.URL, nil).read(t.Context(), t, attrs{"model": model, "prompt": "Hi"})
	if n := len(texts(diags)); n > 4000 {
		t.Errorf("the error has %d characters", n)
	}
}
