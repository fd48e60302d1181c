package customprovider_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// secretHeaders are headers whose values are secrets, also after a scheme and
// where JSON writes them otherwise.
var secretHeaders = attrs{"Authorization": "Bearer header-hush-1", "X-Key": `"header-hush-2"<&>`}

// echoes are answers that repeat what was sent, or what is stored.
func echoes(t *testing.T) map[string]emulator.Fault {
	t.Helper()
	text := marshal(t, secretHeaders)
	return map[string]emulator.Fault{
		"the value":            {Status: 400, Body: failed(7001, "bad header-hush-1", "body", "headers")},
		"as the wire has them": {Status: 400, Body: failed(7001, "bad "+text, "body", "headers", text)},
		"the body":             {Status: 400, Body: failed(7001, "bad "+marshal(t, attrs{"headers": text}))},
		"at another field":     {Status: 400, Body: failed(7001, "bad "+text, "body", "name")},
		"forbidden":            {Status: 403, Body: failed(10000, text)},
		"unavailable":          {Status: 503, Body: failed(7000, text)},
		"conflict":             {Status: 409, Body: failed(1003, text, "body", "slug")},
		"success that is none": {Status: 200, Body: failed(0, text)},
		"in an odd field":      {Status: 200, Body: `{"success":true,"result":{"id":"x","position":` + marshal(t, text) + `}}`},
		"ray":                  {Status: 400, Body: failed(7001, "bad"), Header: http.Header{"Cf-Ray": {"header-hush-1"}}},
	}
}

func marshal(t *testing.T, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// TestHeadersAreNotRepeated: whatever a service answers, no diagnostic and no
// log has the value of a header, and no diagnostic points to the line that has.
func TestHeadersAreNotRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range echoes(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := impatient(t)
			there, _ := existing(t, service, server, attrs{"headers": secretHeaders})
			bare, _ := existing(t, service, server, attrs{"slug": "bare"})
			var logs bytes.Buffer
			ctx := tflogtest.RootLogger(t.Context(), &logs)
			apply := func(r *protocol.Resource, config attrs) func() protocol.Diagnostics {
				return func() protocol.Diagnostics {
					plan, diags := r.Plan(config)
					if diags.HasError() {
						t.Fatal(diags)
					}
					return r.ApplyContext(ctx, plan)
				}
			}
			for _, op := range []struct {
				what string
				do   func() protocol.Diagnostics
			}{
				{"create", apply(server.Resource(resourceType), with(attrs{"slug": "another", "headers": secretHeaders}))},
				{"update", apply(bare, with(attrs{"slug": "bare", "headers": secretHeaders}))},
				{"update: another", apply(there, with(attrs{"headers": secretHeaders, "link": "x"}))},
				{"update: removal", apply(there, with(attrs{"headers": attrs{}}))},
				{"read", there.Refresh},
				{"delete", apply(there, nil)}, // the last, since it may succeed
			} {
				// What is sent afterwards, to find out more, fails alike.
				always := fault
				always.Path, always.Times = "custom-providers", -1
				service.Emulator.Inject(always)
				diags := op.do()
				service.Emulator.ClearFaults()
				if !diags.HasError() {
					t.Errorf("%s: %s", op.what, diags)
				}
				requireSecret(t, diags.String())
				if len(diags.At("headers")) != 0 {
					t.Errorf("%s points to headers: %s", op.what, diags)
				}
			}
			if !strings.Contains(logs.String(), "request answered") {
				t.Errorf("the log has no requests:\n%s", logs.String())
			}
			requireSecret(t, logs.String())
		})
	}
}

// TestUntoldChange: the service shows neither headers nor position, and may even
// drop a change of them. An apply that changes them says that nobody can be
// sure, and no other does.
func TestUntoldChange(t *testing.T) {
	t.Parallel()
	first := attrs{"headers": attrs{"X-Key": "header-hush-1"}, "position": int64(1)}
	second := attrs{"headers": attrs{"X-Key": "header-hush-2"}, "position": int64(2)}
	for _, set := range [][]emulator.Quirk{
		{emulator.CustomProviderHidesHeaders},
		{emulator.CustomProviderHidesHeaders, emulator.CustomProviderPatchIgnores},
	} {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, set...)
			provider := server.Resource(resourceType)
			for _, step := range []struct {
				name   string
				config attrs
				untold string // "" for no warning
			}{
				{"create", with(first), ""},
				{"both", with(second), "headers and position"},
				{"headers", with(second, attrs{"headers": first["headers"]}), "headers"},
				{"position", with(first), "position"},
				{"another", with(first, attrs{"description": "x"}), ""},
				{"headers and another", with(second, attrs{"position": int64(1)}), "headers"},
				{"no headers", with(attrs{"headers": attrs{}, "position": int64(1)}), "headers"},
				{"nothing", with(attrs{"headers": attrs{}, "position": int64(1)}), ""},
				{"not managed", with(), ""},
			} {
				plan, diags := provider.Plan(step.config)
				if len(diags) != 0 {
					t.Fatalf("%s: %s", step.name, diags)
				}
				diags = provider.Apply(plan)
				want := ""
				if step.untold != "" {
					want = "WARNING: Unconfirmed change of a custom provider\nThe request that changed " + step.untold + ` of custom provider "mine" ` +
						"succeeded, but the response does not confirm the change. The API does not document that " +
						step.untold + " can be changed. If requests show the old value, replace the custom provider (terraform apply -replace=…).\n"
				}
				if got := diags.String(); got != want {
					t.Errorf("%s: got:\n%s\nwant:\n%s", step.name, got, want)
				}
				provider.MustPlanEmpty(step.config)
			}
			// A service that drops the changes still has what it was created with.
			want := "{}"
			if len(set) > 1 {
				want = `{"X-Key":"header-hush-1"}`
			}
			// An edit is shown everything, hidden or not.
			service.Emulator.EditCustomProvider(service.AccountID, provider.State()["id"].(string), func(held map[string]any) {
				if held["headers"] != want {
					t.Errorf("the service has the headers %v, want %s", held["headers"], want)
				}
			})
		})
	}
}

// TestHeadersTold: an answer that tells leaves nothing to warn of.
func TestHeadersTold(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	provider, _ := existing(t, service, server, attrs{"headers": attrs{"X-Key": "header-hush-1"}, "position": int64(1)})
	plan, diags := provider.Plan(with(attrs{"position": int64(2)}))
	if diags = append(diags, provider.Apply(plan)...); len(diags) != 0 {
		t.Error(diags)
	}
}

// TestHeadersHidden: a service that tells neither headers nor position is
// believed to have what it was sent, so that plans are empty and no create is
// taken back.
func TestHeadersHidden(t *testing.T) {
	t.Parallel()
	service, server := emulate(t, emulator.CustomProviderHidesHeaders)
	provider := server.Resource(resourceType)
	first := attrs{"headers": attrs{"X-Key": "header-hush-1"}, "position": int64(1)}
	second := attrs{"headers": attrs{"X-Key": "header-hush-2"}, "position": int64(2)}
	for _, config := range []attrs{first, second, {"position": int64(2)}} {
		provider.MustApply(with(config))
		requireState(t, provider, config)
		provider.MustPlanEmpty(with(config))
	}
	id := provider.State()["id"]
	for _, stored := range service.Emulator.CustomProviders(service.AccountID) {
		if stored["id"] != id {
			t.Errorf("another one was made: %v", stored)
		}
	}
}
