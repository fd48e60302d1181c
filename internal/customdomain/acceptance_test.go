package customdomain_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// configuration has the domain before the gateway exists, and uses its CNAME target.
const configuration = `
resource "aigateway_gateway" "main" {
  name           = "new"
  authentication = true
}

resource "aigateway_custom_domain" "ai" {
  gateway_id = aigateway_gateway.main.id
  hostname   = "ai.example.com"
  zone_id    = "%s"
}

output "cname_target" {
  value = aigateway_custom_domain.ai.cname_target
}

data "aigateway_custom_domains" "all" {
  gateway_id = aigateway_custom_domain.ai.gateway_id
}

output "hostnames" {
  value = join(",", data.aigateway_custom_domains.all.custom_domains[*].hostname)
}
`

// TestAccCustomDomain_lifecycle creates a gateway and its domain in one apply. The domain
// becomes active outside of Terraform, which leaves the plan empty; a user's request then
// passes through the gateway. Another zone replaces the domain.
func TestAccCustomDomain_lifecycle(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	s := acctest.Emulate(t, emulator.Options{})
	w := s.NewWorkspace(t)
	w.Write("main.tf", fmt.Sprintf(configuration, zoneID))
	w.Apply()
	w.RequireEmptyPlan()
	if out := w.Run("output", "-no-color"); !strings.Contains(out, "ai.example.com.custom-domains.") || !strings.Contains(out, `hostnames = "ai.example.com"`) {
		t.Error(out)
	}
	if !s.Emulator.ActivateCustomDomain(hostname) {
		t.Fatal("it is not there")
	}
	w.RequireEmptyPlan()
	requireServed(t, s)

	w.Write("main.tf", fmt.Sprintf(configuration, otherZone))
	if out := w.Apply(); !strings.Contains(out, "1 added, 0 changed, 1 destroyed") {
		t.Errorf("not a replacement:\n%s", out)
	}
	w.RequireEmptyPlan()
	if held := s.Emulator.CustomDomains(s.AccountID, "new")[hostname]; held["zone_id"] != otherZone || held["status"] != "pending_dcv" {
		t.Errorf("stored: %v", held)
	}
	w.Run("destroy", "-auto-approve", "-no-color")
	if left := s.Emulator.GatewayIDs(s.AccountID); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// requireServed sends a request to the domain, as a user with an Access session does.
func requireServed(t *testing.T, s *acctest.Service) {
	t.Helper()
	root, _, _ := strings.Cut(s.BaseURL, "/client/v4")
	body := `{"model":"workers-ai/@cf/meta/llama-3.3-70b-instruct-fp8-fast","messages":[{"role":"user","content":"hi"}]}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, root+"/compat/chat/completions", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = hostname
	r.Header.Set(emulator.AccessIdentityHeader, `{"id":"user-1"}`)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("HTTP %d", resp.StatusCode)
	}
}

// TestAccCustomDomain_generated: the configuration that the CLI writes for an import plans
// nothing. Adding the zone to it changes the state alone, in place.
func TestAccCustomDomain_generated(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsGenerateConfig()
	acctest.Require(t, supported, reason)
	s := service(t)
	s.Emulator.PutCustomDomain(s.AccountID, gatewayID, attrs{"domain": hostname, "zone_id": zoneID})
	w := s.NewWorkspace(t)
	w.Write("main.tf", "import {\n  to = aigateway_custom_domain.ai\n  id = \"main/ai.example.com\"\n}\n")
	w.Run("init", "-no-color")
	w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
	if out := w.Apply(); !strings.Contains(out, "1 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("the import does more than import:\n%s", out)
	}
	w.RequireEmptyPlan()
	// Since Terraform 1.14, the zone that nobody can read is left out instead of null.
	var lines []string
	for line := range strings.Lines(w.Read("generated.tf")) {
		switch fields := strings.Fields(line); {
		case len(fields) == 3 && fields[0] == "zone_id":
			continue
		case len(fields) == 3 && fields[0] == "hostname":
			line += "  zone_id = \"" + zoneID + "\"\n"
		}
		lines = append(lines, line)
	}
	w.Write("generated.tf", strings.Join(lines, ""))
	s.Emulator.ResetRequests()
	if out := w.Apply(); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("not in place:\n%s", out)
	}
	for _, request := range s.Requests() {
		if !strings.HasPrefix(request, "GET ") {
			t.Errorf("sent: %s", request)
		}
	}
	w.RequireEmptyPlan()
}

// TestAccCustomDomain_identity imports by identity.
func TestAccCustomDomain_identity(t *testing.T) {
	t.Parallel()
	with := acctest.CLIWith(t, cli.CLI.SupportsIdentityImport)
	s := service(t)
	s.Emulator.PutCustomDomain(s.AccountID, gatewayID, attrs{"domain": hostname, "zone_id": zoneID})
	w := s.NewWorkspaceWith(t, with)
	w.Write("main.tf", `
import {
  to = aigateway_custom_domain.ai
  identity = {
    gateway_id = "main"
    hostname   = "ai.example.com"
  }
}

resource "aigateway_custom_domain" "ai" {
  gateway_id = "main"
  hostname   = "ai.example.com"
}
`)
	if out := w.Apply(); !strings.Contains(out, "1 imported, 0 added, 0 changed, 0 destroyed") {
		t.Errorf("the import does more than import:\n%s", out)
	}
	w.RequireEmptyPlan()
}
