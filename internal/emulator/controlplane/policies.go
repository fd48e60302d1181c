package controlplane

import (
	"net/http"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/apischema"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/store"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator/wire"
)

// oneOrMore accepts a string or a list of strings (documented).
var oneOrMore = apischema.Union{apischema.String{Min: 1}, apischema.List{Item: apischema.String{Min: 1}}}

// policyFields are the fields of a policy (documented; bounds are inferred).
var policyFields = apischema.Object{
	{Name: "name", Schema: apischema.String{Min: 1}},
	{Name: "actor", Schema: apischema.String{Min: 1}},
	{Name: "resource", Schema: apischema.Union{apischema.Enum{"*"}, apischema.Object{
		{Name: "model", Schema: oneOrMore, Optional: true},
		{Name: "provider", Schema: oneOrMore, Optional: true},
	}}},
	{Name: "condition", Schema: apischema.String{Min: 1}},
	{Name: "action", Schema: apischema.Variant{Key: "type", Options: []apischema.Option{
		{Name: policies.TypeNoLimit, Schema: apischema.Object{{Name: "type", Schema: apischema.String{}}}},
		{Name: policies.TypeBlock, Schema: apischema.Object{
			{Name: "type", Schema: apischema.String{}},
			{Name: "except", Schema: apischema.Boolean{}, Optional: true},
		}},
		{Name: policies.TypeLimit, Schema: apischema.Object{
			{Name: "type", Schema: apischema.String{}},
			{Name: "amount", Schema: apischema.Number{Max: apischema.NoMax}},
			{Name: "period", Schema: apischema.Enum{"hourly", "daily", "weekly", "monthly"}},
			{Name: "technique", Schema: apischema.Enum{"named-interval"}},
		}},
	}}},
}

// policyBody is the body of a new policy. policyChanges is that of a change, in which
// nothing is required (documented).
var (
	policyBody    = policyFields
	policyChanges = func() apischema.Object {
		changes := append(apischema.Object{}, policyFields...)
		for i := range changes {
			changes[i].Optional = true
		}
		return changes
	}()
)

// parsePolicy checks a body and what its schema cannot: the syntax of CEL, that a
// resource names something, and that an amount is greater than 0. Details of errors are
// documented, their form is inferred.
func (c call) parsePolicy(schema apischema.Schema) (map[string]any, bool) {
	values, ok := c.parse(schema)
	if !ok {
		return nil, false
	}
	var problems apischema.Problems
	if condition, ok := values["condition"].(string); ok {
		if err := policies.CheckCondition(condition); err != nil {
			problems.Add([]any{"body", "condition"}, "%s", err)
		}
	}
	if actor, ok := values["actor"].(string); ok {
		if err := policies.CheckActor(actor); err != nil {
			problems.Add([]any{"body", "actor"}, "%s", err)
		}
	}
	if resource, ok := values["resource"].(map[string]any); ok && len(resource) == 0 {
		problems.Add([]any{"body", "resource"}, "Invalid input")
	}
	if action, ok := values["action"].(map[string]any); ok && action["type"] == policies.TypeLimit && action["amount"] == 0.0 {
		problems.Add([]any{"body", "action", "amount"}, "Number must be greater than 0")
	}
	return values, !c.refused(problems)
}

func (c call) policy() string    { return c.params["policy"] }
func (c call) commits() bool     { return c.r.URL.Query().Get("commit") == "true" }
func (c call) withStaging() bool { return c.r.URL.Query().Get("includeStaging") == "true" }

// listPolicies handles GET /policies. Drafts have "staging": true; one of a policy in
// force stands behind it (inferred).
func (a *API) listPolicies(c call) {
	all, err := a.store.Policies(c.account, c.gateway())
	c.respond(func() any {
		out := []*wire.Object{}
		for _, policy := range all {
			if policy.Committed != nil {
				out = append(out, renderPolicy(policy, policy.Committed))
			}
			if policy.Draft != nil && c.withStaging() {
				draft := renderPolicy(policy, policy.Draft)
				draft.Set("staging", true)
				out = append(out, draft)
			}
		}
		return out
	}, err)
}

// createPolicy handles POST /policies. The response says beside the result whether the
// policy is in force.
func (a *API) createPolicy(c call) {
	values, ok := c.parsePolicy(policyBody)
	if !ok {
		return
	}
	policy, err := a.store.CreatePolicy(c.account, c.gateway(), values, c.commits())
	if err != nil {
		c.respond(nil, err)
		return
	}
	wire.WriteJSON(c.w, http.StatusOK, struct {
		Success   bool         `json:"success"`
		Result    *wire.Object `json:"result"`
		Committed bool         `json:"committed"`
	}{true, renderPolicy(policy, values), policy.Committed != nil})
}

