package acctest_test

import (
	"fmt"
	"maps"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

type object = map[string]any

// existingSecrets are what nobody may find in output, configuration or state.
var existingSecrets = []string{"sk-of-the-dashboard", "header-of-the-dashboard", "otel-of-the-dashboard", "stripe-of-the-dashboard"}

// An accountContent says how many objects of each kind an account has.
type accountContent struct{ stores, gateways, keys, providers, routes, policies, domains int }

func (c accountContent) total() int {
	return c.stores + c.gateways + c.keys + c.providers + c.routes + c.policies + c.domains
}

// fillAccount makes an account that people have clicked together: gateways with every
// feature, routes of every shape, keys, custom providers, policies, domains.
func fillAccount(service *acctest.Service, content accountContent) {
	e, account := service.Emulator, service.AccountID
	store := e.StoreIDs(account)[0]
	features := []object{
		{},
		{"cache_ttl": 3600, "rate_limiting_limit": 100, "rate_limiting_interval": 60, "rate_limiting_technique": "sliding", "zdr": true},
		{"guardrails": object{"prompt": object{"S1": "BLOCK", "P1": "FLAG"}, "response": object{"S10": "FLAG"}}},
		{"dlp": object{"enabled": true, "action": "BLOCK", "profiles": []any{"7bdc2b1b-3f4b-4c1c-8b2b-9d7e6c8f1a2b"}}},
		{"dlp": object{"enabled": true, "policies": []any{object{
			"id": "p-1", "action": "FLAG", "check": []any{"REQUEST"}, "enabled": true, "profiles": []any{"7bdc2b1b-3f4b-4c1c-8b2b-9d7e6c8f1a2b"},
		}}}},
		{"spend_limits": object{"enabled": true, "rules": []any{
			object{"id": "0a366eef", "limit": 100, "limitType": "cost", "window": 86400, "enabled": true, "technique": "sliding"},
			object{
				"id": "c80f12ab", "limit": 12.5, "limitType": "cost", "window": 3600, "enabled": false, "technique": "fixed",
				"metadata": object{"user.id": object{"mode": "partition"}}, "model": object{"mode": "filter", "values": []any{"gpt-5.2"}},
			},
		}}},
		{"otel": []any{object{
			"url": "https://otel.example.com/v1/traces", "headers": object{"x-api-key": "otel-of-the-dashboard"}, "content_type": "json",
		}}},
		{"collect_logs": false, "log_management": 10000, "log_management_strategy": "DELETE_OLDEST", "retry_max_attempts": 3, "retry_delay": 500, "retry_backoff": "linear"},
	}
	for i := range content.gateways {
		gateway := object{"id": gatewayName(i), "store_id": store, "authentication": true}
		maps.Copy(gateway, features[i%len(features)])
		e.PutGateway(account, gateway)
	}
	for i := range content.keys {
		gateway, provider := gatewayName(i%content.gateways), []string{"openai", "anthropic", "google-ai-studio"}[i/content.gateways%3]
		secret := e.PutSecret(account, store, gateway+"_"+provider+"_default", "sk-of-the-dashboard")
		config := object{"provider_slug": provider, "secret_id": secret, "default_config": i%2 == 0}
		if i%3 == 0 {
			config["rate_limit"], config["rate_limit_period"] = 100, 60
		}
		e.PutProviderConfig(account, gateway, config)
	}
	for i := range content.providers {
		provider := object{"name": fmt.Sprintf("Our models %d", i), "slug": fmt.Sprintf("our-llm-%d", i), "base_url": "https://llm.example.com/v1", "enable": true}
		if i%2 == 0 {
			provider["headers"], provider["description"] = `{"X-Key":"header-of-the-dashboard"}`, "Says \"${hello}\",\n%{ if } in two lines"
		}
		e.PutCustomProvider(account, provider)
	}
	for i := range content.routes {
		e.PutRoute(account, gatewayName(i%content.gateways), fmt.Sprintf("route-%d", i), graphs()[i%len(graphs())])
	}
	actions := []object{
		{"type": "unlimited"}, {"type": "block"}, {"type": "limit", "amount": 400.5, "period": "monthly", "technique": "named-interval"},
	}
	for i := range content.policies {
		rule := object{
			"name": fmt.Sprintf("Policy %d", i), "actor": "user:{cf.user.email}", "resource": "*", "condition": `"finance" in cf.user.groups`,
			"action": actions[i%len(actions)],
		}
		if i%2 == 1 {
			rule["resource"] = object{"model": []any{"openai/gpt-5.2", "openai/gpt-5.2-mini"}, "provider": []any{"openai"}}
		}
		e.PutPolicy(account, gatewayName(i%content.gateways), rule)
	}
	for i := range content.domains {
		e.PutCustomDomain(account, gatewayName(i%content.gateways), object{"domain": fmt.Sprintf("ai-%d.example.com", i)})
	}
}

// gatewayName returns the name of the gateway with a number. The first is the one that the
// service creates by itself.
func gatewayName(i int) string {
	if i == 0 {
		return "default"
	}
	return fmt.Sprintf("team-%02d", i)
}

// graphs returns the elements of routes of every type.
func graphs() [][]object {
	node := func(id, kind string, properties object, outputs ...string) object {
		to := object{}
		for i := 0; i < len(outputs); i += 2 {
			to[outputs[i]] = object{"elementId": outputs[i+1]}
		}
		element := object{"id": id, "type": kind, "outputs": to}
		if properties != nil {
			element["properties"] = properties
		}
		return element
	}
	model := func(id string) object {
		return node(id, "model", object{"provider": "openai", "model": "gpt-5.2", "timeout": 10000, "retries": 1}, "success", "end", "fallback", "end")
	}
	graph := func(elements ...object) []object {
		if elements = append(elements, model("a")); len(elements) > 1 {
			elements = append(elements, model("b"))
		}
		elements = append(elements, node("end", "end", nil))
		return append([]object{node("start", "start", nil, "next", elements[0]["id"].(string))}, elements...)
	}
	return [][]object{
		graph(),
		graph(node("plan", "conditional", object{"conditions": object{"$or": []any{
			object{"metadata.plan": object{"$eq": "free"}}, object{"metadata.vip": object{"$ne": true}},
		}}}, "true", "a", "false", "b")),
		graph(node("split", "percentage", nil, "10%", "a", "else", "b")),
		graph(node("rate", "rate", object{"limitType": "count", "key": "metadata.user", "limit": 3, "window": 60}, "success", "a", "fallback", "b")),
		graph(node("budget", "rate", object{"limitType": "cost", "key": "metadata.user", "limit": 2.5, "window": 3600}, "success", "a", "fallback", "b")),
	}
}
