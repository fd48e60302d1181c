package gateway_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/acctest/protocol"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

const resourceType = "aigateway_gateway"

// quirks are those that can show in any gateway. Of the others, the two about
// secrets exclude each other, and no-byok-only is an error where byok_only is
// configured.
var quirks = []emulator.Quirk{
	emulator.CreateAcceptsAll, emulator.PutKeepsOmitted, emulator.PaidPlan,
	emulator.EchoNull, emulator.OmitUnset, emulator.ExtraFields,
}

type attrs = map[string]any

// with returns a configuration of a gateway.
func with(parts ...attrs) attrs {
	config := attrs{"name": "demo"}
	for _, part := range parts {
		maps.Copy(config, part)
	}
	return config
}

// A lifecycle describes the test of one setting: two valid configurations, which
// differ on the wire, and the quirks that can matter.
type lifecycle struct {
	name          string
	first, second attrs
	// firstState is what state must show besides, right after a creation:
	// later, a TTL or a limit that is off stays as it was.
	firstState attrs
	// wire is what the service must hold after the first, by its own names,
	// besides what requireStored knows.
	wire   attrs
	quirks []emulator.Quirk
	// feature is whether removing it switches it off.
	feature bool
}

// TestLifecycle takes every setting alone through its lifecycle: set at creation,
// changed, removed, set again, imported. After each step the plan is empty,
// state shows what was asked for and the service has it. All of it under every
// combination of the quirks that can matter; in quick runs, under none and all.
func TestLifecycle(t *testing.T) {
	t.Parallel()
	for _, l := range slices.Concat(scalars, features, []lifecycle{everything}) {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			for _, set := range acctest.QuirkSets(l.quirks...) {
				t.Run(acctest.QuirkName(set), func(t *testing.T) {
					service, server := emulate(t, set...)
					l.run(t, service, server)
					if len(set) == 0 && acctest.Deep() {
						lifecycle{first: l.second, second: l.first, feature: l.feature}.run(t, service, server)
					}
				})
			}
		})
	}
}

// TestLifecycleOfEverything does the same with all settings at once, with all quirks
// that go together and, in deep runs, with every quirk alone.
func TestLifecycleOfEverything(t *testing.T) {
	t.Parallel()
	sets := [][]emulator.Quirk{
		append(slices.Clone(quirks), emulator.SecretsMasked),
		append(slices.Clone(quirks), emulator.SecretsOmitted),
	}
	if acctest.Deep() {
		for _, quirk := range append(slices.Clone(quirks), emulator.SecretsMasked, emulator.SecretsOmitted) {
			sets = append(sets, []emulator.Quirk{quirk})
		}
	}
	for _, set := range sets {
		t.Run(acctest.QuirkName(set), func(t *testing.T) {
			t.Parallel()
			service, server := emulate(t, set...)
			everything.run(t, service, server)
		})
	}
}

func emulate(t *testing.T, quirks ...emulator.Quirk) (*acctest.Service, *protocol.Server) {
	t.Helper()
	service := acctest.Emulate(t, emulator.Options{Quirks: quirks, GatewayLimit: -1})
	return service, service.Protocol(t, nil)
}

func (l lifecycle) run(t *testing.T, service *acctest.Service, server *protocol.Server) {
	t.Helper()
	defer service.Emulator.DeleteGateway(service.AccountID, "demo")
	gateway := server.Resource(resourceType)
	step := func(name string, config attrs, want protocol.Action, states ...attrs) {
		t.Helper()
		if got := gateway.MustApply(config); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		for _, expected := range append(states, config) {
			requireState(t, gateway, expected)
		}
		requireStored(t, service, gateway.State())
	}
	step("create", with(l.first), protocol.Create, l.firstState)
	requireOnWire(t, service, l.wire)
	step("change", with(l.second), protocol.Update)
	removed := protocol.NoOp
	if l.feature {
		removed = protocol.Update
	}
	before := gateway.State()
	step("remove", with(), removed, attrs{"cache_ttl": before["cache_ttl"], "authentication": before["authentication"]})
	requireOff(t, service, gateway.State())
	step("set again", with(l.first), protocol.Update)
	requireOnWire(t, service, l.wire)

	imported := server.Resource(resourceType)
	if diags := imported.Import("demo"); diags.HasError() {
		t.Fatalf("import: %s", diags)
	}
	if !remembers(l.first) {
		imported.MustPlanEmpty(with(l.first))
		imported.MustPlanEmpty(generated(imported.State()))
	}
	if action := imported.MustApply(with(l.first)); remembers(l.first) != (action == protocol.Update) {
		t.Errorf("after import: %s", action)
	}
	if got := gateway.MustApply(nil); got != protocol.Delete {
		t.Errorf("destroy: %s", got)
	}
	if _, exists := service.Emulator.Gateway(service.AccountID, "demo"); exists {
		t.Error("the gateway is still there after destroy")
	}
}

