package client

import (
	"context"
	"errors"
	"time"

	"github.com/cloudflare/cloudflare-go/v7/ai_gateway"
	"github.com/cloudflare/cloudflare-go/v7/option"
)

// codeNoTopUp is the code for an account that has never bought credits
// (observed on other requests about billing).
const codeNoTopUp = 1000

// CreditBalance is what an account has bought of AI Gateway's credits (Unified
// Billing), as the service describes it. A nil field is one that the service
// does not tell.
type CreditBalance struct {
	// Balance is the number as the service gives it. Its unit is not documented:
	// neither the API's specification nor the SDK says whether it is cents, as
	// all amounts that can be set in requests are, or dollars.
	Balance *float64
	// HasDefaultPaymentMethod is whether credits can be bought without naming
	// one.
	HasDefaultPaymentMethod *bool
	// PaymentMethod is nil for none.
	PaymentMethod *PaymentMethod
	// TopUp is how credits are bought when they run low, nil if they are not.
	TopUp *TopUp
	// FirstTopUpSuccess is whether credits were ever bought.
	FirstTopUpSuccess *bool
}

// PaymentMethod is a card.
type PaymentMethod struct {
	// Brand is such as "visa", Last4 the end of the card's number; both are
	// empty where the service does not say.
	Brand, Last4 string
}

// TopUp is how credits are bought when they run low.
type TopUp struct {
	// Amount is what is bought, and Threshold what the balance must fall below;
	// by what the SDK says of the request that sets them, both are in US cents.
	Amount, Threshold *float64
	// DisabledReason and Error tell why it no longer works, or nil.
	DisabledReason, Error *string
	// LastFailedAt is zero for never.
	LastFailedAt time.Time
}

// CreditBalance reads what an account has of credits.
func (c *Client) CreditBalance(ctx context.Context, accountID string) (*CreditBalance, error) {
	if err := c.checkProviders("credit balance", accountID); err != nil {
		return nil, err
	}
	op := operation{name: "read credit balance"}
	ex, err := c.send(ctx, op, func(ctx context.Context, opts ...option.RequestOption) error {
		var params ai_gateway.BillingCreditBalanceParams
		params.AccountID.Value, params.AccountID.Present = accountID, true
		_, err := c.service.Billing.CreditBalance(ctx, params, opts...)
		return err
	})
	var failed *Error
	switch {
	case errors.As(err, &failed) && failed.HasCode(codeNoTopUp) && failed.says("no_manual_topup"):
		return nil, failed.withKind(ErrInvalid, "credits must be bought once in the dashboard before this works")
	case err != nil:
		return nil, err
	}
	return decoded(op.name, ex, "credit balance", creditBalanceAnswer.balance)
}

// creditBalanceAnswer is what the service says of a credit balance.
type creditBalanceAnswer struct {
	Balance                 *number  `json:"balance"`
	HasDefaultPaymentMethod *boolean `json:"has_default_payment_method"`
	PaymentMethod           *struct {
		Brand string `json:"brand"`
		Last4 string `json:"last4"`
	} `json:"payment_method"`
	TopUpConfig struct {
		Amount         *number `json:"amount"`
		Threshold      *number `json:"threshold"`
		DisabledReason *string `json:"disabledReason"`
		Error          *string `json:"error"`
		LastFailedAt   *moment `json:"lastFailedAt"`
	} `json:"topup_config"`
	FirstTopUpSuccess *boolean `json:"first_topup_success"`
}

func (a creditBalanceAnswer) balance() (*CreditBalance, error) {
	balance := &CreditBalance{
		Balance:                 (*float64)(a.Balance),
		HasDefaultPaymentMethod: boolOf(a.HasDefaultPaymentMethod),
		PaymentMethod:           (*PaymentMethod)(a.PaymentMethod),
		FirstTopUpSuccess:       boolOf(a.FirstTopUpSuccess),
	}
	topUp := TopUp{
		Amount: (*float64)(a.TopUpConfig.Amount), Threshold: (*float64)(a.TopUpConfig.Threshold),
		DisabledReason: present(a.TopUpConfig.DisabledReason), Error: present(a.TopUpConfig.Error),
		LastFailedAt: momentOf(a.TopUpConfig.LastFailedAt),
	}
	if topUp != (TopUp{}) {
		balance.TopUp = &topUp
	}
	return balance, nil
}
