package chat_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

const (
	getModels = "GET " + gatewayPath + "/compat/models"
	modelList = `{"object":"list","data":[{"id":"openai/gpt-x","object":"model","owned_by":"openai"},{"id":"anthropic/claude","object":"model"}]}`
)

func listModels(ctx context.Context, c *client.Client) ([]chat.Model, error) {
	return chat.ListModels(ctx, c, clienttest.Account, "my-gateway")
}

func TestListModels(t *testing.T) {
	server, c := start(t, nil, clienttest.Reply(200, modelList))
	models, err := listModels(t.Context(), c)
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, []chat.Model{{ID: "anthropic/claude"}, {ID: "openai/gpt-x", OwnedBy: clienttest.Ptr("openai")}}, models)
	server.RequireRequests(getModels)
	header := server.Seen()[0].Header
	for name, want := range map[string]string{
		"Cf-Aig-Authorization": "Bearer " + gatewayToken, "Authorization": "", "User-Agent": "client-test/1.0", "Content-Type": "",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestListModelsAwaitsGateway(t *testing.T) {
	server, c := start(t, nil, append(clienttest.Repeat(2, lacksGateway), clienttest.Reply(200, modelList))...)
	clienttest.RequireNoError(t, clienttest.ErrorOf(listModels(t.Context(), c)))
	server.RequireRequests(getModels, getModels, getModels)
	server.RequireWaitsOf(500*time.Millisecond, time.Second)

	server, c = start(t, nil, clienttest.Repeat(7, lacksGateway)...)
	_, err := listModels(t.Context(), c)
	requireNoList(t, err, 400, "HTTP 400 Bad Request, code 2001: Please configure AI Gateway")
	if waited := server.Waited(); waited > 10*time.Second || waited < 5*time.Second {
		t.Errorf("waited %s", waited)
	}
}

func requireNoList(t *testing.T, err error, status int, says string) {
	t.Helper()
	var refused *chat.RefusedError
	if !errors.As(err, &refused) || refused.Response.Status != status || !strings.Contains(err.Error(), "list models: "+says) {
		t.Errorf("error %v, want status %d and %q", err, status, says)
	}
}

// The request is free and changes nothing, so it is repeated like every GET.
func TestListModelsIsRepeated(t *testing.T) {
	for _, failure := range map[string]clienttest.Handler{
		"502": clienttest.Reply(502, "{}"), "429": clienttest.Reply(429, "{}", "Retry-After: 3"), "cut": clienttest.Cut, "cut mid-body": clienttest.CutMidBody,
	} {
		server, c := start(t, nil, failure, clienttest.Reply(200, modelList))
		clienttest.RequireNoError(t, clienttest.ErrorOf(listModels(t.Context(), c)))
		if server.Waited() <= 0 {
			t.Error("it was repeated without a pause")
		}
	}
	server, c := start(t, func(cfg *client.Config) { cfg.MaxRetries = 1 }, clienttest.Repeat(2, clienttest.Reply(503, "{}"))...)
	_, err := listModels(t.Context(), c)
	requireNoList(t, err, 503, "HTTP 503 Service Unavailable (after 2 attempts)")
	server.RequireRequests(getModels, getModels)
	for _, status := range []int{301, 400, 401, 403, 404, 409} {
		server, c := start(t, nil, clienttest.Reply(status, "{}"))
		_, err := listModels(t.Context(), c)
		requireNoList(t, err, status, "HTTP ")
		server.RequireRequests(getModels)
	}
}

// The limit of the data plane does not hold back the control plane, and neither does
// the control plane's hold back the data plane.
func TestListModelsIsOutsideOfTheGate(t *testing.T) {
	server, c := start(t, func(cfg *client.Config) { cfg.MaxRetries = 0 }, clienttest.Reply(429, "{}", "Retry-After: 300"), clienttest.Reply(200, modelList))
	requireNoList(t, clienttest.ErrorOf(listModels(t.Context(), c)), 429, "HTTP 429")
	clienttest.RequireNoError(t, clienttest.ErrorOf(listModels(t.Context(), c)))
	if waited := server.Waited(); waited != 0 {
		t.Errorf("waited %s", waited)
	}
}

func TestListModelsWithoutList(t *testing.T) {
	for name, test := range map[string]struct{ body, refused, unexpected string }{
		"page":         {body: "<html>", refused: "HTTP 200 OK"},
		"nothing":      {body: "", refused: "HTTP 200 OK"},
		"no data":      {body: `{"object":"list"}`, refused: "HTTP 200 OK"},
		"null":         {body: `{"data":null}`, refused: "HTTP 200 OK"},
		"a string":     {body: `{"data":"x"}`, refused: "HTTP 200 OK"},
		"an error":     {body: `{"success":false,"error":[{"code":1,"message":"x"}]}`, refused: "HTTP 200 OK, code 1: x"},
		"no object":    {body: `{"data":[1]}`, refused: "HTTP 200 OK"},
		"no id":        {body: `{"data":[{"id":"a"},{}]}`, unexpected: "data.1 has no id"},
		"id of a list": {body: `{"data":[{"id":["a"]}]}`, unexpected: "data.0 has no id"},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := start(t, nil, clienttest.Reply(200, test.body))
			_, err := listModels(t.Context(), c)
			if test.unexpected != "" {
				clienttest.RequireError(t, err, client.ErrUnexpectedResponse, test.unexpected)
			} else {
				requireNoList(t, err, 200, test.refused)
			}
		})
	}
	_, c := start(t, func(cfg *client.Config) { cfg.MaxBody = 64 }, clienttest.Reply(200, modelList))
	clienttest.RequireError(t, clienttest.ErrorOf(listModels(t.Context(), c)), client.ErrUnexpectedResponse)
}

