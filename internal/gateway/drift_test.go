package gateway_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

func TestDeletedBehindOurBack(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	config := with(attrs{"cache_ttl": int64(60)})
	gateway.MustApply(config)
	service.Emulator.DeleteGateway(service.AccountID, "demo")
	if action := gateway.MustApply(config); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}

	// The same with a CLI that keeps no identities.
	gateway.ForgetIdentity()
	service.Emulator.DeleteGateway(service.AccountID, "demo")
	if action := gateway.MustApply(config); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}

	// Between plan and apply of a destroy: it is what was wanted.
	plan, _ := gateway.Plan(nil)
	service.Emulator.DeleteGateway(service.AccountID, "demo")
	service.Emulator.ResetRequests()
	if diags := gateway.Apply(plan); diags.HasError() || gateway.Exists() {
		t.Errorf("destroy of a gateway that is gone: %s", diags)
	}
	service.RequireRequests(t, "DELETE "+one)
}

// TestDeletedBeforeUpdate: state keeps what it was, and the next run creates.
func TestDeletedBeforeUpdate(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with(attrs{"cache_ttl": int64(60)}))
	plan, diags := gateway.Plan(with(attrs{"cache_ttl": int64(90)}))
	if diags.HasError() {
		t.Fatal(diags)
	}
	service.Emulator.DeleteGateway(service.AccountID, "demo")
	diags = gateway.Apply(plan)
	if !strings.Contains(diags.String(), "Unable to update gateway") || !strings.Contains(diags.String(), "the next plan creates it again") {
		t.Errorf("got %s", diags)
	}
	requireState(t, gateway, attrs{"cache_ttl": int64(60)})
	if action := gateway.MustApply(with(attrs{"cache_ttl": int64(90)})); action != protocol.Create {
		t.Errorf("%s, want a create", action)
	}
}

func TestChangedBehindOurBack(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]struct {
		configured attrs
		changed    any
		seen       attrs
	}{
		"cache_ttl":                  {attrs{"cache_ttl": int64(60)}, float64(90), attrs{"cache_ttl": int64(90)}},
		"rate_limiting_technique":    {attrs{"rate_limiting_technique": "sliding"}, "fixed", attrs{"rate_limiting_technique": "fixed"}},
		"collect_logs":               {attrs{"log_enabled": true}, false, attrs{"log_enabled": false}},
		"authentication":             {attrs{"authentication": true}, false, attrs{"authentication": false}},
		"cache_invalidate_on_update": {attrs{"cache_invalidate_on_update": false}, true, attrs{"cache_invalidate_on_update": true}},
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			for _, set := range [][]emulator.Quirk{nil, quirks} {
				service, server := emulate(t, set...)
				gateway := server.Resource(resourceType)
				gateway.MustApply(with(change.configured))
				edit := func(stored map[string]any) { stored[field] = change.changed }
				service.Emulator.EditGateway(service.AccountID, "demo", edit)
				if action := gateway.MustApply(with(change.configured)); action != protocol.Update {
					t.Errorf("%s, want the change undone", action)
				}
				requireStored(t, service, gateway.State())

				// Where it is not managed here, the change stays and shows in state.
				service.Emulator.EditGateway(service.AccountID, "demo", edit)
				gateway.MustPlanEmpty(with())
				requireState(t, gateway, change.seen)
			}
		})
	}
}

// TestReplacedBehindOurBack: somebody deleted the gateway and made another of
// the same name.
func TestReplacedBehindOurBack(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	config := with(attrs{"cache_ttl": int64(60), "authentication": true})
	gateway.MustApply(config)
	service.Emulator.DeleteGateway(service.AccountID, "demo")
	service.Emulator.PutGateway(service.AccountID, map[string]any{"id": "demo", "cache_ttl": float64(5), "authentication": false})
	if action := gateway.MustApply(config); action != protocol.Update {
		t.Errorf("%s, want an update", action)
	}
	requireStored(t, service, gateway.State())
}

