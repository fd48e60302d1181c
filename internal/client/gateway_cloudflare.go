package client

import (
	"bytes"
	"encoding/json"
	"errors"
)

// This file is the codec of Cloudflare's own wire format, with the features in
// gateway_features.go.

var cloudflareFormat = format{
	capabilities: Capabilities{Format: WireCloudflare, NamesAreIDs: true, Pages: true, Routes: true, Providers: true},
	encodeCreate: encodeCreate,
	encodeUpdate: func(_ string, settings, was Settings) body { return encodeUpdate(settings, was) },
	decode:       decodeCloudflare,
}

// body is a request's JSON object; encoding/json sorts its keys.
type body map[string]any

// put sets a field that is left out where nothing is known of it.
func put[T any](b body, name string, v *T) {
	if v != nil {
		b[name] = *v
	}
}

// putOrNull is put for a field that the API clears with null where the schema
// has an empty value for that: 0 or "".
func putOrNull[T comparable](b body, name string, v *T) {
	var empty T
	switch {
	case v == nil:
	case *v == empty:
		b[name] = nil
	default:
		b[name] = *v
	}
}

// encode is what POST and PUT have in common. The first five fields are
// required by the API on both.
func encode(settings Settings) body {
	b := body{
		"cache_invalidate_on_update": value(settings.CacheInvalidateOnUpdate),
		"cache_ttl":                  int64(0), // seconds; 0 is off
		// Required by the API; where it never said, logs are on as at creation.
		"collect_logs":           settings.LogEnabled == nil || *settings.LogEnabled,
		"rate_limiting_interval": int64(0), // seconds; 0 is off
		"rate_limiting_limit":    int64(0), // requests; 0 is off
	}
	if value(settings.CacheEnabled) {
		b["cache_ttl"] = value(settings.CacheTTL)
	}
	if value(settings.RateLimitingEnabled) {
		b["rate_limiting_limit"] = value(settings.RateLimitingLimit)
		b["rate_limiting_interval"] = value(settings.RateLimitingInterval)
	}
	put(b, "rate_limiting_technique", settings.RateLimitingTechnique)
	put(b, "authentication", settings.Authentication)
	put(b, "log_management", settings.LogManagement)
	put(b, "log_management_strategy", settings.LogManagementStrategy)
	put(b, "logpush", settings.Logpush)
	put(b, "zdr", settings.ZDR)
	put(b, "byok_only", settings.BYOKOnly)
	put(b, "workers_ai_billing_mode", settings.WorkersAIBillingMode)
	putOrNull(b, "logpush_public_key", settings.LogpushPublicKey)
	putOrNull(b, "retry_max_attempts", settings.RetryMaxAttempts)
	putOrNull(b, "retry_delay", settings.RetryDelay)
	putOrNull(b, "retry_backoff", settings.RetryBackoff)
	putOrNull(b, "store_id", settings.StoreID)
	return b
}

func encodeCreate(name string, settings Settings) body {
	b := encode(settings)
	b["id"] = name
	for field, v := range b {
		if v == nil {
			delete(b, field) // nothing to clear yet
		}
	}
	return b
}

// encodeUpdate is the whole desired gateway. was is what the service is known
// to hold.
func encodeUpdate(settings, was Settings) body {
	b := encode(settings)
	put(b, "log_classification", settings.LogClassification)
	encodeFeatures(b, settings, was)
	return b
}

// storedAsSent tells whether a gateway has the settings that a create sent.
// What was not sent may be anything.
func storedAsSent(gateway *Gateway, sent Settings) bool {
	stored, want := encode(gateway.Settings), encode(sent)
	for field, v := range want {
		if v == nil {
			continue
		}
		if stored[field] != v {
			return false
		}
	}
	return true
}

