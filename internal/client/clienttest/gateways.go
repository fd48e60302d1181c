package clienttest

import (
	"context"
	"fmt"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
)

// GatewaySettings returns the settings of [Gateway].
func GatewaySettings(change ...func(*gateways.Settings)) gateways.Settings {
	s := gateways.Settings{
		CacheEnabled: Ptr(false), RateLimitingEnabled: Ptr(false), LogEnabled: Ptr(true),
		RateLimitingTechnique: Ptr("fixed"), Authentication: Ptr(true), CacheInvalidateOnUpdate: Ptr(false),
	}
	for _, f := range change {
		f(&s)
	}
	return s
}

// GatewayOperations are operations on one gateway, one with each method.
var GatewayOperations = []Operation{
	{
		Name: "read gateway", Request: "GET /demo", Success: gatewayReply, TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, id, _ string) error {
			return ErrorOf(gateways.Get(ctx, c, accountID, id))
		},
	},
	{
		Name: "list gateways", Request: PageRequest(1), Success: Reply(200, Envelope([]any{Gateway("demo", nil)})),
		Do: func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return ErrorOf(Collect(gateways.List(ctx, c, accountID, "")))
		},
	},
	{
		// An update of a gateway reads first, so a key stands for the PUTs.
		Name: "rotate provider config", Request: "PUT " + ConfigsPath + "/id-1", Success: Reply(200, Envelope(config)), TakesGateway: true,
		ID: "id-1", Noun: "provider config", Look: "GET " + ConfigsPath + "?page=1&per_page=100", There: Page(1, config),
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return ErrorOf(keys.Rotate(ctx, c, accountID, gatewayID, id, "sk-1"))
		},
	},
	{
		Name: "delete gateway", Request: "DELETE /demo", Success: gatewayReply, TakesGateway: true, Look: "GET /demo", There: gatewayReply, Gone: NotFound,
		Do: func(ctx context.Context, c *client.Client, accountID, id, _ string) error {
			return gateways.Delete(ctx, c, accountID, id)
		},
	},
	{
		Name: "create gateway", Request: "POST ", Success: gatewayReply, TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, id, _ string) error {
			return ErrorOf(gateways.Create(ctx, c, accountID, id, GatewaySettings()))
		},
	},
}

var config = Fields{
	"id": "id-1", "gateway_id": "demo", "provider_slug": "openai", "alias": "default", "default_config": true, "secret_id": "secret-1",
}

var gatewayReply = GatewayReply("demo", nil)

// GatewayReply returns a response with a gateway.
func GatewayReply(name string, change Fields) Handler {
	return Reply(200, Envelope(Gateway(name, change)))
}

// Errors of creating a gateway contain these.
const (
	WasThere = "a gateway of this name existed before this request"
	NotThere = "the gateway was looked for afterwards and is not there"
)

// CreateGateway creates [Gateway].
func CreateGateway(t *testing.T, c *client.Client) (*gateways.Gateway, error) {
	t.Helper()
	return gateways.Create(t.Context(), c, Account, "demo", GatewaySettings())
}

// NewGatewayInput is [New] with the wire format gateway_input.
func NewGatewayInput(t *testing.T, url string, change ...func(*client.Config)) *client.Client {
	t.Helper()
	c, _ := New(t, url, append(change, InFormat(client.WireGatewayInput))...)
	return c
}

// PageRequest returns the request for a page of gateways.
func PageRequest(n int) string { return fmt.Sprintf("GET ?page=%d&per_page=100", n) }

// GatewayNames returns numbered names.
func GatewayNames(from, to int) []string {
	all := []string{}
	for i := from; i <= to; i++ {
		all = append(all, fmt.Sprintf("gateway-%03d", i))
	}
	return all
}

// GatewayList returns a response with these gateways. A total below 0 leaves
// result_info out.
func GatewayList(total int, ids ...string) Handler {
	objects := []any{}
	for _, id := range ids {
		objects = append(objects, Gateway(id, nil))
	}
	body := Fields{"success": true, "result": objects}
	if total >= 0 {
		body["result_info"] = Fields{"count": len(ids), "page": 1, "per_page": 100, "total_count": total}
	}
	return Reply(200, Encode(body))
}

// GatewayPage returns a response with numbered gateways.
func GatewayPage(from, to, total int) Handler {
	return GatewayList(total, GatewayNames(from, to)...)
}

// Secrets of a gateway's features, which only the request knows.
const (
	SecretRef    = "store-ref-hush-5555"
	SecretValue  = "Bearer trace-token-hush-6666"
	SecretLater  = "\"header-hush-7777-<&>-ä\\\""
	SecretStripe = "sk_live_hush_8888"
)
