package store

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// DefaultSecretDelay is how long a new secret of the emulator is pending by
// default.
const DefaultSecretDelay = 2 * time.Second

const (
	// defaultStoreName is the name of the store that every account has (observed
	// live).
	defaultStoreName = "default_secrets_store"
	// scopeAIGateway is the scope of the secrets that gateways may read
	// (documented).
	scopeAIGateway = "ai_gateway"
	// settlingReads is the number of reads after which a pending secret becomes
	// active (the emulator's own, for clocks that stand still).
	settlingReads = 2
	// maxSecretValue is the maximum length of a secret's value in bytes
	// (documented).
	maxSecretValue = 64 << 10
)

// secretScopes are the scopes that a secret may have (documented).
var secretScopes = []string{"workers", scopeAIGateway, "dex", "access", "containers", "websearch"}

// secretNamePattern is the form of a secret's name (observed live: a dot is
// refused).
var secretNamePattern = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)

// SecretsError is an error of the Secrets Store: the word that its responses have
// as the message. Words were observed live (store_not_empty is documented) unless
// a comment says otherwise.
type SecretsError string

func (e SecretsError) Error() string { return string(e) }

// The errors of the Secrets Store.
const (
	ErrStoreNotFound   SecretsError = "store_not_found"
	ErrStoreNotEmpty   SecretsError = "store_not_empty"
	ErrTooManyStores   SecretsError = "maximum_stores_exceeded"
	ErrStoreNameEmpty  SecretsError = "store_name_empty" // inferred
	ErrSecretNotFound  SecretsError = "secret_not_found"
	ErrSecretExists    SecretsError = "secret_name_already_exists"
	ErrSecretsBody     SecretsError = "invalid_json_body"
	ErrSecretsPage     SecretsError = "invalid_pagination" // inferred
	errSecretNameEmpty SecretsError = "secret_name_empty"
	errSecretName      SecretsError = "secret_name_invalid"    // inferred
	errSecretEmpty     SecretsError = "secret_value_empty"     // inferred
	errSecretTooLarge  SecretsError = "secret_value_too_large" // inferred
	errScopesEmpty     SecretsError = "secret_scopes_empty"
	errScope           SecretsError = "secret_scope_invalid"
)

// secretsStore is a store of secrets.
type secretsStore struct {
	SecretsStore
	// secrets is in order of creation.
	secrets []*secret
}

// SecretsStore is a snapshot of a store of secrets.
type SecretsStore struct {
	ID, Name, Account string
	Created, Modified time.Time
}

// secret is a stored secret. Its value never leaves the control plane.
type secret struct {
	id, name, comment, value string
	scopes                   []any
	created, modified        time.Time
	// settled secrets are active from the start; reads counts how often one that
	// is not has been read.
	settled bool
	reads   int
}

// Secret is a snapshot of a secret without its value.
type Secret struct {
	ID, Name, Comment, StoreID string
	Scopes                     []any
	// Active is false while the secret is pending.
	Active            bool
	Created, Modified time.Time
}

// secretsStores returns the stores of an account. An account begins with one:
// accounts were observed to have a store called default_secrets_store and to be
// refused a second one. Its id follows from the account's, so that it can be
// predicted.
func (s *Store) secretsStores(id string) *[]*secretsStore {
	a := s.account(id)
	if !a.storesMade {
		a.storesMade = true
		now := s.Timestamp()
		sum := sha256.Sum256([]byte(defaultStoreName + " " + id))
		a.stores = []*secretsStore{{SecretsStore: SecretsStore{
			ID: hex.EncodeToString(sum[:16]), Name: defaultStoreName, Account: id, Created: now, Modified: now,
		}}}
	}
	return &a.stores
}

// secretsStore returns a store, or nil.
func (s *Store) secretsStore(account, id string) *secretsStore {
	stores := *s.secretsStores(account)
	i := slices.IndexFunc(stores, func(st *secretsStore) bool { return st.ID == id })
	if i < 0 {
		return nil
	}
	return stores[i]
}

