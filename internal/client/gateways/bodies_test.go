package gateways_test

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

const publicKey = "-----BEGIN PUBLIC KEY-----\nMFww\n-----END PUBLIC KEY-----"

// everything returns settings with all fields set.
func everything() gateways.Settings {
	return gateways.Settings{
		CacheEnabled: clienttest.Ptr(true), CacheTTL: clienttest.Ptr[int64](300),
		RateLimitingEnabled: clienttest.Ptr(true), RateLimitingLimit: clienttest.Ptr[int64](5), RateLimitingInterval: clienttest.Ptr[int64](60),
		RateLimitingTechnique: clienttest.Ptr("sliding"),
		LogEnabled:            clienttest.Ptr(true), Authentication: clienttest.Ptr(false), CacheInvalidateOnUpdate: clienttest.Ptr(true),
		LogManagement: clienttest.Ptr[int64](20000), LogManagementStrategy: clienttest.Ptr("DELETE_OLDEST"), LogClassification: clienttest.Ptr(true),
		Logpush: clienttest.Ptr(true), LogpushPublicKey: clienttest.Ptr(publicKey),
		RetryMaxAttempts: clienttest.Ptr[int64](3), RetryDelay: clienttest.Ptr[int64](250), RetryBackoff: clienttest.Ptr("exponential"), StoreID: clienttest.Ptr("store-1"),
		ZDR: clienttest.Ptr(true), BYOKOnly: clienttest.Ptr(true), WorkersAIBillingMode: clienttest.Ptr("unified"),
		Guardrails:  &gateways.Guardrails{Prompt: map[string]string{"S1": "FLAG", "P1": "BLOCK"}},
		DLP:         &gateways.DLP{Enabled: true, Policies: policies()},
		OTel:        receivers(),
		SpendLimits: &gateways.SpendLimits{Enabled: true, Rules: rules()},
		Stripe:      &gateways.Stripe{Authorization: "stripe-key", UsageEvents: []string{`{"a":"$cost"}`, ""}},
	}
}

func policies() map[string]gateways.DLPPolicy {
	return map[string]gateways.DLPPolicy{
		"b": {Action: "FLAG"},
		"a": {Enabled: true, Action: "BLOCK", Check: []string{"REQUEST", "RESPONSE"}, Profiles: []string{"p2", "p1"}},
	}
}

func receivers() []gateways.OTel {
	return []gateways.OTel{
		{URL: "https://b.example/v1", Headers: map[string]string{"x-b": "2", "x-a": "1"}, Authorization: "ref", ContentType: "protobuf"},
		{URL: "https://a.example/v1"},
	}
}

func rules() map[string]gateways.SpendRule {
	return map[string]gateways.SpendRule{
		"monthly": {
			Enabled: true, Limit: 12.5, LimitType: "cost", Window: 2592000, Technique: "fixed",
			Metadata: map[string]gateways.SpendFilter{"user": {Mode: "partition"}, "team": {Mode: "filter", Values: []string{"x", "y"}}},
			Model:    &gateways.SpendFilter{Mode: "filter", Values: []string{"gpt-5"}},
			Provider: &gateways.SpendFilter{Mode: "filter", Values: []string{"openai"}},
		},
		"daily": {LimitType: "cost", Window: 86400},
	}
}

