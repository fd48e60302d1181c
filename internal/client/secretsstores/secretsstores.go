// Package secretsstores reads the Secrets Stores of an account.
package secretsstores

import (
	"context"
	"iter"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/secrets_store"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// A Store is a Secrets Store as the service describes it. The keys of providers
// are in the one that a gateway names.
type Store struct {
	// ID addresses the store; a gateway names it as its store_id.
	ID string
	// Name is what people see.
	Name string
	// CreatedAt and ModifiedAt are zero if the service does not say.
	CreatedAt, ModifiedAt time.Time
}

const (
	noun = "Secrets Store"
	// perPage is the most that the API returns at once, by its specification.
	perPage = 100
)

// List iterates over the account's Secrets Stores, fetching pages on demand. It
// stops at the first error. An account has one at most (observed).
func List(ctx context.Context, c *client.Client, accountID string) iter.Seq2[*Store, error] {
	if err := c.CheckProviders("Secrets Stores", accountID); err != nil {
		return client.Failed[*Store](err)
	}
	return client.List[response, *Store]{
		Request: client.Request{Operation: "list secrets stores"},
		Call:    client.Call0(c.SecretsStores().List, secrets_store.StoreListParams{AccountID: client.InAccount(accountID).AccountID}),
		Decoder: client.Decoder[response, *Store]{Noun: noun, Identify: response.identity, Convert: response.store},
		ID:      func(store *Store) string { return store.ID },
		PerPage: perPage,
	}.All(ctx, c, client.Identity{AccountID: accountID})
}

// response is a Secrets Store in a response.
type response struct {
	client.Owner
	ID       string       `json:"id"`
	Name     string       `json:"name"`
	Created  *wire.Moment `json:"created"`
	Modified *wire.Moment `json:"modified"`
}

func (r response) identity() client.Identity {
	return client.Identity{ID: r.ID, AccountID: r.Account()}
}

func (r response) store() (*Store, error) {
	return &Store{ID: r.ID, Name: r.Name, CreatedAt: wire.Time(r.Created), ModifiedAt: wire.Time(r.Modified)}, nil
}
