package chat_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

const noGatewayOnREST = `{"success":false,"errors":[{"code":2001,"message":"Please configure AI Gateway in the Cloudflare dashboard"}],"messages":[],"result":null}`

// Where each API is, and what it takes, byte for byte.
func TestChatAPIs(t *testing.T) {
	const hi = `{"role":"user","content":"Hi \u003cyou\u003e \u0026 me"}`
	conversation := []chat.Message{
		{Role: "system", Content: "Be brief."}, {Role: "user", Content: "Hi"}, {Role: "assistant", Content: "Hello."},
		{Role: "developer", Content: "Be kind."}, {Role: "user", Content: "Bye"},
	}
	const all = `[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},` +
		`{"role":"developer","content":"Be kind."},{"role":"user","content":"Bye"}]`
	const native = "/v1/" + chatAccount + "/my-gateway"
	const rest = "/client/v4/accounts/" + chatAccount + "/ai"
	for name, test := range map[string]struct {
		api      chat.API
		model    string // openai/gpt-x where empty
		messages []chat.Message
		tokens   int64
		uri      string
		body     string
	}{
		"no API":          {uri: native + "/compat/chat/completions", body: `{"model":"openai/gpt-x","messages":[` + hi + `]}`},
		"compat":          {api: chat.APICompat, uri: native + "/compat/chat/completions", body: `{"model":"openai/gpt-x","messages":[` + hi + `]}`},
		"compat, tokens":  {api: chat.APICompat, model: "grok/grok-4", tokens: 9, uri: native + "/compat/chat/completions", body: `{"model":"grok/grok-4","messages":[` + hi + `],"max_tokens":9}`},
		"compat, OpenAI":  {api: chat.APICompat, tokens: 9, uri: native + "/compat/chat/completions", body: `{"model":"openai/gpt-x","messages":[` + hi + `],"max_completion_tokens":9}`},
		"completions":     {api: chat.APIChatCompletions, messages: conversation, uri: rest + "/v1/chat/completions", body: `{"model":"openai/gpt-x","messages":` + all + `}`},
		"completions, cf": {api: chat.APIChatCompletions, model: "@cf/a/b", tokens: 9, uri: rest + "/v1/chat/completions", body: `{"model":"@cf/a/b","messages":[` + hi + `],"max_tokens":9}`},
		"responses":       {api: chat.APIResponses, uri: rest + "/v1/responses", body: `{"model":"openai/gpt-x","input":"Hi \u003cyou\u003e \u0026 me"}`},
		"responses, all":  {api: chat.APIResponses, messages: conversation, tokens: 9, uri: rest + "/v1/responses", body: `{"model":"openai/gpt-x","input":` + all + `,"max_output_tokens":9}`},
		"responses, assistant": {
			api: chat.APIResponses, messages: conversation[2:3], uri: rest + "/v1/responses", body: `{"model":"openai/gpt-x","input":[{"role":"assistant","content":"Hello."}]}`,
		},
		"messages": {api: chat.APIMessages, tokens: 9, uri: rest + "/v1/messages", body: `{"model":"openai/gpt-x","max_tokens":9,"messages":[` + hi + `]}`},
		"messages, all": {
			api: chat.APIMessages, messages: conversation, tokens: 9, uri: rest + "/v1/messages",
			body: `{"model":"openai/gpt-x","max_tokens":9,"system":"Be brief.\n\nBe kind.","messages":[{"role":"user","content":"Hi"},` +
				`{"role":"assistant","content":"Hello."},{"role":"user","content":"Bye"}]}`,
		},
		"run":      {api: chat.APIRun, uri: rest + "/run", body: `{"model":"openai/gpt-x","input":{"messages":[` + hi + `]}}`},
		"run, all": {api: chat.APIRun, messages: conversation, tokens: 9, uri: rest + "/run", body: `{"model":"openai/gpt-x","input":{"messages":` + all + `,"max_tokens":9}}`},
	} {
		t.Run(name, func(t *testing.T) {
			server := serveChat(t, answerChat(200, chatCompletion))
			req := chatRequest()
			req.API, req.MaxTokens = test.api, test.tokens
			if test.model != "" {
				req.Model = test.model
			}
			if test.messages != nil {
				req.Messages = test.messages
			}
			c := chatClient(t, server.URL, func(cfg *client.Config) {
				cfg.BaseURL, cfg.GatewayBaseURL = server.URL+"/client/v4/", server.URL+"/v1"
			})
			clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(t.Context(), c, req)))
			seen := server.seen()
			if len(seen) != 1 {
				t.Fatalf("%d requests", len(seen))
			}
			if got := seen[0]; got.method != "POST" || got.uri != test.uri {
				t.Errorf("got %s %s, want %s", got.method, got.uri, test.uri)
			}
			clienttest.RequireEqual(t, test.body, seen[0].body)
			if got := seen[0].header.Get("Content-Type"); got != "application/json" {
				t.Errorf("Content-Type %q", got)
			}
		})
	}
}