// requireStored compares state with what the service holds, by a list of
// fields of its own.
func requireStored(t *testing.T, service *acctest.Service, state attrs) {
	t.Helper()
	onWire := func(enabled, value string) any {
		if state[enabled] != true {
			return int64(0)
		}
		return state[value]
	}
	orNull := func(name string) any {
		if value := state[name]; value != int64(0) && value != "" {
			return value
		}
		return nil
	}
	want := attrs{
		"id":                     state["id"],
		"cache_ttl":              onWire("cache_enabled", "cache_ttl"),
		"rate_limiting_limit":    onWire("rate_limiting_enabled", "rate_limiting_limit"),
		"rate_limiting_interval": onWire("rate_limiting_enabled", "rate_limiting_interval"),
		"collect_logs":           state["log_enabled"],
		"retry_max_attempts":     orNull("retry_max_attempts"),
		"retry_delay":            orNull("retry_delay"),
		"retry_backoff":          orNull("retry_backoff"),
		"store_id":               orNull("store_id"),
		"logpush_public_key":     orNull("logpush_public_key"),
	}
	for _, same := range []string{
		"rate_limiting_technique", "authentication", "cache_invalidate_on_update", "log_management", "log_management_strategy",
		"log_classification", "logpush", "zdr", "workers_ai_billing_mode",
	} {
		want[same] = state[same]
	}
	requireOnWire(t, service, want)
}

// requireOnWire compares fields with what the service holds. Numbers are
// compared as texts, since JSON has one kind of them.
func requireOnWire(t *testing.T, service *acctest.Service, want attrs) {
	t.Helper()
	stored, ok := service.Emulator.Gateway(service.AccountID, "demo")
	if !ok {
		t.Fatal("the service has no such gateway")
	}
	for field, value := range want {
		if got := stored[field]; text(got) != text(value) && (text(got) != "" || value != nil) {
			t.Errorf("the service holds %s = %v, want %v", field, text(got), text(value))
		}
	}
}

// requireOff fails unless every feature that state has not is off in the
// service.
func requireOff(t *testing.T, service *acctest.Service, state attrs) {
	t.Helper()
	stored, _ := service.Emulator.Gateway(service.AccountID, "demo")
	for _, feature := range []string{"guardrails", "otel", "spend_limits", "stripe"} {
		if state[feature] == nil && stored[feature] != nil {
			t.Errorf("%s is off in state and %v in the service", feature, stored[feature])
		}
	}
	if dlp, on := stored["dlp"].(attrs); state["dlp"] == nil && on && dlp["enabled"] != false {
		t.Errorf("dlp is off in state and %v in the service", dlp)
	}
}

func requireState(t *testing.T, gateway *protocol.Resource, wants ...attrs) {
	t.Helper()
	state := gateway.State()
	for _, want := range wants {
		if difference := missing(want, state, "state"); difference != "" {
			t.Error(difference)
		}
	}
}

// missing says where got has not what want has; got may have more. What is
// write-only is never there.
func missing(want, got any, at string) string {
	switch want := want.(type) {
	case attrs:
		object, ok := got.(attrs)
		if !ok {
			return fmt.Sprintf("%s = %v, want %v", at, got, want)
		}
		for name, value := range want {
			if name == "authorization_wo" || name == "headers_wo" {
				if object[name] != nil {
					return fmt.Sprintf("%s.%s is write-only and in state", at, name)
				}
				continue
			}
			if difference := missing(value, object[name], at+"."+name); difference != "" {
				return difference
			}
		}
		return ""
	case []any:
		list, ok := got.([]any)
		if !ok || len(list) != len(want) {
			return fmt.Sprintf("%s = %v, want %v", at, got, want)
		}
		for i, value := range want {
			if difference := missing(value, list[i], fmt.Sprintf("%s[%d]", at, i)); difference != "" {
				return difference
			}
		}
		return ""
	case int64, float64:
		if text(want) != text(got) {
			return fmt.Sprintf("%s = %v, want %v", at, got, want)
		}
		return ""
	default:
		if !reflect.DeepEqual(want, got) {
			return fmt.Sprintf("%s = %v, want %v", at, got, want)
		}
		return ""
	}
}

// remembers reports whether a configuration has what only state can know, since
// the service is not told of it, or does not tell it: a TTL or a limit of what
// is off, secrets, and how something empty is written.
func remembers(config attrs) bool {
	return config["cache_enabled"] == false && config["cache_ttl"] != nil ||
		config["rate_limiting_enabled"] == false && config["rate_limiting_limit"] != nil ||
		config["otel"] != nil || config["stripe"] != nil || emptyResponse(config["guardrails"])
}

// emptyResponse reports whether guardrails are configured with an empty object,
// which is null on the wire as in state after an import.
func emptyResponse(guardrails any) bool {
	configured, _ := guardrails.(attrs)
	response, set := configured["response"].(attrs)
	return set && len(response) == 0
}

// generated returns what -generate-config-out writes: every attribute that can be
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

// text returns a value of JSON as text; null is empty, and whole numbers are
// written alike.
func text(value any) string {
	switch value := value.(type) {
	case nil:
		return ""
	case float64:
		return fmt.Sprint(value)
	case int64:
		return fmt.Sprint(float64(value))
	case []any:
		texts := make([]string, len(value))
		for i, element := range value {
			texts[i] = text(element)
		}
		return fmt.Sprint(texts)
	case attrs:
		texts := map[string]string{}
		for name, element := range value {
			texts[name] = text(element)
		}
		return fmt.Sprint(texts)
	default:
		return fmt.Sprint(value)
	}
}
