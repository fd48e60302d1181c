package store

import (
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/quirk"
)

// ErrNoPolicy is the error for a policy that does not exist.
var ErrNoPolicy = errors.New("no such policy")

// ErrPolicyNotCommitted has an inferred text; that it is refused is documented.
const ErrPolicyNotCommitted RequestError = "Only committed policies can be updated"

// policyLag is how long a change takes under [quirk.PoliciesLag] (documented as the
// maximum).
const policyLag = 15 * time.Minute

// Policy is a snapshot of a policy. It has a rule in force, a draft, or both. They must
// not be changed.
type Policy struct {
	ID string
	// Committed is the rule in force and Draft a change that is not; nil if there is
	// none.
	Committed, Draft map[string]any
	Created, Updated time.Time
}

// policySet holds the policies of a gateway.
type policySet struct {
	// all is in order of creation.
	all []*Policy
	// inForce are the rules of this time and of earlier ones, the oldest first. Only the last ones that
	// a request may still need are kept.
	inForce []rulesAt
	spent   map[policyBudget]*policySpending
}

// rulesAt are the rules that were put in force at a time.
type rulesAt struct {
	at    time.Time
	rules []policies.Rule
}

type policyBudget struct{ id, period string }

type policySpending struct {
	start  time.Time
	amount float64
}

func (s *Store) onPolicies(account, gatewayID string, do func(*policySet) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gatewayID)
	if g == nil {
		return ErrNoGateway
	}
	return do(&g.policies)
}

// changePolicies is onPolicies for a change.
func (s *Store) changePolicies(account, gatewayID string, do func(*policySet) error) error {
	return s.onPolicies(account, gatewayID, func(set *policySet) error {
		err := do(set)
		if err == nil {
			set.note(s.Now())
		}
		return err
	})
}

// note records the rules that are in force from now on.
func (set *policySet) note(now time.Time) {
	var rules []policies.Rule
	for _, policy := range set.all {
		if policy.Committed != nil {
			rules = append(rules, ruleOf(policy.Committed))
		}
	}
	for len(set.inForce) > 1 && now.Sub(set.inForce[1].at) >= policyLag {
		set.inForce = set.inForce[1:]
	}
	set.inForce = append(set.inForce, rulesAt{now, rules})
}

func ruleOf(values map[string]any) policies.Rule {
	rule := policies.Rule{Resource: values["resource"]}
	rule.Name, _ = values["name"].(string)
	rule.Actor, _ = values["actor"].(string)
	rule.Condition, _ = values["condition"].(string)
	rule.Action, _ = values["action"].(map[string]any)
	return rule
}

func (set *policySet) find(id string) (*Policy, error) {
	i := slices.IndexFunc(set.all, func(p *Policy) bool { return p.ID == id })
	if i < 0 {
		return nil, ErrNoPolicy
	}
	return set.all[i], nil
}

// Policies returns the policies of a gateway in order of creation (inferred). It fails
// with [ErrNoGateway].
func (s *Store) Policies(account, gateway string) (all []Policy, err error) {
	err = s.onPolicies(account, gateway, func(set *policySet) error {
		for _, policy := range set.all {
			all = append(all, *policy)
		}
		return nil
	})
	return all, err
}

// Policy returns a policy. It fails with [ErrNoGateway] or [ErrNoPolicy].
func (s *Store) Policy(account, gateway, id string) (found Policy, err error) {
	err = s.onPolicies(account, gateway, func(set *policySet) error {
		policy, err := set.find(id)
		if err == nil {
			found = *policy
		}
		return err
	})
	return found, err
}

// CreatePolicy creates a policy, in force or as a draft. It fails with [ErrNoGateway].
func (s *Store) CreatePolicy(account, gateway string, rule map[string]any, commit bool) (created Policy, err error) {
	now := s.Timestamp()
	policy := &Policy{ID: s.NewID(), Draft: rule, Created: now, Updated: now}
	err = s.changePolicies(account, gateway, func(set *policySet) error {
		if commit && !s.quirks[quirk.PoliciesStayDrafts] {
			policy.Committed, policy.Draft = policy.Draft, nil
		}
		set.all = append(set.all, policy)
		created = *policy
		return nil
	})
	return created, err
}

