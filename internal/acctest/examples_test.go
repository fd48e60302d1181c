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
}{
	"data-sources/aigateway_chat_completion": {
		gateways: []string{"production"},
		env:      []string{"AIGATEWAY_ALLOW_TEST_REQUESTS=true"},
	},
	"data-sources/aigateway_gateway":  {gateways: []string{"shared"}},
	"data-sources/aigateway_gateways": {gateways: []string{"prod-1", "prod-2"}},
	"data-sources/aigateway_log":      {gateways: []string{"production"}},
	"data-sources/aigateway_logs":     {gateways: []string{"production"}},
	"resources/aigateway_gateway":     {},
}

// TestExamples applies every example as users have it, and plans it again.
func TestExamples(t *testing.T) {
	t.Parallel()
	for dir, example := range examples {
		t.Run(dir, func(t *testing.T) {
			t.Parallel()
			acctest.RequireCLI(t)
			service := exampleService(t, example.gateways...)
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

// TestImportExamples imports as each example says, into a configuration that
// has the resource.
func TestImportExamples(t *testing.T) {
	t.Parallel()
	const config = `resource "aigateway_gateway" "production" {
  name = "production"
}
`
	dir := filepath.Join(examplesDir(t), "resources", "aigateway_gateway")
	for _, name := range []string{"import-by-string-id.tf", "import-by-identity.tf"} {
		t.Run(name, func(t *testing.T) {
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
			w := exampleService(t, "production").NewWorkspace(t)
			w.Write("main.tf", config+string(block))
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
		t.Run(arguments[len(arguments)-1], func(t *testing.T) {
			t.Parallel()
			acctest.RequireCLI(t)
			w := exampleService(t, "production").NewWorkspace(t)
			w.Write("main.tf", config)
			w.Run("init", "-no-color")
			w.Run(slices.Insert(arguments[1:], 1, "-no-color")...)
			w.RequireEmptyPlan()
		})
	}
	if commands != 2 {
		t.Errorf("import.sh has %d commands", commands)
	}
}

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
