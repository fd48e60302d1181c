package client_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/chat"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// observed are answers of the service that others recorded or documented; the
// README beside them says which is which. The emulator is tested against the
// same files, so that it and the client cannot agree on an error.
const observed = "../emulator/testdata/observed"

func golden(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(observed, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// goldenGateway is the gateway of gateway-created.json and gateway-list.json.
func goldenGateway() *gateways.Gateway {
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	return &gateways.Gateway{
		ID: "my-gateway", Name: "my-gateway", Slug: "my-gateway", OmitsWhenOff: true, IsDefault: ptr(false), CreatedAt: at, ModifiedAt: at,
		Settings: gateways.Settings{
			CacheEnabled: ptr(false), RateLimitingEnabled: ptr(false), RateLimitingTechnique: ptr("fixed"),
			LogEnabled: ptr(true), Authentication: ptr(false), CacheInvalidateOnUpdate: ptr(false),
			LogManagement: ptr[int64](10000000), LogManagementStrategy: ptr("DELETE_OLDEST"), Logpush: ptr(false),
			LogpushPublicKey: ptr(""), RetryMaxAttempts: ptr[int64](0), RetryDelay: ptr[int64](0), RetryBackoff: ptr(""), StoreID: ptr(""),
			ZDR: ptr(false), WorkersAIBillingMode: ptr("postpaid"),
		},
	}
}

func TestGoldenGateway(t *testing.T) {
	answered := reply(200, golden(t, "gateway-created.json"))
	server := serve(t, answered, answered, answered, answered)
	c, _ := newClient(t, server.URL)
	created, err := gateways.Create(t.Context(), c, account, "my-gateway", settings())
	requireGolden(t, created, err)
	read, err := gateways.Get(t.Context(), c, account, "my-gateway")
	requireGolden(t, read, err)
	updated, err := gateways.Update(t.Context(), c, account, "my-gateway", "my-gateway", read.Settings, read.Settings)
	requireGolden(t, updated, err)
	if err := gateways.Delete(t.Context(), c, account, "my-gateway"); err != nil {
		t.Error(err)
	}
	server.requireSeen("POST ", "GET /my-gateway", "PUT /my-gateway", "DELETE /my-gateway")
}

func requireGolden(t *testing.T, gateway *gateways.Gateway, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(goldenGateway(), gateway); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestGoldenList(t *testing.T) {
	server := serve(t, reply(200, golden(t, "gateway-list.json")), reply(200, golden(t, "gateway-list-empty.json")))
	c, _ := newClient(t, server.URL)
	for round, want := range [][]*gateways.Gateway{{goldenGateway()}, nil} {
		var got []*gateways.Gateway
		for gateway, err := range gateways.List(t.Context(), c, account, "") {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, gateway)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("list %d (-want +got):\n%s", round+1, diff)
		}
	}
	server.requireSeen(pageRequest(1), pageRequest(1))
}

// What the dashboard sends, and the least that the API takes, are what the
// client sends for the same settings.
func TestGoldenRequests(t *testing.T) {
	minimal := settings(func(s *gateways.Settings) { s.RateLimitingTechnique, s.Authentication = nil, nil })
	dashboard := settings(func(s *gateways.Settings) { s.Authentication = nil })
	for name, sent := range map[string]gateways.Settings{
		"gateway-create-minimal.request.json": minimal, "gateway-create-dashboard.request.json": dashboard,
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, reply(200, golden(t, "gateway-created.json")))
			c, _ := newClient(t, server.URL)
			if _, err := gateways.Create(t.Context(), c, account, "my-gateway", sent); err != nil {
				t.Fatal(err)
			}
			var want, got fields
			if err := json.Unmarshal([]byte(golden(t, name)), &want); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(server.seen()[0].Body), &got); err != nil {
				t.Fatal(err)
			}
			want["id"] = "my-gateway" // the dashboard's record leaves it out
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// goldenErrors are the recorded errors of the control plane, with the status
// that they came with.
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
			server := serve(t, reply(test.status, golden(t, name)))
			c, _ := newClient(t, server.URL)
			_, err := gateways.Update(t.Context(), c, account, "my-gateway", "my-gateway", settings(), gateways.Settings{})
			requireKind(t, err, test.kind)
			var failed *client.Error
			if !errors.As(err, &failed) {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.items, failed.Items); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			server.requireSeen("PUT /my-gateway")
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
			c, _ := newClient(t, "http://api.invalid", over(answering(test.status, golden(t, name))))
			got, err := chat.Send(t.Context(), c, chat.Request{
				AccountID: account, GatewayID: "my-gateway", Model: "openai/gpt-x", Timeout: time.Minute,
				Messages: []chat.Message{{Role: "user", Content: "Hi"}},
			})
			if err != nil {
				t.Fatal(err)
			}
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

// A recording that is added must be tested; those of other objects are by the
// tests of those.
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
		files, err := filepath.Glob(filepath.Join(observed, kind))
		if err != nil {
			t.Fatal(err)
		}
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
