package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

const (
	// secretPatience is how long a secret that was just put into a Secrets Store
	// may take to be found there. Others were seen to wait for 50 seconds.
	secretPatience = time.Minute
	// longSecretPause is the longest pause before asking again for it.
	longSecretPause = 5 * time.Second
)

// CreateProviderConfig creates a provider config and returns it as the service
// stored it.
//
// As long as the service says that the secret was not found, which it does
// while a new one makes its way through the Secrets Store (observed), it waits
// and asks again, for a minute in all; a client without retries does not.
//
// When the answer is lost, it looks through the list before it gives up, even
// if ctx has ended in the meantime. Nobody can compare secrets: a config of this
// provider and alias that is as new as the request, and is else what was sent,
// is taken for the one that was asked for. Otherwise the error is
// ErrAlreadyExists if there is one, ErrOutcomeUnknown if nobody can tell, or
// what the service answered; ErrNotFound if the gateway does not exist.
func (c *Client) CreateProviderConfig(ctx context.Context, accountID, gatewayID string, config NewProviderConfig) (*ProviderConfig, error) {
	if err := c.checkProviderConfigs(accountID, gatewayID); err != nil {
		return nil, err
	}
	op := operation{name: "create provider config", policy: once, secrets: secretForms(config.Secret)}
	encoded, err := json.Marshal(config.encode())
	if err != nil {
		return nil, err
	}
	start, attempts := time.Now(), 0
	var waited time.Duration // as asked for, since tests do not really wait
	for try := 0; ; try++ {
		began := time.Now()
		created, ex, err := c.postProviderConfig(ctx, op, accountID, gatewayID, encoded)
		attempts += ex.attempts
		var failed *Error
		if !errors.As(err, &failed) {
			return created, err
		}
		failed.Attempts = attempts
		pause := min(time.Second<<min(try, 10), longSecretPause)
		switch {
		case saysTaken(failed):
			return nil, failed.withKind(ErrAlreadyExists, config.secretTaken(gatewayID, failed))
		case !saysNoSecret(failed):
			return recoverCreated(ctx, c, c.searchProviderConfig(accountID, gatewayID, config), began, ex, failed)
		case c.maxRetries == 0, max(waited, time.Since(start))+pause > secretPatience:
			return nil, failed.withKind(failed.kind, config.noSecret(gatewayID, waited))
		}
		waited += pause
		if err := c.pause(c.logContext(ctx, op.secrets...), op, attempts-1, pause); err != nil {
			failed.cause = fmt.Errorf("interrupted: %w", err)
			return nil, failed
		}
	}
}

// postProviderConfig sends the request once.
func (c *Client) postProviderConfig(ctx context.Context, op operation, accountID, gatewayID string, encoded []byte) (*ProviderConfig, *exchange, error) {
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.ProviderConfigNewParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.ProviderConfigs.New(ctx, gatewayID, params, append(opts, option.WithRequestBody("application/json", encoded))...)
		return err
	})
	if err != nil {
		return nil, ex, err
	}
	created, err := decoded(op.name, ex, "provider config", providerConfigAnswer.config)
	return created, ex, err
}

// searchProviderConfig is how to find out what became of a create.
func (c *Client) searchProviderConfig(accountID, gatewayID string, sent NewProviderConfig) search[ProviderConfig] {
	return search[ProviderConfig]{
		what: "provider config", unique: "of this provider and alias", listOnly: true,
		find: func(ctx context.Context) (*ProviderConfig, time.Time, error) {
			return c.lookForProviderConfig(ctx, accountID, gatewayID, hasAlias(sent.ProviderSlug, sent.Alias), secretForms(sent.Secret)...)
		},
		made:   func(config *ProviderConfig) time.Time { return config.ModifiedAt },
		asSent: sent.storedAs,
	}
}

// encode leaves out what is unset. alias, provider_slug and default_config are
// required by the API.
func (n NewProviderConfig) encode() body {
	b := body{"alias": n.Alias, "provider_slug": n.ProviderSlug, "default_config": n.Default}
	if n.Secret != "" {
		b["secret"] = n.Secret
	}
	if n.SecretID != "" {
		b["secret_id"] = n.SecretID
	}
	put(b, "rate_limit", n.RateLimit)
	put(b, "rate_limit_period", n.RateLimitPeriod)
	return b
}

// storedAs tells whether a config has what was sent, as far as it can be seen.
func (n NewProviderConfig) storedAs(config *ProviderConfig) bool {
	same := func(sent, stored *int64) bool { return sent == nil || stored != nil && *stored == *sent }
	return config.Default != nil && *config.Default == n.Default &&
		(n.SecretID == "" || config.SecretID == n.SecretID) &&
		same(n.RateLimit, config.RateLimit) && same(n.RateLimitPeriod, config.RateLimitPeriod)
}

// noSecret says why a config without its secret was given up.
func (n NewProviderConfig) noSecret(gatewayID string, waited time.Duration) string {
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

// secretTaken says what may be in the way where the service says that a secret
// exists, empty where it speaks of something else: a secret outlives its config
// where somebody else made it (inferred).
func (n NewProviderConfig) secretTaken(gatewayID string, failed *Error) string {
	if n.Secret == "" || !failed.says("secret", "already", "exist") {
		return ""
	}
	return fmt.Sprintf("if no provider config has this provider and alias, a secret called %s is left over in the gateway's Secrets Store: "+
		"delete it there, or use it by its id", n.secretName(gatewayID))
}

// secretName is what the gateway looks for in its Secrets Store (observed).
func (n NewProviderConfig) secretName(gatewayID string) string {
	return fmt.Sprintf("%s_%s_%s", gatewayID, n.ProviderSlug, n.Alias)
}

// secretForms are what is hidden of a secret: also without the space around it,
// as a service may quote it.
func secretForms(secret string) []string {
	return []string{secret, strings.TrimSpace(secret)}
}

// saysTaken tells whether the service says that there is one already. It has no
// code of its own for that: 7001 is that of all invalid input (observed). The
// Secrets Store says secret_name_already_exists of a secret (observed).
func saysTaken(e *Error) bool {
	return errors.Is(e, ErrInvalid) && (e.says("already exists") || e.says("already_exists"))
}

// saysNoSecret tells whether the service says that the secret is not there, or
// not ready: "was not found" (observed), of code 7001 as well. A gateway that
// does not exist is 404.
func saysNoSecret(e *Error) bool {
	if !errors.Is(e, ErrInvalid) {
		return false
	}
	return e.says("was not found") || e.says("secret", "not found") || e.says("secret", "pending")
}

// says tells whether the text of one error that the service listed has all
// these parts, which are in lower case.
func (e *Error) says(parts ...string) bool {
	for _, item := range e.Items {
		has := true
		for _, part := range parts {
			has = has && strings.Contains(strings.ToLower(item.Message), part)
		}
		if has {
			return true
		}
	}
	return false
}
