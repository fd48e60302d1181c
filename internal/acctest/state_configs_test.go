package acctest_test

import (
	"maps"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// storeOfAccount stands for the ID of the Secrets Store in the configurations below.
const storeOfAccount = "the account's store"

// stateConfigs are configurations that together give a value to every attribute. A
// version of the provider that needs other configurations may change them, but not
// the states. They are in front of a gateway called parent.
var stateConfigs = map[string]map[string]attrs{
	"aigateway_gateway": {
		"minimal": {"name": "main"},
		"full": {
			"name": "main", "account_id": acctest.AccountID,
			"authentication": true, "zdr": true, "byok_only": true, "workers_ai_billing_mode": "unified", "store_id": storeOfAccount,
			"cache_enabled": true, "cache_ttl": int64(300), "cache_invalidate_on_update": true,
			"rate_limiting_enabled": true, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60), "rate_limiting_technique": "sliding",
			"log_enabled": true, "log_management": int64(50000), "log_management_strategy": "DELETE_OLDEST", "log_classification": true,
			"logpush": true, "logpush_public_key": strings.Repeat("k", 64),
			"retry_max_attempts": int64(3), "retry_delay": int64(500), "retry_backoff": "exponential",
			"guardrails": attrs{
				"prompt": attrs{"violent_crimes": "BLOCK", "prompt_injection": "FLAG"}, "response": attrs{"hate": "FLAG"},
			},
			"dlp": attrs{"enabled": true, "policies": attrs{
				"one": attrs{"action": "BLOCK", "check": []any{"REQUEST", "RESPONSE"}, "enabled": true, "profiles": []any{"a", "b"}},
			}},
			"otel": []any{
				attrs{
					"url": "https://otel.example.com/v1/traces", "content_type": "protobuf",
					"headers": attrs{"x-key": "header-in-state"}, "authorization": "store:reference-in-state",
				},
				attrs{
					"url": "https://other.example.com/v1/traces", "headers_wo": attrs{"x-key": "written"}, "headers_wo_version": int64(1),
					"authorization_wo": "store:written", "authorization_wo_version": int64(1),
				},
			},
			"spend_limits": attrs{"enabled": true, "rules": attrs{
				"per-user": attrs{
					"limit": 0.5, "window": int64(3600), "technique": "fixed", "enabled": false, "limit_type": "cost",
					"dimensions": attrs{
						"metadata.user": attrs{"mode": "partition"},
						"model":         attrs{"mode": "filter", "values": []any{"gpt-5.2"}},
					},
				},
			}},
			"stripe": attrs{"authorization": "key-in-state", "usage_events": []any{attrs{"payload": `{"value":"$cost"}`}}},
		},
		"other": {
			"name": "main", "dlp": attrs{"enabled": true, "action": "BLOCK", "profiles": []any{"a"}},
			"stripe": attrs{"authorization_wo": "written", "authorization_wo_version": int64(1), "usage_events": []any{attrs{"payload": `{"value":"$cost"}`}}},
		},
	},
	"aigateway_dynamic_route": {
		"full": {
			"gateway_id": "parent", "name": "support", "account_id": acctest.AccountID, "entry": "plan",
			"elements": attrs{
				"plan":  attrs{"conditional": attrs{"conditions": `{"metadata.plan":"paid"}`, "on_true": "split", "on_false": "limit"}},
				"split": attrs{"percentage": attrs{"outputs": attrs{"10%": "small", "else": "large"}}},
				"limit": attrs{"rate": attrs{
					"key": "metadata.user_id", "limit": 0.5, "limit_type": "cost", "window": int64(3600), "on_success": "small", "on_fallback": "end",
				}},
				"small": stateModel("gpt-5-mini"),
				"large": stateModel("gpt-5.2"),
			},
		},
	},
	"aigateway_provider_config": {
		"minimal": {"gateway_id": "parent", "provider_slug": "openai", "secret_wo": "written", "secret_wo_version": int64(1)},
		"full": {
			"gateway_id": "parent", "provider_slug": "openai", "account_id": acctest.AccountID, "alias": "second", "default_config": true,
			"rate_limit": int64(10), "rate_limit_period": int64(30), "secret_wo": "written", "secret_wo_version": int64(1),
		},
	},
	"aigateway_custom_provider": {
		"minimal": {"name": "Own", "slug": "own", "base_url": "https://own.example.com"},
		"full": {
			"name": "Own", "slug": "own", "base_url": "https://own.example.com/v1", "account_id": acctest.AccountID, "beta": true, "enable": true,
			"description": "Models on our own machines", "link": "https://own.example.com/docs", "position": int64(3),
			"headers": attrs{"X-Tenant": "blue"}, "curl_example": "curl https://own.example.com", "js_example": "fetch('https://own.example.com')",
		},
	},
	"aigateway_policy": {
		"minimal": {"gateway_id": "parent", "name": "all", "actor": "company:all", "action": "unlimited"},
		"full": {
			"gateway_id": "parent", "name": "budget", "account_id": acctest.AccountID, "actor": "user:{cf.user.id}", "action": "budget",
			"budget": attrs{"amount": 12.5, "period": "daily"}, "condition": `"engineering" in cf.user.groups`,
			"models": []any{"openai/gpt-5.2", "anthropic/*"}, "providers": []any{"workers-ai"},
		},
	},
	"aigateway_custom_domain": {
		"full": {
			"gateway_id": "parent", "hostname": "ai.example.com", "account_id": acctest.AccountID,
			"zone_id": "395566f4c8a5b9d2a5fc0d457b007c44", "min_tls": "1.3",
		},
	},
	"aigateway_secrets_store": {
		"full": {"name": "default_secrets_store", "account_id": acctest.AccountID},
	},
}

func stateModel(name string) attrs {
	return attrs{"model": attrs{
		"provider": "openai", "model": name, "timeout": int64(1000), "retries": int64(1), "on_success": "end", "on_fallback": "end",
	}}
}

// stateConfig returns a configuration with the ID of the account's store.
func stateConfig(typeName, name string, service *acctest.Service) attrs {
	config := maps.Clone(stateConfigs[typeName][name])
	if config["store_id"] == storeOfAccount {
		config["store_id"] = service.Emulator.StoreIDs(service.AccountID)[0]
	}
	return config
}
