package gateway_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/aigateway/terraform-provider-aigateway/internal/acctest"
	"github.com/aigateway/terraform-provider-aigateway/internal/emulator"
)

// TestPropertyRoundTrip: any valid configuration goes to the wire, into the
// emulator, back and into state, where it is what was configured; the plan
// after is empty; and so for any next configuration.
func TestPropertyRoundTrip(t *testing.T) {
	t.Parallel()
	sets := acctest.Combinations(emulator.GatewayQuirks()...)
	rapid.Check(t, func(rt *rapid.T) {
		set := rapid.SampledFrom(sets).Draw(rt, "quirks")
		service := acctest.Emulate(t, emulator.Options{Quirks: set})
		gateway := service.Protocol(t, nil).Resource(resourceType)
		for i := range 2 {
			config := anyConfig.Draw(rt, fmt.Sprint("configuration ", i))
			for _, quirk := range set {
				if quirk == emulator.NoBYOKOnly {
					delete(config, "byok_only")
				}
			}
			if config["log_classification"] == true {
				config["log_enabled"] = true
			}
			gateway.MustApply(config)
			requireState(t, gateway, config)
			if t.Failed() {
				rt.Fatalf("with %v", config)
			}
		}
		gateway.MustApply(nil)
	})
}

// anyConfig are valid configurations. Each attribute may be left out.
var anyConfig = rapid.Custom(func(t *rapid.T) attrs {
	config := attrs{"name": "demo"}
	maybe := func(name string, value *rapid.Generator[any]) {
		if rapid.Bool().Draw(t, "set "+name) {
			config[name] = value.Draw(t, name)
		}
	}
	boolean := rapid.Bool().AsAny()
	number := func(from, to int64) *rapid.Generator[any] { return rapid.Int64Range(from, to).AsAny() }
	choice := func(values ...string) *rapid.Generator[any] { return rapid.SampledFrom(values).AsAny() }

	maybe("cache_ttl", number(1, 2592000))
	if config["cache_ttl"] != nil {
		maybe("cache_enabled", boolean)
	}
	maybe("rate_limiting_limit", number(1, 1_000_000))
	if config["rate_limiting_limit"] != nil {
		config["rate_limiting_interval"] = rapid.Int64Range(1, 1_000_000).Draw(t, "interval")
		maybe("rate_limiting_enabled", boolean)
	}
	maybe("rate_limiting_technique", choice("fixed", "sliding"))
	for _, name := range []string{
		"log_enabled", "authentication", "cache_invalidate_on_update", "log_classification", "logpush", "zdr", "byok_only",
	} {
		maybe(name, boolean)
	}
	maybe("log_management", number(10_000, 10_000_000))
	maybe("log_management_strategy", choice("STOP_INSERTING", "DELETE_OLDEST"))
	maybe("logpush_public_key", rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[ -~]{16,64}`)).AsAny())
	maybe("retry_max_attempts", number(0, 5))
	maybe("retry_delay", number(0, 5000))
	maybe("retry_backoff", choice("", "constant", "linear", "exponential"))
	maybe("store_id", choice("", "store", "another"))
	maybe("workers_ai_billing_mode", choice("postpaid", "unified"))
	maybe("guardrails", anyGuardrails.AsAny())
	maybe("dlp", anyDLP.AsAny())
	maybe("otel", anyOTel.AsAny())
	maybe("spend_limits", anySpendLimits.AsAny())
	maybe("stripe", anyStripe.AsAny())
	return config
})

var (
	anyAction   = rapid.SampledFrom([]string{"FLAG", "BLOCK"})
	anyText     = rapid.StringN(0, 20, 80)
	anyKey      = rapid.StringMatching(`[a-z][a-z0-9_-]{0,12}`)
	anyProfiles = rapid.Map(rapid.SliceOfNDistinct(anyKey, 0, 3, rapid.ID[string]), anySlice[string])
)

func anySlice[T any](values []T) []any {
	all := []any{}
	for _, value := range values {
		all = append(all, value)
	}
	return all
}

var anyGuardrails = rapid.Custom(func(t *rapid.T) attrs {
	guardrails := attrs{}
	for _, of := range []string{"prompt", "response"} {
		if !rapid.Bool().Draw(t, of) {
			continue
		}
		actions := attrs{}
		for category := range allCategories("") {
			if rapid.Bool().Draw(t, category) {
				actions[category] = anyAction.Draw(t, "action")
			} else if rapid.Bool().Draw(t, "null") {
				actions[category] = nil
			}
		}
		guardrails[of] = actions
	}
	return guardrails
})

var anyDLP = rapid.Custom(func(t *rapid.T) attrs {
	dlp := attrs{"enabled": rapid.Bool().Draw(t, "enabled")}
	if rapid.Bool().Draw(t, "by profiles") {
		dlp["action"], dlp["profiles"] = anyAction.Draw(t, "action"), anyProfiles.Draw(t, "profiles")
		return dlp
	}
	policies := attrs{}
	for _, id := range rapid.SliceOfNDistinct(anyKey, 0, 3, rapid.ID[string]).Draw(t, "ids") {
		policies[id] = attrs{
			"action": anyAction.Draw(t, "action"), "enabled": rapid.Bool().Draw(t, "enabled"), "profiles": anyProfiles.Draw(t, "profiles"),
			"check": rapid.SampledFrom([][]any{{"REQUEST"}, {"RESPONSE"}, {"REQUEST", "RESPONSE"}}).Draw(t, "check"),
		}
	}
	dlp["policies"] = policies
	return dlp
})

var anyOTel = rapid.Custom(func(t *rapid.T) []any {
	receivers := []any{}
	for i := range rapid.IntRange(0, 3).Draw(t, "receivers") {
		receiver := attrs{"url": fmt.Sprintf("https://otel-%d.example.com/%s", rapid.IntRange(0, 2).Draw(t, "host"), anyKey.Draw(t, "path"))}
		if rapid.Bool().Draw(t, "headers") {
			receiver["headers"] = attrs{anyKey.Draw(t, "header"): anyText.Draw(t, "value")}
		}
		if rapid.Bool().Draw(t, "authorization") {
			receiver["authorization_wo"], receiver["authorization_wo_version"] = fmt.Sprint("secret-", i), int64(i)
		}
		if rapid.Bool().Draw(t, "type") {
			receiver["content_type"] = rapid.SampledFrom([]string{"json", "protobuf"}).Draw(t, "content type")
		}
		receivers = append(receivers, receiver)
	}
	return receivers
})

var anySpendLimits = rapid.Custom(func(t *rapid.T) attrs {
	rules := attrs{}
	for _, id := range rapid.SliceOfNDistinct(anyKey, 0, 20, rapid.ID[string]).Draw(t, "ids") {
		rule := attrs{
			"limit":  rapid.SampledFrom([]float64{0, 0.01, 1, 99.5, 1e6, 123456.789}).Draw(t, "limit"),
			"window": rapid.Int64Range(0, 31_536_000).Draw(t, "window"),
		}
		if rapid.Bool().Draw(t, "technique") {
			rule["technique"] = rapid.SampledFrom([]string{"fixed", "sliding"}).Draw(t, "technique")
		}
		dimensions := attrs{}
		for _, name := range []string{"model", "provider"} {
			switch rapid.SampledFrom([]string{"", "filter", "partition"}).Draw(t, name) {
			case "filter":
				dimensions[name] = attrs{"mode": "filter", "values": []any{anyKey.Draw(t, name)}}
			case "partition":
				dimensions[name] = attrs{"mode": "partition"}
			}
		}
		if rapid.Bool().Draw(t, "metadata") {
			dimensions["metadata.user"] = attrs{"mode": "partition"}
			dimensions["metadata."+anyKey.Draw(t, "key")] = attrs{"mode": "filter", "values": []any{anyText.Draw(t, "value")}}
		}
		rule["dimensions"] = dimensions
		rules[id] = rule
	}
	return attrs{"enabled": rapid.Bool().Draw(t, "enabled"), "rules": rules}
})

var anyStripe = rapid.Custom(func(t *rapid.T) attrs {
	events := []any{}
	for range rapid.IntRange(0, 3).Draw(t, "events") {
		events = append(events, attrs{"payload": anyText.Draw(t, "payload")})
	}
	return attrs{"authorization": "sk_test_" + anyKey.Draw(t, "key"), "usage_events": events}
})
