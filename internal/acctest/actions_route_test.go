package acctest_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestActionDeployRouteVersion goes back to the previous version of a route that Terraform
// manages, with the action of the example. The next plan shows it as drift, and the
// configuration of the earlier graph plans nothing.
func TestActionDeployRouteVersion(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsActions)
	service := acctest.Emulate(t, emulator.Options{})
	service.Emulator.PutGateway(service.AccountID, attrs{"id": "production", "authentication": true})
	route := func(timeout string) string {
		return `
resource "aigateway_dynamic_route" "support" {
  gateway_id = "production"
  name       = "customer-support"
  entry      = "llama"

  elements = {
    llama = {
      model = {
        provider    = "workers-ai"
        model       = "@cf/meta/llama-3.3-70b-instruct-fp8-fast"
        timeout     = ` + timeout + `
        retries     = 0
        on_success  = "end"
        on_fallback = "end"
      }
    }
  }
}
`
	}
	w := service.NewWorkspaceWith(t, with)
	w.Write("route.tf", route("10000"))
	w.Apply()
	w.Write("action.tf", readExample(t, "actions/aigateway_deploy_route_version/action.tf"))
	w.Run("apply", "-auto-approve", "-no-color") // there is no earlier version yet
	w.Write("route.tf", route("5000"))
	w.Run("apply", "-auto-approve", "-no-color")
	w.Run("apply", "-auto-approve", "-no-color") // the output of the versions
	stored := service.Emulator.Routes(service.AccountID, "production")[0]
	if len(stored.Versions) != 2 || stored.Deployed != stored.Versions[1] {
		t.Fatalf("%+v", stored)
	}

	invoke := []string{"apply", "-auto-approve", "-no-color", "-invoke=action.aigateway_deploy_route_version.rollback"}
	out := w.Run(invoke...)
	for _, part := range []string{
		`Dynamic route "customer-support" of gateway "production"`, "deploying version " + stored.Versions[0] + " of 20",
		"in place of version " + stored.Versions[1] + " of 20", "Actions: 1 invoked.",
	} {
		if !strings.Contains(strings.Join(strings.Fields(out), " "), part) {
			t.Errorf("the CLI does not say %q:\n%s", part, out)
		}
	}
	if now := service.Emulator.Routes(service.AccountID, "production")[0]; now.Deployed != stored.Versions[0] || len(now.Versions) != 2 {
		t.Errorf("version %s of %v is deployed", now.Deployed, now.Versions)
	}

	// Drift.
	if out := w.Run("plan", "-no-color"); !strings.Contains(out, "10000 -> 5000") {
		t.Errorf("the plan does not show the drift:\n%s", out)
	}
	w.Write("route.tf", route("10000"))
	w.Run("apply", "-refresh-only", "-auto-approve", "-no-color")
	w.RequireEmptyPlan()

	status, out := w.Try(append(invoke, "-var=version_id=01a1fdbe-0000-7000-8000-000000000000")...)
	plain := strings.Join(strings.Fields(strings.ReplaceAll(out, "│", " ")), " ")
	for _, part := range []string{
		"Version not found", stored.Versions[0] + " of 20", "terraform apply -invoke=action.aigateway_deploy_route_version.<name>",
	} {
		if status == 0 || !strings.Contains(plain, part) {
			t.Errorf("the error (exit status %d) does not say %q:\n%s", status, part, out)
		}
	}
}
