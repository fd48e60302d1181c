package gateway

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
)

// creationDefaults are the settings of a new gateway that the configuration
// does not name. They are not defaults of the schema, which would apply at
// every plan and undo what was changed elsewhere. What is unknown here is the
// service's to choose.
func creationDefaults(capabilities client.Capabilities) settings {
	if !capabilities.NamesAreIDs {
		// Of what this format lacks there is nothing to know, and of the rest
		// the server's defaults are not documented.
		return settings{
			CacheEnabled:         types.BoolUnknown(),
			CacheTTL:             types.Int64Unknown(),
			RateLimitingEnabled:  types.BoolUnknown(),
			RateLimitingLimit:    types.Int64Unknown(),
			RateLimitingInterval: types.Int64Unknown(),
			LogEnabled:           types.BoolUnknown(),
		}
	}
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
		LogManagement:           types.Int64Unknown(),
		LogManagementStrategy:   types.StringUnknown(),
		LogClassification:       types.BoolUnknown(),
		Logpush:                 types.BoolUnknown(),
		LogpushPublicKey:        types.StringUnknown(),
		RetryMaxAttempts:        types.Int64Unknown(),
		RetryDelay:              types.Int64Unknown(),
		RetryBackoff:            types.StringUnknown(),
		StoreID:                 types.StringUnknown(),
		ZDR:                     types.BoolUnknown(),
		BYOKOnly:                types.BoolUnknown(),
		WorkersAIBillingMode:    types.StringUnknown(),
	}
}

// resolve is the plan for the settings: what is configured, and otherwise what
// was there before, which is the state or, for a new gateway, its defaults.
func resolve(config, before settings, capabilities client.Capabilities, diags *diag.Diagnostics) settings {
	plan := settings{
		CacheEnabled:            or(config.CacheEnabled, before.CacheEnabled),
		CacheTTL:                or(config.CacheTTL, before.CacheTTL),
		RateLimitingEnabled:     or(config.RateLimitingEnabled, before.RateLimitingEnabled),
		RateLimitingLimit:       or(config.RateLimitingLimit, before.RateLimitingLimit),
		RateLimitingInterval:    or(config.RateLimitingInterval, before.RateLimitingInterval),
		RateLimitingTechnique:   or(config.RateLimitingTechnique, before.RateLimitingTechnique),
		LogEnabled:              or(config.LogEnabled, before.LogEnabled),
		Authentication:          or(config.Authentication, before.Authentication),
		CacheInvalidateOnUpdate: or(config.CacheInvalidateOnUpdate, before.CacheInvalidateOnUpdate),
		LogManagement:           or(config.LogManagement, before.LogManagement),
		LogManagementStrategy:   or(config.LogManagementStrategy, before.LogManagementStrategy),
		LogClassification:       or(config.LogClassification, before.LogClassification),
		Logpush:                 or(config.Logpush, before.Logpush),
		LogpushPublicKey:        or(config.LogpushPublicKey, before.LogpushPublicKey),
		RetryMaxAttempts:        or(config.RetryMaxAttempts, before.RetryMaxAttempts),
		RetryDelay:              or(config.RetryDelay, before.RetryDelay),
		RetryBackoff:            or(config.RetryBackoff, before.RetryBackoff),
		StoreID:                 or(config.StoreID, before.StoreID),
		ZDR:                     or(config.ZDR, before.ZDR),
		BYOKOnly:                or(config.BYOKOnly, before.BYOKOnly),
		WorkersAIBillingMode:    or(config.WorkersAIBillingMode, before.WorkersAIBillingMode),
	}
	// What another configured attribute determines.
	if config.CacheEnabled.IsNull() && !config.CacheTTL.IsNull() {
		plan.CacheEnabled = allAbove0(config.CacheTTL)
	}
	if config.RateLimitingEnabled.IsNull() && !config.RateLimitingLimit.IsNull() && !config.RateLimitingInterval.IsNull() {
		plan.RateLimitingEnabled = allAbove0(config.RateLimitingLimit, config.RateLimitingInterval)
	}
	if config.LogClassification.IsNull() && before.LogClassification.ValueBool() {
		// The API switches it off together with logging.
		switch {
		case plan.LogEnabled.IsUnknown():
			plan.LogClassification = types.BoolUnknown()
		case !plan.LogEnabled.ValueBool():
			plan.LogClassification = types.BoolValue(false)
		}
	}
	if capabilities.NamesAreIDs { // elsewhere the server may have defaults of its own
		checkResolved(config, plan, diags)
	}
	return plan
}

// checkResolved refuses what needs a value that neither the configuration nor
// the gateway as it is provides. Configured values were checked against each
// other before.
func checkResolved(config, plan settings, diags *diag.Diagnostics) {
	if config.CacheEnabled.ValueBool() && config.CacheTTL.IsNull() && !isAbove0(plan.CacheTTL) && !plan.CacheTTL.IsUnknown() {
		diags.AddAttributeError(path.Root("cache_enabled"), "Missing cache_ttl",
			"Caching is to be on, and neither the configuration nor the gateway as it is says for how long answers are cached. "+
				"Set cache_ttl to the number of seconds, from 1 to 2592000.")
	}
	if config.RateLimitingEnabled.ValueBool() && config.RateLimitingLimit.IsNull() && config.RateLimitingInterval.IsNull() &&
		!(isAbove0(plan.RateLimitingLimit) && isAbove0(plan.RateLimitingInterval)) &&
		!plan.RateLimitingLimit.IsUnknown() && !plan.RateLimitingInterval.IsUnknown() {
		diags.AddAttributeError(path.Root("rate_limiting_enabled"), "Missing rate_limiting_limit and rate_limiting_interval",
			"Rate limiting is to be on, and neither the configuration nor the gateway as it is says how many requests are let "+
				"through in how many seconds. Set rate_limiting_limit and rate_limiting_interval, both above 0.")
	}
	if config.LogClassification.ValueBool() && config.LogEnabled.IsNull() && !plan.LogEnabled.IsUnknown() && !plan.LogEnabled.ValueBool() {
		diags.AddAttributeError(path.Root("log_classification"), "Log classification without logs",
			"log_classification is true, which needs logs, and the gateway as it is keeps none. Set log_enabled to true as well.")
	}
}

