package dynamicroute_test

import (
	"net/http"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestDeletedElsewhere(t *testing.T) {
	t.Parallel()
	requests := func(method string) func(string) []string {
		return func(id string) []string { return []string{method + " " + routes + "/" + id} }
	}
	deletions := map[string]lifecycle.DeletionCase{}
	for name, remove := range map[string]func(s *acctest.Service, id string){
		"the route": func(s *acctest.Service, id string) { s.Emulator.DeleteRoute(s.AccountID, gatewayID, id) },
		"the gateway": func(s *acctest.Service, _ string) {
			s.Emulator.DeleteGateway(s.AccountID, gatewayID)
			s.Emulator.PutGateway(s.AccountID, attrs{"id": gatewayID})
		},
	} {
		deletions[name] = lifecycle.DeletionCase{Delete: remove, RefreshRequests: requests("GET"), DestroyRequests: requests("DELETE")}
	}
	subject.Deletions(t, gated(), deletions)
}

// TestGatewayGone: with its gateway, the route goes from state and needs no
// deletion.
func TestGatewayGone(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), gated())
	plan, _ := r.Plan(nil)
	gone := *r
	s.Emulator.DeleteGateway(s.AccountID, gatewayID)
	requireNone(t, r.Apply(plan))
	if diags := gone.Refresh(); len(diags) > 0 || gone.Exists() {
		t.Errorf("state %v, %s", gone.State(), diags)
	}
	s.RequireRequests(t, "DELETE "+routes+"/"+id, "GET "+routes+"/"+id)
}

// TestDeletedBeforeUpdate: state keeps what it was, and the next run creates.
func TestDeletedBeforeUpdate(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]attrs{"rename": with(gated(), "name", "help"), "graph": next()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, id := exists(t, s, s.Protocol(t, nil), gated())
			plan := planOf(t, r, to)
			s.Emulator.DeleteRoute(s.AccountID, gatewayID, id)
			before := r.State()
			requireSays(t, r.Apply(plan), "the next plan creates it again")
			requireNothingClaimed(t, r, before)
			if action := r.MustApply(to); action != protocol.Create {
				t.Errorf("%s, want a create", action)
			}
			requireInForce(t, s, r)
		})
	}
}

// TestRenamedElsewhere shows, and is undone by one request.
func TestRenamedElsewhere(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), gated())
	s.Emulator.RenameRoute(s.AccountID, gatewayID, id, "else")
	requireNone(t, r.Refresh())
	requireInForce(t, s, r)
	s.Emulator.ResetRequests()
	r.MustApply(gated())
	s.RequireRequests(t, "GET "+routes+"/"+id, "PATCH "+routes+"/"+id, "GET "+routes+"/"+id)
	requireInForce(t, s, r)
	requireHistory(t, s, 1)
}

// TestRedeployedElsewhere shows, and the configured graph comes back by the
// version that is there already.
func TestRedeployedElsewhere(t *testing.T) {
	t.Parallel()
	for _, set := range [][]emulator.Quirk{nil, emulator.RouteQuirks()} {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			s := service(t, set...)
			r, id := exists(t, s, s.Protocol(t, nil), gated())
			ours := r.State()["version_id"]
			bare := len(set) > 0
			for round := range 2 {
				theirs := s.Emulator.DeployRoute(s.AccountID, gatewayID, id, onWire("other"))
				requireNone(t, r.Refresh())
				requireInForce(t, s, r)
				if r.State()["version_id"] != theirs {
					t.Errorf("version_id = %v, want theirs, %s", r.State()["version_id"], theirs)
				}
				requireGraph(t, r, attrs{"entry": "other", "elements": attrs{"other": attrs{"model": attrs{
					"provider": "openai", "model": "gpt-5.2", "timeout": 1.0, "retries": 0.0, "on_success": "end", "on_fallback": "end",
				}}}})
				s.Emulator.ResetRequests()
				requireNone(t, try(t, r, gated()))
				want := []string{"POST " + routes + "/" + id + deployments}
				if bare {
					want = append(want, "GET "+routes+"/"+id)
				}
				s.RequireRequests(t, want...)
				r.MustPlanEmpty(gated())
				requireInForce(t, s, r)
				if stored := only(t, s); stored.Deployed != ours || len(stored.Versions) != round+2 {
					t.Errorf("version %s of %v is in force, want %s", stored.Deployed, stored.Versions, ours)
				}
			}
		})
	}
}

