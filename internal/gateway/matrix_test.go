package gateway_test

import (
	"fmt"
	"maps"
	"testing"

	"terraform-provider-aigateway/internal/acctest"
	"terraform-provider-aigateway/internal/acctest/protocol"
	"terraform-provider-aigateway/internal/emulator"
)

const resourceType = "aigateway_gateway"

// quirks are those that can show in a gateway that this resource manages.
var quirks = []emulator.Quirk{
	emulator.CreateAcceptsAll, emulator.PutResetsOmitted, emulator.PaidPlan,
	emulator.EchoNull, emulator.OmitUnset, emulator.ExtraFields, emulator.NoBYOKOnly,
}

type attrs = map[string]any

// with is a configuration of a gateway.
func with(parts ...attrs) attrs {
	config := attrs{"name": "demo"}
	for _, part := range parts {
		maps.Copy(config, part)
	}
	return config
}

// values are, for every attribute that can be set, two valid settings of it
// and what else they need. The second differs from the first on the wire.
var values = map[string]struct {
	first, second attrs
	// firstState and secondState are what state must show besides, right after
	// a creation: later, a TTL or a limit that is off stays as it was.
	firstState, secondState attrs
}{
	"cache_enabled": {
		attrs{"cache_enabled": false}, attrs{"cache_enabled": true, "cache_ttl": int64(60)},
		attrs{"cache_ttl": int64(0)}, nil,
	},
	"cache_ttl": {
		attrs{"cache_ttl": int64(300)}, attrs{"cache_ttl": int64(0)},
		attrs{"cache_enabled": true}, attrs{"cache_enabled": false},
	},
	"cache_ttl of a month": {
		attrs{"cache_ttl": int64(2592000)}, attrs{"cache_ttl": int64(1)},
		attrs{"cache_enabled": true}, attrs{"cache_enabled": true},
	},
	"cache switched off with a TTL": {
		attrs{"cache_enabled": true, "cache_ttl": int64(300)}, attrs{"cache_enabled": false, "cache_ttl": int64(300)},
		nil, nil,
	},
	"rate_limiting_enabled": {
		attrs{"rate_limiting_enabled": false},
		attrs{"rate_limiting_enabled": true, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
		attrs{"rate_limiting_limit": int64(0), "rate_limiting_interval": int64(0)}, nil,
	},
	"rate_limiting_limit and interval": {
		attrs{"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
		attrs{"rate_limiting_limit": int64(0), "rate_limiting_interval": int64(0)},
		attrs{"rate_limiting_enabled": true}, attrs{"rate_limiting_enabled": false},
	},
	"rate limiting switched off with a limit": {
		attrs{"rate_limiting_enabled": true, "rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60)},
		attrs{"rate_limiting_enabled": false, "rate_limiting_limit": int64(7), "rate_limiting_interval": int64(9)},
		nil, nil,
	},
	"rate_limiting_technique": {
		attrs{"rate_limiting_technique": "sliding"}, attrs{"rate_limiting_technique": "fixed"}, nil, nil,
	},
	"log_enabled":    {attrs{"log_enabled": false}, attrs{"log_enabled": true}, nil, nil},
	"authentication": {attrs{"authentication": false}, attrs{"authentication": true}, nil, nil},
	"cache_invalidate_on_update": {
		attrs{"cache_invalidate_on_update": true}, attrs{"cache_invalidate_on_update": false}, nil, nil,
	},
	"everything": {
		attrs{
			"account_id": acctest.AccountID, "cache_enabled": true, "cache_ttl": int64(300), "rate_limiting_enabled": true,
			"rate_limiting_limit": int64(5), "rate_limiting_interval": int64(60), "rate_limiting_technique": "sliding",
			"log_enabled": false, "authentication": false, "cache_invalidate_on_update": true,
		},
		attrs{
			"account_id": acctest.AccountID, "cache_enabled": true, "cache_ttl": int64(60), "rate_limiting_enabled": true,
			"rate_limiting_limit": int64(10), "rate_limiting_interval": int64(30), "rate_limiting_technique": "fixed",
			"log_enabled": true, "authentication": true, "cache_invalidate_on_update": false,
		},
		nil, nil,
	},
}

// TestMatrix takes every setting alone through its life: set at creation,
// changed, removed, set again, imported. After each step the plan is empty,
// state shows what was asked for and the service has it. All of it with each
// quirk of the service alone and with all at once.
func TestMatrix(t *testing.T) {
	t.Parallel()
	sets := [][]emulator.Quirk{nil, quirks}
	for _, quirk := range quirks {
		sets = append(sets, []emulator.Quirk{quirk})
	}
	for _, set := range sets {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, set...)
			for name, value := range values {
				t.Run(name, func(t *testing.T) {
					liveThrough(t, service, server, value.first, value.second, value.firstState)
				})
				t.Run(name+" reversed", func(t *testing.T) {
					liveThrough(t, service, server, value.second, value.first, value.secondState)
				})
			}
		})
	}
}

