package limits

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// Usage describes a request to the rules of spend limits.
type Usage struct {
	Provider, Model string
	Metadata        map[string]any
}

// A Rule is one rule of spend limits.
type Rule struct {
	ID, Technique string
	Limit         float64 // US dollars
	Window        time.Duration
	// share tells the budgets of one rule apart: the values that the rule is
	// partitioned by.
	share string
}

// budget names a budget. It starts anew when its rule gets another window
// (inferred).
type budget struct {
	rule, share string
	window      time.Duration
}

// spending is what was spent in a window, counted from 1970, and in the window
// before.
type spending struct {
	start             time.Time
	current, previous float64
}

// advance makes the window that contains now the current one.
func (b *spending) advance(rule Rule, now time.Time) {
	start := fixedStart(now, rule.Window)
	switch {
	case start.Equal(b.start):
	case start.Equal(b.start.Add(rule.Window)):
		b.previous, b.current = b.current, 0
	default:
		b.previous, b.current = 0, 0
	}
	b.start = start
}

// total returns what counts against the limit: with "fixed" the current window,
// with "sliding" also the part of the previous one that lies within one window
// before now.
func (b *spending) total(rule Rule, now time.Time) float64 {
	if rule.Technique == "fixed" {
		return b.current
	}
	passed := float64(now.Sub(b.start)) / float64(rule.Window)
	return b.current + b.previous*(1-passed)
}

// Spent holds what the rules of a gateway's spend limits have counted.
type Spent map[budget]*spending

// Charge adds a cost in US dollars to all budgets that a request counts for. Settings
// is the setting spend_limits of the gateway.
func (s Spent) Charge(settings any, usage Usage, cost float64, now time.Time) {
	for rule, b := range s.budgets(settings, usage) {
		b.advance(rule, now)
		b.current += cost
	}
}

// Exhausted returns the first rule whose budget is used up. The cost of a request
// counts after its response, so the request that exceeds a budget still passes
// (documented).
func (s Spent) Exhausted(settings any, usage Usage, now time.Time) (Rule, bool) {
	for rule, b := range s.budgets(settings, usage) {
		b.advance(rule, now)
		if b.total(rule, now) >= rule.Limit {
			return rule, true
		}
	}
	return Rule{}, false
}

// budgets iterates over the budgets that a request counts for.
func (s Spent) budgets(settings any, usage Usage) iter.Seq2[Rule, *spending] {
	return func(yield func(Rule, *spending) bool) {
		limits, _ := settings.(map[string]any)
		if limits["enabled"] != true {
			return
		}
		rules, _ := limits["rules"].([]any)
		for _, item := range rules {
			values, _ := item.(map[string]any)
			rule, ok := ruleFor(values, usage)
			if !ok {
				continue
			}
			key := budget{rule: rule.ID, share: rule.share, window: rule.Window}
			if s[key] == nil {
				s[key] = &spending{}
			}
			if !yield(rule, s[key]) {
				return
			}
		}
	}
}

// ruleFor reads a rule. It reports false if the rule does not apply to a request.
// A window of 0 means that the rule is off (inferred).
func ruleFor(values map[string]any, usage Usage) (Rule, bool) {
	var rule Rule
	rule.ID, _ = values["id"].(string)
	rule.Technique, _ = values["technique"].(string)
	rule.Limit, _ = values["limit"].(float64)
	window, _ := values["window"].(float64)
	rule.Window = seconds(window)
	if values["enabled"] == false || rule.Window < time.Second {
		return rule, false
	}
	for _, d := range []struct{ name, value, longer string }{
		{"provider", usage.Provider, usage.Provider},
		{"model", usage.Model, usage.Provider + "/" + usage.Model},
	} {
		switch dimension, _ := values[d.name].(map[string]any); {
		case dimension["mode"] == "partition":
			rule.share += fmt.Sprintf("%s %q;", d.name, d.longer)
		case !allows(values[d.name], d.value, d.longer):
			return rule, false
		}
	}
	dimensions, _ := values["metadata"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(dimensions)) {
		dimension, _ := dimensions[name].(map[string]any)
		value, present := usage.Metadata[name]
		if dimension["mode"] == "partition" {
			// Requests without the key share a budget (inferred).
			rule.share += fmt.Sprintf("%q=%v %q;", name, present, fmt.Sprint(value))
			continue
		}
		if !present || !allows(dimension, fmt.Sprint(value)) {
			return rule, false
		}
	}
	return rule, true
}

// allows reports whether a filter contains one of the names. Without a filter it
// is true. Models are named with or without their provider (the former
// documented).
func allows(filter any, names ...string) bool {
	f, ok := filter.(map[string]any)
	if !ok {
		return true
	}
	values := wire.Strings(f["values"])
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(values, name) })
}
