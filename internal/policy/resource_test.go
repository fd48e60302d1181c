package policy_test

import (
	"reflect"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// forms are configurations and the bodies that create them.
var forms = map[string]struct {
	config attrs
	body   string
}{
	"catch-all": {
		everyone(),
		`{"action":{"type":"no-limit"},"actor":"company:all","condition":"true","name":"Everyone","resource":"*"}`,
	},
	"empty lists": {
		everyone(attrs{"models": []any{}, "providers": []any{}}),
		`{"action":{"type":"no-limit"},"actor":"company:all","condition":"true","name":"Everyone","resource":"*"}`,
	},
	"budget": {
		everyone(attrs{"action": "budget", "budget": attrs{"amount": 0.5, "period": "weekly"}}),
		`{"action":{"amount":0.5,"period":"weekly","technique":"named-interval","type":"limit"},"actor":"company:all","condition":"true",` +
			`"name":"Everyone","resource":"*"}`,
	},
	"block": {
		everyone(attrs{"action": "block", "models": []any{"anthropic/claude-opus-*"}, "condition": `"contractors" in cf.user.groups`}),
		`{"action":{"type":"block"},"actor":"company:all","condition":"\"contractors\" in cf.user.groups","name":"Everyone",` +
			`"resource":{"model":"anthropic/claude-opus-*"}}`,
	},
	"allowlist": {
		everyone(attrs{"action": "allowlist", "models": []any{"openai/gpt-5.5-mini", "anthropic/claude-haiku-*"}, "providers": []any{"openai", "anthropic"}}),
		`{"action":{"except":true,"type":"block"},"actor":"company:all","condition":"true","name":"Everyone",` +
			`"resource":{"model":["openai/gpt-5.5-mini","anthropic/claude-haiku-*"],"provider":["openai","anthropic"]}}`,
	},
	"per user": {
		everyone(attrs{"action": "budget", "actor": "user:{cf.user.id}", "providers": []any{"openai"}, "budget": attrs{"amount": int64(1000), "period": "monthly"}}),
		`{"action":{"amount":1000,"period":"monthly","technique":"named-interval","type":"limit"},"actor":"user:{cf.user.id}","condition":"true",` +
			`"name":"Everyone","resource":{"provider":"openai"}}`,
	},
}

// TestLifecycle creates each form, changes it to a catch-all and back, imports it and
// destroys it, with exactly the documented requests.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for name, form := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, server := emulate(t)
			s.Emulator.PutPolicy(s.AccountID, otherID, attrs{"name": "Theirs", "actor": "a", "resource": "*", "condition": "true", "action": attrs{"type": "no-limit"}})
			r := server.Resource(resourceType)
			lifecycle.RequireNone(t, lifecycle.Apply(t, r, form.config))
			requireBody(t, s, "POST", form.body)
			one := collection + "/" + r.State()["id"].(string)
			lifecycle.RequireIdentity(t, r, attrs{"account_id": s.AccountID, "gateway_id": gatewayID, "id": r.State()["id"]})
			r.MustPlanEmpty(form.config)
			s.Emulator.ResetRequests()

			changed := everyone(attrs{"name": "Changed", "action": "block", "models": []any{"a/b"}})
			if action := r.MustApply(changed); action != protocol.Update {
				t.Errorf("%s, want an update", action)
			}
			s.RequireRequests(t, newest(one), newest(one), put(one), newest(one), newest(one))
			r.MustApply(form.config)
			r.MustPlanEmpty(form.config)
			original := r.State()

			importable := lifecycle.Merge(form.config)
			for _, name := range []string{"models", "providers"} {
				if list, _ := importable[name].([]any); len(list) == 0 {
					delete(importable, name)
				}
			}
			subject.Imports(t, s, r, importable, func(t *testing.T, name string, got attrs) {
				t.Helper()
				for attribute, value := range original {
					if list, isList := value.([]any); isList && len(list) == 0 && got[attribute] == nil {
						continue // an empty list is imported as null
					}
					if !reflect.DeepEqual(value, got[attribute]) {
						t.Errorf("imported by %s, %s is %v, want %v", name, attribute, got[attribute], value)
					}
				}
			}, map[string]lifecycle.ImportCase{
				"id":       {ID: gatewayID + "/" + original["id"].(string), Requests: []string{newest(one)}},
				"account":  {ID: s.AccountID + "/" + gatewayID + "/" + original["id"].(string), Requests: []string{newest(one)}},
				"identity": {Identity: attrs{"account_id": s.AccountID, "gateway_id": gatewayID, "id": original["id"]}, Requests: []string{newest(one)}},
			})
			s.Emulator.ResetRequests()
			r.MustApply(nil)
			s.RequireRequests(t, newest(one), "DELETE "+one)
			subject.RequireEmpty(t, s)
			if len(s.Emulator.Policies(s.AccountID, otherID)) != 1 {
				t.Error("the policy of another gateway is gone")
			}
		})
	}
}

