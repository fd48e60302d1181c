package acctest_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
)

// TestGuideMigratingRoute follows the guide for a dynamic route: the move and
// what the service tells of the route, and nothing written to it.
func TestGuideMigratingRoute(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsMovedTypes()
	acctest.Require(t, supported, reason)
	acctest.InstallCloudflare(t)
	service := exampleService(t, "production")
	id := putSupportRoute(service).Replace("54442216")
	w := service.NewWorkspace(t)
	w.Write("requirements.tf", guide(t, "migrating/providers.tf"))
	// The stub of the old provider makes nothing: it imports what is there.
	w.Write("main.tf", stubProvider+guide(t, "migrating/route-before.tf")+`
import {
  to = cloudflare_ai_gateway_dynamic_routing.support
  id = "`+service.AccountID+"/production/"+id+`"
}
`)
	w.Run("init", "-no-color")
	w.Run("apply", "-auto-approve", "-no-color")
	service.Emulator.ResetRequests()

	w.Write("main.tf", guide(t, "migrating/route.tf"))
	w.Run("init", "-no-color")
	out, changes := planOf(t, w)
	if !strings.Contains(out, "cloudflare_ai_gateway_dynamic_routing.support has moved to aigateway_dynamic_route.support") ||
		!strings.Contains(out, "0 to add, 0 to change, 0 to destroy") {
		t.Errorf("the plan is more than the move:\n%s", out)
	}
	if len(changes) != 1 || !slices.Equal(changes[0].Change.Actions, []string{"no-op"}) || changes[0].Change.After["id"] != id {
		t.Errorf("the plan does: %+v", changes)
	}
	w.Run("apply", "-auto-approve", "-no-color")
	w.RequireEmptyPlan()
	requireOnlyReads(t, service)
	if route, exists := service.Emulator.Route(service.AccountID, "production", id); !exists || len(route.Versions) != 1 {
		t.Errorf("the service has %+v", route)
	}
}