// find returns the secret that matches, or nil.
func (st *secretsStore) find(matches func(*secret) bool) *secret {
	if i := slices.IndexFunc(st.secrets, matches); i >= 0 {
		return st.secrets[i]
	}
	return nil
}

func (st *secretsStore) byID(id string) *secret {
	return st.find(func(k *secret) bool { return k.id == id })
}

func (st *secretsStore) byName(name string) *secret {
	return st.find(func(k *secret) bool { return k.name == name })
}

func (st *secretsStore) remove(id string) {
	st.secrets = slices.DeleteFunc(st.secrets, func(k *secret) bool { return k.id == id })
}

// newSecret returns a secret, which is pending at first.
func (s *Store) newSecret(name, value string, scopes []any) *secret {
	now := s.Timestamp()
	return &secret{id: newHexID(), name: name, value: value, scopes: scopes, created: now, modified: now}
}

// newHexID returns an id of the Secrets Store: 32 hexadecimal digits (documented).
func newHexID() string { return strings.ReplaceAll(uuid.NewString(), "-", "") }

// active reports whether a secret can be used: after the delay, or once it has
// been read often enough. That secrets are pending at first was observed live; for
// how long is not known.
func (s *Store) active(k *secret) bool {
	switch {
	case k.settled:
		return true
	case s.quirks[quirk.SecretStaysPending]:
		return false
	default:
		return k.reads >= settlingReads || !s.Now().Before(k.created.Add(s.secretDelay))
	}
}

// usable reads a secret for a gateway. It reports false if the secret is nil,
// pending or not in scope.
func (s *Store) usable(k *secret) bool {
	if k == nil {
		return false
	}
	k.reads++
	return s.active(k) && slices.Contains(k.scopes, any(scopeAIGateway))
}

func (s *Store) secretSnapshot(st *secretsStore, k *secret) Secret {
	scopes, _ := wire.Copy(k.scopes).([]any)
	return Secret{
		ID: k.id, Name: k.name, Comment: k.comment, StoreID: st.ID, Scopes: scopes,
		Active: s.active(k), Created: k.created, Modified: k.modified,
	}
}

// SecretsStores returns the stores of an account.
func (s *Store) SecretsStores(account string) []SecretsStore {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []SecretsStore
	for _, st := range *s.secretsStores(account) {
		out = append(out, st.SecretsStore)
	}
	return out
}

// SecretsStore returns a store. It fails with [ErrStoreNotFound].
func (s *Store) SecretsStore(account, id string) (SecretsStore, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.secretsStore(account, id)
	if st == nil {
		return SecretsStore{}, ErrStoreNotFound
	}
	return st.SecretsStore, nil
}

// CreateSecretsStore creates a store. An account has at most one (observed live).
func (s *Store) CreateSecretsStore(account, name string) (SecretsStore, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stores := s.secretsStores(account)
	switch {
	case name == "":
		return SecretsStore{}, ErrStoreNameEmpty
	case len(*stores) > 0:
		return SecretsStore{}, ErrTooManyStores
	}
	now := s.Timestamp()
	created := SecretsStore{ID: newHexID(), Name: name, Account: account, Created: now, Modified: now}
	*stores = append(*stores, &secretsStore{SecretsStore: created})
	return created, nil
}

// DeleteSecretsStore deletes a store and returns it. A store with secrets is only
// deleted with force (documented).
func (s *Store) DeleteSecretsStore(account, id string, force bool) (SecretsStore, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.secretsStore(account, id)
	switch {
	case st == nil:
		return SecretsStore{}, ErrStoreNotFound
	case len(st.secrets) > 0 && !force:
		return SecretsStore{}, ErrStoreNotEmpty
	}
	stores := s.secretsStores(account)
	*stores = slices.DeleteFunc(*stores, func(other *secretsStore) bool { return other == st })
	return st.SecretsStore, nil
}

// secretName returns the name under which a gateway looks for a key (observed live
// and documented).
func secretName(gateway, provider, alias string) string {
	return fmt.Sprintf("%s_%s_%s", gateway, provider, alias)
}
