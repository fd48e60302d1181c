package client

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// This file is the codec of Cloudflare's own wire format.

// gatewayBody is what POST and PUT carry of [Settings]. The five fields
// without omitempty are required by the API on both.
type gatewayBody struct {
	ID                      string  `json:"id,omitempty"` // POST only; the path has it on PUT
	CacheInvalidateOnUpdate bool    `json:"cache_invalidate_on_update"`
	CacheTTL                int64   `json:"cache_ttl"` // seconds, 0 = off
	CollectLogs             bool    `json:"collect_logs"`
	RateLimitingInterval    int64   `json:"rate_limiting_interval"` // seconds, 0 = off
	RateLimitingLimit       int64   `json:"rate_limiting_limit"`    // requests, 0 = off
	RateLimitingTechnique   *string `json:"rate_limiting_technique,omitempty"`
	Authentication          *bool   `json:"authentication,omitempty"`
}

// otherFields are the settings that [OtherSettings] carries, all but otel and
// stripe, which hold secrets.
var otherFields = []string{
	"byok_only", "dlp", "guardrails", "log_classification", "log_management",
	"log_management_strategy", "logpush", "logpush_public_key", "retry_backoff",
	"retry_delay", "retry_max_attempts", "spend_limits", "store_id",
	"workers_ai_billing_mode", "zdr",
}

func encode(settings Settings) gatewayBody {
	body := gatewayBody{
		CacheInvalidateOnUpdate: value(settings.CacheInvalidateOnUpdate),
		CollectLogs:             value(settings.LogEnabled),
		RateLimitingTechnique:   settings.RateLimitingTechnique,
		Authentication:          settings.Authentication,
	}
	if value(settings.CacheEnabled) {
		body.CacheTTL = value(settings.CacheTTL)
	}
	if value(settings.RateLimitingEnabled) {
		body.RateLimitingLimit = value(settings.RateLimitingLimit)
		body.RateLimitingInterval = value(settings.RateLimitingInterval)
	}
	return body
}

func encodeCreate(name string, settings Settings) gatewayBody {
	body := encode(settings)
	body.ID = name
	return body
}

func encodeUpdate(settings Settings, others OtherSettings) any {
	body := encode(settings)
	if len(others) == 0 {
		return body
	}
	return withOthers{body, others}
}

// carried are those of all that an update sends back. Null and "" say that a
// setting is unset, which leaving it out says as well; and the API refuses
// null for some of them.
func (all OtherSettings) carried() OtherSettings {
	carried := OtherSettings{}
	for _, name := range otherFields {
		if raw, ok := all[name]; ok && string(raw) != "null" && string(raw) != `""` {
			carried[name] = raw
		}
	}
	return carried
}

// withOthers is a body with further fields beside its own.
type withOthers struct {
	gatewayBody
	others OtherSettings
}

func (w withOthers) MarshalJSON() ([]byte, error) {
	own, err := json.Marshal(w.gatewayBody)
	if err != nil {
		return nil, err
	}
	fields := map[string]json.RawMessage{}
	if err := json.Unmarshal(own, &fields); err != nil {
		return nil, err
	}
	for name, raw := range w.others.carried() {
		if name == "log_classification" && !w.CollectLogs {
			continue // the API couples it to collect_logs
		}
		fields[name] = raw
	}
	return json.Marshal(fields)
}

// SameOnWire tells whether two settings make the same request, so that going
// from one to the other is nothing to the service.
func SameOnWire(a, b Settings) bool {
	return sameBody(encode(a), encode(b))
}

func sameBody(a, b gatewayBody) bool {
	// The pointers are compared by what they point to.
	technique := same(a.RateLimitingTechnique, b.RateLimitingTechnique)
	authentication := same(a.Authentication, b.Authentication)
	a.RateLimitingTechnique, b.RateLimitingTechnique = nil, nil
	a.Authentication, b.Authentication = nil, nil
	return technique && authentication && a == b
}

