package keys_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
)

func FuzzDecodeKeys(f *testing.F) {
	clienttest.FuzzDecoder(f, func(t *testing.T, c *client.Client) error {
		t.Helper()
		configs, err := clienttest.Collect(keys.List(t.Context(), c, clienttest.Account, "demo"))
		for _, config := range configs {
			if !client.ValidID(config.ID) || config.GatewayID != "" && config.GatewayID != "demo" {
				t.Fatalf("%+v", config)
			}
		}
		return err
	}, `[{"id":"id-1","provider_slug":"openai","alias":"default","default_config":1,"rate_limit":10.0,"modified_at":"2026-08-03 10:00:00"}]`)
}
