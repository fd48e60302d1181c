package emulator_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const policies = "gateways/gw/policies"

func everyonePolicy(changes ...object) object {
	rule := object{"name": "Everyone", "actor": "company:all", "resource": "*", "condition": "true", "action": object{"type": "no-limit"}}
	for _, change := range changes {
		maps.Copy(rule, change)
	}
	return rule
}

func limitOf(amount float64, period string) object {
	return object{"type": "limit", "amount": amount, "period": period, "technique": "named-interval"}
}

// TestPolicySamples reproduces the samples of the documentation, but for the ids.
func TestPolicySamples(t *testing.T) {
	clock := emulator.NewClock(time.Unix(1791244351, 0))
	h := start(t, emulator.Options{Clock: clock})
	h.create("gw")
	sample := func(got reply, file, id string) {
		t.Helper()
		want := goldenObject(t, file)
		for _, path := range []string{"result", "result.0", "result.enforcement"} {
			if holder, ok := at(want, path).(object); ok {
				for _, name := range []string{"id", "bucket"} {
					if holder[name] != nil {
						holder[name] = id
					}
				}
			}
		}
		equal(t, file, want, got.body)
	}
	text := func(got reply, want string) {
		t.Helper()
		equal(t, got.request, want, strings.TrimSpace(got.raw))
	}
	capID := h.PutPolicy(accountID, "gw", everyonePolicy(object{"name": "Everyone spend cap", "action": limitOf(1000, "monthly")}))
	sample(h.api("GET", policies, nil), "policy_list.json", capID)

	clock.Advance(161 * time.Second)
	created := h.api("POST", policies+"?commit=true", object{
		"name": "Block contractors from Claude Opus", "actor": "company:all", "resource": object{"model": "anthropic/claude-opus-*"},
		"condition": `"contractors" in cf.user.groups`, "action": object{"type": "block"},
	})
	id, _ := created.result(t)["id"].(string)
	sample(created, "policy_created.json", id)
	one := policies + "/" + id
	equal(t, "GET", created.body["result"], h.api("GET", one, nil).body["result"])
	equal(t, "GET with drafts", created.body["result"], h.api("GET", one+"?includeStaging=true", nil).body["result"])

	h.PutPolicy(accountID, "gw", everyonePolicy(object{"name": "Third"}))
	h.DeletePolicy(accountID, "gw", h.Policies(accountID, "gw")[2]["id"].(string))
	h.PutPolicyDraft(accountID, "gw", "", everyonePolicy(object{"name": "Third", "condition": "false"}))
	simulated := h.api("POST", policies+"/simulate", object{
		"identity": object{"cf": object{"user": object{"id": "test-user-123", "email": "alice@example.com", "groups": []string{"engineering"}}}},
		"model":    "openai/gpt-5.5", "provider": "openai", "bucketUsage": object{"Everyone spend cap": object{"spent": 1000}},
	})
	bucket, _ := at(simulated.body, "result.enforcement.bucket").(string)
	sample(simulated, "policy_simulation.json", bucket)

	text(h.api("PUT", one+"?commit=true", object{"action": limitOf(2000, "monthly")}), `{"success":true,"committed":true}`)
	text(h.api("POST", policies+"/commit", nil), `{"success":true,"result":{"committed":1,"failed":0,"policies":[]}}`)
	text(h.api("DELETE", one, nil), `{"success":true}`)
	for _, request := range []reply{
		h.api("GET", one, nil), h.api("PUT", one, object{}), h.api("DELETE", one, nil),
		h.api("GET", "gateways/gone/policies", nil), h.api("POST", "gateways/gone/policies", everyonePolicy()), h.api("POST", "gateways/gone/policies/commit", nil),
	} {
		request.wantErrors(t, 404, 7002, "Not Found")
	}
}

func TestPolicyDrafts(t *testing.T) {
	h := open(t)
	draft := h.api("POST", policies, everyonePolicy()).body
	equal(t, "committed", false, draft["committed"])
	id := draft["result"].(object)["id"].(string)
	one := policies + "/" + id
	equal(t, "list", 0, len(h.api("GET", policies, nil).body["result"].([]any)))
	staged := h.api("GET", policies+"?includeStaging=true", nil).body["result"].([]any)
	equal(t, "staging", true, staged[0].(object)["staging"])
	h.api("GET", one, nil).wantErrors(t, 404, 7002, "Not Found")
	equal(t, "uncommitted", true, h.api("GET", one+"?includeStaging=true", nil).result(t)["uncommitted"])
	h.api("PUT", one+"?commit=true", object{"name": "x"}).wantErrors(t, 400, 7001, "Only committed policies can be updated")
	equal(t, "drafts are not in force", 200, h.chat("gw", "openai/m", "hi").status)

	equal(t, "commit", 1.0, h.api("POST", policies+"/commit", nil).result(t)["committed"])
	h.api("PUT", one, object{"name": "Draft"})
	equal(t, "in force", "Everyone", h.api("GET", one, nil).result(t)["name"])
	equal(t, "draft", "Draft", h.api("GET", one+"?includeStaging=true", nil).result(t)["name"])
	equal(t, "both in the list", 2, len(h.api("GET", policies+"?includeStaging=true", nil).body["result"].([]any)))
	h.api("PUT", one+"?commit=true", object{"condition": "false"})
	if now := h.api("GET", one+"?includeStaging=true", nil).result(t); now["name"] != "Draft" || now["condition"] != "false" || now["uncommitted"] != nil {
		t.Errorf("a change in force adds to the draft: %v", now)
	}
	h.api("PUT", one, object{"name": "again"})
	h.api("DELETE", one, nil)
	equal(t, "the draft is gone, too", 0, len(h.api("GET", policies+"?includeStaging=true", nil).body["result"].([]any)))
}

