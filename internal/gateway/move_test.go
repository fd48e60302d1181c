package gateway_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

const cloudflareProvider = "registry.terraform.io/cloudflare/cloudflare"

// fromCloudflare returns a state of Cloudflare's provider.
func fromCloudflare(state any) protocol.Source {
	return protocol.Source{Provider: cloudflareProvider, Type: "cloudflare_ai_gateway", Version: 500, State: state}
}

// minimal returns what every state of that provider has, with changes; nil removes.
func minimal(changes attrs) attrs {
	state := attrs{
		"id": "demo", "account_id": acctest.AccountID, "cache_invalidate_on_update": false, "cache_ttl": 0, "collect_logs": true,
		"rate_limiting_interval": 0, "rate_limiting_limit": 0,
	}
	maps.Copy(state, changes)
	return state
}

// asCloudflareReads returns what Cloudflare's provider makes of a gateway that the
// service holds: the API's names in lower case, and few of its own.
func asCloudflareReads(t *testing.T, service *acctest.Service, id string) attrs {
	t.Helper()
	stored, ok := service.Emulator.Gateway(service.AccountID, id)
	if !ok {
		t.Fatal("no gateway", id)
	}
	raw, err := json.Marshal(stored)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(`"limitType"`, `"limit_type"`, `"provider"`, `"ai_gateway_provider"`).Replace(string(raw))
	var state attrs
	if err := json.Unmarshal([]byte(text), &state); err != nil {
		t.Fatal(err)
	}
	state["account_id"] = service.AccountID
	if guardrails, ok := state["guardrails"].(attrs); ok {
		for direction, actions := range guardrails {
			lower := attrs{}
			for code, action := range actions.(attrs) {
				lower[strings.ToLower(code)] = action
			}
			guardrails[direction] = lower
		}
	}
	return state
}

// onlyHere lists the settings that Cloudflare's provider lacks. A move cannot take
// them over; the next refresh reads them.
var onlyHere = []string{}

// TestMove takes a gateway with every setting over: without a request, state
// then is what a creation by this provider leaves, secrets included, and no
// plan finds anything to do, with a refresh or without.
func TestMove(t *testing.T) {
	t.Parallel()
	for _, form := range []string{"policies", "profiles"} {
		t.Run("dlp by "+form, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			config := with(everything.first)
			if form == "profiles" {
				config["dlp"] = attrs{"enabled": true, "action": "BLOCK", "profiles": []any{"a", "b"}}
			}
			original := server.Resource(resourceType)
			original.MustApply(config)
			source := asCloudflareReads(t, service, "demo")
			service.Emulator.ResetRequests()

			// As for most: without a gateway_base_url.
			moved := service.Protocol(t, attrs{"gateway_base_url": client.DefaultGatewayBaseURL}).Resource(resourceType)
			if diags := moved.Move(fromCloudflare(source)); len(diags) > 0 {
				t.Fatal(diags)
			}
			want := original.State()
			for _, name := range onlyHere {
				delete(want, name)
			}
			want["gateway_url"] = client.DefaultGatewayBaseURL + "/" + service.AccountID + "/demo"
			want["compat_base_url"] = want["gateway_url"].(string) + "/compat"
			if difference := missing(want, moved.State(), "state"); difference != "" {
				t.Error(difference)
			}
			if got := moved.Identity(); got["account_id"] != service.AccountID || got["id"] != "demo" {
				t.Errorf("identity %v", got)
			}
			plan, diags := moved.Plan(config)
			if diags.HasError() || plan.Action != protocol.NoOp {
				t.Errorf("the plan without a refresh: %v\n%s", plan, diags)
			}
			service.RequireRequests(t) // none at all
			moved.MustPlanEmpty(config)
			service.RequireRequests(t, "GET "+one)
		})
	}
}

