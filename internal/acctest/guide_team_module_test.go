package acctest_test

import (
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestGuideTeamModule follows the guide: its commands as pasted, its changes one by one.
func TestGuideTeamModule(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	service := acctest.Emulate(t, emulator.Options{})
	w := service.NewWorkspace(t, teamKeys)
	blocks := shellBlocks(t, "team-module")
	if len(blocks) != 5 {
		t.Fatalf("the guide has %d blocks of commands, and this test runs 5", len(blocks))
	}
	shell := newTerminal(t, w)

	// 1. The copy is made in a clone, and all that follows runs in the copy.
	clone := filepath.Join(w.Dir, "clone")
	if err := os.CopyFS(filepath.Join(clone, "examples", "team-module"), os.DirFS(filepath.Join(examplesDir(t), "team-module"))); err != nil {
		t.Fatal(err)
	}
	w.Dir = clone
	shell.Run(blocks[0])
	w.Dir = filepath.Join(clone, "..", "ai-teams")

	// 3. The settings of the environment are those of the workspace.
	exports, commands, _ := strings.Cut(blocks[1], "\n\n")
	if strings.Count(exports, "\n") != 2 || strings.Count(exports, "export ") != 3 {
		t.Fatalf("these are not the exports:\n%s", exports)
	}
	if out := shell.Run(commands); !strings.Contains(out, "Plan: 6 to add, 0 to change, 0 to destroy.") {
		t.Errorf("the first apply:\n%s", out)
	}

	// 4. The other environment, and the file of the wrong one.
	if out := shell.Run(blocks[2]); !strings.Contains(out, "6 added, 0 changed, 0 destroyed") {
		t.Errorf("the apply of production:\n%s", out)
	}
	if got, want := gatewayIDs(service), "production-search production-support staging-search staging-support"; got != want {
		t.Errorf("the gateways are %s, want %s", got, want)
	}
	service.Emulator.ResetRequests()
	status, out := shell.Try("terraform plan -var-file=staging.tfvars")
	if status == 0 || !acctest.Wrapped("The workspace is production, but the variables are those of staging.").MatchString(out) {
		t.Errorf("with the file of the wrong environment, exit status %d:\n%s", status, out)
	}
	requireOnlyReads(t, service)
	requireEmpty(t, shell, "production.tfvars")

	// 5. What a team gets.
	application := applications(t, shell, blocks[3])["search"]
	if got := slices.Sorted(maps.Keys(application)); !slices.Equal(got, []string{"base_url", "gateway_id", "model", "token_header", "token_permission"}) {
		t.Errorf("an application gets %v", got)
	}
	client := newTerminal(t, w, "OPENAI_BASE_URL="+application["base_url"], "CF_AIG_TOKEN="+service.Token)
	if out := client.Run("curl() { command curl -sS \"$@\"; }\n" + guide(t, "team-module/request.sh")); !strings.Contains(out, "with key sha256:") {
		t.Errorf("the request of an application:\n%s", out)
	}

	// 8. The tests with mocks send nothing.
	service.Emulator.ResetRequests()
	if out := shell.Run(blocks[4]); !strings.Contains(out, "5 passed, 0 failed") {
		t.Errorf("the tests with mocks:\n%s", out)
	}
	requireSilence(t, service)
}

// TestTeamModuleChanges makes the changes of the guide one by one. Each concerns one
// team, and the requests are those of this team.
func TestTeamModuleChanges(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{})
	w := teamModule(t, service, `TF_VAR_openai_api_keys={search = "sk-search", support = "sk-support", assistant = "sk-assistant"}`)
	shell := newTerminal(t, w)
	teams := w.Read("production.tfvars")
	// A change is what a plan does, such as update, with the resources of one team.
	apply := func(what, team, change, summary string, want ...string) {
		t.Helper()
		w.Write("production.tfvars", teams)
		_, changes := planOf(t, w, "-var-file=production.tfvars")
		for _, c := range changes {
			if action := strings.Join(c.Change.Actions, " "); action != "no-op" && (action != change || !strings.HasPrefix(c.Address, `module.team["`+team+`"].`)) {
				t.Errorf("%s: the plan is to %s %s", what, action, c.Address)
			}
		}
		service.Emulator.ResetRequests()
		if out := shell.Run("terraform apply -auto-approve -var-file=production.tfvars"); !strings.Contains(out, summary) {
			t.Errorf("%s:\n%s", what, out)
		}
		var got []string
		for _, request := range service.Requests() {
			if !strings.HasPrefix(request, "GET ") {
				got = append(got, strings.Replace(request, "/accounts/…/ai-gateway/gateways", "", 1))
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s sends\n  %s\nwant\n  %s", what, strings.Join(got, "\n  "), strings.Join(want, "\n  "))
		}
		requireEmpty(t, shell, "production.tfvars")
	}
	shell.Run("terraform init && terraform workspace new production")
	shell.Run("terraform apply -auto-approve -var-file=production.tfvars")

	edit := func(old, changed string) {
		t.Helper()
		if !strings.Contains(teams, old) {
			t.Fatalf("no %s in\n%s", old, teams)
		}
		teams = strings.Replace(teams, old, changed, 1)
	}
	edit("budget = 500", "budget = 800")
	apply("a budget", "search", "update", "0 added, 1 changed, 0 destroyed", "PUT /production-search")

	edit(`model = "gpt-5-mini"`, `model = "gpt-5-mini", key_version = 2`)
	key := service.Emulator.ProviderConfigs(service.AccountID, "production-support")[0]["id"].(string)
	apply("a key", "support", "update", "0 added, 1 changed, 0 destroyed", "PUT /production-support/provider_configs/"+key)

	edit("  search ", "  assistant = { budget = 100 }\n  search ")
	apply("a new team", "assistant", "create", "3 added, 0 changed, 0 destroyed",
		"POST ", "POST /production-assistant/provider_configs", "POST /production-assistant/routes", "PUT /production-assistant")

	// The order in which teams are listed does not matter: the file of the guide is the same.
	teams = guide(t, "team-module/production.tfvars")
	apply("the file of the guide", "nobody", "", "0 added, 0 changed, 0 destroyed")
	if state := w.Read("terraform.tfstate.d/production/terraform.tfstate"); strings.Contains(state, "sk-assistant") || strings.Contains(state, "sk-search") {
		t.Error("the state has a key")
	}

	route := service.Emulator.Routes(service.AccountID, "production-assistant")[0].ID
	key = service.Emulator.ProviderConfigs(service.AccountID, "production-assistant")[0]["id"].(string)
	edit("  assistant = { budget = 100 }", "  #")
	w.Write("production.tfvars", teams)
	if _, err := exec.LookPath("jq"); err != nil {
		t.Log("jq is missing, so the guide's guard was not run:", err)
	} else if status, out := shell.Try(guide(t, "team-module/no-destroy.sh")); status == 0 || !strings.Contains(out, "\nfalse\n") {
		t.Errorf("the guard lets a plan pass that destroys: exit status %d\n%s", status, out)
	}
	apply("a team that leaves", "assistant", "delete", "0 added, 0 changed, 3 destroyed",
		"DELETE /production-assistant", "DELETE /production-assistant/provider_configs/"+key, "DELETE /production-assistant/routes/"+route)
	if _, err := exec.LookPath("jq"); err == nil {
		if out := shell.Run(guide(t, "team-module/no-destroy.sh")); !strings.Contains(out, "\ntrue\n") {
			t.Errorf("the guard refuses a plan that destroys nothing:\n%s", out)
		}
	}
}

// TestTeamModuleNeedsKeys: plans, and applies of saved plans, need the keys and say so.
func TestTeamModuleNeedsKeys(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{})
	w := teamModule(t, service)
	shell := newTerminal(t, w)
	shell.Run("terraform init && terraform workspace new production")
	status, out := shell.Try(`TF_VAR_openai_api_keys='{search = "x"}' terraform plan -var-file=production.tfvars`)
	if status == 0 || !strings.Contains(out, "Every team needs a key.") {
		t.Errorf("without a team's key, exit status %d:\n%s", status, out)
	}
	keys := strings.Replace(teamKeys, "={", "='{", 1) + "' "
	shell.Run(keys + "terraform plan -var-file=production.tfvars -out=plan")
	status, out = shell.Try("terraform apply plan")
	if status == 0 || !strings.Contains(out, `"openai_api_keys"`) {
		t.Errorf("a saved plan without keys, exit status %d:\n%s", status, out)
	}
	requireOnlyReads(t, service)
}

// requireEmpty fails the test unless a plan with the file of variables finds nothing to do.
func requireEmpty(t *testing.T, shell *terminal, file string) {
	t.Helper()
	if status, out := shell.Try("terraform plan -detailed-exitcode -var-file=" + file); status != 0 {
		t.Errorf("the plan is not empty (exit status %d):\n%s", status, out)
	}
}

// applications returns the module's output by team, as the command prints it.
func applications(t *testing.T, shell *terminal, command string) map[string]map[string]string {
	t.Helper()
	var teams map[string]map[string]string
	if err := json.Unmarshal([]byte(shell.Run(command)), &teams); err != nil {
		t.Fatal(err)
	}
	return teams
}

// gatewayIDs returns the gateways of the account in order.
func gatewayIDs(service *acctest.Service) string {
	ids := service.Emulator.GatewayIDs(service.AccountID)
	slices.Sort(ids)
	return strings.Join(ids, " ")
}
