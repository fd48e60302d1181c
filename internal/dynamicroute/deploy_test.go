package dynamicroute_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// next returns a configuration that follows on [gated] with another graph.
func next() attrs { return with(gated(), "elements.tier.conditional.on_true", "quota") }

// pending returns a route with a version of [next] that could not be deployed, and
// what the apply said.
func pending(t *testing.T, faults ...emulator.Fault) (*acctest.Service, *protocol.Resource, protocol.Diagnostics) {
	t.Helper()
	s := service(t)
	r, _ := exists(t, s, s.Protocol(t, once), gated())
	s.Emulator.Clock().Advance(time.Hour)
	for _, fault := range append(faults, acctest.Failed(http.StatusInternalServerError)) {
		fault.Method = http.MethodPost
		if fault.Path == "" {
			fault.Path = newDeployment
		}
		s.Emulator.Inject(fault)
	}
	diags := try(t, r, next())
	s.Emulator.ClearFaults()
	s.Emulator.ResetRequests()
	return s, r, diags
}

// TestPendingVersion: the deployment failed. The previous version stays deployed,
// state says so, and the next apply deploys the version that is there.
func TestPendingVersion(t *testing.T) {
	t.Parallel()
	for name, faults := range map[string][]emulator.Fault{
		"deployment failed":              nil,
		"and the version's answer lost":  {{Path: newVersion, Drop: emulator.DropAfter}},
		"and the version's answer a 502": {{Path: newVersion, Status: http.StatusBadGateway, AnswerAfter: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, r, diags := pending(t, faults...)
			stored := only(t, s)
			requireSays(t, diags,
				"Unable to deploy a version of dynamic route", "It stumbled (code 7009)", "version \""+stored.Versions[0]+"\" is in force",
				"WARNING: The previous version stays deployed", "The new graph of the dynamic route \"support\" was created as version "+stored.Versions[1])
			if len(stored.Versions) != 2 || stored.Deployed != stored.Versions[0] {
				t.Errorf("versions %v, %s in force", stored.Versions, stored.Deployed)
			}
			requireGraph(t, r, gated())
			requireInForce(t, s, r)

			if action := r.MustApply(next()); action != protocol.Update {
				t.Errorf("%s, want an update", action)
			}
			one := routes + "/" + stored.ID
			s.RequireRequests(t, "GET "+one, "POST "+one+deployments, "GET "+one)
			requireGraph(t, r, next())
			requireInForce(t, s, r)
			requireHistory(t, s, 2)
		})
	}
}

// TestPendingVersionFailsAgain, and again, without a pile of versions.
func TestPendingVersionFailsAgain(t *testing.T) {
	t.Parallel()
	s, r, _ := pending(t)
	for range 2 {
		s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: newDeployment, Status: http.StatusForbidden})
		requireSays(t, try(t, r, next()), "Unable to deploy", "The previous version stays deployed")
	}
	one := routes + "/" + only(t, s).ID
	s.RequireRequests(t, "POST "+one+deployments, "POST "+one+deployments)
	r.MustApply(next())
	requireHistory(t, s, 2)
}

// TestPendingVersionUnwanted: the configuration has changed in the meantime.
func TestPendingVersionUnwanted(t *testing.T) {
	t.Parallel()
	t.Run("for what it was", func(t *testing.T) {
		t.Parallel()
		s, r, _ := pending(t)
		r.MustPlanEmpty(gated())
		one := routes + "/" + only(t, s).ID
		s.RequireRequests(t, "GET "+one)
		// Wanted after all, it is still there.
		requireNone(t, try(t, r, next()))
		s.RequireRequests(t, "POST "+one+deployments)
		r.MustPlanEmpty(next())
		requireHistory(t, s, 2)
	})
	t.Run("for something else", func(t *testing.T) {
		t.Parallel()
		s, r, _ := pending(t)
		third := with(gated(), "elements.strong.model.retries", int64(3))
		requireNone(t, try(t, r, third))
		one := routes + "/" + only(t, s).ID
		s.RequireRequests(t, "GET "+one, "POST "+one+versions, "POST "+one+deployments)
		r.MustPlanEmpty(third)
		requireHistory(t, s, 3)
		requireInForce(t, s, r)
	})
	t.Run("for another name alone", func(t *testing.T) {
		t.Parallel()
		s, r, _ := pending(t)
		requireNone(t, try(t, r, with(gated(), "name", "help")))
		requireNone(t, try(t, r, with(next(), "name", "help")))
		one := routes + "/" + only(t, s).ID
		s.RequireRequests(t, "PATCH "+one, "POST "+one+deployments)
		requireHistory(t, s, 2)
	})
}

