package keys

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// Create creates a provider config and returns it as the service stored it.
//
// While the service says that the secret was not found, which it does for some
// time after the secret was created (observed), it waits and tries again, for a
// minute in all, or for 15 seconds if the input names an existing secret. A client
// without retries does not.
//
// If the response is lost, it searches the list, even if ctx has ended in the
// meantime. Secrets cannot be compared: a config of this provider and alias that
// is as new as the request, and is otherwise what was sent, is the one that was
// asked for. Otherwise the error is ErrAlreadyExists if there is one,
// ErrOutcomeUnknown if that cannot be told, or what the service responded;
// ErrNotFound if the gateway does not exist.
func Create(ctx context.Context, c *client.Client, accountID, gatewayID string, input Input) (*Config, error) {
	if err := check(c, accountID, gatewayID); err != nil {
		return nil, err
	}
	request := client.Request{
		Operation: "create provider config", Body: input.encode(), Secrets: secretForms(input.Secret),
		Refine: func(failed *client.Error) *client.Error {
			if saysTaken(failed) {
				return failed.WithKind(client.ErrAlreadyExists, input.secretTaken(gatewayID, failed))
			}
			return failed
		},
	}
	call := client.Call1(c.AIGateway().ProviderConfigs.New, gatewayID, ai_gateway.ProviderConfigNewParams{AccountID: client.InAccount(accountID).AccountID})
	want := client.Identity{AccountID: accountID, GatewayID: gatewayID, Name: uniqueName(input.ProviderSlug, input.Alias)}
	attempts := 0
	for poll := input.poll(c); ; {
		created, err := client.Create(ctx, c, request, call, decoder, want, searchCreated(c, accountID, gatewayID, input))
		var failed *client.Error
		if !errors.As(err, &failed) {
			return created, err
		}
		attempts += failed.Attempts
		failed.Attempts = attempts
		switch {
		case !saysNoSecret(failed):
			return nil, failed
		case poll.Ended():
			return nil, failed.WithKind(failed.Kind(), input.noSecret(gatewayID, poll.Waited()))
		}
		if err := poll.Pause(ctx, request); err != nil {
			return nil, failed.WithInterruption(err)
		}
	}
}

// poll returns how long to wait for the secret. A secret that the caller named is
// usually ready, or wrong; one that the same apply created needs some seconds.
func (n Input) poll(c *client.Client) *client.Poll {
	if n.SecretID != "" {
		return c.NewPoll(15*time.Second, time.Second, 5*time.Second)
	}
	return pollSecret(c)
}

func searchCreated(c *client.Client, accountID, gatewayID string, sent Input) client.Search[*Config] {
	return client.Search[*Config]{
		Noun: noun, Unique: "of this provider and alias", Looks: client.ListLooks, Lags: true, Stale: true,
		Find: func(ctx context.Context) (*Config, time.Time, error) {
			return findOnce(ctx, c, accountID, gatewayID, hasAlias(sent.ProviderSlug, sent.Alias), secretForms(sent.Secret)...)
		},
		CreatedAt: func(config *Config) time.Time { return config.ModifiedAt },
		AsSent:    sent.isStoredAs,
	}
}

// encode leaves out what is unset. The API requires alias, provider_slug and
// default_config.
func (n Input) encode() wire.Body {
	b := wire.Body{"alias": n.Alias, "provider_slug": n.ProviderSlug, "default_config": n.Default}
	if n.Secret != "" {
		b["secret"] = n.Secret
	}
	if n.SecretID != "" {
		b["secret_id"] = n.SecretID
	}
	wire.Put(b, "rate_limit", n.RateLimit)
	wire.Put(b, "rate_limit_period", n.RateLimitPeriod)
	return b
}

// isStoredAs reports whether a config has what was sent, as far as a response
// tells.
func (n Input) isStoredAs(config *Config) bool {
	same := func(sent, stored *int64) bool { return sent == nil || stored != nil && *stored == *sent }
	return config.Default != nil && *config.Default == n.Default &&
		(n.SecretID == "" || config.SecretID == n.SecretID) &&
		same(n.RateLimit, config.RateLimit) && same(n.RateLimitPeriod, config.RateLimitPeriod)
}

// noSecret explains why the creation of a config without its secret failed.
func (n Input) noSecret(gatewayID string, waited time.Duration) string {
	note := ""
	if waited > 0 {
		note = fmt.Sprintf("the secret did not appear within %s", waited)
	}
	if n.SecretID == "" {
		return note
	}
	if note != "" {
		note += "; "
	}
	return note + fmt.Sprintf("it must be in the gateway's Secrets Store, have the scope ai_gateway and be called %s", n.secretName(gatewayID))
}

// secretTaken explains an error about a secret that already exists, and returns
// "" for other errors. A secret outlives its config if somebody else created it
// (inferred).
func (n Input) secretTaken(gatewayID string, failed *client.Error) string {
	if n.Secret == "" || !failed.Says("secret", "already", "exist") {
		return ""
	}
	return fmt.Sprintf("if no provider config has this provider and alias, a secret called %s is left over in the gateway's Secrets Store: "+
		"delete it there, or use it by its ID", n.secretName(gatewayID))
}

// secretName returns the name of the secret that the gateway looks for in its
// Secrets Store (observed).
func (n Input) secretName(gatewayID string) string {
	return fmt.Sprintf("%s_%s_%s", gatewayID, n.ProviderSlug, n.Alias)
}

// saysTaken reports whether the service says that a config, or its secret, already
// exists. There is no code for that: 7001 is that of all invalid input
// (observed). The Secrets Store says secret_name_already_exists (observed).
func saysTaken(e *client.Error) bool {
	return errors.Is(e, client.ErrInvalid) && (e.Says("already exists") || e.Says("already_exists"))
}

// ErrNoSecret is the error for a provider config whose secret was deleted in the
// Secrets Store, so that it cannot be changed.
var ErrNoSecret = errors.New("the secret does not exist")

// explainNoSecret makes the refusal of a rotation ErrNoSecret, if that is why. The
// words are those of a creation (observed); that a rotation has them is inferred.
func explainNoSecret(failed *client.Error) *client.Error {
	if errors.Is(failed, client.ErrInvalid) && (failed.Says("was not found") || failed.Says("secret", "not found")) {
		return failed.WithKind(ErrNoSecret, failed.Note())
	}
	return failed
}

// saysNoSecret reports whether the service says that the secret does not exist, or
// is not ready: "was not found" (observed), with code 7001 as well. A gateway
// that does not exist is 404.
func saysNoSecret(e *client.Error) bool {
	if !errors.Is(e, client.ErrInvalid) {
		return false
	}
	return e.Says("was not found") || e.Says("secret", "not found") || e.Says("secret", "pending")
}
