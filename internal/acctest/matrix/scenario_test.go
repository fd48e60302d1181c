package matrix_test

type attrs = map[string]any

// An operation is what a run does with one resource or data source.
type operation struct {
	name, typeName string
	// from is the configuration that exists before, nil if there is none.
	from attrs
	// to is the configuration that the operation applies, or the state in which it
	// leaves the object. Nil destroys. For a data source, it is the configuration.
	to attrs
	do func(*cell) diagnostics
	// lists is whether a list resource is read, and not a data source.
	lists bool
}

// Objects that exist in every cell. Those called bystander must stay as they are.
const (
	parentID    = "parent"
	bystanderID = "bystander"
	logID       = "01J00000000000000000000LOG"
	zoneID      = "395566f4c8a5b9d2a5fc0d457b007c44"
)

func model(name string, more ...string) attrs {
	next := "end"
	for _, n := range more {
		next = n
	}
	return attrs{"model": attrs{
		"provider": "openai", "model": name, "timeout": int64(1000), "retries": int64(1), "on_success": "end", "on_fallback": next,
	}}
}

// resources are the configurations of each type of resource: the first is the one
// that others change to.
var resources = map[string][]struct {
	name   string
	config attrs
}{
	"aigateway_gateway": {
		{"bare", attrs{"name": "subject"}},
		{"cached", attrs{"name": "subject", "cache_ttl": int64(60), "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)}},
		{"featured", attrs{
			"name": "subject", "cache_ttl": int64(90), "retry_max_attempts": int64(3), "retry_delay": int64(500), "retry_backoff": "exponential",
			"guardrails": attrs{"prompt": attrs{"prompt_injection": "BLOCK"}},
		}},
	},
	"aigateway_dynamic_route": {
		{"one model", attrs{"gateway_id": parentID, "name": "subject", "entry": "a", "elements": attrs{"a": model("gpt-5.2")}}},
		{"two models", attrs{"gateway_id": parentID, "name": "subject", "entry": "a", "elements": attrs{"a": model("gpt-5.2", "b"), "b": model("gpt-5-mini")}}},
		{"renamed", attrs{"gateway_id": parentID, "name": "subject-2", "entry": "a", "elements": attrs{"a": model("gpt-5.2")}}},
	},
	"aigateway_provider_config": {
		{"key", attrs{"gateway_id": parentID, "provider_slug": "openai", "alias": "subject", "secret_wo": "sk-1", "secret_wo_version": int64(1)}},
		{"rotated", attrs{"gateway_id": parentID, "provider_slug": "openai", "alias": "subject", "secret_wo": "sk-2", "secret_wo_version": int64(2)}},
		{"limited", attrs{
			"gateway_id": parentID, "provider_slug": "openai", "alias": "subject", "secret_wo": "sk-1", "secret_wo_version": int64(1),
			"rate_limit": int64(10), "rate_limit_period": int64(60),
		}},
	},
	"aigateway_policy": {
		{"unlimited", attrs{"gateway_id": parentID, "name": "subject", "actor": "company:all", "action": "unlimited"}},
		{"budget", attrs{
			"gateway_id": parentID, "name": "subject", "actor": "user:{cf.user.id}", "action": "budget",
			"budget": attrs{"amount": int64(10), "period": "daily"}, "models": []any{"openai/gpt-5.2", "anthropic/*"},
		}},
	},
	"aigateway_custom_domain": {
		{"bare", attrs{"gateway_id": parentID, "hostname": "subject.example.com", "zone_id": zoneID}},
		{"strict", attrs{"gateway_id": parentID, "hostname": "subject.example.com", "zone_id": zoneID, "min_tls": "1.3"}},
	},
	"aigateway_custom_provider": {
		{"bare", attrs{"name": "Subject", "slug": "subject", "base_url": "https://subject.example.com"}},
		{"described", attrs{
			"name": "Subject 2", "slug": "subject", "base_url": "https://subject.example.com", "description": "d", "headers": attrs{"X-Tenant": "blue"},
		}},
	},
	storeType: {
		{"store", attrs{"name": "subject"}},
		{"renamed", attrs{"name": "subject-2"}},
	},
}

// storeType is the resource type of which an account has one object: no other Secrets
// Store is in its cells.
const storeType = "aigateway_secrets_store"

// importNames are the attributes that an import ID consists of, after the account.
var importNames = map[string][]string{
	"aigateway_gateway":         {"name"},
	"aigateway_dynamic_route":   {"gateway_id", "name"},
	"aigateway_provider_config": {"gateway_id", "provider_slug", "alias"},
	"aigateway_custom_provider": {"slug"},
	"aigateway_policy":          {"gateway_id", "id"},
	storeType:                   {"name"},
	"aigateway_custom_domain":   {"gateway_id", "hostname"},
}

// dataSources are the configurations of each type of data source.
var dataSources = map[string]attrs{
	"aigateway_gateway":           {"name": bystanderID},
	"aigateway_gateways":          {},
	"aigateway_provider_configs":  {"gateway_id": parentID},
	"aigateway_secrets_stores":    {},
	"aigateway_custom_provider":   {"slug": bystanderID},
	"aigateway_custom_providers":  {},
	"aigateway_credit_balance":    {},
	"aigateway_policy":            {"gateway_id": parentID, "name": bystanderID},
	"aigateway_policies":          {"gateway_id": parentID, "include_drafts": true},
	"aigateway_policy_simulation": {"gateway_id": parentID, "model": "openai/gpt-5.2"},
	"aigateway_dynamic_route":     {"gateway_id": parentID, "name": bystanderID},
	"aigateway_dynamic_routes":    {"gateway_id": parentID},
	"aigateway_chat_completion":   {"gateway_id": parentID, "model": "workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast", "prompt": "Hi"},
	"aigateway_log":               {"gateway_id": parentID, "log_id": logID},
	"aigateway_logs":              {"gateway_id": parentID, "limit": int64(1)},
	"aigateway_models":            {"gateway_id": parentID},
	"aigateway_custom_domain":     {"gateway_id": parentID, "hostname": bystanderID + ".example.com"},
	"aigateway_custom_domains":    {"gateway_id": parentID},
}

// operations returns the operations of a type of resource.
func operations(typeName string) []operation {
	var all []operation
	add := func(name string, from, to attrs, do func(*cell) diagnostics) {
		all = append(all, operation{name: name, typeName: typeName, from: from, to: to, do: do})
	}
	configs := resources[typeName]
	first := configs[0].config
	last := configs[len(configs)-1].config
	for _, c := range configs {
		add("create "+c.name, nil, c.config, apply)
		if c.name != configs[0].name {
			add("update to "+c.name, first, c.config, apply)
			add("update from "+c.name, c.config, first, apply)
		}
	}
	add("refresh", last, last, refresh)
	add("import", last, last, importIt)
	add("delete", last, nil, apply)
	return all
}
