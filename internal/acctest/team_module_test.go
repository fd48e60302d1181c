package acctest_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const teamKeys = `TF_VAR_openai_api_keys={search = "sk-search", support = "sk-support"}`

// teamModule returns a workspace with examples/team-module.
func teamModule(t *testing.T, service *acctest.Service, env ...string) *acctest.Workspace {
	t.Helper()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	return exampleWorkspace(t, service, "team-module", env...)
}

// TestTeamModuleTests runs the module's own tests, as its users do. Those with mocks send
// nothing.
func TestTeamModuleTests(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{})
	w := teamModule(t, service)
	w.Run("init", "-no-color")
	if out := w.Run("test", "-no-color", "-filter=tests/unit.tftest.hcl"); !strings.Contains(out, "5 passed, 0 failed") {
		t.Errorf("the tests with mocks say:\n%s", out)
	}
	requireSilence(t, service)

	if out := w.Run("test", "-no-color", "-filter=tests/routing.tftest.hcl"); !strings.Contains(out, "6 passed, 0 failed") {
		t.Errorf("the tests of routing say:\n%s", out)
	}
	want := 5
	if acctest.CLI().Kind == cli.OpenTofu {
		want = 6 // its clean-up reads data sources once more
	}
	if sent := chats(service); sent != want {
		t.Errorf("%d requests to models, want %d", sent, want)
	}
	if left := service.Emulator.GatewayIDs(service.AccountID); len(left) != 0 {
		t.Errorf("the tests leave gateways: %v", left)
	}
}
