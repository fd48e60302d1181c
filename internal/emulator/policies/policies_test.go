package policies_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/policies"
)

type fields = map[string]any

func user(groups ...any) fields {
	return fields{"cf": fields{"user": fields{"id": "u-1", "email": "alice@example.com", "groups": groups}, "country": "DE"}}
}

func rule(name, actor, condition string, resource any, action fields) policies.Rule {
	return policies.Rule{Name: name, Actor: actor, Condition: condition, Resource: resource, Action: action}
}

func limit(amount float64, period string) fields {
	return fields{"type": "limit", "amount": amount, "period": period, "technique": "named-interval"}
}

var (
	noLimit   = fields{"type": "no-limit"}
	block     = fields{"type": "block"}
	allowlist = fields{"type": "block", "except": true}
)

func TestEvaluate(t *testing.T) {
	t.Parallel()
	everyone := rule("everyone", "company:all", "true", "*", noLimit)
	opus := fields{"model": "anthropic/claude-opus-*"}
	for name, test := range map[string]struct {
		rules           []policies.Rule
		identity        fields
		model, provider string
		decision        string
		blocker         string
		caps            string
	}{
		"no policies":          {decision: "no-limit"},
		"everyone":             {rules: []policies.Rule{everyone}, decision: "no-limit"},
		"no match":             {rules: []policies.Rule{rule("n", "a", `"x" in cf.user.groups`, "*", noLimit)}, identity: user("y"), decision: "block"},
		"no match of models":   {rules: []policies.Rule{rule("n", "a", "true", opus, noLimit)}, decision: "block"},
		"block wins":           {rules: []policies.Rule{everyone, rule("no", "a", "true", "*", block)}, decision: "block", blocker: "no"},
		"block of other model": {rules: []policies.Rule{everyone, rule("no", "a", "true", opus, block)}, decision: "no-limit"},
		"block of the model":   {rules: []policies.Rule{everyone, rule("no", "a", "true", opus, block)}, model: "anthropic/claude-opus-4-7", provider: "anthropic", decision: "block", blocker: "no"},
		"a wildcard stops at the slash": {
			rules: []policies.Rule{everyone, rule("no", "a", "true", fields{"model": "anthropic/*"}, block)}, model: "anthropic/x/y", decision: "no-limit",
		},
		"a dot is a dot": {
			rules: []policies.Rule{everyone, rule("no", "a", "true", fields{"model": "openai/gpt.5.5"}, block)}, decision: "no-limit",
		},
		"model and provider": {
			rules: []policies.Rule{everyone, rule("no", "a", "true", fields{"model": "openai/*", "provider": "azure-openai"}, block)}, decision: "no-limit",
		},
		"one of several": {
			rules:    []policies.Rule{everyone, rule("no", "a", "true", fields{"model": []any{"a/b", "openai/gpt-5.5"}, "provider": []any{"x", "openai"}}, block)},
			decision: "block", blocker: "no",
		},
		"a provider has no wildcard": {
			rules: []policies.Rule{everyone, rule("no", "a", "true", fields{"provider": "open*"}, block)}, decision: "no-limit",
		},
		"not on the allowlist":      {rules: []policies.Rule{everyone, rule("list", "a", "true", opus, allowlist)}, decision: "block", blocker: "list"},
		"on the allowlist":          {rules: []policies.Rule{everyone, rule("list", "a", "true", opus, allowlist)}, model: "anthropic/claude-opus-4", decision: "no-limit"},
		"allowlist alone":           {rules: []policies.Rule{rule("list", "a", "true", opus, allowlist)}, model: "anthropic/claude-opus-4", decision: "block"},
		"allowlist of others":       {rules: []policies.Rule{everyone, rule("list", "a", `"interns" in cf.user.groups`, opus, allowlist)}, identity: user("x"), decision: "no-limit"},
		"missing field blocks":      {rules: []policies.Rule{everyone, rule("no", "a", `"x" in cf.user.groups`, "*", block)}, decision: "block", blocker: "no"},
		"missing field of an actor": {rules: []policies.Rule{everyone, rule("no", "user:{cf.user.id}", "true", "*", block)}, decision: "block", blocker: "no"},
		"missing, but other models": {rules: []policies.Rule{everyone, rule("no", "a", `"x" in cf.user.groups`, opus, block)}, decision: "no-limit"},
		"missing field of a budget": {rules: []policies.Rule{everyone, rule("u", "user:{cf.user.id}", "true", "*", limit(1, "daily"))}, decision: "no-limit"},
		"missing metadata":          {rules: []policies.Rule{rule("m", "team:{metadata.team}", "true", "*", limit(1, "daily"))}, decision: "block"},
		"metadata":                  {rules: []policies.Rule{rule("m", "team:{metadata.team}", "true", "*", limit(1, "daily"))}, identity: fields{"metadata": fields{"team": "x"}}, decision: "check_limits", caps: "m 1 daily"},
		"typed metadata":            {rules: []policies.Rule{rule("m", "a", "metadata.beta == true", "*", noLimit)}, identity: fields{"metadata": fields{"beta": "true"}}, decision: "block"},
		"custom claim":              {rules: []policies.Rule{rule("m", "a", `cf.custom.dept == "r&d" && cf.country == "DE"`, "*", noLimit)}, identity: fields{"cf": fields{"custom": fields{"dept": "r&d"}, "country": "DE"}}, decision: "no-limit"},
		"email":                     {rules: []policies.Rule{rule("m", "a", `cf.user.email.endsWith("@example.com")`, "*", noLimit)}, identity: user(), decision: "no-limit"},
		"either":                    {rules: []policies.Rule{rule("m", "a", `cf.country == "DE" || metadata.x == 1`, "*", noLimit)}, identity: user(), decision: "no-limit"},
		"two budgets":               {rules: []policies.Rule{rule("c", "company", "true", "*", limit(10, "monthly")), rule("u", "user:{cf.user.id}", "true", "*", limit(1, "daily"))}, identity: user(), decision: "check_limits", caps: "c 10 monthly, u 1 daily"},
		"the highest counts":        {rules: []policies.Rule{rule("d", "u:{cf.user.email}", "true", "*", limit(400, "monthly")), rule("o", "u:{cf.user.email}", "true", "*", limit(600, "monthly"))}, identity: user(), decision: "check_limits", caps: "o 600 monthly"},
		"periods apart":             {rules: []policies.Rule{rule("d", "u", "true", "*", limit(400, "monthly")), rule("o", "u", "true", "*", limit(600, "daily"))}, decision: "check_limits", caps: "d 400 monthly, o 600 daily"},
		"a resource of its own":     {rules: []policies.Rule{rule("d", "u", "true", "*", limit(4, "daily")), rule("o", "u", "true", fields{"provider": "openai"}, limit(6, "daily"))}, decision: "check_limits", caps: "d 4 daily, o 6 daily"},
		"no limit lifts its budget": {rules: []policies.Rule{rule("d", "u", "true", "*", limit(4, "daily")), rule("o", "u", "true", "*", noLimit)}, decision: "no-limit"},
		"no limit lifts no other":   {rules: []policies.Rule{rule("d", "u", "true", "*", limit(4, "daily")), everyone}, decision: "check_limits", caps: "d 4 daily"},
		"a string is not a boolean": {rules: []policies.Rule{rule("s", "a", `cf.user.id`, "*", noLimit)}, identity: user(), decision: "block"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if test.model == "" {
				test.model = "openai/gpt-5.5"
			}
			if test.provider == "" {
				test.provider = "openai"
			}
			request := policies.Request{Fields: test.identity, Models: []string{test.model}, Provider: test.provider}
			for range 2 { // in both orders
				verdict := policies.Evaluate(test.rules, request)
				if verdict.Decision() != test.decision || verdict.Blocker != test.blocker || verdict.Denied != (test.decision == "block") {
					t.Errorf("%+v, want %s by %q", verdict, test.decision, test.blocker)
				}
				var caps []string
				for _, budget := range verdict.Budgets {
					for _, c := range budget.Caps {
						caps = append(caps, fmt.Sprintf("%s %v %s", c.Policy, c.Amount, c.Period))
					}
				}
				slices.Sort(caps)
				if got := strings.Join(caps, ", "); got != test.caps {
					t.Errorf("caps %q, want %q", got, test.caps)
				}
				slices.Reverse(test.rules)
			}
		})
	}
}

