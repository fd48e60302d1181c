package emulator

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"time"
)

const (
	// minCacheTTL and maxCacheTTL bound cf-aig-cache-ttl: a minute and a month
	// (documented). That values outside are moved to the bound is inferred.
	minCacheTTL = 60 * time.Second
	maxCacheTTL = 30 * 24 * time.Hour

	// keyedCacheTTL is how long an answer with a key of its own is kept when
	// the gateway's caching is off (documented).
	keyedCacheTTL = 5 * time.Minute
)

// cacheEntry is a stored answer.
type cacheEntry struct {
	answer  upstreamAnswer
	expires time.Time
}

// cachePolicy is what applies to one request; a TTL of 0 means that the cache
// is left alone.
type cachePolicy struct {
	key string
	ttl time.Duration
}

// cachePolicy works out how a request is cached: request headers win over the
// gateway's setting (documented), streams are not cached (documented), and
// skipping the cache neither reads nor writes it (the latter inferred).
func (s *Server) cachePolicy(x *exchange) cachePolicy {
	h := x.header
	if x.question.stream || firstHeader(h, "cf-aig-skip-cache", "cf-skip-cache") == "true" {
		return cachePolicy{}
	}
	own := h.Get("cf-aig-cache-key")
	ttl := time.Duration(min(x.settings.cacheTTL, maxCacheTTL.Seconds()) * float64(time.Second))
	if own != "" && ttl == 0 {
		ttl = keyedCacheTTL
	}
	// A TTL that is no number, or not above 0, is ignored (inferred).
	if seconds, err := strconv.ParseInt(firstHeader(h, "cf-aig-cache-ttl", "cf-cache-ttl"), 10, 64); err == nil && seconds > 0 {
		seconds = min(seconds, int64(maxCacheTTL/time.Second))
		ttl = max(time.Duration(seconds)*time.Second, minCacheTTL)
	}
	if own != "" {
		return cachePolicy{key: "key " + own, ttl: ttl}
	}
	return cachePolicy{key: cacheKey(x), ttl: ttl}
}

// cacheKey is the SHA-256 of provider, endpoint, model, provider
// authentication and body (documented).
func cacheKey(x *exchange) string {
	hash := sha256.New()
	parts := []string{x.provider, x.method, x.endpoint, x.query.Encode(), x.question.model, string(x.body)}
	for _, name := range keyHeaders {
		parts = append(parts, x.header.Get(name))
	}
	if x.stored != nil { // the provider's authentication is what it is sent (inferred)
		parts = append(parts, "stored", x.stored.value)
	}
	for _, part := range parts {
		// The length keeps neighbours apart.
		_, _ = io.WriteString(hash, strconv.Itoa(len(part))+":"+part)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// firstHeader returns the first of the named headers that is set.
func firstHeader(h http.Header, names ...string) string {
	for _, name := range names {
		if v := h.Get(name); v != "" {
			return v
		}
	}
	return ""
}

// cached looks an answer up.
func (s *Server) cached(x *exchange, p cachePolicy) (upstreamAnswer, bool) {
	if p.ttl == 0 {
		return upstreamAnswer{}, false
	}
	now := s.clock.Now()
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(x.account).gateways[x.gateway]
	if !ok {
		return upstreamAnswer{}, false
	}
	entry, ok := g.cache[p.key]
	if ok && !now.Before(entry.expires) {
		delete(g.cache, p.key)
		ok = false
	}
	return entry.answer, ok
}

// store keeps an answer. Errors and what is no JSON are not kept; the service
// caches texts and images only (documented). Its entries outlive a change of
// the gateway, cache_invalidate_on_update or not (observed live).
func (s *Server) store(x *exchange, p cachePolicy, answer upstreamAnswer) {
	if p.ttl == 0 || answer.completion == nil {
		return
	}
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	if g, ok := s.state.account(x.account).gateways[x.gateway]; ok {
		g.cache[p.key] = cacheEntry{answer: answer, expires: s.clock.Now().Add(p.ttl)}
	}
}
