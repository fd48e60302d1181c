package policy_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestLostCreate: the request arrived, and its response did not. The provider finds the
// policy in the list and creates no second one.
func TestLostCreate(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"cut":         {Drop: emulator.DropAfter},
		"bad gateway": {Status: http.StatusBadGateway, AnswerAfter: true},
		"garbage":     {Status: http.StatusOK, Body: "<html>", AnswerAfter: true},
		"no result":   {Status: http.StatusOK, Body: `{"success":true}`, AnswerAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, server := emulate(t)
			s.Emulator.PutPolicy(s.AccountID, gatewayID, lifecycle.Merge(wireEveryone(), attrs{"name": "Other"}))
			s.Emulator.Clock().Advance(time.Hour)
			fault.Method = http.MethodPost
			s.Emulator.Inject(fault)
			r := server.Resource(resourceType)
			lifecycle.RequireNone(t, lifecycle.Apply(t, r, everyone()))
			s.RequireRequests(t, listAll, post, listAll)
			all := s.Emulator.Policies(s.AccountID, gatewayID)
			if len(all) != 2 || all[1]["id"] != r.State()["id"] {
				t.Errorf("state has %v, the service %v", r.State()["id"], all)
			}
		})
	}
}

// TestFailedCreate: nobody knows whether the request arrived. It is not sent again, since
// the service accepts any number of such policies.
func TestFailedCreate(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Drop: emulator.DropBefore})
	r := server.Resource(resourceType)
	diags := lifecycle.Apply(t, r, everyone())
	lifecycle.RequireText(t, diags, "Unable to create policy", "The policy may exist without being in state",
		"Run it again. If it then reports that the object already exists, the error says how to import it")
	s.RequireRequests(t, listAll, post, listAll, listAll, listAll, listAll, listAll)
	if r.Exists() {
		t.Errorf("state %v", r.State())
	}
	r.MustApply(everyone())
	only(t, s)
}

// TestTakenName: a policy that was there before is not touched and not put into state. The
// import that the error proposes works.
func TestTakenName(t *testing.T) {
	t.Parallel()
	s, server := emulate(t)
	id := s.Emulator.PutPolicy(s.AccountID, gatewayID, wireEveryone())
	r := server.Resource(resourceType)
	diags := lifecycle.Apply(t, r, everyone())
	target := s.AccountID + "/" + gatewayID + "/" + id
	lifecycle.RequireText(t, diags.At("name"), "Policy of this name already exists", `id = "`+target+`"`)
	s.RequireRequests(t, listAll)
	if r.Exists() {
		t.Errorf("state %v", r.State())
	}
	lifecycle.RequireNone(t, r.Import(target))
	r.MustPlanEmpty(everyone())
}

// TestFaults lets each request of a change and a deletion go wrong in each way.
func TestFaults(t *testing.T) {
	t.Parallel()
	changed := everyone(attrs{"condition": `cf.country == "DE"`})
	unchanged := func(t *testing.T, r *protocol.Resource, before attrs) {
		t.Helper()
		lifecycle.RequireAttributes(t, r, before)
	}
	subject.Faults(t, acctest.Faults(`{"success":true,"result":{}}`), map[string]lifecycle.FaultCase{
		"change": {
			Method: http.MethodPut, From: everyone(), To: changed, Succeeds: lifecycle.Accepted, RequireKept: unchanged,
		},
		"deletion": {
			Method: http.MethodDelete, From: everyone(), Succeeds: lifecycle.Confirmed, RequireKept: unchanged,
		},
	})
}

func TestReadFails(t *testing.T) {
	t.Parallel()
	subject.ReadFails(t, everyone(), map[string]emulator.Fault{
		"no such resource": {Status: http.StatusOK, Body: `{"success":true,"result":{"id":"x","name":"Everyone","resource":{"region":"eu"},"action":{"type":"block"}}}`},
	}, "Unable to read policy", `gateway "main"`)
}

// TestAnotherObject: a response counts only for the policy that it describes.
func TestAnotherObject(t *testing.T) {
	t.Parallel()
	subject.AnotherObject(t, lifecycle.Others{
		Mine: everyone(), Other: everyone(attrs{"name": "Other"}), New: everyone(attrs{"name": "New"}),
		Changed: everyone(attrs{"name": "Everyone", "action": "block"}), Method: http.MethodPut, Posts: "/policies$",
		Path: func(state attrs) string {
			return "/ai-gateway/gateways/" + gatewayID + "/policies/" + state["id"].(string)
		},
	})
	subject.DeletesNothing(t, everyone())
}

func TestDeletedElsewhere(t *testing.T) {
	t.Parallel()
	subject.Deletions(t, everyone(), map[string]lifecycle.DeletionCase{
		"the policy": {
			Delete:          func(s *acctest.Service, id string) { s.Emulator.DeletePolicy(s.AccountID, gatewayID, id) },
			RefreshRequests: func(id string) []string { return []string{newest(collection + "/" + id)} },
			DestroyRequests: func(id string) []string { return []string{"DELETE " + collection + "/" + id} },
		},
	})
}

// TestChangedElsewhere: a change of each field shows, and a request with exactly that
// field reverts it.
func TestChangedElsewhere(t *testing.T) {
	t.Parallel()
	config := everyone(attrs{"action": "budget", "budget": attrs{"amount": int64(5), "period": "daily"}, "models": []any{"a/b"}})
	limit := `{"amount":5,"period":"daily","technique":"named-interval","type":"limit"}`
	for field, test := range map[string]struct {
		stored any
		sent   string
	}{
		"name":      {"Theirs", `"Everyone"`},
		"actor":     {"x", `"company:all"`},
		"condition": {"false", `"true"`},
		"resource":  {"*", `{"model":"a/b"}`},
		"action":    {attrs{"type": "limit", "amount": 6, "period": "daily", "technique": "named-interval"}, limit},
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			s, server := emulate(t)
			r, one := exists(t, s, server, config)
			id := r.State()["id"].(string)
			s.Emulator.PutPolicyDraft(s.AccountID, gatewayID, id, attrs{field: test.stored})
			s.Emulator.CommitPolicies(s.AccountID, gatewayID)
			if action := r.MustApply(config); action != protocol.Update {
				t.Errorf("%s, want an update", action)
			}
			requireBody(t, s, "PUT", `{"`+field+`":`+test.sent+`}`)
			s.RequireRequests(t, newest(one), newest(one), put(one), newest(one), newest(one))
		})
	}
}
