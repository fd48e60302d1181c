package policies_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/clienttest"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/policies"
)

const (
	collection = "/demo/policies"
	one        = collection + "/id-1"
	drafts     = "?includeStaging=true"
	inForce    = "?commit=true"

	postPolicy = "POST " + collection + inForce
	putPolicy  = "PUT " + one + inForce
	getNewest  = "GET " + one + drafts
	getInForce = "GET " + one
	simulate   = "POST " + collection + "/simulate"
)

// policyObject returns a policy as the documentation shows one.
func policyObject(change clienttest.Fields) clienttest.Fields {
	return clienttest.Changed(clienttest.Fields{
		"id": "id-1", "name": "Block contractors from Claude Opus", "actor": "company:all",
		"resource": clienttest.Fields{"model": "anthropic/claude-opus-*"}, "condition": `"contractors" in cf.user.groups`,
		"action": clienttest.Fields{"type": "block"}, "created_at": 1791244512, "updated_at": 1791244512,
	}, change)
}

// rule returns that of [policyObject].
func rule(change ...func(*policies.Rule)) policies.Rule {
	r := policies.Rule{
		Name: "Block contractors from Claude Opus", Actor: "company:all", Models: []string{"anthropic/claude-opus-*"},
		Condition: `"contractors" in cf.user.groups`, Action: policies.Block,
	}
	for _, f := range change {
		f(&r)
	}
	return r
}

const ruleBody = `{"action":{"type":"block"},"actor":"company:all","condition":"\"contractors\" in cf.user.groups",` +
	`"name":"Block contractors from Claude Opus","resource":{"model":"anthropic/claude-opus-*"}}`

func reply(change clienttest.Fields) clienttest.Handler {
	return clienttest.Reply(200, clienttest.Envelope(policyObject(change)))
}

// committed is the documented response to a creation, with a member beside the result.
func committed(isCommitted bool, change clienttest.Fields) clienttest.Handler {
	return clienttest.Reply(200, clienttest.Encode(clienttest.Fields{
		"success": true, "result": policyObject(change), "committed": isCommitted,
	}))
}

var (
	shown    = reply(nil)
	notFound = clienttest.NotFound
	changed  = clienttest.Reply(200, `{"success":true,"committed":true}`)
)

var operations = []clienttest.Operation{
	{
		Name: "list policies", Request: "GET " + collection, Success: clienttest.Reply(200, clienttest.Envelope([]any{policyObject(nil)})), TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(clienttest.Collect(policies.List(ctx, c, accountID, gatewayID, false)))
		},
	},
	{
		Name: "list policies", Request: "GET " + collection + drafts, Success: clienttest.Reply(200, clienttest.Envelope([]any{policyObject(nil)})), TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(clienttest.Collect(policies.List(ctx, c, accountID, gatewayID, true)))
		},
	},
	{
		Name: "read policy", Request: getNewest, Success: shown, TakesGateway: true, ID: "id-1", Noun: "policy",
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, id string) error {
			return clienttest.ErrorOf(policies.Get(ctx, c, accountID, gatewayID, id))
		},
	},
	{
		Name: "create policy", Request: postPolicy, Body: ruleBody, Success: committed(true, nil), TakesGateway: true,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(policies.Create(ctx, c, accountID, gatewayID, rule()))
		},
	},
	{
		Name: "delete policy", Request: "DELETE " + one, Success: clienttest.Reply(200, `{"success":true}`), TakesGateway: true, ID: "id-1", Noun: "policy",
		Look: getNewest, There: shown, Gone: clienttest.NotFound,
		Do: policies.Delete,
	},
	{
		Name: "simulate policies", Request: simulate, Success: clienttest.Reply(200, `{"success":true,"result":{"enforcement":{"allowed":true}}}`), TakesGateway: true, NoIdentity: true, RepeatsPOST: true,
		Do: func(ctx context.Context, c *client.Client, accountID, gatewayID, _ string) error {
			return clienttest.ErrorOf(policies.Simulate(ctx, c, accountID, gatewayID, policies.Simulation{Model: "openai/gpt-5.5", Provider: "openai"}))
		},
	},
}

func TestOperations(t *testing.T) {
	clienttest.TestOperations(t, operations)
	clienttest.TestRefusedByGatewayInput(t, "policies", operations)
	policy := func(change clienttest.Fields) string { return clienttest.Envelope(policyObject(change)) }
	operations[2].RequireUnreadable(t, map[string]string{
		"resource is ":                        policy(clienttest.Fields{"resource": clienttest.Fields{"gateway": "x"}}),
		"resource is \"all\"":                 policy(clienttest.Fields{"resource": "all"}),
		"model of the policy's resource is 7": policy(clienttest.Fields{"resource": clienttest.Fields{"model": 7}}),
		"provider of the policy's resource is a list or an object": policy(clienttest.Fields{"resource": clienttest.Fields{"provider": []any{}}}),
		"action is null":      policy(clienttest.Fields{"action": nil}),
		"which has no amount": policy(clienttest.Fields{"action": clienttest.Fields{"type": "limit", "period": "daily"}}),
	})
}

