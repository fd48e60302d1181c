package client

import (
	"encoding/json"
)

// This file is the codec of the wire format "gateway_input": requests are
// GatewayInput and answers are Gateway, as in the published OpenAPI document.

var gatewayInputFormat = format{
	capabilities: Capabilities{
		Format: WireGatewayInput,
		settings: []string{
			"cache_enabled", "cache_ttl", "rate_limiting_enabled", "rate_limiting_limit", "rate_limiting_interval", "log_enabled",
		},
	},
	encodeCreate: encodeGatewayInput,
	encodeUpdate: func(name string, settings, _ Settings) body { return encodeGatewayInput(name, settings) },
	decode:       decodeGatewayInput,
}

// encodeGatewayInput leaves out what is unset.
func encodeGatewayInput(name string, settings Settings) body {
	b := body{"name": name}
	put(b, "cache_enabled", settings.CacheEnabled)
	put(b, "cache_ttl", settings.CacheTTL)
	put(b, "rate_limiting_enabled", settings.RateLimitingEnabled)
	put(b, "rate_limiting_limit", settings.RateLimitingLimit)
	put(b, "rate_limiting_interval", settings.RateLimitingInterval)
	put(b, "log_enabled", settings.LogEnabled)
	return b
}

// gatewayInputAnswer is Gateway of that document.
type gatewayInputAnswer struct {
	ID                   string     `json:"id"`
	Name                 string     `json:"name"`
	Slug                 string     `json:"slug"`
	CacheEnabled         *boolean   `json:"cache_enabled"`
	CacheTTL             *integer   `json:"cache_ttl"`
	RateLimitingEnabled  *boolean   `json:"rate_limiting_enabled"`
	RateLimitingLimit    *integer   `json:"rate_limiting_limit"`
	RateLimitingInterval *integer   `json:"rate_limiting_interval"`
	LogEnabled           *boolean   `json:"log_enabled"`
	CreatedAt            *timestamp `json:"created_at"`
	ModifiedAt           *timestamp `json:"modified_at"`
}

func decodeGatewayInput(raw json.RawMessage) (*Gateway, error) {
	var answer gatewayInputAnswer
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, faultyField[gatewayInputAnswer](raw, "gateway", err)
	}
	if answer.ID == "" {
		return nil, errNoID
	}
	return &Gateway{
		ID: answer.ID, Name: answer.Name, Slug: answer.Slug,
		CreatedAt: timeOf(answer.CreatedAt), ModifiedAt: timeOf(answer.ModifiedAt),
		Settings: Settings{
			CacheEnabled:         boolOf(answer.CacheEnabled),
			CacheTTL:             int64Of(answer.CacheTTL),
			RateLimitingEnabled:  boolOf(answer.RateLimitingEnabled),
			RateLimitingLimit:    int64Of(answer.RateLimitingLimit),
			RateLimitingInterval: int64Of(answer.RateLimitingInterval),
			LogEnabled:           boolOf(answer.LogEnabled),
		},
	}, nil
}
