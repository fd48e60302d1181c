package chat_test

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

const (
	apiToken     = "token-of-the-api"
	gatewayToken = "token-of-the-gateway"

	chatCompletion = `{"id":"x","object":"chat.completion","model":"gpt-x","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}`
	noGateway      = `{"success":false,"result":[],"messages":[],"error":[{"code":2001,"message":"Please configure AI Gateway in the Cloudflare dashboard"}]}`

	gatewayPath  = "/v1/" + clienttest.Account + "/my-gateway"
	postToCompat = "POST " + gatewayPath + "/compat/chat/completions"
)

var (
	completes    = clienttest.Reply(200, chatCompletion)
	lacksGateway = clienttest.Reply(400, noGateway)
)

// start starts a data plane and control plane, and a client of them with tokens.
// The change may be nil.
func start(t *testing.T, change func(*client.Config), responses ...clienttest.Handler) (*clienttest.Server, *client.Client) {
	t.Helper()
	return clienttest.StartWith(t, func(cfg *client.Config) {
		cfg.APIToken, cfg.GatewayToken, cfg.GatewayBaseURL = apiToken, gatewayToken, cfg.GatewayBaseURL+"/"
		cfg.Transport = nil // the client's own
		if change != nil {
			change(cfg)
		}
	}, responses...)
}

// chatRequest returns a chat request with changes.
func chatRequest(change ...func(*chat.Request)) chat.Request {
	r := chat.Request{
		AccountID: clienttest.Account, GatewayID: "my-gateway", Model: "openai/gpt-x",
		Messages: []chat.Message{{Role: "user", Content: "Hi <you> & me"}},
		Timeout:  time.Minute, AwaitGateway: true,
	}
	for _, f := range change {
		f(&r)
	}
	return r
}

func TestChatAwaitsGateway(t *testing.T) {
	server, c := start(t, nil, append(clienttest.Repeat(3, lacksGateway), completes)...)
	response, err := chat.Send(t.Context(), c, chatRequest())
	clienttest.RequireNoError(t, err)
	if response.Status != 200 || response.Attempts != 4 {
		t.Errorf("status %d after %d attempts", response.Status, response.Attempts)
	}
	server.RequireWaitsOf(500*time.Millisecond, time.Second, 2*time.Second)
	for _, request := range server.Seen() {
		if request.Body != server.Seen()[0].Body || request.Body == "" {
			t.Errorf("body %q", request.Body)
		}
	}
}

func TestChatGivesUpOnGatewayAfterTenSeconds(t *testing.T) {
	server, c := start(t, nil, clienttest.Repeat(7, lacksGateway)...)
	response, err := chat.Send(t.Context(), c, chatRequest())
	clienttest.RequireNoError(t, err)
	if response.Status != 400 || response.ErrorCode == nil || *response.ErrorCode != 2001 {
		t.Errorf("response %+v", response)
	}
	if waited := server.Waited(); waited > 10*time.Second || waited < 5*time.Second {
		t.Errorf("waited %s", waited)
	}
	if n := len(server.Seen()); n != response.Attempts || n != 7 {
		t.Errorf("%d requests, %d attempts", n, response.Attempts)
	}
}

// After any other response the request may have cost money, so it is sent once.
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
		"other status":    {status: 404, body: noGateway},
		"a provider's":    {status: 400, body: `{"error":{"code":2001,"message":"x"}}`},
		"2001 in success": {status: 200, body: noGateway},
		"not asked for":   {status: 400, body: noGateway, change: func(_ *client.Config, r *chat.Request) { r.AwaitGateway = false }},
		"without retries": {status: 400, body: noGateway, change: func(c *client.Config, _ *chat.Request) { c.MaxRetries = 0 }},
		"a redirect":      {status: 307, body: ``},
	} {
		t.Run(name, func(t *testing.T) {
			req := chatRequest()
			server, c := start(t, func(cfg *client.Config) {
				if test.change != nil {
					test.change(cfg, &req)
				}
			}, clienttest.Reply(test.status, test.body, "Retry-After: 0", "Location: /elsewhere"))
			response, err := chat.Send(t.Context(), c, req)
			clienttest.RequireNoError(t, err)
			if response.Status != test.status {
				t.Errorf("status %d", response.Status)
			}
			server.RequireRequests(postToCompat)
		})
	}
}

func TestChatWithoutResponse(t *testing.T) {
	for name, test := range map[string]struct {
		response clienttest.Handler
		kind     error
		says     string
	}{
		"cut":          {clienttest.Cut, client.ErrOutcomeUnknown, "no response"},
		"cut mid-body": {clienttest.CutMidBody, client.ErrOutcomeUnknown, "the response broke off"},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := start(t, nil, test.response)
			clienttest.RequireError(t, clienttest.ErrorOf(chat.Send(t.Context(), c, chatRequest())), test.kind, test.says)
			server.RequireRequests(postToCompat)
		})
	}
	t.Run("refused", func(t *testing.T) {
		server, c := start(t, nil)
		server.Close()
		clienttest.RequireError(t, clienttest.ErrorOf(chat.Send(t.Context(), c, chatRequest())), client.ErrUnavailable, "connection refused")
		server.RequireRequests()
	})
	t.Run("interrupt", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		server, c := start(t, nil, clienttest.Interrupting(cancel))
		_, err := chat.Send(ctx, c, chatRequest())
		clienttest.RequireKind(t, err, client.ErrOutcomeUnknown)
		clienttest.RequireInterrupted(t, err, context.Canceled)
		server.RequireRequests(postToCompat)
	})
}

