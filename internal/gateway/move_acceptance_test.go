package gateway_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client"
)

// Secrets of the gateway that moves.
const (
	movedKey    = "otel-key-that-moves"
	movedStripe = "sk_test_that_moves"
)

// toMove are a gateway with secrets as the service holds it, as Cloudflare's
// provider writes it, and as this one does.
var (
	toMoveOnTheWire = attrs{
		"id": "demo",
		"otel": []any{attrs{
			"url": "https://otel.example.com/", "headers": attrs{"x-api-key": movedKey}, "content_type": "json",
		}},
		"stripe":     attrs{"authorization": movedStripe, "usage_events": []any{attrs{"payload": `{"value":"$cost"}`}}},
		"created_at": "2026-08-03T10:00:00Z", "modified_at": "2026-08-03T10:00:00Z",
	}
	toMoveBefore = `provider "cloudflare" {
  api_token = "for-the-stub"
}

resource "cloudflare_ai_gateway" "test" {
  account_id                 = "` + acctest.AccountID + `"
  id                         = "demo"
  cache_invalidate_on_update = false
  cache_ttl                  = 0
  collect_logs               = true
  rate_limiting_interval     = 0
  rate_limiting_limit        = 0
  otel                       = [{ url = "https://otel.example.com/", headers = { "x-api-key" = var.key } }]
  stripe                     = { authorization = var.stripe, usage_events = [{ payload = jsonencode({ value = "$cost" }) }] }
}
`
	toMoveAfter = `moved {
  from = cloudflare_ai_gateway.test
  to   = aigateway_gateway.test
}

resource "aigateway_gateway" "test" {
  name   = "demo"
  otel   = [{ url = "https://otel.example.com/", headers = { "x-api-key" = var.key } }]
  stripe = { authorization = var.stripe, usage_events = [{ payload = jsonencode({ value = "$cost" }) }] }
}
`
)

func moveVariables(sensitive bool) string {
	return fmt.Sprintf("variable \"key\" {\n  sensitive = %t\n}\n\nvariable \"stripe\" {\n  sensitive = %[1]t\n}\n", sensitive)
}

// TestAccGateway_movedSecrets moves a gateway with secrets with a real CLI, from
// a stub of Cloudflare's provider. Secrets go along, and nothing is written to
// the service. Where they come from sensitive variables, Terraform (OpenTofu does
// not) plans an update, since it does not keep in a move which values are
// sensitive: it changes no attribute and sends nothing.
func TestAccGateway_movedSecrets(t *testing.T) {
	t.Parallel()
	acctest.RequireEmulator(t)
	for name, sensitive := range map[string]bool{"plain": false, "sensitive": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service := acctest.Acceptance(t)
			supported, reason := acctest.CLI().SupportsMovedTypes()
			acctest.Require(t, supported, reason)
			acctest.InstallCloudflare(t)
			service.Emulator.PutGateway(service.AccountID, toMoveOnTheWire)
			w := service.NewWorkspace(t, "AIGATEWAY_GATEWAY_BASE_URL="+client.DefaultGatewayBaseURL,
				"TF_VAR_key="+movedKey, "TF_VAR_stripe="+movedStripe)
			w.Write("cloudflare.tf", "terraform {\n  required_providers {\n    cloudflare = { source = \"cloudflare/cloudflare\" }\n  }\n}\n")
			w.Write("requirements.tf", "")
			w.Write("variables.tf", moveVariables(sensitive))
			w.Write("main.tf", toMoveBefore)
			w.Run("init", "-no-color")
			w.Run("apply", "-auto-approve", "-no-color")
			service.Emulator.ResetRequests()

			// The old provider is in state alone now, and is not configured.
			w.Write("cloudflare.tf", "")
			w.Write("requirements.tf", "terraform {\n  required_providers {\n    aigateway = { source = \"aigateway/aigateway\" }\n  }\n}\n")
			w.Write("main.tf", toMoveAfter)
			w.Run("init", "-no-color")
			out := w.Run("plan", "-no-color", "-out=plan")
			before, after, actions := movedChange(t, w)
			switch {
			case !slices.Equal(actions, []string{"no-op"}) && !sensitive:
				t.Errorf("the plan does %v:\n%s", actions, out)
			case before != after:
				t.Errorf("the plan changes\n%s\nto\n%s", before, after)
			}
			if strings.Contains(out, movedKey) || strings.Contains(out, movedStripe) {
				t.Errorf("the plan shows a secret:\n%s", out)
			}
			w.Run("apply", "-auto-approve", "-no-color")
			w.RequireEmptyPlan()
			for _, request := range service.Requests() {
				if request != "GET "+one {
					t.Errorf("a request that is more than a read: %s", request)
				}
			}
			if state := w.Run("show", "-json"); !strings.Contains(state, movedKey) || !strings.Contains(state, movedStripe) {
				t.Error("the secrets were not moved")
			}
		})
	}
}

// TestAccGateway_movedForEach moves many gateways by one block.
func TestAccGateway_movedForEach(t *testing.T) {
	t.Parallel()
	acctest.RequireEmulator(t)
	service := acctest.Acceptance(t)
	supported, reason := acctest.CLI().SupportsMovedTypes()
	acctest.Require(t, supported, reason)
	acctest.InstallCloudflare(t)
	for _, id := range []string{"one", "two"} {
		service.Emulator.PutGateway(service.AccountID, attrs{"id": id})
	}
	w := service.NewWorkspace(t)
	w.Write("requirements.tf", "terraform {\n  required_providers {\n"+
		"    aigateway  = { source = \"aigateway/aigateway\" }\n    cloudflare = { source = \"cloudflare/cloudflare\" }\n  }\n}\n")
	w.Write("main.tf", `provider "cloudflare" {
  api_token = "for-the-stub"
}

resource "cloudflare_ai_gateway" "test" {
  for_each                   = toset(["one", "two"])
  account_id                 = "`+acctest.AccountID+`"
  id                         = each.key
  cache_invalidate_on_update = false
  cache_ttl                  = 0
  collect_logs               = true
  rate_limiting_interval     = 0
  rate_limiting_limit        = 0
}
`)
	w.Run("init", "-no-color")
	w.Run("apply", "-auto-approve", "-no-color")
	w.Write("main.tf", `moved {
  from = cloudflare_ai_gateway.test
  to   = aigateway_gateway.test
}

resource "aigateway_gateway" "test" {
  for_each = toset(["one", "two"])
  name     = each.key
}
`)
	if out := w.Run("apply", "-auto-approve", "-no-color"); !strings.Contains(out, `cloudflare_ai_gateway.test["one"] has moved to aigateway_gateway.test["one"]`) ||
		!strings.Contains(out, `cloudflare_ai_gateway.test["two"] has moved to aigateway_gateway.test["two"]`) ||
		!strings.Contains(out, "0 added, 0 changed, 0 destroyed") {
		t.Errorf("the plan is more than two moves:\n%s", out)
	}
	w.RequireEmptyPlan()
}

// movedChange returns what the saved plan does with the gateway.
func movedChange(t *testing.T, w *acctest.Workspace) (before, after string, actions []string) {
	t.Helper()
	var plan struct {
		Changes []struct {
			Change struct {
				Actions       []string
				Before, After json.RawMessage
			}
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(w.Run("show", "-json", "plan")), &plan); err != nil {
		t.Fatal(err)
	}
	if len(plan.Changes) != 1 {
		t.Fatalf("the plan changes %d resources", len(plan.Changes))
	}
	change := plan.Changes[0].Change
	return string(change.Before), string(change.After), change.Actions
}
