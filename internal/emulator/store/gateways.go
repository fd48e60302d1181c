package store

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/limits"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/settings"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// DefaultGatewayID is the id of the one gateway that the service creates itself.
const DefaultGatewayID = "default"

// RequestError says, in the service's words, why the state does not allow a
// request.
type RequestError string

func (e RequestError) Error() string { return string(e) }

const (
	// ErrGatewayExists has an inferred text: the service's framework responds so
	// for a violated unique key.
	ErrGatewayExists RequestError = "Gateway already exists"
	// ErrTooManyGateways has the message of the dashboard.
	ErrTooManyGateways RequestError = "Max number of gateways reached"
)

// ErrNoGateway is the error for a gateway that does not exist.
var ErrNoGateway = errors.New("no such gateway")

// gateway is a stored gateway with everything that is deleted with it.
type gateway struct {
	account, id string
	// values holds a value for every setting.
	values     map[string]any
	internalID string
	created    time.Time
	modified   time.Time

	// configs is in order of creation.
	configs []*providerConfig
	// listedConfigs is for ProviderConfigListLags.
	listedConfigs []ProviderConfig

	cache map[string]cacheEntry
	// admitted counts for the rate limit.
	admitted limits.Requests
	// spent is what the rules of spend limits have counted.
	spent limits.Spent
	// logs is in order of arrival.
	logs []*Log
	// routes holds the dynamic routes by id.
	routes map[string]*route
	// listedRoutes is for RouteListLags.
	listedRoutes []Route
	policies     policySet
}

// Gateway is a snapshot of a gateway.
type Gateway struct {
	Account, ID string
	// Settings holds a value for every setting. It is a copy.
	Settings map[string]any
	// InternalID is what older live responses call internal_id.
	InternalID        string
	Created, Modified time.Time
}

func (g *gateway) snapshot() Gateway {
	settings := make(map[string]any, len(g.values))
	for name, value := range g.values {
		settings[name] = wire.Copy(value)
	}
	return Gateway{
		Account: g.account, ID: g.id, Settings: settings,
		InternalID: g.internalID, Created: g.created, Modified: g.modified,
	}
}

// newGateway returns a gateway with these settings and defaults for all others.
func (s *Store) newGateway(account, id string, values map[string]any) *gateway {
	now := s.Timestamp()
	g := &gateway{
		account:    account,
		id:         id,
		values:     s.defaults(),
		internalID: s.ids.next(now),
		created:    now,
		modified:   now,
		cache:      map[string]cacheEntry{},
		spent:      limits.Spent{},
		routes:     map[string]*route{},
	}
	if s.quirks[quirk.UnknownFields] {
		g.values[settings.Unknown] = settings.UnknownDefault()
	}
	g.set(values)
	g.values["id"] = id
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

// number returns a setting, 0 if it is null.
func (g *gateway) number(name string) float64 {
	n, _ := g.values[name].(float64)
	return n
}

// text returns a setting, "" if it is null.
func (g *gateway) text(name string) string {
	text, _ := g.values[name].(string)
	return text
}

// CreateGateway creates a gateway. It fails with [ErrGatewayExists] or
// [ErrTooManyGateways].
func (s *Store) CreateGateway(accountID string, values map[string]any) (Gateway, error) {
	id, _ := values["id"].(string)
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.account(accountID)
	if account.gateways[id] != nil {
		return Gateway{}, ErrGatewayExists
	}
	if s.gatewayLimit >= 0 && len(account.gateways) >= s.gatewayLimit {
		return Gateway{}, ErrTooManyGateways
	}
	g := s.newGateway(accountID, id, values)
	account.gateways[id] = g
	return g.snapshot(), nil
}

// Gateways returns the gateways whose id contains a string, sorted by id. In
// which order the service lists them is not known; this one keeps pages stable.
func (s *Store) Gateways(account, search string) []Gateway {
	s.mu.Lock()
	defer s.mu.Unlock()
	gateways := s.account(account).gateways
	var found []Gateway
	for _, id := range slices.Sorted(maps.Keys(gateways)) {
		if ContainsFold(id, search) {
			found = append(found, gateways[id].snapshot())
		}
	}
	return found
}

// Gateway returns a gateway, or [ErrNoGateway].
func (s *Store) Gateway(account, id string) (Gateway, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, id)
	if g == nil {
		return Gateway{}, ErrNoGateway
	}
	return g.snapshot(), nil
}

