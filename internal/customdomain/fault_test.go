package customdomain_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestFault lets each request that changes something go wrong in each way.
func TestFault(t *testing.T) {
	t.Parallel()
	faults := acctest.Faults(`{"success":true,"result":{}}`)
	faults["403"] = acctest.Fault{Fault: acctest.Failed(http.StatusForbidden)}
	changed := with(attrs{"min_tls": "1.3"})
	subject.Faults(t, faults, map[string]lifecycle.FaultCase{
		"create": {Method: http.MethodPost, Path: allDomains, To: with(), Succeeds: lifecycle.Recovered, RequireKept: requireGone},
		"delete": {Method: http.MethodDelete, Path: oneDomain, From: with(), Succeeds: lifecycle.Confirmed, RequireKept: requireUntouched},
		"replace, the first": {
			Method: http.MethodDelete, Path: oneDomain, From: with(attrs{"min_tls": "1.2"}), To: changed,
			Succeeds: lifecycle.Confirmed, RequireKept: requireUntouched,
		},
		"replace, the last": {
			Method: http.MethodPost, Path: allDomains, From: with(attrs{"min_tls": "1.2"}), To: changed, Succeeds: lifecycle.Recovered, RequireKept: requireGone,
		},
	})
}

func requireGone(t *testing.T, r *protocol.Resource, _ attrs) {
	t.Helper()
	if r.Exists() {
		t.Errorf("state %v", r.State())
	}
}

func requireUntouched(t *testing.T, r *protocol.Resource, before attrs) {
	t.Helper()
	requireAttributes(t, r, before)
}

// TestRepeated: requests that are safe to repeat are repeated, and a creation that the
// service turned away is sent again.
func TestRepeated(t *testing.T) {
	t.Parallel()
	unavailable := func(method, path string) emulator.Fault {
		return emulator.Fault{Method: method, Path: path, Status: http.StatusServiceUnavailable, AnswerAfter: true}
	}
	subject.Repeats(t, with(), map[string]lifecycle.RepeatCase{
		"read":   {Fault: unavailable(http.MethodGet, oneDomain), To: with()},
		"delete": {Fault: unavailable(http.MethodDelete, oneDomain)},
		"create": {
			Fault: emulator.Fault{Method: http.MethodPost, Path: allDomains, Status: http.StatusTooManyRequests}, To: with(attrs{"hostname": "b.example.com"}),
		},
	})
}

// TestReadFails: a response that is not the API's never removes a domain from state.
func TestReadFails(t *testing.T) {
	t.Parallel()
	subject.ReadFails(t, with(), map[string]emulator.Fault{
		"without a hostname": {Status: http.StatusOK, Body: `{"success":true,"result":{}}`},
		"another":            {Status: http.StatusOK, Body: `{"success":true,"result":{"hostname":"b.example.com"}}`},
		"odd values":         {Status: http.StatusOK, Body: `{"success":true,"result":{"hostname":"ai.example.com","created_at":"now"}}`},
	}, "Unable to read custom domain", `Custom domain "ai.example.com" of gateway "main" in account `+acctest.AccountID)
}

// TestLostCreate: the request arrived, and its response did not. The provider finds the
// domain and creates no second one.
func TestLostCreate(t *testing.T) {
	t.Parallel()
	s := service(t)
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Drop: emulator.DropAfter})
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, r.Apply(plan(t, r, with(attrs{"min_tls": "1.2"}))))
	s.RequireRequests(t, post, get)
	subject.RequireStored(t, s, r, with(attrs{"min_tls": "1.2"}))
}

// TestCreateIsSentAgain: a request that left no domain behind is repeated.
func TestCreateIsSentAgain(t *testing.T) {
	t.Parallel()
	s := service(t)
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Drop: emulator.DropBefore})
	r := s.Protocol(t, nil).Resource(resourceType)
	requireNone(t, r.Apply(plan(t, r, with())))
	s.RequireRequests(t, post, get, post)
}

