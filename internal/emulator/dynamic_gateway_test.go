package emulator_test

import (
	"testing"
)

// The rest of the gateway, and dynamic routes.

func TestRouteAndCache(t *testing.T) {
	h := open(t, object{"cache_ttl": 60, "rate_limiting_limit": 1, "rate_limiting_interval": 60})
	id := h.route(ask("a", "emulator/flaky-1", "end", "b"), ask("b", "openai/m", "end", "end"))
	first := h.ask()
	first.wantModel(t, "openai/m", "1")
	// The cache answers before the route is walked: with another graph, and
	// beyond the rate limit.
	h.DeployRoute(accountID, "gw", id, []object{node("s", "start", nil, "next", "m"), ask("m", "grok/m", "end", "end")})
	hit := h.ask()
	if hit.raw != first.raw || hit.header.Get("cf-aig-cache-status") != "HIT" || hit.header.Get("cf-aig-provider") != "openai" {
		t.Errorf("%v %s", hit.header, hit.raw)
	}
	log := h.logs()[0]
	if log["cached"] != true || log["provider"] != "openai" || log["model"] != "m" || log["cost"] != 0.0 {
		t.Errorf("log = %v", log)
	}
	// Another body, and the model itself, are other entries.
	h.chat("gw", "dynamic/r", "other").wantDataError(t, 429, 2003, "Rate limited")
	h.chat("gw", "openai/m", "hi").wantDataError(t, 429, 2003, "Rate limited")
	h.put("gw", object{"cache_ttl": 60})
	h.chat("gw", "dynamic/r", "other").wantModel(t, "grok/m", "0")
	// A failure is not kept.
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
	if got := len(h.logs()); got != 2 {
		t.Errorf("%d logs", got)
	}
}

func TestRouteAndSpendLimits(t *testing.T) {
	one := []string{"cf-aig-custom-cost", `{"total_cost":1}`}
	filter := func(values ...string) object { return object{"mode": "filter", "values": values} }

	h := open(t)
	h.put("gw", budget(object{"id": "o", "provider": filter("openai"), "model": filter("m")}))
	h.route(ask("a", "openai/m", "end", "b"), ask("b", "openai/n", "end", "end"))
	h.ask(one...).wantModel(t, "openai/m", "0")
	// A model whose budget is used up is one that fails.
	h.ask(one...).wantModel(t, "openai/n", "1")
	h.chat("gw", "openai/m", "hi").wantDataError(t, 429, 2041, "rule 'o'")
	h.route(ask("a", "openai/m", "end", "end"))
	h.ask().wantNoModel(t)

	// A budget of the whole gateway is no matter of models.
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
	tests := []struct {
		prompt          string
		status, code    int
		message         string
		provider, model string
	}{
		{"[[guardrail:S1]]", 424, 2016, "Prompt blocked", "unknown", "dynamic/r"},
		{"[[dlp:p]]", 400, 2029, "Request content blocked", "unknown", "dynamic/r"},
		{"[[guardrail-response:S2]]", 424, 2017, "Response blocked", "openai", "m"},
		{"[[dlp-response:p]]", 400, 2030, "Response content blocked", "emulator", "flaky-1"},
	}
	for _, tt := range tests {
		h.chat("gw", "dynamic/r", tt.prompt).wantDataError(t, tt.status, tt.code, tt.message)
		if log := h.logs()[0]; log["provider"] != tt.provider || log["model"] != tt.model || log["success"] != false {
			t.Errorf("%s: log = %v", tt.prompt, log)
		}
	}
}

func TestRouteAndCredentials(t *testing.T) {
	h := open(t, object{"byok_only": true})
	h.route(ask("a", "openai/m", "end", "b"), ask("b", "workers-ai/@cf/meta/x", "end", "end"))
	// Without a key, only Workers AI can answer.
	h.ask().wantModel(t, "workers-ai/@cf/meta/x", "1")
	h.ask("Authorization", "Bearer sk-provider").wantModel(t, "openai/m", "0")
	h.put("gw", object{"byok_only": false})
	h.ask("cf-aig-no-wholesale", "true").wantModel(t, "workers-ai/@cf/meta/x", "1")
	h.ask().wantModel(t, "openai/m", "0")
	if log := h.logs()[0]; log["provider"] != "openai" {
		t.Errorf("log = %v", log)
	}
}

func TestRouteAndAuthentication(t *testing.T) {
	h := open(t, object{"authentication": true})
	h.route(ask("a", "openai/m", "end", "end"))
	h.ask().wantModel(t, "openai/m", "0")
	h.ask("cf-aig-authorization", "Bearer wrong").wantDataError(t, 401, 2009, "Unauthorized")
}