// ChangePolicy changes fields of a policy, in force or as a draft. What becomes of a
// draft is not documented: here the change adds to it. It fails with [ErrNoGateway],
// [ErrNoPolicy] or [ErrPolicyNotCommitted].
func (s *Store) ChangePolicy(account, gateway, id string, changes map[string]any, commit bool) (changed Policy, err error) {
	err = s.changePolicies(account, gateway, func(set *policySet) error {
		policy, err := set.find(id)
		switch {
		case err != nil:
			return err
		case policy.Committed == nil:
			return ErrPolicyNotCommitted
		}
		rule := maps.Clone(policy.Committed)
		maps.Copy(rule, policy.Draft)
		maps.Copy(rule, changes)
		policy.Draft, policy.Updated = rule, s.Timestamp()
		if commit && !s.quirks[quirk.PoliciesStayDrafts] {
			policy.Committed, policy.Draft = policy.Draft, nil
		}
		changed = *policy
		return nil
	})
	return changed, err
}

// DeletePolicy deletes a policy with its draft (documented). It fails with
// [ErrNoGateway] or [ErrNoPolicy].
func (s *Store) DeletePolicy(account, gateway, id string) error {
	return s.changePolicies(account, gateway, func(set *policySet) error {
		if _, err := set.find(id); err != nil {
			return err
		}
		set.all = slices.DeleteFunc(set.all, func(p *Policy) bool { return p.ID == id })
		return nil
	})
}

// CommitPolicies puts all drafts of a gateway in force and returns how many there were.
// It fails with [ErrNoGateway].
func (s *Store) CommitPolicies(account, gateway string) (committed int, err error) {
	err = s.changePolicies(account, gateway, func(set *policySet) error {
		for _, policy := range set.all {
			if policy.Draft != nil {
				policy.Committed, policy.Draft, policy.Updated = policy.Draft, nil, s.Timestamp()
				committed++
			}
		}
		return nil
	})
	return committed, err
}

// StagedRules returns the rules of a gateway as they would be with all drafts in force.
// It fails with [ErrNoGateway].
func (s *Store) StagedRules(account, gateway string) (rules []policies.Rule, err error) {
	all, err := s.Policies(account, gateway)
	for _, policy := range all {
		rule := policy.Draft
		if rule == nil {
			rule = policy.Committed
		}
		rules = append(rules, ruleOf(rule))
	}
	return rules, err
}

// EvaluatePolicies applies the rules in force to a request. It also returns the first
// budget that is used up; its id is empty if there is none.
func (s *Store) EvaluatePolicies(account, gatewayID string, request policies.Request) (policies.Verdict, ExhaustedPolicy) {
	now := s.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gatewayID)
	if g == nil {
		return policies.Verdict{}, ExhaustedPolicy{}
	}
	verdict := policies.Evaluate(g.policies.rules(now, s.quirks[quirk.PoliciesLag]), request)
	for _, budget := range verdict.Budgets {
		for _, limit := range budget.Caps {
			if spent := g.policies.spending(budget.ID, limit.Period, now).amount; spent >= limit.Amount {
				return verdict, ExhaustedPolicy{Bucket: budget.ID, Spent: spent, Limit: limit.Amount}
			}
		}
	}
	return verdict, ExhaustedPolicy{}
}

// ExhaustedPolicy is a budget that is used up, in US dollars.
type ExhaustedPolicy struct {
	Bucket       string
	Spent, Limit float64
}

// ChargePolicies adds a cost in US dollars to the budgets of a verdict.
func (s *Store) ChargePolicies(account, gatewayID string, verdict policies.Verdict, cost float64) {
	now := s.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.gateway(account, gatewayID)
	if g == nil {
		return
	}
	for _, budget := range verdict.Budgets {
		for _, limit := range budget.Caps {
			g.policies.spending(budget.ID, limit.Period, now).amount += cost
		}
	}
}

// rules returns the rules that requests are subject to.
func (set *policySet) rules(now time.Time, lag bool) []policies.Rule {
	for _, earlier := range slices.Backward(set.inForce) {
		if !lag || now.Sub(earlier.at) >= policyLag {
			return earlier.rules
		}
	}
	return nil
}

// spending returns what was spent of a budget in the period that contains now.
func (set *policySet) spending(id, period string, now time.Time) *policySpending {
	if set.spent == nil {
		set.spent = map[policyBudget]*policySpending{}
	}
	key := policyBudget{id, period}
	start := policies.PeriodStart(period, now)
	if set.spent[key] == nil || !set.spent[key].start.Equal(start) {
		set.spent[key] = &policySpending{start: start}
	}
	return set.spent[key]
}
