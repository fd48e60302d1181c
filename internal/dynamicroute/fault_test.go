package dynamicroute_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// Paths of requests, as faults match them.
const (
	allRoutes     = "/routes$"
	oneRoute      = "/routes/[^/]+$"
	newVersion    = versions + "$"
	newDeployment = deployments + "$"
)

// TestFault lets each request that changes something go wrong in each way. There
// is never a second route or a version too many.
func TestFault(t *testing.T) {
	t.Parallel()
	before := attrs{"gateway_id": gatewayID, "name": "support", "entry": "ask", "elements": attrs{"ask": modelTo("openai", "gpt-5.2", "end", "end")}}
	changed := with(with(before, "name", "help"), "elements.ask.model.retries", int64(3))
	versions := func(n int) lifecycle.Subject {
		sub := subject
		sub.RequireStored = func(t *testing.T, s *acctest.Service, r *protocol.Resource, config attrs) {
			t.Helper()
			subject.RequireStored(t, s, r, config)
			requireHistory(t, s, n)
		}
		return sub
	}
	faults := acctest.Faults(`{"success":true,"result":{},"route":{}}`)
	versions(1).Faults(t, faults, map[string]lifecycle.FaultCase{
		"create": {Method: http.MethodPost, Path: allRoutes, To: before, Succeeds: lifecycle.Recovered, RequireKept: requireNothingClaimed},
		"delete": {Method: http.MethodDelete, Path: oneRoute, From: before, Succeeds: lifecycle.Confirmed, RequireKept: requireNothingClaimed},
	})
	versions(2).Faults(t, faults, map[string]lifecycle.FaultCase{
		// The next plan sees what was renamed.
		"rename":  {Method: http.MethodPatch, Path: oneRoute, From: before, To: changed, Succeeds: lifecycle.Accepted, RequireKept: requireNothingClaimed},
		"version": {Method: http.MethodPost, Path: newVersion, From: before, To: changed, Succeeds: lifecycle.Recovered, RequireKept: requireNothingClaimed},
		"deploy":  {Method: http.MethodPost, Path: newDeployment, From: before, To: changed, Succeeds: lifecycle.Recovered, RequireKept: requireNothingClaimed},
	})
}

// TestAnotherObject: a response counts only for the route that it describes.
func TestAnotherObject(t *testing.T) {
	t.Parallel()
	subject.AnotherObject(t, lifecycle.Others{
		Mine: gated(), Other: with(gated(), "name", "other"), New: with(gated(), "name", "new"),
		Changed: with(gated(), "name", "help"), Method: http.MethodPatch, Posts: allRoutes,
		Path: func(state attrs) string {
			return "/ai-gateway/gateways/" + gatewayID + "/routes/" + state["id"].(string)
		},
	})
	subject.DeletesNothing(t, gated())
}

// requireNothingClaimed fails the test unless state, but for a name that was
// changed already, is what it was.
func requireNothingClaimed(t *testing.T, r *protocol.Resource, before attrs) {
	t.Helper()
	for _, attribute := range []string{"id", "version_id", "deployment_id", "entry"} {
		if got := r.State()[attribute]; got != before[attribute] {
			t.Errorf("%s was %v and is %v after an error", attribute, before[attribute], got)
		}
	}
	if r.Exists() {
		requireGraph(t, r, before)
	}
}

// TestRepeated: requests that are safe to repeat are repeated.
func TestRepeated(t *testing.T) {
	t.Parallel()
	unavailable := func(method, path string) emulator.Fault {
		return emulator.Fault{Method: method, Path: path, Status: http.StatusServiceUnavailable, AnswerAfter: true}
	}
	subject.Repeats(t, gated(), map[string]lifecycle.RepeatCase{
		"read":   {Fault: unavailable(http.MethodGet, oneRoute), To: gated()},
		"rename": {Fault: unavailable(http.MethodPatch, oneRoute), To: with(gated(), "name", "help")},
		"deploy": {Fault: unavailable(http.MethodPost, newDeployment), To: with(gated(), "elements.tier.conditional.on_true", "quota")},
		"delete": {Fault: unavailable(http.MethodDelete, oneRoute), To: nil},
	})
}

