package gateways

import (
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// Settings holds what can be set on a gateway. A nil field is one that the
// caller does not know or does not manage: a request leaves it out if the wire
// allows it. The features at the end are different: nil is off.
//
// A new scalar setting is a field here and a row of [scalars].
type Settings struct {
	// CacheEnabled switches caching. On Cloudflare's wire, caching is on
	// exactly if cache_ttl is above 0.
	CacheEnabled *bool
	// CacheTTL is how long a response is cached, in seconds. The service does not
	// tell it while caching is off.
	CacheTTL *int64
	// RateLimitingEnabled switches rate limiting. On Cloudflare's wire, it is
	// on exactly if limit and interval are above 0.
	RateLimitingEnabled *bool
	// RateLimitingLimit is the number of requests in one interval. The service
	// does not tell it while rate limiting is off.
	RateLimitingLimit *int64
	// RateLimitingInterval is the interval in seconds. The service does not tell
	// it while rate limiting is off.
	RateLimitingInterval *int64
	// RateLimitingTechnique is "fixed" or "sliding".
	RateLimitingTechnique *string
	// LogEnabled is whether requests are logged (collect_logs).
	LogEnabled *bool
	// Authentication is whether requests must carry a token of the account.
	Authentication *bool
	// CacheInvalidateOnUpdate is the field of that name, which is not
	// documented.
	CacheInvalidateOnUpdate *bool

	// LogManagement is how many logs are kept, 10000 to 10000000.
	LogManagement *int64
	// LogManagementStrategy is what happens beyond that: "STOP_INSERTING" or
	// "DELETE_OLDEST".
	LogManagementStrategy *string
	// LogClassification is whether logs are classified, which needs LogEnabled.
	// The API takes it on update only.
	LogClassification *bool
	// Logpush is whether logs are sent to Logpush.
	Logpush *bool
	// LogpushPublicKey is an RSA public key in PEM; "" is none.
	LogpushPublicKey *string
	// RetryMaxAttempts is how often a request to a provider is tried, 1 to 5;
	// 0 is the service's own choice.
	RetryMaxAttempts *int64
	// RetryDelay is the pause between tries in milliseconds; 0 is the
	// service's own choice.
	RetryDelay *int64
	// RetryBackoff is "constant", "linear" or "exponential"; "" is the
	// service's own choice.
	RetryBackoff *string
	// StoreID is the Secrets Store that holds providers' keys; "" is none.
	StoreID *string
	// ZDR is zero data retention with Unified Billing.
	ZDR *bool
	// BYOKOnly is whether requests need a key of the provider ("bring your own
	// key"). Older versions of the API do not know it.
	BYOKOnly *bool
	// WorkersAIBillingMode is "postpaid" or "unified".
	WorkersAIBillingMode *string

	// Guardrails, DLP, OTel, SpendLimits and Stripe are whole features: nil
	// (or no element) is off. The API takes them on update only.
	Guardrails  *Guardrails
	DLP         *DLP
	OTel        []OTel
	SpendLimits *SpendLimits
	Stripe      *Stripe
}

// scalars are the settings that are one value each, in the cloudflare format.
// Encoding, decoding and comparing follow from them. Caching and rate limiting
// are not among them, since their values also switch them on and off.
var scalars = []scalar{
	required("cache_invalidate_on_update", false, func(s *Settings) **bool { return &s.CacheInvalidateOnUpdate }),
	// If the service never said, logs are on as at creation.
	required("collect_logs", true, func(s *Settings) **bool { return &s.LogEnabled }),
	optional("rate_limiting_technique", func(s *Settings) **string { return &s.RateLimitingTechnique }),
	optional("authentication", func(s *Settings) **bool { return &s.Authentication }),
	optional("log_management", func(s *Settings) **int64 { return &s.LogManagement }),
	optional("log_management_strategy", func(s *Settings) **string { return &s.LogManagementStrategy }),
	onUpdate(optional("log_classification", func(s *Settings) **bool { return &s.LogClassification })),
	optional("logpush", func(s *Settings) **bool { return &s.Logpush }),
	clearable("logpush_public_key", func(s *Settings) **string { return &s.LogpushPublicKey }),
	clearable("retry_max_attempts", func(s *Settings) **int64 { return &s.RetryMaxAttempts }),
	clearable("retry_delay", func(s *Settings) **int64 { return &s.RetryDelay }),
	clearable("retry_backoff", func(s *Settings) **string { return &s.RetryBackoff }),
	clearable("store_id", func(s *Settings) **string { return &s.StoreID }),
	optional("zdr", func(s *Settings) **bool { return &s.ZDR }),
	optional("byok_only", func(s *Settings) **bool { return &s.BYOKOnly }),
	optional("workers_ai_billing_mode", func(s *Settings) **string { return &s.WorkersAIBillingMode }),
}

// filled returns s with the scalar settings that it lacks taken from others: PUT
// would reset them.
func (s Settings) filled(from Settings) Settings {
	for _, row := range scalars {
		row.fill(&s, &from)
	}
	return s
}

// Secrets returns what must never be logged or quoted: authorizations, and the
// values of headers unless they are short.
func (s Settings) Secrets() []string {
	var secrets []string
	for _, receiver := range s.OTel {
		secrets = append(secrets, receiver.Authorization)
		for _, value := range receiver.Headers {
			if len(value) >= client.ShortestSecret {
				secrets = append(secrets, value)
			}
		}
	}
	if s.Stripe != nil {
		secrets = append(secrets, s.Stripe.Authorization)
	}
	return secrets
}

// needsUpdate reports whether anything is set that the API takes on update only.
func (s Settings) needsUpdate() bool {
	return wire.Value(s.LogClassification) || !s.Guardrails.off() || !s.DLP.off() || len(s.OTel) > 0 || !s.SpendLimits.off() || s.Stripe != nil
}
