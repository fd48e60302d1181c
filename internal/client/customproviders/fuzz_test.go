package customproviders_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
)

func FuzzDecodeCustomProvider(f *testing.F) {
	clienttest.FuzzDecoder(f, func(t *testing.T, c *client.Client) error {
		t.Helper()
		provider, err := customproviders.Get(t.Context(), c, clienttest.Account, "id-1")
		if err == nil && provider.ID != "id-1" {
			t.Fatalf("%+v", provider)
		}
		return err
	}, `{"id":"id-1","slug":"own","base_url":"https://a.example","headers":"{\"x\":1}","enable":1,"created_at":1754200000}`,
		`{"id":"id-1","headers":{"x":["y"]}}`)
}
