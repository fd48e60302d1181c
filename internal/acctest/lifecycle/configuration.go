package lifecycle

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// UnknownProvider leaves the provider's token, address or account unknown, one at
// a time. A plan to create needs none of them. What sends a request is an error
// that says so, at no attribute, and nothing is sent.
func (sub Subject) UnknownProvider(t *testing.T, config Attrs, importID string, dataSources map[string]Attrs) {
	t.Helper()
	s := sub.Service(t)
	s.Emulator.ResetRequests()
	requireRefused := func(attribute, what string, diags protocol.Diagnostics) {
		t.Helper()
		RequireText(t, diags, "known only after apply")
		for _, diag := range diags {
			if diag.Attribute != nil {
				t.Errorf("%s unknown, %s: the error has a path: %s", attribute, what, diags)
			}
		}
	}
	for _, attribute := range []string{"api_token", "base_url", "account_id"} {
		server := s.Protocol(t, Attrs{attribute: protocol.Unknown})
		r := server.Resource(sub.Type)
		plan, diags := r.Plan(config)
		if len(diags) > 0 || plan.Action != protocol.Create {
			t.Fatalf("%s unknown: a plan to create needs no request: %s", attribute, diags)
		}
		if attribute != "account_id" { // which is known when a plan is applied
			diags := r.Apply(plan)
			requireRefused(attribute, "apply", diags)
			RequireText(t, diags, "Unknown provider configuration")
			if r.Exists() {
				t.Errorf("%s unknown: state %v", attribute, r.State())
			}
		}
		for name, config := range dataSources {
			_, diags := server.ReadDataSource(name, config)
			requireRefused(attribute, name, diags)
		}
		requireRefused(attribute, "import", server.Resource(sub.Type).Import(importID))
	}
	s.RequireRequests(t)
}
