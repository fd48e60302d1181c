package emulator_test

import (
	"math"
	"testing"
	"time"
)

// budget returns spend_limits with rules, to which it adds required members.
func budget(rules ...object) object {
	for _, r := range rules {
		for name, value := range map[string]any{"id": "r", "limit": 1, "limitType": "cost", "window": 60, "technique": "fixed"} {
			if _, ok := r[name]; !ok {
				r[name] = value
			}
		}
	}
	return object{"spend_limits": object{"enabled": true, "rules": rules}}
}

// spend sends a request with a cost in US dollars, and reports whether it passed.
func (h harness) spend(model, cost string, headers ...string) bool {
	h.t.Helper()
	r := h.chat("gw", model, "hi", append([]string{"cf-aig-custom-cost", `{"total_cost":` + cost + `}`}, headers...)...)
	if r.status != 200 && r.status != 429 {
		h.t.Fatalf("%d %s", r.status, r.raw)
	}
	return r.status == 200
}

func TestSpendLimit(t *testing.T) {
	h := open(t)
	h.put("gw", budget(object{"id": "team", "limit": 2.5}))
	// The request that exceeds the budget passes, the next one does not.
	for i, want := range []bool{true, true, true, false} {
		if got := h.spend("openai/m", "1"); got != want {
			t.Fatalf("request %d passed = %v", i, got)
		}
	}
	h.chat("gw", "openai/m", "hi").wantDataError(t, 429, 2041,
		"Spend limit exceeded: rule 'team' (cost limit 2.5 per 60s, fixed) for openai m")
	h.rest("v1/responses", `{"model":"openai/m","input":"x"}`, "cf-aig-gateway-id", "gw").wantErrors(t, 429, 2041,
		"Spend limit exceeded: rule 'team' (cost limit 2.5 per 60s, fixed) for openai m")
	equal(t, "logs", 3, len(h.logs()))
	h.Clock().Advance(30 * time.Second) // the next minute
	expect(t, h.spend("openai/m", "1"), "a fixed window does not end with the minute")
}

func TestSpendLimitSlides(t *testing.T) {
	h := open(t)
	h.put("gw", budget(object{"limit": 4, "technique": "sliding"}))
	if !h.spend("openai/m", "8") || h.spend("openai/m", "1") {
		t.Fatal("the second request passed a used up budget")
	}
	// 12:00:30.1 -> 12:01:15.1: a quarter of the window has passed, so three
	// quarters of 8 count; at 12:01:45.1 it is one quarter.
	h.Clock().Advance(45 * time.Second)
	expect(t, !h.spend("openai/m", "0"), "a request passed with 6 of 4 dollars spent")
	h.Clock().Advance(30 * time.Second)
	expect(t, h.spend("openai/m", "0"), "a request was refused with 2 of 4 dollars spent")
	h.Clock().Advance(10 * time.Minute)
	expect(t, h.spend("openai/m", "0"), "old costs still count")
}

