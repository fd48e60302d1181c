package customproviders_test

import (
	"context"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
)

// providerObject returns a custom provider as the API describes it.
func providerObject(id string, change clienttest.Fields) clienttest.Fields {
	return clienttest.Changed(clienttest.Fields{
		"id": id, "name": "Mine", "slug": "mine", "base_url": "https://api.mine.example", "description": nil,
		"enable": true, "beta": false, "headers": nil, "logo": "PHN2Zz4=", "link": nil, "curl_example": nil,
		"js_example": nil, "position": nil, "created_at": "2026-08-03T10:00:00.000Z", "modified_at": 1785751200,
	}, change)
}

// input returns what creates [providerObject].
func input(change ...func(*customproviders.Input)) customproviders.Input {
	i := customproviders.Input{Name: "Mine", Slug: "mine", BaseURL: "https://api.mine.example", Enable: clienttest.Ptr(true)}
	for _, f := range change {
		f(&i)
	}
	return i
}

var providerReply = clienttest.Reply(200, clienttest.Envelope(providerObject("id-1", nil)))

var operations = []clienttest.Operation{
	{
		Name: "list custom providers", Request: "GET " + clienttest.CustomProvidersPath + clienttest.FirstPage, Success: clienttest.Page(1, providerObject("id-1", nil)),
		Do: func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(clienttest.Collect(customproviders.List(ctx, c, accountID, customproviders.Filter{})))
		},
	},
	{
		Name: "list custom providers", Request: listProviders, Success: clienttest.Page(1, providerObject("id-1", nil)),
		Do: func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(customproviders.Find(ctx, c, accountID, "mine"))
		},
	},
	{
		Name: "read custom provider", Request: getProvider, Success: providerReply, ID: "id-1", Noun: "custom provider",
		Do: func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return clienttest.ErrorOf(customproviders.Get(ctx, c, accountID, id))
		},
	},
	{
		Name: "create custom provider", Request: postProvider, Success: providerReply,
		Do: func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(customproviders.Create(ctx, c, accountID, input()))
		},
	},
	{
		Name: "update custom provider", Request: patchProvider, Success: providerReply, ID: "id-1", Noun: "custom provider", Look: getProvider, There: providerReply,
		Do: func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return clienttest.ErrorOf(customproviders.Update(ctx, c, accountID, id, customproviders.Input{}, input()))
		},
	},
	{
		Name: "delete custom provider", Request: "DELETE " + clienttest.CustomProvidersPath + "/id-1",
		Success: clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "id-1", "name": "Mine"})), ID: "id-1", Noun: "custom provider",
		Look: getProvider, There: providerReply, Gone: clienttest.NotFound,
		Do: func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return customproviders.Delete(ctx, c, accountID, id)
		},
	},
}

func TestOperations(t *testing.T) {
	clienttest.TestOperations(t, operations)
	clienttest.TestRefusedByGatewayInput(t, "custom providers", operations)
	provider := func(id string, change clienttest.Fields) string {
		return clienttest.Envelope(providerObject(id, change))
	}
	operations[2].RequireUnreadable(t, map[string]string{
		"custom provider without an id":                            provider("", nil),
		"created_at: 1000000000000000.5 is not a time of this era": provider("id-1", clienttest.Fields{"created_at": 1e15 + 0.5}),
		"modified_at: true is not a time":                          provider("id-1", clienttest.Fields{"modified_at": true}),
		"name is an array":                                         provider("id-1", clienttest.Fields{"name": []any{}}),
	})
}

// A request that the SDK lacks keeps to the base URL, however that is written.
func TestDeleteAtAnotherBaseURL(t *testing.T) {
	server, c := clienttest.StartWith(t, clienttest.AtPath("/a%20b/"), clienttest.Reply(204, ""))
	clienttest.RequireNoError(t, customproviders.Delete(t.Context(), c, clienttest.Account, "x"))
	server.RequireRequests("DELETE /a%20b/accounts/" + clienttest.Account + clienttest.CustomProvidersPath + "/x")
}

func TestListStopsWhenTheCallerDoes(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Page(9, providerObject("a", nil), providerObject("b", nil)))
	for _, err := range customproviders.List(t.Context(), c, clienttest.Account, customproviders.Filter{}) {
		clienttest.RequireNoError(t, err)
		break
	}
	server.RequireRequests("GET " + clienttest.CustomProvidersPath + clienttest.FirstPage)
}
