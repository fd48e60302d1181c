package acctest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// examples are what the examples of resources and data sources need besides
// themselves: gateways that exist already, and settings.
var examples = map[string]struct {
	gateways []string
	env      []string
	prepare  func(*acctest.Service) *strings.Replacer
	// supported says whether a CLI has what the example needs; nil if all have.
	supported func(cli.CLI) (bool, string)
}{
	"data-sources/aigateway_chat_completion": {
		gateways: []string{"production"},
		env:      []string{"AIGATEWAY_ALLOW_TEST_REQUESTS=true"},
	},
	"data-sources/aigateway_credit_balance":    {},
	"data-sources/aigateway_custom_provider":   {prepare: putOwnProvider},
	"data-sources/aigateway_custom_providers":  {prepare: putOwnProvider},
	"data-sources/aigateway_dynamic_route":     {gateways: []string{"production"}, prepare: putSupportRoute},
	"data-sources/aigateway_dynamic_routes":    {gateways: []string{"production"}, prepare: putSupportRoute},
	"data-sources/aigateway_gateway":           {gateways: []string{"shared"}},
	"data-sources/aigateway_gateways":          {gateways: []string{"prod-1", "prod-2"}},
	"data-sources/aigateway_log":               {gateways: []string{"production"}},
	"data-sources/aigateway_logs":              {gateways: []string{"production"}},
	"data-sources/aigateway_provider_configs":  {prepare: putOpenAIKey},
	"data-sources/aigateway_policies":          {gateways: []string{"production"}, prepare: putPolicy},
	"data-sources/aigateway_policy":            {gateways: []string{"production"}, prepare: putPolicy},
	"data-sources/aigateway_policy_simulation": {gateways: []string{"production"}, prepare: putPolicy},
	"resources/aigateway_policy":               {},
	"data-sources/aigateway_secrets_stores":    {},
	"functions/compat_base_url":                {supported: cli.CLI.SupportsProviderFunctions},
	"functions/parse_model":                    {supported: cli.CLI.SupportsProviderFunctions},
	"functions/route_mermaid":                  {supported: cli.CLI.SupportsProviderFunctions},
	"functions/provider_url":                   {supported: cli.CLI.SupportsProviderFunctions},
	"resources/aigateway_custom_provider":      {},
	"resources/aigateway_dynamic_route":        {},
	"resources/aigateway_gateway":              {},
	"resources/aigateway_provider_config":      {},
	"data-sources/aigateway_models":            {},
	"resources/aigateway_secrets_store":        {prepare: dropStore},
	"data-sources/aigateway_custom_domain":     {prepare: putDomain},
	"data-sources/aigateway_custom_domains":    {prepare: putDomain},
	"resources/aigateway_custom_domain":        {},
}

// TestExamples applies every example as users have it, and plans it again.
func TestExamples(t *testing.T) {
	t.Parallel()
	for dir, example := range examples {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			acctest.RequireCLI(t)
			service := exampleService(t, example.gateways...)
			if example.supported != nil {
				supported, reason := example.supported(acctest.CLI())
				acctest.Require(t, supported, reason)
			}
			if example.prepare != nil {
				example.prepare(service)
			}
			w := service.NewWorkspace(t, example.env...)
			file := map[string]string{"resources": "resource.tf", "data-sources": "data-source.tf", "functions": "function.tf"}[filepath.Dir(dir)]
			content, err := os.ReadFile(filepath.Join(examplesDir(t), dir, file))
			if err != nil {
				t.Fatal(err)
			}
			name := "main.tf"
			if strings.Contains(string(content), "required_providers") {
				name = "requirements.tf" // which it has, too
			}
			w.Write(name, string(content))
			w.Apply()
			w.RequireEmptyPlan()
		})
	}
}

// TestExamplesAreKnown fails when an example is added that no test applies.
func TestExamplesAreKnown(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"resources", "data-sources", "functions"} {
		entries, err := os.ReadDir(filepath.Join(examplesDir(t), kind))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			if _, known := examples[kind+"/"+entry.Name()]; !known {
				t.Errorf("no test applies examples/%s/%s", kind, entry.Name())
			}
		}
	}
}

// TestProviderExample applies the example that the registry's first page shows.
func TestProviderExample(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	w := acctest.Emulate(t, emulator.Options{NoSecretsStore: true}).NewWorkspace(t, "TF_VAR_openai_api_key="+openAIKey)
	example := readExample(t, "provider/provider.tf")
	w.Write("requirements.tf", example) // it has its own
	w.Apply()
	w.RequireEmptyPlan()
	if status, out := w.Try("plan", "-destroy", "-no-color"); status == 0 || !strings.Contains(out, "prevent_destroy") {
		t.Errorf("the plan to destroy it:\n%s", out)
	}
	w.Write("requirements.tf", strings.Replace(example, "prevent_destroy = true", "prevent_destroy = false", 1))
}

