package acctest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// stubProvider configures the stub of Cloudflare's provider, which refuses to
// be configured without it.
const stubProvider = `provider "cloudflare" {
  api_token = "for-the-stub"
}
`

// theProduction returns the gateway of the guide as the service holds it.
func theProduction() map[string]any {
	rule := func(id string, limit int, filter string, selected map[string]any) map[string]any {
		return map[string]any{
			"id": id, "enabled": true, "limit": limit, "limitType": "cost", "window": 86400, "technique": "sliding", filter: selected,
		}
	}
	return map[string]any{
		"id": "production", "cache_ttl": 3600, "rate_limiting_limit": 100, "rate_limiting_interval": 60,
		"rate_limiting_technique": "sliding", "authentication": true,
		"guardrails": map[string]any{"prompt": map[string]any{"S1": "BLOCK", "P1": "FLAG"}, "response": map[string]any{}},
		"spend_limits": map[string]any{"enabled": true, "rules": []any{
			rule("team-a", 100, "metadata", map[string]any{"team": map[string]any{"mode": "filter", "values": []any{"a"}}}),
			rule("openai", 500, "provider", map[string]any{"mode": "filter", "values": []any{"openai"}}),
		}},
		"created_at": "2026-08-03T10:00:00Z", "modified_at": "2026-08-03T10:00:00Z",
	}
}

// managed returns a workspace in which Cloudflare's provider manages the gateway,
// as the guide begins.
func managed(t *testing.T, before string) (*acctest.Service, *acctest.Workspace) {
	t.Helper()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsMovedTypes()
	acctest.Require(t, supported, reason)
	acctest.InstallCloudflare(t)
	service := exampleService(t)
	service.Emulator.PutGateway(service.AccountID, theProduction())
	// No request goes through the gateway, so that its address may be the one
	// that nearly everybody has.
	w := service.NewWorkspace(t, "AIGATEWAY_GATEWAY_BASE_URL="+client.DefaultGatewayBaseURL)
	w.Write("requirements.tf", guide(t, "migrating/providers.tf"))
	w.Write("main.tf", before)
	w.Write("stub.tf", stubProvider)
	w.Run("init", "-no-color")
	w.Run("apply", "-auto-approve", "-no-color")
	remove(t, w, "stub.tf")
	service.Emulator.ResetRequests()
	return service, w
}

func remove(t *testing.T, w *acctest.Workspace, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(w.Dir, name)); err != nil {
		t.Fatal(err)
	}
}

// TestGuideMigrating follows the guide: the move and nothing else, and nothing
// written to the service.
func TestGuideMigrating(t *testing.T) {
	t.Parallel()
	service, w := managed(t, guide(t, "migrating/before.tf"))
	w.Write("main.tf", guide(t, "migrating/after.tf"))
	w.Run("init", "-no-color")

	for _, args := range [][]string{{"-refresh=false"}, nil} {
		out, changes := planOf(t, w, args...)
		if !strings.Contains(out, "cloudflare_ai_gateway.production has moved to aigateway_gateway.production") ||
			!strings.Contains(out, "0 to add, 0 to change, 0 to destroy") || strings.Contains(out, "Changes to Outputs") ||
			strings.Contains(out, "Objects have changed outside") {
			t.Errorf("the plan %v is more than the move:\n%s", args, out)
		}
		if len(changes) != 1 || changes[0].Address != "aigateway_gateway.production" ||
			changes[0].Previous != "cloudflare_ai_gateway.production" || !slices.Equal(changes[0].Change.Actions, []string{"no-op"}) {
			t.Errorf("the plan %v does: %+v", args, changes)
		}
		if shown := shownPlan(t); len(args) == 0 && acctest.CLI().Kind == cli.Terraform && !strings.Contains(out, shown) {
			t.Errorf("the guide shows\n%s\nthe plan %v is\n%s", shown, args, out)
		}
		if len(args) > 0 && len(service.Requests()) > 0 {
			t.Errorf("a plan without a refresh sent %v", service.Requests())
		}
	}
	w.Run("apply", "-auto-approve", "-no-color")
	w.RequireEmptyPlan()

	// The old provider can go, and so can the block.
	_, after, _ := strings.Cut(guide(t, "migrating/after.tf"), "\n\n")
	w.Write("main.tf", after)
	w.Write("requirements.tf", withoutCloudflare(t))
	if out := w.Run("init", "-no-color"); strings.Contains(out, "Using previously-installed cloudflare/cloudflare") {
		t.Errorf("the old provider is still needed:\n%s", out)
	}
	w.RequireEmptyPlan()
	requireOnlyReads(t, service)
}

