package emulator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// wantCache checks cf-aig-cache-status.
func (r reply) wantCache(t testing.TB, what, want string) {
	t.Helper()
	equal(t, what+": cache status", want, r.header.Get("cf-aig-cache-status"))
}

func TestCacheTTL(t *testing.T) {
	h := open(t, object{"cache_ttl": 60})
	first := h.chat("gw", "openai/x", "hi")
	first.wantCache(t, "first", "MISS")
	h.Clock().Advance(59 * time.Second)
	second := h.chat("gw", "openai/x", "hi")
	second.wantCache(t, "within the TTL", "HIT")
	equal(t, "responses", first.raw, second.raw)
	expect(t, second.header.Get("cf-aig-log-id") != first.header.Get("cf-aig-log-id"), "a hit has the log id of the miss")
	second.wantHeaders(t, "cf-aig-provider", "openai", "cf-aig-model", "x")
	h.Clock().Advance(time.Second)
	h.chat("gw", "openai/x", "hi").wantCache(t, "after the TTL", "MISS")
	h.chat("gw", "openai/x", "hi").wantCache(t, "stored again", "HIT")
}

func TestCacheKey(t *testing.T) {
	h := open(t, object{"cache_ttl": 60})
	h.create("other", object{"cache_ttl": 60})
	message := `"messages":[{"role":"user","content":"hi"}]`
	body := `{"model":"openai/x",` + message + `}`
	h.chatBody("gw", body).wantCache(t, "first", "MISS")
	h.chatBody("gw", body).wantCache(t, "same", "HIT")
	h.chatBody("gw", body, "cf-aig-authorization", "Bearer else").wantCache(t, "gateway token is no part", "HIT")
	h.chatBody("other", body).wantCache(t, "another gateway", "MISS")
	h.chatBody("gw", `{"model":"openai/y",`+message+`}`).wantCache(t, "another model", "MISS")
	h.chatBody("gw", `{"model":"openai/x", `+message+`}`).wantCache(t, "another text", "MISS")
	h.chatBody("gw", `{"temperature":1,"model":"openai/x",`+message+`}`).wantCache(t, "another parameter", "MISS")
	h.chatBody("gw", body, "Authorization", "Bearer sk-1").wantCache(t, "another key", "MISS")
	h.chatBody("gw", body, "Authorization", "Bearer sk-1").wantCache(t, "the same key", "HIT")
	h.chatBody("gw", body, "x-api-key", "sk-1").wantCache(t, "a key elsewhere", "MISS")
}

func TestCacheOff(t *testing.T) {
	h := open(t)
	for _, ttl := range []any{0, nil} {
		h.put("gw", object{"cache_ttl": ttl})
		for range 2 {
			h.chat("gw", "openai/x", "hi").wantCache(t, fmt.Sprint(ttl), "MISS")
		}
	}
}

func TestCacheHeaders(t *testing.T) {
	h := open(t)
	for _, tt := range []struct {
		name    string
		headers []string
		ttl     time.Duration // 0: not cached
	}{
		{"ttl", []string{"cf-aig-cache-ttl", "90"}, 90 * time.Second},
		{"deprecated ttl", []string{"cf-cache-ttl", "90"}, 90 * time.Second},
		{"the new name wins", []string{"cf-aig-cache-ttl", "90", "cf-cache-ttl", "600"}, 90 * time.Second},
		{"below the minimum", []string{"cf-aig-cache-ttl", "5"}, time.Minute},
		{"above the maximum", []string{"cf-aig-cache-ttl", "99999999999"}, 30 * 24 * time.Hour},
		{"zero", []string{"cf-aig-cache-ttl", "0"}, 0},
		{"nonsense", []string{"cf-aig-cache-ttl", "x"}, 0},
		{"key", []string{"cf-aig-cache-key", "k1"}, 5 * time.Minute},
		{"key and ttl", []string{"cf-aig-cache-key", "k2", "cf-aig-cache-ttl", "60"}, time.Minute},
		{"skip", []string{"cf-aig-cache-ttl", "90", "cf-aig-skip-cache", "true"}, 0},
		{"deprecated skip", []string{"cf-aig-cache-ttl", "90", "cf-skip-cache", "true"}, 0},
		{"skip is false", []string{"cf-aig-cache-ttl", "90", "cf-aig-skip-cache", "false"}, 90 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			send := func() reply { return h.chat("gw", "openai/x", tt.name, tt.headers...) }
			send().wantCache(t, "first", "MISS")
			if tt.ttl == 0 {
				send().wantCache(t, "second", "MISS")
				return
			}
			h.Clock().Advance(tt.ttl - time.Second)
			send().wantCache(t, "within the TTL", "HIT")
			h.Clock().Advance(time.Second)
			send().wantCache(t, "after the TTL", "MISS")
		})
	}
}

