package gateways_test

import (
	"encoding/json"
	"slices"

	"pgregory.net/rapid"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// anySettings generates settings of a caller: what is on has its values, what is off
// may have some left over, and anything may be unset.
var anySettings = rapid.Custom(func(t *rapid.T) gateways.Settings {
	s := gateways.Settings{
		CacheEnabled:            clienttest.Maybe(rapid.Bool()).Draw(t, "cache"),
		CacheTTL:                clienttest.Maybe(rapid.Int64Range(0, 3)).Draw(t, "ttl"),
		RateLimitingEnabled:     clienttest.Maybe(rapid.Bool()).Draw(t, "rate"),
		RateLimitingTechnique:   clienttest.Maybe(rapid.SampledFrom([]string{"fixed", "sliding"})).Draw(t, "technique"),
		LogEnabled:              clienttest.Maybe(rapid.Bool()).Draw(t, "log"),
		Authentication:          clienttest.Maybe(rapid.Bool()).Draw(t, "authentication"),
		CacheInvalidateOnUpdate: clienttest.Maybe(rapid.Bool()).Draw(t, "invalidate"),
		LogManagement:           clienttest.Maybe(rapid.Int64Range(10000, 10000000)).Draw(t, "management"),
		LogManagementStrategy:   clienttest.Maybe(rapid.SampledFrom([]string{"STOP_INSERTING", "DELETE_OLDEST"})).Draw(t, "strategy"),
		LogClassification:       clienttest.Maybe(rapid.Bool()).Draw(t, "classification"),
		Logpush:                 clienttest.Maybe(rapid.Bool()).Draw(t, "logpush"),
		LogpushPublicKey:        clienttest.Maybe(rapid.SampledFrom([]string{"", publicKey})).Draw(t, "key"),
		RetryMaxAttempts:        clienttest.Maybe(rapid.Int64Range(0, 5)).Draw(t, "attempts"),
		RetryDelay:              clienttest.Maybe(rapid.Int64Range(0, 60000)).Draw(t, "delay"),
		RetryBackoff:            clienttest.Maybe(rapid.SampledFrom([]string{"", "constant", "linear", "exponential"})).Draw(t, "backoff"),
		StoreID:                 clienttest.Maybe(rapid.SampledFrom([]string{"", "store-1"})).Draw(t, "store"),
		ZDR:                     clienttest.Maybe(rapid.Bool()).Draw(t, "zdr"),
		BYOKOnly:                clienttest.Maybe(rapid.Bool()).Draw(t, "byok"),
		WorkersAIBillingMode:    clienttest.Maybe(rapid.SampledFrom([]string{"postpaid", "unified"})).Draw(t, "billing"),
		Guardrails:              clienttest.Maybe(anyGuardrails).Draw(t, "guardrails"),
		DLP:                     clienttest.Maybe(anyDLP).Draw(t, "dlp"),
		OTel:                    rapid.SliceOfN(anyReceiver, 0, 3).Draw(t, "otel"),
		SpendLimits:             clienttest.Maybe(anySpendLimits).Draw(t, "spend limits"),
		Stripe:                  clienttest.Maybe(anyStripe).Draw(t, "stripe"),
	}
	if s.CacheEnabled != nil && *s.CacheEnabled {
		s.CacheTTL = clienttest.Ptr(rapid.Int64Range(1, 2592000).Draw(t, "ttl of a cache"))
	}
	above := int64(0)
	if s.RateLimitingEnabled != nil && *s.RateLimitingEnabled {
		above = 1
	}
	if above == 1 || rapid.Bool().Draw(t, "limit left over") {
		s.RateLimitingLimit = clienttest.Ptr(rapid.Int64Range(above, 1000).Draw(t, "limit"))
		s.RateLimitingInterval = clienttest.Ptr(rapid.Int64Range(above, 86400).Draw(t, "interval"))
	}
	return s
})

var (
	anyName   = rapid.StringN(1, 12, -1)
	anyAction = rapid.SampledFrom([]string{"FLAG", "BLOCK"})
	anyIDs    = rapid.SliceOfN(anyName, 0, 3)

	anyCategories = rapid.MapOfN(rapid.SampledFrom([]string{"S1", "S2", "S13", "P1"}), anyAction, 0, 4)
	anyGuardrails = rapid.Custom(func(t *rapid.T) gateways.Guardrails {
		return gateways.Guardrails{Prompt: anyCategories.Draw(t, "prompt"), Response: anyCategories.Draw(t, "response")}
	})
	anyDLP = rapid.Custom(func(t *rapid.T) gateways.DLP {
		d := gateways.DLP{Enabled: rapid.Bool().Draw(t, "enabled")}
		if rapid.Bool().Draw(t, "by policies") {
			d.Policies = rapid.MapOfN(anyName, anyPolicy, 0, 3).Draw(t, "policies")
			return d
		}
		d.Action, d.Profiles = anyAction.Draw(t, "action"), anyIDs.Draw(t, "profiles")
		return d
	})
	anyPolicy = rapid.Custom(func(t *rapid.T) gateways.DLPPolicy {
		return gateways.DLPPolicy{
			Enabled: rapid.Bool().Draw(t, "enabled"), Action: anyAction.Draw(t, "action"), Profiles: anyIDs.Draw(t, "profiles"),
			Check: rapid.SliceOfDistinct(rapid.SampledFrom([]string{"REQUEST", "RESPONSE"}), rapid.ID[string]).Draw(t, "check"),
		}
	})
	anyReceiver = rapid.Custom(func(t *rapid.T) gateways.OTel {
		return gateways.OTel{
			URL: "https://" + anyName.Draw(t, "host"), Headers: rapid.MapOfN(anyName, rapid.String(), 0, 3).Draw(t, "headers"),
			Authorization: rapid.StringN(0, 12, -1).Draw(t, "authorization"),
			ContentType:   rapid.SampledFrom([]string{"json", "protobuf"}).Draw(t, "content type"),
		}
	})
	anySpendLimits = rapid.Custom(func(t *rapid.T) gateways.SpendLimits {
		return gateways.SpendLimits{Enabled: rapid.Bool().Draw(t, "enabled"), Rules: rapid.MapOfN(anyName, anyRule, 0, 4).Draw(t, "rules")}
	})
	anyRule = rapid.Custom(func(t *rapid.T) gateways.SpendRule {
		return gateways.SpendRule{
			Enabled: rapid.Bool().Draw(t, "enabled"), Limit: rapid.Float64Range(0, 1e6).Draw(t, "limit"), LimitType: "cost",
			Window:    rapid.Int64Range(0, 1e9).Draw(t, "window"),
			Technique: rapid.SampledFrom([]string{"fixed", "sliding"}).Draw(t, "technique"),
			Metadata:  rapid.MapOfN(anyName, anyDimension, 0, 2).Draw(t, "metadata"),
			Model:     clienttest.Maybe(anyDimension).Draw(t, "model"), Provider: clienttest.Maybe(anyDimension).Draw(t, "provider"),
		}
	})
	anyDimension = rapid.OneOf(rapid.Just(gateways.SpendFilter{Mode: "partition"}), anyFilter)
	anyFilter    = rapid.Custom(func(t *rapid.T) gateways.SpendFilter {
		return gateways.SpendFilter{Mode: "filter", Values: rapid.SliceOfN(anyName, 1, 3).Draw(t, "values")}
	})
	anyStripe = rapid.Custom(func(t *rapid.T) gateways.Stripe {
		return gateways.Stripe{Authorization: anyName.Draw(t, "authorization"), UsageEvents: rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "events")}
	})
)

