// Package gateway is the object gateway: the resource aigateway_gateway and
// the data sources aigateway_gateway and aigateway_gateways.
package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// facts are what a gateway is, of the resource as of the data sources.
type facts struct {
	AccountID     types.String      `tfsdk:"account_id"`
	Name          types.String      `tfsdk:"name"`
	ID            types.String      `tfsdk:"id"`
	Slug          types.String      `tfsdk:"slug"`
	IsDefault     types.Bool        `tfsdk:"is_default"`
	CreatedAt     timetypes.RFC3339 `tfsdk:"created_at"`
	ModifiedAt    timetypes.RFC3339 `tfsdk:"modified_at"`
	GatewayURL    types.String      `tfsdk:"gateway_url"`
	CompatBaseURL types.String      `tfsdk:"compat_base_url"`
}

// settings are what can be changed in place, but for the features.
type settings struct {
	CacheEnabled            types.Bool   `tfsdk:"cache_enabled"`
	CacheTTL                types.Int64  `tfsdk:"cache_ttl"`
	RateLimitingEnabled     types.Bool   `tfsdk:"rate_limiting_enabled"`
	RateLimitingLimit       types.Int64  `tfsdk:"rate_limiting_limit"`
	RateLimitingInterval    types.Int64  `tfsdk:"rate_limiting_interval"`
	RateLimitingTechnique   types.String `tfsdk:"rate_limiting_technique"`
	LogEnabled              types.Bool   `tfsdk:"log_enabled"`
	Authentication          types.Bool   `tfsdk:"authentication"`
	CacheInvalidateOnUpdate types.Bool   `tfsdk:"cache_invalidate_on_update"`
	LogManagement           types.Int64  `tfsdk:"log_management"`
	LogManagementStrategy   types.String `tfsdk:"log_management_strategy"`
	LogClassification       types.Bool   `tfsdk:"log_classification"`
	Logpush                 types.Bool   `tfsdk:"logpush"`
	LogpushPublicKey        types.String `tfsdk:"logpush_public_key"`
	RetryMaxAttempts        types.Int64  `tfsdk:"retry_max_attempts"`
	RetryDelay              types.Int64  `tfsdk:"retry_delay"`
	RetryBackoff            types.String `tfsdk:"retry_backoff"`
	StoreID                 types.String `tfsdk:"store_id"`
	ZDR                     types.Bool   `tfsdk:"zdr"`
	BYOKOnly                types.Bool   `tfsdk:"byok_only"`
	WorkersAIBillingMode    types.String `tfsdk:"workers_ai_billing_mode"`
}

// features are whole features: null is off.
type features struct {
	Guardrails  types.Object `tfsdk:"guardrails"`
	DLP         types.Object `tfsdk:"dlp"`
	OTel        types.List   `tfsdk:"otel"`
	SpendLimits types.Object `tfsdk:"spend_limits"`
	Stripe      types.Object `tfsdk:"stripe"`
}

// model is a gateway in configuration, plan and state of the resource.
type model struct {
	facts
	settings
	features
}

func (m model) identity() identity.InAccount {
	return identity.InAccount{AccountID: m.AccountID, ID: m.ID}
}

// noFeatures are features that are all off.
func noFeatures() features {
	return features{
		Guardrails:  types.ObjectNull(guardrailsTypes()),
		DLP:         types.ObjectNull(dlpTypes()),
		OTel:        types.ListNull(types.ObjectType{AttrTypes: otelTypes()}),
		SpendLimits: types.ObjectNull(spendLimitsTypes()),
		Stripe:      types.ObjectNull(stripeTypes()),
	}
}

// toAPI is the whole desired gateway, as both POST and PUT are about. Secrets
// that are write-only come from written, the configuration; without them, the
// result is good for comparing and not for sending.
func (m model) toAPI(written features) gateways.Settings {
	s := m.settings
	return gateways.Settings{
		CacheEnabled:            convert.Bool(s.CacheEnabled),
		CacheTTL:                convert.Int64(s.CacheTTL),
		RateLimitingEnabled:     convert.Bool(s.RateLimitingEnabled),
		RateLimitingLimit:       convert.Int64(s.RateLimitingLimit),
		RateLimitingInterval:    convert.Int64(s.RateLimitingInterval),
		RateLimitingTechnique:   convert.String(s.RateLimitingTechnique),
		LogEnabled:              convert.Bool(s.LogEnabled),
		Authentication:          convert.Bool(s.Authentication),
		CacheInvalidateOnUpdate: convert.Bool(s.CacheInvalidateOnUpdate),
		LogManagement:           convert.Int64(s.LogManagement),
		LogManagementStrategy:   convert.String(s.LogManagementStrategy),
		LogClassification:       convert.Bool(s.LogClassification),
		Logpush:                 convert.Bool(s.Logpush),
		LogpushPublicKey:        convert.String(s.LogpushPublicKey),
		RetryMaxAttempts:        convert.Int64(s.RetryMaxAttempts),
		RetryDelay:              convert.Int64(s.RetryDelay),
		RetryBackoff:            convert.String(s.RetryBackoff),
		StoreID:                 convert.String(s.StoreID),
		ZDR:                     convert.Bool(s.ZDR),
		BYOKOnly:                convert.Bool(s.BYOKOnly),
		WorkersAIBillingMode:    convert.String(s.WorkersAIBillingMode),
		Guardrails:              guardrailsToAPI(m.Guardrails),
		DLP:                     dlpToAPI(m.DLP),
		OTel:                    otelToAPI(m.OTel, written.OTel),
		SpendLimits:             spendLimitsToAPI(m.SpendLimits),
		Stripe:                  stripeToAPI(m.Stripe, written.Stripe),
	}
}