// getPolicy handles GET /policies/{id}. A policy that is only a draft does not exist for
// those who do not ask for drafts (inferred).
func (a *API) getPolicy(c call) {
	policy, err := a.store.Policy(c.account, c.gateway(), c.policy())
	if err == nil && policy.Committed == nil && !c.withStaging() {
		err = store.ErrNoPolicy
	}
	c.respond(func() any {
		if policy.Draft == nil || !c.withStaging() {
			return renderPolicy(policy, policy.Committed)
		}
		draft := renderPolicy(policy, policy.Draft)
		draft.Set("uncommitted", true)
		return draft
	}, err)
}

// updatePolicy handles PUT /policies/{id}, whose response has no result.
func (a *API) updatePolicy(c call) {
	values, ok := c.parsePolicy(policyChanges)
	if !ok {
		return
	}
	policy, err := a.store.ChangePolicy(c.account, c.gateway(), c.policy(), values, c.commits())
	if err != nil {
		c.respond(nil, err)
		return
	}
	wire.WriteJSON(c.w, http.StatusOK, struct {
		Success   bool `json:"success"`
		Committed bool `json:"committed"`
	}{true, policy.Draft == nil})
}

// deletePolicy handles DELETE /policies/{id}. The form of the response is inferred.
func (a *API) deletePolicy(c call) {
	if err := a.store.DeletePolicy(c.account, c.gateway(), c.policy()); err != nil {
		c.respond(nil, err)
		return
	}
	wire.WriteJSON(c.w, http.StatusOK, struct {
		Success bool `json:"success"`
	}{true})
}

// commitPolicies handles POST /policies/commit.
func (a *API) commitPolicies(c call) {
	committed, err := a.store.CommitPolicies(c.account, c.gateway())
	c.respond(func() any {
		return struct {
			Committed int   `json:"committed"`
			Failed    int   `json:"failed"`
			Policies  []any `json:"policies"`
		}{committed, 0, []any{}}
	}, err)
}

// simulationBody is the body of a simulation (documented).
var simulationBody = apischema.Object{
	{Name: "identity", Schema: apischema.Open{}},
	{Name: "model", Schema: apischema.String{Min: 1}},
	{Name: "provider", Schema: apischema.String{Min: 1}},
	{Name: "bucketUsage", Optional: true, Schema: apischema.Map{Item: apischema.Object{
		{Name: "spent", Schema: apischema.Number{Max: apischema.NoMax}},
	}}},
}

// simulatePolicies handles POST /policies/simulate, for the rules in force and all
// drafts.
func (a *API) simulatePolicies(c call) {
	values, ok := c.parse(simulationBody)
	if !ok {
		return
	}
	rules, err := a.store.StagedRules(c.account, c.gateway())
	c.respond(func() any { return simulate(rules, values) }, err)
}

// enforcement is the part of a simulation that says whether a request passes.
type enforcement struct {
	Allowed    bool     `json:"allowed"`
	Reason     string   `json:"reason,omitempty"`
	Bucket     string   `json:"bucket,omitempty"`
	Spent      *float64 `json:"spent,omitempty"`
	Limit      *float64 `json:"limit,omitempty"`
	PolicyName string   `json:"policyName,omitempty"`
}

// simulate applies rules to the request of a simulation. The documentation's sample has
// no buckets in the evaluation; neither has this.
func simulate(rules []policies.Rule, values map[string]any) any {
	request := policies.Request{}
	request.Fields, _ = values["identity"].(map[string]any)
	request.Provider, _ = values["provider"].(string)
	model, _ := values["model"].(string)
	request.Models = []string{model}
	usage, _ := values["bucketUsage"].(map[string]any)
	verdict := policies.Evaluate(rules, request)

	out := map[string]any{
		"evaluation":        map[string]any{"decision": verdict.Decision(), "buckets": []any{}},
		"policiesEvaluated": verdict.Evaluated,
	}
	result := enforcement{Allowed: true}
	if verdict.Denied {
		result = enforcement{Reason: "blocked", PolicyName: verdict.Blocker}
	}
	for _, budget := range verdict.Budgets {
		for _, limit := range budget.Caps {
			if spent := spentOf(usage, limit.Names); result.Allowed && spent >= limit.Amount {
				result = enforcement{
					Reason: "limit_exceeded", Bucket: budget.ID, Spent: &spent, Limit: &limit.Amount, PolicyName: limit.Policy,
				}
			}
		}
	}
	out["enforcement"] = result
	return out
}

// spentOf returns what the simulation says was spent of a budget: the largest amount
// under the names of its policies (inferred).
func spentOf(usage map[string]any, names []string) float64 {
	var most float64
	for _, name := range names {
		entry, _ := usage[name].(map[string]any)
		spent, _ := entry["spent"].(float64)
		most = max(most, spent)
	}
	return most
}

// renderPolicy returns a policy with one of its rules. Times are in seconds since 1970
// (documented).
func renderPolicy(policy store.Policy, rule map[string]any) *wire.Object {
	out := &wire.Object{}
	out.Set("id", policy.ID)
	for _, field := range policyFields {
		out.Set(field.Name, rule[field.Name])
	}
	out.Set("created_at", policy.Created.Unix())
	out.Set("updated_at", policy.Updated.Unix())
	return out
}
