package dynamicroute_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

// TestUnknownAtPlanTime plans with values that come from objects which do not
// exist yet, for a new route and for one that is there.
func TestUnknownAtPlanTime(t *testing.T) {
	t.Parallel()
	for _, at := range []string{
		"name", "gateway_id", "entry", "elements", "elements.tier", "elements.tier.conditional", "elements.tier.conditional.conditions",
		"elements.tier.conditional.on_true", "elements.split.percentage.outputs", "elements.split.percentage.outputs.else",
		"elements.quota.rate.limit", "elements.strong.model.provider", "elements.cheap.model.retries",
	} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			server := s.Protocol(t, nil)
			unresolved := with(gated(), at, protocol.Unknown)
			created := server.Resource(resourceType)
			if action := created.MustApplyLater(unresolved, gated()); action != protocol.Create {
				t.Errorf("create: %s", action)
			}
			requireGraph(t, created, gated())
			requireInForce(t, s, created)

			// It turns out to be what it was: nothing is sent.
			if at != "gateway_id" { // which would have to be replaced first
				s.Emulator.ResetRequests()
				created.MustApplyLater(unresolved, gated())
				one := "GET " + routes + "/" + only(t, s).ID
				s.RequireRequests(t, one, one)
				requireInForce(t, s, created)
			}
			created.MustApply(nil)

			updated := server.Resource(resourceType)
			requireNone(t, try(t, updated, with(support(), "name", "support")))
			updated.MustApplyLater(unresolved, gated())
			requireGraph(t, updated, gated())
			requireInForce(t, s, updated)
		})
	}
}

// TestUnknownTargetOfAShare: the target is another resource's, which is
// replaced, so that it is not known until the apply.
func TestUnknownTargetOfAShare(t *testing.T) {
	t.Parallel()
	const at = "elements.split.percentage.outputs.10%"
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), gated())
	for _, target := range []string{"cheap", "cheap", "end", "strong"} {
		before := r.State()
		want := with(gated(), at, target)
		changes := normal(before["elements"].(attrs)["split"].(attrs)["percentage"].(attrs)["outputs"].(attrs)["10%"]) != target
		// The plan has the share, and the rest as it was.
		planned, _ := protocol.Object(t, planOf(t, r, with(gated(), at, protocol.Unknown)).Planned)["elements"].(attrs)
		if got, want := normal(planned["split"]), normal(percentage(attrs{"10%": protocol.Unknown, "else": "quota"})); !reflect.DeepEqual(got, want) {
			t.Errorf("split is planned as %v, want %v", got, want)
		}
		s.Emulator.ResetRequests()
		r.MustApplyLater(with(gated(), at, protocol.Unknown), want)
		requireGraph(t, r, want)
		requireInForce(t, s, r)
		one := routes + "/" + id
		requests := []string{"GET " + one, "GET " + one}
		if changes {
			requests = []string{"GET " + one, "GET " + one, "POST " + one + versions, "POST " + one + deployments, "GET " + one}
		}
		s.RequireRequests(t, requests...)
		if got := r.State(); (got["version_id"] != before["version_id"]) != changes {
			t.Errorf("%s: the version was %v and is %v", target, before["version_id"], got["version_id"])
		}
	}
}

// TestUnknownAccount: of a new route alone.
func TestUnknownAccount(t *testing.T) {
	t.Parallel()
	s := service(t)
	for _, server := range []*protocol.Server{s.Protocol(t, nil), s.Protocol(t, attrs{"account_id": protocol.Unknown})} {
		r := server.Resource(resourceType)
		planned := protocol.Object(t, planOf(t, r, with(gated(), "account_id", protocol.Unknown)).Planned)
		if planned["account_id"] != protocol.Unknown || planned["model"] != "dynamic/support" {
			t.Errorf("planned as %v", planned)
		}
	}
	planned := protocol.Object(t, planOf(t, s.Protocol(t, attrs{"account_id": protocol.Unknown}).Resource(resourceType), gated()).Planned)
	if planned["account_id"] != protocol.Unknown {
		t.Errorf("account_id is planned as %v", planned["account_id"])
	}
	s.RequireRequests(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	r.MustApplyLater(with(gated(), "account_id", protocol.Unknown), with(gated(), "account_id", s.AccountID))
	requireInForce(t, s, r)
}

// TestUnknownInThePlan says what a plan knows of a new route.
func TestUnknownInThePlan(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	unknowns := func(config attrs) []string {
		var names []string
		for name, value := range protocol.Object(t, planOf(t, r, config).Planned) {
			if value == protocol.Unknown {
				names = append(names, name)
			}
		}
		slices.Sort(names)
		return names
	}
	computed := []string{"created_at", "deployment_id", "id", "modified_at", "version_id"}
	if got := unknowns(gated()); !slices.Equal(got, computed) {
		t.Errorf("unknown: %v, want %v", got, computed)
	}
	nameless := []string{"created_at", "deployment_id", "id", "model", "modified_at", "name", "version_id"}
	if got := unknowns(with(gated(), "name", protocol.Unknown)); !slices.Equal(got, nameless) {
		t.Errorf("unknown without a name: %v, want %v", got, nameless)
	}
	s.RequireRequests(t)
}

// TestUnknownTurnsOutWrong: what could not be checked by the plan is checked
// before a request is sent, by the plan that precedes the apply and, should
// there be none, by the apply.
func TestUnknownTurnsOutWrong(t *testing.T) {
	t.Parallel()
	const at = "elements.tier.conditional.on_true"
	for name, test := range map[string]struct{ value, says string }{
		"a target that does not exist": {"nowhere", `Element "tier": on_true leads to "nowhere", but there is no such element`},
		"a cycle":                      {"gate", `Element "tier": on_true leads back to "gate"`},
		"the start":                    {"start", `Element "tier": on_true leads to "start"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			server := s.Protocol(t, nil)
			there, _ := exists(t, s, server, with(support(), "name", "there"))
			for _, r := range []*protocol.Resource{server.Resource(resourceType), there} {
				before := r.State()
				plan := planOf(t, r, with(gated(), at, protocol.Unknown))
				if _, diags := r.Plan(with(gated(), at, test.value)); !strings.Contains(diags.At("elements").String(), test.says) {
					t.Errorf("the second plan says %s", diags)
				}
				typ := plan.Planned.Type()
				values := protocol.Object(t, plan.Planned)
				plan.Planned = protocol.Value(t, typ, with(values, at, test.value))
				if diags := r.Apply(plan); !strings.Contains(diags.At("elements").String(), test.says) {
					t.Errorf("the apply says %s", diags)
				}
				if got := r.State(); got["version_id"] != before["version_id"] || len(got) != len(before) {
					t.Errorf("state was %v and is %v", before, got)
				}
			}
			s.RequireRequests(t)
		})
	}
}

// TestUnknownInTheApply: what never became known is not sent.
func TestUnknownInTheApply(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	for _, at := range []string{"elements", "entry", "elements.tier.conditional.on_true"} {
		requireSays(t, try(t, r, with(gated(), at, protocol.Unknown)), "Unknown values in a dynamic route")
	}
	if r.Exists() {
		t.Error("the route is in state")
	}
	s.RequireRequests(t)
}