// check refuses configured values that contradict each other.
func check(config model, diags *diag.Diagnostics) {
	if config.CacheEnabled.ValueBool() && isZero(config.CacheTTL) {
		diags.AddAttributeError(path.Root("cache_ttl"), "Caching without a TTL",
			"cache_enabled is true, so cache_ttl must be above 0: on Cloudflare's API, a TTL of 0 switches caching off. "+
				"Set it to a number of seconds from 1 to 2592000, or set cache_enabled to false.")
	}
	// Not by validators: those for pairs of attributes walk the whole
	// configuration for each, which was a tenth of the time of a plan.
	limit, interval := config.RateLimitingLimit, config.RateLimitingInterval
	if limit.IsNull() != interval.IsNull() {
		is, lacks := "rate_limiting_limit", "rate_limiting_interval"
		if limit.IsNull() {
			is, lacks = lacks, is
		}
		diags.AddAttributeError(path.Root(is), "Missing "+lacks,
			"A limit counts requests in an interval, so rate_limiting_limit and rate_limiting_interval go together. Set "+lacks+
				" as well, or remove "+is+".")
	}
	if config.RateLimitingEnabled.ValueBool() {
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
	if config.LogClassification.ValueBool() && !config.LogEnabled.IsNull() && !config.LogEnabled.IsUnknown() && !config.LogEnabled.ValueBool() {
		diags.AddAttributeError(path.Root("log_classification"), "Log classification without logs",
			"log_classification is true, which needs logs, and log_enabled is false. Set log_enabled to true, or log_classification to false.")
	}
	checkGuardrails(config.Guardrails, diags)
	checkDLP(config.DLP, diags)
	checkSpendLimits(config.SpendLimits, diags)
	checkOTel(config.OTel, diags)
	checkStripe(config.Stripe, diags)
}

// attributes are all settings and features by their names.
func (m model) attributes() map[string]attr.Value {
	s, f := m.settings, m.features
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
		"log_management":             s.LogManagement,
		"log_management_strategy":    s.LogManagementStrategy,
		"log_classification":         s.LogClassification,
		"logpush":                    s.Logpush,
		"logpush_public_key":         s.LogpushPublicKey,
		"retry_max_attempts":         s.RetryMaxAttempts,
		"retry_delay":                s.RetryDelay,
		"retry_backoff":              s.RetryBackoff,
		"store_id":                   s.StoreID,
		"zdr":                        s.ZDR,
		"byok_only":                  s.BYOKOnly,
		"workers_ai_billing_mode":    s.WorkersAIBillingMode,
		"guardrails":                 f.Guardrails,
		"dlp":                        f.DLP,
		"otel":                       f.OTel,
		"spend_limits":               f.SpendLimits,
		"stripe":                     f.Stripe,
	}
}

// secretAttributes hold secrets: no diagnostic may point to them or quote
// them.
var secretAttributes = map[string]bool{"otel": true, "stripe": true}

// known tells whether every setting has a value that a request could carry.
func (m model) known(ctx context.Context) bool {
	for _, value := range m.attributes() {
		if value.IsUnknown() {
			return false
		}
		switch value.(type) {
		case types.Object, types.List: // features, in which something may be unknown
		default:
			continue
		}
		if raw, err := value.ToTerraformValue(ctx); err != nil || !raw.IsFullyKnown() {
			return false
		}
	}
	return true
}

// changes tells whether going from one gateway to the other needs a request.
// A version of a write-only secret is nothing to the service, but its change
// means that the secret is to be sent.
func changes(api *client.Client, from, to model) bool {
	return !gateways.SameOnWire(api, from.toAPIStored(), to.toAPIStored()) || !sameVersions(from.features, to.features)
}

// compare says where the service stored something else than was planned. State
// then has what is stored; without this, the CLI would blame the provider.
func compare(planned, stored model, diags *diag.Diagnostics) {
	got := stored.attributes()
	for name, want := range planned.attributes() {
		switch {
		case want.IsUnknown(), want.Equal(got[name]):
		case want.IsNull():
			diags.AddError("A feature was switched on meanwhile",
				"Somebody has switched on "+name+" since this gateway was last read, and the request did not touch it. "+
					"Plan again: the next plan shows it, and applying that switches it off.")
		case secretAttributes[name]:
			diags.AddError("The service stored another value",
				"The request that set "+name+" succeeded, but the gateway now has something else, which may be nothing. "+
					"The API may not know this feature, or refuse it for this account without saying so.")
		case got[name].IsNull():
			diags.AddAttributeError(path.Root(name), "The service does not have this setting",
				"The request that set "+name+" succeeded, but the service's answer is without it. The API behind base_url is probably "+
					"older or newer than this provider, or the account is not entitled to it. Remove the attribute to go on without it.")
		default:
			diags.AddAttributeError(path.Root(name), "The service stored another value", fmt.Sprintf(
				"The request said %s = %s and succeeded, but the gateway now has %s. "+
					"Configure the value that the service accepts, or remove the attribute to leave it to the service.",
				name, want, got[name]))
		}
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
