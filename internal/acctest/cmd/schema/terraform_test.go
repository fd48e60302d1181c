package main

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cli"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// The document is the one that Terraform would write. Parts that this Terraform
// does not know yet are left out of the comparison.
func TestSameAsTerraform(t *testing.T) {
	acctest.RequireCLI(t)
	if acctest.CLI().Kind != cli.Terraform {
		t.Skip("OpenTofu writes the schema a little differently; the documentation follows Terraform's form.")
	}
	w := acctest.Emulate(t, emulator.Options{}).NewWorkspace(t)
	w.Run("init", "-no-color")
	theirs := schemas(t, []byte(w.Run("providers", "schema", "-json")), provider.Address)

	file := filepath.Join(t.TempDir(), "schema.json")
	if err := run(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	ours := schemas(t, content, provider.TypeName)
	maps.DeleteFunc(ours, func(part string, _ any) bool {
		_, known := theirs[part]
		return !known && slices.Contains([]string{"resource_identity_schemas", "list_resource_schemas", "action_schemas"}, part)
	})
	// What a block or attribute says of its deprecation is newer than the flag.
	without(ours, "deprecation_message")
	without(theirs, "deprecation_message")
	if diff := cmp.Diff(theirs, ours); diff != "" {
		t.Errorf("Terraform's -, ours +:\n%s", diff)
	}
}

// schemas returns one provider's part of a document.
func schemas(t *testing.T, document []byte, key string) map[string]any {
	t.Helper()
	all, ok := decode(t, document)["provider_schemas"].(map[string]any)
	if !ok {
		t.Fatalf("no provider_schemas in %s", document)
	}
	one, ok := all[key].(map[string]any)
	if !ok {
		t.Fatalf("no %s in %s", key, document)
	}
	return one
}

// without removes a name from all objects of a document.
func without(v any, name string) {
	switch v := v.(type) {
	case map[string]any:
		delete(v, name)
		for _, inner := range v {
			without(inner, name)
		}
	case []any:
		for _, inner := range v {
			without(inner, name)
		}
	}
}