// These are the features of everything on the wire, with sorted keys.
const (
	wireGuardrails = `{"prompt":{"P1":"BLOCK","S1":"FLAG"},"response":{}}`
	wirePolicies   = `{"enabled":true,"policies":[` +
		`{"id":"a","enabled":true,"action":"BLOCK","check":["REQUEST","RESPONSE"],"profiles":["p2","p1"]},` +
		`{"id":"b","enabled":false,"action":"FLAG","check":[],"profiles":[]}]}`
	wireReceivers = `[{"url":"https://b.example/v1","headers":{"x-a":"1","x-b":"2"},"authorization":"ref","content_type":"protobuf"},` +
		`{"url":"https://a.example/v1","headers":{}}]`
	wireSpendLimits = `{"enabled":true,"rules":[{"id":"daily","enabled":false,"limit":0,"limitType":"cost","window":86400},` +
		`{"id":"monthly","enabled":true,"limit":12.5,"limitType":"cost","window":2592000,"technique":"fixed",` +
		`"metadata":{"team":{"mode":"filter","values":["x","y"]},"user":{"mode":"partition"}},` +
		`"model":{"mode":"filter","values":["gpt-5"]},"provider":{"mode":"filter","values":["openai"]}}]}`
	wireStripe = `{"authorization":"stripe-key","usage_events":[{"payload":"{\"a\":\"$cost\"}"},{"payload":""}]}`
	wireDLPOff = `{"enabled":false,"action":"FLAG","profiles":[]}`
)

// wireFields are the fields of a request body, as JSON.
type wireFields map[string]string

// exactly returns the body with changes and sorted keys. An empty field is left out.
func (w wireFields) exactly(change wireFields) string {
	all := maps.Clone(w)
	maps.Copy(all, change)
	maps.DeleteFunc(all, func(_, v string) bool { return v == "" })
	var b strings.Builder
	for _, field := range slices.Sorted(maps.Keys(all)) {
		b.WriteString(`,"` + field + `":` + all[field])
	}
	return "{" + strings.TrimPrefix(b.String(), ",") + "}"
}

var (
	// leastPost is the minimum of a create, and leastPut that of an update. The latter
	// switches off each feature but DLP, which takes an object for that.
	leastPost = wireFields{
		"id": `"demo"`, "cache_invalidate_on_update": "false", "cache_ttl": "0", "collect_logs": "true",
		"rate_limiting_interval": "0", "rate_limiting_limit": "0",
	}
	leastPut = wireFields{
		"cache_invalidate_on_update": "false", "cache_ttl": "0", "collect_logs": "true",
		"rate_limiting_interval": "0", "rate_limiting_limit": "0",
		"guardrails": "null", "otel": "null", "spend_limits": "null", "stripe": "null",
	}
	// plain are the usual settings, in both.
	plain = wireFields{"collect_logs": "true", "rate_limiting_technique": `"fixed"`, "authentication": "true"}
	// scalars are all settings but the features and log classification.
	scalars = wireFields{
		"cache_invalidate_on_update": "true", "cache_ttl": "300", "collect_logs": "true",
		"rate_limiting_interval": "60", "rate_limiting_limit": "5", "rate_limiting_technique": `"sliding"`, "authentication": "false",
		"log_management": "20000", "log_management_strategy": `"DELETE_OLDEST"`,
		"logpush": "true", "logpush_public_key": strconv.Quote(publicKey),
		"retry_max_attempts": "3", "retry_delay": "250", "retry_backoff": `"exponential"`, "store_id": `"store-1"`,
		"zdr": "true", "byok_only": "true", "workers_ai_billing_mode": `"unified"`,
	}
	features = wireFields{
		"guardrails": wireGuardrails, "dlp": wirePolicies, "otel": wireReceivers,
		"spend_limits": wireSpendLimits, "stripe": wireStripe,
	}
)

// with returns the fields of both; the later one wins.
func (w wireFields) with(more wireFields) wireFields {
	all := maps.Clone(w)
	maps.Copy(all, more)
	return all
}

// bare is a response of which an update carries nothing over.
var bare = clienttest.Reply(200, `{"success":true,"result":{"id":"demo"}}`)