// shownPlan returns the plan that the guide shows.
func shownPlan(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../templates/guides/migrating-from-cloudflare.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	_, plan, found := strings.Cut(string(text), "```text\n")
	plan, _, ended := strings.Cut(plan, "```")
	if !found || !ended {
		t.Fatal("the guide shows no plan")
	}
	return plan
}

// withoutCloudflare returns the guide's block of requirements without the old
// provider.
func withoutCloudflare(t *testing.T) string {
	t.Helper()
	text := guide(t, "migrating/providers.tf")
	from, to := strings.Index(text, "    # Until"), strings.Index(text, "  }\n}\n")
	if from < 0 || to < from {
		t.Fatal("providers.tf has another form")
	}
	return text[:from] + text[to:]
}

// TestGuideMigratingDifferences: what the new configuration says otherwise
// shows, and nothing else.
func TestGuideMigratingDifferences(t *testing.T) {
	t.Parallel()
	service, w := managed(t, `resource "cloudflare_ai_gateway" "production" {
  account_id                 = "0123456789abcdef0123456789abcdef"
  id                         = "production"
  cache_invalidate_on_update = false
  cache_ttl                  = 3600
  collect_logs               = true
  rate_limiting_interval     = 60
  rate_limiting_limit        = 100
}
`)
	w.Write("main.tf", strings.NewReplacer("= 3600", "= 60", "= true\n\n", "= true\n\n  zdr = true\n").Replace(guide(t, "migrating/after.tf")))
	w.Run("init", "-no-color")
	_, changes := planOf(t, w)
	if len(changes) != 1 || !slices.Equal(changes[0].Change.Actions, []string{"update"}) {
		t.Fatalf("the plan does: %+v", changes)
	}
	var differ []string
	for name, before := range changes[0].Change.Before {
		if after := changes[0].Change.After[name]; !same(before, after) || changes[0].Change.AfterUnknown[name] == true {
			differ = append(differ, name)
		}
	}
	slices.Sort(differ)
	if want := []string{"cache_ttl", "modified_at", "zdr"}; !slices.Equal(differ, want) {
		t.Errorf("the plan changes %v, want %v", differ, want)
	}
	requireOnlyReads(t, service)
	w.Run("apply", "-auto-approve", "-no-color")
	w.RequireEmptyPlan()
	if stored, _ := service.Emulator.Gateway(service.AccountID, "production"); stored["zdr"] != true || stored["cache_ttl"] != 60.0 {
		t.Errorf("the service holds %v", stored)
	}
}

// TestGuideMigratingBack: back to Cloudflare's provider, with the gateway left
// alone.
func TestGuideMigratingBack(t *testing.T) {
	t.Parallel()
	service, w := managed(t, guide(t, "migrating/before.tf"))
	w.Write("main.tf", guide(t, "migrating/after.tf"))
	w.Run("init", "-no-color")
	w.Run("apply", "-auto-approve", "-no-color")
	w.Write("main.tf", guide(t, "migrating/before.tf")+guide(t, "migrating/rollback.tf"))
	w.Write("stub.tf", stubProvider)
	_, changes := planOf(t, w)
	for _, c := range changes {
		want := map[string]string{"aigateway_gateway.production": "forget", "cloudflare_ai_gateway.production": "update"}[c.Address]
		if !slices.Equal(c.Change.Actions, []string{want}) {
			t.Errorf("%s: %v, want %s", c.Address, c.Change.Actions, want)
		}
	}
	w.Run("apply", "-auto-approve", "-no-color")
	if left := w.Run("state", "list"); strings.TrimSpace(left) != "cloudflare_ai_gateway.production" {
		t.Errorf("in state: %s", left)
	}
	requireOnlyReads(t, service)
}
