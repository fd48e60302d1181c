package client_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/billing"
)

func TestCreditBalance(t *testing.T) {
	unset := fields{"amount": nil, "threshold": nil, "disabledReason": nil, "error": nil, "lastFailedAt": nil}
	for name, test := range map[string]struct {
		body string
		want *billing.CreditBalance
	}{
		"recorded": {golden(t, "credit_balance.json"), &billing.CreditBalance{
			Balance: ptr(25.0), HasDefaultPaymentMethod: ptr(true), FirstTopUpSuccess: ptr(true),
			PaymentMethod: &billing.PaymentMethod{Brand: "visa", Last4: "4242"},
		}},
		"nothing": {envelope(fields{}), &billing.CreditBalance{}},
		"nothing yet": {envelope(fields{
			"balance": 0, "has_default_payment_method": false, "payment_method": nil, "topup_config": unset,
		}), &billing.CreditBalance{Balance: ptr(0.0), HasDefaultPaymentMethod: ptr(false)}},
		"no top-up": {envelope(fields{"balance": -0.25, "topup_config": nil}), &billing.CreditBalance{Balance: ptr(-0.25)}},
		"top-up": {envelope(fields{
			"balance": 1234.5, "has_default_payment_method": 1, "payment_method": fields{"brand": nil},
			"topup_config": fields{"amount": 1000, "threshold": 500.0, "disabledReason": "", "error": "card declined", "lastFailedAt": 1785751200123},
		}), &billing.CreditBalance{
			Balance: ptr(1234.5), HasDefaultPaymentMethod: ptr(true), PaymentMethod: &billing.PaymentMethod{},
			TopUp: &billing.TopUp{
				Amount: ptr(1000.0), Threshold: ptr(500.0), Error: ptr("card declined"),
				LastFailedAt: time.Date(2026, 8, 3, 10, 0, 0, 123e6, time.UTC),
			},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			server := serve(t, reply(200, test.body))
			c, _ := newClient(t, server.URL)
			got, err := billing.GetCreditBalance(t.Context(), c, account)
			if diff := cmp.Diff(test.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// Which status goes with the code is not known.
func TestCreditBalanceBeforeTheFirstTopUp(t *testing.T) {
	for _, status := range []int{400, 402, 403, 404} {
		server := serve(t, reply(status, failure(1000, "NO_MANUAL_TOPUP")))
		c, _ := newClient(t, server.URL)
		_, err := billing.GetCreditBalance(t.Context(), c, account)
		requireKind(t, err, client.ErrInvalid)
		requireText(t, err.Error(), "NO_MANUAL_TOPUP (code 1000); credits must be bought once in the dashboard before this works")
	}
}
