package store

import (
	"maps"
	"time"
)

// CachedResponse is a response that the cache of a gateway holds.
type CachedResponse struct {
	Provider, Model string
	Status          int
	ContentType     string
	Body            []byte
}

type cacheEntry struct {
	response CachedResponse
	expires  time.Time
}

// Cached returns a response from the cache of a gateway.
func (s *Store) Cached(account, gateway, key string) (CachedResponse, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gateway)
	if g == nil {
		return CachedResponse{}, false
	}
	entry, ok := g.cache[key]
	if ok && !s.Now().Before(entry.expires) {
		delete(g.cache, key)
		ok = false
	}
	return entry.response, ok
}

// Cache puts a response into the cache of a gateway. Entries outlive a change of
// the gateway, whatever cache_invalidate_on_update says (observed live).
func (s *Store) Cache(account, gateway, key string, response CachedResponse, ttl time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if g := s.gateway(account, gateway); g != nil {
		g.cache[key] = cacheEntry{response: response, expires: s.Now().Add(ttl)}
	}
}

// dropCached removes the responses of a provider from the caches of an account.
func (a *account) dropCached(provider string) {
	for _, g := range a.gateways {
		maps.DeleteFunc(g.cache, func(_ string, entry cacheEntry) bool { return entry.response.Provider == provider })
	}
}
