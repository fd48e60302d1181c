package providerconfig_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/lifecycle"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// faults returns those of a request that changes something.
func faults() map[string]acctest.Fault {
	all := acctest.Faults(`{"success":true,"result":{}}`)
	all["403"] = acctest.Fault{Fault: acctest.Failed(http.StatusForbidden)}
	return all
}

// TestFault lets each request that changes something go wrong in each way. There
// is never a second provider config or a secret too many.
func TestFault(t *testing.T) {
	t.Parallel()
	changed := rotated(attrs{"rate_limit": int64(5)})
	post, remove := http.MethodPost, http.MethodDelete
	subject.Faults(t, faults(), map[string]lifecycle.FaultCase{
		"create": {Method: post, Path: allConfigs, To: byKey(), Succeeds: lifecycle.Recovered, RequireKept: requireGone},
		"rotate": {
			Method: http.MethodPut, Path: oneConfig, From: byKey(), To: rotated(), Succeeds: lifecycle.Accepted, RequireKept: requireUntouched,
		},
		"delete":             {Method: remove, Path: oneConfig, From: byKey(), Succeeds: lifecycle.Confirmed, RequireKept: requireUntouched},
		"replace, the first": {Method: remove, Path: oneConfig, From: byKey(), To: changed, Succeeds: lifecycle.Confirmed, RequireKept: requireUntouched},
		"replace, the last":  {Method: post, Path: allConfigs, From: byKey(), To: changed, Succeeds: lifecycle.Recovered, RequireKept: requireGone},
	})
}

// requireGone fails the test unless state after a failure is empty.
func requireGone(t *testing.T, r *protocol.Resource, _ attrs) {
	t.Helper()
	if r.Exists() {
		t.Errorf("state %v", r.State())
	}
}

// requireUntouched fails the test unless state after a failure is what it was.
func requireUntouched(t *testing.T, r *protocol.Resource, before attrs) {
	t.Helper()
	for _, name := range []string{"id", "secret_wo_version", "rate_limit"} {
		if got := r.State()[name]; got != before[name] {
			t.Errorf("%s was %v and is %v after an error", name, before[name], got)
		}
	}
}

// TestFaultOfTheGateway: no key is sent to a gateway that could not be read.
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

// TestRepeated: requests that are safe to repeat are repeated, and a request that
// the service turned away is sent again, even if it must not be carried out twice.
func TestRepeated(t *testing.T) {
	t.Parallel()
	unavailable := func(method, path string) emulator.Fault {
		return emulator.Fault{Method: method, Path: path, Status: http.StatusServiceUnavailable, AnswerAfter: true}
	}
	turnedAway := emulator.Fault{Method: http.MethodPost, Path: allConfigs, Status: http.StatusTooManyRequests}
	subject.Repeats(t, byKey(), map[string]lifecycle.RepeatCase{
		"read":    {Fault: unavailable(http.MethodGet, allConfigs), To: byKey()},
		"gateway": {Fault: unavailable(http.MethodGet, theGateway), To: byKey(attrs{"alias": "b"})},
		"rotate":  {Fault: unavailable(http.MethodPut, oneConfig), To: rotated()},
		"delete":  {Fault: unavailable(http.MethodDelete, oneConfig)},
		"create":  {Fault: turnedAway, To: byKey(attrs{"alias": "b"})},
	})
}

// TestReadFails: a response that is not the API's, or that says nothing of
// provider configs, never removes one from state.
func TestReadFails(t *testing.T) {
	t.Parallel()
	subject.ReadFails(t, byKey(), map[string]emulator.Fault{
		"no list":     {Status: http.StatusOK, Body: `{"success":true,"result":{}}`},
		"without ids": {Status: http.StatusOK, Body: `{"success":true,"result":[{}],"result_info":{"total_count":1}}`},
		"odd values":  {Status: http.StatusOK, Body: `{"success":true,"result":[{"id":"x","default_config":"maybe"}]}`},
	}, "Unable to read provider config", `Provider config "openai/default" of gateway "main" in account `+acctest.AccountID)
}

// TestCreateStoresSomethingElse: the service says success and has made something
// else, which is deleted again.
func TestCreateStoresSomethingElse(t *testing.T) {
	t.Parallel()
	for at, value := range map[string]string{
		"rate_limit": `"rate_limit":7`, "rate_limit_period": `"rate_limit_period":7`, "default_config": `"default_config":1`,
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
				requireSays(t, diags.At(at), "The service stored another value", "The request set "+at+" = ")
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

// TestCreateAnsweredWithAnother: a provider config that was not asked for is neither
// taken over nor deleted.
func TestCreateAnsweredWithAnother(t *testing.T) {
	t.Parallel()
	for at, value := range map[string]string{
		"alias": `"alias":"other"`, "provider_slug": `"provider_slug":"other"`, "gateway_id": `"gateway_id":"other"`, "id": `"id":"../odd"`,
	} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			s := service(t)
			r := s.Protocol(t, once).Resource(resourceType)
			// Of two members of a name, the last counts.
			s.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Path: allConfigs, Status: http.StatusOK, Body: `{"success":true,"result":{"id":"odd",` +
				`"provider_slug":"openai","alias":"default","default_config":0,` + value + `}}`})
			diags := try(t, r, byKey())
			requireSays(t, diags, "the response describes ", "though it may appear yet", "may exist without being in state", "import {")
			for _, request := range s.Requests() {
				if strings.HasPrefix(request, http.MethodDelete) {
					t.Errorf("sent: %s", request)
				}
			}
			if r.Exists() {
				t.Errorf("state %v", r.State())
			}
			r.MustApply(byKey())
			requireState(t, r, only(t, s))
		})
	}
}

// TestDeletesNothing: a deletion that did nothing is an error.
func TestDeletesNothing(t *testing.T) {
	t.Parallel()
	subject.DeletesNothing(t, byKey())
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

// TestInterrupted: the run finds out what was interrupted before it ends, and does
// not wait for what would take long.
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
			diags := lifecycle.ApplyHeldUp(t, s, r, planOf(t, r, test.to), test.fault)
			requireSays(t, diags, "interrupted", "Run it again: the next plan shows the current state.")
			if action := r.MustApply(test.to); action != test.action {
				t.Errorf("%s, want %s", action, test.action)
			}
			requireState(t, r, only(t, s))
		})
	}
}