func TestPolicyBodies(t *testing.T) {
	h := open(t)
	for name, test := range map[string]struct {
		change  object
		message string
		path    string
	}{
		"condition": {object{"condition": "cf.user.email =="}, "invalid CEL expression: ERROR: <input>:1:17: Syntax error: mismatched input '<EOF>'", "condition"},
		"no bool":   {object{"condition": "1"}, "invalid CEL expression: it returns int, not a boolean", "condition"},
		"actor":     {object{"actor": "user:{"}, "invalid actor: unbalanced braces in 'user:{'", "actor"},
		"resource":  {object{"resource": object{}}, "Invalid input", "resource"},
		"all":       {object{"resource": "all"}, "Invalid input", "resource"},
		"period":    {object{"action": limitOf(1, "yearly")}, "Invalid enum value. Expected 'hourly' | 'daily' | 'weekly' | 'monthly', received 'yearly'", "action"},
		"amount":    {object{"action": limitOf(0, "daily")}, "Number must be greater than 0", "action"},
		"type":      {object{"action": object{"type": "deny"}}, "Invalid discriminator value. Expected 'no-limit' | 'block' | 'limit'", "action"},
	} {
		r := h.api("POST", policies+"?commit=true", everyonePolicy(test.change))
		item, _ := r.body["errors"].([]any)[0].(object)
		message, _ := item["message"].(string)
		if r.status != 400 || item["path"].([]any)[1] != test.path || len(message) < len(test.message) || message[:len(test.message)] != test.message {
			t.Errorf("%s: %s", name, r.raw)
		}
	}
	equal(t, "policies", 0, len(h.Policies(accountID, "gw")))
}

const alice = `{"id":"u-1","email":"alice@example.com","groups":["engineering"],"custom":{"level":3}}`

func TestPoliciesInForce(t *testing.T) {
	h := open(t)
	chat := func(model string, headers ...string) reply { return h.chat("gw", model, "hi", headers...) }
	equal(t, "without policies", 200, chat("openai/m").status)
	h.PutPolicy(accountID, "gw", everyonePolicy(object{"condition": `"engineering" in cf.user.groups`}))
	denied := chat("openai/m")
	equal(t, "status", 403, denied.status)
	equal(t, "body", `{"success":false,"error":{"message":"Access denied by policy"}}`, strings.TrimSpace(denied.raw))
	equal(t, "who has the group", 200, chat("openai/m", "X-Emulator-Access-Identity", alice).status)
	equal(t, "who has another", 403, chat("openai/m", "X-Emulator-Access-Identity", `{"groups":["x"]}`).status)
	equal(t, "cf.user_id", object{"cf.user_id": "u-1"}, h.logs()[0]["metadata"])

	id := h.PutPolicy(accountID, "gw", everyonePolicy(object{"resource": object{"model": "openai/m-*"}, "action": object{"type": "block"}}))
	equal(t, "a block", 403, chat("openai/m-1", "X-Emulator-Access-Identity", alice).status)
	equal(t, "other models", 200, chat("openai/m", "X-Emulator-Access-Identity", alice).status)
	equal(t, "the REST API", 403, h.rest("v1/chat/completions", `{"model":"openai/m-1","messages":[{"role":"user","content":"x"}]}`,
		"cf-aig-gateway-id", "gw", "X-Emulator-Access-Identity", alice).status)
	h.DeletePolicy(accountID, "gw", id)
	equal(t, "after it is deleted", 200, chat("openai/m-1", "X-Emulator-Access-Identity", alice).status)
}

// TestPolicyBudget: the request that uses a budget up passes, and the next one in the
// same period does not.
func TestPolicyBudget(t *testing.T) {
	h := open(t)
	h.PutPolicy(accountID, "gw", everyonePolicy(object{"actor": "team:{metadata.team}", "action": limitOf(2.5, "daily")}))
	spend := func(team string) reply {
		return h.chat("gw", "openai/m", "hi", "cf-aig-custom-cost", `{"total_cost":2}`, "cf-aig-metadata", `{"team":"`+team+`"}`)
	}
	equal(t, "first", 200, spend("a").status)
	equal(t, "second", 200, spend("a").status)
	third := spend("a")
	equal(t, "third", 429, third.status)
	failure, _ := third.body["error"].(object)
	equal(t, "error", object{"message": "Spending limit exceeded", "bucket": failure["bucket"], "spent": 4.0, "limit": 2.5}, failure)
	equal(t, "another team", 200, spend("b").status)
	equal(t, "no team", 403, h.chat("gw", "openai/m", "hi").status)
	h.Clock().Advance(12 * time.Hour) // to the next day, in UTC
	equal(t, "the next day", 200, spend("a").status)
}

