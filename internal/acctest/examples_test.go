package acctest_test

import (
	"fmt"
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

// An example says what the examples of an object need besides themselves.
type example struct {
	prepare func(*acctest.Service) *strings.Replacer
	// supported says whether a CLI has what the example needs; nil if all have.
	supported func(cli.CLI) (bool, string)
	// with are further files of the example, for the configuration of its first.
	with []string
}

// examples are the objects with examples, by their directories.
var examples = map[string]example{
	"data-sources/aigateway_chat_completion":   {},
	"data-sources/aigateway_credit_balance":    {},
	"data-sources/aigateway_custom_domain":     {},
	"data-sources/aigateway_custom_domains":    {},
	"data-sources/aigateway_custom_provider":   {},
	"data-sources/aigateway_custom_providers":  {},
	"data-sources/aigateway_dynamic_route":     {},
	"data-sources/aigateway_dynamic_routes":    {},
	"data-sources/aigateway_gateway":           {},
	"data-sources/aigateway_gateways":          {},
	"data-sources/aigateway_log":               {},
	"data-sources/aigateway_logs":              {},
	"data-sources/aigateway_models":            {},
	"data-sources/aigateway_policies":          {},
	"data-sources/aigateway_policy":            {},
	"data-sources/aigateway_policy_simulation": {},
	"data-sources/aigateway_provider_configs":  {},
	"data-sources/aigateway_secrets_stores":    {},
	"functions/compat_base_url":                {supported: cli.CLI.SupportsProviderFunctions},
	"functions/parse_model":                    {supported: cli.CLI.SupportsProviderFunctions},
	"functions/provider_url":                   {supported: cli.CLI.SupportsProviderFunctions},
	"functions/route_mermaid":                  {supported: cli.CLI.SupportsProviderFunctions},
	"resources/aigateway_custom_domain":        {with: []string{"dns-and-access.tf"}},
	"resources/aigateway_custom_provider":      {},
	"resources/aigateway_dynamic_route":        {},
	"resources/aigateway_gateway":              {},
	"resources/aigateway_policy":               {},
	"resources/aigateway_provider_config":      {},
	"resources/aigateway_secrets_store":        {prepare: dropStore},
}

// exampleFiles returns the examples of an object, each of which stands alone.
func exampleFiles(t *testing.T, dir string) []string {
	t.Helper()
	kind := strings.TrimSuffix(filepath.Dir(dir), "s") // such as data-source
	files, err := filepath.Glob(filepath.Join(examplesDir(t), dir, kind+"*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples in %s: %v", dir, err)
	}
	for i := range files {
		files[i] = dir + "/" + filepath.Base(files[i])
	}
	return files
}

// TestExamples applies every example as users have it, and plans it again. Each is a
// module: one configuration takes a fraction of the time of forty. Those that create
// something have an emulator of their own.
func TestExamples(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	acctest.InstallCloudflare(t)
	existing := exampleService(t)
	w := existing.NewWorkspace(t, "AIGATEWAY_ALLOW_TEST_REQUESTS=true")
	putOpenAIKey(existing) // and the gateway "production"
	for _, id := range []string{"shared", "prod-1", "prod-2"} {
		existing.Emulator.PutGateway(existing.AccountID, map[string]any{"id": id})
	}
	for _, put := range []func(*acctest.Service) *strings.Replacer{putOwnProvider, putSupportRoute, putPolicy, putDomain} {
		put(existing)
	}
	requirements := w.Read("requirements.tf")
	both := strings.Replace(requirements, "aigateway =", "cloudflare = { source = \"cloudflare/cloudflare\" }\n    aigateway =", 1)
	w.Write("requirements.tf", both)
	configuration, modules := stubProvider, 0
	for dir, example := range examples {
		if example.supported != nil {
			if supported, reason := example.supported(acctest.CLI()); !supported {
				t.Run(dir, func(t *testing.T) { t.Skip(reason) })
				continue
			}
		}
		for i, file := range exampleFiles(t, dir) {
			modules++
			module := strings.NewReplacer("/", "-", ".tf", "").Replace(file)
			content, requires, providers := readExample(t, file), requirements, ""
			if strings.HasPrefix(dir, "resources/") {
				service := exampleService(t)
				if example.prepare != nil {
					example.prepare(service)
				}
				providers = "aigateway = aigateway." + module
				configuration += fmt.Sprintf("provider \"aigateway\" {\n  alias = %q\n  base_url = %q\n  gateway_base_url = %q\n}\n",
					module, service.BaseURL, service.GatewayBaseURL)
			}
			if i == 0 && len(example.with) > 0 {
				requires, providers = both, providers+", cloudflare = cloudflare"
				for _, name := range example.with {
					w.Write(module+"/"+name, readExample(t, dir+"/"+name))
				}
			}
			if !strings.Contains(content, "required_providers") {
				w.Write(module+"/requirements.tf", requires)
			}
			w.Write(module+"/main.tf", content)
			configuration += fmt.Sprintf("module %q {\n  source = \"./%[1]s\"\n  providers = { %s }\n}\n", module, providers)
		}
	}
	w.Write("main.tf", configuration)
	w.Apply()
	w.RequireEmptyPlan()
	t.Logf("%d examples", modules)

	// A check that fails makes every plan read its data again.
	domain := "resources/aigateway_custom_domain/check.tf"
	w.Write("resources-aigateway_custom_domain-resource/check.tf", readExample(t, domain))
	if out := w.Run("plan", "-no-color"); !strings.Contains(out, "The custom domain is still pending") {
		t.Errorf("%s says nothing:\n%s", domain, out)
	}

	// So that they can be destroyed.
	production := "resources-aigateway_gateway-resource_for-production/main.tf"
	w.Write(production, strings.Replace(w.Read(production), "prevent_destroy = true", "prevent_destroy = false", 1))
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

// importWorkspace returns a workspace with the configuration of every object that the
// examples import, and the objects in the account. The map has the IDs that the service
// has chosen for those that the examples show.
func importWorkspace(t *testing.T, with cli.CLI) (*acctest.Workspace, map[string]*strings.Replacer) {
	t.Helper()
	service := exampleService(t, "production")
	w := service.NewWorkspaceWith(t, with)
	ids := map[string]*strings.Replacer{}
	// The key comes first: it replaces the gateway with one that has a store.
	key := "aigateway_provider_config"
	ids[key] = importExamples[key].prepare(service)
	for resource, example := range importExamples {
		if resource != key {
			ids[resource] = example.prepare(service)
		}
		w.Write(resource+".tf", ids[resource].Replace(example.config))
	}
	return w, ids
}

// TestImportExamples imports with the blocks of the examples, into configurations that
// have the resources.
func TestImportExamples(t *testing.T) {
	t.Parallel()
	for name, supports := range map[string]func(cli.CLI) (bool, string){
		"import-by-string-id.tf": nil, "import-by-identity.tf": cli.CLI.SupportsIdentityImport,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.RequireCLI(t)
			with := acctest.CLI()
			if supports != nil {
				with = acctest.CLIWith(t, supports)
			}
			w, ids := importWorkspace(t, with)
			for resource := range importExamples {
				w.Write(resource+"_import.tf", ids[resource].Replace(readExample(t, "resources/"+resource+"/"+name)))
			}
			want := fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", len(importExamples))
			if out := w.Apply(); !strings.Contains(out, want) {
				t.Errorf("the imports do more than import:\n%s", out)
			}
			w.RequireEmptyPlan()
			// No reference makes the CLI destroy the store after the key.
			w.Run("state", "rm", "aigateway_secrets_store.keys")
		})
	}
}

// TestImportCommands runs the commands of the examples: the first of each object, then
// the second, and so on.
func TestImportCommands(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	w, ids := importWorkspace(t, acctest.CLI())
	w.Run("init", "-no-color")
	commands := map[string][][]string{}
	for resource, example := range importExamples {
		for line := range strings.Lines(ids[resource].Replace(readExample(t, "resources/"+resource+"/import.sh"))) {
			if arguments := strings.Fields(line); len(arguments) > 0 && arguments[0] != "#" {
				commands[resource] = append(commands[resource], arguments)
			}
		}
		if len(commands[resource]) != example.commands {
			t.Errorf("import.sh of %s has %d commands", resource, len(commands[resource]))
		}
	}
	for round := range 3 {
		for resource, all := range commands {
			if round < len(all) {
				if round > 0 {
					w.Run("state", "rm", all[round][2])
				}
				t.Log(resource, all[round])
				w.Run(slices.Insert(slices.Clone(all[round][1:]), 1, "-no-color")...)
			}
		}
		w.RequireEmptyPlan()
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
	return filepath.Join(repository(t), "examples")
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
