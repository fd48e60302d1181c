package emulator

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// providerConfig is a key that a gateway may use for a provider (BYOK). The key
// itself is in a secrets store.
type providerConfig struct {
	id, provider, alias string
	isDefault           bool
	secretID            string
	// ownSecret is whether the service stored the secret by itself.
	ownSecret bool
	// rateLimit requests may be made in each period of seconds; nil means no
	// limit.
	rateLimit any
	period    float64
	modified  time.Time
	// admitted are the times of the requests that count for the limit.
	admitted []time.Time
}

// keyRoutes is what the control plane offers for keys, custom providers and
// billing, below /accounts/{account}/ai-gateway.
func keyRoutes() []controlRoute {
	return []controlRoute{
		{"gateways/{gateway}/provider_configs", map[string]func(*Server, call){
			http.MethodGet:  (*Server).listProviderConfigs,
			http.MethodPost: (*Server).createProviderConfig,
		}},
		{"gateways/{gateway}/provider_configs/{config}", map[string]func(*Server, call){
			http.MethodPut:    (*Server).rotateProviderConfig,
			http.MethodDelete: (*Server).deleteProviderConfig,
		}},
		{"custom-providers", map[string]func(*Server, call){
			http.MethodGet:  (*Server).listCustomProviders,
			http.MethodPost: (*Server).createCustomProvider,
		}},
		{"custom-providers/{id}", map[string]func(*Server, call){
			http.MethodGet:    (*Server).getCustomProvider,
			http.MethodPatch:  (*Server).editCustomProvider,
			http.MethodDelete: (*Server).deleteCustomProvider,
		}},
		{"billing/credit-balance", map[string]func(*Server, call){
			http.MethodGet: (*Server).creditBalance,
		}},
	}
}

// providerConfigSchema is the body of a new config (documented). rate_limit may
// be null, as it reads back (inferred).
var providerConfigSchema = object{
	{name: "provider_slug", schema: text{min: 1}},
	{name: "alias", schema: text{min: 1}},
	{name: "default_config", schema: boolean{}},
	{name: "rate_limit", schema: number{min: 0, max: noMax}, optional: true, nullable: true},
	{name: "rate_limit_period", schema: number{min: 0, max: noMax}, optional: true, fallback: func() any { return 60.0 }},
	{name: "secret", schema: text{min: 1}, optional: true},
	{name: "secret_id", schema: text{min: 1}, optional: true},
}

// rotationSchema is the body of an update, which takes a new key and nothing
// else (documented).
var rotationSchema = object{{name: "secret", schema: text{min: 1}}}

// parseBody checks a body. The second result is false when the answer has been
// given.
func (s *Server) parseBody(c call, schema object) (map[string]any, bool) {
	var p problems
	values, _ := schema.parse(&p, []any{"body"}, decodeBody(c.body)).(map[string]any)
	if len(p) > 0 {
		writeInvalid(c.w, p)
		return nil, false
	}
	return values, true
}

// withConfigs answers with what do makes, under the lock, of the gateway that
// the path names: nothing is 404, a text is what is wrong with the request.
// The code 7001 was observed live for all that is wrong.
func (s *Server) withConfigs(c call, do func(*gateway) (any, string)) {
	result, wrong := func() (any, string) {
		s.state.mu.Lock()
		defer s.state.mu.Unlock()
		g, ok := s.state.account(c.account).gateways[c.params["gateway"]]
		if !ok {
			return nil, ""
		}
		return do(g)
	}()
	switch {
	case wrong != "":
		writeInvalid(c.w, []apiError{{Code: codeInvalid, Message: wrong}})
	case result == nil:
		writeNotFound(c.w)
	default:
		writeResult(c.w, result)
	}
}

// listProviderConfigs is GET /provider_configs with page and per_page, in order
// of creation (inferred). For a gateway that does not exist the list is empty
// (observed live).
func (s *Server) listProviderConfigs(c call) {
	page, problems := parsePage(c.r.URL.Query(), 100)
	if len(problems) > 0 {
		writeInvalid(c.w, problems)
		return
	}
	items, info := pageOf(s.showConfigs(c.account, c.params["gateway"]), page)
	writeList(c.w, items, info)
}

func (s *Server) showConfigs(account, gateway string) []*ordered {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[gateway]
	if !ok {
		return nil
	}
	var found []*ordered
	for _, config := range g.configs {
		found = append(found, s.renderConfig(g, config))
	}
	if s.quirks[ProviderConfigListLags] {
		found, g.listedConfigs = g.listedConfigs, found
	}
	return found
}

// createProviderConfig is POST /provider_configs. The gateway must exist and
// have a store, and there is one config for each provider and alias (observed
// live; the wordings are inferred).
func (s *Server) createProviderConfig(c call) {
	values, ok := s.parseBody(c, providerConfigSchema)
	if !ok {
		return
	}
	s.withConfigs(c, func(g *gateway) (any, string) {
		storeID, _ := g.values["store_id"].(string)
		if storeID == "" {
			return nil, "The gateway has no Secrets Store: set store_id first"
		}
		store := s.vault(c.account, storeID)
		if store == nil {
			return nil, fmt.Sprintf("The Secrets Store '%s' was not found", storeID)
		}
		config := s.newConfig(values)
		if slices.ContainsFunc(g.configs, config.clashes) {
			return nil, fmt.Sprintf("A provider config for '%s' with alias '%s' already exists", config.provider, config.alias)
		}
		if wrong := s.takeSecret(g, store, config, values); wrong != "" {
			return nil, wrong
		}
		g.configs = append(g.configs, config)
		return s.renderConfig(g, config), ""
	})
}