// The forms of a rule, and what stands for them in requests and responses.
func TestForms(t *testing.T) {
	for name, test := range map[string]struct {
		rule             policies.Rule
		resource, action any
	}{
		"everything":          {policies.Rule{Action: policies.Unlimited}, "*", clienttest.Fields{"type": "no-limit"}},
		"one model":           {policies.Rule{Action: policies.Block, Models: []string{"a/b"}}, clienttest.Fields{"model": "a/b"}, clienttest.Fields{"type": "block"}},
		"several":             {policies.Rule{Action: policies.Allowlist, Models: []string{"a/b", "c/*"}, Providers: []string{"p", "q"}}, clienttest.Fields{"model": []any{"a/b", "c/*"}, "provider": []any{"p", "q"}}, clienttest.Fields{"type": "block", "except": true}},
		"budget of providers": {policies.Rule{Action: policies.Budget, Providers: []string{"p"}, Amount: 0.5, Period: "hourly"}, clienttest.Fields{"provider": "p"}, clienttest.Fields{"type": "limit", "amount": 0.5, "period": "hourly", "technique": "named-interval"}},
	} {
		t.Run(name, func(t *testing.T) {
			want := test.rule
			want.Name, want.Actor, want.Condition = "n", "a", "true"
			object := clienttest.Fields{"id": "id-1", "name": "n", "actor": "a", "condition": "true", "resource": test.resource, "action": test.action}
			server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope(object)))
			got, err := policies.Create(t.Context(), c, clienttest.Account, "demo", want)
			clienttest.RequireNoError(t, err)
			clienttest.RequireEqual(t, want, got.Rule)
			delete(object, "id")
			clienttest.RequireEqual(t, clienttest.Encode(object), server.Seen()[0].Body)
		})
	}
}

// What this version does not know is named, and not lost by a change.
func TestUnknownParts(t *testing.T) {
	strange := clienttest.Fields{
		"resource": clienttest.Fields{"model": "a/b", "region": "eu"},
		"action":   clienttest.Fields{"type": "limit", "amount": 1, "period": "daily", "technique": "rolling", "rollover": clienttest.Fields{"x": 1}},
	}
	server, c := clienttest.Start(t, reply(strange), changed, reply(strange))
	got, err := policies.Update(t.Context(), c, clienttest.Account, "demo", "id-1", rule(func(r *policies.Rule) {
		r.Models, r.Action, r.Amount, r.Period = nil, policies.Budget, 2, "daily"
	}))
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, []string{"action.rollover", "action.technique", "resource.region"}, got.Unknown)
	clienttest.RequireEqual(t, `{"action":{"amount":2,"period":"daily","rollover":{"x":1},"technique":"named-interval","type":"limit"},`+
		`"resource":{"region":"eu"}}`, server.Seen()[1].Body)

	_, c = clienttest.Start(t, reply(clienttest.Fields{"action": clienttest.Fields{"type": "throttle"}}))
	got, err = policies.Get(t.Context(), c, clienttest.Account, "demo", "id-1")
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, policies.Action("throttle"), got.Action)
}

func TestUpdate(t *testing.T) {
	update := func(t *testing.T, c *client.Client, change ...func(*policies.Rule)) (*policies.Policy, error) {
		t.Helper()
		return policies.Update(t.Context(), c, clienttest.Account, "demo", "id-1", rule(change...))
	}
	t.Run("sends what differs, and reads", func(t *testing.T) {
		after := clienttest.Fields{"condition": "true"}
		server, c := clienttest.Start(t, shown, changed, reply(after))
		got, err := update(t, c, func(r *policies.Rule) { r.Condition = "true" })
		clienttest.RequireNoError(t, err)
		clienttest.RequireEqual(t, "true", got.Condition)
		server.RequireRequests(getNewest, putPolicy, getNewest)
		clienttest.RequireEqual(t, `{"condition":"true"}`, server.Seen()[1].Body)
	})
	t.Run("order means nothing", func(t *testing.T) {
		server, c := clienttest.Start(t, reply(clienttest.Fields{"resource": clienttest.Fields{"model": []any{"a/b", "c/d"}}}))
		_, err := update(t, c, func(r *policies.Rule) { r.Models = []string{"c/d", "a/b"} })
		clienttest.RequireNoError(t, err)
		server.RequireRequests(getNewest)
	})
	t.Run("a draft of somebody else", func(t *testing.T) {
		draft := reply(clienttest.Fields{"name": "Theirs", "uncommitted": true})
		server, c := clienttest.Start(t, draft, shown, changed, shown)
		_, err := update(t, c)
		clienttest.RequireNoError(t, err)
		server.RequireRequests(getNewest, getInForce, putPolicy, getNewest)
		clienttest.RequireEqual(t, ruleBody, server.Seen()[2].Body)
	})
	t.Run("saved as a draft", func(t *testing.T) {
		draft := reply(clienttest.Fields{"condition": "true", "uncommitted": true})
		_, c := clienttest.Start(t, shown, clienttest.Reply(200, `{"success":true,"committed":false}`), draft, shown)
		got, err := update(t, c, func(r *policies.Rule) { r.Condition = "true" })
		clienttest.RequireNoError(t, err)
		if !got.HasDraft || !got.Committed || got.Condition != rule().Condition {
			t.Errorf("%+v, want the rule in force and its draft", got)
		}
	})
	t.Run("refused", func(t *testing.T) {
		server, c := clienttest.Start(t, shown, clienttest.Reply(400, clienttest.Failure(7001, "Invalid CEL expression: Syntax error", "body", "condition")))
		_, err := update(t, c, func(r *policies.Rule) { r.Condition = "(" })
		clienttest.RequireText(t, err.Error(), "Invalid CEL expression: Syntax error")
		server.RequireRequests(getNewest, putPolicy)
	})
}