// UpdateGateway changes settings of a gateway, or fails with [ErrNoGateway].
func (s *Store) UpdateGateway(account, id string, values map[string]any) (Gateway, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, id)
	if g == nil {
		return Gateway{}, ErrNoGateway
	}
	kept := map[string]any{}
	if s.quirks[quirk.PutKeepsOmitted] {
		for _, f := range s.settings {
			kept[f.Name] = g.values[f.Name]
		}
	}
	g.values = s.defaults()
	maps.Copy(g.values, kept)
	g.values["id"] = g.id
	g.set(values)
	g.modified = s.Timestamp()
	return g.snapshot(), nil
}

// DeleteGateway deletes a gateway with everything that belongs to it, logs
// included (documented), and returns it. It fails with [ErrNoGateway].
func (s *Store) DeleteGateway(account, id string) (Gateway, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, id)
	if g == nil {
		return Gateway{}, ErrNoGateway
	}
	delete(s.account(account).gateways, id)
	s.removeConfigs(g)
	s.removeDomains(g)
	return g.snapshot(), nil
}

// GatewayConfig is what the data plane needs to know of a gateway. Its maps and
// lists must not be changed.
type GatewayConfig struct {
	Authentication, BYOKOnly, CollectLogs bool
	// CacheTTL is in seconds.
	CacheTTL        float64
	Guardrails, DLP map[string]any
	OTel            []any
	RetryAttempts   int
	RetryDelay      time.Duration
	RetryBackoff    string
}

// OpenGateway returns the configuration of a gateway for a request of the data
// plane. It reports false if there is no such gateway.
//
// The gateway "default" is created by the first request that has a valid token
// (documented; that a request without one does not create it is inferred), with
// authentication and logs on, caching and rate limiting off (documented), even if
// the account is full (inferred).
func (s *Store) OpenGateway(account, id string, trusted bool) (GatewayConfig, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, id)
	if g == nil {
		if id != DefaultGatewayID || !trusted {
			return GatewayConfig{}, false
		}
		values := switchedOff()
		values["authentication"] = true
		g = s.newGateway(account, id, values)
		s.account(account).gateways[id] = g
	}
	guardrails, _ := g.values["guardrails"].(map[string]any)
	dlp, _ := g.values["dlp"].(map[string]any)
	otel, _ := g.values["otel"].([]any)
	return GatewayConfig{
		Authentication: g.values["authentication"] == true,
		BYOKOnly:       g.values["byok_only"] == true,
		CollectLogs:    g.values["collect_logs"] == true,
		CacheTTL:       g.number("cache_ttl"),
		Guardrails:     guardrails,
		DLP:            dlp,
		OTel:           otel,
		RetryAttempts:  int(g.number("retry_max_attempts")),
		RetryDelay:     time.Duration(g.number("retry_delay")) * time.Millisecond,
		RetryBackoff:   g.text("retry_backoff"),
	}, true
}

// ContainsFold reports whether s contains part, ignoring case as SQL's LIKE does
// for ASCII.
func ContainsFold(s, part string) bool {
	return strings.Contains(strings.ToLower(s), strings.ToLower(part))
}

// defaults returns the settings of a gateway that was created without any.
func (s *Store) defaults() map[string]any {
	values := make(map[string]any, len(s.settings))
	for _, f := range s.settings {
		values[f.Name] = f.Default
	}
	return values
}

// orDefault returns a setting of a gateway, or its default if it is null.
func (s *Store) orDefault(g *gateway, name string) any {
	if value := g.values[name]; value != nil {
		return value
	}
	i := slices.IndexFunc(s.settings, func(f settings.Setting) bool { return f.Name == name })
	return s.settings[i].Default
}

// switchedOff returns the settings that a create requires, switched off except
// for logs.
func switchedOff() map[string]any {
	return map[string]any{
		"cache_invalidate_on_update": false,
		"cache_ttl":                  0.0,
		"collect_logs":               true,
		"rate_limiting_interval":     0.0,
		"rate_limiting_limit":        0.0,
	}
}
