package providerconfig_test

import (
	"archive/zip"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// The keys that the tests with a CLI store, one after the other, and the one
// under another alias.
const (
	firstKey  = "sk-marker-first-4711"
	secondKey = "sk-marker-second-4712"
	evalsKey  = "sk-marker-evals-4713"
)

const keyed = `
variable "openai_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

variable "evals_key" {
  type      = string
  sensitive = true
  ephemeral = true
}

data "aigateway_secrets_stores" "all" {}

resource "aigateway_gateway" "main" {
  name           = "main"
  store_id       = one(data.aigateway_secrets_stores.all.secrets_stores).id
  authentication = true
}

resource "aigateway_provider_config" "openai" {
  gateway_id        = aigateway_gateway.main.id
  provider_slug     = "openai"
  secret_wo         = var.openai_key
  secret_wo_version = 1
}

resource "aigateway_provider_config" "evals" {
  gateway_id        = aigateway_gateway.main.id
  provider_slug     = "openai"
  alias             = "evals"
  secret_wo         = var.evals_key
  secret_wo_version = 1
}
`

// asks returns a request, of which an output tells which key the model saw.
func asks(name, model, alias string) string {
	header := ""
	if alias != "" {
		header = fmt.Sprintf("headers    = { \"cf-aig-byok-alias\" = %q }", alias)
	}
	return fmt.Sprintf(`
data "aigateway_chat_completion" %[1]q {
  gateway_id = aigateway_gateway.main.id
  model      = %[2]q
  prompt     = "Which key?"
  depends_on = [aigateway_provider_config.openai, aigateway_provider_config.evals]
  %[3]s
}

output %[1]q {
  value = data.aigateway_chat_completion.%[1]s.response_text
}
`, name, model, header)
}

// keyRun is a workspace and all that the CLI has printed in it.
type keyRun struct {
	*acctest.Workspace
	t       *testing.T
	log     string
	printed strings.Builder
}

func newKeyRun(t *testing.T) (*acctest.Service, *keyRun) {
	t.Helper()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	s := acctest.Emulate(t, emulator.Options{})
	run := &keyRun{t: t, log: filepath.Join(t.TempDir(), "trace.log")}
	run.Workspace = s.NewWorkspace(t, "TF_LOG=TRACE", "TF_LOG_PATH="+run.log, "AIGATEWAY_ALLOW_TEST_REQUESTS=true")
	return s, run
}

// keys returns what the variables are.
func (run *keyRun) keys(openai string) {
	run.Write("keys.auto.tfvars", fmt.Sprintf("openai_key = %q\nevals_key  = %q\n", openai, evalsKey))
}

func (run *keyRun) do(wantStatus int, args ...string) string {
	run.t.Helper()
	status, out := run.Try(append(args, "-no-color")...)
	if status != wantStatus {
		run.t.Fatalf("%v: exit status %d\n%s", args, status, out)
	}
	run.printed.WriteString(out)
	return out
}

// saw fails the test unless the model saw this key in a request.
func (run *keyRun) saw(output, key string) {
	run.t.Helper()
	if out := run.do(0, "output", output); !strings.Contains(out, emulator.KeyFingerprint(key)) {
		run.t.Errorf("%s: %s, want the key %s", output, out, emulator.KeyFingerprint(key))
	}
}

// TestAccProviderConfig_keyIsUsed stores a key and sends requests that use it:
// by a model, by an alias and by a dynamic route; after a rotation, the new one.
// The keys are in neither state, plan, log nor output.
func TestAccProviderConfig_keyIsUsed(t *testing.T) {
	t.Parallel()
	s, run := newKeyRun(t)
	direct, evals := asks("direct", "openai/gpt-5.2", ""), asks("evals", "openai/gpt-5.2", "evals")
	run.keys(firstKey)
	run.Write("main.tf", keyed+direct+evals)
	run.do(0, "init")
	run.do(0, "plan", "-out=first.tfplan")
	run.do(0, "apply", "-auto-approve")
	run.saw("direct", firstKey)
	run.saw("evals", evalsKey)
	run.do(0, "plan", "-detailed-exitcode")

	s.Emulator.PutRoute(s.AccountID, "main", "assistant", routeToOpenAI())
	routed := asks("routed", "dynamic/assistant", "")
	run.Write("main.tf", keyed+direct+evals+routed)
	run.do(0, "apply", "-auto-approve")
	run.saw("routed", firstKey)
	first := run.Read("terraform.tfstate")

	run.keys(secondKey)
	run.Write("main.tf", strings.Replace(keyed, "secret_wo_version = 1", "secret_wo_version = 2", 1)+direct+evals+routed)
	run.do(0, "plan", "-out=second.tfplan")
	run.do(0, "apply", "-auto-approve")
	for output, key := range map[string]string{"direct": secondKey, "routed": secondKey, "evals": evalsKey} {
		run.saw(output, key)
	}
	run.do(0, "plan", "-detailed-exitcode")
	requireNoKeys(t, map[string]string{
		"first state": first, "state": run.Read("terraform.tfstate"), "backup": run.Read("terraform.tfstate.backup"),
		"first plan": unzipped(t, filepath.Join(run.Dir, "first.tfplan")), "second plan": unzipped(t, filepath.Join(run.Dir, "second.tfplan")),
	})
	run.do(0, "destroy", "-auto-approve")
	if left := s.Emulator.GatewayIDs(s.AccountID); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	trace, err := os.ReadFile(run.log)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(trace), "rotated the key of a provider config") {
		t.Error("the log has no rotation: is it the right one?")
	}
	requireNoKeys(t, map[string]string{"log": string(trace), "output": run.printed.String()})
}

