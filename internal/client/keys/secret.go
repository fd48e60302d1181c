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
	if err := cmp.Or(
		c.CheckProviders("Secrets Stores", accountID),
		errors.Join(client.CheckID("Secrets Store", storeID), client.CheckID("secret", secretID)),
	); err != nil {
		return err
	}
	request := client.Request{Operation: "read secret"}
	params := secrets_store.StoreSecretGetParams{AccountID: client.InAccount(accountID).AccountID}
	call := client.Call2(c.SecretsStores().Secrets.Get, storeID, secretID, params)
	for poll := pollSecret(c); ; {
		pending, _, err := client.Get(ctx, c, request, call, pendingDecoder, client.Identity{AccountID: accountID, ID: secretID})
		if err != nil || !pending {
			return err
		}
		if poll.Ended() {
			return ErrSecretPending
		}
		if err := poll.Pause(ctx, request); err != nil {
			return fmt.Errorf("%w: interrupted: %w", ErrSecretPending, err)
		}
	}
}

type secretResponse struct {
	client.Owner
	ID     string `json:"id"`
	Status string `json:"status"`
}

// pendingDecoder reads whether a secret is pending. A secret without a status
// counts as usable.
var pendingDecoder = client.Decoder[secretResponse, bool]{
	Noun: "secret", Bare: true,
	Identify: func(r secretResponse) client.Identity {
		return client.Identity{ID: r.ID, AccountID: r.Account()}
	},
	Convert: func(r secretResponse) (bool, error) { return r.Status == "pending", nil },
}