// TestMoveFromStates takes states over that lack things, or have them in
// another form.
func TestMoveFromStates(t *testing.T) {
	t.Parallel()
	unset := attrs{"guardrails": nil, "dlp": nil, "otel": nil, "spend_limits": nil, "stripe": nil}
	for name, test := range map[string]struct{ source, want attrs }{
		"only what is required": {minimal(nil), attrs{
			"account_id": acctest.AccountID, "id": "demo", "name": "demo", "slug": "demo",
			"cache_enabled": false, "cache_ttl": int64(0), "rate_limiting_enabled": false, "rate_limiting_limit": int64(0),
			"rate_limiting_interval": int64(0), "log_enabled": true, "cache_invalidate_on_update": false,
			"logpush_public_key": "", "retry_max_attempts": int64(0), "retry_delay": int64(0), "retry_backoff": "", "store_id": "",
			// Switches whose value only the service knows.
			"authentication": nil, "log_management": nil, "log_management_strategy": nil, "log_classification": nil, "logpush": nil,
			"zdr": nil, "byok_only": nil, "workers_ai_billing_mode": nil, "rate_limiting_technique": nil,
			"is_default": nil, "created_at": nil, "modified_at": nil,
			"guardrails": nil, "dlp": nil, "otel": nil, "spend_limits": nil, "stripe": nil,
		}},
		"nothing but what names it": {attrs{"id": "demo", "account_id": acctest.AccountID}, attrs{
			"cache_enabled": false, "cache_ttl": int64(0), "rate_limiting_enabled": false, "log_enabled": nil, "cache_invalidate_on_update": nil,
		}},
		"attributes of a later version": {minimal(attrs{"invented": attrs{"later": []any{1}}}), attrs{"id": "demo"}},
		"a cache":                       {minimal(attrs{"cache_ttl": 300}), attrs{"cache_enabled": true, "cache_ttl": int64(300)}},
		"a rate limit": {minimal(attrs{"rate_limiting_limit": 5, "rate_limiting_interval": 60, "rate_limiting_technique": "sliding"}), attrs{
			"rate_limiting_enabled": true, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60), "rate_limiting_technique": "sliding",
		}},
		"half a rate limit, which is off": {minimal(attrs{"rate_limiting_limit": 5}), attrs{
			"rate_limiting_enabled": false, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(0),
		}},
		"times in another zone": {
			minimal(attrs{"created_at": "2026-08-03T12:00:00+02:00", "modified_at": "soon"}),
			attrs{"created_at": "2026-08-03T10:00:00Z", "modified_at": nil},
		},
		"the default gateway":       {minimal(attrs{"id": "default", "is_default": true}), attrs{"id": "default", "name": "default", "is_default": true}},
		"features as null":          {minimal(unset), unset},
		"features as empty":         {minimal(attrs{"guardrails": attrs{"prompt": attrs{}, "response": attrs{}}, "otel": []any{}}), unset},
		"features without content":  {minimal(attrs{"guardrails": attrs{"prompt": nil, "response": nil}, "spend_limits": attrs{}, "dlp": attrs{}}), unset},
		"features that are off":     {minimal(attrs{"dlp": attrs{"enabled": false, "action": "FLAG"}, "spend_limits": attrs{"enabled": false, "rules": []any{}}}), unset},
		"features that are nothing": {minimal(attrs{"stripe": attrs{"authorization": nil, "usage_events": nil}}), unset},
		"guardrails for one direction": {
			minimal(attrs{"guardrails": attrs{"prompt": attrs{"s13": "BLOCK", "p1": "FLAG"}, "response": attrs{}}}),
			attrs{"guardrails": attrs{"prompt": attrs{"elections": "BLOCK", "prompt_injection": "FLAG"}, "response": nil}},
		},
		"dlp with policies beside an action": {
			minimal(attrs{"dlp": attrs{"enabled": true, "action": "BLOCK", "profiles": []any{}, "policies": []any{
				attrs{"id": "one", "action": "FLAG", "check": []any{"RESPONSE"}, "enabled": true, "profiles": []any{"a"}},
			}}}),
			attrs{"dlp": attrs{"enabled": true, "action": nil, "profiles": nil, "policies": attrs{
				"one": attrs{"action": "FLAG", "check": []any{"RESPONSE"}, "enabled": true, "profiles": []any{"a"}},
			}}},
		},
		"otel without secrets": {
			minimal(attrs{"otel": []any{attrs{"url": "https://otel.example.com/", "headers": attrs{}, "authorization": "", "content_type": nil}}}),
			attrs{"otel": []any{attrs{
				"url": "https://otel.example.com/", "headers": nil, "headers_wo": nil, "headers_wo_version": nil,
				"authorization": nil, "authorization_wo": nil, "authorization_wo_version": nil, "content_type": "json",
			}}},
		},
		"spend rules with the same id, and with none": {
			minimal(attrs{"spend_limits": attrs{"enabled": true, "rules": []any{
				attrs{"id": "6fb25042", "limit": 1, "window": 60},
				attrs{"id": "6fb25042", "limit": 2.5, "window": 60, "enabled": false, "technique": "fixed"},
				attrs{
					"limit": 3, "window": 60, "metadata": attrs{"user": attrs{"mode": "partition", "values": nil}, "gone": nil},
					"model": attrs{"mode": "partition", "values": nil}, "ai_gateway_provider": attrs{"mode": "partition", "values": []any{}},
				},
			}}}),
			attrs{"spend_limits": attrs{"enabled": true, "rules": attrs{
				"6fb25042":   attrs{"limit": int64(1), "window": int64(60), "limit_type": "cost", "technique": "sliding", "enabled": true, "dimensions": attrs{}},
				"6fb25042#1": attrs{"limit": 2.5, "window": int64(60), "limit_type": "cost", "technique": "fixed", "enabled": false, "dimensions": attrs{}},
				"#1": attrs{
					"limit": int64(3), "window": int64(60), "limit_type": "cost", "technique": "sliding", "enabled": true,
					"dimensions": attrs{
						"metadata.user": attrs{"mode": "partition", "values": nil},
						"model":         attrs{"mode": "partition", "values": nil}, "provider": attrs{"mode": "partition", "values": nil},
					},
				},
			}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			for _, version := range []int64{0, 500} {
				source := fromCloudflare(test.source)
				source.Version = version
				moved := server.Resource(resourceType)
				if diags := moved.Move(source); len(diags) > 0 {
					t.Fatal(diags)
				}
				if difference := missing(test.want, moved.State(), "state"); difference != "" {
					t.Error(difference)
				}
			}
			service.RequireRequests(t)
		})
	}
}

