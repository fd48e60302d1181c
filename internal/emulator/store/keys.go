package store

import (
	"errors"
	"slices"
	"strings"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/secrets"
)

// defaultAlias is the alias of the key for requests that name none (documented).
const defaultAlias = "default"

// ErrKeyUnavailable is the error for a provider config whose secret cannot be
// used.
var ErrKeyUnavailable = errors.New("the secret of the provider config cannot be used")

// NoAliasError is the error for an alias that no provider config has.
type NoAliasError struct {
	Provider, Alias string
	// Configured are the aliases that there are, sorted.
	Configured []string
}

func (e *NoAliasError) Error() string {
	return "no provider config of " + e.Provider + " has the alias " + e.Alias + ": " + strings.Join(e.Configured, ", ")
}

// Key is a stored key that a gateway uses for a provider.
type Key struct {
	Value, Alias string

	store  *Store
	config *providerConfig // nil for a secret without a provider config
}

// A KeyQuery selects a stored key.
type KeyQuery struct {
	Provider string
	// Alias is empty if the request names none.
	Alias string
	// DefaultOnly is set for the REST API, which looks for the default alias only
	// and goes on to Unified Billing without it (documented).
	DefaultOnly bool
}

// FindKey returns the key that a gateway has stored for a provider, nil if there
// is none. Stored keys need an authenticated gateway with a store (documented),
// and are found by the name of their secret (documented and observed live). It
// fails with [ErrKeyUnavailable] or a [NoAliasError].
func (s *Store) FindKey(account, gateway string, query KeyQuery) (*Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil || g.values["authentication"] != true {
		return nil, nil
	}
	st := s.storeOf(g)
	if st == nil {
		return nil, nil
	}
	var configs []*providerConfig
	for _, config := range g.configs {
		if config.Provider == query.Provider {
			configs = append(configs, config)
		}
	}
	alias := query.alias(configs)
	i := slices.IndexFunc(configs, func(config *providerConfig) bool { return config.Alias == alias })
	if k := st.ByName(secrets.KeyName(g.id, query.Provider, alias)); st.Read(k) {
		key := &Key{Value: k.Value, Alias: alias, store: s}
		if i >= 0 {
			key.config = configs[i]
		}
		return key, nil
	}
	switch {
	case len(configs) == 0:
		// A provider without any stored key goes on to Unified Billing, whatever
		// the alias (observed live).
		return nil, nil
	case i >= 0:
		return nil, ErrKeyUnavailable
	case query.DefaultOnly:
		return nil, nil
	}
	missing := &NoAliasError{Provider: query.Provider, Alias: alias}
	for _, config := range configs {
		missing.Configured = append(missing.Configured, config.Alias)
	}
	slices.Sort(missing.Configured)
	return nil, missing
}

// alias returns the alias to look for: the one of the request, or "default" (both
// documented). If no config has the default alias, the config that is marked as
// default_config takes its place, except on the REST API (inferred: nothing says
// what the mark does).
func (q KeyQuery) alias(configs []*providerConfig) string {
	switch {
	case q.DefaultOnly:
		return defaultAlias
	case q.Alias != "":
		return q.Alias
	}
	alias := defaultAlias
	for _, config := range configs {
		if config.Alias == defaultAlias {
			return defaultAlias
		}
		if config.Default && alias == defaultAlias {
			alias = config.Alias
		}
	}
	return alias
}

// Admit counts a request for the rate limit of the key's provider config. It
// reports false if the limit is reached: rate_limit requests in each
// rate_limit_period seconds, in windows aligned with the clock (inferred; the
// documents only name the fields). A nil key has no limit.
func (k *Key) Admit() bool {
	if k == nil || k.config == nil {
		return true
	}
	now := k.store.Now()
	k.store.mu.Lock()
	defer k.store.mu.Unlock()
	limit, _ := k.config.RateLimit.(float64)
	if limit <= 0 || k.config.Period <= 0 {
		return true
	}
	return k.config.admitted.Admit(now, limit, k.config.Period, false)
}
