package gateway_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
)

const (
	collection = "/accounts/…/ai-gateway/gateways"
	one        = collection + "/demo"
)

func TestDefaultsAtCreation(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with())
	service.RequireRequests(t, "POST "+collection, "GET "+one)

	state := gateway.State()
	requireState(t, gateway, attrs{
		"account_id": service.AccountID, "name": "demo", "id": "demo", "slug": "demo", "is_default": false,
		"cache_enabled": false, "cache_ttl": int64(0),
		"rate_limiting_enabled": false, "rate_limiting_limit": int64(0), "rate_limiting_interval": int64(0),
		"rate_limiting_technique": "fixed", "log_enabled": true, "authentication": true, "cache_invalidate_on_update": false,
		"gateway_url":     service.GatewayBaseURL + "/" + service.AccountID + "/demo",
		"compat_base_url": service.GatewayBaseURL + "/" + service.AccountID + "/demo/compat",
	})
	for _, attribute := range []string{"created_at", "modified_at"} {
		if text, _ := state[attribute].(string); !strings.HasSuffix(text, "Z") {
			t.Errorf("%s = %v, want a time in UTC", attribute, state[attribute])
		}
	}
}

// TestRequests holds each operation to its requests. A step of the harness
// refreshes before and after, and an update reads what it carries over.
func TestRequests(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)

	gateway.MustApply(with(attrs{"cache_ttl": int64(60)}))
	service.RequireRequests(t, "POST "+collection, "GET "+one)
	gateway.MustPlanEmpty(with(attrs{"cache_ttl": int64(60)}))
	service.RequireRequests(t, "GET "+one)
	gateway.MustApply(with(attrs{"cache_ttl": int64(90)}))
	service.RequireRequests(t, "GET "+one, "GET "+one, "PUT "+one, "GET "+one)
	gateway.MustApply(nil)
	service.RequireRequests(t, "GET "+one, "DELETE "+one)
}

// TestPutCarriesTheWholeGateway reads the body of an update that changes one
// setting.
func TestPutCarriesTheWholeGateway(t *testing.T) {
	t.Parallel()
	service, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with(attrs{"cache_ttl": int64(60), "authentication": false}))
	service.Emulator.ResetRequests()
	gateway.MustApply(with(attrs{"cache_ttl": int64(60), "authentication": true}))
	put := service.Emulator.Requests()[2]
	want := `{"authentication":true,"byok_only":false,"cache_invalidate_on_update":false,"cache_ttl":60,"collect_logs":true,` +
		`"guardrails":null,"log_classification":false,"log_management":100000,"log_management_strategy":"STOP_INSERTING","logpush":false,` +
		`"logpush_public_key":null,"otel":null,"rate_limiting_interval":0,"rate_limiting_limit":0,"rate_limiting_technique":"fixed",` +
		`"retry_backoff":null,"retry_delay":null,"retry_max_attempts":null,"spend_limits":null,"store_id":null,"stripe":null,` +
		`"workers_ai_billing_mode":"postpaid","zdr":false}`
	if put.Method != "PUT" || put.Body != want {
		t.Errorf("%s with\n  %s\nwant\n  %s", put.Method, put.Body, want)
	}
}

// TestSwitchedOffKeepsItsValue follows a TTL and a limit that the service is
// not told of because the feature is off.
func TestSwitchedOffKeepsItsValue(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		enabled     string
		on, off     attrs
		switchedOff attrs // what the dashboard sets to switch the feature off
		switchedOn  attrs // what it sets to switch it on with other values
		shown       attrs // what state then shows
	}{
		"caching": {
			enabled:     "cache_enabled",
			on:          attrs{"cache_enabled": true, "cache_ttl": int64(300)},
			off:         attrs{"cache_enabled": false, "cache_ttl": int64(300)},
			switchedOff: attrs{"cache_ttl": float64(0)},
			switchedOn:  attrs{"cache_ttl": float64(777)},
			shown:       attrs{"cache_enabled": true, "cache_ttl": int64(777)},
		},
		"rate limiting": {
			enabled:     "rate_limiting_enabled",
			on:          attrs{"rate_limiting_enabled": true, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
			off:         attrs{"rate_limiting_enabled": false, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
			switchedOff: attrs{"rate_limiting_limit": float64(0), "rate_limiting_interval": float64(0)},
			switchedOn:  attrs{"rate_limiting_limit": float64(7), "rate_limiting_interval": float64(9)},
			shown:       attrs{"rate_limiting_enabled": true, "rate_limiting_limit": int64(7), "rate_limiting_interval": int64(9)},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t)
			gateway := server.Resource(resourceType)
			dashboard := func(values attrs) {
				t.Helper()
				if !service.Emulator.EditGateway(service.AccountID, "demo", func(stored map[string]any) { maps.Copy(stored, values) }) {
					t.Fatal("the gateway is gone")
				}
			}

			gateway.MustApply(with(test.off))
			requireState(t, gateway, test.off)

			// The import of such a gateway does not know the value: it shows as
			// a difference once, and applying it sends nothing.
			imported := server.Resource(resourceType)
			if diags := imported.Import("demo"); diags.HasError() {
				t.Fatal(diags)
			}
			service.Emulator.ResetRequests()
			before := imported.State()["modified_at"]
			if action := imported.MustApply(with(test.off)); action != protocol.Update {
				t.Errorf("after import: %s, want the difference to show", action)
			}
			service.RequireRequests(t, "GET "+one, "GET "+one)
			requireState(t, imported, test.off, attrs{"modified_at": before})

			// Switched on, the value that was kept is sent, also when only the
			// switch is configured.
			gateway.MustApply(with(attrs{test.enabled: true}))
			requireState(t, gateway, test.on)

			// Somebody switches it off: that shows, and the value is sent again.
			dashboard(test.switchedOff)
			if action := gateway.MustApply(with(attrs{test.enabled: true})); action != protocol.Update {
				t.Errorf("switched off in the dashboard: %s, want an update", action)
			}
			requireState(t, gateway, test.on)
			requireStored(t, service, gateway.State())

			// The same with the value configured.
			dashboard(test.switchedOff)
			if action := gateway.MustApply(with(test.on)); action != protocol.Update {
				t.Errorf("switched off in the dashboard: %s, want an update", action)
			}
			requireStored(t, service, gateway.State())

			// Not managed here, it is left as the dashboard has it.
			dashboard(test.switchedOn)
			gateway.MustPlanEmpty(with())
			requireState(t, gateway, test.shown)
			dashboard(test.switchedOff)
			gateway.MustPlanEmpty(with())
			requireState(t, gateway, attrs{test.enabled: false})

			// Somebody switches on what is configured as off.
			gateway.MustApply(with(test.off))
			dashboard(test.switchedOn)
			if action := gateway.MustApply(with(test.off)); action != protocol.Update {
				t.Errorf("switched on in the dashboard: %s, want an update", action)
			}
			requireState(t, gateway, test.off)
			requireStored(t, service, gateway.State())
		})
	}
}

