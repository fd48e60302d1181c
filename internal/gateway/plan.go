package gateway

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// creationDefaults are the settings of a new gateway that the configuration
// does not name. They are not defaults of the schema, which would apply at
// every plan and undo what was changed elsewhere. What is unknown here is the
// service's to choose.
func creationDefaults() settings {
	return settings{
		CacheEnabled:            types.BoolValue(false),
		CacheTTL:                types.Int64Value(0),
		RateLimitingEnabled:     types.BoolValue(false),
		RateLimitingLimit:       types.Int64Value(0),
		RateLimitingInterval:    types.Int64Value(0),
		RateLimitingTechnique:   types.StringUnknown(),
		LogEnabled:              types.BoolValue(true),
		Authentication:          types.BoolValue(true),
		CacheInvalidateOnUpdate: types.BoolValue(false),
	}
}

// resolve is the plan for the settings: what is configured, and otherwise what
// was there before, which is the state or, for a new gateway, its defaults.
func resolve(config, before settings, diags *diag.Diagnostics) settings {
	plan := settings{
		RateLimitingTechnique:   or(config.RateLimitingTechnique, before.RateLimitingTechnique),
		LogEnabled:              or(config.LogEnabled, before.LogEnabled),
		Authentication:          or(config.Authentication, before.Authentication),
		CacheInvalidateOnUpdate: or(config.CacheInvalidateOnUpdate, before.CacheInvalidateOnUpdate),
		CacheTTL:                or(config.CacheTTL, before.CacheTTL),
		RateLimitingLimit:       or(config.RateLimitingLimit, before.RateLimitingLimit),
		RateLimitingInterval:    or(config.RateLimitingInterval, before.RateLimitingInterval),
	}
	plan.CacheEnabled = or(config.CacheEnabled, before.CacheEnabled)
	if config.CacheEnabled.IsNull() && !config.CacheTTL.IsNull() {
		plan.CacheEnabled = allAbove0(config.CacheTTL)
	}
	plan.RateLimitingEnabled = or(config.RateLimitingEnabled, before.RateLimitingEnabled)
	if config.RateLimitingEnabled.IsNull() && !config.RateLimitingLimit.IsNull() && !config.RateLimitingInterval.IsNull() {
		plan.RateLimitingEnabled = allAbove0(config.RateLimitingLimit, config.RateLimitingInterval)
	}

	// Values that are configured were checked against each other before; here
	// it is about those that only the gateway could provide.
	if config.CacheEnabled.ValueBool() && config.CacheTTL.IsNull() && !isAbove0(plan.CacheTTL) {
		diags.AddAttributeError(path.Root("cache_enabled"), "Missing cache_ttl",
			"Caching is to be on, and neither the configuration nor the gateway as it is says for how long answers are cached. "+
				"Set cache_ttl to the number of seconds, from 1 to 2592000.")
	}
	if config.RateLimitingEnabled.ValueBool() && config.RateLimitingLimit.IsNull() && config.RateLimitingInterval.IsNull() &&
		!(isAbove0(plan.RateLimitingLimit) && isAbove0(plan.RateLimitingInterval)) {
		diags.AddAttributeError(path.Root("rate_limiting_enabled"), "Missing rate_limiting_limit and rate_limiting_interval",
			"Rate limiting is to be on, and neither the configuration nor the gateway as it is says how many requests are let "+
				"through in how many seconds. Set rate_limiting_limit and rate_limiting_interval, both above 0.")
	}
	return plan
}

// check refuses configured values that contradict each other.
func check(config settings, diags *diag.Diagnostics) {
	if config.CacheEnabled.ValueBool() && isZero(config.CacheTTL) {
		diags.AddAttributeError(path.Root("cache_ttl"), "Caching without a TTL",
			"cache_enabled is true, so cache_ttl must be above 0: on Cloudflare's API, a TTL of 0 switches caching off. "+
				"Set it to a number of seconds from 1 to 2592000, or set cache_enabled to false.")
	}
	if !config.RateLimitingEnabled.ValueBool() {
		return
	}
	for name, value := range map[string]types.Int64{
		"rate_limiting_limit":    config.RateLimitingLimit,
		"rate_limiting_interval": config.RateLimitingInterval,
	} {
		if isZero(value) {
			diags.AddAttributeError(path.Root(name), "Rate limiting without a limit or an interval",
				"rate_limiting_enabled is true, so "+name+" must be above 0: on Cloudflare's API, 0 switches rate limiting off. "+
					"Set it to a number above 0, or set rate_limiting_enabled to false.")
		}
	}
}

// attributes are all settings by their names.
func (s settings) attributes() map[string]attr.Value {
	return map[string]attr.Value{
		"cache_enabled":              s.CacheEnabled,
		"cache_ttl":                  s.CacheTTL,
		"rate_limiting_enabled":      s.RateLimitingEnabled,
		"rate_limiting_limit":        s.RateLimitingLimit,
		"rate_limiting_interval":     s.RateLimitingInterval,
		"rate_limiting_technique":    s.RateLimitingTechnique,
		"log_enabled":                s.LogEnabled,
		"authentication":             s.Authentication,
		"cache_invalidate_on_update": s.CacheInvalidateOnUpdate,
	}
}

// known tells whether every setting has a value that a request could carry.
func (s settings) known() bool {
	for _, value := range s.attributes() {
		if value.IsUnknown() {
			return false
		}
	}
	return true
}

// compare says where the service stored something else than was planned. State
// then has what is stored; without this, the CLI would blame the provider.
func compare(planned, stored settings, diags *diag.Diagnostics) {
	got := stored.attributes()
	for name, want := range planned.attributes() {
		if want.IsUnknown() || want.Equal(got[name]) {
			continue
		}
		diags.AddAttributeError(path.Root(name), "The service stored another value", fmt.Sprintf(
			"The request said %s = %s and succeeded, but the gateway now has %s. "+
				"Configure the value that the service accepts, or remove the attribute to leave it to the service.",
			name, want, got[name]))
	}
}

// or is the configured value, or before where none is configured.
func or[T interface{ IsNull() bool }](configured, before T) T {
	if configured.IsNull() {
		return before
	}
	return configured
}

// allAbove0 tells whether all values are above 0, which is unknown where it
// hangs on an unknown value.
func allAbove0(values ...types.Int64) types.Bool {
	all := types.BoolValue(true)
	for _, value := range values {
		switch {
		case value.IsUnknown():
			all = types.BoolUnknown()
		case value.ValueInt64() <= 0:
			return types.BoolValue(false)
		}
	}
	return all
}

func isZero(value types.Int64) bool {
	return !value.IsNull() && !value.IsUnknown() && value.ValueInt64() == 0
}

func isAbove0(value types.Int64) bool { return value.ValueInt64() > 0 }
