package dynamicroute_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestNameTaken: another route has the name. It is not touched and not put into
// state, also when it has the graph that was asked for.
func TestNameTaken(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string][]emulator.Quirk{"as documented": nil, "as the database says": {emulator.RouteNameClash500}} {
		for how, drop := range map[string]emulator.Drop{"refused": emulator.NoDrop, "refused, and the answer lost": emulator.DropAfter} {
			t.Run(name+"/"+how, func(t *testing.T) {
				t.Parallel()
				s := service(t, quirks...)
				server := s.Protocol(t, once)
				first, id := exists(t, s, server, gated())
				s.Emulator.Clock().Advance(time.Hour)
				s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Drop: drop})
				second := server.Resource(resourceType)
				diags := try(t, second, gated())
				importID := s.AccountID + "/" + gatewayID + "/support"
				requireSays(t, diags, "Unable to create dynamic route", "a dynamic route of this name existed before this request",
					"If this apply replaces an object and create_before_destroy is set, the old object is in the way: remove the setting.",
					"import {\n  to = aigateway_dynamic_route.example\n  id = \""+importID+"\"\n}")
				if second.Exists() {
					t.Errorf("state %v", second.State())
				}
				first.MustPlanEmpty(gated())
				// The advice is good.
				requireNone(t, second.Import(importID))
				second.MustPlanEmpty(gated())
				if got := second.State()["id"]; got != id {
					t.Errorf("imported %v, want %s", got, id)
				}
			})
		}
	}
}

// TestCreatedByWhom: the route may or may not have been created. It was, and the
// next apply says how to take it over.
func TestCreatedByWhom(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, once).Resource(resourceType)
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Drop: emulator.DropAfter})
	s.Emulator.Inject(emulator.Fault{Method: http.MethodGet, Drop: emulator.DropBefore, Times: -1})
	const importID = `id = "` + acctest.AccountID + "/" + gatewayID + `/support"`
	requireSays(t, try(t, r, gated()), "The request may or may not have been applied", importID)
	if r.Exists() {
		t.Errorf("state %v", r.State())
	}
	s.Emulator.ClearFaults()
	s.Emulator.Clock().Advance(time.Hour)
	requireSays(t, try(t, r, gated()), "a dynamic route of this name existed before this request", importID)
	requireNone(t, r.Import(gatewayID+"/support"))
	r.MustPlanEmpty(gated())
	requireInForce(t, s, r)
}

// TestRenameToTakenName changes nothing, and state says so.
func TestRenameToTakenName(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string][]emulator.Quirk{"as documented": nil, "as the database says": {emulator.RouteNameClash500}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t, quirks...)
			r, id := exists(t, s, s.Protocol(t, once), gated())
			s.Emulator.PutRoute(s.AccountID, gatewayID, "help", onWire("other"))
			diags := try(t, r, with(next(), "name", "help"))
			requireRefused(t, diags, refusal{
				at: "name", summary: "Name of another dynamic route",
				detail: `The dynamic route "support" was not renamed to "help", because another route of gateway "main" in account ` + s.AccountID +
					" has this name. Choose another name, or rename or delete the other route first. To swap the names of two routes, use a " +
					"third name and apply twice.",
			})
			s.RequireRequests(t, "PATCH "+routes+"/"+id)
			if got := r.State(); got["name"] != "support" || got["model"] != "dynamic/support" {
				t.Errorf("state %v", got)
			}
			r.MustPlanEmpty(gated())
			requireGraph(t, r, gated())
		})
	}
}

// TestNamesSwapped: two routes can take each other's names by way of a third.
func TestNamesSwapped(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, nil)
	one, two := server.Resource(resourceType), server.Resource(resourceType)
	requireNone(t, try(t, one, with(gated(), "name", "one")))
	requireNone(t, try(t, two, with(gated(), "name", "two")))
	ids := []any{one.State()["id"], two.State()["id"]}
	for _, step := range []struct {
		r    *protocol.Resource
		name string
	}{{one, "three"}, {two, "one"}, {one, "two"}} {
		requireNone(t, try(t, step.r, with(gated(), "name", step.name)))
	}
	one.MustPlanEmpty(with(gated(), "name", "two"))
	two.MustPlanEmpty(with(gated(), "name", "one"))
	if one.State()["id"] != ids[0] || two.State()["id"] != ids[1] {
		t.Error("the ids were swapped as well")
	}
}
