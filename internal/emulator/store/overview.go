package store

import (
	"maps"
	"slices"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// An AccountOverview is a snapshot of all that an account has, except for secrets in its
// Secrets Stores. Settings and headers may hold others, which whoever shows them leaves
// out. Taking it changes nothing, not even what lists that lag and pending secrets count.
type AccountOverview struct {
	ID              string
	Gateways        []GatewayOverview
	CustomProviders []*CustomProvider
	// Stores are the names of the Secrets Stores, by id.
	Stores map[string]string
}

// GatewayOverview is a gateway with what belongs to it.
type GatewayOverview struct {
	Gateway
	// Routes has the newest first.
	Routes []Route
	// Keys are the provider configs in order of creation, without previews.
	Keys     []ProviderConfig
	Policies []Policy
	Domains  []*CustomDomain
	Logs     int
}

// Overview returns the accounts that have a gateway or a custom provider, sorted by id.
func (s *Store) Overview() []AccountOverview {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []AccountOverview
	for _, id := range slices.Sorted(maps.Keys(s.accounts)) {
		a := s.accounts[id]
		if len(a.gateways)+len(a.custom) > 0 {
			all = append(all, s.overview(a))
		}
	}
	return all
}

func (s *Store) overview(a *account) AccountOverview {
	out := AccountOverview{ID: a.id, CustomProviders: a.customByName(), Stores: map[string]string{}}
	if a.secrets != nil {
		for _, st := range a.secrets.Stores() {
			out.Stores[st.ID] = st.Name
		}
	}
	for _, id := range slices.Sorted(maps.Keys(a.gateways)) {
		g := a.gateways[id]
		found := GatewayOverview{Gateway: g.snapshot(), Routes: g.newestRoutes(), Domains: s.domainsOf(a.id, g.id), Logs: len(g.logs)}
		for _, config := range g.configs {
			key := config.ProviderConfig
			key.RateLimit = wire.Copy(key.RateLimit)
			found.Keys = append(found.Keys, key)
		}
		for _, policy := range g.policies.all {
			found.Policies = append(found.Policies, *policy)
		}
		out.Gateways = append(out.Gateways, found)
	}
	return out
}
