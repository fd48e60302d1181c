package emulator

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// This file is what a test does behind the API's back, as a colleague in the
// dashboard would: no request is recorded, no fault is played, nothing is
// validated.

// Gateway returns a copy of a gateway as it is stored, in the terms of the
// wire: every setting, secrets in the clear, null where null is stored, and
// is_default, created_at and modified_at. Quirks that change answers do not
// apply. It reports false when there is no such gateway.
func (s *Server) Gateway(account, id string) (map[string]any, bool) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[id]
	if !ok {
		return nil, false
	}
	return s.stored(g), true
}

// EditGateway lets edit change a gateway's stored values, in the terms of the
// wire, and renews modified_at. Go's own numbers and slices will do for values.
// A key that edit deletes is stored as null; id, is_default and names that are
// not settings are ignored. It reports false, without calling edit, when there
// is no such gateway.
//
// The server waits while edit runs, so edit must not call it. EditGateway
// panics when a value is nothing that JSON can carry.
func (s *Server) EditGateway(account, id string, edit func(map[string]any)) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(account).gateways[id]
	if !ok {
		return false
	}
	values := s.stored(g)
	edit(values)
	values = wireTerms(values)
	settings := make(map[string]any, len(s.fields))
	for _, f := range s.fields {
		settings[f.name] = values[f.name]
	}
	settings["id"] = id
	g.set(settings)
	g.modified = s.timestamp()
	return true
}

// PutGateway creates or replaces a gateway from settings in the terms of the
// wire; those left out get the service's initial values, caching, rate
// limiting and log classification off, logs on. The account's gateway limit
// does not apply. created_at and modified_at may be given as RFC 3339 texts.
//
// It panics when there is no id, or when a value is nothing that JSON can
// carry.
func (s *Server) PutGateway(account string, settings map[string]any) {
	given := wireTerms(settings)
	id, ok := given["id"].(string)
	if !ok || id == "" {
		panic("emulator: PutGateway: a gateway needs an id")
	}
	values := map[string]any{
		"cache_invalidate_on_update": false,
		"cache_ttl":                  0.0,
		"collect_logs":               true,
		"rate_limiting_interval":     0.0,
		"rate_limiting_limit":        0.0,
	}
	for _, f := range s.fields {
		if value, ok := given[f.name]; ok {
			values[f.name] = value
		}
	}
	g := s.newGateway(account, values)
	g.created = givenTime(given["created_at"], g.created)
	g.modified = givenTime(given["modified_at"], g.modified)

	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	s.state.account(account).gateways[id] = g
}

// DeleteGateway deletes a gateway with its logs. It reports false when there
// is no such gateway.
func (s *Server) DeleteGateway(account, id string) bool {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	gateways := s.state.account(account).gateways
	g, ok := gateways[id]
	if ok {
		delete(gateways, id)
		s.dropConfigs(g)
	}
	return ok
}

// GatewayIDs returns the ids of an account's gateways, sorted.
func (s *Server) GatewayIDs(account string) []string {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	return slices.Sorted(maps.Keys(s.state.account(account).gateways))
}

// stored copies what is stored. Call it with the lock held.
func (s *Server) stored(g *gateway) map[string]any {
	var out ordered
	renderStored(s, g, &out)
	renderReadOnly(s, g, &out)
	return out.values
}

// wireTerms turns Go values into what encoding/json would make of them.
func wireTerms(values map[string]any) map[string]any {
	raw, err := json.Marshal(values)
	if err != nil {
		panic(fmt.Sprintf("emulator: values that are no JSON: %v", err))
	}
	out := map[string]any{}
	if err := json.Unmarshal(raw, &out); err != nil {
		panic(fmt.Sprintf("emulator: values that are no JSON object: %v", err))
	}
	return out
}

// givenTime parses a time that a test gave, or returns fallback.
func givenTime(v any, fallback time.Time) time.Time {
	text, _ := v.(string)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t
	}
	return fallback
}