// TestUnmanagedIsKept changes one setting of a gateway on which the dashboard
// has set what the configuration does not name: an update replaces the whole
// gateway, and that must survive, whatever the service does with what an update
// leaves out.
func TestUnmanagedIsKept(t *testing.T) {
	t.Parallel()
	others := attrs{
		"log_management": float64(20000), "log_management_strategy": "DELETE_OLDEST", "log_classification": true,
		"logpush": true, "logpush_public_key": strings.Repeat("k", 32),
		"retry_max_attempts": float64(3), "retry_delay": float64(500), "retry_backoff": "linear",
		"store_id": "store", "zdr": true, "byok_only": true, "workers_ai_billing_mode": "unified",
	}
	for _, set := range acctest.QuirkSets(emulator.PutKeepsOmitted, emulator.OmitUnset, emulator.ExtraFields, emulator.EchoNull) {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, set...)
			gateway := server.Resource(resourceType)
			gateway.MustApply(with(attrs{"cache_ttl": int64(60)}))
			service.Emulator.EditGateway(service.AccountID, "demo", func(stored map[string]any) { maps.Copy(stored, others) })
			gateway.MustApply(with(attrs{"cache_ttl": int64(90)}))
			requireOnWire(t, service, others)
			gateway.MustApply(with(attrs{"cache_ttl": int64(120)}))
			requireOnWire(t, service, others)
			// Logging off takes classification with it, which must not stand in
			// the way.
			gateway.MustApply(with(attrs{"log_enabled": false}))
			requireState(t, gateway, attrs{"log_classification": false})
		})
	}
}

// TestAccountOfTheProviderChanges: the gateway stays where it is, and the plan
// says so.
func TestAccountOfTheProviderChanges(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with())
	elsewhere := strings.Repeat("e", 32)
	moved := gateway.With(service.Protocol(t, attrs{"account_id": elsewhere}))
	service.Emulator.ResetRequests()
	moved.MustPlanEmpty(with())
	service.RequireRequests(t, "GET "+one)
	_, diags := moved.Plan(with())
	if !strings.Contains(diags.At("account_id").String(), "stays there") {
		t.Errorf("no warning that the gateway stays: %s", diags)
	}
	// Asked for explicitly, it moves.
	if action := moved.MustApply(with(attrs{"account_id": elsewhere})); action != protocol.Replace {
		t.Errorf("%s, want a replacement", action)
	}
	if ids := service.Emulator.GatewayIDs(elsewhere); len(ids) != 1 {
		t.Errorf("gateways in the new account: %v", ids)
	}
	if ids := service.Emulator.GatewayIDs(service.AccountID); len(ids) != 0 {
		t.Errorf("gateways left in the old account: %v", ids)
	}
}

func TestRenamed(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with(attrs{"cache_ttl": int64(60)}))
	if action := gateway.MustApply(with(attrs{"name": "other", "cache_ttl": int64(60)})); action != protocol.Replace {
		t.Errorf("%s, want a replacement", action)
	}
	requireState(t, gateway, attrs{"id": "other", "slug": "other"})
	if got := gateway.Identity(); got["id"] != "other" || got["account_id"] != service.AccountID {
		t.Errorf("identity %v", got)
	}
	if ids := service.Emulator.GatewayIDs(service.AccountID); len(ids) != 1 || ids[0] != "other" {
		t.Errorf("gateways: %v", ids)
	}
}

// TestDataPlaneMoves changes the address of the data plane: the URLs follow
// without a request.
func TestDataPlaneMoves(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with())
	moved := gateway.With(service.Protocol(t, attrs{"gateway_base_url": "https://models.example.com/v1/"}))
	service.Emulator.ResetRequests()
	plan, diags := moved.Plan(with()) // as with -refresh=false
	if diags.HasError() || plan.Action != protocol.Update {
		t.Fatalf("%v %s", plan, diags)
	}
	if diags := moved.Apply(plan); diags.HasError() {
		t.Fatal(diags)
	}
	service.RequireRequests(t)
	requireState(t, moved, attrs{
		"gateway_url":     "https://models.example.com/v1/" + service.AccountID + "/demo",
		"compat_base_url": "https://models.example.com/v1/" + service.AccountID + "/demo/compat",
	})
	moved.MustPlanEmpty(with())
}
