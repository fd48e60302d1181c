// Package secrets holds the Secrets Store of an account: its stores, their secrets, and
// when a secret can be used. Its types are not safe for concurrent use.
package secrets

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

// DefaultDelay is how long a new secret of the emulator is pending by default.
const DefaultDelay = 2 * time.Second

const (
	// defaultStoreName is the name of the store that accounts have (observed live).
	defaultStoreName = "default_secrets_store"
	// settlingReads is the number of reads after which a pending secret becomes
	// active (the emulator's own, for clocks that stand still).
	settlingReads = 2
)

// Config says how time passes for secrets.
type Config struct {
	Now func() time.Time
	// Delay is how long a new secret is pending. A negative value means not at all.
	Delay time.Duration
	// StayPending keeps secrets pending for ever.
	StayPending bool
	// NoStore makes accounts begin without a store.
	NoStore bool
}

// timestamp returns the time in the resolution that the service stores.
func (c Config) timestamp() time.Time { return c.Now().Truncate(time.Millisecond) }

// Account holds the stores of an account.
type Account struct {
	config Config
	id     string
	stores []*Store
}

// NewAccount returns an account with one store, unless config says otherwise: accounts
// were observed to have a store called default_secrets_store and to be refused a second
// one. The store's id follows from the account's, so that it can be predicted.
func NewAccount(id string, config Config) *Account {
	if config.NoStore {
		return &Account{config: config, id: id}
	}
	sum := sha256.Sum256([]byte(defaultStoreName + " " + id))
	a := &Account{config: config, id: id}
	a.add(hex.EncodeToString(sum[:16]), defaultStoreName)
	return a
}

func (a *Account) add(id, name string) *Store {
	now := a.config.timestamp()
	st := &Store{
		Info:   Info{ID: id, Name: name, Account: a.id, Created: now, Modified: now},
		config: a.config,
	}
	a.stores = append(a.stores, st)
	return st
}

// Stores returns snapshots of all stores.
func (a *Account) Stores() []Info {
	var out []Info
	for _, st := range a.stores {
		out = append(out, st.Info)
	}
	return out
}

// Store returns a store. It fails with [ErrStoreNotFound].
func (a *Account) Store(id string) (*Store, error) {
	i := slices.IndexFunc(a.stores, func(st *Store) bool { return st.ID == id })
	if i < 0 {
		return nil, ErrStoreNotFound
	}
	return a.stores[i], nil
}

// Create creates a store. An account has at most one (observed live).
func (a *Account) Create(name string) (Info, error) {
	switch {
	case name == "":
		return Info{}, ErrStoreNameEmpty
	case len(a.stores) > 0:
		return Info{}, ErrTooManyStores
	}
	return a.add(newID(), name).Info, nil
}

// Delete deletes a store and returns it. A store with secrets is only deleted with force
// (documented).
func (a *Account) Delete(id string, force bool) (Info, error) {
	st, err := a.Store(id)
	switch {
	case err != nil:
		return Info{}, err
	case len(st.secrets) > 0 && !force:
		return Info{}, ErrStoreNotEmpty
	}
	a.stores = slices.DeleteFunc(a.stores, func(other *Store) bool { return other == st })
	return st.Info, nil
}

// Info is a snapshot of a store.
type Info struct {
	ID, Name, Account string
	Created, Modified time.Time
}

// Store is a store of secrets.
type Store struct {
	Info
	config Config
	// secrets is in order of creation.
	secrets []*Secret
}

// find returns the secret that matches, or nil.
func (st *Store) find(matches func(*Secret) bool) *Secret {
	if i := slices.IndexFunc(st.secrets, matches); i >= 0 {
		return st.secrets[i]
	}
	return nil
}

// ByID returns the secret of an id, or nil.
func (st *Store) ByID(id string) *Secret {
	return st.find(func(k *Secret) bool { return k.ID == id })
}

// ByName returns the secret of a name, or nil.
func (st *Store) ByName(name string) *Secret {
	return st.find(func(k *Secret) bool { return k.Name == name })
}

// Names returns the names of all secrets, sorted.
func (st *Store) Names() []string {
	var names []string
	for _, k := range st.secrets {
		names = append(names, k.Name)
	}
	slices.Sort(names)
	return names
}

// Add adds a secret, which is pending at first.
func (st *Store) Add(name, value string, scopes []any) *Secret {
	k := st.newSecret(name, value, scopes)
	st.secrets = append(st.secrets, k)
	return k
}

// Put adds a secret, or changes the secret of that name. It is active at once.
func (st *Store) Put(name, value string, scopes []any) *Secret {
	k := st.ByName(name)
	if k == nil {
		k = st.Add(name, value, scopes)
	}
	k.Value, k.Scopes, k.Modified, k.settled = value, scopes, st.config.timestamp(), true
	return k
}

// Rotate gives a secret a new value.
func (st *Store) Rotate(k *Secret, value string) {
	k.Value, k.Modified = value, st.config.timestamp()
}

// Remove removes the secret of an id, if there is one.
func (st *Store) Remove(id string) {
	st.secrets = slices.DeleteFunc(st.secrets, func(k *Secret) bool { return k.ID == id })
}

// Read reads a secret for a gateway. It reports false if the secret is nil, pending or
// not in scope.
func (st *Store) Read(k *Secret) bool {
	if k == nil {
		return false
	}
	k.reads++
	return st.active(k) && slices.Contains(k.Scopes, any(ScopeAIGateway))
}

// active reports whether a secret can be used: after the delay, or once it has been read
// often enough. That secrets are pending at first was observed live; for how long is not
// known.
func (st *Store) active(k *Secret) bool {
	switch {
	case k.settled:
		return true
	case st.config.StayPending:
		return false
	default:
		return k.reads >= settlingReads || !st.config.Now().Before(k.Created.Add(st.config.Delay))
	}
}

// newID returns an id of the Secrets Store: 32 hexadecimal digits (documented).
func newID() string { return strings.ReplaceAll(uuid.NewString(), "-", "") }

// KeyName returns the name under which a gateway looks for a provider's key (observed
// live and documented).
func KeyName(gateway, provider, alias string) string {
	return fmt.Sprintf("%s_%s_%s", gateway, provider, alias)
}