func TestGet(t *testing.T) {
	draft := reply(clienttest.Fields{"name": "Theirs", "uncommitted": true})
	for name, test := range map[string]struct {
		responses           []clienttest.Handler
		requests            []string
		committed, hasDraft bool
		name                string
	}{
		"in force":          {[]clienttest.Handler{shown}, []string{getNewest}, true, false, rule().Name},
		"with a draft":      {[]clienttest.Handler{draft, shown}, []string{getNewest, getInForce}, true, true, rule().Name},
		"never in force":    {[]clienttest.Handler{draft, notFound}, []string{getNewest, getInForce}, false, false, "Theirs"},
		"only ever a draft": {[]clienttest.Handler{draft, draft}, []string{getNewest, getInForce}, false, false, "Theirs"},
	} {
		t.Run(name, func(t *testing.T) {
			server, c := clienttest.Start(t, test.responses...)
			got, err := policies.Get(t.Context(), c, clienttest.Account, "demo", "id-1")
			clienttest.RequireNoError(t, err)
			server.RequireRequests(test.requests...)
			if got.Committed != test.committed || got.HasDraft != test.hasDraft || got.Name != test.name {
				t.Errorf("%+v", got)
			}
			clienttest.RequireEqual(t, time.Date(2026, 10, 5, 23, 15, 12, 0, time.UTC).Year(), got.CreatedAt.Year())
		})
	}
}

// A draft may stand beside the policy in force in a list, with the same id.
func TestListKeepsDrafts(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Envelope([]any{policyObject(nil), policyObject(clienttest.Fields{"staging": true})})))
	all, err := clienttest.Collect(policies.List(t.Context(), c, clienttest.Account, "demo", true))
	clienttest.RequireNoError(t, err)
	if len(all) != 2 || !all[0].Committed || all[1].Committed {
		t.Errorf("%+v", all)
	}
}

func TestCreate(t *testing.T) {
	create := func(c *client.Client) (*policies.Policy, error) {
		return policies.Create(t.Context(), c, clienttest.Account, "demo", rule())
	}
	t.Run("not put in force", func(t *testing.T) {
		_, c := clienttest.Start(t, committed(false, nil))
		got, err := create(c)
		clienttest.RequireNoError(t, err)
		if got.Committed {
			t.Error("a draft counts as a policy in force")
		}
	})
	t.Run("no gateway", func(t *testing.T) {
		_, c := clienttest.Start(t, notFound)
		if _, err := create(c); !errors.Is(err, client.ErrGatewayNotFound) {
			t.Errorf("%v", err)
		}
	})
	t.Run("no policies", func(t *testing.T) {
		_, c := clienttest.Start(t, clienttest.Reply(404, clienttest.Failure(7003, "Could not route to /x, perhaps your object identifier is invalid?")))
		_, err := create(c)
		if errors.Is(err, client.ErrGatewayNotFound) {
			t.Errorf("%v", err)
		}
		clienttest.RequireText(t, err.Error(), "policies are in beta, and this account may not have them yet")
	})
	t.Run("another policy", func(t *testing.T) {
		_, c := clienttest.Start(t, append([]clienttest.Handler{committed(true, clienttest.Fields{"name": "Theirs"})},
			clienttest.Repeat(client.ListLooks, clienttest.Reply(200, clienttest.Envelope([]any{})))...)...)
		if _, err := create(c); !errors.Is(err, client.ErrOutcomeUnknown) {
			t.Errorf("%v", err)
		}
	})
}

