package gateways_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// goldenGateway returns the gateway of gateway-created.json and gateway-list.json.
func goldenGateway() *gateways.Gateway {
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	return &gateways.Gateway{
		ID: "my-gateway", Name: "my-gateway", Slug: "my-gateway", OmitsWhenOff: true, IsDefault: clienttest.Ptr(false), CreatedAt: at, ModifiedAt: at,
		Settings: gateways.Settings{
			CacheEnabled: clienttest.Ptr(false), RateLimitingEnabled: clienttest.Ptr(false), RateLimitingTechnique: clienttest.Ptr("fixed"),
			LogEnabled: clienttest.Ptr(true), Authentication: clienttest.Ptr(false), CacheInvalidateOnUpdate: clienttest.Ptr(false),
			LogManagement: clienttest.Ptr[int64](10000000), LogManagementStrategy: clienttest.Ptr("DELETE_OLDEST"), Logpush: clienttest.Ptr(false),
			LogpushPublicKey: clienttest.Ptr(""), RetryMaxAttempts: clienttest.Ptr[int64](0), RetryDelay: clienttest.Ptr[int64](0), RetryBackoff: clienttest.Ptr(""), StoreID: clienttest.Ptr(""),
			ZDR: clienttest.Ptr(false), WorkersAIBillingMode: clienttest.Ptr("postpaid"),
		},
	}
}

func TestGoldenGateway(t *testing.T) {
	response := clienttest.Reply(200, clienttest.Golden(t, "gateway-created.json"))
	server, c := clienttest.Start(t, response, response, response, response, response)
	created, err := gateways.Create(t.Context(), c, clienttest.Account, "my-gateway", clienttest.GatewaySettings())
	requireGolden(t, created, err)
	read, err := gateways.Get(t.Context(), c, clienttest.Account, "my-gateway")
	requireGolden(t, read, err)
	updated, err := gateways.Update(t.Context(), c, clienttest.Account, "my-gateway", "my-gateway", read.Settings, read.Settings)
	requireGolden(t, updated, err)
	clienttest.RequireNoError(t, gateways.Delete(t.Context(), c, clienttest.Account, "my-gateway"))
	server.RequireRequests("POST ", "GET /my-gateway", "GET /my-gateway", "PUT /my-gateway", "DELETE /my-gateway")
}

func requireGolden(t *testing.T, gateway *gateways.Gateway, err error) {
	t.Helper()
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, goldenGateway(), gateway)
}

func TestGoldenList(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Golden(t, "gateway-list.json")), clienttest.Reply(200, clienttest.Golden(t, "gateway-list-empty.json")))
	for round, want := range [][]*gateways.Gateway{{goldenGateway()}, nil} {
		var got []*gateways.Gateway
		for gateway, err := range gateways.List(t.Context(), c, clienttest.Account, "") {
			clienttest.RequireNoError(t, err)
			got = append(got, gateway)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("list %d (-want +got):\n%s", round+1, diff)
		}
	}
	server.RequireRequests(clienttest.PageRequest(1), clienttest.PageRequest(1))
}

// The client sends what the dashboard sends, and the minimum of the API, for the same
// settings.
func TestGoldenRequests(t *testing.T) {
	minimal := clienttest.GatewaySettings(func(s *gateways.Settings) { s.RateLimitingTechnique, s.Authentication = nil, nil })
	dashboard := clienttest.GatewaySettings(func(s *gateways.Settings) { s.Authentication = nil })
	for name, sent := range map[string]gateways.Settings{
		"gateway-create-minimal.request.json": minimal, "gateway-create-dashboard.request.json": dashboard,
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Golden(t, "gateway-created.json")))
			clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Create(t.Context(), c, clienttest.Account, "my-gateway", sent)))
			var want, got clienttest.Fields
			clienttest.RequireNoError(t, json.Unmarshal([]byte(clienttest.Golden(t, name)), &want))
			clienttest.RequireNoError(t, json.Unmarshal([]byte(server.Seen()[0].Body), &got))
			want["id"] = "my-gateway" // the dashboard's record leaves it out
			clienttest.RequireEqual(t, want, got)
		})
	}
}

