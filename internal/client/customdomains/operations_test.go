package customdomains_test

import (
	"context"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customdomains"
)

const (
	hostname     = "ai.example.com"
	zoneID       = "395566f4c8a5b9d2a5fc0d457b007c44"
	listDomains  = "GET /demo/custom-domains"
	postDomain   = "POST /demo/custom-domains"
	getDomain    = "GET /demo/custom-domains/" + hostname
	deleteDomain = "DELETE /demo/custom-domains/" + hostname
)

// domainObject returns a custom domain as the documentation's sample shows it.
func domainObject(change clienttest.Fields) clienttest.Fields {
	return clienttest.Changed(clienttest.Fields{
		"hostname": hostname, "gateway_id": "demo", "status": "pending_dcv", "cname_target": "target.example.net",
		"created_at": 1782925200000, "modified_at": 1782925200000,
	}, change)
}

func domainReply(change clienttest.Fields) clienttest.Handler {
	return clienttest.Reply(200, clienttest.Envelope(domainObject(change)))
}

// input returns what creates [domainObject].
func input() customdomains.Input { return customdomains.Input{Hostname: hostname, ZoneID: zoneID} }

var operations = []clienttest.Operation{
	{
		Name: "list custom domains", Request: listDomains, Success: clienttest.Page(1, domainObject(nil)), TakesGateway: true, IDField: "hostname",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(clienttest.Collect(customdomains.List(ctx, c, accountID, gatewayID)))
		},
	},
	{
		Name: "read custom domain", Request: getDomain, Success: domainReply(nil), TakesGateway: true, ID: hostname, Noun: "custom domain", IDField: "hostname",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(customdomains.Get(ctx, c, accountID, gatewayID, id))
		},
	},
	{
		Name: "create custom domain", Request: postDomain, Body: `{"domain":"` + hostname + `","zone_id":"` + zoneID + `"}`,
		Success: domainReply(nil), TakesGateway: true, IDField: "hostname",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(customdomains.Create(ctx, c, accountID, gatewayID, input()))
		},
	},
	{
		Name: "delete custom domain", Request: deleteDomain, Success: clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"hostname": hostname})),
		TakesGateway: true, ID: hostname, Noun: "custom domain", IDField: "hostname", Look: getDomain, There: domainReply(nil), Gone: clienttest.NotFound,
		Do: customdomains.Delete,
	},
}

func TestOperations(t *testing.T) {
	clienttest.TestOperations(t, operations)
	clienttest.TestRefusedByGatewayInput(t, "custom domains", operations)
	domain := func(change clienttest.Fields) string { return clienttest.Envelope(domainObject(change)) }
	operations[1].RequireUnreadable(t, map[string]string{
		"custom domain without an id":   domain(clienttest.Fields{"hostname": ""}),
		"modified_at: true is not a ti": domain(clienttest.Fields{"modified_at": true}),
		"status is an array":            domain(clienttest.Fields{"status": []any{}}),
	})
}
