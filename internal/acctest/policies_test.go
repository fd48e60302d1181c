package acctest_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestPoliciesExample runs the tests of examples/policies, as its users do: simulations, and
// requests with an identity that the emulator takes for verified.
func TestPoliciesExample(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsTest()
	acctest.Require(t, supported, reason)
	service := acctest.Emulate(t, emulator.Options{})
	w := exampleWorkspace(t, service, "policies")
	w.Run("init", "-no-color")
	out := w.Run("test", "-no-color")
	if !strings.Contains(out, "17 passed, 0 failed") {
		t.Errorf("the example's tests say:\n%s", out)
	}
	if left := service.Emulator.GatewayIDs(service.AccountID); len(left) != 0 {
		t.Errorf("the tests leave gateways: %v", left)
	}
	w.Apply()
	w.RequireEmptyPlan()
}