func TestSpendLimitScope(t *testing.T) {
	filter := func(values ...string) object { return object{"mode": "filter", "values": values} }
	metadata := func(key, value string) []string { return []string{"cf-aig-metadata", `{"` + key + `":` + value + `}`} }
	for _, tt := range []struct {
		name    string
		rule    object
		model   string // spends 1 of 1
		headers []string
		other   string // passes all the same, or not
		with    []string
		passes  bool
	}{
		{"no scope", object{}, "openai/m", nil, "anthropic/n", nil, false},
		{"provider", object{"provider": filter("openai", "grok")}, "openai/m", nil, "anthropic/m", nil, true},
		{"same provider", object{"provider": filter("openai", "grok")}, "openai/m", nil, "grok/n", nil, false},
		{"model", object{"model": filter("m")}, "openai/m", nil, "openai/n", nil, true},
		{"model with provider", object{"model": filter("openai/m")}, "openai/m", nil, "anthropic/m", nil, true},
		{"same model", object{"model": filter("m")}, "openai/m", nil, "anthropic/m", nil, false},
		{"metadata", object{"metadata": object{"team": filter("a")}}, "openai/m", metadata("team", `"a"`), "openai/m", metadata("team", `"b"`), true},
		{"no metadata", object{"metadata": object{"team": filter("a")}}, "openai/m", metadata("team", `"a"`), "openai/m", nil, true},
		{"same metadata", object{"metadata": object{"n": filter("7")}}, "openai/m", metadata("n", `7`), "openai/m", metadata("n", `"7"`), false},
		{"partition", object{"metadata": object{"user": object{"mode": "partition"}}}, "openai/m", metadata("user", `"a"`), "openai/m", metadata("user", `"b"`), true},
		{"same partition", object{"metadata": object{"user": object{"mode": "partition"}}}, "openai/m", metadata("user", `"a"`), "openai/n", metadata("user", `"a"`), false},
		{"partition without a key", object{"metadata": object{"user": object{"mode": "partition"}}}, "openai/m", nil, "openai/m", nil, false},
		{"partition by provider", object{"provider": object{"mode": "partition"}}, "openai/m", nil, "anthropic/m", nil, true},
		{"same provider of a partition", object{"provider": object{"mode": "partition"}}, "openai/m", nil, "openai/n", nil, false},
		{"partition by model", object{"model": object{"mode": "partition"}}, "openai/m", nil, "openai/n", nil, true},
		{"same model of a partition", object{"model": object{"mode": "partition"}}, "openai/m", nil, "openai/m", nil, false},
		{"partition and filter", object{"model": object{"mode": "partition"}, "provider": filter("grok")}, "openai/m", nil, "openai/m", nil, true},
		{"rule off", object{"enabled": false}, "openai/m", nil, "openai/m", nil, true},
		{"no window", object{"window": 0}, "openai/m", nil, "openai/m", nil, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := open(t)
			h.put("gw", budget(tt.rule))
			if !h.spend(tt.model, "1", tt.headers...) {
				t.Fatal("the first request did not pass")
			}
			equal(t, "the second request passed", tt.passes, h.spend(tt.other, "1", tt.with...))
		})
	}
}

func TestSpendLimitsAndTheRest(t *testing.T) {
	h := open(t)
	h.put("gw", budget(object{"limit": 1}), object{"cache_ttl": 60, "collect_logs": false})
	one := []string{"cf-aig-custom-cost", `{"total_cost":1}`}
	h.chat("gw", "openai/m", "hi", one...).text(t)
	h.chat("gw", "openai/m", "other", one...).wantDataError(t, 429, 2041, "rule 'r'")
	// A hit costs nothing and is not refused.
	h.chat("gw", "openai/m", "hi", one...).wantHeaders(t, "cf-aig-cache-status", "HIT")
	// A universal request continues with a provider whose budget is not used up.
	h.put("gw", budget(object{"id": "o", "provider": object{"mode": "filter", "values": []string{"openai"}}, "limit": 0}))
	h.universal([]object{step("openai/m"), step("grok/m")}).want(t, 200).wantHeaders(t, "cf-aig-step", "1")
	h.universal([]object{step("openai/m"), step("openai/n")}).wantDataError(t, 429, 2041, "rule 'o'")
	h.put("gw", object{"spend_limits": object{"enabled": false, "rules": []object{}}})
	h.chat("gw", "openai/m", "more").text(t)
}

func TestPrices(t *testing.T) {
	// "hi" is one token, and the response has 13 tokens.
	for model, want := range map[string]float64{
		"openai/m":                0.000106,
		"openai/gpt-5-mini":       0.0000106,
		"anthropic/claude":        0.000198,
		"anthropic/claude-haiku":  0.0000198,
		"workers-ai/@cf/meta/x":   0.0000265,
		"emulator/echo":           0.0, // unknown prices
		"perplexity-ai/something": 0.0,
		"emulator/status-500":     0.0,
	} {
		h := open(t)
		h.chat("gw", model, "hi")
		got, _ := h.logs()[0]["cost"].(float64)
		expect(t, math.Abs(got-want) <= 1e-12, "%s costs %v, want %v", model, got, want)
	}
}