// TestNotPutInForce: the service saves what is to be in force as a draft. A new policy is
// taken back, and a change leaves state as it was.
func TestNotPutInForce(t *testing.T) {
	t.Parallel()
	t.Run("create", func(t *testing.T) {
		t.Parallel()
		s := subject.Service(t, emulator.PoliciesStayDrafts)
		r := s.Protocol(t, nil).Resource(resourceType)
		diags := lifecycle.Apply(t, r, everyone())
		lifecycle.RequireText(t, diags, "The policy was not put in force", "as a draft", "The policy was deleted again")
		if r.Exists() {
			t.Errorf("state %v", r.State())
		}
		subject.RequireEmpty(t, s)
		if drafts := s.Emulator.PolicyDrafts(s.AccountID, gatewayID); len(drafts) > 0 {
			t.Errorf("drafts are left: %v", drafts)
		}
	})
	t.Run("update", func(t *testing.T) {
		t.Parallel()
		s := subject.Service(t, emulator.PoliciesStayDrafts)
		id := s.Emulator.PutPolicy(s.AccountID, gatewayID, wireEveryone())
		r := s.Protocol(t, nil).Resource(resourceType)
		lifecycle.RequireNone(t, r.Import(gatewayID+"/"+id))
		diags := lifecycle.Apply(t, r, everyone(attrs{"name": "All"}))
		lifecycle.RequireText(t, diags, "The change was not put in force", "as a draft", "in force as before")
		lifecycle.RequireAttributes(t, r, attrs{"name": "Everyone"})
		if only(t, s)["name"] != "Everyone" {
			t.Error("the rule in force changed")
		}
		s.Emulator.PutPolicyDraft(s.AccountID, gatewayID, id, attrs{})
		lifecycle.RequireText(t, lifecycle.Apply(t, r, everyone(attrs{"name": "All"})), "The change was not put in force")
	})
}

// TestDraftOfSomebody: a draft on a policy in force is a warning and no difference. The
// next change sends the whole rule, so that nothing of the draft gets in force.
func TestDraftOfSomebody(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	r, one := exists(t, s, server, everyone())
	s.Emulator.PutPolicyDraft(s.AccountID, gatewayID, r.State()["id"].(string), attrs{"condition": "false"})
	diags := r.Refresh()
	lifecycle.RequireText(t, diags, "Draft of a policy", `Somebody changed policy "Everyone" of gateway "main" in account `+s.AccountID)
	s.RequireRequests(t, newest(one), inForce(one))
	if plan := lifecycle.Plan(t, r, everyone()); plan.Action != protocol.NoOp {
		t.Errorf("%s, want nothing to do", plan.Action)
	}
	s.Emulator.ResetRequests()
	lifecycle.RequireNone(t, lifecycle.Apply(t, r, everyone(attrs{"name": "All"})))
	requireBody(t, s, "PUT", `{"action":{"type":"no-limit"},"actor":"company:all","condition":"true","name":"All","resource":"*"}`)
	if held := only(t, s); held["condition"] != "true" || held["name"] != "All" {
		t.Errorf("the service has %v", held)
	}
	r.MustPlanEmpty(everyone(attrs{"name": "All"}))
}

