package customdomain_test

import (
	"net/http"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestLifecycle sets, changes and removes each attribute, with exactly the requests that
// it needs: every change replaces, a removal of what the service does not return keeps
// the domain.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	type step struct {
		set    attrs
		action protocol.Action
		body   string
	}
	const created, zoned = `{"domain":"ai.example.com",`, `"zone_id":"395566f4c8a5b9d2a5fc0d457b007c44"}`
	for name, steps := range map[string][]step{
		"hostname": {
			{nil, protocol.Create, created + zoned},
			{attrs{"hostname": "xn--bcher-kva.example.co"}, protocol.Replace, `{"domain":"xn--bcher-kva.example.co",` + zoned},
		},
		"zone_id": {
			{nil, protocol.Create, created + zoned},
			{attrs{"zone_id": otherZone}, protocol.Replace, created + `"zone_id":"` + otherZone + `"}`},
			{attrs{"zone_id": nil}, protocol.NoOp, ""},
			{attrs{"zone_id": otherZone}, protocol.NoOp, ""},
			{attrs{"zone_id": zoneID}, protocol.Replace, created + zoned},
		},
		"min_tls": {
			{attrs{"min_tls": "1.2"}, protocol.Create, created + `"min_tls":"1.2",` + zoned},
			{attrs{"min_tls": "1.3"}, protocol.Replace, created + `"min_tls":"1.3",` + zoned},
			{nil, protocol.NoOp, ""},
			{attrs{"min_tls": "1.3"}, protocol.NoOp, ""},
			{attrs{"min_tls": "1.0"}, protocol.Replace, created + `"min_tls":"1.0",` + zoned},
		},
		"gateway_id": {
			{nil, protocol.Create, created + zoned},
			{attrs{"gateway_id": otherID}, protocol.Replace, created + zoned},
		},
		"account_id": {
			{attrs{"account_id": acctest.AccountID}, protocol.Create, created + zoned},
			{nil, protocol.NoOp, ""},
		},
	} {
		for _, set := range acctest.Combinations(emulator.ExtraFields) {
			t.Run(name+"/"+acctest.QuirkName(set), func(t *testing.T) {
				t.Parallel()
				s := service(t, set...)
				r := s.Protocol(t, nil).Resource(resourceType)
				for i, step := range steps {
					s.Emulator.ResetRequests()
					config := with(step.set)
					if action := r.MustApply(config); action != step.action {
						t.Errorf("step %d: %s, want %s", i, action, step.action)
					}
					body := ""
					for _, request := range s.Emulator.Requests() {
						if request.Method == http.MethodPost {
							body += request.Body
						}
					}
					if body != step.body {
						t.Errorf("step %d: sent %s, want %s", i, body, step.body)
					}
					subject.RequireStored(t, s, r, config)
				}
				r.MustApply(nil)
				subject.RequireEmpty(t, s)
			})
		}
	}
}

// TestRequests: a creation is one request and waits for nothing, a plan one, a
// replacement a DELETE before the POST, a destroy one.
func TestRequests(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, r.Apply(plan(t, r, with())))
	s.RequireRequests(t, post)
	requireAttributes(t, r, attrs{"status": "pending_dcv", "min_tls": nil, "zone_id": zoneID})
	r.MustPlanEmpty(with())
	s.RequireRequests(t, get)
	replacing := plan(t, r, with(attrs{"zone_id": otherZone}))
	s.RequireRequests(t)
	requireNone(t, r.Apply(replacing))
	s.RequireRequests(t, remove, post)
	requireNone(t, r.Apply(plan(t, r, nil)))
	s.RequireRequests(t, remove)
}

// TestTimes: the service has milliseconds since 1970, state has RFC 3339.
func TestTimes(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := exists(t, s)
	for _, name := range []string{"created_at", "modified_at"} {
		if got, want := r.State()[name], s.Emulator.Clock().Now().Format("2006-01-02"); got == nil || got.(string)[:10] != want {
			t.Errorf("%s = %v, want a time of %s", name, got, want)
		}
	}
}

// TestStatus: somebody creates the DNS record, and the domain becomes active. The plan
// stays empty before and after, and refers to the status as known.
func TestStatus(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := exists(t, s)
	before := r.State()
	if !s.Emulator.ActivateCustomDomain(hostname) {
		t.Fatal("it is not there")
	}
	planned := plan(t, r, with()) // without a refresh
	if planned.Action != protocol.NoOp {
		t.Errorf("%s: %v", planned.Action, planned.Planned)
	}
	r.MustPlanEmpty(with())
	requireAttributes(t, r, attrs{"status": "active", "cname_target": before["cname_target"], "created_at": before["created_at"]})
	s.RequireRequests(t, get)
}

// TestUnknownZone: a zone of the same apply is not known in the plan.
func TestUnknownZone(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	if planned := plan(t, r, with(attrs{"zone_id": protocol.Unknown, "gateway_id": protocol.Unknown})); planned.Action != protocol.Create {
		t.Errorf("%s", planned.Action)
	}
	s.RequireRequests(t)
}

// TestUnknownProvider: a plan to create needs no request.
func TestUnknownProvider(t *testing.T) {
	t.Parallel()
	subject.UnknownProvider(t, with(), gatewayID+"/"+hostname, map[string]attrs{
		sourceType: {"gateway_id": gatewayID, "hostname": hostname}, listType: {"gateway_id": gatewayID},
	})
}

// TestGatewayInput: the other wire format has no custom domains, which the plan says.
func TestGatewayInput(t *testing.T) {
	t.Parallel()
	s := service(t)
	server := s.Protocol(t, attrs{"wire_format": "gateway_input"})
	_, diags := server.Resource(resourceType).Plan(with())
	requireSays(t, diags, "Custom domains")
	requireSays(t, server.Resource(resourceType).Import(gatewayID+"/"+hostname), "Custom domains")
	_, diags = server.ReadDataSource(listType, attrs{"gateway_id": gatewayID})
	requireSays(t, diags, "Custom domains")
	s.RequireRequests(t)
}

func plan(t *testing.T, r *protocol.Resource, config attrs) *protocol.Plan {
	t.Helper()
	planned, diags := r.Plan(config)
	requireNone(t, diags)
	return planned
}
