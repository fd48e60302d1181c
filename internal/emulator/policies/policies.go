// Package policies evaluates the policies of gateways, as Cloudflare's documentation
// of them describes it (features/policies). What a comment calls inferred is not
// documented.
package policies

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"time"
)

// The service's words for actions.
const (
	TypeNoLimit = "no-limit"
	TypeBlock   = "block"
	TypeLimit   = "limit"
)

// A Rule is what a policy says, in the form of its API.
type Rule struct {
	Name, Actor, Condition string
	// Resource is "*", or an object with the members model and provider, each a string
	// or a list of strings.
	Resource any
	Action   map[string]any
}

// A Request is a request to a model, as policies see it.
type Request struct {
	// Fields are the identity: "cf" and "metadata".
	Fields map[string]any
	// Models are the names of the model, such as openai/gpt-5.5; usually there is one.
	Models   []string
	Provider string
}

// A Cap is the money that a budget has in each period.
type Cap struct {
	// Policy is the name of the policy with the highest amount.
	Policy string
	Amount float64 // US dollars
	Period string
	// Names are those of all policies with this budget and period.
	Names []string
}

// A Budget is what the policies of one actor and resource come to for a request.
type Budget struct {
	// ID tells budgets apart, and stays as long as actor and resource do.
	ID string
	// Caps has one for each period. It is empty if a policy lifts the budget.
	Caps []Cap
}

// A Verdict is what the policies of a gateway say to a request.
type Verdict struct {
	// Evaluated is how many policies there are. Without any, every request passes.
	Evaluated int
	// Denied is whether the request is refused: by the policy with the name Blocker, or
	// because no policy matches it.
	Denied  bool
	Blocker string
	// Budgets are those that the request counts for, in the order of the policies.
	Budgets []Budget
}

// Decision returns the service's word for the verdict.
func (v Verdict) Decision() string {
	switch {
	case v.Denied:
		return TypeBlock
	case slices.ContainsFunc(v.Budgets, func(b Budget) bool { return len(b.Caps) > 0 }):
		return "check_limits"
	default:
		return TypeNoLimit
	}
}

// Evaluate applies rules to a request. Their order does not matter.
func Evaluate(rules []Rule, req Request) Verdict {
	verdict := Verdict{Evaluated: len(rules)}
	if len(rules) == 0 {
		return verdict
	}
	groups := map[string][]Rule{}
	var order []string
	for _, rule := range rules {
		actor, matches := rule.match(req)
		switch {
		case !matches:
		case rule.Action["type"] == TypeBlock:
			if !verdict.Denied {
				verdict.Denied, verdict.Blocker = true, rule.Name
			}
		default:
			id := budgetID(actor, rule.Resource)
			if groups[id] == nil {
				order = append(order, id)
			}
			groups[id] = append(groups[id], rule)
		}
	}
	if verdict.Denied {
		return verdict
	}
	for _, id := range order {
		verdict.Budgets = append(verdict.Budgets, Budget{ID: id, Caps: capsOf(groups[id])})
	}
	verdict.Denied = len(order) == 0
	return verdict
}

// match reports whether a rule applies to a request, and returns its actor with the
// fields of the request. A rule that needs a field that the request lacks applies if it
// blocks, and does not otherwise.
func (r Rule) match(req Request) (actor string, matches bool) {
	blocks := r.Action["type"] == TypeBlock
	covers := covers(r.Resource, req)
	if blocks && r.Action["except"] == true {
		covers = !covers
	}
	if !covers {
		return "", false
	}
	actor, resolved := resolveActor(r.Actor, req.Fields)
	isTrue, known := evaluate(r.Condition, req.Fields)
	if !resolved || !known {
		return actor, blocks
	}
	return actor, isTrue
}

// capsOf returns the caps of the rules of one budget: none if one has no limit, and
// otherwise the highest amount of each period.
func capsOf(rules []Rule) []Cap {
	var caps []Cap
	for _, rule := range rules {
		if rule.Action["type"] == TypeNoLimit {
			return nil
		}
		amount, _ := rule.Action["amount"].(float64)
		period, _ := rule.Action["period"].(string)
		i := slices.IndexFunc(caps, func(c Cap) bool { return c.Period == period })
		if i < 0 {
			caps, i = append(caps, Cap{Policy: rule.Name, Amount: amount, Period: period}), len(caps)
		}
		if amount > caps[i].Amount {
			caps[i].Policy, caps[i].Amount = rule.Name, amount
		}
		caps[i].Names = append(caps[i].Names, rule.Name)
	}
	return caps
}

// budgetID returns an id of the emulator's own making.
func budgetID(actor string, resource any) string {
	encoded, err := json.Marshal([]any{actor, resource})
	if err != nil {
		panic(err) // it was JSON
	}
	sum := sha256.Sum256(encoded)
	return hex.EncodeToString(sum[:8])
}

// covers reports whether a resource has the model and the provider of a request.
func covers(resource any, req Request) bool {
	members, ok := resource.(map[string]any)
	if !ok {
		return true // "*"
	}
	models, hasModels := members["model"]
	providers, hasProviders := members["provider"]
	return (!hasModels || slices.ContainsFunc(names(models), func(pattern string) bool {
		return slices.ContainsFunc(req.Models, compilePattern(pattern).MatchString)
	})) && (!hasProviders || slices.Contains(names(providers), req.Provider))
}

// compilePattern translates the wildcard *, which does not match across a slash.
func compilePattern(pattern string) *regexp.Regexp {
	parts := strings.Split(pattern, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	return regexp.MustCompile("^" + strings.Join(parts, "[^/]*") + "$")
}

// names returns a string or a list of strings as a list.
func names(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var all []string
		for _, item := range v {
			if name, ok := item.(string); ok {
				all = append(all, name)
			}
		}
		return all
	default:
		return nil
	}
}

// PeriodStart returns when the period that contains now began: calendar periods in UTC,
// weeks from Monday.
func PeriodStart(period string, now time.Time) time.Time {
	now = now.UTC()
	day := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
	switch period {
	case "hourly":
		return now.Truncate(time.Hour)
	case "weekly":
		return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
	case "monthly":
		return day.AddDate(0, 0, 1-day.Day())
	default:
		return day
	}
}