// TestMoveOfUnsetSettings: what the state did not know, the next read fills in,
// and only what the configuration says otherwise shows.
func TestMoveOfUnsetSettings(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.PutGateway(service.AccountID, attrs{
		"id": "demo", "zdr": true, "log_management": 20000, "guardrails": attrs{"prompt": attrs{"S1": "BLOCK"}, "response": attrs{}},
	})
	service.Emulator.ResetRequests()
	moved := server.Resource(resourceType)
	if diags := moved.Move(fromCloudflare(minimal(nil))); diags.HasError() {
		t.Fatal(diags)
	}
	guardrails := attrs{"guardrails": attrs{"prompt": attrs{"violent_crimes": "BLOCK"}}}
	moved.MustPlanEmpty(with(guardrails))
	if state := moved.State(); state["zdr"] != true || state["log_management"] != int64(20000) || state["authentication"] != false {
		t.Errorf("the read did not fill in what the state lacked: %v", state)
	}
	service.RequireRequests(t, "GET "+one)

	plan, diags := moved.Plan(with(guardrails, attrs{"authentication": true}))
	if diags.HasError() || plan.Action != protocol.Update {
		t.Errorf("a setting that differs: %v\n%s", plan, diags)
	}
	plan, diags = moved.Plan(with())
	if diags.HasError() || plan.Action != protocol.Update {
		t.Errorf("guardrails that are not configured: %v\n%s", plan, diags)
	}
	service.RequireRequests(t)
}

// TestMoveOfASplit: the documented forms of a model and a provider in the old configuration
// are filters, so its state may lack a budget for each provider. The read finds it, and the
// plan shows that a configuration without it makes one budget of them.
func TestMoveOfASplit(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	rule := func(parts attrs) attrs {
		all := attrs{"id": "budget", "limit": 1, "window": 60}
		maps.Copy(all, parts)
		return attrs{"enabled": true, "rules": []any{all}}
	}
	split := attrs{"provider": attrs{"mode": "partition"}}
	service.Emulator.PutGateway(service.AccountID, attrs{"id": "demo", "spend_limits": rule(attrs{"limitType": "cost", "provider": split["provider"]})})
	moved := server.Resource(resourceType)
	if diags := moved.Move(fromCloudflare(minimal(attrs{"spend_limits": rule(nil)}))); diags.HasError() {
		t.Fatal(diags)
	}
	config := func(dimensions attrs) attrs {
		return with(attrs{"spend_limits": attrs{"rules": attrs{"budget": attrs{"limit": float64(1), "window": int64(60), "dimensions": dimensions}}}})
	}
	moved.MustPlanEmpty(config(split)) // with a refresh
	if plan, diags := moved.Plan(config(attrs{})); diags.HasError() || plan.Action != protocol.Update {
		t.Errorf("a configuration without the split: %v\n%s", plan, diags)
	}
}

