package acctest_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestGenerateAccount takes over an account of 15 gateways and 40 routes: it queries
// everything, applies the generated configuration unchanged, and plans nothing
// afterwards. Nothing is written to the service.
func TestGenerateAccount(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsQuery)
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
	content := accountContent{stores: 1, gateways: 15, keys: 20, providers: 4, routes: 40, policies: 12, domains: 3}
	fillAccount(service, content)
	w := service.NewWorkspaceWith(t, with)
	w.Write("account.tfquery.hcl", guide(t, "existing-account/account.tfquery.hcl"))
	w.Run("init", "-no-color")
	w.Run("query", "-no-color", "-generate-config-out=generated.tf")
	out := w.Run("apply", "-auto-approve", "-no-color")
	if want := fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", content.total()); !strings.Contains(out, want) {
		t.Errorf("want %s:\n%s", want, out)
	}
	w.RequireEmptyPlan()
	requireOnlyReads(t, service)
	for where, text := range map[string]string{"configuration": w.Read("generated.tf"), "output": out} {
		for _, secret := range existingSecrets {
			if strings.Contains(text, secret) {
				t.Errorf("the %s has the secret %s", where, secret)
			}
		}
	}
}
