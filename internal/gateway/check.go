package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// check refuses configured values that contradict each other.
func check(config *model, diags *diag.Diagnostics) {
	if config.CacheEnabled.ValueBool() && isZero(config.CacheTTL) {
		diags.AddAttributeError(path.Root("cache_ttl"), "Caching without a TTL",
			"cache_enabled is true, so cache_ttl must be above 0: on Cloudflare's API, a TTL of 0 switches caching off. "+
				"Set it to a number of seconds from 1 to 2592000, or set cache_enabled to false.")
	}
	// Validators for pairs of attributes walk the whole configuration for each,
	// which took a tenth of the time of a plan.
	limit, interval := config.RateLimitingLimit, config.RateLimitingInterval
	if limit.IsNull() != interval.IsNull() {
		is, lacks := "rate_limiting_limit", "rate_limiting_interval"
		if limit.IsNull() {
			is, lacks = lacks, is
		}
		diags.AddAttributeError(path.Root(is), "Missing "+lacks,
			"A limit counts requests in an interval, so rate_limiting_limit and rate_limiting_interval require each other. Set "+lacks+
				" as well, or remove "+is+".")
	}
	if config.RateLimitingEnabled.ValueBool() {
		refuseZero := func(name string, value types.Int64) {
			if isZero(value) {
				diags.AddAttributeError(path.Root(name), "Rate limiting without a limit or an interval",
					"rate_limiting_enabled is true, so "+name+" must be above 0: on Cloudflare's API, 0 switches rate limiting off. "+
						"Set it to a number above 0, or set rate_limiting_enabled to false.")
			}
		}
		refuseZero("rate_limiting_limit", limit)
		refuseZero("rate_limiting_interval", interval)
	}
	if config.LogClassification.ValueBool() && !config.LogEnabled.IsNull() && !config.LogEnabled.IsUnknown() && !config.LogEnabled.ValueBool() {
		diags.AddAttributeError(path.Root("log_classification"), "Log classification without logs",
			"log_classification is true, which requires logs, and log_enabled is false. Set log_enabled to true, or log_classification to false.")
	}
	checkGuardrails(config.Guardrails, diags)
	checkDLP(config.DLP, diags)
	checkSpendLimits(config.SpendLimits, diags)
	checkOTel(config.OTel, diags)
	checkStripe(config.Stripe, diags)
}

// checkResolved refuses what requires a value that neither the configuration nor
// the gateway provides. Configured values were checked against each other before.
func checkResolved(config, plan *settings, diags *diag.Diagnostics) {
	if config.CacheEnabled.ValueBool() && config.CacheTTL.IsNull() && !isAbove0(plan.CacheTTL) && !plan.CacheTTL.IsUnknown() {
		diags.AddAttributeError(path.Root("cache_enabled"), "Missing cache_ttl",
			"cache_enabled is true, and neither the configuration nor the existing gateway has a TTL. "+
				"Set cache_ttl to the number of seconds, from 1 to 2592000.")
	}
	if config.RateLimitingEnabled.ValueBool() && config.RateLimitingLimit.IsNull() && config.RateLimitingInterval.IsNull() &&
		!(isAbove0(plan.RateLimitingLimit) && isAbove0(plan.RateLimitingInterval)) &&
		!plan.RateLimitingLimit.IsUnknown() && !plan.RateLimitingInterval.IsUnknown() {
		diags.AddAttributeError(path.Root("rate_limiting_enabled"), "Missing rate_limiting_limit and rate_limiting_interval",
			"rate_limiting_enabled is true, and neither the configuration nor the existing gateway has a limit and an interval. "+
				"Set rate_limiting_limit and rate_limiting_interval, both above 0.")
	}
	if config.LogClassification.ValueBool() && config.LogEnabled.IsNull() && !plan.LogEnabled.IsUnknown() && !plan.LogEnabled.ValueBool() {
		diags.AddAttributeError(path.Root("log_classification"), "Log classification without logs",
			"log_classification is true, which requires logs, and logging of the existing gateway is off. Set log_enabled to true as well.")
	}
}

// allAbove0 returns whether all values are above 0, or unknown where that
// depends on an unknown value.
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
