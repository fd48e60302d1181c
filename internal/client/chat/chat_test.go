package chat_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

const (
	chatAccount = "0123456789abcdef0123456789abcdef"
	chatToken   = "token-of-the-gateway"

	chatCompletion  = `{"id":"x","object":"chat.completion","model":"gpt-x","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}`
	noGatewayAnswer = `{"success":false,"result":[],"messages":[],"error":[{"code":2001,"message":"Please configure AI Gateway in the Cloudflare dashboard"}]}`
)

// chatServer is a data plane that keeps what it was sent.
type chatServer struct {
	*httptest.Server
	mu       sync.Mutex
	requests []chatSent
}

type chatSent struct {
	method, uri, body string
	header            http.Header
}

func (r *chatServer) seen() []chatSent {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]chatSent(nil), r.requests...)
}

// serveChat answers the n-th request, counted from 0.
func serveChat(t *testing.T, answer func(n int, w http.ResponseWriter, r *http.Request)) *chatServer {
	t.Helper()
	rec := &chatServer{}
	rec.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading a request: %v", err)
		}
		rec.mu.Lock()
		n := len(rec.requests)
		rec.requests = append(rec.requests, chatSent{r.Method, r.RequestURI, string(body), r.Header.Clone()})
		rec.mu.Unlock()
		answer(n, w, r)
	}))
	t.Cleanup(rec.Close)
	return rec
}

func answerChat(status int, body string) func(int, http.ResponseWriter, *http.Request) {
	return func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func chatClient(t *testing.T, baseURL string, change func(*client.Config)) *client.Client {
	t.Helper()
	cfg := client.Config{
		BaseURL: baseURL, GatewayBaseURL: baseURL, APIToken: "token-of-the-api", GatewayToken: chatToken,
		MaxRetries: client.DefaultMaxRetries, UserAgent: "test/1",
		Wait: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	}
	if change != nil {
		change(&cfg)
	}
	c, err := client.New(cfg)
	clienttest.RequireNoError(t, err)
	return c
}

func chatRequest() chat.Request {
	return chat.Request{
		AccountID: chatAccount, GatewayID: "my-gateway", Model: "openai/gpt-x",
		Messages: []chat.Message{{Role: "user", Content: "Hi <you> & me"}},
		Timeout:  10 * time.Second, AwaitGateway: true,
	}
}

func TestChatAwaitsGateway(t *testing.T) {
	var pauses []time.Duration
	server := serveChat(t, func(n int, w http.ResponseWriter, r *http.Request) {
		if n < 3 {
			answerChat(400, noGatewayAnswer)(n, w, r)
			return
		}
		answerChat(200, chatCompletion)(n, w, r)
	})
	c := chatClient(t, server.URL, func(cfg *client.Config) {
		cfg.Wait = func(_ context.Context, d time.Duration) error { pauses = append(pauses, d); return nil }
	})
	answer, err := chat.Send(t.Context(), c, chatRequest())
	clienttest.RequireNoError(t, err)
	if answer.Status != 200 || answer.Attempts != 4 {
		t.Errorf("status %d after %d attempts", answer.Status, answer.Attempts)
	}
	want := []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}
	clienttest.RequireEqual(t, want, pauses)
	for _, request := range server.seen() {
		if request.body != server.seen()[0].body || request.body == "" {
			t.Errorf("body %q", request.body)
		}
	}
}

func TestChatGivesUpOnGatewayAfterTenSeconds(t *testing.T) {
	var waited time.Duration
	server := serveChat(t, answerChat(400, noGatewayAnswer))
	c := chatClient(t, server.URL, func(cfg *client.Config) {
		cfg.Wait = func(_ context.Context, d time.Duration) error { waited += d; return nil }
	})
	answer, err := chat.Send(t.Context(), c, chatRequest())
	clienttest.RequireNoError(t, err)
	if answer.Status != 400 || answer.ErrorCode == nil || *answer.ErrorCode != 2001 {
		t.Errorf("answer %+v", answer)
	}
	if waited > 10*time.Second || waited < 5*time.Second {
		t.Errorf("waited %s", waited)
	}
	if n := len(server.seen()); n != answer.Attempts || n != 7 {
		t.Errorf("%d requests, %d attempts", n, answer.Attempts)
	}
}

