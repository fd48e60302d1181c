package schemafile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/cmd/bench/schemafile"
	"github.com/aigateway/terraform-provider-aigateway/internal/provider"
)

func TestRoundTrip(t *testing.T) {
	server := providerserver.NewProtocol6(provider.New("test")())()
	path := filepath.Join(t.TempDir(), "schema.json")
	if err := schemafile.Write(t.Context(), path, server); err != nil {
		t.Fatal(err)
	}
	got, err := schemafile.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var want schemafile.Schemas
	if want.Provider, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	want.Identities, err = server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("schemas changed on their way (-want +got):\n%s", diff)
	}
	if len(got.Provider.ResourceSchemas) == 0 || len(got.Provider.Functions) == 0 {
		t.Error("the provider has no resources or no functions, so this test tests nothing")
	}
}

func TestReadRefusesAnIncompleteFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "schema.json")
	content := `{"Schemas":{"Provider":{"Provider":{"Block":{"Attributes":[{"Name":"a"}]}}},"Identities":{}},"Types":[]}`
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := schemafile.Read(path); err == nil {
		t.Error("a schema whose types are missing was read")
	}
}