// TestRedeployedTheSame: another version was deployed whose graph means the
// same, with other ids for start and end, several ends, properties that nobody
// knows, and numbers and conditions in another form.
func TestRedeployedTheSame(t *testing.T) {
	t.Parallel()
	to := func(id string) attrs { return attrs{"elementId": id} }
	same := []map[string]any{
		{"id": "finish", "type": "end", "outputs": attrs{}},
		{
			"id": "ask", "type": "model", "properties": attrs{
				"retries": 1.0, "timeout": 10000, "model": "gpt-5.2", "provider": "openai", "temperature": 0.5,
			}, "outputs": attrs{"success": to("7f9c"), "fallback": to("finish")}, "position": attrs{"x": 1, "y": 2},
		},
		{"id": "7f9c", "type": "end", "outputs": attrs{}},
		{"id": "2b1e", "type": "start", "outputs": attrs{"next": to("choose")}},
		{
			"id": "choose", "type": "conditional", "properties": attrs{"conditions": attrs{"b": 1.0, "a": attrs{"$in": []any{1, "x"}}}},
			"outputs": attrs{"true": to("ask"), "false": to("finish")},
		},
	}
	config := attrs{
		"gateway_id": gatewayID, "name": "support", "entry": "choose", "elements": attrs{
			"choose": attrs{"conditional": attrs{"conditions": ` {"a": {"$in": [1e0, "x"]}, "b": 1.00}`, "on_true": "ask", "on_false": "end"}},
			"ask": attrs{"model": attrs{
				"provider": "openai", "model": "gpt-5.2", "timeout": int64(10000), "retries": int64(1), "on_success": "end", "on_fallback": "end",
			}},
		},
	}
	for _, set := range acctest.Combinations(emulator.RouteElementsTop, emulator.RouteRepliesBare, emulator.ExtraFields) {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			s := service(t, set...)
			r, id := exists(t, s, s.Protocol(t, nil), config)
			theirs := s.Emulator.DeployRoute(s.AccountID, gatewayID, id, same)
			r.MustPlanEmpty(config)
			s.RequireRequests(t, "GET "+routes+"/"+id)
			requireGraph(t, r, config)
			requireInForce(t, s, r)
			if r.State()["version_id"] != theirs {
				t.Errorf("version_id = %v, want %s", r.State()["version_id"], theirs)
			}
		})
	}
}

// TestUnknownElement: a type that this version of the provider does not know
// warns and shows as a difference.
func TestUnknownElement(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), gated())
	body := `{"success":true,"result":{"id":"` + id + `","name":"support","version":{"version_id":"theirs","data":[` +
		`{"id":"start","type":"start","outputs":{"next":{"elementId":"cache"}}},` +
		`{"id":"cache","type":"semantic_cache","outputs":{"hit":{"elementId":"end"},"miss":{"elementId":"judge"}}},` +
		`{"id":"judge","type":"judge","outputs":{}},{"id":"end","type":"end","outputs":{}}]}}}`
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Status: http.StatusOK, Body: body})
	diags := r.Refresh()
	requireSays(t, diags, "WARNING: Elements that this version of the provider does not know", "does not know: cache, judge.")
	if diags.HasError() {
		t.Fatal(diags)
	}
	requireGraph(t, r, attrs{"entry": "cache", "elements": attrs{"cache": attrs{}, "judge": attrs{}}})
	if r.State()["version_id"] != "theirs" {
		t.Errorf("version_id = %v", r.State()["version_id"])
	}
	s.Emulator.ResetRequests()
	if plan := planOf(t, r, gated()); plan.Action != protocol.Update {
		t.Errorf("the plan is %s, want an update", plan.Action)
	}
	requireNone(t, try(t, r, gated()))
	s.RequireRequests(t, "POST "+routes+"/"+id+deployments)
	r.MustPlanEmpty(gated())
	requireHistory(t, s, 1)
}

// TestChangedBetweenPlanAndApply: a colleague deploys a version while a plan
// waits. What was planned is done, and what was not shows next.
func TestChangedBetweenPlanAndApply(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]attrs{"rename": with(gated(), "name", "help"), "graph": next()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, id := exists(t, s, s.Protocol(t, nil), gated())
			plan := planOf(t, r, to)
			s.Emulator.DeployRoute(s.AccountID, gatewayID, id, onWire("other"))
			requireNone(t, r.Apply(plan))
			r.MustApply(to)
			requireInForce(t, s, r)
			requireGraph(t, r, to)
		})
	}
}
