package emulator_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// TestAutoRouter shows which model the emulator chooses for cloudflare/auto.
func TestAutoRouter(t *testing.T) {
	const best, only = "cost_optimal_within_pool", "forced_by_candidate_pool"
	models, providers := "cf-aig-allowed-models", "cf-aig-allowed-providers"
	h := open(t)
	for _, tt := range []struct {
		headers               []string
		routed, model, reason string // model is what answers
	}{
		{nil, "openai/gpt-5.6-luna", "openai/gpt-5.6-luna", best},
		{[]string{models, "anthropic/*"}, "anthropic/claude-sonnet-5", "anthropic/claude-sonnet-5", best},
		{[]string{models, "openai/gpt-5.6-sol"}, "openai/gpt-5.6-sol", "openai/gpt-5.6-sol", only},
		{[]string{models, " xai/grok-4.6 , openai/gpt-5.5"}, "xai/grok-4.6", "grok/grok-4.6", best},
		{[]string{models, "@cf/openai/*"}, "@cf/openai/gpt-oss-20b", "workers-ai/@cf/openai/gpt-oss-20b", only},
		{[]string{providers, "xai"}, "xai/grok-4.5", "grok/grok-4.5", best},
		{[]string{providers, "workers-ai"}, "@cf/google/gemma-4-26b-a4b-it", "workers-ai/@cf/google/gemma-4-26b-a4b-it", best},
		{[]string{models, "openai/*", providers, "openai,anthropic"}, "openai/gpt-5.6-luna", "openai/gpt-5.6-luna", best},
	} {
		r := h.chat("gw", "cloudflare/auto", "hi", tt.headers...)
		r.wantModel(t, tt.model, "0")
		r.wantHeaders(t, "cf-aig-routed-model", tt.routed, "cf-aig-routing-reason", tt.reason)
		expect(t, r.header.Get("cf-aig-routing-decision-id") != "", "no decision: %v", r.header)
	}
	for _, headers := range [][]string{{models, "acme/x"}, {models, "*"}, {models, "openai/gpt-5.5,acme/*"}, {providers, "acme"}, {models, "openai/*", providers, "xai"}} {
		r := h.chat("gw", "cloudflare/auto", "hi", headers...)
		r.want(t, 400, "success", false).wantHeaders(t, "cf-aig-routed-model", "")
	}
	h.chat("gw", "openai/m", "hi").wantHeaders(t, "cf-aig-routed-model", "", "cf-aig-routing-reason", "")
	h.chat("gw", "cloudflare/other", "hi").wantDataError(t, 400, 2008, "Invalid provider")
}

// The Auto Router chooses among what the gateway has a credential for.
func TestAutoRouterNeedsCredentials(t *testing.T) {
	h := open(t, object{"byok_only": true})
	h.chat("gw", "cloudflare/auto", "hi").want(t, 400)
	h.chat("gw", "cloudflare/auto", "hi", "cf-aig-allowed-providers", "workers-ai,openai").
		wantModel(t, "workers-ai/@cf/google/gemma-4-26b-a4b-it", "0")
}

func TestAutoRouterElsewhere(t *testing.T) {
	h := open(t)
	h.rest("v1/chat/completions", hi("cloudflare/auto"), "cf-aig-gateway-id", "gw").wantModel(t, "openai/gpt-5.6-luna", "0")
	r := h.rest("v1/responses", `{"model":"cloudflare/auto","input":"hi"}`).want(t, 200, "model", "gpt-5.6-luna")
	r.wantHeaders(t, "cf-aig-routed-model", "openai/gpt-5.6-luna")
	h.universal([]object{step("emulator/status-500"), step("cloudflare/auto")}).wantModel(t, "openai/gpt-5.6-luna", "1")
	// Other formats are not supported (documented).
	h.rest("v1/messages", `{"model":"cloudflare/auto","max_tokens":1,"messages":[{"role":"user","content":"hi"}]}`).
		wantErrors(t, 404, wire.CodeCouldNotRoute, "Model not found: cloudflare/auto")
	h.send("POST", "/v1/"+accountID+"/gw/compat/embeddings", `{"model":"cloudflare/auto","input":"x"}`).wantDataError(t, 400, 2008, "Invalid provider")
}
