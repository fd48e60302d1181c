package acctest_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

const importedKey = "otel-key-to-import"

// imported returns a gateway that somebody made in the dashboard.
func imported() map[string]any {
	return map[string]any{
		"id": "production", "cache_ttl": 3600, "rate_limiting_limit": 100, "rate_limiting_interval": 60, "zdr": true,
		"guardrails": map[string]any{"prompt": map[string]any{"S1": "BLOCK"}, "response": map[string]any{"S10": "FLAG"}},
		"spend_limits": map[string]any{"enabled": true, "rules": []any{
			// Begins with a letter: OpenTofu 1.12.6 writes no quotes around keys, as the guide says.
			map[string]any{"id": "c80f12ab", "limit": 100, "limitType": "cost", "window": 86400, "enabled": true, "technique": "sliding"},
		}},
	}
}

func TestGuideImportingList(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	w := exampleService(t, "default", "team-a").NewWorkspace(t)
	w.Write("main.tf", guide(t, "importing/list.tf"))
	w.Apply()
	if out := w.Run("output", "-no-color", "-json", "gateways"); strings.TrimSpace(out) != `["default","team-a"]` {
		t.Errorf("the output is %s", out)
	}
}

// TestGuideImportingOne lets the CLI write the configuration.
func TestGuideImportingOne(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsGenerateConfig()
	acctest.Require(t, supported, reason)
	service := exampleService(t)
	service.Emulator.PutGateway(service.AccountID, imported())
	w := service.NewWorkspace(t)
	w.Write("main.tf", guide(t, "importing/one.tf"))
	w.Run("init", "-no-color")
	w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
	if out := w.Run("apply", "-auto-approve", "-no-color"); !strings.Contains(out, "1 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("the import does more than import:\n%s", out)
	}
	w.RequireEmptyPlan()
	remove(t, w, "main.tf")
	w.RequireEmptyPlan()
	requireOnlyReads(t, service)
}

// TestGuideImportingMany imports many gateways by one block. What they have set
// stays; features, for which unset means off, show.
func TestGuideImportingMany(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsImportForEach()
	acctest.Require(t, supported, reason)
	service := exampleService(t, "team-b", "team-c")
	service.Emulator.PutGateway(service.AccountID, map[string]any{"id": "team-a", "cache_ttl": 60, "zdr": true})
	w := service.NewWorkspace(t)
	w.Write("main.tf", guide(t, "importing/many.tf"))
	w.Run("init", "-no-color")
	if out := w.Run("apply", "-auto-approve", "-no-color"); !strings.Contains(out, "3 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("the import does more than import:\n%s", out)
	}
	w.RequireEmptyPlan()
	service.Emulator.EditGateway(service.AccountID, "team-b", func(g map[string]any) { g["guardrails"] = imported()["guardrails"] })
	if out := w.Run("plan", "-no-color"); !strings.Contains(out, "0 to add, 1 to change, 0 to destroy") || !strings.Contains(out, "- guardrails") {
		t.Errorf("guardrails of the dashboard do not show:\n%s", out)
	}
	requireOnlyReads(t, service)
}

// TestGuideImportingDefault imports the gateway that the service makes by
// itself, which comes back when it is destroyed.
func TestGuideImportingDefault(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := exampleService(t, "default")
	w := service.NewWorkspace(t)
	config := guide(t, "importing/default.tf")
	w.Write("main.tf", config)
	w.Run("init", "-no-color")
	if out := w.Run("apply", "-auto-approve", "-no-color"); !strings.Contains(out, "1 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("the import does more than import:\n%s", out)
	}
	w.RequireEmptyPlan()
	if status, out := w.Try("plan", "-destroy", "-no-color"); status == 0 || !strings.Contains(out, "prevent_destroy") {
		t.Errorf("the plan to destroy it:\n%s", out)
	}
	w.Write("main.tf", strings.Replace(config, "= true", "= false", 1))
	if out := w.Run("plan", "-destroy", "-no-color"); !strings.Contains(out, "The default gateway comes back") {
		t.Errorf("the plan to destroy it does not warn:\n%s", out)
	}
	requireOnlyReads(t, service)
}

// TestGuideImportingSecrets: an import brings no secrets, says so, and the next
// apply sends those of the configuration, which need not be stored.
func TestGuideImportingSecrets(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	service := exampleService(t)
	service.Emulator.PutGateway(service.AccountID, map[string]any{"id": "production", "otel": []any{
		map[string]any{"url": "https://otel.example.com/v1/traces", "headers": map[string]any{"x-api-key": "of-the-dashboard"}},
	}})
	w := service.NewWorkspace(t, "TF_VAR_otel_api_key="+importedKey)
	w.Write("main.tf", guide(t, "importing/secrets.tf"))
	w.Write("import.tf", guide(t, "importing/one.tf"))
	w.Run("init", "-no-color")
	out := w.Run("apply", "-auto-approve", "-no-color")
	if !strings.Contains(out, "1 imported, 0 added, 1 changed, 0 destroyed") || !strings.Contains(out, "Secrets are not imported") {
		t.Errorf("the import:\n%s", out)
	}
	w.RequireEmptyPlan()
	for where, text := range map[string]string{"state": w.Read("terraform.tfstate"), "output": out} {
		if strings.Contains(text, importedKey) || strings.Contains(text, "of-the-dashboard") {
			t.Errorf("%s holds a secret", where)
		}
	}
	stored, _ := service.Emulator.Gateway(service.AccountID, "production")
	if receivers, ok := stored["otel"].([]any); !ok || len(receivers) != 1 || !same(receivers[0].(map[string]any)["headers"], map[string]any{"x-api-key": importedKey}) {
		t.Errorf("the service holds %v", stored["otel"])
	}
}

// TestGuideImportingBelongings imports what belongs to a gateway, with the
// configuration that the CLI writes.
func TestGuideImportingBelongings(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsGenerateConfig()
	acctest.Require(t, supported, reason)
	service := exampleService(t)
	putOpenAIKey(service) // and its gateway
	putSupportRoute(service)
	putOwnProvider(service)
	w := service.NewWorkspace(t)
	w.Write("imports.tf", guide(t, "importing/belongings.tf"))
	w.Run("init", "-no-color")
	w.Run("plan", "-no-color", "-generate-config-out=written.tf")
	if out := w.Apply(); !strings.Contains(out, "3 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("the import does more than import:\n%s", out)
	}
	w.RequireEmptyPlan()
	requireOnlyReads(t, service)
}
