// Package store holds the state of the emulated service: accounts, gateways with
// their dynamic routes, logs, counters and custom domains, provider configs, secrets,
// custom providers and credit. It also holds what decides about state: the clock, ids
// and quirks.
//
// Every method is one transaction. Methods return snapshots, which do not change
// when the state does. What they have in common with the state is only replaced
// there, never changed.
package store

import (
	"sync"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/secrets"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/settings"
)

// Options configure a [Store]. The zero value is usable.
type Options struct {
	// GatewayLimit is how many gateways an account may hold. A negative value
	// means no limit.
	GatewayLimit int
	Quirks       []quirk.Quirk
	// Clock is the time of the store. Nil means a clock that runs with real time.
	Clock *Clock
	// SecretDelay is how long a new secret is pending. A negative value means not
	// at all.
	SecretDelay time.Duration
	// NoSecretsStore makes accounts begin without a Secrets Store.
	NoSecretsStore bool
}

// Store is the state of the service. It is safe for concurrent use.
type Store struct {
	clock        *Clock
	quirks       quirk.Set
	settings     []settings.Setting
	gatewayLimit int
	secretDelay  time.Duration
	noSecrets    bool
	ids          idSource

	// One lock is enough: nothing slow happens under it.
	mu       sync.Mutex
	accounts map[string]*account
	// domains holds the custom domains of all accounts by hostname.
	domains  map[string]*CustomDomain
	failures map[failure]int
}

// New returns an empty store. It fails for quirks that are unknown or contradict
// each other.
func New(opts Options) (*Store, error) {
	quirks, err := quirk.NewSet(opts.Quirks)
	if err != nil {
		return nil, err
	}
	s := &Store{
		clock:        opts.Clock,
		quirks:       quirks,
		settings:     settings.Gateway(quirks),
		gatewayLimit: opts.GatewayLimit,
		secretDelay:  opts.SecretDelay,
		noSecrets:    opts.NoSecretsStore,
		accounts:     map[string]*account{},
		domains:      map[string]*CustomDomain{},
		failures:     map[failure]int{},
	}
	if s.clock == nil {
		s.clock = &Clock{}
	}
	return s, nil
}

// Has reports whether a quirk is on.
func (s *Store) Has(q quirk.Quirk) bool { return s.quirks[q] }

// Quirks returns the quirks that are on.
func (s *Store) Quirks() quirk.Set { return s.quirks }

// Settings returns the table of a gateway's settings.
func (s *Store) Settings() []settings.Setting { return s.settings }

// Clock returns the clock of the store.
func (s *Store) Clock() *Clock { return s.clock }

// Now returns the time of the store's clock.
func (s *Store) Now() time.Time { return s.clock.Now() }

// Timestamp returns the time in the resolution that the service stores:
// milliseconds (observed live).
func (s *Store) Timestamp() time.Time { return s.clock.Now().Truncate(time.Millisecond) }

// NewID returns a new id for a request or an object.
func (s *Store) NewID() string { return s.ids.next(s.clock.Now()) }

// account is what one account owns. Accounts do not see each other.
type account struct {
	id       string
	gateways map[string]*gateway
	// secrets is nil until it is needed; see [Store.secretsOf].
	secrets *secrets.Account
	// custom holds the custom providers by id.
	custom map[string]*CustomProvider
	credit credit
}

// account returns the account of an id. Every account exists. The caller holds
// the lock, as for all unexported methods that return parts of the state.
func (s *Store) account(id string) *account {
	a, ok := s.accounts[id]
	if !ok {
		a = &account{id: id, gateways: map[string]*gateway{}, custom: map[string]*CustomProvider{}}
		s.accounts[id] = a
	}
	return a
}

// gateway returns a gateway, or nil.
func (s *Store) gateway(account, id string) *gateway { return s.account(account).gateways[id] }

// failure names a flaky model of a gateway.
type failure struct{ account, gateway, model string }

// CountFailure counts a failure of a flaky model. It reports false, and does not
// count, if the model has failed that many times before.
func (s *Store) CountFailure(account, gateway, model string, times int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := failure{account, gateway, model}
	if s.failures[key] >= times {
		return false
	}
	s.failures[key]++
	return true
}
