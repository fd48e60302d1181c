package emulator

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// state is everything the service remembers. One lock is enough: nothing slow
// happens under it.
type state struct {
	mu       sync.Mutex
	accounts map[string]*account
	// flaky counts how often the flaky models have failed.
	flaky map[flakiness]int
}

// account is what one account owns. Accounts do not see each other.
type account struct {
	gateways map[string]*gateway
	// stores are the secrets stores; see [Server.stores].
	stores     []*secretsStore
	storesMade bool
	// custom are the custom providers, by id.
	custom map[string]*customProvider
	credit credit
}

// gateway is a stored gateway with all that goes when it is deleted.
type gateway struct {
	// account is the id of the account that owns it.
	account string
	// values holds one value for every field of the table.
	values map[string]any
	// internalID is what older live answers call internal_id.
	internalID string
	created    time.Time
	modified   time.Time

	// configs are the provider configs, in order of creation.
	configs []*providerConfig
	// listedConfigs is for ProviderConfigListLags.
	listedConfigs []*ordered

	cache map[string]cacheEntry
	// admitted are the times of the requests that count for the rate limit.
	admitted []time.Time
	// spent is what the rules of spend limits have counted.
	spent map[bucket]*spending
	// logs are in order of arrival.
	logs []*logEntry
	// routes are the dynamic routes, by id.
	routes map[string]*route
	// listedRoutes is for RouteListLags.
	listedRoutes []*ordered
}

// account returns the account of that id, which always exists. Call it with
// the lock held.
func (st *state) account(id string) *account {
	if st.accounts == nil {
		st.accounts = map[string]*account{}
	}
	a, ok := st.accounts[id]
	if !ok {
		a = &account{gateways: map[string]*gateway{}}
		st.accounts[id] = a
	}
	return a
}

// sorted returns the account's gateways by id. In which order the service
// lists them is not known; this one keeps pages stable.
func (a *account) sorted() []*gateway {
	out := make([]*gateway, 0, len(a.gateways))
	for _, id := range slices.Sorted(maps.Keys(a.gateways)) {
		out = append(out, a.gateways[id])
	}
	return out
}

// newGateway returns a gateway with the given settings and the service's
// values for all others.
func (s *Server) newGateway(account string, values map[string]any) *gateway {
	now := s.timestamp()
	g := &gateway{
		account:    account,
		values:     s.initialValues(),
		internalID: s.ids.next(now),
		created:    now,
		modified:   now,
		cache:      map[string]cacheEntry{},
		routes:     map[string]*route{},
	}
	g.set(values)
	return g
}

// set stores settings.
func (g *gateway) set(values map[string]any) {
	maps.Copy(g.values, values)
	// Turning log collection off turns classification off (documented).
	if g.values["collect_logs"] == false {
		g.values["log_classification"] = false
	}
}

// number returns a setting of the gateway, 0 where null is stored.
func (g *gateway) number(name string) float64 {
	n, _ := g.values[name].(float64)
	return n
}

// timestamp is the present in the resolution that the service stores:
// milliseconds (observed live).
func (s *Server) timestamp() time.Time { return s.clock.Now().Truncate(time.Millisecond) }

// formatTime writes a time as JavaScript's toISOString does.
func formatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z07:00") }

// deepCopy copies a decoded JSON value.
func deepCopy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for name, value := range v {
			out[name] = deepCopy(value)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, value := range v {
			out[i] = deepCopy(value)
		}
		return out
	default:
		return v
	}
}

// containsFold reports whether s contains part, ignoring case as SQL's LIKE
// does for ASCII.
func containsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}