// importExamples are what the examples of imports need besides themselves: a
// configuration with the resource, and the object. The ids that the examples
// show are made up; prepare puts those in that the service has chosen.
var importExamples = map[string]struct {
	config   string
	prepare  func(*acctest.Service) *strings.Replacer
	commands int
}{
	"aigateway_gateway": {
		config:   "resource \"aigateway_gateway\" \"production\" {\n  name = \"production\"\n}\n",
		prepare:  func(*acctest.Service) *strings.Replacer { return strings.NewReplacer() },
		commands: 2,
	},
	"aigateway_dynamic_route": {
		config: `resource "aigateway_dynamic_route" "support" {
  gateway_id = "production"
  name       = "customer-support"
  entry      = "llama"
  elements = {
    llama = { model = {
      provider = "workers-ai", model = "@cf/meta/llama-3.3-70b-instruct-fp8-fast", timeout = 10000, retries = 0
      on_success = "end", on_fallback = "end"
    } }
  }
}
`,
		prepare:  putSupportRoute,
		commands: 3,
	},
	"aigateway_provider_config": {
		config: `resource "aigateway_provider_config" "openai" {
  gateway_id    = "production"
  provider_slug = "openai"
  secret_id     = "SECRET"
}
`,
		prepare:  putOpenAIKey,
		commands: 3,
	},
	"aigateway_policy": {
		config: `resource "aigateway_policy" "everyone" {
  gateway_id = "production"
  name       = "Everyone"
  actor      = "company:all"
  action     = "budget"
  budget     = { amount = 1000, period = "monthly" }
}
`,
		prepare:  putPolicy,
		commands: 2,
	},
	"aigateway_custom_domain": {
		config:   "resource \"aigateway_custom_domain\" \"ai\" {\n  gateway_id = \"production\"\n  hostname   = \"ai.example.com\"\n}\n",
		prepare:  putDomain,
		commands: 2,
	},
	"aigateway_custom_provider": {
		config: `resource "aigateway_custom_provider" "llm" {
  name     = "Our own models"
  slug     = "our-llm"
  base_url = "https://llm.example.com/v1"
  enable   = true
}
`,
		prepare:  putOwnProvider,
		commands: 3,
	},
	"aigateway_secrets_store": {
		config:   "resource \"aigateway_secrets_store\" \"keys\" {\n  name = \"default_secrets_store\"\n}\n",
		prepare:  theStore,
		commands: 3,
	},
}

// dropStore makes the account one without a Secrets Store.
func dropStore(service *acctest.Service) *strings.Replacer {
	service.Emulator.DeleteStore(service.AccountID, service.Emulator.StoreIDs(service.AccountID)[0])
	return strings.NewReplacer()
}

// theStore is the Secrets Store that the account has from the start.
func theStore(service *acctest.Service) *strings.Replacer {
	return strings.NewReplacer("8f14e45fceea167a5a36dedd4bea2543", service.Emulator.StoreIDs(service.AccountID)[0])
}

// putPolicy makes a policy in the dashboard, as it were.
func putPolicy(service *acctest.Service) *strings.Replacer {
	id := service.Emulator.PutPolicy(service.AccountID, "production", map[string]any{
		"name": "Everyone", "actor": "company:all", "resource": "*", "condition": "true",
		"action": map[string]any{"type": "limit", "amount": 1000, "period": "monthly", "technique": "named-interval"},
	})
	return strings.NewReplacer("d682e5be-1cbe-4328-b7ec-0976fc8644f5", id)
}

// putDomain makes a custom domain in the dashboard, as it were.
func putDomain(service *acctest.Service) *strings.Replacer {
	service.Emulator.PutGateway(service.AccountID, map[string]any{"id": "production"})
	service.Emulator.PutCustomDomain(service.AccountID, "production", map[string]any{"domain": "ai.example.com"})
	return strings.NewReplacer()
}

// putOwnProvider makes a custom provider in the dashboard, as it were.
func putOwnProvider(service *acctest.Service) *strings.Replacer {
	id := service.Emulator.PutCustomProvider(service.AccountID, map[string]any{
		"name": "Our own models", "slug": "our-llm", "base_url": "https://llm.example.com/v1", "enable": true,
	})
	return strings.NewReplacer("3f2504e0-4f89-41d3-9a0c-0305e82c3301", id)
}

