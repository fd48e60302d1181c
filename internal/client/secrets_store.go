package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/option"
	"github.com/cloudflare/cloudflare-go/v7/secrets_store"
)

// SecretsStore is a store of secrets, as the service describes it. Providers'
// keys are kept in the one that a gateway names.
type SecretsStore struct {
	// ID addresses the store; a gateway names it as its store_id.
	ID string
	// Name is what people see.
	Name string
	// CreatedAt and ModifiedAt are zero where the service does not say.
	CreatedAt, ModifiedAt time.Time
}

// ListSecretsStores yields the account's Secrets Stores, of which there is one
// at most (observed), page by page: a page is asked for when the one before it
// is used up. It stops at the first error.
func (c *Client) ListSecretsStores(ctx context.Context, accountID string) iter.Seq2[*SecretsStore, error] {
	op := operation{name: "list secrets stores"}
	id := func(store *SecretsStore) string { return store.ID }
	return paged(id, func(page int64) ([]*SecretsStore, resultInfo, error) {
		if err := c.checkProviders("Secrets Stores", accountID); err != nil {
			return nil, resultInfo{}, err
		}
		ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
			var params secrets_store.StoreListParams
			params.AccountID.Value, params.AccountID.Present = accountID, true
			params.Page.Value, params.Page.Present = page, true
			params.PerPage.Value, params.PerPage.Present = objectsPerPage, true
			_, err := c.stores.List(ctx, params, opts...)
			return err
		})
		if err != nil {
			return nil, resultInfo{}, err
		}
		return decodedList(op.name, ex, "Secrets Store", secretsStoreAnswer.store)
	})
}

// secretsStoreAnswer is what the service says of a Secrets Store.
type secretsStoreAnswer struct {
	ID       string  `json:"id"`
	Name     string  `json:"name"`
	Created  *moment `json:"created"`
	Modified *moment `json:"modified"`
}

func (a secretsStoreAnswer) store() (*SecretsStore, error) {
	if a.ID == "" {
		return nil, errors.New("the answer describes a Secrets Store without an id")
	}
	return &SecretsStore{ID: a.ID, Name: a.Name, CreatedAt: momentOf(a.Created), ModifiedAt: momentOf(a.Modified)}, nil
}

// ErrSecretPending is for a secret that cannot be used yet.
var ErrSecretPending = errors.New("the secret is still pending")

// AwaitSecret waits until a secret of a Secrets Store can be used: a new one is
// pending for some seconds (observed). It asks for a minute at most, and a client
// without retries once. The error is then ErrSecretPending, or what the service
// answered, such as ErrUnauthorized to a token that may not read secrets.
func (c *Client) AwaitSecret(ctx context.Context, accountID, storeID, secretID string) error {
	if err := c.checkProviders("Secrets Stores", accountID); err != nil {
		return err
	}
	if err := errors.Join(checkID("Secrets Store", storeID), checkID("secret", secretID)); err != nil {
		return err
	}
	op := operation{name: "read secret"}
	start := time.Now()
	var waited time.Duration // as asked for, since tests do not really wait
	for look := 0; ; look++ {
		pending, err := c.isPending(ctx, op, accountID, storeID, secretID)
		if err != nil || !pending {
			return err
		}
		pause := min(time.Second<<min(look, 10), longSecretPause)
		if c.maxRetries == 0 || max(waited, time.Since(start))+pause > secretPatience {
			return ErrSecretPending
		}
		waited += pause
		if err := c.pause(c.logContext(ctx), op, look, pause); err != nil {
			return fmt.Errorf("%w: interrupted: %w", ErrSecretPending, err)
		}
	}
}

// isPending reads the status of a secret. One that the service does not tell is
// taken for usable.
func (c *Client) isPending(ctx context.Context, op operation, accountID, storeID, secretID string) (bool, error) {
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params secrets_store.StoreSecretGetParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.stores.Secrets.Get(ctx, storeID, secretID, params, opts...)
		return err
	})
	if err != nil {
		return false, err
	}
	var secret struct {
		Status string `json:"status"`
	}
	if _, err := decodeResult(op.name, ex, &secret); err != nil {
		return false, err
	}
	return secret.Status == "pending", nil
}