// TestDetermined removes the switch while its value stays: the value decides.
func TestDetermined(t *testing.T) {
	t.Parallel()
	_, server := emulate(t)
	gateway := server.Resource(resourceType)
	gateway.MustApply(with(attrs{"cache_enabled": false, "cache_ttl": int64(300)}))
	if action := gateway.MustApply(with(attrs{"cache_ttl": int64(300)})); action != protocol.Update {
		t.Errorf("%s, want an update", action)
	}
	requireState(t, gateway, attrs{"cache_enabled": true})

	gateway.MustApply(with(attrs{"rate_limiting_enabled": false, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)}))
	if action := gateway.MustApply(with(attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)})); action != protocol.Update {
		t.Errorf("%s, want an update", action)
	}
	requireState(t, gateway, attrs{"rate_limiting_enabled": true})
}

func TestUnknownAtPlanTime(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct{ unresolved, resolved attrs }{
		"name":                    {attrs{"name": protocol.Unknown}, attrs{"name": "demo"}},
		"account_id":              {attrs{"account_id": protocol.Unknown}, attrs{"account_id": strings.Repeat("0a", 16)}},
		"cache_enabled, off":      {attrs{"cache_enabled": protocol.Unknown}, attrs{"cache_enabled": false}},
		"cache_enabled, on":       {attrs{"cache_enabled": protocol.Unknown, "cache_ttl": int64(5)}, attrs{"cache_enabled": true, "cache_ttl": int64(5)}},
		"cache_enabled, unset":    {attrs{"cache_enabled": protocol.Unknown, "cache_ttl": int64(5)}, attrs{"cache_ttl": int64(5)}},
		"cache_ttl":               {attrs{"cache_ttl": protocol.Unknown}, attrs{"cache_ttl": int64(5)}},
		"cache_ttl, 0":            {attrs{"cache_ttl": protocol.Unknown}, attrs{"cache_ttl": int64(0)}},
		"cache_ttl, unset":        {attrs{"cache_ttl": protocol.Unknown}, attrs{}},
		"cache, both":             {attrs{"cache_enabled": protocol.Unknown, "cache_ttl": protocol.Unknown}, attrs{"cache_enabled": true, "cache_ttl": int64(5)}},
		"limit":                   {attrs{"rate_limiting_limit": protocol.Unknown, "rate_limiting_interval": int64(6)}, attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(6)}},
		"interval":                {attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": protocol.Unknown}, attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(6)}},
		"limit beside 0":          {attrs{"rate_limiting_limit": protocol.Unknown, "rate_limiting_interval": int64(0)}, attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(0)}},
		"rate_limiting_technique": {attrs{"rate_limiting_technique": protocol.Unknown}, attrs{"rate_limiting_technique": "sliding"}},
		"log_enabled":             {attrs{"log_enabled": protocol.Unknown}, attrs{"log_enabled": false}},
		"authentication":          {attrs{"authentication": protocol.Unknown}, attrs{"authentication": false}},
		"cache_invalidate":        {attrs{"cache_invalidate_on_update": protocol.Unknown}, attrs{"cache_invalidate_on_update": true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, server := emulate(t)
			created := server.Resource(resourceType)
			if action := created.MustApplyLater(with(test.unresolved), with(test.resolved)); action != protocol.Create {
				t.Errorf("create: %s", action)
			}
			created.MustApply(nil)

			updated := server.Resource(resourceType)
			updated.MustApply(with(everything.first))
			updated.MustApplyLater(with(test.unresolved), with(test.resolved))
			requireState(t, updated, test.resolved)
		})
	}
}
