package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// settings holds the scalar settings of a gateway.
type settings struct {
	CacheEnabled            types.Bool
	CacheTTL                types.Int64
	RateLimitingEnabled     types.Bool
	RateLimitingLimit       types.Int64
	RateLimitingInterval    types.Int64
	RateLimitingTechnique   types.String
	LogEnabled              types.Bool
	Authentication          types.Bool
	CacheInvalidateOnUpdate types.Bool
	LogManagement           types.Int64
	LogManagementStrategy   types.String
	LogClassification       types.Bool
	Logpush                 types.Bool
	LogpushPublicKey        types.String
	RetryMaxAttempts        types.Int64
	RetryDelay              types.Int64
	RetryBackoff            types.String
	StoreID                 types.String
	ZDR                     types.Bool
	BYOKOnly                types.Bool
	WorkersAIBillingMode    types.String
}

// Bounds of the API's schema, and the documented maximum of caching: one month.
// The schema has no bound for that.
const (
	maxCacheTTL                = 30 * 24 * 60 * 60 // seconds
	minLogs, maxLogs           = 10_000, 10_000_000
	minKeyLength, maxKeyLength = 16, 1024
	maxAttempts                = 5
)

const serviceDefault = "Default at creation: the service's, which is "

// scalars is the table of the scalar settings, in the order of the diagnostics.
// Schemas, plans and conversions follow from it; a setting that is not here does
// not exist. A setting without createdAs starts with the service's default.
var scalars = []setting{
	boolean(about[bool]{name: "cache_enabled", createdAs: pointer(false), description: "Whether responses are cached. The API has no such field: caching is on while its `cache_ttl` is above 0.", note: "Default at creation: `false`. When only `cache_ttl` is set, caching is on exactly if that is above 0."},
		func(s *settings) *types.Bool { return &s.CacheEnabled }, func(s *gateways.Settings) **bool { return &s.CacheEnabled }),
	integer(about[int64]{name: "cache_ttl", createdAs: pointer[int64](0), untoldWhileOff: "caching", description: "How long a response is cached, in seconds.", note: "0 to 2592000 (30 days). Must be above 0, here or already in the gateway, when `cache_enabled = true`. With `cache_enabled = false` it is kept for later, in state only."},
		func(s *settings) *types.Int64 { return &s.CacheTTL }, func(s *gateways.Settings) **int64 { return &s.CacheTTL }, int64validator.Between(0, maxCacheTTL)),
	boolean(about[bool]{name: "rate_limiting_enabled", createdAs: pointer(false), description: "Whether requests are limited. The API has no such field: rate limiting is on while limit and interval are above 0.", note: "Default at creation: `false`. When only limit and interval are set, rate limiting is on exactly if both are above 0."},
		func(s *settings) *types.Bool { return &s.RateLimitingEnabled }, func(s *gateways.Settings) **bool { return &s.RateLimitingEnabled }),
	integer(about[int64]{name: "rate_limiting_limit", createdAs: pointer[int64](0), untoldWhileOff: "rate limiting", description: "How many requests are accepted in one interval.", note: "Requires `rate_limiting_interval`. Must be above 0, here or already in the gateway, when `rate_limiting_enabled = true`. With `rate_limiting_enabled = false` it is kept for later, in state only."},
		func(s *settings) *types.Int64 { return &s.RateLimitingLimit }, func(s *gateways.Settings) **int64 { return &s.RateLimitingLimit }, int64validator.AtLeast(0)),
	integer(about[int64]{name: "rate_limiting_interval", createdAs: pointer[int64](0), untoldWhileOff: "rate limiting", description: "Length of the interval that `rate_limiting_limit` counts in, in seconds.", note: "Requires `rate_limiting_limit`, and follows the same rules."},
		func(s *settings) *types.Int64 { return &s.RateLimitingInterval }, func(s *gateways.Settings) **int64 { return &s.RateLimitingInterval }, int64validator.AtLeast(0)),
	text(about[string]{name: "rate_limiting_technique", description: "`fixed`: intervals follow each other by the clock. `sliding`: the interval always covers the last seconds.", note: serviceDefault + "`fixed`."},
		func(s *settings) *types.String { return &s.RateLimitingTechnique }, func(s *gateways.Settings) **string { return &s.RateLimitingTechnique }, stringvalidator.OneOf("fixed", "sliding")),
	boolean(about[bool]{name: "log_enabled", createdAs: pointer(true), description: "Whether requests are logged; the API's `collect_logs`.", note: "Default at creation: `true`."},
		func(s *settings) *types.Bool { return &s.LogEnabled }, func(s *gateways.Settings) **bool { return &s.LogEnabled }),
	boolean(about[bool]{name: "authentication", createdAs: pointer(true), description: "Whether a request must carry a Cloudflare API token with the permission *AI Gateway Run*.", note: "Default at creation: `true`, as in the dashboard (the API itself defaults to `false`)."},
		func(s *settings) *types.Bool { return &s.Authentication }, func(s *gateways.Settings) **bool { return &s.Authentication }),
	boolean(about[bool]{name: "cache_invalidate_on_update", createdAs: pointer(false), description: "The API's field of this name. Its effect is not documented.", note: "Default at creation: `false`."},
		func(s *settings) *types.Bool { return &s.CacheInvalidateOnUpdate }, func(s *gateways.Settings) **bool { return &s.CacheInvalidateOnUpdate }),
	integer(about[int64]{name: "log_management", description: "Maximum number of logs that the gateway keeps: 10000 to 10000000.", note: "Default at creation: the service's, which depends on the account's plan."},
		func(s *settings) *types.Int64 { return &s.LogManagement }, func(s *gateways.Settings) **int64 { return &s.LogManagement }, int64validator.Between(minLogs, maxLogs)),
	text(about[string]{name: "log_management_strategy", description: "What happens when the gateway has `log_management` logs: `STOP_INSERTING` stops recording (requests are still served), `DELETE_OLDEST` deletes the oldest logs.", note: "Default at creation: the service's, which depends on the account's plan."},
		func(s *settings) *types.String { return &s.LogManagementStrategy }, func(s *gateways.Settings) **string { return &s.LogManagementStrategy }, stringvalidator.OneOf("STOP_INSERTING", "DELETE_OLDEST")),
	boolean(about[bool]{name: "log_classification", description: "Whether logs are classified (beta). Requires `log_enabled`.", note: serviceDefault + "`false`. The service switches it off together with `log_enabled`."},
		func(s *settings) *types.Bool { return &s.LogClassification }, func(s *gateways.Settings) **bool { return &s.LogClassification }),
	boolean(about[bool]{name: "logpush", description: "Whether logs are sent to Logpush, which requires logs and a paid Workers plan.", note: serviceDefault + "`false`."},
		func(s *settings) *types.Bool { return &s.Logpush }, func(s *gateways.Settings) **bool { return &s.Logpush }),
	text(about[string]{name: "logpush_public_key", description: "RSA public key in PEM format, of 16 to 1024 characters, that encrypts logs for Logpush; empty when there is none.", note: "Set it to an empty string to remove the key."},
		func(s *settings) *types.String { return &s.LogpushPublicKey }, func(s *gateways.Settings) **string { return &s.LogpushPublicKey }, stringvalidator.Any(stringvalidator.OneOf(""), stringvalidator.LengthBetween(minKeyLength, maxKeyLength))),
	integer(about[int64]{name: "retry_max_attempts", description: "Maximum number of attempts for a request to a provider: 1 to 5; 0 when the service decides."},
		func(s *settings) *types.Int64 { return &s.RetryMaxAttempts }, func(s *gateways.Settings) **int64 { return &s.RetryMaxAttempts }, int64validator.Between(0, maxAttempts)),
	integer(about[int64]{name: "retry_delay", description: "Delay between the attempts of `retry_max_attempts`, in milliseconds; 0 when the service decides.", note: "The upper bound differs between versions of the API: 5000 or 60000."},
		func(s *settings) *types.Int64 { return &s.RetryDelay }, func(s *gateways.Settings) **int64 { return &s.RetryDelay }, int64validator.AtLeast(0)),
	text(about[string]{name: "retry_backoff", description: "How `retry_delay` grows from attempt to attempt: `constant`, `linear` or `exponential`; empty when the service decides."},
		func(s *settings) *types.String { return &s.RetryBackoff }, func(s *gateways.Settings) **string { return &s.RetryBackoff }, stringvalidator.OneOf("", "constant", "linear", "exponential")),
	text(about[string]{name: "store_id", description: "ID of the Secrets Store that holds the keys of providers, which `aigateway_secrets_store` creates and `aigateway_secrets_stores` lists; empty when there is none.", note: "Set it to an empty string to detach the store."},
		func(s *settings) *types.String { return &s.StoreID }, func(s *gateways.Settings) **string { return &s.StoreID }),
	boolean(about[bool]{name: "zdr", description: "Zero data retention, for requests to OpenAI and Anthropic with Unified Billing.", note: serviceDefault + "`false`."},
		func(s *settings) *types.Bool { return &s.ZDR }, func(s *gateways.Settings) **bool { return &s.ZDR }),
	boolean(about[bool]{name: "byok_only", description: "Whether requests need a provider key of your own, so that none falls back to Unified Billing.", note: serviceDefault + "`false`."},
		func(s *settings) *types.Bool { return &s.BYOKOnly }, func(s *gateways.Settings) **bool { return &s.BYOKOnly }),
	text(about[string]{name: "workers_ai_billing_mode", description: "How Workers AI is billed: `postpaid` or `unified`.", note: serviceDefault + "`postpaid`."},
		func(s *settings) *types.String { return &s.WorkersAIBillingMode }, func(s *gateways.Settings) **string { return &s.WorkersAIBillingMode }, stringvalidator.OneOf("postpaid", "unified")),
}