// missing returns the answer about a version, or a route, that does not exist.
func missing(path string) emulator.Fault {
	return emulator.Fault{
		Method: http.MethodPost, Path: path, Status: http.StatusNotFound,
		Body: `{"success":false,"errors":[{"code":7005,"message":"Not found"}]}`,
	}
}

// TestPendingVersionVanished: the service has dropped it, so another is made.
func TestPendingVersionVanished(t *testing.T) {
	t.Parallel()
	s, r, _ := pending(t)
	s.Emulator.Inject(missing(newDeployment))
	requireNone(t, try(t, r, next()))
	one := routes + "/" + only(t, s).ID
	s.RequireRequests(t, "POST "+one+deployments, "GET "+one, "POST "+one+versions, "POST "+one+deployments)
	r.MustPlanEmpty(next())
	requireHistory(t, s, 3)
	requireInForce(t, s, r)
	// It is the new one that is remembered now.
	s.Emulator.DeployRoute(s.AccountID, gatewayID, only(t, s).ID, onWire("other"))
	s.Emulator.ResetRequests()
	r.MustApply(next())
	s.RequireRequests(t, "GET "+one, "POST "+one+deployments, "GET "+one)
}

// TestPendingVersionOfNoRoute: the route has gone with its versions.
func TestPendingVersionOfNoRoute(t *testing.T) {
	t.Parallel()
	s, r, _ := pending(t)
	one := routes + "/" + only(t, s).ID
	s.Emulator.DeleteRoute(s.AccountID, gatewayID, only(t, s).ID)
	requireSays(t, try(t, r, next()), "Unable to create a version of dynamic route", "the next plan creates it again")
	s.RequireRequests(t, "POST "+one+deployments, "GET "+one)
	if action := r.MustApply(next()); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}
	requireHistory(t, s, 1)
}

// TestDeployedByWhom: the deployment may or may not have been carried out,
// and nothing else is said.
func TestDeployedByWhom(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, _ := exists(t, s, s.Protocol(t, once), gated())
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: newDeployment, Drop: emulator.DropAfter})
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Delay: 1}) // the read of the graph in force
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Drop: emulator.DropBefore, Times: -1})
	diags := try(t, r, next())
	requireSays(t, diags, "Unable to deploy", "The request may or may not have been applied", "WARNING: The deployed version is not known")
	s.Emulator.ClearFaults()
	r.MustPlanEmpty(next())
	requireInForce(t, s, r)
	requireHistory(t, s, 2)
}

// TestVersionByWhom: a version was made, and neither its answer nor the list
// that would tell of it arrives. Nothing remembers it, so the next apply makes
// another: one too many, however often it fails afterwards.
func TestVersionByWhom(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, _ := exists(t, s, s.Protocol(t, once), gated())
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: newVersion, Drop: emulator.DropAfter})
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Delay: 1}) // the read of the graph in force
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Drop: emulator.DropBefore, Times: -1})
	requireSays(t, try(t, r, next()), "Unable to create a version of dynamic route", "The request may or may not have been applied")
	s.Emulator.ClearFaults()
	requireGraph(t, r, gated())
	requireInForce(t, s, r)
	for range 2 {
		s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: newDeployment, Status: http.StatusForbidden})
		requireSays(t, try(t, r, next()), "The previous version stays deployed")
	}
	r.MustApply(next())
	requireInForce(t, s, r)
	requireHistory(t, s, 3)
}

// TestRenamedThenFailed: what is done is in state, and the next plan shows the
// rest alone.
func TestRenamedThenFailed(t *testing.T) {
	t.Parallel()
	both := with(next(), "name", "help")
	for name, test := range map[string]struct {
		path string
		rest []string
	}{
		"version":    {newVersion, []string{versions, deployments}},
		"deployment": {newDeployment, []string{deployments}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, id := exists(t, s, s.Protocol(t, once), gated())
			s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: test.path, Status: http.StatusForbidden})
			requireSays(t, try(t, r, both), `Dynamic route "help" of gateway "main"`)
			requireGraph(t, r, gated())
			requireInForce(t, s, r)
			s.Emulator.ResetRequests()

			plan := planOf(t, r, both)
			planned, state := protocol.Object(t, plan.Planned), r.State()
			for _, attribute := range []string{"id", "name", "model", "created_at"} {
				if planned[attribute] != state[attribute] {
					t.Errorf("%s is planned as %v, want %v", attribute, planned[attribute], state[attribute])
				}
			}
			requireNone(t, r.Apply(plan))
			var want []string
			for _, rest := range test.rest {
				if rest == versions {
					want = append(want, "GET "+routes+"/"+id)
				}
				want = append(want, "POST "+routes+"/"+id+rest)
			}
			s.RequireRequests(t, want...)
			r.MustPlanEmpty(both)
			requireHistory(t, s, 2)
		})
	}
}
