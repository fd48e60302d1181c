package gateways

import (
	"slices"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// gatewayInput is the wire format "gateway_input": requests are GatewayInput and
// responses are Gateway, as in the published OpenAPI document.
type gatewayInput struct{}

// gatewayInputScalars are the settings of GatewayInput. Their names are those of
// the provider's schema.
var gatewayInputScalars = []scalar{
	optional("cache_enabled", func(s *Settings) **bool { return &s.CacheEnabled }),
	optional("cache_ttl", func(s *Settings) **int64 { return &s.CacheTTL }),
	optional("rate_limiting_enabled", func(s *Settings) **bool { return &s.RateLimitingEnabled }),
	optional("rate_limiting_limit", func(s *Settings) **int64 { return &s.RateLimitingLimit }),
	optional("rate_limiting_interval", func(s *Settings) **int64 { return &s.RateLimitingInterval }),
	optional("log_enabled", func(s *Settings) **bool { return &s.LogEnabled }),
}

func (gatewayInput) carries(setting string) bool {
	return slices.ContainsFunc(gatewayInputScalars, func(row scalar) bool { return row.name == setting })
}

func (gatewayInput) encodeCreate(name string, settings Settings) wire.Body {
	body := wire.Body{"name": name}
	for _, row := range gatewayInputScalars {
		row.encode(&settings, body)
	}
	return body
}

func (f gatewayInput) encodeUpdate(name string, settings, _ Settings) wire.Body {
	return f.encodeCreate(name, settings)
}

func (gatewayInput) decode(object wire.Object) (*Gateway, error) {
	f := &fields{object: object}
	return f.gateway(&Gateway{
		ID:         wire.Value(readScalar[string](f, "id")),
		Name:       wire.Value(readScalar[string](f, "name")),
		Slug:       wire.Value(readScalar[string](f, "slug")),
		CreatedAt:  readTime(f, "created_at"),
		ModifiedAt: readTime(f, "modified_at"),
		Settings:   f.scalars(gatewayInputScalars),
	})
}
