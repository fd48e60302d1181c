package gateway_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

var guarded = attrs{"guardrails": attrs{"prompt": attrs{"prompt_injection": "BLOCK"}}}

// newerService edits the gateway as a dashboard does that knows more than this version.
func newerService(values map[string]any) {
	values["x"] = attrs{"mode": "strict"}
	guardrails := values["guardrails"].(map[string]any)
	guardrails["prompt"].(map[string]any)["S14"] = "BLOCK"
	guardrails["response"].(map[string]any)["S15"] = "FLAG"
}

// A guardrail that this version does not know survives a change of something else. It
// is in the next plan, as a change, and stays only if the configuration takes it up.
func TestUnknownContentSurvives(t *testing.T) {
	t.Parallel()
	for _, quirks := range [][]emulator.Quirk{{emulator.UnknownFields}, {emulator.UnknownFields, emulator.PutKeepsOmitted}} {
		service, server := emulate(t, quirks...)
		gateway := server.Resource(resourceType)
		gateway.MustApply(with(guarded, attrs{"cache_ttl": int64(60)}))
		plan, diags := gateway.Plan(with(guarded, attrs{"cache_ttl": int64(90)}))
		if diags.HasError() {
			t.Fatal(diags)
		}
		service.Emulator.EditGateway(service.AccountID, "demo", newerService) // after the plan
		diags = gateway.Apply(plan)
		text := diags.String()
		for _, want := range []string{
			"WARNING: Settings that appeared since the last read", "guardrails.prompt.S14, guardrails.response.S15", "The next plan shows them",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
		if diags.HasError() {
			t.Error(diags)
		}
		requireStored := func(parts ...string) {
			t.Helper()
			stored, _ := service.Emulator.Gateway(service.AccountID, "demo")
			raw, err := json.Marshal(stored)
			if err != nil {
				t.Fatal(err)
			}
			for _, part := range parts {
				if !strings.Contains(string(raw), part) {
					t.Errorf("%s is not in %s", part, raw)
				}
			}
		}
		requireStored(`"cache_ttl":90`, `"x":{"mode":"strict"}`, `"S14":"BLOCK"`, `"S15":"FLAG"`, `"P1":"BLOCK"`, `"emulator_unknown"`)

		// The next plan shows them, and takes up what the configuration has.
		if diags := gateway.Refresh(); diags.HasError() {
			t.Fatal(diags)
		}
		both := attrs{"guardrails": attrs{"prompt": attrs{"prompt_injection": "BLOCK", "S14": "BLOCK"}}}
		if action := gateway.MustApply(with(both, attrs{"cache_ttl": int64(90)})); action != protocol.Update {
			t.Errorf("%s, want an update", action)
		}
		requireStored(`"S14":"BLOCK"`, `"x":{"mode":"strict"}`)
		if stored, _ := service.Emulator.Gateway(service.AccountID, "demo"); len(stored["guardrails"].(map[string]any)["response"].(map[string]any)) > 0 {
			t.Errorf("a category that the plan removed is still there: %v", stored["guardrails"])
		}
	}
}

// A service that shows a field and refuses to take it back gets the update without it,
// and the person learns which field that was.
func TestStrictServiceRefusesWhatItShows(t *testing.T) {
	t.Parallel()
	service, server := emulate(t, emulator.UnknownFields, emulator.StrictBodies)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with(attrs{"cache_ttl": int64(60)}))
	plan, diags := gateway.Plan(with(attrs{"cache_ttl": int64(90)}))
	if diags.HasError() {
		t.Fatal(diags)
	}
	service.Emulator.ResetRequests()
	diags = gateway.Apply(plan)
	if text := diags.String(); diags.HasError() || !strings.Contains(text, "WARNING: The service did not take back unknown fields") || !strings.Contains(text, "emulator_unknown") {
		t.Error(text)
	}
	service.RequireRequests(t, "GET "+one, "PUT "+one, "PUT "+one)
	gateway.MustPlanEmpty(with(attrs{"cache_ttl": int64(90)}))
}
