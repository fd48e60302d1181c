package controlplane

import (
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// codeBilling is the code of billing's errors (observed live).
const codeBilling = 1000

// creditBalance handles GET /billing/credit-balance. Before the first manual top-up it
// is an error with code 1000 (observed live; the status is inferred).
func (a *API) creditBalance(c call) {
	balance, toppedUp := a.store.Credit(c.account)
	if !toppedUp {
		wire.WriteEdgeError(c.w, http.StatusBadRequest, wire.Error{Code: codeBilling, Message: "NO_MANUAL_TOPUP"})
		return
	}
	topUp := &wire.Object{}
	for _, name := range []string{"amount", "threshold", "disabledReason", "error", "lastFailedAt"} {
		topUp.Set(name, nil)
	}
	out := &wire.Object{}
	out.Set("balance", balance)
	out.Set("has_default_payment_method", true)
	out.Set("payment_method", map[string]any{"brand": "visa", "last4": "4242"})
	out.Set("topup_config", topUp)
	out.Set("first_topup_success", true)
	wire.WriteJSON(c.w, http.StatusOK, wire.EdgeResult(out))
}
