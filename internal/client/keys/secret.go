package keys

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/secrets_store"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// ErrSecretPending is the error for a secret that cannot be used yet.
var ErrSecretPending = errors.New("the secret is still pending")

// pollSecret returns a poll for a secret that was just put into a Secrets Store.
// It takes some seconds to appear there; others were seen to wait for 50.
func pollSecret(c *client.Client) *client.Poll {
	return c.NewPoll(time.Minute, time.Second, 5*time.Second)
}

// AwaitSecret waits until a secret of a Secrets Store can be used: a new one is
// pending for some seconds (observed). It polls for a minute at most, and a
// client without retries asks once. The error is then ErrSecretPending, or what
// the service responded, such as ErrUnauthorized to a token that may not read
// secrets.
func AwaitSecret(ctx context.Context, c *client.Client, accountID, storeID, secretID string) error {
	for poll := pollSecret(c); ; {
		status, err := secretStatus(ctx, c, accountID, storeID, secretID)
		if err != nil || status != "pending" {
			return err
		}
		if poll.Ended() {
			return ErrSecretPending
		}
		if err := poll.Pause(ctx, readSecret); err != nil {
			return fmt.Errorf("%w: interrupted: %w", ErrSecretPending, err)
		}
	}
}

// FindSecret reads a secret of a Secrets Store once, whether or not it can be used
// yet. The error is ErrNotFound if the secret, or the store, does not exist.
func FindSecret(ctx context.Context, c *client.Client, accountID, storeID, secretID string) error {
	status, err := secretStatus(ctx, c, accountID, storeID, secretID)
	if err == nil && status == "deleted" { // documented
		return client.ErrNotFound
	}
	return err
}

var readSecret = client.Request{Operation: "read secret"}

// secretStatus reads the status of a secret. A secret without one counts as usable.
func secretStatus(ctx context.Context, c *client.Client, accountID, storeID, secretID string) (string, error) {
	if err := cmp.Or(
		c.CheckProviders("Secrets Stores", accountID),
		errors.Join(client.CheckID("Secrets Store", storeID), client.CheckID("secret", secretID)),
	); err != nil {
		return "", err
	}
	params := secrets_store.StoreSecretGetParams{AccountID: client.InAccount(accountID).AccountID}
	call := client.Call2(c.SecretsStores().Secrets.Get, storeID, secretID, params)
	status, _, err := client.Get(ctx, c, readSecret, call, statusDecoder, client.Identity{AccountID: accountID, ID: secretID})
	return status, err
}

type secretResponse struct {
	client.Owner
	ID     string `json:"id"`
	Status string `json:"status"`
}

var statusDecoder = client.Decoder[secretResponse, string]{
	Noun: "secret", Bare: true,
	Identify: func(r secretResponse) client.Identity {
		return client.Identity{ID: r.ID, AccountID: r.Account()}
	},
	Convert: func(r secretResponse) (string, error) { return r.Status, nil },
}
