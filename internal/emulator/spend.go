package emulator

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// price is US dollars per million tokens.
type price struct{ in, out float64 }

// prices are made up, and of the size of real ones. A provider that is not
// here has no known price: its requests cost 0 and no budget counts them.
var prices = map[string]price{
	"openai":           {2, 8},
	"anthropic":        {3, 15},
	"google-ai-studio": {1, 10},
	"google-vertex-ai": {1, 10},
	"grok":             {3, 15},
	"groq":             {0.5, 1},
	"deepseek":         {0.5, 2},
	"mistral":          {2, 6},
	workersProvider:    {0.5, 2},
}

// cheapNames mark the models that cost a tenth of their provider's price.
var cheapNames = []string{"mini", "nano", "flash", "haiku", "lite", "fast"}

// costOf is what a model's answer costs in US dollars.
func costOf(provider, model string, tokensIn, tokensOut int) float64 {
	p := prices[provider]
	cost := (p.in*float64(tokensIn) + p.out*float64(tokensOut)) / 1e6
	if slices.ContainsFunc(cheapNames, func(name string) bool { return strings.Contains(model, name) }) {
		cost /= 10
	}
	return cost
}

// charge notes what the provider's answer costs, cf-aig-custom-cost before the
// price list, and counts it in the gateway's budgets.
func (s *Server) charge(x *exchange, n *note) {
	c := n.answer.completion
	if c == nil {
		return
	}
	n.cost, n.custom = customCost(x.header.Get("cf-aig-custom-cost"), c.tokensIn, c.tokensOut)
	if !n.custom {
		n.cost = costOf(x.provider, x.question.model, c.tokensIn, c.tokensOut)
	}
	now := s.clock.Now()
	s.eachBudget(x, func(rule spendRule, b *spending) bool {
		b.move(rule, now)
		b.current += n.cost
		return true
	})
}

// withinBudgets reports whether there is money left under each rule. The cost
// of a request is counted when it has been answered, so the one that exceeds a
// budget still passes (documented).
func (s *Server) withinBudgets(x *exchange) *dataError {
	var refusal *dataError
	now := s.clock.Now()
	s.eachBudget(x, func(rule spendRule, b *spending) bool {
		b.move(rule, now)
		if b.spent(rule, now) < rule.limit {
			return true
		}
		// Text and code as observed live in September 2026; a sample of October
		// has code 2045.
		refusal = &dataError{http.StatusTooManyRequests, codeSpendLimit, fmt.Sprintf(
			"Spend limit exceeded: rule '%s' (cost limit %s per %ds, %s) for %s %s",
			rule.id, strconv.FormatFloat(rule.limit, 'f', -1, 64), int64(rule.window/time.Second), rule.technique,
			x.provider, x.question.model)}
		return false
	})
	return refusal
}

// spendRule is a rule that applies to an exchange.
type spendRule struct {
	id, technique string
	limit         float64
	window        time.Duration
	// share tells the budgets of one rule apart: the values of the metadata
	// that it is split by.
	share string
}

// bucket names a budget. One whose rule gets another window begins anew
// (inferred).
type bucket struct {
	rule, share string
	window      time.Duration
}

// spending is what was spent in a window, counted from 1970, and in the one
// before it.
type spending struct {
	start             time.Time
	current, previous float64
}

// move makes the window that now is in the current one.
func (b *spending) move(rule spendRule, now time.Time) {
	start := windowStart(now, rule.window)
	switch {
	case start.Equal(b.start):
	case start.Equal(b.start.Add(rule.window)):
		b.previous, b.current = b.current, 0
	default:
		b.previous, b.current = 0, 0
	}
	b.start = start
}

// spent is what counts against the limit: with "fixed" the current window, with
// "sliding" also the part of the previous one that the last window's length
// still covers.
func (b *spending) spent(rule spendRule, now time.Time) float64 {
	if rule.technique == "fixed" {
		return b.current
	}
	passed := float64(now.Sub(b.start)) / float64(rule.window)
	return b.current + b.previous*(1-passed)
}

// eachBudget visits the budgets that an exchange counts for, under the lock,
// until do returns false.
func (s *Server) eachBudget(x *exchange, do func(spendRule, *spending) bool) {
	s.state.mu.Lock()
	defer s.state.mu.Unlock()
	g, ok := s.state.account(x.account).gateways[x.gateway]
	if !ok {
		return
	}
	limits, _ := g.values["spend_limits"].(map[string]any)
	if limits["enabled"] != true {
		return
	}
	metadata := parseMetadata(x.header.Get("cf-aig-metadata"))
	rules, _ := limits["rules"].([]any)
	for _, item := range rules {
		values, _ := item.(map[string]any)
		rule, ok := spendRuleFor(values, x, metadata)
		if !ok {
			continue
		}
		key := bucket{rule: rule.id, share: rule.share, window: rule.window}
		if g.spent == nil {
			g.spent = map[bucket]*spending{}
		}
		if g.spent[key] == nil {
			g.spent[key] = &spending{}
		}
		if !do(rule, g.spent[key]) {
			return
		}
	}
}

// spendRuleFor reads a rule, and reports false when it does not apply to an
// exchange. A window of 0 means that the rule is off (inferred).
func spendRuleFor(values map[string]any, x *exchange, metadata map[string]any) (spendRule, bool) {
	var rule spendRule
	rule.id, _ = values["id"].(string)
	rule.technique, _ = values["technique"].(string)
	rule.limit, _ = values["limit"].(float64)
	seconds, _ := values["window"].(float64)
	rule.window = time.Duration(min(seconds, 1e9) * float64(time.Second))
	if values["enabled"] == false || rule.window < time.Second {
		return rule, false
	}
	if !admits(values["provider"], x.provider) ||
		!admits(values["model"], x.question.model, x.provider+"/"+x.question.model) {
		return rule, false
	}
	dimensions, _ := values["metadata"].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(dimensions)) {
		dimension, _ := dimensions[name].(map[string]any)
		value, present := metadata[name]
		if dimension["mode"] == "partition" {
			// Requests without the key share a budget (inferred).
			rule.share += fmt.Sprintf("%q=%v %q;", name, present, fmt.Sprint(value))
			continue
		}
		if !present || !admits(dimension, fmt.Sprint(value)) {
			return rule, false
		}
	}
	return rule, true
}

// admits reports whether a filter lets one of the names pass; no filter lets
// everything pass. Models are named with or without their provider (the former
// documented).
func admits(filter any, names ...string) bool {
	f, ok := filter.(map[string]any)
	if !ok {
		return true
	}
	values := texts(f["values"])
	return slices.ContainsFunc(names, func(name string) bool { return slices.Contains(values, name) })
}
