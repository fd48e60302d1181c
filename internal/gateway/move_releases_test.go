package gateway_test

import (
	"maps"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// inRelease returns the state that a release of Cloudflare's provider has after a
// refresh of the gateway of the test below. By its files, 5.22.0 (2026-07-09)
// lacks byok_only and log_classification; 5.29.0 (2026-11-10) has them.
func inRelease(release string) attrs {
	codes := func(set attrs) attrs {
		all := attrs{"p1": nil}
		for _, code := range []string{"s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13"} {
			all[code] = nil
		}
		maps.Copy(all, set)
		return all
	}
	state := minimal(attrs{
		"cache_ttl": 3600, "authentication": true, "log_management": 100000, "log_management_strategy": "STOP_INSERTING",
		"logpush": false, "logpush_public_key": nil, "rate_limiting_technique": "fixed", "retry_backoff": nil, "retry_delay": nil,
		"retry_max_attempts": nil, "store_id": "", "zdr": false, "dlp": nil, "stripe": nil, "workers_ai_billing_mode": "postpaid",
		"guardrails": attrs{"prompt": codes(attrs{"s1": "BLOCK"}), "response": codes(nil)},
		"otel": []any{attrs{
			"url": "https://otel.example.com/", "headers": attrs{"x-api-key": "k"}, "authorization": nil, "content_type": "json",
		}},
		"spend_limits": attrs{"enabled": true, "rules": []any{attrs{
			"id": "6fb25042", "enabled": true, "limit": 100, "limit_type": "cost", "window": 86400, "technique": "sliding",
			"metadata": nil, "model": nil, "ai_gateway_provider": attrs{"mode": "filter", "values": []any{"openai"}},
		}}},
		"created_at": "2026-08-03T10:00:00Z", "modified_at": "2026-08-03T10:00:00Z", "is_default": false,
	})
	if release == "5.29.0" {
		state["byok_only"], state["log_classification"] = false, false
	}
	return state
}

// TestMoveFromReleases takes over what two releases write: the plan is empty with a
// refresh and without, and nothing is sent but the read of the refresh.
func TestMoveFromReleases(t *testing.T) {
	t.Parallel()
	for _, release := range []string{"5.22.0", "5.29.0"} {
		t.Run(release, func(t *testing.T) {
			t.Parallel()
			service, _ := emulate(t)
			service.Emulator.PutGateway(service.AccountID, attrs{
				"id": "demo", "cache_ttl": 3600, "authentication": true, "log_management": 100000, "log_management_strategy": "STOP_INSERTING",
				"rate_limiting_technique": "fixed",
				"guardrails":              attrs{"prompt": attrs{"S1": "BLOCK"}, "response": attrs{}},
				"otel":                    []any{attrs{"url": "https://otel.example.com/", "headers": attrs{"x-api-key": "k"}, "content_type": "json"}},
				"spend_limits": attrs{"enabled": true, "rules": []any{attrs{
					"id": "6fb25042", "enabled": true, "limit": 100, "limitType": "cost", "window": 86400, "technique": "sliding",
					"provider": attrs{"mode": "filter", "values": []any{"openai"}},
				}}},
				"created_at": "2026-08-03T10:00:00Z", "modified_at": "2026-08-03T10:00:00Z",
			})
			service.Emulator.ResetRequests()
			config := with(attrs{
				"cache_ttl": int64(3600), "authentication": true,
				"guardrails": attrs{"prompt": attrs{"violent_crimes": "BLOCK"}},
				"otel":       []any{attrs{"url": "https://otel.example.com/", "headers": attrs{"x-api-key": "k"}}},
				"spend_limits": attrs{"rules": attrs{"6fb25042": attrs{
					"limit": int64(100), "window": int64(86400), "dimensions": attrs{"provider": attrs{"mode": "filter", "values": []any{"openai"}}},
				}}},
			})
			// As for most: without a gateway_base_url.
			moved := service.Protocol(t, attrs{"gateway_base_url": client.DefaultGatewayBaseURL}).Resource(resourceType)
			if diags := moved.Move(fromCloudflare(inRelease(release))); len(diags) > 0 {
				t.Fatal(diags)
			}
			if plan, diags := moved.Plan(config); diags.HasError() || plan.Action != protocol.NoOp {
				t.Errorf("without a refresh: %s\n%s", plan.Action, diags)
			}
			service.RequireRequests(t)
			moved.MustPlanEmpty(config)
			service.RequireRequests(t, "GET "+one)
		})
	}
}

// TestMoveWithoutRefresh: what the old state lacks is planned as a change without a
// refresh, even if the service holds it. The update sends what it holds already.
func TestMoveWithoutRefresh(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.PutGateway(service.AccountID, attrs{"id": "demo", "byok_only": true})
	service.Emulator.ResetRequests()
	config := with(attrs{"byok_only": true})
	for refresh, want := range map[bool]protocol.Action{false: protocol.Update, true: protocol.NoOp} {
		moved := server.Resource(resourceType)
		if diags := moved.Move(fromCloudflare(minimal(nil))); diags.HasError() {
			t.Fatal(diags)
		}
		if refresh {
			if diags := moved.Refresh(); diags.HasError() {
				t.Fatal(diags)
			}
		}
		if plan, diags := moved.Plan(config); diags.HasError() || plan.Action != want {
			t.Errorf("refresh %t: %s, want %s\n%s", refresh, plan.Action, want, diags)
		}
	}
}