// TestNeverCommitted: a policy that is only a draft cannot be updated, so it is replaced.
func TestNeverCommitted(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	id := s.Emulator.PutPolicyDraft(s.AccountID, gatewayID, "", attrs{
		"name": "Everyone", "actor": "company:all", "resource": "*", "condition": "true", "action": attrs{"type": "no-limit"},
	})
	r := server.Resource(resourceType)
	lifecycle.RequireNone(t, r.Import(gatewayID+"/"+id))
	lifecycle.RequireAttributes(t, r, attrs{"committed": false, "name": "Everyone"})
	plan, diags := r.Plan(everyone())
	lifecycle.RequireText(t, diags, "Policy that is not in force", "deleted and created again")
	if plan.Action != protocol.Replace {
		t.Fatalf("%s, want a replacement", plan.Action)
	}
	s.Emulator.ResetRequests()
	lifecycle.RequireNone(t, r.Apply(plan))
	s.RequireRequests(t, "DELETE "+collection+"/"+id, listAll, post)
	lifecycle.RequireAttributes(t, r, attrs{"committed": true})
	only(t, s)
	r.MustPlanEmpty(everyone())
}

// TestFirstPolicy: a policy that does not match everything warns if it may be the first.
func TestFirstPolicy(t *testing.T) {
	t.Parallel()
	narrow := everyone(attrs{"name": "Narrow", "action": "block", "models": []any{"a/b"}})
	const warning = "The first policy denies what no policy matches"
	for name, test := range map[string]struct {
		config   attrs
		prepare  func(*acctest.Service)
		warns    string
		requests []string
	}{
		"catch-all":               {config: everyone()},
		"catch-all with a budget": {config: everyone(attrs{"action": "budget", "budget": attrs{"amount": 1, "period": "daily"}})},
		"budget of each user": {
			config: everyone(attrs{"action": "budget", "actor": "user:{cf.user.id}", "budget": attrs{"amount": 1, "period": "daily"}}),
			warns:  "has no policy in force yet", requests: []string{list},
		},
		"condition":           {config: everyone(attrs{"condition": `cf.country == "US"`}), warns: "has no policy in force yet", requests: []string{list}},
		"narrow":              {config: narrow, warns: "has no policy in force yet", requests: []string{list}},
		"new gateway":         {config: lifecycle.Merge(narrow, attrs{"gateway_id": protocol.Unknown}), warns: "does not exist yet"},
		"gateway by its name": {config: lifecycle.Merge(narrow, attrs{"gateway_id": "new"}), warns: "has no policy in force yet", requests: []string{strings.Replace(list, gatewayID, "new", 1)}},
		"only a draft": {
			config: narrow, warns: "has no policy in force yet", requests: []string{list},
			prepare: func(s *acctest.Service) {
				s.Emulator.PutPolicyDraft(s.AccountID, gatewayID, "", attrs{"name": "d", "actor": "a", "resource": "*", "condition": "true", "action": attrs{"type": "block"}})
			},
		},
		"the second": {
			config: narrow, requests: []string{list},
			prepare: func(s *acctest.Service) {
				s.Emulator.PutPolicy(s.AccountID, gatewayID, attrs{"name": "d", "actor": "a", "resource": "*", "condition": "true", "action": attrs{"type": "block"}})
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, server := emulate(t)
			if test.prepare != nil {
				test.prepare(s)
			}
			_, diags := server.Resource(resourceType).Plan(test.config)
			if (test.warns != "") != (len(diags) > 0) || diags.HasError() {
				t.Fatal(diags)
			}
			if test.warns != "" {
				lifecycle.RequireText(t, diags.At("gateway_id"), warning, test.warns, "403", "depends_on")
			}
			s.RequireRequests(t, test.requests...)
		})
	}
}

