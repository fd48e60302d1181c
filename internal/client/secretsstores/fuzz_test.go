package secretsstores_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/secretsstores"
)

func FuzzDecodeSecretsStores(f *testing.F) {
	clienttest.FuzzDecoder(f, func(t *testing.T, c *client.Client) error {
		t.Helper()
		stores, err := clienttest.Collect(secretsstores.List(t.Context(), c, clienttest.Account))
		for _, store := range stores {
			if !client.ValidID(store.ID) {
				t.Fatalf("%+v", store)
			}
		}
		return err
	}, `[{"id":"0123","name":"default_secrets_store","created":"2026-08-03T10:00:00Z"}]`)
}