// TestMatrixOfQuirks does the same with all settings at once under every
// combination of quirks.
func TestMatrixOfQuirks(t *testing.T) {
	t.Parallel()
	for _, set := range acctest.Combinations(quirks...) {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, set...)
			value := values["everything"]
			liveThrough(t, service, server, value.first, value.second, value.firstState)
			liveThrough(t, service, server, attrs{}, value.first, nil)
		})
	}
}

func emulate(t *testing.T, quirks ...emulator.Quirk) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{Quirks: quirks, GatewayLimit: -1})
	return service, service.Protocol(t, nil)
}

func liveThrough(t *testing.T, service *acctest.Service, server *protocol.Server, first, second, firstState attrs) {
	t.Helper()
	defer service.Emulator.DeleteGateway(service.AccountID, "demo")
	gateway := server.Resource(resourceType)
	step := func(name string, config attrs, want protocol.Action, states ...attrs) {
		t.Helper()
		if got := gateway.MustApply(config); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		state := gateway.State()
		for _, expected := range append(states, config) {
			for attribute, value := range expected {
				if state[attribute] != value {
					t.Errorf("%s: state has %s = %v, want %v", name, attribute, state[attribute], value)
				}
			}
		}
		requireStored(t, service, state)
	}
	step("create", with(first), protocol.Create, firstState)
	step("change", with(second), protocol.Update)
	removed := gateway.State()
	step("remove", with(), protocol.NoOp, attrs{"cache_ttl": removed["cache_ttl"], "authentication": removed["authentication"]})
	again := protocol.Update
	if len(first) == 0 {
		again = protocol.NoOp
	}
	step("set again", with(first), again)

	imported := server.Resource(resourceType)
	if diags := imported.Import("demo"); diags.HasError() {
		t.Fatalf("import: %s", diags)
	}
	imported.MustPlanEmpty(with())
	if !remembersWhatIsOff(first) {
		imported.MustPlanEmpty(with(first))
	}
	imported.MustPlanEmpty(generated(imported.State()))
	if got := gateway.MustApply(nil); got != protocol.Delete {
		t.Errorf("destroy: %s", got)
	}
	if _, exists := service.Emulator.Gateway(service.AccountID, "demo"); exists {
		t.Error("the gateway is still there after destroy")
	}
}

// requireStored compares state with what the service holds.
func requireStored(t *testing.T, service *acctest.Service, state attrs) {
	t.Helper()
	stored, ok := service.Emulator.Gateway(service.AccountID, "demo")
	if !ok {
		t.Fatal("the service has no such gateway")
	}
	onWire := func(enabled, value string) float64 {
		if state[enabled] != true {
			return 0
		}
		n, _ := state[value].(int64)
		return float64(n)
	}
	want := attrs{
		"id":                         state["id"],
		"cache_ttl":                  onWire("cache_enabled", "cache_ttl"),
		"rate_limiting_limit":        onWire("rate_limiting_enabled", "rate_limiting_limit"),
		"rate_limiting_interval":     onWire("rate_limiting_enabled", "rate_limiting_interval"),
		"rate_limiting_technique":    state["rate_limiting_technique"],
		"collect_logs":               state["log_enabled"],
		"authentication":             state["authentication"],
		"cache_invalidate_on_update": state["cache_invalidate_on_update"],
	}
	for field, value := range want {
		if fmt.Sprint(stored[field]) != fmt.Sprint(value) {
			t.Errorf("the service holds %s = %v, want %v", field, stored[field], value)
		}
	}
}

// remembersWhatIsOff tells whether a configuration has a TTL or a limit that
// only state can know, since the service is not told of it.
func remembersWhatIsOff(config attrs) bool {
	return config["cache_enabled"] == false && config["cache_ttl"] != nil ||
		config["rate_limiting_enabled"] == false && config["rate_limiting_limit"] != nil
}

// generated is what -generate-config-out writes: every attribute that can be
// set, as state has it.
func generated(state attrs) attrs {
	config := attrs{}
	for attribute, value := range state {
		switch attribute {
		case "id", "slug", "is_default", "created_at", "modified_at", "gateway_url", "compat_base_url":
		default:
			config[attribute] = value
		}
	}
	return config
}

func text(value any) string { return fmt.Sprint(value) }