// Whatever else is answered, the request may have cost money: it is sent once.
func TestChatIsSentOnce(t *testing.T) {
	for name, test := range map[string]struct {
		status int
		body   string
		change func(*client.Config, *chat.Request)
	}{
		"429":             {status: 429, body: `{"success":false,"error":[{"code":2003,"message":"Rate limited"}]}`},
		"500":             {status: 500, body: `{}`},
		"503":             {status: 503, body: ``},
		"408":             {status: 408, body: ``},
		"other code":      {status: 400, body: `{"success":false,"error":[{"code":2005,"message":"x"}]}`},
		"other status":    {status: 404, body: noGatewayAnswer},
		"a provider's":    {status: 400, body: `{"error":{"code":2001,"message":"x"}}`},
		"2001 in success": {status: 200, body: noGatewayAnswer},
		"not asked for":   {status: 400, body: noGatewayAnswer, change: func(_ *client.Config, r *chat.Request) { r.AwaitGateway = false }},
		"without retries": {status: 400, body: noGatewayAnswer, change: func(c *client.Config, _ *chat.Request) { c.MaxRetries = 0 }},
		"a redirect":      {status: 307, body: ``},
	} {
		t.Run(name, func(t *testing.T) {
			server := serveChat(t, func(n int, w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Retry-After", "0")
				w.Header().Set("Location", "/elsewhere")
				answerChat(test.status, test.body)(n, w, r)
			})
			req := chatRequest()
			c := chatClient(t, server.URL, func(cfg *client.Config) {
				if test.change != nil {
					test.change(cfg, &req)
				}
			})
			answer, err := chat.Send(t.Context(), c, req)
			clienttest.RequireNoError(t, err)
			if answer.Status != test.status {
				t.Errorf("status %d", answer.Status)
			}
			if n := len(server.seen()); n != 1 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestChatWithoutAnswer(t *testing.T) {
	hang := func(_ int, _ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
	cut := func(_ int, w http.ResponseWriter, _ *http.Request) { panic(http.ErrAbortHandler) }
	half := func(_ int, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"choices":[`)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	for name, test := range map[string]struct {
		answer   func(int, http.ResponseWriter, *http.Request)
		closed   bool
		change   func(*chat.Request)
		cancel   bool
		kind     error
		wraps    error
		want     string
		requests int
	}{
		"refused":     {answer: hang, closed: true, kind: client.ErrUnavailable, want: "connection refused"},
		"cut":         {answer: cut, kind: client.ErrOutcomeUnknown, want: "no response", requests: 1},
		"cut in body": {answer: half, kind: client.ErrOutcomeUnknown, want: "the response broke off", requests: 1},
		"timeout": {
			answer: hang, change: func(r *chat.Request) { r.Timeout = 50 * time.Millisecond },
			kind: client.ErrOutcomeUnknown, wraps: context.DeadlineExceeded, want: "timed out after 50ms", requests: 1,
		},
		"interrupt": {answer: hang, cancel: true, kind: client.ErrOutcomeUnknown, wraps: context.Canceled, want: "interrupted", requests: 1},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			server := serveChat(t, func(n int, w http.ResponseWriter, r *http.Request) {
				if test.cancel {
					cancel()
				}
				test.answer(n, w, r)
			})
			if test.closed {
				server.Close()
			}
			req := chatRequest()
			if test.change != nil {
				test.change(&req)
			}
			_, err := chat.Send(ctx, chatClient(t, server.URL, nil), req)
			if err == nil || !errors.Is(err, test.kind) || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error: %v", err)
			}
			if test.wraps != nil && !errors.Is(err, test.wraps) {
				t.Errorf("%v does not wrap %v", err, test.wraps)
			}
			if n := len(server.seen()); n != test.requests {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func TestChatToUntrustedServer(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	_, err := chat.Send(t.Context(), chatClient(t, server.URL, nil), chatRequest())
	// Nothing was sent, so nothing can have been billed.
	if !errors.Is(err, client.ErrUnavailable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("error: %v", err)
	}
}

func TestChatInterruptedWhileWaitingForGateway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := serveChat(t, answerChat(400, noGatewayAnswer))
	c := chatClient(t, server.URL, func(cfg *client.Config) {
		cfg.Wait = func(ctx context.Context, _ time.Duration) error { cancel(); <-ctx.Done(); return ctx.Err() }
	})
	_, err := chat.Send(ctx, c, chatRequest())
	// The last answer was that nothing was done.
	if !errors.Is(err, context.Canceled) || !errors.Is(err, client.ErrUnavailable) {
		t.Errorf("error: %v", err)
	}
	if n := len(server.seen()); n != 1 {
		t.Errorf("%d requests", n)
	}
}

func TestChatTimeoutWhileWaitingForGateway(t *testing.T) {
	server := serveChat(t, answerChat(400, noGatewayAnswer))
	c := chatClient(t, server.URL, func(cfg *client.Config) {
		cfg.Wait = func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() }
	})
	req := chatRequest()
	req.Timeout = 200 * time.Millisecond
	answer, err := chat.Send(t.Context(), c, req)
	if err != nil || answer.Status != 400 {
		t.Errorf("answer %+v, error %v", answer, err)
	}
}

func TestChatAnswerTooLarge(t *testing.T) {
	server := serveChat(t, func(_ int, w http.ResponseWriter, _ *http.Request) {
		piece := bytes.Repeat([]byte(" "), 1<<20)
		for range 33 {
			_, _ = w.Write(piece)
		}
	})
	_, err := chat.Send(t.Context(), chatClient(t, server.URL, nil), chatRequest())
	if !errors.Is(err, client.ErrUnexpectedResponse) || !strings.Contains(err.Error(), "larger than 32 MiB") {
		t.Errorf("error: %v", err)
	}
}

func TestChatKeepsSecretsBack(t *testing.T) {
	const key = "sk-provider-key"
	server := serveChat(t, func(_ int, w http.ResponseWriter, r *http.Request) {
		w.Header().Set("cf-aig-log-id", chatToken)
		w.Header().Set("CF-Ray", chatToken)
		body, _ := json.Marshal(map[string]any{
			"error":   map[string]any{"message": "bad key " + key + " or " + r.Header.Get("Authorization"), "code": chatToken},
			"header":  []string{r.Header.Get("cf-aig-authorization"), "token-of-the-api", "true"},
			chatToken: true,
		})
		// In JSON, a text may be written in more than one way.
		answerChat(401, strings.ReplaceAll(string(body), "-", `\u002d`))(0, w, r)
	})
	var output bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &output)
	req := chatRequest()
	req.Messages[0].Content = "the-prompt"
	req.ExtraHeaders = map[string]string{"Authorization": "Bearer " + key, "cf-aig-collect-log": "true"}
	answer, err := chat.Send(ctx, chatClient(t, server.URL, nil), req)
	clienttest.RequireNoError(t, err)
	all, err := json.Marshal(answer)
	clienttest.RequireNoError(t, err)
	for where, text := range map[string]string{"answer": string(all), "log": output.String()} {
		for _, secret := range []string{chatToken, key, "token-of-the-api"} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s shows %q: %s", where, secret, text)
			}
		}
	}
	if want := "bad key (sensitive) or (sensitive)"; answer.ErrorMessage == nil || *answer.ErrorMessage != want {
		t.Errorf("message %v", answer.ErrorMessage)
	}
	if !strings.Contains(*answer.JSON, `"true"`) {
		t.Errorf("a value that is no secret is missing: %s", *answer.JSON)
	}
	for _, private := range []string{"the-prompt", "bad key"} {
		if strings.Contains(output.String(), private) {
			t.Errorf("the log shows %q", private)
		}
	}
}

func TestChatIsLogged(t *testing.T) {
	server := serveChat(t, answerChat(200, chatCompletion))
	var output bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &output)
	clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(ctx, chatClient(t, server.URL, nil), chatRequest())))
	entries, err := tflogtest.MultilineJSONDecode(&output)
	clienttest.RequireNoError(t, err)
	if len(entries) != 1 {
		t.Fatalf("log: %v", entries)
	}
	got := entries[0]
	for key, want := range map[string]any{
		"@module": "provider.http", "@level": "debug", "operation": "chat request", "method": "POST", "status": 200.0,
		"path": "/" + chatAccount + "/my-gateway/compat/chat/completions", "response_bytes": float64(len(chatCompletion)),
	} {
		if got[key] != want {
			t.Errorf("%s: %v, want %v", key, got[key], want)
		}
	}
}