func (s *Server) newConfig(values map[string]any) *providerConfig {
	config := &providerConfig{id: s.ids.next(s.clock.Now()), rateLimit: values["rate_limit"], modified: s.timestamp()}
	config.provider, _ = values["provider_slug"].(string)
	config.alias, _ = values["alias"].(string)
	config.isDefault, _ = values["default_config"].(bool)
	config.period, _ = values["rate_limit_period"].(float64)
	return config
}

// clashes reports whether both configs are for the same provider and alias.
func (config *providerConfig) clashes(other *providerConfig) bool {
	return config.provider == other.provider && config.alias == other.alias
}

// takeSecret gives a new config its secret: one that it stores under the name
// that gateways look for, or one that is there already and active. It says what
// is wrong. That exactly one of the two is wanted is inferred; nothing in the
// documents insists on it.
func (s *Server) takeSecret(g *gateway, store *secretsStore, config *providerConfig, values map[string]any) string {
	value, given := values["secret"].(string)
	id, known := values["secret_id"].(string)
	if given == known {
		return "Exactly one of secret and secret_id is required"
	}
	if known {
		if !s.usable(store.byID(id)) {
			return fmt.Sprintf("The secret '%s' was not found", id)
		}
		config.secretID = id
		return ""
	}
	gateway, _ := g.values["id"].(string)
	name := secretName(gateway, config.provider, config.alias)
	if !secretNamePattern.MatchString(name) {
		return fmt.Sprintf("The secret name '%s' is invalid: only letters, digits, underscores and hyphens are allowed", name)
	}
	if store.byName(name) != nil {
		return fmt.Sprintf("A secret named '%s' already exists", name)
	}
	k := s.newSecret(name, value, []any{scopeAIGateway})
	store.secrets = append(store.secrets, k)
	config.secretID, config.ownSecret = k.id, true
	return ""
}

// rotateProviderConfig is PUT /provider_configs/{id}: the secret gets a new
// value, which is used from then on (documented), whoever made the secret
// (inferred).
func (s *Server) rotateProviderConfig(c call) {
	values, ok := s.parseBody(c, rotationSchema)
	if !ok {
		return
	}
	s.withConfigs(c, func(g *gateway) (any, string) {
		config := g.config(c.params["config"])
		if config == nil {
			return nil, ""
		}
		k := s.secretOf(g, config)
		if k == nil {
			return nil, fmt.Sprintf("The secret '%s' was not found", config.secretID)
		}
		k.value, _ = values["secret"].(string)
		k.modified = s.timestamp()
		config.modified = k.modified
		return s.renderConfig(g, config), ""
	})
}

// deleteProviderConfig is DELETE /provider_configs/{id}. Whether the secret goes
// too is not known: here one goes that the service stored by itself, and one
// that the request named stays.
func (s *Server) deleteProviderConfig(c call) {
	s.withConfigs(c, func(g *gateway) (any, string) {
		config := g.config(c.params["config"])
		if config == nil {
			return nil, ""
		}
		shown := s.renderConfig(g, config)
		s.removeConfig(g, config)
		return shown, ""
	})
}

func (s *Server) removeConfig(g *gateway, config *providerConfig) {
	g.configs = slices.DeleteFunc(g.configs, func(other *providerConfig) bool { return other == config })
	if !config.ownSecret {
		return
	}
	if store := s.storeOf(g); store != nil {
		store.remove(config.secretID)
	}
}

// dropConfigs is for a gateway that is deleted: its configs go with it, as all of
// its configuration does (documented), and the secrets that the service stored
// for them (inferred).
func (s *Server) dropConfigs(g *gateway) {
	for _, config := range slices.Clone(g.configs) {
		s.removeConfig(g, config)
	}
}

// config returns a config of the gateway, or nil.
func (g *gateway) config(id string) *providerConfig {
	i := slices.IndexFunc(g.configs, func(config *providerConfig) bool { return config.id == id })
	if i < 0 {
		return nil
	}
	return g.configs[i]
}

// storeOf returns the store of a gateway, or nil. Call it with the lock held.
func (s *Server) storeOf(g *gateway) *secretsStore {
	id, _ := g.values["store_id"].(string)
	return s.vault(g.account, id)
}

// secretOf returns the secret of a config, or nil. Call it with the lock held.
func (s *Server) secretOf(g *gateway, config *providerConfig) *secret {
	if store := s.storeOf(g); store != nil {
		return store.byID(config.secretID)
	}
	return nil
}

// renderConfig shows a config. There is no created_at (documented).
func (s *Server) renderConfig(g *gateway, config *providerConfig) *ordered {
	out := &ordered{}
	out.set("id", config.id)
	out.set("gateway_id", g.values["id"])
	out.set("provider_slug", config.provider)
	out.set("alias", config.alias)
	out.set("default_config", s.renderBool(config.isDefault))
	out.set("secret_id", config.secretID)
	out.set("secret_preview", preview(s.secretOf(g, config)))
	out.set("rate_limit", config.rateLimit)
	out.set("rate_limit_period", config.period)
	out.set("modified_at", formatTime(config.modified))
	return out
}

// renderBool shows a flag of a config.
func (s *Server) renderBool(on bool) any {
	switch {
	case s.quirks[ProviderConfigBool]:
		return on
	case on:
		return 1
	default:
		return 0
	}
}

// preview is what a config shows of its key: the last four characters, where
// that does not give away too much (inferred; the documents only name the
// field).
func preview(k *secret) string {
	if k == nil || len(k.value) < 8 {
		return "****"
	}
	return "****" + k.value[len(k.value)-4:]
}
