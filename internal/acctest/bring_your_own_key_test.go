package acctest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// The key that the tests below store.
const openAIKey = "sk-proj-0123456789-only-for-tests"

// bringYourOwnKey returns a workspace with the example of that name.
func bringYourOwnKey(t *testing.T, service *acctest.Service) *acctest.Workspace {
	t.Helper()
	supported, reason := acctest.CLI().SupportsWriteOnly()
	acctest.Require(t, supported, reason)
	w := service.NewWorkspace(t, "TF_VAR_openai_api_key="+openAIKey)
	content, err := os.ReadFile(filepath.Join(examplesDir(t), "bring-your-own-key", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	w.Write("requirements.tf", string(content)) // which it has, too
	return w
}

// TestBringYourOwnKey applies all that a gateway needs to reach models, from
// nothing, in an account that has no Secrets Store either; imports the whole into an empty state; and destroys it in the right
// order.
func TestBringYourOwnKey(t *testing.T) {
	t.Parallel()
	acctest.RequireCLI(t)
	service := acctest.Emulate(t, emulator.Options{NoSecretsStore: true})
	w := bringYourOwnKey(t, service)
	if out := w.Apply(); !strings.Contains(out, "5 added, 0 changed, 0 destroyed") {
		t.Errorf("the first apply:\n%s", out)
	}
	w.RequireEmptyPlan()

	imported := bringYourOwnKey(t, service)
	imported.Write("imports.tf", imports(ids(t, w)))
	// The key cannot be read back: it is sent once more, and that is all.
	out := imported.Apply()
	if !strings.Contains(out, "5 imported, 0 added, 1 changed, 0 destroyed") {
		t.Errorf("the import:\n%s", out)
	}
	imported.RequireEmptyPlan()
	for name, file := range map[string]string{"state": w.Read("terraform.tfstate"), "imported state": imported.Read("terraform.tfstate")} {
		if strings.Contains(file, openAIKey) {
			t.Errorf("the %s has the key", name)
		}
	}

	deleted := destroy(service, imported)
	before := func(first, second string) bool { return slices.Index(deleted, first) < slices.Index(deleted, second) }
	if len(deleted) != 5 || !before("routes", "provider_configs") || !before("routes", "custom-providers") ||
		!before("provider_configs", "gateways") || !before("routes", "gateways") || !before("gateways", "stores") {
		t.Errorf("deleted in this order: %v", deleted)
	}
	if stores := service.Emulator.StoreIDs(service.AccountID); len(stores) != 0 {
		t.Errorf("stores are left: %v", stores)
	}
}

// destroy destroys what a workspace has, and returns the kinds of the objects in the order
// in which they were deleted, such as "routes".
func destroy(service *acctest.Service, w *acctest.Workspace) (deleted []string) {
	service.Emulator.ResetRequests()
	w.Run("destroy", "-auto-approve", "-no-color")
	for _, request := range service.Requests() {
		if path, isDelete := strings.CutPrefix(request, "DELETE /accounts/…/"); isDelete {
			kind := strings.Split(path, "/")
			deleted = append(deleted, kind[max(0, len(kind)-2)])
		}
	}
	return deleted
}

// ids returns the ids of a workspace's resources, by their addresses.
func ids(t *testing.T, w *acctest.Workspace) map[string]string {
	t.Helper()
	var state struct {
		Values struct {
			Root struct {
				Resources []struct {
					Address string         `json:"address"`
					Mode    string         `json:"mode"`
					Values  map[string]any `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal([]byte(w.Run("show", "-json")), &state); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, resource := range state.Values.Root.Resources {
		if resource.Mode == "managed" {
			all[resource.Address] = fmt.Sprint(resource.Values["id"])
		}
	}
	return all
}

// imports returns blocks that import the example's resources.
func imports(ids map[string]string) string {
	var blocks strings.Builder
	for address, id := range map[string]string{
		"aigateway_secrets_store.keys":      ids["aigateway_secrets_store.keys"],
		"aigateway_gateway.main":            "byok",
		"aigateway_provider_config.openai":  "byok/openai/default",
		"aigateway_custom_provider.llm":     ids["aigateway_custom_provider.llm"],
		"aigateway_dynamic_route.assistant": "byok/id:" + ids["aigateway_dynamic_route.assistant"],
	} {
		fmt.Fprintf(&blocks, "import {\n  to = %s\n  id = %q\n}\n", address, id)
	}
	return blocks.String()
}