// toAPIStored is what the state says that the service holds, for comparing.
func (m model) toAPIStored() gateways.Settings { return m.toAPI(noFeatures()) }

// fromAPI takes over what the service says. m holds what was known before, the
// plan after a write and the state before a read, or nothing: the service does
// not tell the TTL while caching is off, nor limit and interval while rate
// limiting is, so those stay as they were known, and 0 where they were not;
// and a feature that means the same as before stays as it was written.
func (m *model) fromAPI(accountID, gatewayBaseURL types.String, gateway *gateways.Gateway) {
	m.facts.fromAPI(accountID, gatewayBaseURL, gateway)
	unsaid := types.Int64Value(0)
	if !gateway.OmitsWhenOff {
		unsaid = types.Int64Null()
	}
	m.settings.fromAPI(gateway.Settings, unsaid)
	m.features.fromAPI(gateway.Settings)
}

func (f *facts) fromAPI(accountID, gatewayBaseURL types.String, gateway *gateways.Gateway) {
	f.AccountID = accountID
	f.ID = types.StringValue(gateway.ID)
	f.Name = types.StringValue(gateway.Name)
	f.Slug = types.StringValue(gateway.Slug)
	f.IsDefault = types.BoolPointerValue(gateway.IsDefault)
	f.CreatedAt = convert.Time(gateway.CreatedAt)
	f.ModifiedAt = convert.Time(gateway.ModifiedAt)
	f.setURLs(gatewayBaseURL)
}

// fromAPI has unsaid for numbers of which nothing is said and nothing known.
func (s *settings) fromAPI(from gateways.Settings, unsaid types.Int64) {
	*s = settings{
		CacheEnabled:            types.BoolPointerValue(from.CacheEnabled),
		CacheTTL:                int64Or(from.CacheTTL, s.CacheTTL, unsaid),
		RateLimitingEnabled:     types.BoolPointerValue(from.RateLimitingEnabled),
		RateLimitingLimit:       int64Or(from.RateLimitingLimit, s.RateLimitingLimit, unsaid),
		RateLimitingInterval:    int64Or(from.RateLimitingInterval, s.RateLimitingInterval, unsaid),
		RateLimitingTechnique:   types.StringPointerValue(from.RateLimitingTechnique),
		LogEnabled:              types.BoolPointerValue(from.LogEnabled),
		Authentication:          types.BoolPointerValue(from.Authentication),
		CacheInvalidateOnUpdate: types.BoolPointerValue(from.CacheInvalidateOnUpdate),
		LogManagement:           types.Int64PointerValue(from.LogManagement),
		LogManagementStrategy:   types.StringPointerValue(from.LogManagementStrategy),
		LogClassification:       types.BoolPointerValue(from.LogClassification),
		Logpush:                 types.BoolPointerValue(from.Logpush),
		LogpushPublicKey:        types.StringPointerValue(from.LogpushPublicKey),
		RetryMaxAttempts:        types.Int64PointerValue(from.RetryMaxAttempts),
		RetryDelay:              types.Int64PointerValue(from.RetryDelay),
		RetryBackoff:            types.StringPointerValue(from.RetryBackoff),
		StoreID:                 types.StringPointerValue(from.StoreID),
		ZDR:                     types.BoolPointerValue(from.ZDR),
		BYOKOnly:                types.BoolPointerValue(from.BYOKOnly),
		WorkersAIBillingMode:    types.StringPointerValue(from.WorkersAIBillingMode),
	}
}

func (f *features) fromAPI(from gateways.Settings) {
	known := gateways.Settings{
		Guardrails: guardrailsToAPI(f.Guardrails), DLP: dlpToAPI(f.DLP), OTel: otelToAPI(f.OTel, types.List{}),
		SpendLimits: spendLimitsToAPI(f.SpendLimits), Stripe: stripeToAPI(f.Stripe, types.Object{}),
	}
	same := gateways.CompareFeatures(known, from)
	if !same.Guardrails {
		f.Guardrails = guardrailsFromAPI(from.Guardrails)
	}
	if !same.DLP {
		f.DLP = dlpFromAPI(from.DLP)
	}
	if !same.OTel {
		f.OTel = otelFromAPI(from.OTel, f.OTel)
	}
	if !same.SpendLimits {
		f.SpendLimits = spendLimitsFromAPI(from.SpendLimits)
	}
	if !same.Stripe {
		f.Stripe = stripeFromAPI(from.Stripe, f.Stripe)
	}
}

// setURLs derives the addresses. They stay as they are as long as a part of
// them is unknown.
func (f *facts) setURLs(gatewayBaseURL types.String) {
	if gatewayBaseURL.IsUnknown() || f.AccountID.IsUnknown() || f.ID.IsUnknown() {
		return
	}
	url := client.GatewayURL(gatewayBaseURL.ValueString(), f.AccountID.ValueString(), f.ID.ValueString())
	f.GatewayURL = types.StringValue(url)
	f.CompatBaseURL = types.StringValue(url + "/compat")
}

func int64Or(said *int64, known, unsaid types.Int64) types.Int64 {
	switch {
	case said != nil:
		return types.Int64Value(*said)
	case known.IsNull() || known.IsUnknown():
		return unsaid
	default:
		return known
	}
}
