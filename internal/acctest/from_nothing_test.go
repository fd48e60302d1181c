package acctest_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// fromNothing returns a workspace with the example of that name.
func fromNothing(t *testing.T, service *acctest.Service) *acctest.Workspace {
	t.Helper()
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	return exampleWorkspace(t, service, "from-nothing", "TF_VAR_openai_api_key="+openAIKey)
}

// TestFromNothing applies the example to an empty account at once, proves it with one
// request, imports the whole into an empty state, and destroys it in order.
func TestFromNothing(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{NoSecretsStore: true})
	w := fromNothing(t, service)
	if out := w.Apply(); !strings.Contains(out, "7 added, 0 changed, 0 destroyed") {
		t.Errorf("the first apply:\n%s", out)
	}
	w.RequireEmptyPlan()

	ids := ids(t, w)
	var blocks strings.Builder
	for address, id := range map[string]string{
		"aigateway_secrets_store.main":      ids["aigateway_secrets_store.main"],
		"aigateway_gateway.main":            "production",
		"aigateway_provider_config.openai":  "production/openai/default",
		"aigateway_dynamic_route.assistant": "production/assistant",
		"aigateway_policy.everyone":         "production/" + ids["aigateway_policy.everyone"],
		"aigateway_policy.no_opus":          "production/" + ids["aigateway_policy.no_opus"],
		"aigateway_custom_domain.main":      "production/ai.example.com",
	} {
		fmt.Fprintf(&blocks, "import {\n  to = %s\n  id = %q\n}\n", address, id)
	}
	imported := fromNothing(t, service)
	imported.Write("imports.tf", blocks.String())
	service.Emulator.ResetRequests()
	// The key cannot be read back, so it is sent once more. The zone of the domain is not
	// in responses, so state takes it over from the configuration, without a request.
	if out := imported.Apply(); !strings.Contains(out, "7 imported, 0 added, 2 changed, 0 destroyed") {
		t.Errorf("the import:\n%s", out)
	}
	rotations := 0
	for _, request := range service.Requests() {
		switch {
		case strings.HasPrefix(request, "GET "):
		case strings.HasPrefix(request, "PUT ") && strings.Contains(request, "/provider_configs/"):
			rotations++
		default:
			t.Errorf("the import sends %s", request)
		}
	}
	if rotations != 1 {
		t.Errorf("the key is sent %d times, want once", rotations)
	}
	imported.RequireEmptyPlan()
	for what, w := range map[string]*acctest.Workspace{"applied": w, "imported": imported} {
		if strings.Contains(w.Read("terraform.tfstate"), openAIKey) {
			t.Errorf("the %s state has the key", what)
		}
	}

	deleted := destroy(service, imported)
	for _, order := range [][2]string{
		{"routes", "provider_configs"}, {"provider_configs", "gateways"}, {"routes", "gateways"}, {"policies", "gateways"},
		{"custom-domains", "gateways"}, {"gateways", "stores"},
	} {
		if len(deleted) != 7 || slices.Index(deleted, order[0]) > slices.Index(deleted, order[1]) {
			t.Errorf("deleted in this order: %v; want %s before %s", deleted, order[0], order[1])
		}
	}
	// What belongs to a gateway goes with it, but a domain and a secret could stay.
	e, account := service.Emulator, service.AccountID
	if left := slices.Concat(e.StoreIDs(account), e.GatewayIDs(account)); len(left)+len(e.CustomDomains(account, "production"))+len(e.CustomProviders(account)) != 0 {
		t.Errorf("left: stores and gateways %v, domains %v, custom providers %v", left, e.CustomDomains(account, "production"), e.CustomProviders(account))
	}
}

// TestFromNothingProof runs the example's own test, which sends one request.
func TestFromNothingProof(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsTest()
	acctest.Require(t, supported, reason)
	service := acctest.Emulate(t, emulator.Options{NoSecretsStore: true})
	w := fromNothing(t, service)
	w.Run("init", "-no-color")
	if out := w.Run("test", "-no-color"); !strings.Contains(out, "2 passed, 0 failed") {
		t.Errorf("the example's tests say:\n%s", out)
	}
	sent := 0
	for _, request := range service.Emulator.Requests() {
		if strings.HasSuffix(request.Path, "/chat/completions") {
			sent++
		}
	}
	want := 1
	if acctest.CLI().Kind == cli.OpenTofu {
		want = 2 // its clean-up reads data sources once more
	}
	if sent != want {
		t.Errorf("%d requests to models, want %d", sent, want)
	}
	if left := service.Emulator.GatewayIDs(service.AccountID); len(left) != 0 {
		t.Errorf("the tests leave gateways: %v", left)
	}
}
