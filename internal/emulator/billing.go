package emulator

import "net/http"

// codeBilling is the code of what billing refuses (observed live).
const codeBilling = 1000

// initialCredit is the balance of an account. Its unit is not known.
const initialCredit = 25.0

// credit is what Unified Billing knows of an account. The zero value is an
// account that has topped up before and has the initial balance.
type credit struct {
	// spoken is whether a test has set the balance.
	spoken  bool
	balance float64
	// neverToppedUp is whether the account has bought nothing yet.
	neverToppedUp bool
}

// left is the balance that there is to spend. Requests do not reduce it.
func (c credit) left() float64 {
	switch {
	case c.neverToppedUp:
		return 0
	case c.spoken:
		return c.balance
	default:
		return initialCredit
	}
}

// creditBalance is GET /billing/credit-balance. Before the first manual top-up
// it is an error with code 1000 (observed live; the status is inferred).
func (s *Server) creditBalance(c call) {
	s.state.mu.Lock()
	credit := s.state.account(c.account).credit
	s.state.mu.Unlock()
	if credit.neverToppedUp {
		writeEdgeError(c.w, http.StatusBadRequest, apiError{Code: codeBilling, Message: "NO_MANUAL_TOPUP"})
		return
	}
	topUp := &ordered{}
	for _, name := range []string{"amount", "threshold", "disabledReason", "error", "lastFailedAt"} {
		topUp.set(name, nil)
	}
	out := &ordered{}
	out.set("balance", credit.left())
	out.set("has_default_payment_method", true)
	out.set("payment_method", map[string]any{"brand": "visa", "last4": "4242"})
	out.set("topup_config", topUp)
	out.set("first_topup_success", true)
	writeJSON(c.w, http.StatusOK, edgeResult(out))
}

// outOfCredit turns a request away that Unified Billing would pay for and
// cannot. Code and status are documented; so is how the text begins.
func (s *Server) outOfCredit(x *exchange) *dataError {
	if x.dynamic != nil || !x.wholesale(s) || s.providerRefusal(x) != nil {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	if s.state.account(x.account).credit.left() > 0 {
		return nil
	}
	return &dataError{http.StatusPaymentRequired, codeNoCredit,
		"Insufficient wholesale credits: the account's credit balance is used up"}
}
