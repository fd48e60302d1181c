package secretsstores_test

import (
	"context"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
)

const listStores = "GET /secrets_store/stores" + clienttest.FirstPage

// storeObject returns a Secrets Store as the API describes it.
func storeObject(id string, change clienttest.Fields) clienttest.Fields {
	return clienttest.Changed(clienttest.Fields{
		"id": id, "name": "default", "created": "2026-08-03T10:00:00.000Z", "modified": "2026-08-03T10:00:00.000Z",
	}, change)
}

func list(ctx context.Context, c *client.Client, accountID string) ([]*secretsstores.Store, error) {
	return clienttest.Collect(secretsstores.List(ctx, c, accountID))
}

func TestOperations(t *testing.T) {
	operations := []clienttest.Operation{{
		Name: "list secrets stores", Request: listStores, Success: clienttest.Page(1, storeObject("id-1", nil)),
		Do: func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(list(ctx, c, accountID))
		},
	}}
	clienttest.TestOperations(t, operations)
	clienttest.TestRefusedByGatewayInput(t, "Secrets Stores", operations)
	operations[0].RequireUnreadable(t, map[string]string{"Secrets Store without an id": clienttest.Envelope([]any{storeObject("", nil)})})
}

func TestListStopsAtAnError(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Page(9, storeObject("a", nil)), clienttest.Forbidden)
	got, err := list(t.Context(), c, clienttest.Account)
	clienttest.RequireKind(t, err, client.ErrUnauthorized)
	if len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestGoldenSecretsStores(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Golden(t, "secrets_stores.json")))
	got, err := clienttest.Collect(secretsstores.List(t.Context(), c, clienttest.Account))
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	want := []*secretsstores.Store{{ID: "0123456789abcdef0123456789abcdef", Name: "default_secrets_store", CreatedAt: at, ModifiedAt: at}}
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, want, got)
	server.RequireRequests("GET /secrets_store/stores" + clienttest.FirstPage)
}

func TestSecretsStoresOfOddTypes(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Page(2, storeObject("a", clienttest.Fields{"created": nil, "modified": clienttest.Absent, "name": nil}), storeObject("b", clienttest.Fields{"created": 1785751200})))
	got, err := clienttest.Collect(secretsstores.List(t.Context(), c, clienttest.Account))
	at := time.Date(2026, 8, 3, 10, 0, 0, 0, time.UTC)
	want := []*secretsstores.Store{{ID: "a"}, {ID: "b", Name: "default", CreatedAt: at, ModifiedAt: at}}
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, want, got)
}
