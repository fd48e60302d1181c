package gateway_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// oneRule returns spend limits with one rule, "a".
func oneRule(parts attrs) attrs {
	rule := attrs{"limit": float64(1), "window": int64(60), "dimensions": attrs{}}
	maps.Copy(rule, parts)
	return attrs{"spend_limits": attrs{"rules": attrs{"a": rule}}}
}

// TestKeysHavePaths expects diagnostics about a key at that key, and none
// elsewhere.
func TestKeysHavePaths(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	for name, test := range map[string]struct {
		config   attrs
		severity tfprotov6.DiagnosticSeverity
		at, says string
	}{
		"misspelled category": {
			attrs{"guardrails": attrs{"prompt": attrs{"hate": "FLAG", "hatespeech": "BLOCK"}}}, tfprotov6.DiagnosticSeverityError,
			`AttributeName("guardrails").AttributeName("prompt").ElementKeyString("hatespeech")`, "Invalid guardrail category",
		},
		"action": {
			attrs{"guardrails": attrs{"response": attrs{"hate": "LOG"}}}, tfprotov6.DiagnosticSeverityError,
			`AttributeName("guardrails").AttributeName("response").ElementKeyString("hate")`, "Invalid guardrail action",
		},
		"unknown code": {
			attrs{"guardrails": attrs{"response": attrs{"S14": "BLOCK"}}}, tfprotov6.DiagnosticSeverityWarning,
			`AttributeName("guardrails").AttributeName("response").ElementKeyString("S14")`, "Unknown guardrail category",
		},
		"dimension": {
			oneRule(attrs{"dimensions": attrs{"providr": attrs{"mode": "filter", "values": []any{"openai"}}}}), tfprotov6.DiagnosticSeverityError,
			`AttributeName("spend_limits").AttributeName("rules").ElementKeyString("a").AttributeName("dimensions").ElementKeyString("providr")`,
			"Invalid dimension of a spend rule",
		},
	} {
		diags := server.Resource(resourceType).Validate(with(test.config))
		if len(diags) != 1 || diags[0].Severity != test.severity || diags[0].Attribute.String() != test.at || diags[0].Summary != test.says {
			t.Errorf("%s: want one %s %q at %s, got %s", name, test.severity, test.says, test.at, diags)
		}
	}
}

// TestDimensionsAreRequired: a misspelled name would be dropped by the CLI, and the
// budget would count everything.
func TestDimensionsAreRequired(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	config := with(attrs{"spend_limits": attrs{"rules": attrs{"a": attrs{"limit": float64(1), "window": int64(60)}}}})
	_, diags := server.Resource(resourceType).Plan(config)
	if !diags.At("spend_limits").HasError() || !strings.Contains(diags.String(), `spend_limits.rules["a"].dimensions`) {
		t.Error(diags)
	}
}

// TestUnknownCategory follows a category of a later API: it is read under its
// code, stays as it is while configured so, and is sent.
func TestUnknownCategory(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.PutGateway(service.AccountID, attrs{
		"id": "demo", "guardrails": attrs{"prompt": attrs{"S1": "FLAG", "S14": "BLOCK"}, "response": attrs{}},
	})
	gateway := server.Resource(resourceType)
	if diags := gateway.Import("demo"); diags.HasError() {
		t.Fatal(diags)
	}
	prompt := gateway.State()["guardrails"].(attrs)["prompt"].(attrs)
	if want := (attrs{"violent_crimes": "FLAG", "S14": "BLOCK"}); !maps.Equal(prompt, want) {
		t.Errorf("state has %v, want %v", prompt, want)
	}
	gateway.MustPlanEmpty(with(attrs{"guardrails": attrs{"prompt": attrs{"violent_crimes": "FLAG", "S14": "BLOCK"}}}))
	if plan, _ := gateway.Plan(with(attrs{"guardrails": attrs{"prompt": attrs{"violent_crimes": "FLAG"}}})); plan.Action != protocol.Update {
		t.Errorf("without it in the configuration: %s, want an update", plan.Action)
	}

	// The emulator does not know it either, and refuses; what was sent counts.
	service.Emulator.ResetRequests()
	plan, diags := gateway.Plan(with(attrs{"guardrails": attrs{"prompt": attrs{"P2": "FLAG", "hate": nil}}}))
	if diags.HasError() {
		t.Fatal(diags)
	}
	gateway.Apply(plan)
	requests := service.Emulator.Requests()
	if sent := requests[len(requests)-1].Body; !strings.Contains(sent, `"guardrails":{"prompt":{"P2":"FLAG"},"response":{}}`) {
		t.Errorf("sent %s", sent)
	}
}

// TestNullElementsStay: they mean not set, and are written as configured.
func TestNullElementsStay(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	config := with(attrs{"guardrails": attrs{"prompt": attrs{"hate": nil, "privacy": "FLAG"}}})
	gateway.MustApply(config)
	requireOnWire(t, service, attrs{"guardrails": attrs{"prompt": attrs{"S7": "FLAG"}, "response": attrs{}}})
	prompt := gateway.State()["guardrails"].(attrs)["prompt"].(attrs)
	if action, there := prompt["hate"]; !there || action != nil || len(prompt) != 2 {
		t.Errorf("state has %v", prompt)
	}
	gateway.MustPlanEmpty(config)
	// It is a change of the text alone.
	service.Emulator.ResetRequests()
	plan, diags := gateway.Plan(with(attrs{"guardrails": attrs{"prompt": attrs{"privacy": "FLAG"}}}))
	if diags = append(diags, gateway.Apply(plan)...); diags.HasError() {
		t.Error(diags)
	}
	service.RequireRequests(t)
}