// The timeout ends a request, and a pause before the next one. Time passes in a
// bubble.
func TestChatTimeout(t *testing.T) {
	for name, test := range map[string]struct {
		transport clienttest.Transport
		status    int // 0 for an error
	}{
		"without a response": {clienttest.Hang, 0}, "while waiting for the gateway": {clienttest.AlwaysReply(400, noGateway), 400},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				requests := 0
				c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
					requests++
					return test.transport(r)
				}, client.DefaultMaxRetries)
				response, err := chat.Send(t.Context(), c, chatRequest(func(r *chat.Request) { r.Timeout = 200 * time.Millisecond }))
				if test.status != 0 {
					clienttest.RequireNoError(t, err)
					clienttest.RequireEqual(t, test.status, response.Status)
				} else if clienttest.RequireError(t, err, client.ErrOutcomeUnknown, "timed out after 200ms"); !errors.Is(err, context.DeadlineExceeded) {
					t.Error(err)
				}
				clienttest.RequireEqual(t, 1, requests)
			})
		})
	}
}

func TestChatToUntrustedServer(t *testing.T) {
	server := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	c, _ := clienttest.New(t, server.URL)
	_, err := chat.Send(t.Context(), c, chatRequest())
	// Nothing was sent, so nothing can have been billed.
	clienttest.RequireError(t, err, client.ErrUnavailable, "certificate")
}

// The last response says that nothing was done.
func TestChatInterruptedWhileWaitingForGateway(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server, c := start(t, clienttest.Waiting(func(ctx context.Context, _ time.Duration) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	}), lacksGateway)
	_, err := chat.Send(ctx, c, chatRequest())
	clienttest.RequireKind(t, err, client.ErrUnavailable)
	clienttest.RequireInterrupted(t, err, context.Canceled)
	server.RequireRequests(postToCompat)
}

func TestChatResponseTooLarge(t *testing.T) {
	const limit = 1 << 20 // client.TestDefaults has the default
	for size, refused := range map[int]bool{limit - 1: false, limit: true, limit + 1: true} {
		body := chatCompletion + strings.Repeat(" ", size-len(chatCompletion))
		_, c := start(t, func(cfg *client.Config) { cfg.MaxBody = limit }, clienttest.Reply(200, body))
		response, err := chat.Send(t.Context(), c, chatRequest())
		if refused {
			clienttest.RequireError(t, err, client.ErrUnexpectedResponse, "larger than 1 MiB")
		} else if err != nil || !response.Completion {
			t.Errorf("%d bytes: %+v, %v", size, response, err)
		}
	}
}

func TestChatKeepsSecretsBack(t *testing.T) {
	const key = "sk-provider-key"
	_, c := start(t, nil, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("cf-aig-log-id", gatewayToken)
		w.Header().Set("CF-Ray", gatewayToken)
		body := clienttest.Encode(clienttest.Fields{
			"error":      clienttest.Fields{"message": "bad key " + key + " or " + r.Header.Get("Authorization"), "code": gatewayToken},
			"header":     []string{r.Header.Get("cf-aig-authorization"), apiToken, "true"},
			gatewayToken: true,
		})
		// JSON can write a string in more than one way.
		clienttest.Reply(401, strings.ReplaceAll(body, "-", `\u002d`))(w, r)
	})
	req := chatRequest()
	req.Messages[0].Content = "the-prompt"
	req.ExtraHeaders = map[string]string{"Authorization": "Bearer " + key, "cf-aig-collect-log": "true"}
	var response *chat.Response
	log, _ := clienttest.Logged(t, func(ctx context.Context) {
		var err error
		response, err = chat.Send(ctx, c, req)
		clienttest.RequireNoError(t, err)
	})
	for where, text := range map[string]string{"response": clienttest.Encode(response), "log": log} {
		for _, secret := range []string{gatewayToken, key, apiToken} {
			if strings.Contains(text, secret) {
				t.Errorf("the %s shows %q: %s", where, secret, text)
			}
		}
	}
	if want := "bad key (sensitive) or (sensitive)"; response.ErrorMessage == nil || *response.ErrorMessage != want {
		t.Errorf("message %v", response.ErrorMessage)
	}
	if !strings.Contains(*response.JSON, `"true"`) {
		t.Errorf("a value that is no secret is missing: %s", *response.JSON)
	}
	for _, private := range []string{"the-prompt", "bad key"} {
		if strings.Contains(log, private) {
			t.Errorf("the log shows %q", private)
		}
	}
}

func TestChatIsLogged(t *testing.T) {
	_, c := start(t, nil, completes)
	_, entries := clienttest.Logged(t, func(ctx context.Context) {
		clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(ctx, c, chatRequest())))
	})
	if len(entries) != 1 {
		t.Fatalf("log: %v", entries)
	}
	got := entries[0]
	for key, want := range map[string]any{
		"@module": "provider.http", "@level": "debug", "operation": "chat request", "method": "POST", "status": 200.0,
		"path": gatewayPath + "/compat/chat/completions", "response_bytes": float64(len(chatCompletion)),
	} {
		if got[key] != want {
			t.Errorf("%s: %v, want %v", key, got[key], want)
		}
	}
}
