package gateways

import (
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// cloudflare is the wire format of Cloudflare's API. Most settings are rows of
// [scalars]; the features are in features.go. What is on or off by its value is
// here: caching, and rate limiting.
type cloudflare struct{}

const (
	fieldCacheTTL     = "cache_ttl"              // in seconds; 0 is off
	fieldRateLimit    = "rate_limiting_limit"    // requests; 0 is off
	fieldRateInterval = "rate_limiting_interval" // in seconds; 0 is off
)

func (cloudflare) carries(string) bool { return true }

func (cloudflare) encodeCreate(name string, settings Settings) wire.Body {
	body := encodeScalars(settings, false)
	body["id"] = name
	for field, v := range body {
		if v == nil {
			delete(body, field) // nothing to clear yet
		}
	}
	return body
}

// encodeUpdate returns the whole desired gateway.
func (cloudflare) encodeUpdate(_ string, settings, was Settings) wire.Body {
	body := encodeScalars(settings, true)
	encodeFeatures(body, settings, was)
	return body
}

// encodeScalars returns all fields but the features.
func encodeScalars(settings Settings, update bool) wire.Body {
	body := wire.Body{fieldCacheTTL: int64(0), fieldRateLimit: int64(0), fieldRateInterval: int64(0)}
	if wire.Value(settings.CacheEnabled) {
		body[fieldCacheTTL] = wire.Value(settings.CacheTTL)
	}
	if wire.Value(settings.RateLimitingEnabled) {
		body[fieldRateLimit] = wire.Value(settings.RateLimitingLimit)
		body[fieldRateInterval] = wire.Value(settings.RateLimitingInterval)
	}
	for _, row := range scalars {
		if update || !row.updateOnly {
			row.encode(&settings, body)
		}
	}
	return body
}

// storedAsSent reports whether a gateway has the settings that a create sent.
// What was not sent may be anything.
func storedAsSent(gateway *Gateway, sent Settings) bool {
	stored := encodeScalars(gateway.Settings, false)
	for field, want := range encodeScalars(sent, false) {
		if want != nil && stored[field] != want {
			return false
		}
	}
	return true
}

func (cloudflare) decode(object wire.Object) (*Gateway, error) {
	f := &fields{object: object}
	id := wire.Value(readScalar[string](f, "id"))
	gateway := &Gateway{
		ID: id, Name: id, Slug: id,
		OmitsWhenOff: true,
		IsDefault:    readScalar[bool](f, "is_default"),
		CreatedAt:    readTime(f, "created_at"),
		ModifiedAt:   readTime(f, "modified_at"),
		Settings:     f.scalars(scalars),
	}
	ttl := readScalar[int64](f, fieldCacheTTL)
	gateway.CacheEnabled = wire.Ptr(wire.Value(ttl) > 0)
	if *gateway.CacheEnabled {
		gateway.CacheTTL = ttl
	}
	limit, interval := readScalar[int64](f, fieldRateLimit), readScalar[int64](f, fieldRateInterval)
	gateway.RateLimitingEnabled = wire.Ptr(wire.Value(limit) > 0 && wire.Value(interval) > 0)
	if *gateway.RateLimitingEnabled {
		gateway.RateLimitingLimit, gateway.RateLimitingInterval = limit, interval
	}
	decodeFeatures(f, &gateway.Settings)
	return f.gateway(gateway)
}

func readTime(f *fields, name string) time.Time { return wire.Time(read[wire.Timestamp](f, name)) }
