// Package keys manages the keys of providers that gateways use: provider configs,
// and the secrets behind them.
package keys

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

const (
	listOperation = "list provider configs"
	noun          = "provider config"
	// perPage is the most that the API returns at once, by its specification.
	perPage = 100
	// findPause is the pause before a provider config that is not in the list is
	// looked for again: a new one may be missing for a while (observed).
	findPause = 2 * time.Second
)

// A Config is a provider config as the service describes it: a key for a
// provider that a gateway uses (BYOK, "bring your own key"). Responses never
// contain the key itself.
type Config struct {
	// ID addresses the config. The service chooses it.
	ID string
	// Alias tells several keys for one provider apart. A gateway has at most one
	// config for each provider and alias (observed).
	Alias string
	// ProviderSlug is the gateway's name for the provider, such as "openai".
	ProviderSlug string
	// GatewayID is the gateway's id, empty if the service does not say.
	GatewayID string
	// SecretID is the secret in the Secrets Store that holds the key.
	SecretID string
	// SecretPreview is a masked form of the key.
	SecretPreview string
	// Default is whether requests that name no alias use this key, nil if the
	// service does not say.
	Default *bool
	// RateLimit is the number of requests in one RateLimitPeriod, nil for no
	// limit.
	RateLimit *int64
	// RateLimitPeriod is in seconds, nil if the service does not say.
	RateLimitPeriod *int64
	// ModifiedAt is zero if the service does not say. It tells no time of
	// creation.
	ModifiedAt time.Time
}

// An Input holds what a provider config is created from. Exactly one of Secret
// and SecretID should be set.
type Input struct {
	// Alias and ProviderSlug are as in [Config].
	Alias, ProviderSlug string
	// Secret is the provider's key, which the service stores in the gateway's
	// Secrets Store.
	Secret string
	// SecretID is a secret that exists in the gateway's Secrets Store. It must
	// have the scope ai_gateway and the name
	// {gateway}_{provider slug}_{alias} (observed).
	SecretID string
	// Default is as in [Config].
	Default bool
	// RateLimit and RateLimitPeriod are as in [Config]; nil leaves them
	// to the service, which then has no limit and a period of 60 seconds.
	RateLimit, RateLimitPeriod *int64
}

// List iterates over a gateway's provider configs, fetching pages on demand. It
// stops at the first error.
//
// Of a gateway that does not exist, the service says that it has none
// (observed). A config that was just created or deleted may be missing from the
// list, or still in it, for some seconds (observed).
func List(ctx context.Context, c *client.Client, accountID, gatewayID string) iter.Seq2[*Config, error] {
	return list(ctx, c, accountID, gatewayID, new(time.Time))
}

// list also notes the time by the server's clock, or zero. It takes the secrets
// that the service is known to hold, and might repeat.
func list(ctx context.Context, c *client.Client, accountID, gatewayID string, now *time.Time, secrets ...string) iter.Seq2[*Config, error] {
	if err := check(c, accountID, gatewayID); err != nil {
		return client.Failed[*Config](err)
	}
	return client.List[response, *Config]{
		Request: client.Request{Operation: listOperation, Secrets: secrets},
		Call:    listCall(c, accountID, gatewayID),
		Decoder: decoder,
		ID:      func(config *Config) string { return config.ID },
		PerPage: perPage,
		OnPage:  func(resp *client.Response, _ client.Page[*Config]) { *now = resp.Date() },
	}.All(ctx, c, identity(accountID, gatewayID, ""))
}

func listCall(c *client.Client, accountID, gatewayID string) client.Call {
	return client.Call1(c.AIGateway().ProviderConfigs.List, gatewayID, ai_gateway.ProviderConfigListParams{AccountID: client.InAccount(accountID).AccountID})
}

// Find reads the provider config with this id from the list, since the API cannot
// read a single one. The error is ErrNotFound if it is still missing some seconds
// later, or if the gateway does not exist: the service does not tell one from the
// other.
func Find(ctx context.Context, c *client.Client, accountID, gatewayID, id string) (*Config, error) {
	if err := client.CheckID(noun, id); err != nil {
		return nil, err
	}
	return find(ctx, c, accountID, gatewayID, hasID(id))
}

func hasID(id string) func(*Config) bool {
	return func(config *Config) bool { return config.ID == id }
}

func hasAlias(providerSlug, alias string) func(*Config) bool {
	return func(config *Config) bool { return config.ProviderSlug == providerSlug && config.Alias == alias }
}

// FindByAlias is [Find] for a provider and an alias.
func FindByAlias(ctx context.Context, c *client.Client, accountID, gatewayID, providerSlug, alias string) (*Config, error) {
	return find(ctx, c, accountID, gatewayID, hasAlias(providerSlug, alias))
}

// find looks twice before it returns ErrNotFound.
func find(ctx context.Context, c *client.Client, accountID, gatewayID string, wanted func(*Config) bool, secrets ...string) (*Config, error) {
	config, _, err := findOnce(ctx, c, accountID, gatewayID, wanted, secrets...)
	if !errors.Is(err, client.ErrNotFound) {
		return config, err
	}
	if err := c.Wait(ctx, findPause); err != nil {
		// Not ErrNotFound: that would make an object forgotten.
		return nil, client.Interrupted(ctx, client.Request{Operation: listOperation}, err)
	}
	config, _, err = findOnce(ctx, c, accountID, gatewayID, wanted, secrets...)
	return config, err
}

