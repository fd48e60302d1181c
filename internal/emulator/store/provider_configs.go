package store

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/limits"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/secrets"
)

// ErrNoProviderConfig is the error for a provider config that does not exist.
var ErrNoProviderConfig = errors.New("no such provider config")

// providerConfig is a key that a gateway may use for a provider (BYOK). The key
// itself is in a secrets store.
type providerConfig struct {
	ProviderConfig
	// ownSecret is set if the service has stored the secret itself.
	ownSecret bool
	// admitted holds the times of the requests that count for the limit.
	admitted limits.Requests
}

// ProviderConfig is a snapshot of a provider config.
type ProviderConfig struct {
	ID, GatewayID, Provider, Alias string
	Default                        bool
	SecretID                       string
	// Preview is the part of the key that responses show.
	Preview string
	// RateLimit requests may be made in each Period of seconds. Nil means no
	// limit.
	RateLimit any
	Period    float64
	Modified  time.Time
}

func (s *Store) configSnapshot(g *gateway, config *providerConfig) ProviderConfig {
	out := config.ProviderConfig
	out.GatewayID, out.Preview = g.id, preview(s.secretOf(g, config))
	return out
}

// preview returns what responses show of a key: the last four characters, unless
// the key is short (inferred; the documents only name the field).
func preview(k *secrets.Secret) string {
	if k == nil || len(k.Value) < 8 {
		return "****"
	}
	return "****" + k.Value[len(k.Value)-4:]
}

func (s *Store) configSnapshots(g *gateway) []ProviderConfig {
	var out []ProviderConfig
	for _, config := range g.configs {
		out = append(out, s.configSnapshot(g, config))
	}
	return out
}

// ListProviderConfigs returns the list of a gateway's configs in order of creation
// (inferred). For a gateway that does not exist the list is empty (observed live).
// The list lags under [quirk.ProviderConfigListLags].
func (s *Store) ListProviderConfigs(account, gateway string) []ProviderConfig {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return nil
	}
	return lagging(s.quirks[quirk.ProviderConfigListLags], s.configSnapshots(g), &g.listedConfigs)
}

// newConfig returns a config with the values of a request.
func (s *Store) newConfig(values map[string]any) *providerConfig {
	var config providerConfig
	config.ID, config.RateLimit, config.Modified = s.NewID(), values["rate_limit"], s.Timestamp()
	config.Provider, _ = values["provider_slug"].(string)
	config.Alias, _ = values["alias"].(string)
	config.Default, _ = values["default_config"].(bool)
	config.Period, _ = values["rate_limit_period"].(float64)
	return &config
}

// CreateProviderConfig creates a config. The gateway must have a store, and there
// is one config for each provider and alias (observed live; the texts are
// inferred). It fails with [ErrNoGateway] or a [RequestError].
func (s *Store) CreateProviderConfig(account, gateway string, values map[string]any) (ProviderConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return ProviderConfig{}, ErrNoGateway
	}
	storeID := g.text("store_id")
	if storeID == "" {
		return ProviderConfig{}, RequestError("The gateway has no Secrets Store: set store_id first")
	}
	st, err := s.secretsOf(account).Store(storeID)
	if err != nil {
		return ProviderConfig{}, requestErrorf("The Secrets Store '%s' was not found", storeID)
	}
	config := s.newConfig(values)
	if slices.ContainsFunc(g.configs, func(other *providerConfig) bool {
		return config.Provider == other.Provider && config.Alias == other.Alias
	}) {
		return ProviderConfig{}, requestErrorf("A provider config for '%s' with alias '%s' already exists", config.Provider, config.Alias)
	}
	if err := s.assignSecret(g, st, config, values); err != nil {
		return ProviderConfig{}, err
	}
	g.configs = append(g.configs, config)
	return s.configSnapshot(g, config), nil
}

func requestErrorf(format string, args ...any) error {
	return RequestError(fmt.Sprintf(format, args...))
}

// assignSecret gives a new config its secret: a new one under the name that
// gateways look for, or an existing one that is active. That a request must have
// exactly one of the two is inferred; the documents do not say so.
func (s *Store) assignSecret(g *gateway, st *secrets.Store, config *providerConfig, values map[string]any) error {
	value, hasValue := values["secret"].(string)
	id, hasID := values["secret_id"].(string)
	if hasValue == hasID {
		return RequestError("Exactly one of secret and secret_id is required")
	}
	if hasID {
		if !st.Read(st.ByID(id)) {
			return requestErrorf("The secret '%s' was not found", id)
		}
		config.SecretID = id
		return nil
	}
	name := secrets.KeyName(g.id, config.Provider, config.Alias)
	if !secrets.ValidName(name) {
		return requestErrorf("The secret name '%s' is invalid: only letters, digits, underscores and hyphens are allowed", name)
	}
	if st.ByName(name) != nil {
		return requestErrorf("A secret named '%s' already exists", name)
	}
	config.SecretID, config.ownSecret = st.Add(name, value, []any{secrets.ScopeAIGateway}).ID, true
	return nil
}

// RotateProviderConfig gives the secret of a config a new value, which is used
// from then on (documented), whoever created the secret (inferred). It fails with
// [ErrNoGateway], [ErrNoProviderConfig] or a [RequestError].
func (s *Store) RotateProviderConfig(account, gateway, id, value string) (ProviderConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, config, err := s.findConfig(account, gateway, id)
	if err != nil {
		return ProviderConfig{}, err
	}
	k := s.secretOf(g, config)
	if k == nil {
		return ProviderConfig{}, requestErrorf("The secret '%s' was not found", config.SecretID)
	}
	s.storeOf(g).Rotate(k, value)
	config.Modified = k.Modified
	return s.configSnapshot(g, config), nil
}

// DeleteProviderConfig deletes a config and returns it. Whether its secret is
// deleted too is not known: here a secret is that the service has stored itself,
// and a secret that the request named stays. It fails with [ErrNoGateway] or
// [ErrNoProviderConfig].
func (s *Store) DeleteProviderConfig(account, gateway, id string) (ProviderConfig, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, config, err := s.findConfig(account, gateway, id)
	if err != nil {
		return ProviderConfig{}, err
	}
	out := s.configSnapshot(g, config)
	s.removeConfig(g, config)
	return out, nil
}

func (s *Store) findConfig(account, gatewayID, id string) (*gateway, *providerConfig, error) {
	g := s.gateway(account, gatewayID)
	if g == nil {
		return nil, nil, ErrNoGateway
	}
	i := slices.IndexFunc(g.configs, func(config *providerConfig) bool { return config.ID == id })
	if i < 0 {
		return nil, nil, ErrNoProviderConfig
	}
	return g, g.configs[i], nil
}

func (s *Store) removeConfig(g *gateway, config *providerConfig) {
	g.configs = slices.DeleteFunc(g.configs, func(other *providerConfig) bool { return other == config })
	if !config.ownSecret {
		return
	}
	if st := s.storeOf(g); st != nil {
		st.Remove(config.SecretID)
	}
}

// removeConfigs removes all configs of a gateway that is deleted (documented), and
// the secrets that the service stored for them (inferred).
func (s *Store) removeConfigs(g *gateway) {
	for _, config := range slices.Clone(g.configs) {
		s.removeConfig(g, config)
	}
}
