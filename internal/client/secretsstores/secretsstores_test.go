package secretsstores_test

import (
	"context"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
)

const (
	listStores = "GET /secrets_store/stores" + clienttest.FirstPage
	getStore   = "GET /secrets_store/stores/id-1"
	postStore  = "POST /secrets_store/stores"
)

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
	object := storeObject("id-1", nil)
	reply := clienttest.Reply(200, clienttest.Envelope(object))
	operations := []clienttest.Operation{{
		Name: "list secrets stores", Request: listStores, Success: clienttest.Page(1, object),
		Do: func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(list(ctx, c, accountID))
		},
	}, {
		Name: "read secrets store", Request: getStore, Success: reply, ID: "id-1", Noun: "Secrets Store",
		Do: func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return clienttest.ErrorOf(secretsstores.Get(ctx, c, accountID, id))
		},
	}, {
		Name: "create secrets store", Request: postStore, Body: `{"name":"default"}`, Success: reply,
		Do: func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(secretsstores.Create(ctx, c, accountID, "default"))
		},
	}, {
		Name: "delete secrets store", Request: "DELETE /secrets_store/stores/id-1", Success: reply,
		ID: "id-1", Noun: "Secrets Store", Look: getStore, There: reply, Gone: clienttest.NotFound,
		Do: func(ctx context.Context, c *client.Client, accountID, _, id string) error {
			return secretsstores.Delete(ctx, c, accountID, id)
		},
	}}
	clienttest.TestOperations(t, operations)
	clienttest.TestRefusedByGatewayInput(t, "Secrets Stores", operations)
	operations[0].RequireUnreadable(t, map[string]string{"Secrets Store without an id": clienttest.Envelope([]any{storeObject("", nil)})})
}

// TestCreateOfOddTypes: documents of different age describe the response as a store,
// and as a list with one.
func TestCreateOfOddTypes(t *testing.T) {
	for _, result := range []any{storeObject("a", nil), []any{storeObject("a", nil)}} {
		server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(result)))
		store, err := secretsstores.Create(t.Context(), c, clienttest.Account, "default")
		clienttest.RequireNoError(t, err)
		if store.ID != "a" || store.Name != "default" || store.CreatedAt.IsZero() {
			t.Errorf("%+v", store)
		}
		server.RequireRequests(postStore)
	}
}

// TestRefusals: the words are the service's, and no request asks to delete secrets.
func TestRefusals(t *testing.T) {
	server, c := clienttest.Start(t,
		clienttest.Reply(400, `{"success":false,"errors":[{"code":1003,"message":"maximum_stores_exceeded"}],"messages":[],"result":null}`),
		clienttest.Page(0), // one look, whether this run created it
		clienttest.Reply(409, `{"success":false,"errors":[{"code":1003,"message":"store_not_empty"}],"messages":[],"result":null}`),
	)
	_, err := secretsstores.Create(t.Context(), c, clienttest.Account, "mine")
	clienttest.RequireKind(t, err, client.ErrAlreadyExists)
	clienttest.RequireKind(t, secretsstores.Delete(t.Context(), c, clienttest.Account, "id-1"), secretsstores.ErrNotEmpty)
	server.RequireRequests(postStore, listStores, "DELETE /secrets_store/stores/id-1")
}

// TestRecovery: the response is lost, and the list tells what became of the store.
func TestRecovery(t *testing.T) {
	stored := func(age time.Duration, change clienttest.Fields) clienttest.Handler {
		object := storeObject("id-1", clienttest.Fields{"created": clienttest.Ago(age)})
		return clienttest.Dated(clienttest.Page(1, clienttest.Changed(object, change)))
	}
	lost := clienttest.LostObject()
	lost["200 no store"] = clienttest.Reply(200, clienttest.Envelope([]any{}))
	lost["200 two stores"] = clienttest.Reply(200, clienttest.Envelope([]any{storeObject("a", nil), storeObject("b", nil)}))
	clienttest.Creation{
		Name: "create secrets store", Request: postStore, Noun: "Secrets Store", Lost: lost,
		Looks: client.ListLooks, Look: []string{listStores}, LookName: "list secrets stores", Lags: true,
		Created:    clienttest.Reply(200, clienttest.Envelope(storeObject("id-1", nil))),
		Taken:      clienttest.Reply(400, clienttest.Failure(1003, "maximum_stores_exceeded")),
		NameFields: []string{"name"},
		Found:      stored(time.Second, nil),
		Missing:    clienttest.Dated(clienttest.Page(0)),
		WasThere:   "a Secrets Store in this account existed before this request",
		Others: map[string]clienttest.Handler{
			"old":          stored(time.Hour, nil),
			"no time":      stored(0, clienttest.Fields{"created": nil}),
			"another name": stored(0, clienttest.Fields{"name": "other"}),
			"no date":      clienttest.WithoutDate(stored(0, nil)),
		},
		Create: func(ctx context.Context, t *testing.T, c *client.Client) error {
			t.Helper()
			store, err := secretsstores.Create(ctx, c, clienttest.Account, "default")
			if err == nil && store.ID != "id-1" {
				t.Errorf("%+v", store)
			}
			return err
		},
	}.TestRecovery(t)
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