// TestSplitSurvives imports a rule with a budget for each provider and each model, and
// changes another setting: the split stays, in state and in the service.
func TestSplitSurvives(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	split := attrs{"mode": "partition"}
	service.Emulator.PutGateway(service.AccountID, attrs{"id": "demo", "spend_limits": attrs{"enabled": true, "rules": []any{attrs{
		"id": "budget", "enabled": true, "limit": 1, "limitType": "cost", "window": 60, "technique": "sliding", "model": split, "provider": split,
	}}}})
	gateway := server.Resource(resourceType)
	if diags := gateway.Import("demo"); diags.HasError() {
		t.Fatal(diags)
	}
	config := with(attrs{"spend_limits": attrs{"rules": attrs{"budget": attrs{
		"limit": float64(1), "window": int64(60), "dimensions": attrs{"model": split, "provider": split},
	}}}})
	gateway.MustPlanEmpty(config)
	config["cache_ttl"] = int64(60)
	gateway.MustApply(config)
	stored, _ := service.Emulator.Gateway(service.AccountID, "demo")
	for _, name := range []string{"model", "provider"} {
		if got := stored["spend_limits"].(attrs)["rules"].([]any)[0].(attrs)[name]; text(got) != text(split) {
			t.Errorf("the service holds %s = %s", name, text(got))
		}
	}
}

// TestUnknownModeStays imports a rule with a mode that this version does not know. The
// configuration can have it, with a warning, and an update sends it back: without it, the
// rule would count all requests together.
func TestUnknownModeStays(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.PutGateway(service.AccountID, attrs{"id": "demo", "spend_limits": attrs{"enabled": true, "rules": []any{attrs{
		"id": "budget", "enabled": true, "limit": 1, "limitType": "cost", "window": 60, "technique": "sliding",
		"model": attrs{"mode": "exclude", "values": []any{"m"}, "x": 1}, "provider": attrs{"mode": "bundle", "values": []any{}},
	}}}})
	gateway := server.Resource(resourceType)
	if diags := gateway.Import("demo"); diags.HasError() {
		t.Fatal(diags)
	}
	config := with(attrs{"spend_limits": attrs{"rules": attrs{"budget": attrs{"limit": float64(1), "window": int64(60), "dimensions": attrs{
		"model": attrs{"mode": "exclude", "values": []any{"m"}}, "provider": attrs{"mode": "bundle"},
	}}}}})
	diags := gateway.Validate(config)
	for _, want := range []string{
		"Unknown mode of a spend rule", `Rule "budget", dimension "model"`, `It does not know the mode "exclude"`, `dimension "provider"`,
	} {
		if diags.HasError() || !strings.Contains(strings.Join(strings.Fields(diags.String()), " "), want) {
			t.Errorf("want a warning that says %q, got:\n%s", want, diags)
		}
	}
	gateway.MustPlanEmpty(config)
	config["cache_ttl"] = int64(60)
	plan, diags := gateway.Plan(config)
	if diags.HasError() {
		t.Fatal(diags)
	}
	// The emulator knows no such mode either, and refuses the update.
	if diags := gateway.Apply(plan); !diags.HasError() {
		t.Error("the emulator took an unknown mode")
	}
	requests := service.Emulator.Requests()
	first := slices.IndexFunc(requests, func(r emulator.Request) bool { return r.Method == http.MethodPut })
	for _, part := range []string{`"cache_ttl":60`, `"model":{"mode":"exclude","values":["m"],"x":1}`, `"provider":{"mode":"bundle"}`} {
		if first < 0 || !strings.Contains(requests[first].Body, part) {
			t.Errorf("%s is not in the first PUT of %v", part, requests)
		}
	}
}

// TestDimensionsSetElsewhere reads what this version cannot configure, or what
// has no effect.
func TestDimensionsSetElsewhere(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	rule := func(id string, dimensions attrs) attrs {
		stored := attrs{"id": id, "enabled": true, "limit": 1, "limitType": "cost", "window": 60, "technique": "sliding"}
		maps.Copy(stored, dimensions)
		return stored
	}
	service.Emulator.PutGateway(service.AccountID, attrs{"id": "demo", "spend_limits": attrs{"enabled": true, "rules": []any{
		rule("all", nil),
		rule("by-provider", attrs{"provider": attrs{"mode": "partition"}}),
		rule("nothing", attrs{"model": attrs{"mode": "filter", "values": []any{}}}),
		rule("strange", attrs{"model": attrs{"mode": "exclude"}}),
		rule("dots", attrs{"metadata": attrs{"team.name": attrs{"mode": "partition"}}}),
	}}})
	gateway := server.Resource(resourceType)
	if diags := gateway.Import("demo"); diags.HasError() {
		t.Fatal(diags)
	}
	partition := attrs{"mode": "partition", "values": nil}
	for id, want := range map[string]attrs{
		"all": {}, "nothing": {}, "strange": {"model": attrs{"mode": "exclude", "values": nil}}, "by-provider": {"provider": partition}, "dots": {"metadata.team.name": partition},
	} {
		got := gateway.State()["spend_limits"].(attrs)["rules"].(attrs)[id].(attrs)["dimensions"].(attrs)
		if difference := missing(want, got, id); difference != "" || len(got) != len(want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
	// The key of metadata is cut at the first dot alone.
	gateway.MustApply(with(oneRule(attrs{"dimensions": attrs{"metadata.team.name": attrs{"mode": "partition"}}})))
	stored, _ := service.Emulator.Gateway(service.AccountID, "demo")
	rules := stored["spend_limits"].(attrs)["rules"].([]any)
	if got := text(rules[0].(attrs)["metadata"]); got != text(attrs{"team.name": attrs{"mode": "partition"}}) {
		t.Errorf("the service holds %s", got)
	}
}
