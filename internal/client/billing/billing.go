// Package billing reads the credits of an account.
package billing

import (
	"context"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/wire"
)

// codeNoTopUp is the code for an account that has never bought credits
// (observed on other requests about billing).
const codeNoTopUp = 1000

// A CreditBalance describes the credits of an account (Unified Billing), as the
// service does. A nil field is one that the service does not tell.
type CreditBalance struct {
	// Balance is the number as the service gives it. Its unit is not documented:
	// neither the API's specification nor the SDK says whether it is cents, as
	// all amounts in requests are, or dollars.
	Balance *float64
	// HasDefaultPaymentMethod is whether credits can be bought without naming
	// one.
	HasDefaultPaymentMethod *bool
	// PaymentMethod is nil for none.
	PaymentMethod *PaymentMethod
	// TopUp configures automatic purchases, nil if there are none.
	TopUp *TopUp
	// FirstTopUpSuccess is whether credits were ever bought.
	FirstTopUpSuccess *bool
}

// A PaymentMethod is a card.
type PaymentMethod struct {
	// Brand is the brand of the card, such as "visa", and Last4 the end of its
	// number. Both are empty if the service does not say.
	Brand, Last4 string
}

// A TopUp configures the purchase of credits when they run low.
type TopUp struct {
	// Amount is what is bought, and Threshold what the balance must fall below.
	// By the SDK's documentation of the request that sets them, both are in US
	// cents.
	Amount, Threshold *float64
	// DisabledReason and Error say why it no longer works, or are nil.
	DisabledReason, Error *string
	// LastFailedAt is zero for never.
	LastFailedAt time.Time
}

// GetCreditBalance reads the credit balance of an account.
func GetCreditBalance(ctx context.Context, c *client.Client, accountID string) (*CreditBalance, error) {
	if err := c.CheckProviders("credit balance", accountID); err != nil {
		return nil, err
	}
	request := client.Request{Operation: "read credit balance", Refine: explainNoTopUp}
	call := client.Call0(c.AIGateway().Billing.CreditBalance, ai_gateway.BillingCreditBalanceParams(client.InAccount(accountID)))
	balance, _, err := client.Get(ctx, c, request, call, decoder, client.Identity{})
	return balance, err
}

func explainNoTopUp(failed *client.Error) *client.Error {
	if failed.HasCode(codeNoTopUp) && failed.Says("no_manual_topup") {
		return failed.WithKind(client.ErrInvalid, "credits must be bought once in the dashboard before this works")
	}
	return failed
}

var decoder = client.Decoder[response, *CreditBalance]{Noun: "credit balance", Convert: response.balance}

// response is a credit balance in a response.
type response struct {
	Balance                 *wire.Number  `json:"balance"`
	HasDefaultPaymentMethod *wire.Boolean `json:"has_default_payment_method"`
	PaymentMethod           *struct {
		Brand string `json:"brand"`
		Last4 string `json:"last4"`
	} `json:"payment_method"`
	TopUpConfig struct {
		Amount         *wire.Number `json:"amount"`
		Threshold      *wire.Number `json:"threshold"`
		DisabledReason *string      `json:"disabledReason"`
		Error          *string      `json:"error"`
		LastFailedAt   *wire.Moment `json:"lastFailedAt"`
	} `json:"topup_config"`
	FirstTopUpSuccess *wire.Boolean `json:"first_topup_success"`
}

func (r response) balance() (*CreditBalance, error) {
	balance := &CreditBalance{
		Balance:                 (*float64)(r.Balance),
		HasDefaultPaymentMethod: (*bool)(r.HasDefaultPaymentMethod),
		PaymentMethod:           (*PaymentMethod)(r.PaymentMethod),
		FirstTopUpSuccess:       (*bool)(r.FirstTopUpSuccess),
	}
	topUp := TopUp{
		Amount: (*float64)(r.TopUpConfig.Amount), Threshold: (*float64)(r.TopUpConfig.Threshold),
		DisabledReason: wire.NonEmpty(r.TopUpConfig.DisabledReason), Error: wire.NonEmpty(r.TopUpConfig.Error),
		LastFailedAt: wire.Time(r.TopUpConfig.LastFailedAt),
	}
	if topUp != (TopUp{}) {
		balance.TopUp = &topUp
	}
	return balance, nil
}