// storedAsSent tells whether a gateway has the settings that a create sent.
// What was not sent may be anything.
func storedAsSent(gateway *Gateway, sent Settings) bool {
	stored := gateway.Settings
	if sent.RateLimitingTechnique == nil {
		stored.RateLimitingTechnique = nil
	}
	if sent.Authentication == nil {
		stored.Authentication = nil
	}
	return SameOnWire(sent, stored)
}

// gatewayAnswer is what the service says of a gateway.
type gatewayAnswer struct {
	ID                      string              `json:"id"`
	CacheInvalidateOnUpdate optional[boolean]   `json:"cache_invalidate_on_update"`
	CacheTTL                optional[integer]   `json:"cache_ttl"`
	CollectLogs             optional[boolean]   `json:"collect_logs"`
	RateLimitingInterval    optional[integer]   `json:"rate_limiting_interval"`
	RateLimitingLimit       optional[integer]   `json:"rate_limiting_limit"`
	RateLimitingTechnique   *string             `json:"rate_limiting_technique"`
	Authentication          optional[boolean]   `json:"authentication"`
	IsDefault               optional[boolean]   `json:"is_default"`
	CreatedAt               optional[timestamp] `json:"created_at"`
	ModifiedAt              optional[timestamp] `json:"modified_at"`
}

func (a gatewayAnswer) gateway() *Gateway {
	gateway := &Gateway{
		ID: a.ID, Name: a.ID, Slug: a.ID,
		IsDefault:  boolOf(a.IsDefault),
		CreatedAt:  timeOf(a.CreatedAt),
		ModifiedAt: timeOf(a.ModifiedAt),
	}
	gateway.CacheInvalidateOnUpdate = boolOf(a.CacheInvalidateOnUpdate)
	gateway.LogEnabled = boolOf(a.CollectLogs)
	if value(a.RateLimitingTechnique) != "" { // "" is how the service writes unset texts at times
		gateway.RateLimitingTechnique = a.RateLimitingTechnique
	}
	gateway.Authentication = boolOf(a.Authentication)

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
	return gateway
}

func decodeGateway(op string, ex *exchange) (*Gateway, error) {
	var raw json.RawMessage
	if _, err := decodeResult(op, ex, &raw); err != nil {
		return nil, err
	}
	return gatewayOf(op, ex, raw)
}

func decodeGateways(op string, ex *exchange) ([]*Gateway, resultInfo, error) {
	var raws []json.RawMessage
	info, err := decodeResult(op, ex, &raws)
	if err != nil {
		return nil, resultInfo{}, err
	}
	gateways := make([]*Gateway, 0, len(raws))
	for _, raw := range raws {
		gateway, err := gatewayOf(op, ex, raw)
		if err != nil {
			return nil, resultInfo{}, err
		}
		gateways = append(gateways, gateway)
	}
	return gateways, info, nil
}

func gatewayOf(op string, ex *exchange, raw json.RawMessage) (*Gateway, error) {
	var answer gatewayAnswer
	if err := json.Unmarshal(raw, &answer); err != nil {
		return nil, unexpected(op, ex, faultyField(raw, err))
	}
	if answer.ID == "" {
		return nil, unexpected(op, ex, errors.New("the answer describes a gateway without an id"))
	}
	gateway := answer.gateway()
	var all OtherSettings
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, unexpected(op, ex, err)
	}
	gateway.Others = all.carried()
	return gateway, nil
}

// faultyField is err, which came of decoding raw as a gateway, with the name
// of the field that it is about.
func faultyField(raw json.RawMessage, err error) error {
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return errors.New("the answer does not describe a gateway")
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		alone, marshalErr := json.Marshal(map[string]json.RawMessage{name: fields[name]})
		if marshalErr != nil {
			continue
		}
		var answer gatewayAnswer
		fieldErr := json.Unmarshal(alone, &answer)
		var mismatch *json.UnmarshalTypeError
		switch {
		case errors.As(fieldErr, &mismatch):
			return fmt.Errorf("%s is a %s", name, mismatch.Value)
		case fieldErr != nil:
			return fmt.Errorf("%s: %w", name, fieldErr)
		}
	}
	return err
}

func value[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func ptr[T any](v T) *T { return &v }

func same[T comparable](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
