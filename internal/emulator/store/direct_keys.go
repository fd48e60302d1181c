package store

import (
	"fmt"
	"maps"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/secrets"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/settings"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// StoreIDs returns the ids of an account's secrets stores. An account begins with
// one, whose id depends only on the account's, unless the option NoSecretsStore is set.
func (d Direct) StoreIDs(account string) (ids []string) {
	d.store.WithSecrets(account, func(a *secrets.Account) {
		for _, st := range a.Stores() {
			ids = append(ids, st.ID)
		}
	})
	return ids
}

// StoreNames returns the names of an account's secrets stores.
func (d Direct) StoreNames(account string) (names []string) {
	d.store.WithSecrets(account, func(a *secrets.Account) {
		for _, st := range a.Stores() {
			names = append(names, st.Name)
		}
	})
	return names
}

// DeleteStore deletes a secrets store with all its secrets. It reports false if there is
// no such store.
func (d Direct) DeleteStore(account, store string) bool {
	var err error
	d.store.WithSecrets(account, func(a *secrets.Account) { _, err = a.Delete(store, true) })
	return err == nil
}

// PutSecret creates a secret, or changes the secret of that name, and returns its
// id. It is active at once. Without scopes it gets the scope ai_gateway. It panics
// if there is no such store.
func (d Direct) PutSecret(account, store, name, value string, scopes ...string) (id string) {
	if len(scopes) == 0 {
		scopes = []string{secrets.ScopeAIGateway}
	}
	var list []any
	for _, scope := range scopes {
		list = append(list, scope)
	}
	if err := d.store.WithSecretsStore(account, store, func(st *secrets.Store) error {
		id = st.Put(name, value, list).ID
		return nil
	}); err != nil {
		panic(fmt.Sprintf("emulator: PutSecret: no store %q", store))
	}
	return id
}

// withSecret calls do for a secret. It reports false if there is no such store or
// secret.
func (d Direct) withSecret(account, store, name string, do func(*secrets.Store, *secrets.Secret)) bool {
	err := d.store.WithSecretsStore(account, store, func(st *secrets.Store) error {
		k := st.ByName(name)
		if k == nil {
			return secrets.ErrNotFound
		}
		do(st, k)
		return nil
	})
	return err == nil
}

// SecretValue returns the value of a secret. It reports false if there is no such
// store or secret.
func (d Direct) SecretValue(account, store, name string) (value string, ok bool) {
	ok = d.withSecret(account, store, name, func(_ *secrets.Store, k *secrets.Secret) { value = k.Value })
	return value, ok
}

// DeleteSecret deletes a secret; provider configs that refer to it stay. It
// reports false if there is no such store or secret.
func (d Direct) DeleteSecret(account, store, name string) bool {
	return d.withSecret(account, store, name, func(st *secrets.Store, k *secrets.Secret) { st.Remove(k.ID) })
}

// SecretNames returns the names of a store's secrets, sorted. It returns none if there
// is no such store.
func (d Direct) SecretNames(account, store string) (names []string) {
	_ = d.store.WithSecretsStore(account, store, func(st *secrets.Store) error {
		names = st.Names()
		return nil
	})
	return names
}

func (c ProviderConfig) asStored() map[string]any {
	return map[string]any{
		"id": c.ID, "gateway_id": c.GatewayID, "provider_slug": c.Provider, "alias": c.Alias,
		"default_config": c.Default, "secret_id": c.SecretID, "secret_preview": c.Preview,
		"rate_limit": c.RateLimit, "rate_limit_period": c.Period, "modified_at": wire.FormatTime(c.Modified),
	}
}

// ProviderConfigs returns copies of a gateway's provider configs in order of
// creation, with default_config as a boolean.
func (d Direct) ProviderConfigs(account, gateway string) []map[string]any {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	g := d.store.gateway(account, gateway)
	if g == nil {
		return nil
	}
	var out []map[string]any
	for _, config := range d.store.configSnapshots(g) {
		out = append(out, config.asStored())
	}
	return out
}

// PutProviderConfig creates a provider config and returns its id. By default alias
// is "default" and rate_limit_period 60. It panics if there is no such gateway.
func (d Direct) PutProviderConfig(account, gateway string, values map[string]any) string {
	given := map[string]any{"alias": defaultAlias, "rate_limit_period": 60.0}
	maps.Copy(given, wire.Normalize(values))
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	g := d.store.gateway(account, gateway)
	if g == nil {
		panic("emulator: PutProviderConfig: there is no gateway " + gateway)
	}
	config := d.store.newConfig(given)
	config.SecretID, _ = given["secret_id"].(string)
	g.configs = append(g.configs, config)
	return config.ID
}

// EditProviderConfig lets edit change provider_slug, alias, default_config,
// secret_id, rate_limit and rate_limit_period of a config, and sets modified_at;
// other changes are ignored. It reports false, without calling edit, if there is
// no such config. The server waits while edit runs.
func (d Direct) EditProviderConfig(account, gateway, id string, edit func(map[string]any)) bool {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	g, config, err := d.store.findConfig(account, gateway, id)
	if err != nil {
		return false
	}
	values := d.store.configSnapshot(g, config).asStored()
	edit(values)
	values = wire.Normalize(values)
	edited := d.store.newConfig(values)
	edited.ID, edited.ownSecret, edited.admitted = config.ID, config.ownSecret, config.admitted
	edited.SecretID, _ = values["secret_id"].(string)
	*config = *edited
	return true
}

// DeleteProviderConfig deletes a config, and the secret that the service stored
// for it. It reports false if there is no such config.
func (d Direct) DeleteProviderConfig(account, gateway, id string) bool {
	_, err := d.store.DeleteProviderConfig(account, gateway, id)
	return err == nil
}

// PutCustomProvider creates a custom provider, or replaces the one whose id values
// has, and returns its id. base_url may be http, to reach a plain HTTP server of a
// test.
func (d Direct) PutCustomProvider(account string, values map[string]any) string {
	given := wire.Normalize(values)
	fields := map[string]any{}
	for _, f := range settings.CustomFields() {
		if value, ok := given[f.Name]; ok {
			fields[f.Name] = value
		}
	}
	p := d.store.newCustomProvider(account, fields)
	if id, ok := given["id"].(string); ok && id != "" {
		p.ID = id
	}
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	a := d.store.account(account)
	if old, ok := a.custom[p.ID]; ok {
		p.Created = old.Created
		a.dropCached(old.providerName())
	}
	a.custom[p.ID] = p
	return p.ID
}

// EditCustomProvider lets edit change the fields of a custom provider, headers and
// position included. It reports false, without calling edit, if there is no such
// provider. The server waits while edit runs.
func (d Direct) EditCustomProvider(account, id string, edit func(map[string]any)) bool {
	d.store.mu.Lock()
	defer d.store.mu.Unlock()
	a := d.store.account(account)
	old, ok := a.custom[id]
	if !ok {
		return false
	}
	values, _ := wire.Copy(old.Values).(map[string]any)
	edit(values)
	values = wire.Normalize(values)
	edited := &CustomProvider{ID: id, Account: account, Values: map[string]any{}, Created: old.Created, Modified: d.store.Timestamp()}
	for _, f := range settings.CustomFields() {
		edited.Values[f.Name] = values[f.Name]
	}
	a.custom[id] = edited
	a.dropCached(old.providerName())
	return true
}

// DeleteCustomProvider deletes a custom provider. It reports false if there is no
// such provider.
func (d Direct) DeleteCustomProvider(account, id string) bool {
	_, err := d.store.DeleteCustomProvider(account, id)
	return err == nil
}
