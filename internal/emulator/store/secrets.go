package store

import (
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/secrets"
)

// secretsOf returns the Secrets Store of an account.
func (s *Store) secretsOf(accountID string) *secrets.Account {
	a := s.account(accountID)
	if a.secrets == nil {
		a.secrets = secrets.NewAccount(accountID, secrets.Config{
			Now: s.Now, Delay: s.secretDelay, StayPending: s.quirks[quirk.SecretStaysPending], NoStore: s.noSecrets,
		})
	}
	return a.secrets
}

// WithSecrets calls do with the Secrets Store of an account, as one transaction. Do must
// not call the store.
func (s *Store) WithSecrets(account string, do func(*secrets.Account)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	do(s.secretsOf(account))
}

// WithSecretsStore calls do with one store of an account, as one transaction. It fails
// with [secrets.ErrStoreNotFound] or the error of do, which must not call the store.
func (s *Store) WithSecretsStore(account, id string, do func(*secrets.Store) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.secretsOf(account).Store(id)
	if err != nil {
		return err
	}
	return do(st)
}

// storeOf returns the secrets store of a gateway, or nil.
func (s *Store) storeOf(g *gateway) *secrets.Store {
	st, _ := s.secretsOf(g.account).Store(g.text("store_id"))
	return st
}

// secretOf returns the secret of a config, or nil.
func (s *Store) secretOf(g *gateway, config *providerConfig) *secrets.Secret {
	if st := s.storeOf(g); st != nil {
		return st.ByID(config.SecretID)
	}
	return nil
}