// requireNoKeys fails the test if a text has a key.
func requireNoKeys(t *testing.T, texts map[string]string) {
	t.Helper()
	for where, text := range texts {
		if at := strings.Index(text, "sk-marker"); at >= 0 {
			t.Errorf("a key is in the %s: …%s…", where, text[max(0, at-300):min(len(text), at+100)])
		}
	}
}

// unzipped returns all that is in a plan file but the configuration, which has no
// key either.
func unzipped(t *testing.T, path string) string {
	t.Helper()
	plan, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = plan.Close() }()
	var all strings.Builder
	for _, file := range plan.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, content); err != nil {
			t.Fatal(err)
		}
		_ = content.Close()
	}
	if !strings.Contains(all.String(), "aigateway_provider_config") {
		t.Error("the plan has no provider config: is it unpacked?")
	}
	return all.String()
}

// routeToOpenAI returns a dynamic route whose only model is one of OpenAI's.
func routeToOpenAI() []map[string]any {
	to := func(id string) attrs { return attrs{"elementId": id} }
	return []map[string]any{
		{"id": "start", "type": "start", "outputs": attrs{"next": to("model")}},
		{
			"id": "model", "type": "model", "properties": attrs{"provider": "openai", "model": "gpt-5.2", "timeout": 10000, "retries": 0},
			"outputs": attrs{"success": to("end"), "fallback": to("end")},
		},
		{"id": "end", "type": "end", "outputs": attrs{}},
	}
}

