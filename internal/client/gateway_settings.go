package client

// Settings are what can be set on a gateway. A nil field is one that the
// caller does not know or does not care for: it is left out of a request where
// the wire allows it. The features at the end are different: nil is off.
type Settings struct {
	// CacheEnabled switches caching. On Cloudflare's wire, caching is on
	// exactly if cache_ttl is above 0.
	CacheEnabled *bool
	// CacheTTL is how long an answer is cached, in seconds. It is nil in an
	// answer of the service when caching is off.
	CacheTTL *int64
	// RateLimitingEnabled switches rate limiting. On Cloudflare's wire, it is
	// on exactly if limit and interval are above 0.
	RateLimitingEnabled *bool
	// RateLimitingLimit is the number of requests in one interval. It is nil
	// in an answer of the service when rate limiting is off.
	RateLimitingLimit *int64
	// RateLimitingInterval is the interval in seconds. It is nil in an answer
	// of the service when rate limiting is off.
	RateLimitingInterval *int64
	// RateLimitingTechnique is "fixed" or "sliding".
	RateLimitingTechnique *string
	// LogEnabled is whether requests are logged (collect_logs).
	LogEnabled *bool
	// Authentication is whether requests must carry a token of the account.
	Authentication *bool
	// CacheInvalidateOnUpdate is the field of that name; what it does is not
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
	// Logpush is whether logs are handed to Logpush.
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
	// BYOKOnly is whether requests need a provider's key of their own. Older
	// versions of the API do not know it.
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

// Guardrails are actions, "FLAG" or "BLOCK", by the code of a category: "S1" to
// "S13", "P1". A category that is not there is ignored by the service.
type Guardrails struct {
	Prompt, Response map[string]string
}

// DLP is data loss prevention, in one of two forms: an action for some
// profiles, or policies. Policies is nil in the first form and not in the
// second.
type DLP struct {
	Enabled bool
	// Action is "BLOCK" or "FLAG".
	Action string
	// Profiles are ids of DLP profiles.
	Profiles []string
	// Policies are by their ids, which the user chooses.
	Policies map[string]DLPPolicy
}

// DLPPolicy is one policy of [DLP].
type DLPPolicy struct {
	Enabled bool
	// Action is "FLAG" or "BLOCK".
	Action string
	// Check is what is looked at: "REQUEST", "RESPONSE".
	Check []string
	// Profiles are ids of DLP profiles.
	Profiles []string
}

// OTel is one receiver of OpenTelemetry traces.
type OTel struct {
	URL string
	// Headers may hold secrets.
	Headers map[string]string
	// Authorization refers to a secret in the Secrets Store, by the
	// documentation; it is treated as a secret itself. Empty is none.
	Authorization string
	// ContentType is "json" or "protobuf".
	ContentType string
}

// SpendLimits are budgets.
type SpendLimits struct {
	Enabled bool
	// Rules are by their ids.
	Rules map[string]SpendRule
}

// SpendRule is one budget.
type SpendRule struct {
	Enabled bool
	// Limit is in US dollars, by the documentation.
	Limit float64
	// LimitType is "cost".
	LimitType string
	// Window is in seconds.
	Window int64
	// Technique is "fixed" or "sliding".
	Technique string
	// Metadata, Model and Provider say which requests count, and with
	// "partition" that each value has a budget of its own.
	Metadata        map[string]SpendFilter
	Model, Provider *SpendFilter
}

// SpendFilter selects requests.
type SpendFilter struct {
	// Mode is "filter" or, for metadata, "partition".
	Mode string
	// Values are those that count, with "filter".
	Values []string
}

// Stripe reports usage to Stripe.
type Stripe struct {
	// Authorization is Stripe's key.
	Authorization string
	// UsageEvents are templates of the payload of one event each.
	UsageEvents []string
}

// secrets are the values that must never be logged or quoted.
func (s Settings) secrets() []string {
	var secrets []string
	for _, receiver := range s.OTel {
		secrets = append(secrets, receiver.Authorization)
		for _, value := range receiver.Headers {
			if len(value) >= shortestSecret {
				secrets = append(secrets, value)
			}
		}
	}
	if s.Stripe != nil {
		secrets = append(secrets, s.Stripe.Authorization)
	}
	return secrets
}

// onlyOnUpdate tells whether there is anything that the API takes on update
// alone.
func (s Settings) onlyOnUpdate() bool {
	return value(s.LogClassification) || !s.Guardrails.off() || !s.DLP.off() || len(s.OTel) > 0 || !s.SpendLimits.off() || s.Stripe != nil
}