// findOnce searches the list once. Of several, which there are for a while after
// one was deleted and created again, it returns the one that was modified last.
// It also returns the time by the server's clock, or zero.
func findOnce(ctx context.Context, c *client.Client, accountID, gatewayID string, wanted func(*Config) bool, secrets ...string) (*Config, time.Time, error) {
	var now time.Time
	var found *Config
	for config, err := range list(ctx, c, accountID, gatewayID, &now, secrets...) {
		if err != nil {
			return nil, time.Time{}, err
		}
		if wanted(config) && (found == nil || config.ModifiedAt.After(found.ModifiedAt)) {
			found = config
		}
	}
	if found == nil {
		return nil, now, client.ErrNotFound
	}
	return found, now, nil
}

// Rotate replaces the key of a provider config. The API has no other change. It
// returns the config as it is then, as far as the list has caught up. The error
// is ErrNotFound if the config, or the gateway, does not exist, and ErrNoSecret if
// the secret is gone.
func Rotate(ctx context.Context, c *client.Client, accountID, gatewayID, id, secret string) (*Config, error) {
	if err := checkConfig(c, accountID, gatewayID, id); err != nil {
		return nil, err
	}
	request := client.Request{Operation: "rotate provider config", Body: wire.Body{"secret": secret}, Secrets: secretForms(secret), Refine: explainNoSecret}
	call := configCall(c, accountID, gatewayID, id, http.MethodPut)
	return client.Change(ctx, c, request, call, rotated, identity(accountID, gatewayID, id), func(ctx context.Context) (*Config, error) {
		return find(ctx, c, accountID, gatewayID, hasID(id), request.Secrets...)
	})
}

// Delete deletes a provider config. It is no error if there is none, or no such
// gateway. What becomes of the secret in the Secrets Store is not documented.
func Delete(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
	if err := checkConfig(c, accountID, gatewayID, id); err != nil {
		return err
	}
	call := configCall(c, accountID, gatewayID, id, http.MethodDelete)
	return c.Delete(ctx, client.Request{Operation: "delete provider config"}, call, identity(accountID, gatewayID, id), func(ctx context.Context) error {
		var err error
		c.Look(ctx, client.ListLooks, func() bool {
			_, _, err = findOnce(ctx, c, accountID, gatewayID, hasID(id))
			return err == nil // the list may lag
		})
		return err
	})
}

// configCall makes the call of a request about one config. The SDK lacks these;
// their path continues that of the list.
func configCall(c *client.Client, accountID, gatewayID, id, method string) client.Call {
	return listCall(c, accountID, gatewayID).Instead(method, id)
}

func check(c *client.Client, accountID, gatewayID string) error {
	return cmp.Or(c.CheckProviders("provider configs", accountID), client.CheckID("gateway", gatewayID))
}

func checkConfig(c *client.Client, accountID, gatewayID, id string) error {
	return cmp.Or(check(c, accountID, gatewayID), client.CheckID(noun, id))
}

// secretForms returns what to hide of a secret: also its form without the space
// around it, as a service may quote it.
func secretForms(secret string) []string {
	return []string{secret, strings.TrimSpace(secret)}
}

// response is a provider config in a response.
type response struct {
	client.Owner
	ID              string          `json:"id"`
	Alias           string          `json:"alias"`
	ProviderSlug    string          `json:"provider_slug"`
	GatewayID       string          `json:"gateway_id"`
	SecretID        string          `json:"secret_id"`
	SecretPreview   string          `json:"secret_preview"`
	DefaultConfig   *wire.Boolean   `json:"default_config"` // 1 or 0 (observed)
	RateLimit       *wire.Integer   `json:"rate_limit"`
	RateLimitPeriod *wire.Integer   `json:"rate_limit_period"`
	ModifiedAt      *wire.Timestamp `json:"modified_at"`
}

var decoder = client.Decoder[response, *Config]{Noun: noun, Identify: response.identity, Convert: response.config}

// rotated decodes the response to a rotation. Its form is not documented, so it may
// leave out what every provider config has.
var rotated = client.Decoder[response, *Config]{
	Noun: noun, Identify: response.identity, Partial: true,
	Convert: func(r response) (*Config, error) {
		if r.ProviderSlug == "" {
			return nil, wire.NotA(noun)
		}
		return r.config()
	},
}

// identity returns what responses about a provider config have to describe.
func identity(accountID, gatewayID, id string) client.Identity {
	return client.Identity{AccountID: accountID, GatewayID: gatewayID, ID: id}
}

func (r response) identity() client.Identity {
	return client.Identity{
		ID: r.ID, Name: uniqueName(r.ProviderSlug, r.Alias), GatewayID: r.GatewayID, AccountID: r.Account(), Further: []string{r.SecretID},
	}
}

// uniqueName returns what no two provider configs of a gateway share.
func uniqueName(providerSlug, alias string) string { return providerSlug + "/" + alias }

func (r response) config() (*Config, error) {
	return &Config{
		ID: r.ID, Alias: r.Alias, ProviderSlug: r.ProviderSlug, GatewayID: r.GatewayID,
		SecretID: r.SecretID, SecretPreview: r.SecretPreview,
		Default:         (*bool)(r.DefaultConfig),
		RateLimit:       (*int64)(r.RateLimit),
		RateLimitPeriod: (*int64)(r.RateLimitPeriod),
		ModifiedAt:      wire.Time(r.ModifiedAt),
	}, nil
}
