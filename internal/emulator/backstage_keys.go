package emulator

import (
	"fmt"
	"maps"
	"slices"
)

// StoreIDs returns the ids of an account's secrets stores. An account begins
// with one, whose id depends on the account's only.
func (s *Server) StoreIDs(account string) []string {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	var ids []string
	for _, st := range *s.stores(account) {
		ids = append(ids, st.id)
	}
	return ids
}

// PutSecret creates a secret, or gives one of that name a new value, and returns
// its id. It is active at once. Without scopes it gets the scope ai_gateway. It
// panics when there is no such store.
func (s *Server) PutSecret(account, store, name, value string, scopes ...string) string {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	st := s.vault(account, store)
	if st == nil {
		panic(fmt.Sprintf("emulator: PutSecret: no store %q", store))
	}
	if len(scopes) == 0 {
		scopes = []string{scopeAIGateway}
	}
	var list []any
	for _, scope := range scopes {
		list = append(list, scope)
	}
	k := st.byName(name)
	if k == nil {
		k = s.newSecret(name, value, list)
		st.secrets = append(st.secrets, k)
	}
	k.value, k.scopes, k.modified, k.settled = value, list, s.timestamp(), true
	return k.id
}

// SecretValue returns the value of a secret by name. It reports false when
// there is no such store or secret.
func (s *Server) SecretValue(account, store, name string) (string, bool) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	st := s.vault(account, store)
	if st == nil {
		return "", false
	}
	k := st.byName(name)
	if k == nil {
		return "", false
	}
	return k.value, true
}

// SecretNames returns the names of a store's secrets, sorted.
func (s *Server) SecretNames(account, store string) []string {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	st := s.vault(account, store)
	if st == nil {
		return nil
	}
	var names []string
	for _, k := range st.secrets {
		names = append(names, k.name)
	}
	slices.Sort(names)
	return names
}

// DeleteSecret deletes a secret by name; provider configs that refer to it stay.
// It reports false when there is no such store or secret.
func (s *Server) DeleteSecret(account, store, name string) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	st := s.vault(account, store)
	if st == nil {
		return false
	}
	k := st.byName(name)
	if k == nil {
		return false
	}
	st.remove(k.id)
	return true
}

// ProviderConfigs returns copies of a gateway's provider configs in order of
// creation, in the terms of the wire, with default_config as a boolean.
func (s *Server) ProviderConfigs(account, gateway string) []map[string]any {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[gateway]
	if !ok {
		return nil
	}
	var out []map[string]any
	for _, config := range g.configs {
		out = append(out, s.shownConfig(g, config))
	}
	return out
}

func (s *Server) shownConfig(g *gateway, config *providerConfig) map[string]any {
	values := s.renderConfig(g, config).values
	values["default_config"] = config.isDefault
	return values
}

// PutProviderConfig creates a provider config from values in the terms of the
// wire, of which alias is default and rate_limit_period 60 where they are not
// given, and returns its id. Nothing is checked. It panics when there is no such
// gateway.
func (s *Server) PutProviderConfig(account, gateway string, values map[string]any) string {
	given := map[string]any{"alias": "default", "rate_limit_period": 60.0}
	maps.Copy(given, wireTerms(values))
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[gateway]
	if !ok {
		panic("emulator: PutProviderConfig: there is no gateway " + gateway)
	}
	config := s.newConfig(given)
	config.secretID, _ = given["secret_id"].(string)
	g.configs = append(g.configs, config)
	return config.id
}

// EditProviderConfig lets edit change provider_slug, alias, default_config,
// secret_id, rate_limit and rate_limit_period of a config, and renews
// modified_at; other changes are ignored. It reports false, without calling
// edit, when there is no such config. The server waits while edit runs.
func (s *Server) EditProviderConfig(account, gateway, id string, edit func(map[string]any)) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[gateway]
	if !ok {
		return false
	}
	config := g.config(id)
	if config == nil {
		return false
	}
	values := s.shownConfig(g, config)
	edit(values)
	edited := s.newConfig(wireTerms(values))
	edited.id, edited.ownSecret, edited.admitted = config.id, config.ownSecret, config.admitted
	edited.secretID, _ = values["secret_id"].(string)
	*config = *edited
	return true
}

// DeleteProviderConfig deletes a config, and the secret that the service stored
// for it. It reports false when there is none.
func (s *Server) DeleteProviderConfig(account, gateway, id string) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[gateway]
	if !ok {
		return false
	}
	config := g.config(id)
	if config == nil {
		return false
	}
	s.removeConfig(g, config)
	return true
}

// PutCustomProvider creates a custom provider, or replaces the one that has the
// id that values names, and returns its id. Nothing is checked: base_url may be
// http, which is how a plain HTTP server of a test is reached.
func (s *Server) PutCustomProvider(account string, values map[string]any) string {
	given := wireTerms(values)
	settings := map[string]any{}
	for _, f := range customFields {
		if value, ok := given[f.name]; ok {
			settings[f.name] = value
		}
	}
	p := s.newCustomProvider(settings)
	if id, ok := given["id"].(string); ok && id != "" {
		p.id = id
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	all := s.state.account(account).customProviders()
	if old, ok := all[p.id]; ok {
		p.created = old.created
		s.forgetAnswers(account, old)
	}
	all[p.id] = p
	return p.id
}

// CustomProviders returns copies of an account's custom providers in order of
// names, as answers show them.
func (s *Server) CustomProviders(account string) []map[string]any {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	var out []map[string]any
	for _, p := range s.state.account(account).sortedCustom() {
		out = append(out, s.renderCustom(account, p).values)
	}
	return out
}

// EditCustomProvider lets edit change the values of a custom provider, headers
// and position included, unchecked. It reports false, without calling edit,
// when there is no such provider. The server waits while edit runs.
func (s *Server) EditCustomProvider(account, id string, edit func(map[string]any)) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	all := s.state.account(account).customProviders()
	old, ok := all[id]
	if !ok {
		return false
	}
	values, _ := deepCopy(old.values).(map[string]any)
	edit(values)
	values = wireTerms(values)
	edited := &customProvider{id: id, values: map[string]any{}, created: old.created, modified: s.timestamp()}
	for _, f := range customFields {
		edited.values[f.name] = values[f.name]
	}
	all[id] = edited
	s.forgetAnswers(account, old)
	return true
}

// DeleteCustomProvider deletes a custom provider. It reports false when there is
// none.
func (s *Server) DeleteCustomProvider(account, id string) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	all := s.state.account(account).customProviders()
	p, ok := all[id]
	if ok {
		delete(all, id)
		s.forgetAnswers(account, p)
	}
	return ok
}

// SetCreditBalance sets the credit balance of an account, which is 25 at first
// and which requests do not reduce. At 0 and below, Unified Billing pays for
// nothing.
func (s *Server) SetCreditBalance(account string, balance float64) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	c := &s.state.account(account).credit
	c.spoken, c.balance = true, balance
}

// SetToppedUp says whether an account has topped up its credit before, as it
// has at first. Without that there is no balance to be asked for, and none to
// spend.
func (s *Server) SetToppedUp(account string, done bool) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.account(account).credit.neverToppedUp = !done
}