// gatewayAnswer is what the service says of a gateway.
type gatewayAnswer struct {
	ID                      string     `json:"id"`
	CacheInvalidateOnUpdate *boolean   `json:"cache_invalidate_on_update"`
	CacheTTL                *integer   `json:"cache_ttl"`
	CollectLogs             *boolean   `json:"collect_logs"`
	RateLimitingInterval    *integer   `json:"rate_limiting_interval"`
	RateLimitingLimit       *integer   `json:"rate_limiting_limit"`
	RateLimitingTechnique   *string    `json:"rate_limiting_technique"`
	Authentication          *boolean   `json:"authentication"`
	LogManagement           *integer   `json:"log_management"`
	LogManagementStrategy   *string    `json:"log_management_strategy"`
	LogClassification       *boolean   `json:"log_classification"`
	Logpush                 *boolean   `json:"logpush"`
	LogpushPublicKey        *string    `json:"logpush_public_key"`
	RetryMaxAttempts        *integer   `json:"retry_max_attempts"`
	RetryDelay              *integer   `json:"retry_delay"`
	RetryBackoff            *string    `json:"retry_backoff"`
	StoreID                 *string    `json:"store_id"`
	ZDR                     *boolean   `json:"zdr"`
	BYOKOnly                *boolean   `json:"byok_only"`
	WorkersAIBillingMode    *string    `json:"workers_ai_billing_mode"`
	IsDefault               *boolean   `json:"is_default"`
	CreatedAt               *timestamp `json:"created_at"`
	ModifiedAt              *timestamp `json:"modified_at"`
	featuresAnswer
}

func (a gatewayAnswer) gateway() *Gateway {
	gateway := &Gateway{
		ID: a.ID, Name: a.ID, Slug: a.ID,
		TellsOnlyWhatIsOn: true,

		IsDefault:  boolOf(a.IsDefault),
		CreatedAt:  timeOf(a.CreatedAt),
		ModifiedAt: timeOf(a.ModifiedAt),
		Settings: Settings{
			CacheInvalidateOnUpdate: boolOf(a.CacheInvalidateOnUpdate),
			LogEnabled:              boolOf(a.CollectLogs),
			RateLimitingTechnique:   nonEmpty(a.RateLimitingTechnique),
			Authentication:          boolOf(a.Authentication),
			LogManagement:           int64Of(a.LogManagement),
			LogManagementStrategy:   nonEmpty(a.LogManagementStrategy),
			LogClassification:       boolOf(a.LogClassification),
			Logpush:                 boolOf(a.Logpush),
			ZDR:                     boolOf(a.ZDR),
			BYOKOnly:                boolOf(a.BYOKOnly),
			WorkersAIBillingMode:    nonEmpty(a.WorkersAIBillingMode),
			// Null, and absent where the service leaves out what is unset, say
			// that these are off.
			LogpushPublicKey: ptr(value(a.LogpushPublicKey)),
			RetryMaxAttempts: ptr(value(int64Of(a.RetryMaxAttempts))),
			RetryDelay:       ptr(value(int64Of(a.RetryDelay))),
			RetryBackoff:     ptr(value(a.RetryBackoff)),
			StoreID:          ptr(value(a.StoreID)),
		},
	}
	ttl := int64Of(a.CacheTTL)
	gateway.CacheEnabled = ptr(value(ttl) > 0)
	if *gateway.CacheEnabled {
		gateway.CacheTTL = ttl
	}
	limit, interval := int64Of(a.RateLimitingLimit), int64Of(a.RateLimitingInterval)
	gateway.RateLimitingEnabled = ptr(value(limit) > 0 && value(interval) > 0)
	if *gateway.RateLimitingEnabled {
		gateway.RateLimitingLimit, gateway.RateLimitingInterval = limit, interval
	}
	a.features(&gateway.Settings)
	return gateway
}

func decodeCloudflare(raw json.RawMessage) (*Gateway, error) {
	var answer gatewayAnswer
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, faultyField[gatewayAnswer](raw, "gateway", err)
	}
	if answer.ID == "" {
		return nil, errNoID
	}
	return answer.gateway(), nil
}

var errNoID = errors.New("the answer describes a gateway without an id")

// nonEmpty is a text that is not "", which is how the service writes unset
// texts at times.
func nonEmpty(text *string) *string {
	if value(text) == "" {
		return nil
	}
	return text
}

// sameJSON compares what two values are on the wire.
func sameJSON(a, b any) bool {
	left, errLeft := json.Marshal(a)
	right, errRight := json.Marshal(b)
	return errLeft == nil && errRight == nil && bytes.Equal(left, right)
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func ptr[T any](v T) *T { return &v }
