package gateway_test

import (
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// Quirks by what they concern. Those that concern every response alike
// (extra-fields), or what this provider never sends (create-accepts-all), are left
// to TestLifecycleOfEverything.
var (
	always    = []emulator.Quirk{emulator.PutKeepsOmitted}
	switches  = []emulator.Quirk{emulator.PutKeepsOmitted, emulator.EchoNull, emulator.OmitUnset}
	retention = []emulator.Quirk{emulator.PutKeepsOmitted, emulator.PaidPlan}
	onUpdate  = []emulator.Quirk{emulator.PutKeepsOmitted, emulator.OmitUnset}
	secretive = []emulator.Quirk{emulator.PutKeepsOmitted, emulator.SecretsMasked, emulator.SecretsOmitted}
)

// scalars holds the settings that are optional and computed.
var scalars = []lifecycle{
	{
		name: "cache_enabled", first: attrs{"cache_enabled": false}, second: attrs{"cache_enabled": true, "cache_ttl": int64(60)},
		firstState: attrs{"cache_ttl": int64(0)}, quirks: switches,
	},
	{
		name: "cache_ttl", first: attrs{"cache_ttl": int64(300)}, second: attrs{"cache_ttl": int64(0)},
		firstState: attrs{"cache_enabled": true}, quirks: switches,
	},
	{
		name: "cache_ttl of a month", first: attrs{"cache_ttl": int64(2592000)}, second: attrs{"cache_ttl": int64(1)},
		firstState: attrs{"cache_enabled": true},
	},
	{
		name: "cache switched off with a TTL", first: attrs{"cache_enabled": true, "cache_ttl": int64(300)},
		second: attrs{"cache_enabled": false, "cache_ttl": int64(300)}, quirks: switches,
	},
	{
		name: "rate_limiting_enabled", first: attrs{"rate_limiting_enabled": false},
		second:     attrs{"rate_limiting_enabled": true, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
		firstState: attrs{"rate_limiting_limit": int64(0), "rate_limiting_interval": int64(0)}, quirks: switches,
	},
	{
		name: "rate_limiting_limit and interval", first: attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
		second:     attrs{"rate_limiting_limit": int64(0), "rate_limiting_interval": int64(0)},
		firstState: attrs{"rate_limiting_enabled": true}, quirks: switches,
	},
	{
		name:   "rate limiting switched off with a limit",
		first:  attrs{"rate_limiting_enabled": true, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
		second: attrs{"rate_limiting_enabled": false, "rate_limiting_limit": int64(7), "rate_limiting_interval": int64(9)}, quirks: switches,
	},
	{
		name: "rate_limiting_technique", first: attrs{"rate_limiting_technique": "sliding"},
		second: attrs{"rate_limiting_technique": "fixed"}, quirks: switches,
	},
	{name: "log_enabled", first: attrs{"log_enabled": false}, second: attrs{"log_enabled": true}, quirks: always},
	{name: "authentication", first: attrs{"authentication": false}, second: attrs{"authentication": true}, quirks: always},
	{
		name: "cache_invalidate_on_update", first: attrs{"cache_invalidate_on_update": true},
		second: attrs{"cache_invalidate_on_update": false}, quirks: always,
	},
	{name: "log_management", first: attrs{"log_management": int64(10000)}, second: attrs{"log_management": int64(20000)}, quirks: retention},
	{
		name: "log_management_strategy", first: attrs{"log_management_strategy": "DELETE_OLDEST"},
		second: attrs{"log_management_strategy": "STOP_INSERTING"}, quirks: retention,
	},
	{
		name: "log_classification", first: attrs{"log_classification": true}, second: attrs{"log_classification": false},
		firstState: attrs{"log_enabled": true}, quirks: onUpdate,
	},
	{
		name: "log_classification without logs", first: attrs{"log_classification": true, "log_enabled": true},
		second: attrs{"log_enabled": false}, quirks: onUpdate,
	},
	{name: "logpush", first: attrs{"logpush": true}, second: attrs{"logpush": false}, quirks: always},
	{
		name: "logpush_public_key", first: attrs{"logpush_public_key": strings.Repeat("k", 16)},
		second: attrs{"logpush_public_key": ""}, quirks: switches,
	},
	{name: "retry_max_attempts", first: attrs{"retry_max_attempts": int64(5)}, second: attrs{"retry_max_attempts": int64(0)}, quirks: switches},
	{name: "retry_delay", first: attrs{"retry_delay": int64(250)}, second: attrs{"retry_delay": int64(0)}, quirks: switches},
	{name: "retry_backoff", first: attrs{"retry_backoff": "linear"}, second: attrs{"retry_backoff": ""}, quirks: switches},
	{name: "store_id", first: attrs{"store_id": strings.Repeat("5", 32)}, second: attrs{"store_id": ""}, quirks: switches},
	{name: "zdr", first: attrs{"zdr": true}, second: attrs{"zdr": false}, quirks: always},
	{name: "byok_only", first: attrs{"byok_only": true}, second: attrs{"byok_only": false}, quirks: always, wire: attrs{"byok_only": true}},
	{
		name: "workers_ai_billing_mode", first: attrs{"workers_ai_billing_mode": "unified"},
		second: attrs{"workers_ai_billing_mode": "postpaid"}, quirks: always,
	},
}

// features holds the features, which are off when they are unset. The
// wire forms are written out, so that nobody's codec checks itself.
var features = []lifecycle{
	{
		name: "guardrails", feature: true, quirks: onUpdate,
		first:  attrs{"guardrails": attrs{"prompt": attrs{"violent_crimes": "BLOCK", "prompt_injection": "FLAG"}, "response": attrs{"hate": "FLAG"}}},
		second: attrs{"guardrails": attrs{"prompt": attrs{"violent_crimes": "FLAG"}, "response": attrs{}}},
		wire:   attrs{"guardrails": attrs{"prompt": attrs{"S1": "BLOCK", "P1": "FLAG"}, "response": attrs{"S10": "FLAG"}}},
	},
	{
		name: "guardrails, every category", feature: true,
		first:  attrs{"guardrails": attrs{"prompt": allCategories("BLOCK"), "response": allCategories("FLAG")}},
		second: attrs{"guardrails": attrs{"response": allCategories("BLOCK")}},
		wire: attrs{"guardrails": attrs{
			"prompt": attrs{
				"S1": "BLOCK", "S2": "BLOCK", "S3": "BLOCK", "S4": "BLOCK", "S5": "BLOCK", "S6": "BLOCK", "S7": "BLOCK",
				"S8": "BLOCK", "S9": "BLOCK", "S10": "BLOCK", "S11": "BLOCK", "S12": "BLOCK", "S13": "BLOCK", "P1": "BLOCK",
			},
			"response": attrs{
				"S1": "FLAG", "S2": "FLAG", "S3": "FLAG", "S4": "FLAG", "S5": "FLAG", "S6": "FLAG", "S7": "FLAG",
				"S8": "FLAG", "S9": "FLAG", "S10": "FLAG", "S11": "FLAG", "S12": "FLAG", "S13": "FLAG", "P1": "FLAG",
			},
		}},
	},
	{
		name: "dlp by profiles", feature: true, quirks: onUpdate,
		first:  attrs{"dlp": attrs{"enabled": true, "action": "BLOCK", "profiles": []any{"a", "b"}}},
		second: attrs{"dlp": attrs{"enabled": true, "action": "FLAG", "profiles": []any{"b"}}},
		wire:   attrs{"dlp": attrs{"enabled": true, "action": "BLOCK", "profiles": []any{"a", "b"}}},
	},
	{
		name: "dlp by policies", feature: true, quirks: onUpdate,
		first: attrs{"dlp": attrs{"enabled": true, "policies": attrs{
			"one": attrs{"action": "BLOCK", "check": []any{"REQUEST"}, "enabled": true, "profiles": []any{"a"}},
			"two": attrs{"action": "FLAG", "check": []any{"REQUEST", "RESPONSE"}, "enabled": false, "profiles": []any{}},
		}}},
		second: attrs{"dlp": attrs{"enabled": true, "policies": attrs{
			"two": attrs{"action": "FLAG", "check": []any{"RESPONSE"}, "enabled": true, "profiles": []any{"c"}},
		}}},
		wire: attrs{"dlp": attrs{"enabled": true, "policies": []any{
			attrs{"id": "one", "action": "BLOCK", "check": []any{"REQUEST"}, "enabled": true, "profiles": []any{"a"}},
			attrs{"id": "two", "action": "FLAG", "check": []any{"REQUEST", "RESPONSE"}, "enabled": false, "profiles": []any{}},
		}}},
	},
	{
		name: "dlp from one form to the other", feature: true,
		first:  attrs{"dlp": attrs{"enabled": true, "action": "BLOCK", "profiles": []any{"a"}}},
		second: attrs{"dlp": attrs{"enabled": true, "policies": attrs{"one": attrs{"action": "BLOCK", "check": []any{"REQUEST"}, "enabled": true, "profiles": []any{"a"}}}}},
	},
	{
		name: "otel", feature: true, quirks: secretive,
		first: attrs{"otel": []any{
			attrs{"url": "https://otel.example.com/v1/traces", "headers": attrs{"x-key": "otel-secret-1"}, "authorization": "store:otel-secret-2"},
			attrs{"url": "https://other.example.com/", "content_type": "protobuf"},
		}},
		second: attrs{"otel": []any{attrs{"url": "https://otel.example.com/v1/traces", "headers": attrs{"x-key": "otel-secret-3"}}}},
		wire: attrs{"otel": []any{
			attrs{
				"url": "https://otel.example.com/v1/traces", "headers": attrs{"x-key": "otel-secret-1"},
				"authorization": "store:otel-secret-2", "content_type": "json",
			},
			attrs{"url": "https://other.example.com/", "headers": attrs{}, "content_type": "protobuf"},
		}},
	},
	{
		name: "otel, write-only", feature: true, quirks: secretive,
		first: attrs{"otel": []any{attrs{
			"url": "https://otel.example.com/", "headers_wo": attrs{"x-key": "otel-secret-1"}, "headers_wo_version": int64(1),
			"authorization_wo": "store:otel-secret-2", "authorization_wo_version": int64(1),
		}}},
		second: attrs{"otel": []any{attrs{
			"url": "https://otel.example.com/", "headers_wo": attrs{"x-key": "otel-secret-3"}, "headers_wo_version": int64(2),
			"authorization_wo": "store:otel-secret-2", "authorization_wo_version": int64(1),
		}}},
		wire: attrs{"otel": []any{attrs{
			"url": "https://otel.example.com/", "headers": attrs{"x-key": "otel-secret-1"},
			"authorization": "store:otel-secret-2", "content_type": "json",
		}}},
	},
	{
		name: "spend_limits", feature: true, quirks: onUpdate,
		first: attrs{"spend_limits": attrs{"rules": attrs{
			"monthly": attrs{"limit": float64(100), "window": int64(2592000), "dimensions": attrs{}},
			"per-user": attrs{
				"limit": 0.5, "window": int64(3600), "technique": "fixed", "enabled": false,
				"dimensions": attrs{
					"metadata.user": attrs{"mode": "partition"},
					"metadata.plan": attrs{"mode": "filter", "values": []any{"free", "trial"}},
					"model":         attrs{"mode": "filter", "values": []any{"gpt-5.2"}},
					"provider":      attrs{"mode": "filter", "values": []any{"openai"}},
				},
			},
			"split": attrs{"limit": float64(5), "window": int64(60), "dimensions": attrs{
				"model": attrs{"mode": "partition"}, "provider": attrs{"mode": "partition"},
			}},
		}}},
		second: attrs{"spend_limits": attrs{"enabled": false, "rules": attrs{
			"monthly": attrs{"limit": float64(200), "window": int64(2592000), "technique": "sliding", "limit_type": "cost", "dimensions": attrs{}},
		}}},
		wire: attrs{"spend_limits": attrs{"enabled": true, "rules": []any{
			attrs{"id": "monthly", "limit": float64(100), "limitType": "cost", "window": float64(2592000), "technique": "sliding", "enabled": true},
			attrs{
				"id": "per-user", "limit": 0.5, "limitType": "cost", "window": float64(3600), "technique": "fixed", "enabled": false,
				"metadata": attrs{"user": attrs{"mode": "partition"}, "plan": attrs{"mode": "filter", "values": []any{"free", "trial"}}},
				"model":    attrs{"mode": "filter", "values": []any{"gpt-5.2"}}, "provider": attrs{"mode": "filter", "values": []any{"openai"}},
			},
			attrs{
				"id": "split", "limit": float64(5), "limitType": "cost", "window": float64(60), "technique": "sliding", "enabled": true,
				"model": attrs{"mode": "partition"}, "provider": attrs{"mode": "partition"},
			},
		}}},
	},
	{
		name: "stripe", feature: true, quirks: secretive,
		first:  attrs{"stripe": attrs{"authorization": "sk_test_secret_1", "usage_events": []any{attrs{"payload": `{"value":"$cost"}`}}}},
		second: attrs{"stripe": attrs{"authorization": "sk_test_secret_2", "usage_events": []any{}}},
		wire:   attrs{"stripe": attrs{"authorization": "sk_test_secret_1", "usage_events": []any{attrs{"payload": `{"value":"$cost"}`}}}},
	},
	{
		name: "stripe, write-only", feature: true, quirks: secretive,
		first: attrs{"stripe": attrs{
			"authorization_wo": "sk_test_secret_1", "authorization_wo_version": int64(1), "usage_events": []any{attrs{"payload": `{"value":"$cost"}`}},
		}},
		second: attrs{"stripe": attrs{
			"authorization_wo": "sk_test_secret_2", "authorization_wo_version": int64(2), "usage_events": []any{attrs{"payload": `{"value":"$cost"}`}},
		}},
		wire: attrs{"stripe": attrs{"authorization": "sk_test_secret_1", "usage_events": []any{attrs{"payload": `{"value":"$cost"}`}}}},
	},
}

// everything sets all settings at once.
var everything = lifecycle{
	name: "everything", feature: true,
	first: attrs{
		"account_id": acctest.AccountID, "cache_enabled": true, "cache_ttl": int64(300), "rate_limiting_enabled": true,
		"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60), "rate_limiting_technique": "sliding",
		"log_enabled": true, "authentication": false, "cache_invalidate_on_update": true,
		"log_management": int64(50000), "log_management_strategy": "DELETE_OLDEST", "log_classification": true, "logpush": true,
		"logpush_public_key": strings.Repeat("k", 1024), "retry_max_attempts": int64(3), "retry_delay": int64(60000),
		"retry_backoff": "exponential", "store_id": "store", "zdr": true, "byok_only": true, "workers_ai_billing_mode": "unified",
		"guardrails":   features[0].first["guardrails"],
		"dlp":          features[3].first["dlp"],
		"otel":         features[5].first["otel"],
		"spend_limits": features[7].first["spend_limits"],
		"stripe":       features[8].first["stripe"],
	},
	second: attrs{
		"account_id": acctest.AccountID, "cache_enabled": true, "cache_ttl": int64(60), "rate_limiting_enabled": true,
		"rate_limiting_limit": int64(10), "rate_limiting_interval": int64(30), "rate_limiting_technique": "fixed",
		"log_enabled": true, "authentication": true, "cache_invalidate_on_update": false,
		"log_management": int64(10000000), "log_management_strategy": "STOP_INSERTING", "log_classification": false, "logpush": false,
		"logpush_public_key": "", "retry_max_attempts": int64(0), "retry_delay": int64(0),
		"retry_backoff": "", "store_id": "", "zdr": false, "byok_only": false, "workers_ai_billing_mode": "postpaid",
		"guardrails":   features[0].second["guardrails"],
		"dlp":          features[3].second["dlp"],
		"otel":         features[5].second["otel"],
		"spend_limits": features[7].second["spend_limits"],
		"stripe":       features[8].second["stripe"],
	},
}

func allCategories(action string) attrs {
	all := attrs{}
	for _, category := range []string{
		"violent_crimes", "non_violent_crimes", "sex_related_crimes", "child_sexual_exploitation", "defamation",
		"specialized_advice", "privacy", "intellectual_property", "indiscriminate_weapons", "hate",
		"suicide_and_self_harm", "sexual_content", "elections", "prompt_injection",
	} {
		all[category] = action
	}
	return all
}
