// Package secretsstores manages the Secrets Store of an account.
package secretsstores

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
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

// ErrNotEmpty is the error for a store with secrets, which cannot be deleted.
var ErrNotEmpty = errors.New("not empty")

// List iterates over the account's Secrets Stores, fetching pages on demand. It
// stops at the first error. An account has one at most (observed).
func List(ctx context.Context, c *client.Client, accountID string) iter.Seq2[*Store, error] {
	return list(ctx, c, accountID, new(time.Time))
}

// list also notes the time by the server's clock, or zero.
func list(ctx context.Context, c *client.Client, accountID string, now *time.Time) iter.Seq2[*Store, error] {
	if err := check(c, accountID); err != nil {
		return client.Failed[*Store](err)
	}
	return client.List[response, *Store]{
		Request: client.Request{Operation: "list secrets stores"},
		Call:    client.Call0(c.SecretsStores().List, secrets_store.StoreListParams{AccountID: client.InAccount(accountID).AccountID}),
		Decoder: decoder,
		ID:      func(store *Store) string { return store.ID },
		PerPage: perPage,
		OnPage:  func(resp *client.Response, _ client.Page[*Store]) { *now = resp.Date() },
	}.All(ctx, c, client.Identity{AccountID: accountID})
}

// Get reads one Secrets Store. The error is ErrNotFound if it does not exist.
func Get(ctx context.Context, c *client.Client, accountID, id string) (*Store, error) {
	if err := checkStore(c, accountID, id); err != nil {
		return nil, err
	}
	call := client.Call1(c.SecretsStores().Get, id, secrets_store.StoreGetParams{AccountID: client.InAccount(accountID).AccountID})
	store, _, err := client.Get(ctx, c, client.Request{Operation: "read secrets store"}, call, decoder, identity(accountID, id))
	return store, err
}

// Create creates the Secrets Store of an account. The error is ErrAlreadyExists if
// the account has one. If the response is lost, it looks for a store of this name
// that is as new as the request, even if ctx has ended in the meantime.
func Create(ctx context.Context, c *client.Client, accountID, name string) (*Store, error) {
	if err := check(c, accountID); err != nil {
		return nil, err
	}
	request := client.Request{Operation: "create secrets store", Body: wire.Body{"name": name}, Refine: explainMaximum}
	call := client.Call0(c.SecretsStores().New, secrets_store.StoreNewParams{AccountID: client.InAccount(accountID).AccountID})
	return client.Create(ctx, c, request, call, created, client.Identity{AccountID: accountID, Name: name}, client.Search[*Store]{
		Noun: noun, Unique: "in this account", Looks: client.ListLooks, Lags: true,
		Find: func(ctx context.Context) (*Store, time.Time, error) {
			var now time.Time
			for store, err := range list(ctx, c, accountID, &now) {
				return store, now, err
			}
			return nil, now, client.ErrNotFound
		},
		CreatedAt: func(store *Store) time.Time { return store.CreatedAt },
		AsSent:    func(store *Store) bool { return store.Name == name },
	})
}

// Delete deletes a Secrets Store. It is no error if there is none. The error is
// ErrNotEmpty if the store has secrets: Delete never asks the service to delete
// these too.
func Delete(ctx context.Context, c *client.Client, accountID, id string) error {
	if err := checkStore(c, accountID, id); err != nil {
		return err
	}
	call := client.Call1(c.SecretsStores().Delete, id, secrets_store.StoreDeleteParams{AccountID: client.InAccount(accountID).AccountID})
	request := client.Request{Operation: "delete secrets store", Refine: explainNotEmpty}
	return c.Delete(ctx, request, call, identity(accountID, id), func(ctx context.Context) error {
		_, err := Get(ctx, c, accountID, id)
		return err
	})
}

// explainMaximum makes the refusal of a second store ErrAlreadyExists.
func explainMaximum(failed *client.Error) *client.Error {
	if failed.Says("maximum_stores_exceeded") { // observed
		return failed.WithKind(client.ErrAlreadyExists, failed.Note())
	}
	return failed
}

// explainNotEmpty makes the refusal to delete a store with secrets ErrNotEmpty.
func explainNotEmpty(failed *client.Error) *client.Error {
	if failed.Says("store_not_empty") { // documented, with HTTP 409
		return failed.WithKind(ErrNotEmpty, failed.Note())
	}
	return failed
}

func check(c *client.Client, accountID string) error {
	return c.CheckProviders("Secrets Stores", accountID)
}

func checkStore(c *client.Client, accountID, id string) error {
	return cmp.Or(check(c, accountID), client.CheckID(noun, id))
}

func identity(accountID, id string) client.Identity {
	return client.Identity{AccountID: accountID, ID: id}
}

var decoder = client.Decoder[response, *Store]{
	Noun: noun, Identify: response.identity, Convert: response.store,
	// No request names a store by its name; other fields than the id may lack.
	Nameless: true,
}

// created decodes the response to a creation.
var created = client.Decoder[createResponse, *Store]{
	Noun:     noun,
	Identify: func(r createResponse) client.Identity { return r.identity() },
	Convert:  func(r createResponse) (*Store, error) { return r.store() },
}

// createResponse is a store, or a list with one: API documents of different age
// differ.
type createResponse struct{ response }

// UnmarshalJSON implements [json.Unmarshaler].
func (r *createResponse) UnmarshalJSON(raw []byte) error {
	if raw = bytes.TrimSpace(raw); len(raw) == 0 || raw[0] != '[' {
		return json.Unmarshal(raw, &r.response)
	}
	var stores []response
	if err := json.Unmarshal(raw, &stores); err != nil {
		return err
	}
	if len(stores) != 1 {
		return wire.NotA(noun)
	}
	r.response = stores[0]
	return nil
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
	return client.Identity{ID: r.ID, Name: r.Name, AccountID: r.Account()}
}

func (r response) store() (*Store, error) {
	return &Store{ID: r.ID, Name: r.Name, CreatedAt: wire.Time(r.Created), ModifiedAt: wire.Time(r.Modified)}, nil
}