// TestTakenHostname: a domain of this gateway can be imported, and the error says how. One
// of another gateway cannot.
func TestTakenHostname(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]*emulator.Fault{"refused": nil, "gateway timeout": {Method: http.MethodPost, Status: http.StatusGatewayTimeout}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			first := exists(t, s)
			s.Emulator.Clock().Advance(time.Hour)
			if fault != nil {
				s.Emulator.Inject(*fault)
			}
			second := s.Protocol(t, nil).Resource(resourceType)
			diags := second.Apply(plan(t, second, with()))
			requireSays(t, diags, "Unable to create custom domain", fmt.Sprintf(
				"import {\n  to = aigateway_custom_domain.example\n  id = \"%s/main/ai.example.com\"\n}", s.AccountID))
			if second.Exists() {
				t.Errorf("state %v", second.State())
			}
			first.MustPlanEmpty(with())
			requireNone(t, second.Import(s.AccountID+"/main/ai.example.com"))
		})
	}
	for name, account := range map[string]string{"of another gateway": acctest.AccountID, "of another account": "ffffffffffffffffffffffffffffffff"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			s.Emulator.PutGateway(account, attrs{"id": "theirs"})
			s.Emulator.PutCustomDomain(account, "theirs", attrs{"domain": hostname})
			r := s.Protocol(t, nil).Resource(resourceType)
			diags := r.Apply(plan(t, r, with()))
			requireSays(t, diags.At("hostname"), "Hostname of another gateway", "Custom domain already exists (code 7001)",
				"Another gateway, of this account or of another one, has a custom domain with this hostname. Nothing was changed")
			s.RequireRequests(t, post, get, get) // whether this run created it, and whose it is
			if r.Exists() {
				t.Errorf("state %v", r.State())
			}
		})
	}
}

// TestRefusedByTheService: what only the service can tell stands at its attribute.
func TestRefusedByTheService(t *testing.T) {
	t.Parallel()
	for field, attribute := range map[string]string{"domain": "hostname", "zone_id": "zone_id", "min_tls": "min_tls"} {
		s := service(t)
		s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Status: http.StatusBadRequest, Body: `{"success":false,"errors":[{"code":7001,` +
			`"message":"Not this one","path":["body","` + field + `"]}]}`})
		r := s.Protocol(t, nil).Resource(resourceType)
		diags := r.Apply(plan(t, r, with(attrs{"min_tls": "1.2"})))
		requireSays(t, diags.At(attribute), "Unable to create custom domain", "Not this one (code 7001, at "+field+")", "Nothing was changed")
		if r.Exists() {
			t.Errorf("state %v", r.State())
		}
	}
}

// TestCreateStoresSomethingElse: the service says success and has made something else,
// which is deleted again.
func TestCreateStoresSomethingElse(t *testing.T) {
	t.Parallel()
	for attribute, value := range map[string]string{"zone_id": otherZone, "min_tls": "1.0"} {
		s := service(t)
		s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, AnswerAfter: true, Status: http.StatusOK, Body: `{"success":true,"result":{` +
			`"hostname":"ai.example.com","gateway_id":"main","status":"pending_dcv","cname_target":"x","` + attribute + `":"` + value + `"}}`})
		r := s.Protocol(t, nil).Resource(resourceType)
		diags := r.Apply(plan(t, r, with(attrs{"min_tls": "1.2"})))
		requireSays(t, diags.At(attribute), "The service stored another value")
		requireSays(t, diags, "The custom domain was deleted again")
		if r.Exists() {
			t.Errorf("state %v", r.State())
		}
		s.RequireRequests(t, post, remove)
		subject.RequireEmpty(t, s)
	}
}

// TestInterrupted: an interrupt while the service holds the request up is not waited out.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	s := service(t)
	interruption := &lifecycle.Interruption{Method: http.MethodPost, Path: allDomains}
	server, ctx := interruption.Protocol(t, s, nil)
	r := server.Resource(resourceType)
	requireNone(t, r.ApplyContext(ctx, plan(t, r, with()))) // the look outlives the interrupt
	s.RequireRequests(t, post, get)
	subject.RequireStored(t, s, r, with())
}
