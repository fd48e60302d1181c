package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
)

const (
	codeNoAlias  = 2040 // 400 (observed live)
	codeNoCredit = 2021 // 402 (documented)

	// defaultAlias is the alias that is looked for when a request names none
	// (documented).
	defaultAlias = "default"

	// RejectedKey is how keys begin that every provider rejects with HTTP 401,
	// so that a test can play a key that is wrong.
	RejectedKey = "rejected-"
)

// storedKey is the key that a gateway sends for a client that has sent none.
type storedKey struct {
	value  string
	config *providerConfig // nil for a secret without one
}

// KeyFingerprint is how the built-in model names the key that it was sent:
// "sha256:" and the first 16 hexadecimal digits of the key's hash.
func KeyFingerprint(key string) string {
	sum := sha256.Sum256([]byte(key))
	return "sha256:" + hex.EncodeToString(sum[:8])
}

// findKey finds the key that the gateway holds for an exchange's provider, and
// turns requests away whose key is missing. A key that the client sends itself
// is preferred (observed live). Stored keys need an authenticated gateway with
// a store (documented), and are looked for by the name of their secret
// (documented and observed live).
func (s *Server) findKey(x *exchange) *dataError {
	x.stored = nil
	// To Workers AI the REST API sends the client's own token.
	// A dynamic route looks for the key of each model that it asks.
	if x.dynamic != nil || x.ownKey(s) != "" || x.rest && x.provider == workersProvider {
		return nil
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(x.account).gateways[x.gateway]
	if !ok || g.values["authentication"] != true {
		return nil
	}
	store := s.storeOf(g)
	if store == nil {
		return nil
	}
	configs := g.configsOf(x.provider)
	alias := x.keyAlias(configs)
	i := slices.IndexFunc(configs, func(config *providerConfig) bool { return config.alias == alias })
	if k := store.byName(secretName(x.gateway, x.provider, alias)); s.usable(k) {
		x.stored = &storedKey{value: k.value}
		if i >= 0 {
			x.stored.config = configs[i]
		}
		return nil
	}
	switch {
	case len(configs) == 0:
		// A provider without any stored key goes on to Unified Billing, whatever
		// alias was asked for (observed live).
		return nil
	case i >= 0:
		// The text was observed live; code and status are inferred.
		return &dataError{http.StatusBadRequest, codeNoAlias, "Configured BYOK credentials are unavailable"}
	case x.rest:
		// The REST API looks for the default alias only, and goes on to Unified
		// Billing (documented).
		return nil
	default:
		return &dataError{http.StatusBadRequest, codeNoAlias, noAliasText(x.provider, alias, configs)}
	}
}

// keyAlias is the alias to look for: what the header names (documented), or
// "default" (documented). Where that is not there, the config that is marked as
// default_config stands in, except on the REST API (inferred: nothing says what
// the mark does).
func (x *exchange) keyAlias(configs []*providerConfig) string {
	if x.rest {
		return defaultAlias
	}
	if own := x.header.Get("cf-aig-byok-alias"); own != "" {
		return own
	}
	alias := defaultAlias
	for _, config := range configs {
		if config.alias == defaultAlias {
			return defaultAlias
		}
		if config.isDefault && alias == defaultAlias {
			alias = config.alias
		}
	}
	return alias
}

// noAliasText is the text for an alias that no config has (observed live).
func noAliasText(provider, alias string, configs []*providerConfig) string {
	names := make([]string, 0, len(configs))
	for _, config := range configs {
		names = append(names, "'"+config.alias+"'")
	}
	slices.Sort(names)
	return "Provider '" + provider + "' has no BYOK credential named '" + alias +
		"'. Configured aliases: " + strings.Join(names, ", ")
}

// configsOf returns the gateway's configs for a provider.
func (g *gateway) configsOf(provider string) []*providerConfig {
	var found []*providerConfig
	for _, config := range g.configs {
		if config.provider == provider {
			found = append(found, config)
		}
	}
	return found
}

// withinConfigLimit counts a request and reports whether the limit of the
// provider config has room for it: rate_limit requests in each
// rate_limit_period seconds, in windows aligned with the clock (inferred; the
// documents only name the fields).
func (s *Server) withinConfigLimit(x *exchange) bool {
	if x.stored == nil || x.stored.config == nil {
		return true
	}
	now := s.clock.Now()
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	config := x.stored.config
	limit, _ := config.rateLimit.(float64)
	if limit <= 0 || config.period <= 0 {
		return true
	}
	var ok bool
	config.admitted, ok = admitWithin(config.admitted, now, limit, config.period, false)
	return ok
}

// ownKey is the key that the client sends for the provider, or "". A gateway's
// token in Authorization is none: it is what an OpenAI SDK sends to an
// authenticated gateway.
func (x *exchange) ownKey(s *Server) string {
	if x.rest {
		return "" // Authorization is for the REST API itself
	}
	for _, name := range keyHeaders {
		value := x.header.Get(name)
		if value != "" && !(name == "Authorization" && s.bearerValid(value)) {
			return bareKey(value)
		}
	}
	return x.query.Get("key") // Google's
}

// bareKey is the value of a key header without its scheme.
func bareKey(value string) string {
	if scheme, key, ok := strings.Cut(value, " "); ok && strings.EqualFold(scheme, "Bearer") {
		return key
	}
	return value
}

// sentKey is the key that the provider is sent, or "".
func (x *exchange) sentKey(s *Server) string {
	if x.stored != nil {
		return x.stored.value
	}
	if own := x.ownKey(s); own != "" {
		return own
	}
	for name, value := range x.custom.headers() {
		if slices.ContainsFunc(keyHeaders, func(known string) bool { return strings.EqualFold(known, name) }) {
			return bareKey(value)
		}
	}
	return ""
}

// keyNote is what the built-in model says of the key that it was sent.
func (x *exchange) keyNote(s *Server) string {
	if key := x.sentKey(s); key != "" {
		return " with key " + KeyFingerprint(key)
	}
	return ""
}

// credentialRefused is the REST API's own answer where a provider has rejected
// a stored key (documented since October 2026). The gateway passes such an
// answer through.
func (x *exchange) credentialRefused(answer upstreamAnswer) *dataError {
	if x.rest && x.stored != nil && answer.status == http.StatusUnauthorized {
		return &dataError{http.StatusUnauthorized, codeUnauthorized, "Unauthorized"}
	}
	return nil
}