func TestCacheSkipsPolicies(t *testing.T) {
	h := open(t, object{"cache_ttl": 60})
	equal(t, "first", 200, h.chat("gw", "openai/m", "hi").status)
	h.PutPolicy(accountID, "gw", everyonePolicy(object{"action": object{"type": "block"}}))
	equal(t, "cached", "HIT", h.chat("gw", "openai/m", "hi").header.Get("cf-aig-cache-status"))
	equal(t, "not cached", 403, h.chat("gw", "openai/m", "hello").status)
}

// TestPoliciesOfRoutes: policies see the model that a route leads to. One that they refuse
// is a failure, which the route may have a fallback for.
func TestPoliciesOfRoutes(t *testing.T) {
	h := open(t)
	h.PutRoute(accountID, "gw", "r", []map[string]any{
		{"id": "start", "type": "start", "outputs": object{"next": object{"elementId": "a"}}},
		{"id": "a", "type": "model", "properties": object{"provider": "openai", "model": "strong", "timeout": 1000, "retries": 0}, "outputs": object{"success": object{"elementId": "end"}, "fallback": object{"elementId": "b"}}},
		{"id": "b", "type": "model", "properties": object{"provider": "openai", "model": "cheap", "timeout": 1000, "retries": 0}, "outputs": object{"success": object{"elementId": "end"}, "fallback": object{"elementId": "end"}}},
		{"id": "end", "type": "end", "outputs": object{}},
	})
	h.PutPolicy(accountID, "gw", everyonePolicy(object{"resource": object{"model": "openai/cheap"}}))
	equal(t, "model", "cheap", h.chat("gw", "dynamic/r", "hi").header.Get("cf-aig-model"))
	h.PutPolicy(accountID, "gw", everyonePolicy(object{"action": object{"type": "block"}}))
	equal(t, "all refused", 403, h.chat("gw", "dynamic/r", "hi").status)
}

func TestPoliciesLag(t *testing.T) {
	h := withQuirks(t, emulator.PoliciesLag)
	h.create("gw")
	id := h.PutPolicy(accountID, "gw", everyonePolicy(object{"action": object{"type": "block"}}))
	equal(t, "shown", 1, len(h.api("GET", policies, nil).body["result"].([]any)))
	h.Clock().Advance(14 * time.Minute)
	equal(t, "before", 200, h.chat("gw", "openai/m", "hi").status)
	h.Clock().Advance(time.Minute)
	equal(t, "after", 403, h.chat("gw", "openai/m", "hi").status)
	h.DeletePolicy(accountID, "gw", id)
	h.Clock().Advance(14 * time.Minute)
	equal(t, "still", 403, h.chat("gw", "openai/m", "hi").status)
	h.Clock().Advance(time.Minute)
	equal(t, "deleted", 200, h.chat("gw", "openai/m", "hi").status)
}

func TestSimulation(t *testing.T) {
	h := open(t)
	h.PutPolicy(accountID, "gw", everyonePolicy(object{"name": "Everyone spend cap", "action": limitOf(1000, "monthly")}))
	h.PutPolicyDraft(accountID, "gw", "", everyonePolicy(object{"name": "No interns", "condition": `"interns" in cf.user.groups`, "action": object{"type": "block"}}))
	simulate := func(body object) object {
		body["model"], body["provider"] = "openai/gpt-5.5", "openai"
		return h.api("POST", policies+"/simulate", body).result(t)
	}
	engineer := object{"cf": object{"user": object{"groups": []any{"engineering"}}}}
	got := simulate(object{"identity": engineer, "bucketUsage": object{"Everyone spend cap": object{"spent": 1000}}})
	bucket, _ := got["enforcement"].(object)["bucket"].(string)
	equal(t, "sample", toString(object{
		"evaluation":        object{"decision": "check_limits", "buckets": []any{}},
		"enforcement":       object{"allowed": false, "reason": "limit_exceeded", "bucket": bucket, "spent": 1000, "limit": 1000, "policyName": "Everyone spend cap"},
		"policiesEvaluated": 2,
	}), toString(got))
	equal(t, "allowed", object{"allowed": true}, simulate(object{"identity": engineer})["enforcement"])
	equal(t, "a draft blocks", object{"allowed": false, "reason": "blocked", "policyName": "No interns"},
		simulate(object{"identity": object{"cf": object{"user": object{"groups": []any{"interns"}}}}})["enforcement"])
	equal(t, "nothing is sent", 0, len(h.logs()))
	equal(t, "nothing is spent", 200, h.chat("gw", "openai/m", "hi").status)
}