// unsetForms are the ways to write that a field is unset, besides null and
// leaving it out.
var unsetForms = map[string][]string{
	"rate_limiting_technique": {`""`}, "log_management_strategy": {`""`}, "workers_ai_billing_mode": {`""`},
	"store_id": {`""`}, "logpush_public_key": {`""`}, "retry_backoff": {`""`},
	"cache_ttl": {"0", "0.0"}, "rate_limiting_limit": {"0", "0.0"}, "rate_limiting_interval": {"0", "0.0"},
	"retry_max_attempts": {"0"}, "retry_delay": {"0"},
	"authentication": nil, "log_management": nil, "log_classification": nil, "logpush": nil, "zdr": nil, "byok_only": nil,
	"guardrails":   {`{}`, `{"prompt":{},"response":{}}`, `{"prompt":null,"response":{}}`},
	"dlp":          {`{}`, wireDLPOff, `{"enabled":false,"policies":[]}`},
	"otel":         {`[]`},
	"spend_limits": {`{}`, `{"enabled":false,"rules":[]}`},
	"stripe":       {`{}`},
}

// anyUnset writes each unset field in one of its forms.
var anyUnset = rapid.Custom(func(t *rapid.T) map[string]string {
	forms := map[string]string{}
	for _, field := range clienttest.SortedKeys(unsetForms) {
		forms[field] = rapid.SampledFrom(slices.Concat([]string{"null", clienttest.Absent}, unsetForms[field])).Draw(t, field)
	}
	return forms
})