// TestRefused: what the service would refuse is refused in the plan, at its attribute.
func TestRefused(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	budget := func(amount any, period string) attrs {
		return attrs{"action": "budget", "budget": attrs{"amount": amount, "period": period}}
	}
	for name, test := range map[string]struct {
		config   attrs
		at, says string
	}{
		"no name":              {attrs{"name": ""}, "name", "string length must be at least 1"},
		"no condition":         {attrs{"condition": ""}, "condition", "string length must be at least 1"},
		"unknown action":       {attrs{"action": "deny"}, "action", `value must be one of: ["block" "allowlist" "unlimited" "budget"]`},
		"budget without":       {attrs{"action": "budget"}, "action", `budget = { amount = 1000, period = "monthly" }`},
		"budget too much":      {attrs{"budget": attrs{"amount": 1, "period": "daily"}}, "budget", `The action "unlimited" has no budget`},
		"no amount":            {budget(0, "daily"), "budget.amount", "must be greater than 0"},
		"negative amount":      {budget(-1, "daily"), "budget.amount", "must be greater than 0"},
		"unknown period":       {budget(1, "yearly"), "budget.period", "value must be one of"},
		"allowlist of nothing": {attrs{"action": "allowlist"}, "action", "Without any, it refuses none"},
		"wildcard provider":    {attrs{"providers": []any{"open*"}}, "providers", "must not contain *"},
		"twice":                {attrs{"models": []any{"a/b", "a/b"}}, "models", "duplicate values"},
		"empty model":          {attrs{"models": []any{""}}, "models", "string length must be at least 1"},
		"open brace":           {attrs{"actor": "user:{cf.user.id"}, "actor", "a brace without its counterpart"},
		"closing brace":        {attrs{"actor": "user:cf.user.id}"}, "actor", "a brace without its counterpart"},
	} {
		t.Run(name, func(t *testing.T) {
			_, diags := server.Resource(resourceType).Plan(everyone(test.config))
			if len(diags) != 1 || !diags.HasError() {
				t.Fatalf("%d diagnostics: %s", len(diags), diags)
			}
			lifecycle.RequireText(t, diags, test.says)
		})
	}
	s.RequireRequests(t)
}

// TestSuspect: what is probably not meant is a warning.
func TestSuspect(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	for name, test := range map[string]struct {
		config attrs
		says   string
	}{
		"model without author": {attrs{"models": []any{"gpt-5.5"}}, "Model without an author"},
		"everything":           {attrs{"models": []any{"*"}}, "* does not match across a slash"},
		"unknown field":        {attrs{"actor": "user:{cf.user.mail}"}, `"cf.user.mail" is not a field that the service documents`},
	} {
		_, diags := server.Resource(resourceType).Plan(everyone(test.config))
		if diags.HasError() {
			t.Errorf("%s: %s", name, diags)
		}
		lifecycle.RequireText(t, diags, test.says)
	}
	for _, actor := range []string{"a", "user:{cf.user.id}", "{ cf.custom.team }", "{cf.country}:{metadata.a_b}", "{cf.user.email}{cf.user.groups}"} {
		_, diags := server.Resource(resourceType).Plan(everyone(attrs{"actor": actor}))
		if diags.HasError() || strings.Contains(diags.String(), "Unknown field") {
			t.Errorf("%s: %s", actor, diags)
		}
	}
}

// TestUnknown: unknown values pass validation, and send no request but the look for other
// policies.
func TestUnknown(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	for _, name := range []string{"name", "actor", "models", "providers", "condition", "action", "budget", "gateway_id"} {
		if _, diags := server.Resource(resourceType).Plan(everyone(attrs{name: protocol.Unknown})); diags.HasError() {
			t.Errorf("%s: %s", name, diags)
		}
	}
	for _, r := range s.Emulator.Requests() {
		if r.Method != "GET" {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

// TestSyntaxError: the service checks the condition; its error is at the attribute.
func TestSyntaxError(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	r := server.Resource(resourceType)
	diags := lifecycle.Apply(t, r, everyone(attrs{"condition": `cf.user.email ==`}))
	lifecycle.RequireText(t, diags.At("condition"), "Unable to create policy", `Policy "Everyone" of gateway "main"`)
	if r.Exists() {
		t.Error("it is in state")
	}
	subject.RequireEmpty(t, s)
}

// TestMissing: errors about a gateway that does not exist, and imports that name nothing.
func TestMissing(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	diags := lifecycle.Apply(t, server.Resource(resourceType), everyone(attrs{"gateway_id": "gone"}))
	lifecycle.RequireText(t, diags.At("gateway_id"), "Gateway not found", `no gateway "gone", and therefore no policies in it`)
	unknown := server.Resource(resourceType).Import("main/00000000-0000-0000-0000-000000000000")
	lifecycle.RequireText(t, unknown, "Policy not found", "so there is nothing to import", `gateway "main"`, "aigateway_policies lists the policies")
	for _, id := range []string{"", "main", "main/", "/x", "a/b/c", "main/x/y/z", "main/a b"} {
		lifecycle.RequireText(t, server.Resource(resourceType).Import(id), "Invalid import ID", "my-gateway/d682e5be")
	}
}