func TestCustomCacheKeyIgnoresTheRequest(t *testing.T) {
	h := open(t, object{"cache_ttl": 600})
	h.chat("gw", "openai/x", "one", "cf-aig-cache-key", "k").wantCache(t, "first", "MISS")
	r := h.chat("gw", "anthropic/y", "two", "cf-aig-cache-key", "k")
	r.wantCache(t, "second", "HIT")
	expect(t, strings.HasSuffix(r.text(t), "one") && r.header.Get("cf-aig-provider") == "openai", "a hit is not what was stored: %s %v", r.raw, r.header)
	h.chat("gw", "openai/x", "one").wantCache(t, "without the key", "MISS")
}

func TestCacheOutlivesAnUpdate(t *testing.T) {
	h := open(t, object{"cache_ttl": 60, "cache_invalidate_on_update": true})
	h.chat("gw", "openai/x", "hi").wantCache(t, "first", "MISS")
	h.put("gw", object{"cache_ttl": 120, "cache_invalidate_on_update": true})
	h.chat("gw", "openai/x", "hi").wantCache(t, "after an update", "HIT")

	h.put("gw")
	h.chat("gw", "openai/x", "hi").wantCache(t, "switched off", "MISS")

	h.api("DELETE", "gateways/gw", nil)
	h.create("gw", object{"cache_ttl": 60})
	h.chat("gw", "openai/x", "hi").wantCache(t, "a new gateway", "MISS")
}

func TestFixedRateLimit(t *testing.T) {
	h := open(t, object{"rate_limiting_limit": 2, "rate_limiting_interval": 60, "cache_ttl": 600})
	h.chat("gw", "openai/x", "1").text(t)
	h.chat("gw", "openai/x", "2").text(t)
	h.chat("gw", "openai/x", "3").wantDataError(t, 429, 2003, "Rate limited").wantHeaders(t, "Retry-After", "")
	for range 5 { // hits do not count, and are not refused
		h.chat("gw", "openai/x", "1").wantCache(t, "hit", "HIT")
	}
	// The clock is at 30.123 s. The window ends with the minute.
	h.Clock().Advance(29*time.Second + 876*time.Millisecond)
	h.chat("gw", "openai/x", "3").wantDataError(t, 429, 2003, "Rate limited")
	h.Clock().Advance(time.Millisecond)
	for _, prompt := range []string{"3", "4"} {
		h.chat("gw", "openai/x", prompt).text(t)
	}
	h.chat("gw", "openai/x", "5").wantDataError(t, 429, 2003, "Rate limited")
}

func TestSlidingRateLimit(t *testing.T) {
	h := open(t, object{"rate_limiting_limit": 2, "rate_limiting_interval": 60, "rate_limiting_technique": "sliding"})
	h.chat("gw", "openai/x", "1").text(t)
	h.Clock().Advance(40 * time.Second) // past the minute, which does not matter
	h.chat("gw", "openai/x", "2").text(t)
	h.chat("gw", "openai/x", "3").wantDataError(t, 429, 2003, "Rate limited")
	h.Clock().Advance(20*time.Second - time.Nanosecond)
	h.chat("gw", "openai/x", "3").wantDataError(t, 429, 2003, "Rate limited")
	h.Clock().Advance(time.Nanosecond) // the first leaves the window
	h.chat("gw", "openai/x", "3").text(t)
	h.chat("gw", "openai/x", "4").wantDataError(t, 429, 2003, "Rate limited")
}

func TestRateLimitNeedsBoth(t *testing.T) {
	for _, changes := range []object{
		{"rate_limiting_limit": 1},
		{"rate_limiting_interval": 60},
		{"rate_limiting_limit": 1, "rate_limiting_interval": nil},
	} {
		h := open(t, changes)
		for range 3 {
			h.chat("gw", "openai/x", "hi").text(t)
		}
	}
}

func TestRateLimitFollowsTheGateway(t *testing.T) {
	h := open(t, object{"rate_limiting_limit": 1, "rate_limiting_interval": 1e15, "rate_limiting_technique": nil})
	h.chat("gw", "openai/x", "1").text(t)
	h.chat("gw", "openai/x", "2").wantDataError(t, 429, 2003, "Rate limited")
	h.put("gw", object{"rate_limiting_limit": 2, "rate_limiting_interval": 3600})
	h.chat("gw", "openai/x", "2").text(t)
	h.chat("gw", "openai/x", "3").wantDataError(t, 429, 2003, "Rate limited")
	h.put("gw")
	h.chat("gw", "openai/x", "3").text(t)
}
