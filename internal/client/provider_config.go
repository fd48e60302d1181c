package client

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"slices"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

const (
	listingProviderConfigs = "list provider configs"
	// findPause is the pause before a provider config that is not listed is
	// looked for again: a new one may not be listed yet (observed).
	findPause = 2 * time.Second
)

// ProviderConfig is a key for a provider that a gateway uses (BYOK, "bring your
// own key"), as the service describes it. The key itself is never told.
type ProviderConfig struct {
	// ID addresses the config. The service chooses it.
	ID string
	// Alias tells several keys for one provider apart. A gateway has one config
	// for each provider and alias (observed).
	Alias string
	// ProviderSlug is the gateway's name for the provider, such as "openai".
	ProviderSlug string
	// GatewayID is the gateway's, empty where the service does not say.
	GatewayID string
	// SecretID is the secret in the Secrets Store that holds the key.
	SecretID string
	// SecretPreview is a masked form of the key.
	SecretPreview string
	// Default is whether requests that name no alias use this key, nil where the
	// service does not say.
	Default *bool
	// RateLimit is the number of requests in one RateLimitPeriod, nil for no
	// limit. The API calls both numbers; nothing but whole ones makes sense.
	RateLimit *int64
	// RateLimitPeriod is in seconds, nil where the service does not say.
	RateLimitPeriod *int64
	// ModifiedAt is zero where the service does not say. There is no time of
	// creation.
	ModifiedAt time.Time
}

// NewProviderConfig is what a provider config is made of. Exactly one of Secret
// and SecretID should be set.
type NewProviderConfig struct {
	// Alias and ProviderSlug are as in [ProviderConfig].
	Alias, ProviderSlug string
	// Secret is the provider's key, which the service puts into the gateway's
	// Secrets Store.
	Secret string
	// SecretID is a secret that is in the gateway's Secrets Store already. It
	// must have the scope ai_gateway and be called
	// {gateway}_{provider slug}_{alias} (observed).
	SecretID string
	// Default is as in [ProviderConfig].
	Default bool
	// RateLimit and RateLimitPeriod are as in [ProviderConfig]; nil leaves them
	// to the service, which then has no limit and a period of 60 seconds.
	RateLimit, RateLimitPeriod *int64
}

// ListProviderConfigs yields a gateway's provider configs, page by page: a page
// is asked for when the one before it is used up. It stops at the first error.
//
// Of a gateway that does not exist, the service says that it has none
// (observed). One that was just created or deleted may be missing from the
// list, or in it, for some seconds (observed).
func (c *Client) ListProviderConfigs(ctx context.Context, accountID, gatewayID string) iter.Seq2[*ProviderConfig, error] {
	return c.listProviderConfigs(ctx, accountID, gatewayID, new(time.Time))
}

// listProviderConfigs also notes the time by the server's clock, or zero. It
// takes the secrets that the service is known to hold, and might repeat.
func (c *Client) listProviderConfigs(ctx context.Context, accountID, gatewayID string, now *time.Time, secrets ...string) iter.Seq2[*ProviderConfig, error] {
	op := operation{name: listingProviderConfigs, secrets: secrets}
	id := func(config *ProviderConfig) string { return config.ID }
	return paged(id, func(page int64) ([]*ProviderConfig, resultInfo, error) {
		if err := c.checkProviderConfigs(accountID, gatewayID); err != nil {
			return nil, resultInfo{}, err
		}
		ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
			var params ai_gateway.ProviderConfigListParams
			params.AccountID.Value, params.AccountID.Present = accountID, true
			params.Page.Value, params.Page.Present = page, true
			params.PerPage.Value, params.PerPage.Present = objectsPerPage, true
			_, err := c.service.ProviderConfigs.List(ctx, gatewayID, params, opts...)
			return err
		})
		if err != nil {
			return nil, resultInfo{}, err
		}
		*now = ex.date()
		return decodedList(op.name, ex, "provider config", providerConfigAnswer.config)
	})
}

// FindProviderConfig reads the provider config with this id, by the list, since
// the API cannot read one alone. The error is ErrNotFound if it is not there
// even some seconds later, or if the gateway does not exist: the service does
// not tell one from the other.
func (c *Client) FindProviderConfig(ctx context.Context, accountID, gatewayID, id string) (*ProviderConfig, error) {
	if err := checkID("provider config", id); err != nil {
		return nil, err
	}
	return c.findProviderConfig(ctx, accountID, gatewayID, hasID(id))
}

func hasID(id string) func(*ProviderConfig) bool {
	return func(config *ProviderConfig) bool { return config.ID == id }
}

func hasAlias(providerSlug, alias string) func(*ProviderConfig) bool {
	return func(config *ProviderConfig) bool { return config.ProviderSlug == providerSlug && config.Alias == alias }
}

// FindProviderConfigByAlias is [Client.FindProviderConfig] for a provider and an
// alias.
func (c *Client) FindProviderConfigByAlias(ctx context.Context, accountID, gatewayID, providerSlug, alias string) (*ProviderConfig, error) {
	return c.findProviderConfig(ctx, accountID, gatewayID, hasAlias(providerSlug, alias))
}

