package keys_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
)

// configObject returns a provider config as the API describes it.
func configObject(id string, change clienttest.Fields) clienttest.Fields {
	return clienttest.Changed(clienttest.Fields{
		"id": id, "gateway_id": "demo", "provider_slug": "openai", "alias": "default", "default_config": 1,
		"secret_id": "s-1", "secret_preview": "****cdef", "rate_limit": nil, "rate_limit_period": 60,
		"modified_at": "2026-08-03T10:00:00.000Z",
	}, change)
}

// input returns what creates [configObject].
func input(change ...func(*keys.Input)) keys.Input {
	n := keys.Input{Alias: "default", ProviderSlug: "openai", SecretID: "s-1", Default: true}
	for _, f := range change {
		f(&n)
	}
	return n
}

var (
	oneConfig     = clienttest.Page(1, configObject("id-1", nil))
	configReply   = clienttest.Reply(200, clienttest.Envelope(configObject("id-1", nil)))
	configRequest = clienttest.ConfigsPath + "/id-1"
)

var operations = []clienttest.Operation{
	{
		Name: "list provider configs", Request: listConfigs, Success: oneConfig, TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(clienttest.Collect(keys.List(ctx, c, accountID, gatewayID)))
		},
	},
	{
		Name: "list provider configs", Request: listConfigs, Success: oneConfig, TakesGateway: true, ID: "id-1", Noun: "provider config",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(keys.Find(ctx, c, accountID, gatewayID, id))
		},
	},
	{
		Name: "list provider configs", Request: listConfigs, Success: oneConfig, TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(keys.FindByAlias(ctx, c, accountID, gatewayID, "openai", "default"))
		},
	},
	{
		Name: "create provider config", Request: postConfig, Success: configReply, TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(keys.Create(ctx, c, accountID, gatewayID, input()))
		},
	},
	{
		Name: "rotate provider config", Request: "PUT " + configRequest, Success: configReply, TakesGateway: true, ID: "id-1", Noun: "provider config", Look: listConfigs, There: oneConfig,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(keys.Rotate(ctx, c, accountID, gatewayID, id, clienttest.SecretKey))
		},
	},
	{
		Name: "delete provider config", Request: "DELETE " + configRequest, Success: clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "id-1"})),
		TakesGateway: true, ID: "id-1", Noun: "provider config",
		Look: listConfigs, There: oneConfig, Gone: clienttest.Page(0), Looks: client.ListLooks, // the list lags
		Do: keys.Delete,
	},
}

func TestOperations(t *testing.T) {
	clienttest.TestOperations(t, operations)
	clienttest.TestRefusedByGatewayInput(t, "provider configs", operations)
	config := func(id string, change clienttest.Fields) string {
		return clienttest.Envelope([]any{configObject(id, change)})
	}
	operations[0].RequireUnreadable(t, map[string]string{
		"provider config without an id":                config("", nil),
		"default_config: 2 is not a boolean":           config("a", clienttest.Fields{"default_config": 2}),
		"rate_limit: 0.5 is not a whole number":        config("a", clienttest.Fields{"rate_limit": 0.5}),
		`modified_at: "now" is not a time in RFC 3339`: config("a", clienttest.Fields{"modified_at": "now"}),
		"alias is a number":                            config("a", clienttest.Fields{"alias": 1}),
		"does not describe a provider config":          clienttest.Envelope([]any{1}),
	})
}

// A request that the SDK lacks keeps to the base URL, however that is written.
func TestDeleteAtAnotherBaseURL(t *testing.T) {
	server, c := clienttest.StartWith(t, clienttest.AtPath("/a%20b/"), clienttest.Reply(204, ""))
	clienttest.RequireNoError(t, keys.Delete(t.Context(), c, clienttest.Account, "demo", "A.b_c-1"))
	server.RequireRequests("DELETE /a%20b/accounts/" + clienttest.Account + "/ai-gateway/gateways/demo/provider_configs/A.b_c-1")
}

// All lists share the code of the pages.
func TestObjectPages(t *testing.T) {
	objects := func(from, to int) []clienttest.Fields {
		all := []clienttest.Fields{}
		for i := from; i <= to; i++ {
			all = append(all, configObject(fmt.Sprintf("id-%03d", i), nil))
		}
		return all
	}
	page := func(from, to, total int) clienttest.Handler { return clienttest.Page(total, objects(from, to)...) }
	const none = -1
	for name, test := range map[string]struct {
		responses []clienttest.Handler
		want      int
	}{
		"none":                         {[]clienttest.Handler{page(1, 0, 0)}, 0},
		"none, without total":          {[]clienttest.Handler{page(1, 0, none)}, 0},
		"one":                          {[]clienttest.Handler{page(1, 1, 1)}, 1},
		"one, without total":           {[]clienttest.Handler{page(1, 1, none), page(1, 0, none)}, 1},
		"101":                          {[]clienttest.Handler{page(1, 100, 101), page(101, 101, 101)}, 101},
		"101, without total":           {[]clienttest.Handler{page(1, 100, none), page(101, 101, none), page(1, 0, none)}, 101},
		"small pages":                  {[]clienttest.Handler{page(1, 20, 50), page(21, 40, 50), page(41, 50, 50)}, 50},
		"small pages, without total":   {[]clienttest.Handler{page(1, 20, none), page(21, 30, none), page(1, 0, none)}, 30},
		"no pages":                     {[]clienttest.Handler{page(1, 150, none), page(1, 150, none)}, 150},
		"no pages, but a total":        {[]clienttest.Handler{page(1, 150, 150)}, 150},
		"a total that is too large":    {[]clienttest.Handler{page(1, 30, 1000), page(1, 0, 1000)}, 30},
		"one more meanwhile":           {[]clienttest.Handler{page(1, 100, 101), page(100, 101, 102)}, 101},
		"the same ones with any total": {[]clienttest.Handler{page(1, 100, 300), page(1, 100, 300)}, 100},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.responses...)
			got, err := clienttest.Collect(keys.List(t.Context(), c, clienttest.Account, "demo"))
			if err != nil || len(got) != test.want {
				t.Errorf("%d configs, want %d; %v", len(got), test.want, err)
			}
			for i, config := range got {
				if want := fmt.Sprintf("id-%03d", i+1); config.ID != want {
					t.Errorf("%s, want %s", config.ID, want)
				}
			}
			want := []string{}
			for i := range test.responses {
				want = append(want, fmt.Sprintf("GET %s?page=%d&per_page=100", clienttest.ConfigsPath, i+1))
			}
			server.RequireRequests(want...)
		})
	}
}

// The SDK's types do not limit what a response may contain.
func TestObjectsOfOddTypes(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Page(1, configObject("a", clienttest.Fields{"default_config": "true", "rate_limit": 5.0, "new": []any{1}, "modified_at": nil})))
	got, err := clienttest.Collect(keys.List(t.Context(), c, clienttest.Account, "demo"))
	clienttest.RequireNoError(t, err)
	want := []*keys.Config{{
		ID: "a", GatewayID: "demo", ProviderSlug: "openai", Alias: "default", Default: clienttest.Ptr(true),
		SecretID: "s-1", SecretPreview: "****cdef", RateLimit: clienttest.Ptr[int64](5), RateLimitPeriod: clienttest.Ptr[int64](60),
	}}
	clienttest.RequireEqual(t, want, got)
}
