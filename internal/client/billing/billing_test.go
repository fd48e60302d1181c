package billing_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/billing"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
)

func TestCreditBalance(t *testing.T) {
	unset := clienttest.Fields{"amount": nil, "threshold": nil, "disabledReason": nil, "error": nil, "lastFailedAt": nil}
	for name, test := range map[string]struct {
		body string
		want *billing.CreditBalance
	}{
		"recorded": {clienttest.Golden(t, "credit_balance.json"), &billing.CreditBalance{
			Balance: clienttest.Ptr(25.0), HasDefaultPaymentMethod: clienttest.Ptr(true), FirstTopUpSuccess: clienttest.Ptr(true),
			PaymentMethod: &billing.PaymentMethod{Brand: "visa", Last4: "4242"},
		}},
		"nothing": {clienttest.Envelope(clienttest.Fields{}), &billing.CreditBalance{}},
		"nothing yet": {clienttest.Envelope(clienttest.Fields{
			"balance": 0, "has_default_payment_method": false, "payment_method": nil, "topup_config": unset,
		}), &billing.CreditBalance{Balance: clienttest.Ptr(0.0), HasDefaultPaymentMethod: clienttest.Ptr(false)}},
		"no top-up": {clienttest.Envelope(clienttest.Fields{"balance": -0.25, "topup_config": nil}), &billing.CreditBalance{Balance: clienttest.Ptr(-0.25)}},
		"top-up": {clienttest.Envelope(clienttest.Fields{
			"balance": 1234.5, "has_default_payment_method": 1, "payment_method": clienttest.Fields{"brand": nil},
			"topup_config": clienttest.Fields{"amount": 1000, "threshold": 500.0, "disabledReason": "", "error": "card declined", "lastFailedAt": 1785751200123},
		}), &billing.CreditBalance{
			Balance: clienttest.Ptr(1234.5), HasDefaultPaymentMethod: clienttest.Ptr(true), PaymentMethod: &billing.PaymentMethod{},
			TopUp: &billing.TopUp{
				Amount: clienttest.Ptr(1000.0), Threshold: clienttest.Ptr(500.0), Error: clienttest.Ptr("card declined"),
				LastFailedAt: time.Date(2026, 8, 3, 10, 0, 0, 123e6, time.UTC),
			},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			_, c := clienttest.Start(t, clienttest.Reply(200, test.body))
			got, err := billing.GetCreditBalance(t.Context(), c, clienttest.Account)
			clienttest.RequireNoError(t, err)
			clienttest.RequireEqual(t, test.want, got)
		})
	}
}

// The status that comes with the code is not known.
func TestCreditBalanceBeforeTheFirstTopUp(t *testing.T) {
	for _, status := range []int{400, 402, 403, 404} {
		_, c := clienttest.Start(t, clienttest.Reply(status, clienttest.Failure(1000, "NO_MANUAL_TOPUP")))
		_, err := billing.GetCreditBalance(t.Context(), c, clienttest.Account)
		clienttest.RequireError(t, err, client.ErrInvalid, "NO_MANUAL_TOPUP (code 1000); credits must be bought once in the dashboard before this works")
	}
}

func TestOperations(t *testing.T) {
	operations := []clienttest.Operation{{
		NoIdentity: true, Name: "read credit balance", Request: "GET /ai-gateway/billing/credit-balance", Success: clienttest.Reply(200, clienttest.Envelope(clienttest.Fields{"balance": 25})),
		Do: func(ctx context.Context, c *client.Client, accountID, _, _ string) error {
			return clienttest.ErrorOf(billing.GetCreditBalance(ctx, c, accountID))
		},
	}}
	clienttest.TestOperations(t, operations)
	clienttest.TestRefusedByGatewayInput(t, "credit balance", operations)
	operations[0].RequireUnreadable(t, map[string]string{
		"balance: a long string is not a number": clienttest.Envelope(clienttest.Fields{"balance": strings.Repeat("9", 99)}),
	})
}
