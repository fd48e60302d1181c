package dynamicroute_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// requiring returns a file that requires providers.
func requiring(providers ...string) string {
	var lines strings.Builder
	for _, provider := range providers {
		fmt.Fprintf(&lines, "    %s = { source = \"%[1]s/%[1]s\" }\n", provider)
	}
	return "terraform {\n  required_providers {\n" + lines.String() + "  }\n}\n"
}

// TestAccDynamicRoute_moved moves a route with a real CLI, from a stub of
// Cloudflare's provider. Nothing is written to the service, and the graph comes
// from there, shares included.
func TestAccDynamicRoute_moved(t *testing.T) {
	t.Parallel()
	acctest.RequireEmulator(t)
	s := acctest.Acceptance(t)
	supported, reason := acctest.CLI().SupportsMovedTypes()
	acctest.Require(t, supported, reason)
	acctest.InstallCloudflare(t)
	s.Emulator.PutGateway(s.AccountID, attrs{"id": gatewayID})
	to := func(id string) attrs { return attrs{"elementId": id} }
	elements := append(onWire("ask"), attrs{
		"id": "split", "type": "percentage", "outputs": attrs{"10%": to("ask"), "else": to("end")},
	})
	elements[0]["outputs"] = attrs{"next": to("split")}
	id := s.Emulator.PutRoute(s.AccountID, gatewayID, "support", elements)
	w := s.NewWorkspace(t)
	w.Write("requirements.tf", requiring("cloudflare"))
	w.Write("main.tf", `provider "cloudflare" {
  api_token = "for-the-stub"
}

import {
  to = cloudflare_ai_gateway_dynamic_routing.test
  id = "`+s.AccountID+"/"+gatewayID+"/"+id+`"
}

resource "cloudflare_ai_gateway_dynamic_routing" "test" {
  account_id = "`+s.AccountID+`"
  gateway_id = "`+gatewayID+`"
  name       = "support"
  elements = [
    { id = "start", type = "start", outputs = { next = { element_id = "split" } } },
    { id = "split", type = "percentage", outputs = {} },
    { id = "ask", type = "model", outputs = { success = { element_id = "end" }, fallback = { element_id = "end" } },
      properties = { ai_gateway_dynamic_routing_provider = "openai", model = "gpt-5.2", timeout = 1, retries = 0 } },
    { id = "end", type = "end", outputs = {} },
  ]
}
`)
	w.Run("init", "-no-color")
	w.Run("apply", "-auto-approve", "-no-color")
	s.Emulator.ResetRequests()

	// The old provider is in state alone now, and is not configured.
	w.Write("requirements.tf", requiring("aigateway"))
	w.Write("main.tf", `moved {
  from = cloudflare_ai_gateway_dynamic_routing.test
  to   = aigateway_dynamic_route.test
}

resource "aigateway_dynamic_route" "test" {
  gateway_id = "`+gatewayID+`"
  name       = "support"
  entry      = "split"
  elements = {
    split = { percentage = { outputs = { "10%" = "ask", else = "end" } } }
    ask   = { model = { provider = "openai", model = "gpt-5.2", timeout = 1, retries = 0, on_success = "end", on_fallback = "end" } }
  }
}
`)
	w.Run("init", "-no-color")
	out := w.Run("apply", "-auto-approve", "-no-color")
	if !strings.Contains(out, "has moved to aigateway_dynamic_route.test") || !strings.Contains(out, "0 added, 0 changed, 0 destroyed") {
		t.Errorf("the plan is more than a move:\n%s", out)
	}
	w.RequireEmptyPlan()
	for _, request := range s.Requests() {
		if request != "GET "+routes+"/"+id {
			t.Errorf("a request that is more than a read: %s", request)
		}
	}
}