// putSupportRoute makes a dynamic route in the dashboard, as it were.
func putSupportRoute(service *acctest.Service) *strings.Replacer {
	to := func(id string) map[string]any { return map[string]any{"elementId": id} }
	id := service.Emulator.PutRoute(service.AccountID, "production", "customer-support", []map[string]any{
		{"id": "begin", "type": "start", "outputs": map[string]any{"next": to("llama")}},
		{
			"id": "llama", "type": "model", "outputs": map[string]any{"success": to("finish"), "fallback": to("finish")},
			"properties": map[string]any{
				"provider": "workers-ai", "model": "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "timeout": 10000, "retries": 0,
			},
		},
		{"id": "finish", "type": "end", "outputs": map[string]any{}},
	})
	return strings.NewReplacer("54442216", id)
}

// putOpenAIKey stores a key for the gateway "production" in the dashboard, as it
// were.
func putOpenAIKey(service *acctest.Service) *strings.Replacer {
	store := service.Emulator.StoreIDs(service.AccountID)[0]
	service.Emulator.PutGateway(service.AccountID, map[string]any{"id": "production", "store_id": store, "authentication": true})
	secret := service.Emulator.PutSecret(service.AccountID, store, "production_openai_default", "sk-only-for-this-test")
	id := service.Emulator.PutProviderConfig(service.AccountID, "production", map[string]any{"provider_slug": "openai", "secret_id": secret})
	return strings.NewReplacer("54442216", id, "SECRET", secret)
}

// TestImportExamples imports as each example says, into a configuration that
// has the resource.
func TestImportExamples(t *testing.T) {
	t.Parallel()
	for resource, example := range importExamples {
		dir := filepath.Join(examplesDir(t), "resources", resource)
		for _, name := range []string{"import-by-string-id.tf", "import-by-identity.tf"} {
			t.Run(resource+"/"+name, func(t *testing.T) {
				t.Parallel()
				acctest.RequireCLI(t)
				with := acctest.CLI()
				if strings.Contains(name, "identity") {
					with = acctest.CLIWith(t, cli.CLI.SupportsIdentityImport)
				}
				block, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				service := exampleService(t, "production")
				ids := example.prepare(service)
				w := service.NewWorkspaceWith(t, with)
				w.Write("main.tf", ids.Replace(example.config+string(block)))
				if out := w.Apply(); !strings.Contains(out, "1 imported, 0 added, 0 changed, 0 destroyed") {
					t.Errorf("the import does more than import:\n%s", out)
				}
				w.RequireEmptyPlan()
			})
		}
		script, err := os.ReadFile(filepath.Join(dir, "import.sh"))
		if err != nil {
			t.Fatal(err)
		}
		commands := 0
		for line := range strings.Lines(string(script)) {
			arguments := strings.Fields(line)
			if len(arguments) == 0 || arguments[0] == "#" {
				continue
			}
			commands++
			t.Run(resource+"/"+arguments[len(arguments)-1], func(t *testing.T) {
				t.Parallel()
				acctest.RequireCLI(t)
				service := exampleService(t, "production")
				ids := example.prepare(service)
				w := service.NewWorkspace(t)
				w.Write("main.tf", ids.Replace(example.config))
				w.Run("init", "-no-color")
				for i := range arguments {
					arguments[i] = ids.Replace(arguments[i])
				}
				w.Run(slices.Insert(arguments[1:], 1, "-no-color")...)
				w.RequireEmptyPlan()
			})
		}
		if commands != example.commands {
			t.Errorf("import.sh of %s has %d commands", resource, commands)
		}
	}
}

// TestImportExamplesAreKnown fails when a resource has examples of imports that
// no test runs.
func TestImportExamplesAreKnown(t *testing.T) {
	t.Parallel()
	for dir := range examples {
		if resource, is := strings.CutPrefix(dir, "resources/"); is {
			if _, known := importExamples[resource]; !known {
				t.Errorf("no test imports %s as its examples say", resource)
			}
		}
	}
}

// exampleService returns an emulator with gateways in the account that the examples
// name.
func exampleService(t *testing.T, gateways ...string) *acctest.Service {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: -1})
	for _, id := range gateways {
		service.Emulator.PutGateway(service.AccountID, map[string]any{"id": id})
	}
	return service
}

func examplesDir(t *testing.T) string {
	t.Helper()
	root, err := cli.ModuleRoot()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(root, "examples")
}

// exampleWorkspace returns a workspace with an example that is a configuration of its own.
func exampleWorkspace(t *testing.T, service *acctest.Service, example string, env ...string) *acctest.Workspace {
	t.Helper()
	w := service.NewWorkspace(t, env...)
	root := filepath.Join(examplesDir(t), example)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if name == "main.tf" {
			name = "requirements.tf" // which it has, too
		}
		w.Write(name, string(content))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}
