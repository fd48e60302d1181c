package policy_test

import (
	"maps"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

const (
	single     = "aigateway_policy"
	many       = "aigateway_policies"
	simulation = "aigateway_policy_simulation"
)

func read(t *testing.T, server *protocol.Server, typeName string, config attrs) attrs {
	t.Helper()
	state, diags := server.ReadDataSource(typeName, config)
	if len(diags) != 0 {
		t.Fatalf("%v: %s", config, diags)
	}
	return protocol.Object(t, state)
}

func TestDataSource(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	s.Emulator.PutPolicy(s.AccountID, gatewayID, attrs{"name": "Other", "actor": "a", "resource": attrs{"provider": "p"}, "condition": "true", "action": attrs{"type": "block"}})
	r, one := exists(t, s, server, forms["allowlist"].config)
	want := r.State()
	for name, test := range map[string]struct {
		config   attrs
		requests []string
	}{
		"by id":         {attrs{"id": want["id"]}, []string{newest(one)}},
		"by name":       {attrs{"name": "Everyone"}, []string{listAll, newest(one)}},
		"in an account": {attrs{"name": "Everyone", "account_id": s.AccountID}, []string{listAll, newest(one)}},
	} {
		got := read(t, server, single, lifecycle.Merge(test.config, attrs{"gateway_id": gatewayID}))
		requireEqual(t, name, want, got)
		s.RequireRequests(t, test.requests...)
	}
	for name, test := range map[string]struct {
		config attrs
		says   string
	}{
		"no such id":   {attrs{"id": "00000000-0000-0000-0000-000000000000"}, `no policy with the ID "00000000-`},
		"no such name": {attrs{"name": "x"}, `Gateway "main" in account ` + s.AccountID + ` has no policy with the name "x"`},
		"neither":      {attrs{}, "one (and only one) of"},
		"no gateway":   {attrs{"name": "x", "gateway_id": "gone"}, "Gateway not found"},
	} {
		_, diags := server.ReadDataSource(single, lifecycle.Merge(attrs{"gateway_id": gatewayID}, test.config))
		if len(diags) != 1 {
			t.Errorf("%s: %s", name, diags)
		}
		lifecycle.RequireText(t, diags, test.says)
	}
	s.Emulator.PutPolicy(s.AccountID, gatewayID, wireEveryone())
	_, diags := server.ReadDataSource(single, attrs{"gateway_id": gatewayID, "name": "Everyone"})
	lifecycle.RequireText(t, diags.At("name"), "Several policies of this name", "Use id in place of name")
}

func TestListDataSource(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	if got := read(t, server, many, attrs{"gateway_id": gatewayID}); len(got["policies"].([]any)) != 0 {
		t.Errorf("%v", got)
	}
	r, _ := exists(t, s, server, forms["budget"].config)
	want := maps.Clone(r.State())
	delete(want, "account_id")
	delete(want, "gateway_id")
	id := want["id"].(string)
	s.Emulator.PutPolicyDraft(s.AccountID, gatewayID, id, attrs{"name": "Draft"})
	s.Emulator.PutPolicyDraft(s.AccountID, gatewayID, "", wireEveryone())
	got := read(t, server, many, attrs{"gateway_id": gatewayID})["policies"].([]any)
	s.RequireRequests(t, list)
	requireEqual(t, "policies", []any{want}, got)
	got = read(t, server, many, attrs{"gateway_id": gatewayID, "include_drafts": true})["policies"].([]any)
	s.RequireRequests(t, listAll)
	var names []any
	for _, policy := range got {
		names = append(names, policy.(attrs)["name"], policy.(attrs)["committed"])
	}
	requireEqual(t, "names", []any{"Everyone", true, "Draft", false, "Everyone", false}, names)
	_, diags := server.ReadDataSource(many, attrs{"gateway_id": "gone"})
	lifecycle.RequireText(t, diags.At("gateway_id"), "Gateway not found")
}

func TestSimulation(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	simulate := func(config attrs) attrs {
		t.Helper()
		return read(t, server, simulation, lifecycle.Merge(attrs{"gateway_id": gatewayID, "model": "openai/gpt-5.5"}, config))
	}
	lifecycleRequire := func(got, want attrs) {
		t.Helper()
		for name, value := range want {
			requireEqual(t, name, value, got[name])
		}
	}
	lifecycleRequire(simulate(attrs{}), attrs{"allowed": true, "decision": "no-limit", "reason": nil, "policy_name": nil, "policies_evaluated": int64(0), "provider_slug": "openai"})
	requireBody(t, s, "POST", `{"identity":{},"model":"openai/gpt-5.5","provider":"openai"}`)

	for _, rule := range []attrs{
		{"name": "Cap", "actor": "user:{cf.user.id}", "resource": "*", "condition": "true", "action": attrs{"type": "limit", "amount": 10.5, "period": "daily", "technique": "named-interval"}},
		{"name": "No beta", "actor": "a", "resource": attrs{"provider": "workers-ai"}, "condition": `metadata.beta == true && "x" in cf.user.groups && cf.custom.level > 2.0`, "action": attrs{"type": "block"}},
	} {
		s.Emulator.PutPolicy(s.AccountID, gatewayID, rule)
	}
	alice := attrs{"user_id": "u-1", "email": "alice@example.com", "groups": []any{"x"}, "country": "DE", "custom": attrs{"level": int64(3)}, "metadata": attrs{"beta": true, "n": 1.5, "team": "a"}}
	got := simulate(attrs{"identity": alice, "spent": attrs{"Cap": 10.5}})
	lifecycleRequire(got, attrs{
		"allowed": false, "decision": "check_limits", "reason": "limit_exceeded", "policy_name": "Cap", "bucket_spent": 10.5, "bucket_limit": 10.5, "policies_evaluated": int64(2),
	})
	if got["bucket"] == nil {
		t.Error("no bucket")
	}
	requireBody(t, s, "POST", `{"bucketUsage":{"Cap":{"spent":10.5}},"identity":{"cf":{"country":"DE","custom":{"level":3},"user":{"email":"alice@example.com",`+
		`"groups":["x"],"id":"u-1"}},"metadata":{"beta":true,"n":1.5,"team":"a"}},"model":"openai/gpt-5.5","provider":"openai"}`)
	lifecycleRequire(simulate(attrs{"identity": alice}), attrs{"allowed": true, "reason": nil})
	lifecycleRequire(simulate(attrs{"identity": alice, "model": "@cf/meta/llama"}), attrs{"allowed": false, "reason": "blocked", "policy_name": "No beta", "provider_slug": "workers-ai"})
	lifecycleRequire(simulate(attrs{}), attrs{"allowed": false, "decision": "block", "reason": "blocked", "policy_name": nil})

	for name, test := range map[string]struct {
		config   attrs
		at, says string
	}{
		"no model":          {attrs{"model": ""}, "model", "string length must be at least 1"},
		"nested metadata":   {attrs{"identity": attrs{"metadata": attrs{"a": attrs{"b": "c"}}}}, "identity.metadata", `"a" is an object, but it must be a string, a number or a boolean`},
		"list of metadata":  {attrs{"identity": attrs{"metadata": []any{"a"}}}, "identity.metadata", "The metadata is a list, but it must be an object"},
		"too much metadata": {attrs{"identity": attrs{"metadata": attrs{"a": "1", "b": "1", "c": "1", "d": "1", "e": "1", "f": "1"}}}, "identity.metadata", "keeps at most 5"},
		"null in metadata":  {attrs{"identity": attrs{"metadata": attrs{"a": nil}}}, "identity.metadata", `"a" is null`},
		"reserved metadata": {attrs{"identity": attrs{"metadata": attrs{"cf.user": "1"}}}, "identity.metadata", "reserved for Cloudflare"},
		"custom text":       {attrs{"identity": attrs{"custom": "a"}}, "identity.custom", "must be an object"},
		"negative":          {attrs{"spent": attrs{"a": -1}}, "spent", "at least 0"},
		"no gateway":        {attrs{"gateway_id": "gone"}, "gateway_id", "Gateway not found"},
	} {
		_, diags := server.ReadDataSource(simulation, lifecycle.Merge(attrs{"gateway_id": gatewayID, "model": "openai/gpt-5.5"}, test.config))
		if len(diags) != 1 {
			t.Errorf("%s: %s", name, diags)
		}
		lifecycle.RequireText(t, diags, test.says)
	}
}
