package billing_test

import (
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/billing"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

func FuzzDecodeCreditBalance(f *testing.F) {
	clienttest.FuzzDecoder(f, func(t *testing.T, c *client.Client) error {
		t.Helper()
		_, err := billing.GetCreditBalance(t.Context(), c, clienttest.Account)
		return err
	}, `{"balance":12.5}`, `{"balance":"12"}`)
}
