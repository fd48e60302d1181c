package emulator_test

import (
	"testing"
)

// The tests of this file combine dynamic routes with the other features of a gateway.

func TestRouteAndCache(t *testing.T) {
	h := open(t, object{"cache_ttl": 60, "rate_limiting_limit": 1, "rate_limiting_interval": 60})
	id := h.route(ask("a", "emulator/flaky-1", "end", "b"), ask("b", "openai/m", "end", "end"))
	first := h.ask()
	first.wantModel(t, "openai/m", "1")
	// The cache responds before the route is walked: with another graph, and beyond the
	// rate limit.
	h.DeployRoute(accountID, "gw", id, []object{node("s", "start", nil, "next", "m"), ask("m", "grok/m", "end", "end")})
	hit := h.ask()
	hit.wantRaw(t, first.raw).wantHeaders(t, "cf-aig-cache-status", "HIT", "cf-aig-provider", "openai")
	has(t, "log", h.logs()[0], "cached", true, "provider", "openai", "model", "m", "cost", 0.0)
	// Another body, and the model itself, are other entries.
	h.chat("gw", "dynamic/r", "other").wantDataError(t, 429, 2003, "Rate limited")
	h.chat("gw", "openai/m", "hi").wantDataError(t, 429, 2003, "Rate limited")
	h.put("gw", object{"cache_ttl": 60})
	h.chat("gw", "dynamic/r", "other").wantModel(t, "grok/m", "0")
	// A failure is not cached.
	h.route(ask("a", "emulator/status-500", "end", "end"))
	h.chat("gw", "dynamic/r", "failing").wantNoModel(t)
	h.route(ask("a", "openai/m", "end", "end"))
	h.chat("gw", "dynamic/r", "failing").wantModel(t, "openai/m", "0")
}

func TestRouteAndRateLimit(t *testing.T) {
	h := open(t, object{"rate_limiting_limit": 2, "rate_limiting_interval": 60})
	h.route(ask("a", "emulator/status-500", "end", "b"), ask("b", "openai/m", "end", "end"))
	for range 2 { // however many models it asks, a request counts once
		h.ask().wantModel(t, "openai/m", "1")
	}
	h.ask().wantDataError(t, 429, 2003, "Rate limited")
	equal(t, "logs", 2, len(h.logs()))
}

func TestRouteAndSpendLimits(t *testing.T) {
	one := []string{"cf-aig-custom-cost", `{"total_cost":1}`}
	filter := func(values ...string) object { return object{"mode": "filter", "values": values} }

	h := open(t)
	h.put("gw", budget(object{"id": "o", "provider": filter("openai"), "model": filter("m")}))
	h.route(ask("a", "openai/m", "end", "b"), ask("b", "openai/n", "end", "end"))
	h.ask(one...).wantModel(t, "openai/m", "0")
	// A model whose budget is used up fails.
	h.ask(one...).wantModel(t, "openai/n", "1")
	h.chat("gw", "openai/m", "hi").wantDataError(t, 429, 2041, "rule 'o'")
	h.route(ask("a", "openai/m", "end", "end"))
	h.ask().wantNoModel(t)

	// A budget of the whole gateway refuses the request.
	h.put("gw", budget(object{"id": "all", "limit": 1}))
	h.route(ask("a", "openai/m", "end", "b"), ask("b", "grok/n", "end", "end"))
	h.ask(one...).wantModel(t, "openai/m", "0")
	h.ask(one...).wantDataError(t, 429, 2041, "Spend limit exceeded: rule 'all'")
}

func TestRouteAndScanners(t *testing.T) {
	h := open(t)
	h.put("gw", object{
		"guardrails": object{"prompt": object{"S1": "BLOCK"}, "response": object{"S2": "BLOCK"}},
		"dlp":        object{"enabled": true, "action": "BLOCK", "profiles": []string{"p"}},
	})
	h.route(ask("a", "emulator/flaky-1", "end", "b"), ask("b", "openai/m", "end", "end"))
	for _, tt := range []struct {
		prompt          string
		status, code    int
		message         string
		provider, model string
	}{
		{"[[guardrail:S1]]", 424, 2016, "Prompt blocked", "unknown", "dynamic/r"},
		{"[[dlp:p]]", 400, 2029, "Request content blocked", "unknown", "dynamic/r"},
		{"[[guardrail-response:S2]]", 424, 2017, "Response blocked", "openai", "m"},
		{"[[dlp-response:p]]", 400, 2030, "Response content blocked", "emulator", "flaky-1"},
	} {
		h.chat("gw", "dynamic/r", tt.prompt).wantDataError(t, tt.status, tt.code, tt.message)
		has(t, tt.prompt+": log", h.logs()[0], "provider", tt.provider, "model", tt.model, "success", false)
	}
}

func TestRouteAndCredentials(t *testing.T) {
	h := open(t, object{"byok_only": true})
	h.route(ask("a", "openai/m", "end", "b"), ask("b", "workers-ai/@cf/meta/x", "end", "end"))
	// Without a key, only Workers AI responds.
	h.ask().wantModel(t, "workers-ai/@cf/meta/x", "1")
	h.ask("Authorization", "Bearer sk-provider").wantModel(t, "openai/m", "0")
	h.put("gw", object{"byok_only": false})
	h.ask("cf-aig-no-wholesale", "true").wantModel(t, "workers-ai/@cf/meta/x", "1")
	h.ask().wantModel(t, "openai/m", "0")
	has(t, "log", h.logs()[0], "provider", "openai")
}

func TestRouteAndAuthentication(t *testing.T) {
	h := open(t, object{"authentication": true})
	h.route(ask("a", "openai/m", "end", "end"))
	h.ask().wantModel(t, "openai/m", "0")
	h.ask("cf-aig-authorization", "Bearer wrong").wantDataError(t, 401, 2009, "Unauthorized")
}

// TestConditionsOfARequest shows that conditions see the request: metadata, headers
// and body. Package conditions tests the operators.
func TestConditionsOfARequest(t *testing.T) {
	h := open(t, object{"collect_logs": false})
	for condition, want := range map[string]string{"metadata.plan": "free", "headers.x-team": "red", "body.messages.0.content": "hi"} {
		h.route(node("c", "conditional", object{"conditions": object{condition: want}}, "true", "yes", "false", "no"),
			ask("yes", "openai/true", "end", "end"), ask("no", "openai/false", "end", "end"))
		h.ask("cf-aig-metadata", `{"plan":"free"}`, "X-Team", "red").wantModel(t, "openai/true", "0")
		h.chat("gw", "dynamic/r", "other", "cf-aig-metadata", `{"plan":"paid"}`).wantModel(t, "openai/false", "0")
	}
}

// TestConditionsOnDroppedMetadata shows that conditions do not see dropped metadata.
func TestConditionsOnDroppedMetadata(t *testing.T) {
	h := open(t)
	h.route(node("c", "conditional", object{"conditions": object{"metadata.plan": object{"$exists": true}}}, "true", "yes", "false", "no"),
		ask("yes", "openai/true", "end", "end"), ask("no", "openai/false", "end", "end"))
	for metadata, want := range map[string]string{
		`{"plan":"x"}`:            "openai/true",
		`{"plan":"x","bad":null}`: "openai/false",
		`nonsense`:                "openai/false",
		`{"a":1,"b":2,"c":3,"d":4,"e":5,"plan":"x"}`: "openai/false",
	} {
		h.ask("cf-aig-metadata", metadata).wantModel(t, want, "0")
	}
}
