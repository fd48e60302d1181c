// Package providerconfig is the object provider config, a provider's key that a
// gateway uses (BYOK): the resource aigateway_provider_config and the data
// source aigateway_provider_configs.
package providerconfig

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// facts are what the service tells of a provider config.
type facts struct {
	ID              types.String      `tfsdk:"id"`
	ProviderSlug    types.String      `tfsdk:"provider_slug"`
	Alias           types.String      `tfsdk:"alias"`
	DefaultConfig   types.Bool        `tfsdk:"default_config"`
	RateLimit       types.Int64       `tfsdk:"rate_limit"`
	RateLimitPeriod types.Int64       `tfsdk:"rate_limit_period"`
	SecretID        types.String      `tfsdk:"secret_id"`
	SecretPreview   types.String      `tfsdk:"secret_preview"`
	ModifiedAt      timetypes.RFC3339 `tfsdk:"modified_at"`
}

// model is a provider config in configuration, plan and state of the resource.
type model struct {
	facts
	AccountID       types.String `tfsdk:"account_id"`
	GatewayID       types.String `tfsdk:"gateway_id"`
	SecretWO        types.String `tfsdk:"secret_wo"`
	SecretWOVersion types.Number `tfsdk:"secret_wo_version"`
}

func (m model) identity() identity.InGateway {
	return identity.InGateway{AccountID: m.AccountID, GatewayID: m.GatewayID, ID: m.ID}
}

// toAPI is what is sent to create the config. The secret comes from the
// configuration, since no plan has it.
func (m model) toAPI(secret types.String) keys.Input {
	n := keys.Input{
		Alias:           m.Alias.ValueString(),
		ProviderSlug:    m.ProviderSlug.ValueString(),
		Default:         m.DefaultConfig.ValueBool(),
		RateLimit:       convert.Int64(m.RateLimit),
		RateLimitPeriod: convert.Int64(m.RateLimitPeriod),
		Secret:          secret.ValueString(),
	}
	if n.Secret == "" {
		n.SecretID = m.SecretID.ValueString()
	}
	return n
}

// fromAPI takes over what the service says. f holds what was known before: what
// the service does not say stays as it was.
func (f *facts) fromAPI(config *keys.Config) {
	f.ID = types.StringValue(config.ID)
	f.ProviderSlug = types.StringValue(config.ProviderSlug)
	f.Alias = types.StringValue(config.Alias)
	if config.Default != nil || f.DefaultConfig.IsUnknown() {
		f.DefaultConfig = types.BoolPointerValue(config.Default)
	}
	f.RateLimit, f.RateLimitPeriod = types.Int64PointerValue(config.RateLimit), types.Int64PointerValue(config.RateLimitPeriod)
	if f.RateLimit.ValueInt64() == 0 {
		// No limit: the period that the service tells nevertheless means nothing.
		f.RateLimit, f.RateLimitPeriod = types.Int64Null(), types.Int64Null()
	}
	f.SecretID = convert.Text(config.SecretID)
	f.SecretPreview = convert.Text(config.SecretPreview)
	f.ModifiedAt = convert.Time(config.ModifiedAt)
}

// fromRotation takes over what a rotation changes, and what was not known when
// it was planned. What else has changed meanwhile was not planned and shows with
// the next refresh.
func (f *facts) fromRotation(config *keys.Config) {
	var stored facts
	stored.fromAPI(config)
	f.SecretPreview, f.ModifiedAt = stored.SecretPreview, stored.ModifiedAt
	if f.SecretID.IsUnknown() {
		f.SecretID = stored.SecretID
	}
	if f.RateLimitPeriod.IsUnknown() {
		f.RateLimitPeriod = stored.RateLimitPeriod
	}
}