// TestTurnedAway: a request that the service turned away is sent again, even if it
// must not be carried out twice.
func TestTurnedAway(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	changed := with(gated(), "elements.tier.conditional.on_true", "quota")
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: allRoutes, Status: http.StatusTooManyRequests})
	requireNone(t, try(t, r, gated()))
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: newVersion, Status: http.StatusTooManyRequests})
	requireNone(t, try(t, r, changed))
	one := routes + "/" + only(t, s).ID
	s.RequireRequests(t, postRoute, postRoute, "GET "+one, "POST "+one+versions, "POST "+one+versions, "POST "+one+deployments)
	r.MustPlanEmpty(changed)
	requireHistory(t, s, 2)
}

// TestReadFails: a response that is not the API's, or that says nothing of the
// route, never removes a route from state.
func TestReadFails(t *testing.T) {
	t.Parallel()
	subject.ReadFails(t, gated(), map[string]emulator.Fault{
		"no graph":     {Status: http.StatusOK, Body: `{"success":true,"result":{"name":"support"}}`},
		"half a graph": {Status: http.StatusOK, Body: `{"success":true,"result":{"name":"support","elements":[{"id":"end","type":"end"}]}}`},
	}, "Unable to read dynamic route", `Dynamic route "support" of gateway "main" in account `+acctest.AccountID)
}

// TestCreateStoresAnotherGraph: the service says success and has made something
// else, which is deleted again.
func TestCreateStoresAnotherGraph(t *testing.T) {
	t.Parallel()
	for name, deletes := range map[string]bool{"deleted again": true, "left": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r := s.Protocol(t, once).Resource(resourceType)
			id := s.Emulator.PutRoute(s.AccountID, gatewayID, "support", onWire("other"))
			s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: allRoutes, Status: http.StatusOK, Body: `{"success":true,"result":{"id":"` + id +
				`","name":"support","version":{"version_id":"v","data":` + onWireText(t, "other") + `},"deployment":{"deployment_id":"d"}}}`})
			if !deletes {
				s.Emulator.Inject(emulator.Fault{Method: http.MethodDelete, Status: http.StatusForbidden})
			}
			diags := try(t, r, gated())
			// The first that differs is named.
			requireRefused(t, diags[:1], refusal{
				at: `elements["cheap"]`, summary: "The service stored another graph",
				detail: `The request succeeded, but the route has another graph: its element "cheap" differs, or it has more ` +
					"elements. Write the graph in the way that the service stores it. If the service should have accepted this graph, please " +
					"report it to the provider.",
			})
			s.RequireRequests(t, postRoute, "DELETE "+routes+"/"+id)
			if r.Exists() == deletes || r.Tainted() == deletes {
				t.Errorf("in state: %v, tainted: %v", r.Exists(), r.Tainted())
			}
			if deletes {
				requireSays(t, diags, "The dynamic route was deleted again")
			} else {
				requireIdentity(t, s, r, id)
			}
			r.MustApply(gated())
			requireInForce(t, s, r)
		})
	}
}

// TestCreateStoresMore: all that was sent is there, and something else.
func TestCreateStoresMore(t *testing.T) {
	t.Parallel()
	for name, data := range map[string]string{
		"another entry":    strings.Replace(onWireText(t, "ask"), `{"elementId":"ask"}`, `{"elementId":"end"}`, 1),
		"one element more": strings.Replace(onWireText(t, "ask"), `[`, `[{"id":"more","type":"percentage","outputs":{"else":{"elementId":"end"}}},`, 1),
	} {
		s := service(t)
		r := s.Protocol(t, once).Resource(resourceType)
		id := s.Emulator.PutRoute(s.AccountID, gatewayID, "route", onWire("ask"))
		s.Emulator.Inject(emulator.Fault{
			Method: http.MethodPost, Path: allRoutes, Status: http.StatusOK,
			Body: `{"success":true,"result":{"id":"` + id + `","name":"route","version":{"version_id":"v","data":` + data + `},"deployment":{"deployment_id":"d"}}}`,
		})
		config := with(route(attrs{"ask": modelTo("openai", "gpt-5.2", "end", "end")}), "entry", "ask")
		diags := try(t, r, with(config, "elements.ask.model.timeout", int64(1)))
		requireSays(t, diags.At("entry"), "The service stored another graph", "its entry differs, or it has more elements")
		requireSays(t, diags, `Dynamic route "route" was created and then deleted again, because the service did not store what was planned.`)
		if r.Exists() || len(diags) != 2 {
			t.Errorf("%s: %s", name, diags)
		}
	}
}

