package store

// initialCredit is the balance of an account. Its unit is not known.
const initialCredit = 25.0

// credit is what Unified Billing knows of an account. The zero value is an
// account that has topped up before and has the initial balance.
type credit struct {
	// set is true once a test has set the balance.
	set           bool
	balance       float64
	neverToppedUp bool
}

// available returns the balance that can be spent. Requests do not reduce it.
func (c credit) available() float64 {
	switch {
	case c.neverToppedUp:
		return 0
	case c.set:
		return c.balance
	default:
		return initialCredit
	}
}

// Credit returns the balance that an account can spend, and whether it has ever
// topped up.
func (s *Store) Credit(account string) (balance float64, toppedUp bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.account(account).credit
	return c.available(), !c.neverToppedUp
}