// stored returns a list with the policy of [rule], of this age by the server's clock.
func stored(age time.Duration, change clienttest.Fields) clienttest.Handler {
	mine := clienttest.Changed(policyObject(clienttest.Fields{"created_at": clienttest.ServerTime.Add(-age).Unix()}), change)
	other := policyObject(clienttest.Fields{"id": "id-2", "name": "Theirs"})
	return clienttest.Dated(clienttest.Reply(200, clienttest.Envelope([]any{other, mine})))
}

func TestCreateRecovery(t *testing.T) {
	clienttest.Creation{
		Name: "create policy", Request: postPolicy, Noun: "policy", Lost: clienttest.LostObject(),
		Looks: client.ListLooks, Look: []string{"GET " + collection + drafts}, LookName: "list policies", Lags: true,
		Found:   stored(time.Second, nil),
		Missing: clienttest.Dated(clienttest.Reply(200, clienttest.Envelope([]any{policyObject(clienttest.Fields{"id": "id-2", "name": "Theirs"})}))),
		Create: func(ctx context.Context, t *testing.T, c *client.Client) error {
			t.Helper()
			got, err := policies.Create(ctx, c, clienttest.Account, "demo", rule())
			if (got == nil) != (err != nil) || got != nil && got.ID != "id-1" {
				t.Errorf("%+v, %v", got, err)
			}
			return err
		},
	}.TestRecovery(t)
}

// TestDocumentedSamples decodes the samples of the documentation.
func TestDocumentedSamples(t *testing.T) {
	_, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Golden(t, "policy_created.json")), clienttest.Reply(200, clienttest.Golden(t, "policy_list.json")))
	created, err := policies.Create(t.Context(), c, clienttest.Account, "demo", rule())
	clienttest.RequireNoError(t, err)
	if created.ID != "1fbd5ff2-f94d-408d-aa43-dda6ebf9984a" || !created.Committed || !created.Same(rule()) || created.CreatedAt.Unix() != 1791244512 {
		t.Errorf("%+v", created)
	}
	listed, err := clienttest.Collect(policies.List(t.Context(), c, clienttest.Account, "demo", false))
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, policies.Rule{
		Name: "Everyone spend cap", Actor: "company:all", Condition: "true", Action: policies.Budget, Amount: 1000, Period: "monthly",
	}, listed[0].Rule)
}

func TestSimulate(t *testing.T) {
	server, c := clienttest.Start(t, clienttest.Reply(200, clienttest.Golden(t, "policy_simulation.json")), clienttest.Reply(200,
		`{"success":true,"result":{"evaluation":{"decision":"no-limit"},"enforcement":{"allowed":true},"policiesEvaluated":0}}`))
	got, err := policies.Simulate(t.Context(), c, clienttest.Account, "demo", policies.Simulation{
		Identity: map[string]any{"cf": map[string]any{"user": map[string]any{"id": "test-user-123"}}},
		Model:    "openai/gpt-5.5", Provider: "openai", Spent: map[string]float64{"Everyone spend cap": 1000},
	})
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, &policies.Outcome{
		Decision: "check_limits", Reason: "limit_exceeded", Bucket: "<BUCKET_ID>", PolicyName: "Everyone spend cap",
		Spent: clienttest.Ptr(1000.0), Limit: clienttest.Ptr(1000.0), Evaluated: clienttest.Ptr(int64(3)),
	}, got)
	clienttest.RequireEqual(t, `{"bucketUsage":{"Everyone spend cap":{"spent":1000}},"identity":{"cf":{"user":{"id":"test-user-123"}}},`+
		`"model":"openai/gpt-5.5","provider":"openai"}`, server.Seen()[0].Body)
	got, err = policies.Simulate(t.Context(), c, clienttest.Account, "demo", policies.Simulation{Model: "openai/gpt-5.5", Provider: "openai"})
	clienttest.RequireNoError(t, err)
	clienttest.RequireEqual(t, &policies.Outcome{Decision: "no-limit", Allowed: true, Evaluated: clienttest.Ptr(int64(0))}, got)
	clienttest.RequireEqual(t, `{"identity":{},"model":"openai/gpt-5.5","provider":"openai"}`, server.Seen()[1].Body)
}

func FuzzDecodePolicy(f *testing.F) {
	clienttest.FuzzDecoder(f, func(t *testing.T, c *client.Client) error {
		t.Helper()
		policy, err := policies.Get(t.Context(), c, clienttest.Account, "demo", "id-1")
		if err == nil && policy.ID != "id-1" {
			t.Fatalf("%+v", policy)
		}
		return err
	}, clienttest.Encode(policyObject(nil)), `{"id":"id-1","resource":"*","action":{"type":"limit","amount":"5"}}`)
}
