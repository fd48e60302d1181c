package customdomain_test

import (
	"net/http"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestDeletedElsewhere: the next run creates the domain again, also with a CLI that keeps
// no identities, and a destroy that was planned before succeeds.
func TestDeletedElsewhere(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		remove   func(*acctest.Service)
		restore  func(*acctest.Service)
		requests []string
	}{
		"the domain": {
			func(s *acctest.Service) { s.Emulator.DeleteCustomDomain(hostname) }, func(*acctest.Service) {}, []string{get, list},
		},
		"the gateway": {
			func(s *acctest.Service) { s.Emulator.DeleteGateway(s.AccountID, gatewayID) },
			func(s *acctest.Service) { s.Emulator.PutGateway(s.AccountID, attrs{"id": gatewayID}) }, []string{get, list, theGateway},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r := exists(t, s)
			for range 2 { // the second time without an identity
				test.remove(s)
				s.Emulator.ResetRequests()
				requireNone(t, r.Refresh())
				s.RequireRequests(t, test.requests...)
				if r.Exists() {
					t.Fatalf("state %v", r.State())
				}
				test.restore(s)
				if action := r.MustApply(with()); action != protocol.Create {
					t.Errorf("%s, want a create", action)
				}
				subject.RequireStored(t, s, r, with())
				r.ForgetIdentity()
			}
			destroy := plan(t, r, nil)
			test.remove(s)
			s.Emulator.ResetRequests()
			requireNone(t, r.Apply(destroy))
			s.RequireRequests(t, remove)
		})
	}
}

// TestChangedElsewhere: somebody deletes the domain and creates another one with the
// hostname. If the service shows its settings, the plan replaces it.
func TestChangedElsewhere(t *testing.T) {
	t.Parallel()
	s := service(t, emulator.ExtraFields)
	r := exists(t, s, attrs{"min_tls": "1.2"})
	s.Emulator.PutCustomDomain(s.AccountID, gatewayID, attrs{"domain": hostname, "zone_id": zoneID, "min_tls": "1.0"})
	requireNone(t, r.Refresh())
	requireAttributes(t, r, attrs{"min_tls": "1.0"})
	if changed := plan(t, r, with(attrs{"min_tls": "1.2"})); changed.Action != protocol.Replace {
		t.Errorf("%s, want a replacement", changed.Action)
	}
	r.MustPlanEmpty(with()) // not managed here
}

// unavailable are responses to every request about custom domains of an account that does
// not have them.
var unavailable = map[string]struct {
	fault emulator.Fault
	says  []string
}{
	"404": {
		emulator.Fault{Status: http.StatusNotFound, Body: `{"success":false,"errors":[{"code":7002,"message":"Not Found"}]}`},
		[]string{"the gateway exists, but the API has no custom domains for it", "rolling custom domains out gradually", "Ask your Cloudflare account team"},
	},
	"403": {
		emulator.Fault{Status: http.StatusForbidden, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`},
		[]string{"HTTP 403 Forbidden", "custom domains are being rolled out gradually", "The API token is not allowed to do this"},
	},
	"no route": {
		emulator.Fault{Status: http.StatusNotFound, Body: `{"success":false,"errors":[{"code":7003,"message":"Could not route"},{"code":7000,"message":"No route"}]}`},
		[]string{"Could not route", "custom domains are being rolled out gradually"},
	},
}

// TestUnavailable: an account without custom domains gets an error that says so, and a
// domain never leaves the state because of it.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	for name, test := range unavailable {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r := exists(t, s)
			fault := test.fault
			fault.Path, fault.Times = "/custom-domains", -1
			s.Emulator.Inject(fault)
			diags := r.Refresh()
			requireSays(t, diags, append(test.says, "Unable to read custom domain")...)
			if !r.Exists() {
				t.Error("the state is gone")
			}
			server := s.Protocol(t, nil)
			fresh := server.Resource(resourceType)
			requireSays(t, fresh.Apply(plan(t, fresh, with(attrs{"hostname": "b.example.com"}))), append(test.says, "Unable to create custom domain",
				`Custom domain "b.example.com" of gateway "main" in account `+s.AccountID)...)
			if fresh.Exists() {
				t.Errorf("state %v", fresh.State())
			}
			_, diags = server.ReadDataSource(listType, attrs{"gateway_id": gatewayID})
			requireSays(t, diags, append(test.says, "Unable to list custom domains")...)
			_, diags = server.ReadDataSource(sourceType, attrs{"gateway_id": gatewayID, "hostname": hostname})
			requireSays(t, diags, append(test.says, "Unable to read custom domain")...)
			s.Emulator.ClearFaults()
			r.MustPlanEmpty(with())
		})
	}
}

// TestGatewayMissing: the error is about the gateway, not about the rollout.
func TestGatewayMissing(t *testing.T) {
	t.Parallel()
	s := service(t)
	r := s.Protocol(t, nil).Resource(resourceType)
	diags := r.Apply(plan(t, r, with(attrs{"gateway_id": "nowhere"})))
	requireSays(t, diags.At("gateway_id"), "Gateway not found", `has no gateway "nowhere", and therefore no custom domains in it`)
	if r.Exists() {
		t.Errorf("state %v", r.State())
	}
}
