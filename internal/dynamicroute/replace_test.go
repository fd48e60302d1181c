package dynamicroute_test

import (
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

var anotherAccount = strings.Repeat("e", 32)

// TestReplace moves a route to where it cannot go in place.
func TestReplace(t *testing.T) {
	t.Parallel()
	for attribute, to := range map[string]struct{ account, gateway, value, post string }{
		"gateway_id": {"", "other", "other", "POST /accounts/…/ai-gateway/gateways/other/routes"},
		"account_id": {
			anotherAccount, gatewayID, anotherAccount, "POST /accounts/" + anotherAccount + "/ai-gateway/gateways/" + gatewayID + "/routes",
		},
	} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			if to.account == "" {
				to.account = s.AccountID
			}
			s.Emulator.PutGateway(to.account, attrs{"id": to.gateway})
			r, id := exists(t, s, s.Protocol(t, nil), gated())
			config := with(gated(), attribute, to.value)
			plan := planOf(t, r, config)
			if plan.Action != protocol.Replace {
				t.Errorf("the plan is %s, want a replacement", plan.Action)
			}
			requireNone(t, r.Apply(plan))
			s.RequireRequests(t, "DELETE "+routes+"/"+id, to.post)
			r.MustPlanEmpty(config)
			if left := s.Emulator.Routes(s.AccountID, gatewayID); len(left) != 0 {
				t.Errorf("left behind: %v", left)
			}
			if now := s.Emulator.Routes(to.account, to.gateway); len(now) != 1 || now[0].ID != r.State()["id"] || now[0].ID == id {
				t.Errorf("routes there: %v, state %v", now, r.State()["id"])
			}
			if got := r.Identity(); got["account_id"] != to.account || got["gateway_id"] != to.gateway {
				t.Errorf("identity %v", got)
			}
		})
	}
}

// TestAccountOfTheProviderChanges: the route stays where it is, and the plan
// says so.
func TestAccountOfTheProviderChanges(t *testing.T) {
	t.Parallel()
	s := service(t)
	r, id := exists(t, s, s.Protocol(t, nil), gated())
	moved := r.With(s.Protocol(t, attrs{"account_id": anotherAccount}))
	moved.MustPlanEmpty(gated())
	s.RequireRequests(t, "GET "+routes+"/"+id)
	_, diags := moved.Plan(gated())
	requireSays(t, diags.At("account_id"), "Dynamic route in another account", `The dynamic route "support" is in account `+s.AccountID+" and stays there")
	if diags.HasError() {
		t.Error(diags)
	}
	// Changed, it is changed where it is.
	if action := moved.MustApply(with(gated(), "name", "help")); action != protocol.Update {
		t.Errorf("%s, want an update", action)
	}
	requireInForce(t, s, moved)
	// Said to be right, there is no warning.
	plan, diags := moved.Plan(with(with(gated(), "name", "help"), "account_id", s.AccountID))
	if len(diags) > 0 || plan.Action != protocol.NoOp {
		t.Errorf("%v %s", plan, diags)
	}
}
