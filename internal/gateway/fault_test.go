package gateway_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestLostCreate: the request arrived, its answer did not. The gateway is
// found and taken over; nothing is made twice.
func TestLostCreate(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"cut":         {Method: http.MethodPost, Drop: emulator.DropAfter},
		"bad gateway": {Method: http.MethodPost, Status: http.StatusBadGateway, AnswerAfter: true},
		"timeout":     {Method: http.MethodPost, Status: http.StatusGatewayTimeout, AnswerAfter: true},
		"garbage":     {Method: http.MethodPost, Status: http.StatusOK, Body: "<html>", AnswerAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, quirks...)
			service.Emulator.Inject(fault)
			gateway := server.Resource(resourceType)
			gateway.MustApply(with(everything.first))
			service.RequireRequests(t, "POST "+collection, "GET "+one, "PUT "+one, "GET "+one)
		})
	}
}

// TestFailedCreate: the request did not arrive. Nothing is in state, and the
// next apply works.
func TestFailedCreate(t *testing.T) {
	t.Parallel()
	service, _ := emulate(t)
	server := service.Protocol(t, attrs{"max_retries": int64(0)})
	service.Emulator.Inject(emulator.Fault{Method: http.MethodPost, Drop: emulator.DropBefore})
	gateway := server.Resource(resourceType)
	plan, _ := gateway.Plan(with())
	diags := gateway.Apply(plan)
	if !strings.Contains(diags.String(), "looked for afterwards and is not there") || gateway.Exists() {
		t.Errorf("state %v, %s", gateway.State(), diags)
	}
	if action := gateway.MustApply(with()); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}
}

// TestCreateIsSentAgain: a request that left no gateway behind is repeated.
func TestCreateIsSentAgain(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"did not arrive": {Method: http.MethodPost, Drop: emulator.DropBefore}, "failed": {Method: http.MethodPost, Status: http.StatusBadGateway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			service.Emulator.Inject(fault)
			server.Resource(resourceType).MustApply(with())
			service.RequireRequests(t, "POST "+collection, "GET "+one, "POST "+collection, "GET "+one) // the last for the next plan
		})
	}
}

// TestTakenName: a gateway that was there before is not touched and not put
// into state, also when it looks just like the one that was asked for.
func TestTakenName(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]*emulator.Fault{
		"refused":          nil,
		"gateway timeout":  {Method: http.MethodPost, Status: http.StatusGatewayTimeout},
		"cut, and refused": {Method: http.MethodPost, Drop: emulator.DropAfter},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			first := server.Resource(resourceType)
			first.MustApply(with())
			service.Emulator.Clock().Advance(time.Hour)
			if fault != nil {
				service.Emulator.Inject(*fault)
			}
			second := server.Resource(resourceType)
			plan, _ := second.Plan(with())
			diags := second.Apply(plan)
			block := "import {\n  to = aigateway_gateway.example\n  id = \"" + service.AccountID + "/demo\"\n}"
			if !strings.Contains(diags.String(), block) || second.Exists() {
				t.Errorf("state %v, %s", second.State(), diags)
			}
			first.MustPlanEmpty(with())
		})
	}
}

func TestDefaultGatewayIsTaken(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	service.Emulator.PutGateway(service.AccountID, map[string]any{"id": "default"})
	service.Emulator.Clock().Advance(time.Hour)
	gateway := server.Resource(resourceType)
	plan, _ := gateway.Plan(with(attrs{"name": "default"}))
	if diags := gateway.Apply(plan); !strings.Contains(diags.String(), `creates the gateway "default" itself`) {
		t.Error(diags)
	}
}

// TestGatewayLimit: the account is full.
func TestGatewayLimit(t *testing.T) {
	t.Parallel()
	service := acctest.Emulate(t, emulator.Options{GatewayLimit: 1})
	server := service.Protocol(t, nil)
	server.Resource(resourceType).MustApply(with())
	second := server.Resource(resourceType)
	plan, _ := second.Plan(with(attrs{"name": "other"}))
	diags := second.Apply(plan)
	if !strings.Contains(diags.String(), "its maximum number of gateways") || second.Exists() {
		t.Error(diags)
	}
	if ids := service.Emulator.GatewayIDs(service.AccountID); len(ids) != 1 {
		t.Errorf("gateways: %v", ids)
	}
}