// goldenErrors are the recorded errors of the control plane, with their status.
var goldenErrors = map[string]struct {
	status int
	kind   error
	items  []client.ErrorItem
}{
	"error-already-exists.json": {400, client.ErrInvalid, []client.ErrorItem{{Code: 7001, Message: "Gateway already exists"}}},
	"error-authentication.json": {401, client.ErrUnauthorized, []client.ErrorItem{{Code: 10000, Message: "Authentication error"}}},
	"error-could-not-route.json": {404, client.ErrCouldNotRoute, []client.ErrorItem{
		{Code: 7003, Message: "Could not route to /accounts/x/ai-gateway/gateways, perhaps your object identifier is invalid?"},
		{Code: 7000, Message: "No route for that URI"},
	}},
	"error-method-not-supported.json": {405, client.ErrCouldNotRoute, []client.ErrorItem{{Code: 7001, Message: "PATCH not supported for requested URI."}}},
	"error-not-found.json":            {404, client.ErrNotFound, []client.ErrorItem{{Code: 7002, Message: "Not Found"}}},
	"error-validation-nan.json":       {400, client.ErrInvalid, []client.ErrorItem{{Code: 7001, Message: "Expected number, received nan", Field: "cache_ttl", Path: "cache_ttl"}}},
	"error-validation-null.json": {400, client.ErrInvalid, []client.ErrorItem{
		{Code: 7001, Message: "Expected boolean, received null", Field: "log_classification", Path: "log_classification"},
		{Code: 7001, Message: "Expected boolean, received null", Field: "logpush", Path: "logpush"},
	}},
	"error-validation.json": {400, client.ErrInvalid, []client.ErrorItem{
		{Code: 7001, Message: "Required", Field: "elements", Path: "elements.1.properties.provider"},
	}},
}

func TestGoldenErrors(t *testing.T) {
	for name, test := range goldenErrors {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, clienttest.Reply(test.status, clienttest.Golden(t, name)))
			_, err := gateways.Get(t.Context(), c, clienttest.Account, "my-gateway")
			clienttest.RequireKind(t, err, test.kind)
			var failed *client.Error
			if !errors.As(err, &failed) {
				t.Fatal(err)
			}
			clienttest.RequireEqual(t, test.items, failed.Items)
			server.RequireRequests("GET /my-gateway")
		})
	}
}

// goldenRefusals are those of the data plane.
var goldenRefusals = map[string]struct {
	status int
	code   int64
	text   string
}{
	"data-plane-error-2001.json":       {400, 2001, "Please configure AI Gateway in the Cloudflare dashboard"},
	"data-plane-error-2001-named.json": {400, 2001, "Please configure AI Gateway in the Cloudflare dashboard"},
	"data-plane-error-2009.json":       {401, 2009, "Unauthorized"},
}

func TestGoldenRefusals(t *testing.T) {
	for name, test := range goldenRefusals {
		t.Run(name, func(t *testing.T) {
			c, _ := clienttest.New(t, "http://api.invalid", clienttest.Over(clienttest.AlwaysReply(test.status, clienttest.Golden(t, name))))
			got, err := chat.Send(t.Context(), c, chat.Request{
				AccountID: clienttest.Account, GatewayID: "my-gateway", Model: "openai/gpt-x", Timeout: time.Minute,
				Messages: []chat.Message{{Role: "user", Content: "Hi"}},
			})
			clienttest.RequireNoError(t, err)
			if got.Status != test.status || got.Completion || !got.FromGateway {
				t.Errorf("%+v", got)
			}
			if diff := cmp.Diff(&test.code, got.ErrorCode); diff != "" {
				t.Errorf("code (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(&test.text, got.ErrorMessage); diff != "" {
				t.Errorf("message (-want +got):\n%s", diff)
			}
		})
	}
}

// A new recording must be tested. Other objects test their own.
func TestGoldenIsComplete(t *testing.T) {
	tested := map[string]bool{
		"gateway-created.json": true, "gateway-list.json": true, "gateway-list-empty.json": true,
		"gateway-create-minimal.request.json": true, "gateway-create-dashboard.request.json": true,
	}
	for name := range goldenErrors {
		tested[name] = true
	}
	for name := range goldenRefusals {
		tested[name] = true
	}
	for _, kind := range []string{"gateway-*.json", "error-*.json", "data-plane-error-*.json"} {
		files, err := filepath.Glob(filepath.Join(clienttest.Observed, kind))
		clienttest.RequireNoError(t, err)
		if len(files) == 0 {
			t.Errorf("there are no recordings %s", kind)
		}
		for _, file := range files {
			if !tested[filepath.Base(file)] {
				t.Errorf("%s is not tested", filepath.Base(file))
			}
		}
	}
}