// TestMoveByProvider: the registry's host does not matter, all else does.
func TestMoveByProvider(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	for address, taken := range map[string]bool{
		"registry.terraform.io/cloudflare/cloudflare": true,
		"registry.opentofu.org/cloudflare/cloudflare": true,
		"mirror.example.com/cloudflare/cloudflare":    true,
		"cloudflare": true, // OpenTofu before 1.11.12 and 1.12.4
		"registry.terraform.io/hashicorp/cloudflare":     false,
		"registry.terraform.io/notcloudflare/cloudflare": false,
		"registry.terraform.io/cloudflare/other":         false,
		"":                                               false,
	} {
		source := fromCloudflare(minimal(nil))
		source.Provider = address
		moved := server.Resource(resourceType)
		diags := moved.Move(source)
		if moved.Exists() != taken {
			t.Errorf("%q: taken over: %v\n%s", address, moved.Exists(), diags)
		}
		// What is not ours is left to the framework, which says so.
		if !taken && !strings.Contains(diags.String(), "does not include support for the given source resource") {
			t.Errorf("%q: %s", address, diags)
		}
	}
}

func TestMoveRefused(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	another := fromCloudflare(minimal(nil))
	another.Type = "cloudflare_ai_gateway_dynamic_routing"
	version := func(v int64) protocol.Source {
		source := fromCloudflare(minimal(nil))
		source.Version = v
		return source
	}
	for name, test := range map[string]struct {
		source protocol.Source
		says   string
	}{
		"another type":        {another, "does not include support for the given source resource"},
		"a later version":     {version(501), "has schema version 501, and this version of the provider knows 500"},
		"an older version":    {version(3), "has schema version 3, and this version of the provider knows 500"},
		"without an id":       {fromCloudflare(minimal(attrs{"id": nil})), "account_id or id is missing"},
		"without an account":  {fromCloudflare(minimal(attrs{"account_id": ""})), "account_id or id is missing"},
		"another form":        {fromCloudflare(minimal(attrs{"stripe": "sk_live_secret"})), "does not have the form that version 500"},
		"no object":           {fromCloudflare([]any{"sk_live_secret"}), "does not have the form that version 500"},
		"nothing":             {fromCloudflare(nil), "does not have the form that version 500"},
		"another form within": {fromCloudflare(minimal(attrs{"otel": attrs{"url": "sk_live_secret"}})), "does not have the form that version 500"},
	} {
		moved := server.Resource(resourceType)
		diags := moved.Move(test.source)
		if !diags.HasError() || moved.Exists() || !strings.Contains(diags.String(), test.says) {
			t.Errorf("%s: %s", name, diags)
		}
		if strings.Contains(diags.String(), "sk_live_secret") {
			t.Errorf("%s: the error quotes a value that may be secret: %s", name, diags)
		}
		if test.source.Type == "cloudflare_ai_gateway" && !strings.Contains(diags.String(), "import block") {
			t.Errorf("%s: the error does not say what to do: %s", name, diags)
		}
	}
	service.RequireRequests(t)
}

// TestMoveAndChange changes a gateway in the same step, without a refresh: the
// plan leaves open what the old state did not know, and the apply fills it in.
func TestMoveAndChange(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.PutGateway(service.AccountID, attrs{"id": "demo", "created_at": "2026-08-03T10:00:00Z"})
	moved := server.Resource(resourceType)
	if diags := moved.Move(fromCloudflare(minimal(attrs{"created_at": "2026-08-03T10:00:00Z", "is_default": false}))); diags.HasError() {
		t.Fatal(diags)
	}
	config := with(attrs{"cache_ttl": int64(60)})
	plan, diags := moved.Plan(config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	if diags := moved.Apply(plan); diags.HasError() {
		t.Error(diags)
	}
	moved.MustPlanEmpty(config)
}