func TestChatAPIHeaders(t *testing.T) {
	for _, api := range chat.APIs {
		for _, gateway := range []string{"my-gateway", ""} {
			if gateway == "" && !api.REST() {
				continue
			}
			t.Run(string(api)+" "+gateway, func(t *testing.T) {
				server := serveChat(t, answerChat(401, `{"error":{"message":"key-of-the-provider"}}`))
				req := chatRequest()
				req.API, req.GatewayID, req.MaxTokens = api, gateway, 9
				req.Metadata = map[string]string{"team": "a"}
				req.Headers = map[string]string{"cf-aig-cache-ttl": "60"}
				req.ExtraHeaders = map[string]string{"authorization": "Bearer key-of-the-provider", "X-Other": "other"}
				answer, err := chat.Send(t.Context(), chatClient(t, server.URL, nil), req)
				clienttest.RequireNoError(t, err)
				want := http.Header{
					"Authorization": {"Bearer key-of-the-provider"}, "Cf-Aig-Authorization": {"Bearer " + chatToken},
					"Cf-Aig-Metadata": {`{"team":"a"}`}, "Cf-Aig-Cache-Ttl": {"60"}, "X-Other": {"other"}, "User-Agent": {"test/1"},
					"Accept": {"application/json"}, "Content-Type": {"application/json"},
				}
				if api.REST() {
					want.Set("Authorization", "Bearer "+chatToken)
					want.Del("Cf-Aig-Authorization")
					if gateway != "" {
						want.Set("cf-aig-gateway-id", gateway)
					}
				}
				got := server.seen()[0].header
				got.Del("Content-Length")
				got.Del("Accept-Encoding")
				clienttest.RequireEqual(t, want, got)
				// It is a secret where it is not sent as well.
				if *answer.ErrorMessage != "(sensitive)" {
					t.Errorf("message %q", *answer.ErrorMessage)
				}
			})
		}
	}
}

// The API token alone does, and no Authorization goes out without any.
func TestChatAPIToken(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*client.Config)
		want   []string
	}{
		"of the API": {func(cfg *client.Config) { cfg.GatewayToken = "" }, []string{"Bearer token-of-the-api"}},
		"none":       {func(cfg *client.Config) { cfg.GatewayToken, cfg.APIToken = "", "" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			server := serveChat(t, answerChat(200, chatCompletion))
			req := chatRequest()
			req.API = chat.APIChatCompletions
			req.ExtraHeaders = map[string]string{"Authorization": "Bearer key-of-the-provider"}
			clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(t.Context(), chatClient(t, server.URL, test.change), req)))
			clienttest.RequireEqual(t, test.want, server.seen()[0].header["Authorization"])
		})
	}
}