// TestAccProviderConfig_keyIsMissing: what a user reads of an alias without a
// key, of a key whose secret is gone, and of a route whose only model fails.
func TestAccProviderConfig_keyIsMissing(t *testing.T) {
	t.Parallel()
	s, run := newKeyRun(t)
	run.keys(firstKey)
	run.Write("main.tf", keyed)
	run.do(0, "init")
	run.do(0, "apply", "-auto-approve")
	fails := func(config string, says ...string) {
		t.Helper()
		run.Write("main.tf", keyed+config)
		out := run.do(1, "plan")
		for _, text := range says {
			if !acctest.Wrapped(text).MatchString(out) {
				t.Errorf("the output does not say %q:\n%s", text, out)
			}
		}
	}
	fails(asks("absent", "openai/gpt-5.2", "staging"), "code 2040: Provider 'openai' has no BYOK credential named 'staging'. Configured aliases: 'default', 'evals'",
		`Gateway "main" has no stored key of the provider openai under the alias in the header cf-aig-byok-alias`,
		"Correct cf-aig-byok-alias in headers, or store a key under that alias with aigateway_provider_config.")
	store := s.Emulator.StoreIDs(s.AccountID)[0]
	s.Emulator.DeleteSecret(s.AccountID, store, secretName)
	fails(asks("gone", "openai/gpt-5.2", ""), "code 2040: Configured BYOK credentials are unavailable", "was deleted from the Secrets Store",
		"look for the secret in the Secrets Store, under the name main_<provider>_<alias>.")
	s.Emulator.PutRoute(s.AccountID, "main", "assistant", routeToOpenAI())
	fails(asks("routed", "dynamic/assistant", ""), "code 2005: Failed to get response from provider", `Gateway "main" has no dynamic route "assistant". No model of the route responded`)
	fails(asks("absent", "dynamic/support", ""), `has no dynamic route "support". No model of the route responded`, "Check the route's name")
	run.Write("main.tf", keyed)
	run.do(0, "destroy", "-auto-approve")
	requireNoKeys(t, map[string]string{"output": run.printed.String()})
}

// TestAccProviderConfig_lifecycle is the way of most users: create, import in
// every form, rotate, replace, destroy.
func TestAccProviderConfig_lifecycle(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	s := acctest.Emulate(t, emulator.Options{})
	const address = resourceType + ".test"
	config := func(version, limit int) string {
		return fmt.Sprintf(`
data "aigateway_secrets_stores" "all" {}

resource "aigateway_gateway" "test" {
  name           = "main"
  store_id       = one(data.aigateway_secrets_stores.all.secrets_stores).id
  authentication = true
}

resource "aigateway_provider_config" "test" {
  gateway_id        = aigateway_gateway.test.id
  provider_slug     = "openai"
  secret_wo         = %q
  secret_wo_version = %d
  rate_limit        = %d
}

data "aigateway_provider_configs" "test" {
  gateway_id = aigateway_provider_config.test.gateway_id
  depends_on = [aigateway_provider_config.test]
}
`, theKey, version, limit)
	}
	planned := func(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{
			PreApply:             []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)},
			PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
		}
	}
	has := func(attribute string, value knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), value)
	}
	imports := func(prefix string, parts ...string) resource.TestStep {
		return resource.TestStep{
			ResourceName: address, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"secret_wo_version"},
			ImportStateIdFunc: func(state *terraform.State) (string, error) {
				id := prefix
				for _, part := range parts {
					id += "/" + state.RootModule().Resources[address].Primary.Attributes[part]
				}
				return id, nil
			},
		}
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: s.ProviderFactories(),
		Steps: []resource.TestStep{
			{
				Config: config(1, 10), ConfigPlanChecks: planned(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					has("alias", knownvalue.StringExact("default")), has("rate_limit_period", knownvalue.Int64Exact(60)),
					has("secret_wo", knownvalue.Null()), has("secret_id", knownvalue.NotNull()), has("secret_preview", knownvalue.StringExact("****4711")),
					statecheck.ExpectKnownValue("data.aigateway_provider_configs.test",
						tfjsonpath.New("provider_configs").AtSliceIndex(0).AtMapKey("provider_slug"), knownvalue.StringExact("openai")),
				},
			},
			imports("main", "provider_slug", "alias"),
			imports(s.AccountID+"/main", "provider_slug", "alias"),
			imports("main", "id"),
			imports(s.AccountID+"/main", "id"),
			{Config: config(2, 10), ConfigPlanChecks: planned(plancheck.ResourceActionUpdate)},
			{Config: config(2, 20), ConfigPlanChecks: planned(plancheck.ResourceActionReplace)},
		},
	})
	requireNothingLeft(t, s)
}