// TestUpdateWithoutAnswer: state does not claim what is not known, and the next
// apply converges.
func TestUpdateWithoutAnswer(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"refused":         {Method: http.MethodPut, Status: http.StatusForbidden},
		"never arrives":   {Method: http.MethodPut, Drop: emulator.DropBefore, Times: -1},
		"never answered":  {Method: http.MethodPut, Drop: emulator.DropAfter, Times: -1},
		"answers garbage": {Method: http.MethodPut, Status: http.StatusOK, Body: "<html>", AnswerAfter: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, _ := emulate(t)
			server := service.Protocol(t, attrs{"max_retries": int64(0)})
			gateway := server.Resource(resourceType)
			gateway.MustApply(with(attrs{"cache_ttl": int64(60)}))
			service.Emulator.Inject(fault)
			plan, _ := gateway.Plan(with(attrs{"cache_ttl": int64(90)}))
			if diags := gateway.Apply(plan); !diags.HasError() {
				t.Fatal("no error")
			}
			requireState(t, gateway, attrs{"cache_ttl": int64(60)})
			if gateway.Tainted() {
				t.Error("an update that failed tainted the gateway")
			}
			service.Emulator.ClearFaults()
			gateway.MustApply(with(attrs{"cache_ttl": int64(90)}))
			requireStored(t, service, gateway.State())
		})
	}
}

// TestRepeated: what is safe to repeat is repeated and nobody notices.
func TestRepeated(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with(attrs{"cache_ttl": int64(60)}))
	for _, method := range []string{http.MethodGet, http.MethodPut, http.MethodDelete} {
		service.Emulator.Inject(emulator.Fault{Method: method, Status: http.StatusServiceUnavailable})
		service.Emulator.Inject(emulator.Fault{Method: method, Drop: emulator.DropAfter})
	}
	gateway.MustApply(with(attrs{"cache_ttl": int64(90)}))
	if action := gateway.MustApply(nil); action != protocol.Delete || gateway.Exists() {
		t.Errorf("%s, state %v", action, gateway.State())
	}
}

// TestInterrupted stops an apply while the service takes its time: it ends at
// once, and what was created all the same is in state.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	plan, _ := gateway.Plan(with())
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	begin := time.Now()
	diags := gateway.ApplyContext(ctx, plan)
	if !diags.HasError() || gateway.Exists() {
		t.Errorf("interrupted before the request: state %v, %s", gateway.State(), diags)
	}
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("it took %s to stop", took)
	}

	// During an update: the answer would take long, the interrupt ends it.
	gateway.MustApply(with())
	service.Emulator.Inject(emulator.Fault{Method: http.MethodPut, Delay: time.Minute})
	plan, _ = gateway.Plan(with(attrs{"cache_ttl": int64(5)}))
	ctx, interrupt = context.WithCancel(t.Context())
	time.AfterFunc(200*time.Millisecond, interrupt)
	begin = time.Now()
	diags = gateway.ApplyContext(ctx, plan)
	if !strings.Contains(diags.String(), "interrupted") {
		t.Errorf("interrupted during an update: %s", diags)
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %s to stop", took)
	}
}

// TestNotTheAPI: an answer that is not the API's never removes a gateway from
// state.
func TestNotTheAPI(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]emulator.Fault{
		"a web server's 404": {Status: http.StatusNotFound, Body: "<html>not found</html>"},
		"could not route":    {Status: http.StatusNotFound, Body: `{"success":false,"errors":[{"code":7003,"message":"Could not route"},{"code":7000,"message":"No route for that URI"}]}`},
		"a login page":       {Status: http.StatusOK, Body: "<html>sign in</html>"},
		"an empty success":   {Status: http.StatusOK, Body: `{"success":true,"result":null}`},
		"forbidden":          {Status: http.StatusForbidden, Body: `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			gateway := server.Resource(resourceType)
			gateway.MustApply(with())
			service.Emulator.Inject(fault)
			if diags := gateway.Refresh(); !diags.HasError() || !gateway.Exists() {
				t.Errorf("state %v, %s", gateway.State(), diags)
			}
		})
	}
}

// TestServiceStoresAnotherValue: the service answers a write with success and
// another value. State has what is stored, and the error names the attribute.
func TestServiceStoresAnotherValue(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with(attrs{"cache_ttl": int64(60)}))
	stored, _ := service.Emulator.Gateway(service.AccountID, "demo")
	stored["cache_ttl"] = 45
	body, err := json.Marshal(map[string]any{"success": true, "result": stored})
	if err != nil {
		t.Fatal(err)
	}
	service.Emulator.Inject(emulator.Fault{Method: http.MethodPut, Status: http.StatusOK, Body: string(body)})
	plan, _ := gateway.Plan(with(attrs{"cache_ttl": int64(30)}))
	diags := gateway.Apply(plan)
	if said := diags.At("cache_ttl").String(); !strings.Contains(said, "cache_ttl = 30 and succeeded, but the gateway now has 45") {
		t.Errorf("got %s", diags)
	}
	requireState(t, gateway, attrs{"cache_ttl": int64(45)})
	if gateway.Tainted() {
		t.Error("the gateway is tainted")
	}
}