// TestPartlyChanged: the name was changed before the graph was refused, or the
// version made before it could not be deployed, so nobody claims that nothing
// was changed; of a change that stops at once, it is said.
func TestPartlyChanged(t *testing.T) {
	t.Parallel()
	refusing := func(method, path string) emulator.Fault {
		return emulator.Fault{
			Method: method, Path: path, Status: http.StatusBadRequest, Body: `{"success":false,"errors":[{"code":7001,"message":"Not like this"}]}`,
		}
	}
	for name, test := range map[string]struct {
		fault  emulator.Fault
		name   string // in state afterwards
		partly bool
	}{
		"name":       {refusing(http.MethodPatch, oneRoute), "support", false},
		"version":    {refusing(http.MethodPost, newVersion), "help", true},
		"deployment": {refusing(http.MethodPost, newDeployment), "help", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, _ := exists(t, s, s.Protocol(t, once), gated())
			s.Emulator.Inject(test.fault)
			diags := try(t, r, with(next(), "name", "help"))
			requireSays(t, diags, "Not like this (code 7001)", "The service refused the request. Correct the values that it names and apply again")
			if claims := strings.Contains(strings.ToLower(diags.String()), "nothing was changed"); claims == test.partly {
				t.Errorf("it claims that nothing was changed: %v\n%s", claims, diags)
			}
			if got := r.State()["name"]; got != test.name || only(t, s).Name != test.name {
				t.Errorf("the name in state is %v, and %s in the service", got, only(t, s).Name)
			}
			requireGraph(t, r, gated())
		})
	}
}

// TestGatewayMissing: the mistake is gateway_id's, whatever is done.
func TestGatewayMissing(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	r := server.Resource(resourceType)
	diags := try(t, r, with(gated(), "gateway_id", "nowhere"))
	requireSays(t, diags.At("gateway_id"), "Gateway not found", "Account "+s.AccountID+` has no gateway "nowhere"`)
	if len(diags) != 1 || r.Exists() {
		t.Errorf("state %v, %s", r.State(), diags)
	}
	requireSays(t, diags, "If this configuration creates the gateway, refer to the id attribute of the resource.")
	there, _ := exists(t, s, server, gated())
	plan := planOf(t, there, with(gated(), "elements.tier.conditional.on_true", "quota"))
	s.Emulator.DeleteGateway(s.AccountID, gatewayID)
	diags = there.Apply(plan)
	requireSays(t, diags.At("gateway_id"), "Gateway not found")
	requireGraph(t, there, gated())
}

// onWire returns the graph of one model by the id, in the terms of the wire.
func onWire(id string) []map[string]any {
	to := func(id string) attrs { return attrs{"elementId": id} }
	return []map[string]any{
		{"id": "start", "type": "start", "outputs": attrs{"next": to(id)}},
		{
			"id": id, "type": "model", "properties": attrs{"provider": "openai", "model": "gpt-5.2", "timeout": 1, "retries": 0},
			"outputs": attrs{"success": to("end"), "fallback": to("end")},
		},
		{"id": "end", "type": "end", "outputs": attrs{}},
	}
}

func onWireText(t *testing.T, id string) string {
	t.Helper()
	raw, err := json.Marshal(onWire(id))
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