func TestBudgetIDs(t *testing.T) {
	t.Parallel()
	id := func(actor string, resource any, identity fields) string {
		return policies.Evaluate([]policies.Rule{rule("r", actor, "true", resource, limit(1, "daily"))},
			policies.Request{Fields: identity, Models: []string{"a/b"}, Provider: "a"}).Budgets[0].ID
	}
	same, other := user(), fields{"cf": fields{"user": fields{"id": "u-2"}}}
	if id("u:u-1", "*", nil) != id("u:{cf.user.id}", "*", same) {
		t.Error("one budget has two ids")
	}
	if id("u:{cf.user.id}", "*", same) == id("u:{cf.user.id}", "*", other) || id("a", "*", nil) == id("a", fields{"provider": "a"}, nil) {
		t.Error("two budgets have one id")
	}
}

func TestSyntax(t *testing.T) {
	t.Parallel()
	for condition, says := range map[string]string{
		"true": "", `"contractors" in cf.user.groups`: "", `cf.user.email.endsWith("@example.com")`: "", "metadata.beta": "",
		"cf.user.email ==": "Syntax error", "(": "Syntax error", "user.email == 1": "undeclared reference", "1 + 1": "not a boolean", `"x"`: "not a boolean",
	} {
		if err := policies.CheckCondition(condition); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", condition, err, says)
		}
	}
	for actor, says := range map[string]string{
		"company:all": "", "user:{cf.user.id}": "", "{cf.country}-{metadata.x}": "", "": "",
		"user:{": "unbalanced", "}": "unbalanced", "{cf.user.}": "Syntax error", "{}": "Syntax error", "{id}": "undeclared reference",
	} {
		if err := policies.CheckActor(actor); (err == nil) != (says == "") || err != nil && !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", actor, err, says)
		}
	}
}

func TestPeriodStart(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 29, 13, 45, 1, 5, time.FixedZone("", 3600)) // a Sunday
	for period, want := range map[string]time.Time{
		"hourly":  time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC),
		"daily":   time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC),
		"weekly":  time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC),
		"monthly": time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	} {
		if got := policies.PeriodStart(period, now); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", period, got, want)
		}
	}
	monday := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	if got := policies.PeriodStart("weekly", monday); !got.Equal(monday) {
		t.Errorf("Monday: %s", got)
	}
}
