package client_test

import (
	"context"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/billing"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
)

// objectOperations are all that the client can do to the objects around
// gateways.
var objectOperations = []struct {
	name, request string
	success       clienttest.Handler
	once          bool
	do            func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error
}{
	{"list provider configs", "GET " + clienttest.ConfigsPath + clienttest.FirstPage, clienttest.Page(1, clienttest.ProviderConfig("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(clienttest.Collect(keys.List(ctx, c, accountID, gatewayID)))
		}},
	{"list provider configs", "GET " + clienttest.ConfigsPath + clienttest.FirstPage, clienttest.Page(1, clienttest.ProviderConfig("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(keys.Find(ctx, c, accountID, gatewayID, id))
		}},
	{"list provider configs", "GET " + clienttest.ConfigsPath + clienttest.FirstPage, clienttest.Page(1, clienttest.ProviderConfig("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(keys.FindByAlias(ctx, c, accountID, gatewayID, "openai", "default"))
		}},
	{"create provider config", "POST " + clienttest.ConfigsPath, clienttest.Reply(200, clienttest.Envelope(clienttest.ProviderConfig("id-1", nil))), true,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(keys.Create(ctx, c, accountID, gatewayID, clienttest.NewProviderConfig()))
		}},
	{"rotate provider config", "PUT " + clienttest.ConfigsPath + "/id-1", clienttest.Reply(200, clienttest.Envelope(clienttest.ProviderConfig("id-1", nil))), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(keys.Rotate(ctx, c, accountID, gatewayID, id, clienttest.SecretKey))
		}},
	{"delete provider config", "DELETE " + clienttest.ConfigsPath + "/id-1", clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "id-1"})), false,
		func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return keys.Delete(ctx, c, accountID, gatewayID, id)
		}},
	{"list custom providers", "GET " + clienttest.CustomProvidersPath + clienttest.FirstPage, clienttest.Page(1, clienttest.CustomProvider("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(clienttest.Collect(customproviders.List(ctx, c, accountID, customproviders.Filter{})))
		}},
	{"list custom providers", "GET " + clienttest.CustomProvidersPath + clienttest.FirstPage + "&search=mine", clienttest.Page(1, clienttest.CustomProvider("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(customproviders.Find(ctx, c, accountID, "mine"))
		}},
	{"read custom provider", "GET " + clienttest.CustomProvidersPath + "/id-1", clienttest.Reply(200, clienttest.Envelope(clienttest.CustomProvider("id-1", nil))), false,
		func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return clienttest.ErrorOf(customproviders.Get(ctx, c, accountID, id))
		}},
	{"create custom provider", "POST " + clienttest.CustomProvidersPath, clienttest.Reply(200, clienttest.Envelope(clienttest.CustomProvider("id-1", nil))), true,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(customproviders.Create(ctx, c, accountID, clienttest.CustomProviderInput()))
		}},
	{"update custom provider", "PATCH " + clienttest.CustomProvidersPath + "/id-1", clienttest.Reply(200, clienttest.Envelope(clienttest.CustomProvider("id-1", nil))), false,
		func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return clienttest.ErrorOf(customproviders.Update(ctx, c, accountID, id, customproviders.Input{}, clienttest.CustomProviderInput()))
		}},
	{"delete custom provider", "DELETE " + clienttest.CustomProvidersPath + "/id-1", clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"id": "id-1", "name": "Mine"})), false,
		func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return customproviders.Delete(ctx, c, accountID, id)
		}},
	{"list secrets stores", "GET /secrets_store/stores" + clienttest.FirstPage, clienttest.Page(1, clienttest.SecretsStore("id-1", nil)), false,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(clienttest.Collect(secretsstores.List(ctx, c, accountID)))
		}},
	{"read credit balance", "GET /ai-gateway/billing/credit-balance", clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"balance": 25})), false,
		func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(billing.GetCreditBalance(ctx, c, accountID))
		}},
}
