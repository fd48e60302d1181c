package acctest_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"terraform-provider-aigateway/internal/acctest"
	"terraform-provider-aigateway/internal/acctest/cli"
	"terraform-provider-aigateway/internal/emulator"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// examples are what the examples of resources and data sources need besides
// themselves: gateways that exist already, and settings.
var examples = map[string]struct {
	gateways []string
	env      []string
	prepare  func(*acctest.Service) (id string)
}{
	"data-sources/aigateway_chat_completion": {
		gateways: []string{"production"},
		env:      []string{"AIGATEWAY_ALLOW_TEST_REQUESTS=true"},
	},
	"data-sources/aigateway_dynamic_route":  {gateways: []string{"production"}, prepare: putSupportRoute},
	"data-sources/aigateway_dynamic_routes": {gateways: []string{"production"}, prepare: putSupportRoute},
	"data-sources/aigateway_gateway":        {gateways: []string{"shared"}},
	"data-sources/aigateway_gateways":       {gateways: []string{"prod-1", "prod-2"}},
	"data-sources/aigateway_log":            {gateways: []string{"production"}},
	"data-sources/aigateway_logs":           {gateways: []string{"production"}},
	"resources/aigateway_dynamic_route":     {},
	"resources/aigateway_gateway":           {},
}

// TestExamples applies every example as users have it, and plans it again.
func TestExamples(t *testing.T) {
	t.Parallel()
	for dir, example := range examples {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			acctest.RequireCLI(t)
			service := exampleService(t, example.gateways...)
			if example.prepare != nil {
				example.prepare(service)
			}
			w := service.NewWorkspace(t, example.env...)
			file := "resource.tf"
			if strings.HasPrefix(dir, "data-sources/") {
				file = "data-source.tf"
			}
			content, err := os.ReadFile(filepath.Join(examplesDir(t), dir, file))
			if err != nil {
				t.Fatal(err)
			}
			w.Write("main.tf", string(content))
			w.Apply()
			w.RequireEmptyPlan()
		})
	}
}

// TestExamplesAreKnown fails when an example is added that no test applies.
func TestExamplesAreKnown(t *testing.T) {
	t.Parallel()
	for _, kind := range []string{"resources", "data-sources"} {
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

// TestProviderExample validates the example of the provider's own block.
func TestProviderExample(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := exampleService(t)
	w := service.NewWorkspace(t)
	content, err := os.ReadFile(filepath.Join(examplesDir(t), "provider", "provider.tf"))
	if err != nil {
		t.Fatal(err)
	}
	w.Write("requirements.tf", string(content)) // it has its own
	w.Write("main.tf", acctest.ResourceBlock("aigateway_gateway", "test", `name = "test"`))
	w.Apply()
	w.RequireEmptyPlan()
}

// importExamples are what the examples of imports need besides themselves: a
// configuration with the resource, and the object. Ids that the service chooses
// stand in the examples as 54442216; prepare says which one it really is.
var importExamples = map[string]struct {
	config   string
	prepare  func(*acctest.Service) (id string)
	commands int
}{
	"aigateway_gateway": {
		config:   "resource \"aigateway_gateway\" \"production\" {\n  name = \"production\"\n}\n",
		prepare:  func(*acctest.Service) string { return "" },
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
}

// putSupportRoute makes a dynamic route in the dashboard, as it were.
func putSupportRoute(service *acctest.Service) (id string) {
	to := func(id string) map[string]any { return map[string]any{"elementId": id} }
	return service.Emulator.PutRoute(service.AccountID, "production", "customer-support", []map[string]any{
		{"id": "begin", "type": "start", "outputs": map[string]any{"next": to("llama")}},
		{
			"id": "llama", "type": "model", "outputs": map[string]any{"success": to("finish"), "fallback": to("finish")},
			"properties": map[string]any{
				"provider": "workers-ai", "model": "@cf/meta/llama-3.3-70b-instruct-fp8-fast", "timeout": 10000, "retries": 0,
			},
		},
		{"id": "finish", "type": "end", "outputs": map[string]any{}},
	})
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
				if strings.Contains(name, "identity") {
					supported, reason := acctest.CLI().SupportsIdentityImport()
					acctest.Require(t, supported, reason)
				}
				block, err := os.ReadFile(filepath.Join(dir, name))
				if err != nil {
					t.Fatal(err)
				}
				service := exampleService(t, "production")
				id := example.prepare(service)
				w := service.NewWorkspace(t)
				w.Write("main.tf", example.config+withID(string(block), id))
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
				id := example.prepare(service)
				w := service.NewWorkspace(t)
				w.Write("main.tf", example.config)
				w.Run("init", "-no-color")
				for i := range arguments {
					arguments[i] = withID(arguments[i], id)
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

// withID is an example with the id that the service chose.
func withID(example, id string) string { return strings.ReplaceAll(example, "54442216", id) }

// exampleService is an emulator with gateways in the account that the examples
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
