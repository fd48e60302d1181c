package dynamicroute_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

type fault = acctest.Fault

// faults are those of a request that changes something.
func faults() map[string]fault {
	return acctest.Faults(`{"success":true,"result":{},"route":{}}`)
}

// Paths of requests, as faults match them.
const (
	allRoutes     = "/routes$"
	oneRoute      = "/routes/[^/]+$"
	newVersion    = versions + "$"
	newDeployment = deployments + "$"
)

// TestFault lets each request that changes something go wrong in each way. The
// next apply at the latest sets it right, with no second route and no version
// too many.
func TestFault(t *testing.T) {
	t.Parallel()
	before := attrs{"gateway_id": gatewayID, "name": "support", "entry": "ask", "elements": attrs{"ask": modelTo("openai", "gpt-5.2", "end", "end")}}
	changed := with(with(before, "name", "help"), "elements.ask.model.retries", int64(3))
	lookedFor := func(f fault) bool { return f.Done }
	accepted := func(f fault) bool { return f.Accepted }
	never := func(fault) bool { return false } // but the next plan sees it
	for request, test := range map[string]struct {
		method, path string
		// succeeds is whether a request that was carried out counts as done.
		succeeds func(fault) bool
		from, to attrs
		versions int
	}{
		"create":  {http.MethodPost, allRoutes, lookedFor, nil, before, 1},
		"rename":  {http.MethodPatch, oneRoute, never, before, changed, 2},
		"version": {http.MethodPost, newVersion, lookedFor, before, changed, 2},
		"deploy":  {http.MethodPost, newDeployment, lookedFor, before, changed, 2},
		"delete":  {http.MethodDelete, oneRoute, accepted, before, nil, 0},
	} {
		for name, fault := range faults() {
			t.Run(request+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := service(t)
				r := s.Protocol(t, once).Resource(resourceType)
				if test.from != nil {
					requireNone(t, try(t, r, test.from))
				}
				s.Emulator.Clock().Advance(time.Hour)
				fault.Method, fault.Path = test.method, test.path
				s.Emulator.Inject(fault.Fault)
				was := r.State()
				diags := try(t, r, test.to)
				if diags.HasError() == test.succeeds(fault) {
					t.Errorf("carried out: %v, and the apply said %s", fault.Done, diags)
				}
				if r.Tainted() {
					t.Error("the route is tainted")
				}
				if diags.HasError() {
					requireNothingClaimed(t, r, was)
				}
				s.Emulator.ClearFaults()
				r.MustApply(test.to)
				if test.to == nil {
					if left := s.Emulator.Routes(s.AccountID, gatewayID); len(left) > 0 {
						t.Errorf("left behind: %v", left)
					}
					return
				}
				requireGraph(t, r, test.to)
				requireInForce(t, s, r)
				requireHistory(t, s, test.versions)
			})
		}
	}
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

// TestRepeated: what is safe to repeat is repeated, and nobody notices.
func TestRepeated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path string
		to           attrs
	}{
		"read":   {http.MethodGet, oneRoute, gated()},
		"rename": {http.MethodPatch, oneRoute, with(gated(), "name", "help")},
		"deploy": {http.MethodPost, newDeployment, with(gated(), "elements.tier.conditional.on_true", "quota")},
		"delete": {http.MethodDelete, oneRoute, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, _ := exists(t, s, s.Protocol(t, nil), gated())
			s.Emulator.Inject(emulator.Fault{Method: test.method, Path: test.path, Status: http.StatusServiceUnavailable, AnswerAfter: true})
			r.MustApply(test.to)
			if test.to != nil {
				requireInForce(t, s, r)
			}
		})
	}
}

// TestTurnedAway: what the service turned away is sent again, also a request
// that must not be carried out twice.
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
	s.RequireRequests(t, postRoute, postRoute, "POST "+one+versions, "POST "+one+versions, "POST "+one+deployments)
	r.MustPlanEmpty(changed)
	requireHistory(t, s, 2)
}

// TestReadFails: an answer that is not the API's, or that says nothing of the
// route, never removes a route from state.
func TestReadFails(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]emulator.Fault{
		"a web server's 404": {Status: http.StatusNotFound, Body: "<html>not found</html>"},
		"could not route":    {Status: http.StatusNotFound, Body: `{"success":false,"errors":[{"code":7003,"message":"Could not route"},{"code":7000,"message":"No route for that URI"}]}`},
		"a login page":       {Status: http.StatusOK, Body: "<html>sign in</html>"},
		"an empty success":   {Status: http.StatusOK, Body: `{"success":true,"result":null}`},
		"no graph":           {Status: http.StatusOK, Body: `{"success":true,"result":{"id":"x","name":"support"}}`},
		"half a graph":       {Status: http.StatusOK, Body: `{"success":true,"result":{"id":"x","name":"support","elements":[{"id":"end","type":"end"}]}}`},
		"forbidden":          {Status: http.StatusForbidden, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`},
		"a failure":          acctest.Failed(http.StatusInternalServerError),
		"a cut":              {Drop: emulator.DropBefore, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, _ := exists(t, s, s.Protocol(t, once), gated())
			answer.Method = http.MethodGet
			s.Emulator.Inject(answer)
			diags := r.Refresh()
			requireSays(t, diags, "Unable to read dynamic route", `Dynamic route "support" of gateway "main" in account `+s.AccountID)
			if !diags.HasError() || !r.Exists() {
				t.Errorf("state %v", r.State())
			}
			s.Emulator.ClearFaults()
			r.MustPlanEmpty(gated())
		})
	}
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
				detail: `The request succeeded, but the route's graph is not the one that was sent: its element "cheap" differs, or there are ` +
					"elements besides. Write the graph in the way that the service keeps it. If it should have kept this one, please report it " +
					"to the provider.",
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
		requireSays(t, diags.At("entry"), "The service stored another graph", "its entry differs, or there are elements besides")
		requireSays(t, diags, `Dynamic route "route" had just been created and was deleted again, since the service did not store what was asked for.`)
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
			requireSays(t, diags, "Not like this (code 7001)", "The service refused the request. Correct the values it names and apply again")
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
	requireSays(t, diags, "If the same configuration creates it, refer to the resource's id instead.")
	there, _ := exists(t, s, server, gated())
	plan := planOf(t, there, with(gated(), "elements.tier.conditional.on_true", "quota"))
	s.Emulator.DeleteGateway(s.AccountID, gatewayID)
	diags = there.Apply(plan)
	requireSays(t, diags.At("gateway_id"), "Gateway not found")
	requireGraph(t, there, gated())
}

// onWire is the graph of one model by the id, in the terms of the wire.
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