func TestListModelsRefusesIDs(t *testing.T) {
	server, c := start(t, nil)
	for _, ids := range [][2]string{{"x", "my-gateway"}, {clienttest.Account, "a/b"}, {clienttest.Account, ""}, {"", "my-gateway"}} {
		if _, err := chat.ListModels(t.Context(), c, ids[0], ids[1]); err == nil || !strings.Contains(err.Error(), "no request was sent") {
			t.Errorf("%q: %v", ids, err)
		}
	}
	server.RequireRequests()
}

func TestListModelsKeepsSecretsBack(t *testing.T) {
	_, c := start(t, nil, clienttest.Reply(401, `{"error":{"message":"bad token `+gatewayToken+`"}}`, "CF-Ray: "+gatewayToken))
	_, err := listModels(t.Context(), c)
	requireNoList(t, err, 401, "HTTP 401 Unauthorized: bad token (sensitive)")
	if strings.Contains(err.Error(), gatewayToken) {
		t.Error(err)
	}
}

func TestListModelsInterrupted(t *testing.T) {
	for name, response := range map[string]clienttest.Handler{"waiting for the gateway": lacksGateway, "waiting to repeat": clienttest.Reply(503, "{}")} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			server, c := start(t, clienttest.Waiting(func(ctx context.Context, _ time.Duration) error {
				cancel()
				<-ctx.Done()
				return ctx.Err()
			}), response)
			clienttest.RequireInterrupted(t, clienttest.ErrorOf(listModels(ctx, c)), context.Canceled)
			server.RequireRequests(getModels)
		})
	}
}

// A server that never responds does not hang a plan. Time passes in a bubble.
func TestListModelsTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		requests := 0
		c := clienttest.InRealTime(t, func(r *http.Request) (*http.Response, error) {
			requests++
			return clienttest.Hang(r)
		}, client.DefaultMaxRetries)
		begin := time.Now()
		_, err := listModels(t.Context(), c)
		clienttest.RequireKind(t, err, client.ErrUnavailable)
		if took := time.Since(begin); !errors.Is(err, context.DeadlineExceeded) || took > 2*time.Minute || requests < 2 {
			t.Errorf("%d requests took %s: %v", requests, took, err)
		}
	})
}
