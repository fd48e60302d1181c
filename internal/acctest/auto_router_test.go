package acctest_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestAutoRouterIsReported reads what the service chose for cloudflare/auto.
func TestAutoRouterIsReported(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{})
	service.Emulator.PutGateway(service.AccountID, attrs{"id": "demo"})
	server := service.Protocol(t, attrs{"allow_test_requests": true})
	for _, test := range []struct {
		model, allowed                     string
		routed, reason, provider, answered any
	}{
		{"cloudflare/auto", "", "openai/gpt-5.6-luna", "cost_optimal_within_pool", "openai", "gpt-5.6-luna"},
		{"cloudflare/auto", "xai/grok-4.5", "xai/grok-4.5", "forced_by_candidate_pool", "grok", "grok-4.5"},
		{"openai/gpt-5.2", "", nil, nil, "openai", "gpt-5.2"},
	} {
		config := attrs{"gateway_id": "demo", "model": test.model, "prompt": "Hi"}
		if test.allowed != "" {
			config["headers"] = attrs{"cf-aig-allowed-models": test.allowed}
		}
		value, diags := server.ReadDataSource("aigateway_chat_completion", config)
		if len(diags) != 0 {
			t.Fatal(diags)
		}
		state := protocol.Object(t, value)
		wants := attrs{
			"routed_model": test.routed, "routing_reason": test.reason, "provider_name": test.provider, "response_model": test.answered,
		}
		for name, want := range wants {
			if state[name] != want {
				t.Errorf("%s %s: %s is %v, want %v", test.model, test.allowed, name, state[name], want)
			}
		}
	}
}