// findProviderConfig looks twice before it says that there is none.
func (c *Client) findProviderConfig(ctx context.Context, accountID, gatewayID string, wanted func(*ProviderConfig) bool, secrets ...string) (*ProviderConfig, error) {
	config, _, err := c.lookForProviderConfig(ctx, accountID, gatewayID, wanted, secrets...)
	if !errors.Is(err, ErrNotFound) {
		return config, err
	}
	if err := c.wait(ctx, findPause); err != nil {
		// Not ErrNotFound: that would make an object forgotten.
		return nil, failure(ctx, operation{name: listingProviderConfigs}, &exchange{err: err})
	}
	config, _, err = c.lookForProviderConfig(ctx, accountID, gatewayID, wanted, secrets...)
	return config, err
}

// lookForProviderConfig looks through the list once. Of several, which are there
// for a while when one was deleted and made again, it returns the one that was
// modified last. It also returns the time by the server's clock, or zero.
func (c *Client) lookForProviderConfig(ctx context.Context, accountID, gatewayID string, wanted func(*ProviderConfig) bool, secrets ...string) (*ProviderConfig, time.Time, error) {
	var now time.Time
	var found *ProviderConfig
	for config, err := range c.listProviderConfigs(ctx, accountID, gatewayID, &now, secrets...) {
		if err != nil {
			return nil, time.Time{}, err
		}
		if wanted(config) && (found == nil || config.ModifiedAt.After(found.ModifiedAt)) {
			found = config
		}
	}
	if found == nil {
		return nil, now, ErrNotFound
	}
	return found, now, nil
}

// RotateProviderConfig replaces the key of a provider config, and nothing else:
// the API has no other change. It returns the config as it is then, as far as
// the list has caught up. The error is ErrNotFound if it, or the gateway, does
// not exist.
func (c *Client) RotateProviderConfig(ctx context.Context, accountID, gatewayID, id, secret string) (*ProviderConfig, error) {
	op := operation{name: "rotate provider config", secrets: secretForms(secret)}
	encoded, err := json.Marshal(body{"secret": secret})
	if err != nil {
		return nil, err
	}
	ex, err := c.sendToProviderConfig(ctx, op, accountID, gatewayID, id, http.MethodPut, option.WithRequestBody("application/json", encoded))
	if err != nil {
		return nil, err
	}
	if err := checkDone(op.name, ex); err != nil {
		return nil, err
	}
	config, err := decoded(op.name, ex, "provider config", providerConfigAnswer.config)
	if err == nil && config.ProviderSlug != "" {
		return config, nil
	}
	// The answer does not tell, or not all: its form is not documented.
	return c.findProviderConfig(ctx, accountID, gatewayID, hasID(id), op.secrets...)
}

// DeleteProviderConfig deletes a provider config. It is no error if there is
// none, or no such gateway. What becomes of the secret in the Secrets Store is
// not documented.
func (c *Client) DeleteProviderConfig(ctx context.Context, accountID, gatewayID, id string) error {
	op := operation{name: "delete provider config"}
	ex, err := c.sendToProviderConfig(ctx, op, accountID, gatewayID, id, http.MethodDelete)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	default:
		return checkDone(op.name, ex)
	}
}

// sendToProviderConfig is for the two requests about one config, which the SDK
// lacks: they go further down the path of its list.
func (c *Client) sendToProviderConfig(ctx context.Context, op operation, accountID, gatewayID, id, method string, with ...option.RequestOption) (*exchange, error) {
	if err := c.checkProviderConfigs(accountID, gatewayID); err != nil {
		return nil, err
	}
	if err := checkID("provider config", id); err != nil {
		return nil, err
	}
	return c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.ProviderConfigListParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.ProviderConfigs.List(ctx, gatewayID, params, slices.Concat([]option.RequestOption{instead(method, id)}, with, opts)...)
		return err
	})
}

func (c *Client) checkProviderConfigs(accountID, gatewayID string) error {
	if err := c.checkProviders("provider configs", accountID); err != nil {
		return err
	}
	return checkID("gateway", gatewayID)
}

// providerConfigAnswer is what the service says of a provider config.
type providerConfigAnswer struct {
	ID              string     `json:"id"`
	Alias           string     `json:"alias"`
	ProviderSlug    string     `json:"provider_slug"`
	GatewayID       string     `json:"gateway_id"`
	SecretID        string     `json:"secret_id"`
	SecretPreview   string     `json:"secret_preview"`
	DefaultConfig   *boolean   `json:"default_config"` // 1 or 0 (observed)
	RateLimit       *integer   `json:"rate_limit"`
	RateLimitPeriod *integer   `json:"rate_limit_period"`
	ModifiedAt      *timestamp `json:"modified_at"`
}

func (a providerConfigAnswer) config() (*ProviderConfig, error) {
	if a.ID == "" {
		return nil, errors.New("the answer describes a provider config without an id")
	}
	return &ProviderConfig{
		ID: a.ID, Alias: a.Alias, ProviderSlug: a.ProviderSlug, GatewayID: a.GatewayID,
		SecretID: a.SecretID, SecretPreview: a.SecretPreview,
		Default:         boolOf(a.DefaultConfig),
		RateLimit:       int64Of(a.RateLimit),
		RateLimitPeriod: int64Of(a.RateLimitPeriod),
		ModifiedAt:      timeOf(a.ModifiedAt),
	}, nil
}
