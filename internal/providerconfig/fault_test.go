package providerconfig_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

type fault = acctest.Fault

// faults are those of a request that changes something.
func faults() map[string]fault {
	all := acctest.Faults(`{"success":true,"result":{}}`)
	all["403"] = fault{Fault: acctest.Failed(http.StatusForbidden)}
	return all
}

// TestFault lets each request that changes something go wrong in each way. The
// next apply at the latest sets it right, with no second provider config and no
// secret too many.
func TestFault(t *testing.T) {
	t.Parallel()
	lookedFor := func(f fault) bool { return f.Done }
	accepted := func(f fault) bool { return f.Accepted }
	changed := rotated(attrs{"rate_limit": int64(5)})
	for request, test := range map[string]struct {
		method, path string
		// succeeds is whether a request that was carried out counts as done.
		succeeds func(fault) bool
		from, to attrs
		// gone is whether state has nothing after a failure.
		gone bool
	}{
		"create":             {http.MethodPost, allConfigs, lookedFor, nil, byKey(), true},
		"rotate":             {http.MethodPut, oneConfig, accepted, byKey(), rotated(), false},
		"delete":             {http.MethodDelete, oneConfig, accepted, byKey(), nil, false},
		"replace, the first": {http.MethodDelete, oneConfig, accepted, byKey(), changed, false},
		"replace, the last":  {http.MethodPost, allConfigs, lookedFor, byKey(), changed, true},
	} {
		for name, fault := range faults() {
			t.Run(request+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := service(t)
				r := s.Protocol(t, once).Resource(resourceType)
				if test.from != nil {
					requireNone(t, try(t, r, test.from))
				}
				before := r.State()
				fault.Method, fault.Path = test.method, test.path
				s.Emulator.Inject(fault.Fault)
				diags := try(t, r, test.to)
				if diags.HasError() == test.succeeds(fault) {
					t.Errorf("carried out: %v, and the apply said %s", fault.Done, diags)
				}
				if r.Tainted() {
					t.Error("the provider config is tainted")
				}
				if diags.HasError() {
					requireUntouched(t, r, before, test.gone)
				}
				s.Emulator.ClearFaults()
				r.MustApply(test.to)
				if test.to == nil {
					requireNothingLeft(t, s)
					return
				}
				requireState(t, r, only(t, s))
				requireKey(t, s, test.to["secret_wo"].(string))
			})
		}
	}
}

// requireUntouched fails the test unless state after a failure is what it was,
// or gone.
func requireUntouched(t *testing.T, r *protocol.Resource, before attrs, gone bool) {
	t.Helper()
	if gone {
		if r.Exists() {
			t.Errorf("state %v", r.State())
		}
		return
	}
	for _, name := range []string{"id", "secret_wo_version", "rate_limit"} {
		if got := r.State()[name]; got != before[name] {
			t.Errorf("%s was %v and is %v after an error", name, before[name], got)
		}
	}
}

// TestFaultOfTheGateway: as long as nobody knows what the gateway is like, no
// key is sent to it.
func TestFaultOfTheGateway(t *testing.T) {
	t.Parallel()
	for name, fault := range faults() {
		if fault.AnswerAfter || fault.Drop == emulator.DropAfter {
			continue // it changes nothing
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r := s.Protocol(t, once).Resource(resourceType)
			fault.Method, fault.Path, fault.Times = http.MethodGet, theGateway, -1
			s.Emulator.Inject(fault.Fault)
			requireSays(t, try(t, r, byKey()), "Unable to read gateway", `Gateway "main" in account `+s.AccountID)
			for _, request := range s.Requests() {
				if request != getGateway {
					t.Errorf("sent: %s", request)
				}
			}
			s.Emulator.ClearFaults()
			r.MustApply(byKey())
			requireKey(t, s, theKey)
		})
	}
}

// TestRepeated: what is safe to repeat is repeated, and what the service turned
// away is sent again, also where it must not be carried out twice.
func TestRepeated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		method, path string
		status       int
		to           attrs
	}{
		"read":    {http.MethodGet, allConfigs, 503, byKey()},
		"gateway": {http.MethodGet, theGateway, 503, byKey(attrs{"alias": "b"})},
		"rotate":  {http.MethodPut, oneConfig, 503, rotated()},
		"delete":  {http.MethodDelete, oneConfig, 503, nil},
		"create":  {http.MethodPost, allConfigs, 429, byKey(attrs{"alias": "b"})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, _ := exists(t, s, s.Protocol(t, nil), byKey())
			s.Emulator.Inject(emulator.Fault{Method: test.method, Path: test.path, Status: test.status, AnswerAfter: test.status == 503})
			r.MustApply(test.to)
			if test.to == nil {
				requireNothingLeft(t, s)
			} else {
				requireState(t, r, only(t, s))
			}
		})
	}
}

