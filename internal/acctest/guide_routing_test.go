package acctest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
)

// TestGuideRouting follows the guide, except for what only newer CLIs have. Its pictures
// are those that the service's routes have.
func TestGuideRouting(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	g := newWalk(t, acctest.CLI())
	g.follow("routing", "1", "2", "3", "4", "5", "6")
	g.requireFollowed("7", "8") // the emergency, and what is only links

	g.w.Write("pictures.tf", `
data "aigateway_dynamic_route" "all" {
  for_each   = toset(["resilient", "by-plan", "trial", "limited"])
  gateway_id = aigateway_gateway.assistant.id
  name       = each.key
  depends_on = [aigateway_dynamic_route.resilient] # which this apply changes
}

output "pictures" {
  value = { for name, route in data.aigateway_dynamic_route.all : name => route.mermaid }
}
`)
	g.run("terraform apply")
	var pictures map[string]string
	if err := json.Unmarshal([]byte(g.w.Run("output", "-json", "pictures")), &pictures); err != nil {
		t.Fatal(err)
	}
	for name, picture := range pictures {
		if shown := guide(t, "routing/"+name+".mmd"); strings.TrimSpace(shown) != strings.TrimSpace(picture) {
			t.Errorf("the guide shows\n%s\nfor the route\n%s", shown, picture)
		}
	}
}

// TestGuideRoutingRollback follows what the guide says about an emergency.
func TestGuideRoutingRollback(t *testing.T) {
	t.Parallel()
	g := newWalk(t, acctest.CLIWith(t, cli.CLI.SupportsActions))
	g.follow("routing", "1", "2", "6", "7")
}
