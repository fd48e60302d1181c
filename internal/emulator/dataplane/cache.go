package dataplane

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
)

const (
	// minCacheTTL and maxCacheTTL bound cf-aig-cache-ttl: a minute and a month
	// (documented). That values outside are clamped is inferred.
	minCacheTTL = 60 * time.Second
	maxCacheTTL = 30 * 24 * time.Hour

	// keyedCacheTTL is how long a response with a cache key of its own is kept if
	// the gateway's caching is off (documented).
	keyedCacheTTL = 5 * time.Minute
)

// cachePolicy is what applies to one request. A TTL of 0 means no cache.
type cachePolicy struct {
	key string
	ttl time.Duration
}

// cachePolicyFor returns how a request is cached: request headers have precedence
// over the gateway's setting (documented), streams are not cached (documented), and
// a request that skips the cache neither reads nor writes it (the latter inferred).
func cachePolicyFor(req request) cachePolicy {
	h := req.header
	if req.model.Stream || firstHeader(h, "cf-aig-skip-cache", "cf-skip-cache") == "true" {
		return cachePolicy{}
	}
	own := h.Get("cf-aig-cache-key")
	ttl := time.Duration(min(req.config.CacheTTL, maxCacheTTL.Seconds()) * float64(time.Second))
	if own != "" && ttl == 0 {
		ttl = keyedCacheTTL
	}
	// A TTL that is not a positive number is ignored (inferred).
	if seconds, err := strconv.ParseInt(firstHeader(h, "cf-aig-cache-ttl", "cf-cache-ttl"), 10, 64); err == nil && seconds > 0 {
		seconds = min(seconds, int64(maxCacheTTL/time.Second))
		ttl = max(time.Duration(seconds)*time.Second, minCacheTTL)
	}
	if own != "" {
		return cachePolicy{key: "key " + own, ttl: ttl}
	}
	return cachePolicy{key: cacheKey(req), ttl: ttl}
}

// cacheKey returns the SHA-256 of provider, endpoint, model, provider authentication
// and body (documented).
func cacheKey(req request) string {
	hash := sha256.New()
	parts := []string{req.provider, req.method, req.endpoint, req.query.Encode(), req.model.Model, string(req.body)}
	for _, name := range keyHeaders {
		parts = append(parts, req.header.Get(name))
	}
	if req.key != nil { // provider authentication is the key that it is sent (inferred)
		parts = append(parts, "stored", req.key.Value)
	}
	for _, part := range parts {
		// The length separates neighbouring parts.
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

// fromCache returns the cached response to a request.
func (p *Plane) fromCache(req request, policy cachePolicy) (response, bool) {
	if policy.ttl == 0 {
		return response{}, false
	}
	hit, ok := p.store.Cached(req.account, req.gateway, policy.key)
	return response{
		provider: hit.Provider, model: hit.Model, status: hit.Status, contentType: hit.ContentType, body: hit.Body,
	}, ok
}

// toCache keeps a response. Errors and bodies that are not JSON are not kept; the
// service caches texts and images only (documented).
func (p *Plane) toCache(req request, policy cachePolicy, r response) {
	if policy.ttl == 0 || r.completion == nil {
		return
	}
	p.store.Cache(req.account, req.gateway, policy.key, store.CachedResponse{
		Provider: r.provider, Model: r.model, Status: r.status, ContentType: r.contentType, Body: r.body,
	}, policy.ttl)
}
