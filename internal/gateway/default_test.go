package gateway_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// TestDefaultGatewayComesBack: a plan that destroys it says so, and no other.
func TestDefaultGatewayComesBack(t *testing.T) {
	t.Parallel()
	const warning = "The default gateway comes back"
	service, server := emulate(t)
	plan := func(id string, config attrs) (protocol.Action, string) {
		t.Helper()
		service.Emulator.PutGateway(service.AccountID, attrs{"id": id})
		gateway := server.Resource(resourceType)
		if diags := gateway.Import(id); diags.HasError() {
			t.Fatal(diags)
		}
		plan, diags := gateway.Plan(config)
		if diags.HasError() {
			t.Fatal(diags)
		}
		return plan.Action, diags.String()
	}
	for name, test := range map[string]struct {
		id     string
		config attrs
		want   protocol.Action
		warns  bool
	}{
		"destroyed":             {"default", nil, protocol.Delete, true},
		"renamed":               {"default", attrs{"name": "demo"}, protocol.Replace, true},
		"in another account":    {"default", attrs{"name": "default", "account_id": strings.Repeat("f", 32)}, protocol.Replace, true},
		"changed":               {"default", attrs{"name": "default", "cache_ttl": int64(60)}, protocol.Update, false},
		"kept":                  {"default", attrs{"name": "default"}, protocol.NoOp, false},
		"another, destroyed":    {"demo", nil, protocol.Delete, false},
		"another gets its name": {"demo", attrs{"name": "default"}, protocol.Replace, false},
	} {
		action, said := plan(test.id, test.config)
		if action != test.want || strings.Contains(said, warning) != test.warns {
			t.Errorf("%s: %s, and says:\n%s", name, action, said)
		}
	}
	if _, diags := server.Resource(resourceType).Plan(attrs{"name": "default"}); strings.Contains(diags.String(), warning) {
		t.Error("created:", diags)
	}
}