// echo is how a service writes what it holds.
type echo struct {
	unset    map[string]string // by field; nil is null for all
	secrets  string            // "verbatim", "masked" or "omitted"
	defaults bool              // leaves out what is the API's default
}

var anyEcho = rapid.Custom(func(t *rapid.T) echo {
	return echo{
		unset: anyUnset.Draw(t, "unset"), secrets: rapid.SampledFrom([]string{"verbatim", "masked", "omitted"}).Draw(t, "secrets"),
		defaults: rapid.Bool().Draw(t, "without defaults"),
	}
})

// of returns the response to a PUT of stored.
func (e echo) of(stored map[string]json.RawMessage) map[string]any {
	response := map[string]any{}
	for field, raw := range stored {
		response[field] = raw
	}
	for field := range unsetForms {
		raw, sent := stored[field]
		if sent && string(raw) != "null" && string(raw) != "0" || field == "log_management" && sent {
			continue
		}
		form, ok := e.unset[field]
		switch {
		case !ok:
			response[field] = nil
		case form == clienttest.Absent:
			delete(response, field)
		default:
			response[field] = json.RawMessage(form)
		}
	}
	for _, receiver := range objectsOf(response, "otel") {
		e.hide(receiver, "authorization")
		if headers, ok := receiver["headers"].(map[string]any); ok && e.secrets == "masked" {
			for name := range headers {
				e.hide(headers, name)
			}
		}
		if e.secrets == "omitted" {
			delete(receiver, "headers")
		}
		e.leaveOut(receiver, "content_type", "json")
	}
	for _, rule := range objectsOf(response, "spend_limits", "rules") {
		e.leaveOut(rule, "technique", "sliding")
		e.leaveOut(rule, "enabled", true)
	}
	for _, stripe := range objectsOf(response, "stripe") {
		e.hide(stripe, "authorization")
	}
	return response
}

func (e echo) hide(o map[string]any, field string) {
	switch _, there := o[field]; {
	case there && e.secrets == "masked":
		o[field] = "********"
	case e.secrets == "omitted":
		delete(o, field)
	}
}

func (e echo) leaveOut(o map[string]any, field string, standard any) {
	if e.defaults && o[field] == standard {
		delete(o, field)
	}
}

// objectsOf returns the objects at a place in a response, which it decodes for that.
func objectsOf(response map[string]any, field string, inner ...string) []map[string]any {
	raw, ok := response[field].(json.RawMessage)
	if !ok {
		return nil
	}
	var at any
	if err := json.Unmarshal(raw, &at); err != nil {
		panic(err)
	}
	response[field] = at
	for _, name := range inner {
		o, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = o[name]
	}
	switch at := at.(type) {
	case map[string]any:
		return []map[string]any{at}
	case []any:
		var all []map[string]any
		for _, element := range at {
			if o, ok := element.(map[string]any); ok {
				all = append(all, o)
			}
		}
		return all
	default:
		return nil
	}
}
