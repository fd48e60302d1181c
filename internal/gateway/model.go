// Package gateway is the object gateway: the resource aigateway_gateway and
// the data sources aigateway_gateway and aigateway_gateways.
package gateway

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"terraform-provider-aigateway/internal/client"
	"terraform-provider-aigateway/internal/framework/convert"
)

// model is a gateway in configuration, plan and state, of the resource as of
// the data sources.
type model struct {
	AccountID types.String `tfsdk:"account_id"`
	Name      types.String `tfsdk:"name"`
	settings
	ID            types.String      `tfsdk:"id"`
	Slug          types.String      `tfsdk:"slug"`
	IsDefault     types.Bool        `tfsdk:"is_default"`
	CreatedAt     timetypes.RFC3339 `tfsdk:"created_at"`
	ModifiedAt    timetypes.RFC3339 `tfsdk:"modified_at"`
	GatewayURL    types.String      `tfsdk:"gateway_url"`
	CompatBaseURL types.String      `tfsdk:"compat_base_url"`
}

// settings are what can be changed in place.
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
}

// identityModel is what tells a gateway from all others.
type identityModel struct {
	AccountID types.String `tfsdk:"account_id"`
	ID        types.String `tfsdk:"id"`
}

// toAPICreate and toAPIUpdate are the settings for a request. Both carry the
// whole desired gateway, since a PUT replaces it.
func (s settings) toAPICreate() client.Settings { return s.toAPI() }

func (s settings) toAPIUpdate() client.Settings { return s.toAPI() }

func (s settings) toAPI() client.Settings {
	return client.Settings{
		CacheEnabled:            convert.Bool(s.CacheEnabled),
		CacheTTL:                convert.Int64(s.CacheTTL),
		RateLimitingEnabled:     convert.Bool(s.RateLimitingEnabled),
		RateLimitingLimit:       convert.Int64(s.RateLimitingLimit),
		RateLimitingInterval:    convert.Int64(s.RateLimitingInterval),
		RateLimitingTechnique:   convert.String(s.RateLimitingTechnique),
		LogEnabled:              convert.Bool(s.LogEnabled),
		Authentication:          convert.Bool(s.Authentication),
		CacheInvalidateOnUpdate: convert.Bool(s.CacheInvalidateOnUpdate),
	}
}

// fromAPI takes over what the service says. m holds what was known before, the
// plan after a write and the state before a read, or nothing: the service does
// not tell the TTL while caching is off, nor limit and interval while rate
// limiting is, so those stay as they were known, and 0 where they were not.
func (m *model) fromAPI(accountID, gatewayBaseURL types.String, gateway *client.Gateway) {
	m.AccountID = accountID
	m.ID = types.StringValue(gateway.ID)
	m.Name = types.StringValue(gateway.Name)
	m.Slug = types.StringValue(gateway.Slug)
	m.IsDefault = types.BoolPointerValue(gateway.IsDefault)
	m.CreatedAt = convert.Time(gateway.CreatedAt)
	m.ModifiedAt = convert.Time(gateway.ModifiedAt)
	m.setURLs(gatewayBaseURL)
	m.settings.fromAPI(gateway.Settings)
}

func (s *settings) fromAPI(from client.Settings) {
	s.CacheEnabled = boolOr(from.CacheEnabled, s.CacheEnabled)
	s.CacheTTL = int64Or(from.CacheTTL, s.CacheTTL)
	s.RateLimitingEnabled = boolOr(from.RateLimitingEnabled, s.RateLimitingEnabled)
	s.RateLimitingLimit = int64Or(from.RateLimitingLimit, s.RateLimitingLimit)
	s.RateLimitingInterval = int64Or(from.RateLimitingInterval, s.RateLimitingInterval)
	s.RateLimitingTechnique = types.StringPointerValue(from.RateLimitingTechnique)
	s.LogEnabled = boolOr(from.LogEnabled, s.LogEnabled)
	s.Authentication = boolOr(from.Authentication, s.Authentication)
	s.CacheInvalidateOnUpdate = boolOr(from.CacheInvalidateOnUpdate, s.CacheInvalidateOnUpdate)
}

// setURLs derives the addresses. They stay as they are as long as a part of
// them is unknown.
func (m *model) setURLs(gatewayBaseURL types.String) {
	if gatewayBaseURL.IsUnknown() || m.AccountID.IsUnknown() || m.ID.IsUnknown() {
		return
	}
	url := client.GatewayURL(gatewayBaseURL.ValueString(), m.AccountID.ValueString(), m.ID.ValueString())
	m.GatewayURL = types.StringValue(url)
	m.CompatBaseURL = types.StringValue(url + "/compat")
}

// boolOr is what the service says, else what was known before; the service
// leaves out what it does not know.
func boolOr(said *bool, known types.Bool) types.Bool {
	if said == nil && !known.IsUnknown() {
		return known
	}
	return types.BoolPointerValue(said)
}

func int64Or(said *int64, known types.Int64) types.Int64 {
	switch {
	case said != nil:
		return types.Int64Value(*said)
	case known.IsNull() || known.IsUnknown():
		return types.Int64Value(0)
	default:
		return known
	}
}
