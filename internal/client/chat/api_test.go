package chat_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

const noGatewayOnREST = `{"success":false,"errors":[{"code":2001,"message":"Please configure AI Gateway in the Cloudflare dashboard"}],"messages":[],"result":null}`

// Each API has its path and its body, byte by byte.
func TestChatAPIs(t *testing.T) {
	const hi = `{"role":"user","content":"Hi \u003cyou\u003e \u0026 me"}`
	conversation := []chat.Message{
		{Role: "system", Content: "Be brief."}, {Role: "user", Content: "Hi"}, {Role: "assistant", Content: "Hello."},
		{Role: "developer", Content: "Be kind."}, {Role: "user", Content: "Bye"},
	}
	const all = `[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi"},{"role":"assistant","content":"Hello."},` +
		`{"role":"developer","content":"Be kind."},{"role":"user","content":"Bye"}]`
	const native = gatewayPath
	const rest = "/ai"
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
			server, c := start(t, nil, completes)
			req := chatRequest()
			req.API, req.MaxTokens = test.api, test.tokens
			if test.model != "" {
				req.Model = test.model
			}
			if test.messages != nil {
				req.Messages = test.messages
			}
			clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(t.Context(), c, req)))
			server.RequireRequests("POST " + test.uri)
			server.RequireBodies(test.body)
			clienttest.RequireEqual(t, "application/json", server.Seen()[0].Header.Get("Content-Type"))
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
				server, c := start(t, nil, clienttest.Reply(401, `{"error":{"message":"key-of-the-provider"}}`))
				req := chatRequest()
				req.API, req.GatewayID, req.MaxTokens = api, gateway, 9
				req.Metadata = chat.Metadata{"team": "a"}
				req.Headers = map[string]string{"cf-aig-cache-ttl": "60"}
				req.ExtraHeaders = map[string]string{"authorization": "Bearer key-of-the-provider", "X-Other": "other"}
				response, err := chat.Send(t.Context(), c, req)
				clienttest.RequireNoError(t, err)
				want := http.Header{
					"Authorization": {"Bearer key-of-the-provider"}, "Cf-Aig-Authorization": {"Bearer " + gatewayToken},
					"Cf-Aig-Metadata": {`{"team":"a"}`}, "Cf-Aig-Cache-Ttl": {"60"}, "X-Other": {"other"}, "User-Agent": {"client-test/1.0"},
					"Accept": {"application/json"}, "Content-Type": {"application/json"},
				}
				if api.REST() {
					want.Set("Authorization", "Bearer "+gatewayToken)
					want.Del("Cf-Aig-Authorization")
					if gateway != "" {
						want.Set("cf-aig-gateway-id", gateway)
					}
				}
				got := server.Seen()[0].Header
				got.Del("Content-Length")
				got.Del("Accept-Encoding")
				clienttest.RequireEqual(t, want, got)
				// It is a secret even if it is not sent.
				if *response.ErrorMessage != "(sensitive)" {
					t.Errorf("message %q", *response.ErrorMessage)
				}
			})
		}
	}
}

// The API token is enough, and without any token no Authorization is sent.
func TestChatAPIToken(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*client.Config)
		want   []string
	}{
		"of the API": {func(cfg *client.Config) { cfg.GatewayToken = "" }, []string{"Bearer token-of-the-api"}},
		"none":       {func(cfg *client.Config) { cfg.GatewayToken, cfg.APIToken = "", "" }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := start(t, test.change, completes)
			req := chatRequest(func(r *chat.Request) {
				r.API, r.ExtraHeaders = chat.APIChatCompletions, map[string]string{"Authorization": "Bearer key-of-the-provider"}
			})
			clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(t.Context(), c, req)))
			clienttest.RequireEqual(t, test.want, server.Seen()[0].Header["Authorization"])
		})
	}
}

// A gateway that the header names may appear late as well. Nothing else is repeated.
func TestChatAPIAwaitsGateway(t *testing.T) {
	for _, api := range chat.APIs[1:] {
		t.Run(string(api), func(t *testing.T) {
			server, c := start(t, nil, clienttest.Reply(400, noGatewayOnREST), lacksGateway,
				clienttest.Reply(503, `{"success":false,"errors":[{"code":7013,"message":"x"}]}`))
			response, err := chat.Send(t.Context(), c, chatRequest(func(r *chat.Request) { r.API, r.MaxTokens = api, 9 }))
			clienttest.RequireNoError(t, err)
			seen := server.Seen()
			if response.Status != 503 || response.Attempts != 3 || len(seen) != 3 || seen[0].Body != seen[2].Body || seen[0].Body == "" {
				t.Errorf("status %d after %d attempts: %v", response.Status, response.Attempts, seen)
			}
		})
	}
}

func TestChatAPIRefusedBeforeSending(t *testing.T) {
	for name, test := range map[string]struct {
		change func(*chat.Request)
		says   string
	}{
		"API":             {func(r *chat.Request) { r.API = "runs" }, `there is no API "runs"`},
		"account":         {func(r *chat.Request) { r.API, r.AccountID = chat.APIRun, "x/y" }, "not an account ID"},
		"account alone":   {func(r *chat.Request) { r.API, r.AccountID, r.GatewayID = chat.APIRun, "x/y", "" }, "not an account ID"},
		"gateway":         {func(r *chat.Request) { r.API, r.GatewayID = chat.APIRun, "a\r\nb" }, "cannot be the ID of a gateway"},
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
			requireRefused(t, chatRequest(test.change), test.says)
		})
	}
}

// The log has the path of the request and nothing of its contents.
func TestChatAPIIsLogged(t *testing.T) {
	server, c := start(t, nil, clienttest.Reply(200, `{"success":true,"result":{"response":"the-answer"}}`))
	text, entries := clienttest.Logged(t, func(ctx context.Context) {
		clienttest.RequireNoError(t, clienttest.ErrorOf(chat.Send(ctx, c, chatRequest(func(r *chat.Request) {
			r.API, r.Messages[0].Content = chat.APIRun, "the-prompt"
		}))))
	})
	for _, private := range []string{"the-prompt", "the-answer", gatewayToken, apiToken} {
		if strings.Contains(text, private) {
			t.Errorf("the log shows %q", private)
		}
	}
	if len(entries) != 1 || entries[0]["path"] != "/client/v4/accounts/"+clienttest.Account+"/ai/run" {
		t.Errorf("log: %v", entries)
	}
	server.RequireRequests("POST /ai/run")
	server.RequireWaits(0)
}