// All bodies are asserted byte by byte.
func TestBodies(t *testing.T) {
	type change = func(*gateways.Settings)
	dlp := func(d gateways.DLP) change { return func(s *gateways.Settings) { s.DLP = &d } }
	for name, test := range map[string]struct {
		settings  gateways.Settings
		post, put string
		twice     bool // a create is two requests
	}{
		// The five required fields are always sent.
		"nothing":    {gateways.Settings{}, leastPost.exactly(nil), leastPut.exactly(nil), false},
		"plain":      {clienttest.GatewaySettings(), leastPost.exactly(plain), leastPut.exactly(plain), false},
		"everything": {everything(), leastPost.exactly(scalars), leastPut.exactly(scalars.with(features).with(wireFields{"log_classification": "true"})), true},
		"switched off with values": {clienttest.GatewaySettings(func(s *gateways.Settings) {
			s.CacheTTL, s.RateLimitingLimit, s.RateLimitingInterval = clienttest.Ptr[int64](300), clienttest.Ptr[int64](5), clienttest.Ptr[int64](60)
		}), leastPost.exactly(plain), leastPut.exactly(plain), false},
		// An empty value has nothing to clear in a create.
		"cleared": {clienttest.GatewaySettings(func(s *gateways.Settings) {
			s.LogpushPublicKey, s.RetryBackoff, s.StoreID = clienttest.Ptr(""), clienttest.Ptr(""), clienttest.Ptr("")
			s.RetryMaxAttempts, s.RetryDelay = clienttest.Ptr[int64](0), clienttest.Ptr[int64](0)
		}), leastPost.exactly(plain), leastPut.exactly(plain.with(wireFields{
			"logpush_public_key": "null", "retry_backoff": "null", "store_id": "null", "retry_max_attempts": "null", "retry_delay": "null",
		})), false},
		// False and 0 of the others are ordinary values.
		"false": {clienttest.GatewaySettings(func(s *gateways.Settings) {
			s.Logpush, s.ZDR, s.BYOKOnly, s.LogClassification, s.LogManagement = clienttest.Ptr(false), clienttest.Ptr(false), clienttest.Ptr(false), clienttest.Ptr(false), clienttest.Ptr[int64](0)
		}), leastPost.exactly(plain.with(wireFields{"logpush": "false", "zdr": "false", "byok_only": "false", "log_management": "0"})),
			leastPut.exactly(plain.with(wireFields{
				"logpush": "false", "zdr": "false", "byok_only": "false", "log_management": "0", "log_classification": "false",
			})), false},
		"log classification": {
			clienttest.GatewaySettings(func(s *gateways.Settings) { s.LogClassification = clienttest.Ptr(true) }),
			leastPost.exactly(plain), leastPut.exactly(plain.with(wireFields{"log_classification": "true"})), true,
		},
		"features that are off": {clienttest.GatewaySettings(func(s *gateways.Settings) {
			s.Guardrails, s.SpendLimits = &gateways.Guardrails{Prompt: map[string]string{}}, &gateways.SpendLimits{Rules: map[string]gateways.SpendRule{}}
			s.DLP, s.OTel = &gateways.DLP{Action: "BLOCK", Policies: map[string]gateways.DLPPolicy{}}, []gateways.OTel{}
		}), leastPost.exactly(plain), leastPut.exactly(plain), false},
		"DLP by profiles": {
			clienttest.GatewaySettings(dlp(gateways.DLP{Enabled: true, Action: "BLOCK", Profiles: []string{"p2", "p1"}})),
			leastPost.exactly(plain), leastPut.exactly(plain.with(wireFields{"dlp": `{"enabled":true,"action":"BLOCK","profiles":["p2","p1"]}`})), true,
		},
		"DLP of nothing": {
			clienttest.GatewaySettings(dlp(gateways.DLP{Enabled: true, Action: "FLAG"})),
			leastPost.exactly(plain), leastPut.exactly(plain.with(wireFields{"dlp": `{"enabled":true,"action":"FLAG","profiles":[]}`})), true,
		},
		"DLP disabled": {
			clienttest.GatewaySettings(dlp(gateways.DLP{Action: "FLAG", Profiles: []string{"p"}})),
			leastPost.exactly(plain), leastPut.exactly(plain.with(wireFields{"dlp": `{"enabled":false,"action":"FLAG","profiles":["p"]}`})), true,
		},
		"DLP without policies": {
			clienttest.GatewaySettings(dlp(gateways.DLP{Enabled: true, Policies: map[string]gateways.DLPPolicy{}})),
			leastPost.exactly(plain), leastPut.exactly(plain.with(wireFields{"dlp": `{"enabled":true,"policies":[]}`})), true,
		},
		"spend limits without rules": {
			clienttest.GatewaySettings(func(s *gateways.Settings) { s.SpendLimits = &gateways.SpendLimits{Enabled: true} }),
			leastPost.exactly(plain), leastPut.exactly(plain.with(wireFields{"spend_limits": `{"enabled":true,"rules":[]}`})), true,
		},
		"Stripe without events": {
			clienttest.GatewaySettings(func(s *gateways.Settings) { s.Stripe = &gateways.Stripe{Authorization: "k"} }),
			leastPost.exactly(plain), leastPut.exactly(plain.with(wireFields{"stripe": `{"authorization":"k","usage_events":[]}`})), true,
		},
		"guardrails of responses": {
			clienttest.GatewaySettings(func(s *gateways.Settings) {
				s.Guardrails = &gateways.Guardrails{Response: map[string]string{"S13": "BLOCK"}}
			}),
			leastPost.exactly(plain), leastPut.exactly(plain.with(wireFields{"guardrails": `{"prompt":{},"response":{"S13":"BLOCK"}}`})), true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			requests, bodies := []string{"POST "}, []string{test.post}
			if test.twice {
				requests, bodies = append(requests, "PUT /demo"), append(bodies, test.put)
			}
			requests, bodies = append(requests, "GET /demo", "PUT /demo"), append(bodies, "", test.put)
			server, c := clienttest.Start(t, clienttest.Repeat(len(requests), bare)...)
			clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Create(t.Context(), c, clienttest.Account, "demo", test.settings)))
			clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", test.settings, gateways.Settings{})))
			server.RequireRequests(requests...)
			server.RequireBodies(bodies...)
		})
	}
}