// TestReadFails: an answer that is not the API's, or that says nothing of
// provider configs, never removes one from state.
func TestReadFails(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]emulator.Fault{
		"a web server's 404": {Status: http.StatusNotFound, Body: "<html>not found</html>"},
		"could not route":    {Status: http.StatusNotFound, Body: `{"success":false,"errors":[{"code":7003,"message":"Could not route"},{"code":7000,"message":"No route for that URI"}]}`},
		"a login page":       {Status: http.StatusOK, Body: "<html>sign in</html>"},
		"an empty success":   {Status: http.StatusOK, Body: `{"success":true,"result":null}`},
		"no list":            {Status: http.StatusOK, Body: `{"success":true,"result":{}}`},
		"without ids":        {Status: http.StatusOK, Body: `{"success":true,"result":[{}],"result_info":{"total_count":1}}`},
		"odd values":         {Status: http.StatusOK, Body: `{"success":true,"result":[{"id":"x","default_config":"maybe"}]}`},
		"forbidden":          acctest.Failed(http.StatusForbidden),
		"a failure":          acctest.Failed(http.StatusInternalServerError),
		"a cut":              {Drop: emulator.DropBefore, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, _ := exists(t, s, s.Protocol(t, once), byKey())
			answer.Method = http.MethodGet
			s.Emulator.Inject(answer)
			diags := r.Refresh()
			requireSays(t, diags, "Unable to read provider config", `Provider config "openai/default" of gateway "main" in account `+s.AccountID)
			if !diags.HasError() || !r.Exists() {
				t.Errorf("state %v", r.State())
			}
			s.Emulator.ClearFaults()
			r.MustPlanEmpty(byKey())
		})
	}
}

// TestCreateStoresSomethingElse: the service says success and has made something
// else, which is deleted again.
func TestCreateStoresSomethingElse(t *testing.T) {
	t.Parallel()
	for at, value := range map[string]string{
		"rate_limit": `"rate_limit":7`, "rate_limit_period": `"rate_limit_period":7`, "default_config": `"default_config":1`,
		"alias": `"alias":"other"`, "provider_slug": `"provider_slug":"other"`,
	} {
		for name, deletes := range map[string]bool{"deleted again": true, "left": false} {
			t.Run(at+"/"+name, func(t *testing.T) {
				t.Parallel()
				s := service(t)
				r := s.Protocol(t, once).Resource(resourceType)
				config := byKey(attrs{"rate_limit": int64(5), "rate_limit_period": int64(60)})
				// Of two members of a name, the last counts.
				s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: allConfigs, Status: http.StatusOK, Body: `{"success":true,"result":{"id":"odd",` +
					`"provider_slug":"openai","alias":"default","default_config":0,"rate_limit":5,"rate_limit_period":60,` + value + `}}`})
				if !deletes {
					s.Emulator.Inject(failedDelete())
				}
				diags := try(t, r, config)
				requireSays(t, diags.At(at), "The service stored another value", "The request said "+at+" = ")
				s.RequireRequests(t, getGateway, post, "DELETE "+configs+"/odd")
				if r.Exists() == deletes || r.Tainted() == deletes {
					t.Errorf("in state: %v, tainted: %v", r.Exists(), r.Tainted())
				}
				if deletes {
					requireSays(t, diags, "The provider config was deleted again")
				} else {
					requireSays(t, diags, "The provider config exists and will be replaced")
				}
				r.MustApply(config)
				requireState(t, r, only(t, s))
			})
		}
	}
}

func failedDelete() emulator.Fault {
	fault := acctest.Failed(http.StatusForbidden)
	fault.Method = http.MethodDelete
	return fault
}

// TestCreateIsNotListedYet: an answer is lost, and the list lags behind. Nothing
// is made twice.
func TestCreateIsNotListedYet(t *testing.T) {
	t.Parallel()
	s := service(t, emulator.ProviderConfigListLags)
	r := s.Protocol(t, once).Resource(resourceType)
	s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Drop: emulator.DropAfter})
	requireNone(t, try(t, r, byKey()))
	s.RequireRequests(t, getGateway, post, list, list, getSecret(s, r))
	requireState(t, r, only(t, s))
	requireKey(t, s, theKey)
}

// TestInterrupted: what was interrupted is found out before the run ends, and
// what would take long is not waited for.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		to     attrs
		fault  emulator.Fault
		action protocol.Action // of the next run
	}{
		"the gateway": {byKey(attrs{"alias": "b"}), emulator.Fault{Method: http.MethodGet, Path: theGateway}, protocol.Create},
		"rotate":      {rotated(), emulator.Fault{Method: http.MethodPut}, protocol.Update},
		"delete":      {byKey(attrs{"alias": "b"}), emulator.Fault{Method: http.MethodDelete}, protocol.Replace},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r, _ := exists(t, s, s.Protocol(t, nil), byKey())
			requireInterrupts(t, s, r, test.to, test.fault)
			if action := r.MustApply(test.to); action != test.action {
				t.Errorf("%s, want %s", action, test.action)
			}
			requireState(t, r, only(t, s))
		})
	}
}

// requireInterrupts interrupts an apply at a request that takes long.
func requireInterrupts(t *testing.T, s *acctest.Service, r *protocol.Resource, to attrs, at emulator.Fault) {
	t.Helper()
	at.Delay = time.Minute
	plan := planOf(t, r, to)
	s.Emulator.Inject(at)
	requireSays(t, interrupt(t, s, r, plan, at.Method, true), "interrupted", "Run it again: the next plan shows what there is.")
	s.Emulator.ClearFaults()
}