// A gateway that the header names may lag as well, and nothing else is asked
// for again.
func TestChatAPIAwaitsGateway(t *testing.T) {
	for _, api := range chat.APIs[1:] {
		t.Run(string(api), func(t *testing.T) {
			server := serveChat(t, func(n int, w http.ResponseWriter, r *http.Request) {
				switch n {
				case 0:
					answerChat(400, noGatewayOnREST)(n, w, r)
				case 1:
					answerChat(400, noGatewayAnswer)(n, w, r)
				default:
					answerChat(503, `{"success":false,"errors":[{"code":7013,"message":"x"}]}`)(n, w, r)
				}
			})
			req := chatRequest()
			req.API, req.MaxTokens = api, 9
			answer, err := chat.Send(t.Context(), chatClient(t, server.URL, nil), req)
			clienttest.RequireNoError(t, err)
			seen := server.seen()
			if answer.Status != 503 || answer.Attempts != 3 || len(seen) != 3 || seen[0].body != seen[2].body || seen[0].body == "" {
				t.Errorf("status %d after %d attempts: %v", answer.Status, answer.Attempts, seen)
			}
		})
	}
}

func TestChatAPIRefusedBeforeSending(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*chat.Request)
		want   string
	}{
		"API":             {func(r *chat.Request) { r.API = "runs" }, `there is no API "runs"`},
		"account":         {func(r *chat.Request) { r.API, r.AccountID = chat.APIRun, "x/y" }, "not an account id"},
		"account alone":   {func(r *chat.Request) { r.API, r.AccountID, r.GatewayID = chat.APIRun, "x/y", "" }, "not an account id"},
		"gateway":         {func(r *chat.Request) { r.API, r.GatewayID = chat.APIRun, "a\r\nb" }, "cannot be the id of a gateway"},
		"no tokens":       {func(r *chat.Request) { r.API = chat.APIMessages }, "needs a maximum number of tokens"},
		"no conversation": {func(r *chat.Request) { r.API, r.MaxTokens, r.Messages[0].Role = chat.APIMessages, 9, "system" }, "needs a message of the role user or assistant"},
		"no messages":     {func(r *chat.Request) { r.API, r.Messages = chat.APIResponses, nil }, "at least one message"},
		"gateway's header": {func(r *chat.Request) {
			r.API, r.Headers = chat.APIRun, map[string]string{"CF-AIG-Gateway-ID": "x"}
		}, "provider's own to set"},
		"gateway's header, extra": {
			func(r *chat.Request) {
				r.API, r.ExtraHeaders = chat.APIRun, map[string]string{"cf-aig-gateway-id": "x"}
			}, "provider's own to set",
		},
	} {
		t.Run(name, func(t *testing.T) {
			server := serveChat(t, answerChat(200, chatCompletion))
			req := chatRequest()
			test.change(&req)
			_, err := chat.Send(t.Context(), chatClient(t, server.URL, nil), req)
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.HasSuffix(err.Error(), "so no request was sent") {
				t.Errorf("error: %v", err)
			}
			if n := len(server.seen()); n != 0 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// One request, of which the log has the path and nothing of its contents.
func TestChatAPIIsLogged(t *testing.T) {
	server := serveChat(t, answerChat(200, `{"success":true,"result":{"response":"the-answer"}}`))
	var output bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &output)
	req := chatRequest()
	req.API, req.Messages[0].Content = chat.APIRun, "the-prompt"
	c := chatClient(t, server.URL, func(cfg *client.Config) {
		cfg.Wait = func(context.Context, time.Duration) error { t.Error("a pause"); return nil }
	})
	clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(ctx, c, req)))
	for _, private := range []string{"the-prompt", "the-answer", chatToken, "token-of-the-api"} {
		if strings.Contains(output.String(), private) {
			t.Errorf("the log shows %q", private)
		}
	}
	entries, err := tflogtest.MultilineJSONDecode(&output)
	clienttest.RequireNoError(t, err)
	if len(entries) != 1 || entries[0]["path"] != "/accounts/"+chatAccount+"/ai/run" || len(server.seen()) != 1 {
		t.Errorf("log: %v", entries)
	}
}