// Only a feature that was on is switched off explicitly.
func TestUpdateSwitchesOff(t *testing.T) {
	for name, test := range map[string]struct {
		was  gateways.DLP
		want string
	}{
		"policies":              {gateways.DLP{Enabled: true, Policies: policies()}, wireDLPOff},
		"no policies":           {gateways.DLP{Enabled: true, Policies: map[string]gateways.DLPPolicy{}}, wireDLPOff},
		"policies, disabled":    {gateways.DLP{Policies: policies()}, wireDLPOff},
		"profiles":              {gateways.DLP{Enabled: true, Action: "BLOCK", Profiles: []string{"p"}}, wireDLPOff},
		"profiles, disabled":    {gateways.DLP{Action: "BLOCK", Profiles: []string{"p"}}, wireDLPOff},
		"nothing":               {gateways.DLP{}, ""},
		"disabled and empty":    {gateways.DLP{Action: "FLAG", Profiles: []string{}}, ""},
		"disabled, no policies": {gateways.DLP{Policies: map[string]gateways.DLPPolicy{}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			was := everything()
			was.DLP = &test.was
			server, c := clienttest.Start(t, clienttest.Repeat(6, bare)...)
			off := clienttest.GatewaySettings(func(s *gateways.Settings) { s.DLP = &gateways.DLP{Action: "BLOCK"} })
			for _, now := range []gateways.Settings{clienttest.GatewaySettings(), off, everything()} {
				clienttest.RequireNoError(t, clienttest.ErrorOf(gateways.Update(t.Context(), c, clienttest.Account, "demo", "demo", now, was)))
			}
			want := leastPut.exactly(plain.with(wireFields{"dlp": test.want}))
			server.RequireBodies("", want, "", want, "", leastPut.exactly(scalars.with(features).with(wireFields{"log_classification": "true"})))
		})
	}
}
