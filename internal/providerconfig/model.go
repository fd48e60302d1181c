// Package providerconfig implements provider configs, the keys of providers that a gateway
// uses (BYOK): the resource aigateway_provider_config and the data source
// aigateway_provider_configs.
package providerconfig

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
)

// facts holds what the service returns about a provider config.
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

// model is the resource's configuration, plan or state.
type model struct {
	facts
	AccountID       types.String `tfsdk:"account_id"`
	GatewayID       types.String `tfsdk:"gateway_id"`
	SecretWO        types.String `tfsdk:"secret_wo"`
	SecretWOVersion types.Number `tfsdk:"secret_wo_version"`
}

// Identity implements [crud.Object].
func (m model) Identity() identity.Identity {
	return identity.InGateway{AccountID: m.AccountID, GatewayID: m.GatewayID, ID: m.ID}
}

// Subject implements [crud.Object].
func (m model) Subject(verb string) diagnostics.Subject {
	s := diagnostics.Subject{
		Verb: verb, Object: "provider config", AccountID: m.AccountID.ValueString(), GatewayID: m.GatewayID.ValueString(), ID: name(m),
		Contents: contents, ResourceType: ResourceType, Attributes: attributePaths,
	}
	if verb != "read" {
		s.Permission = "AI Gateway Edit and Secrets Store Edit"
	}
	if m.ProviderSlug.ValueString() == "" {
		s.ID = m.ID.ValueString() // imported, and not read yet
		s.ImportHint = fmt.Sprintf("To import by provider and alias, give both. For the provider %q and the alias \"default\", that is \"%s/%s/default\". "+
			"The data source aigateway_provider_configs lists the provider configs of a gateway.", s.ID, s.GatewayID, s.ID)
	}
	return s
}

// contents names provider configs in errors about a gateway that does not exist.
const contents = "provider configs"

var gatewayPath = path.Root("gateway_id")

// attributePaths maps fields of request bodies to attributes. The key is not among them: the
// CLI would print the line.
var attributePaths = func() map[string]path.Path {
	paths := map[string]path.Path{}
	for name := range (model{}).attributes() {
		paths[name] = path.Root(name)
	}
	return paths
}()

// name returns the display name of a provider config.
func name(m model) string { return m.ProviderSlug.ValueString() + "/" + m.Alias.ValueString() }

// attributes returns the attributes that can be configured and that the service returns, by
// name.
func (m model) attributes() map[string]attr.Value {
	return map[string]attr.Value{
		"provider_slug": m.ProviderSlug, "alias": m.Alias, "default_config": m.DefaultConfig, "rate_limit": m.RateLimit,
		"rate_limit_period": m.RateLimitPeriod, "secret_id": m.SecretID,
	}
}

// toAPI returns the request body that creates the provider config. The secret comes from the
// configuration, since plans do not contain it.
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

// fromAPI takes over the service's response. Values that the response lacks stay as they
// were.
func (f *facts) fromAPI(config *keys.Config) {
	f.ID = types.StringValue(config.ID)
	f.ProviderSlug = types.StringValue(config.ProviderSlug)
	f.Alias = types.StringValue(config.Alias)
	if config.Default != nil || f.DefaultConfig.IsUnknown() {
		f.DefaultConfig = types.BoolPointerValue(config.Default)
	}
	f.RateLimit, f.RateLimitPeriod = types.Int64PointerValue(config.RateLimit), types.Int64PointerValue(config.RateLimitPeriod)
	if f.RateLimit.ValueInt64() == 0 {
		// Without a limit, the period in the response has no meaning.
		f.RateLimit, f.RateLimitPeriod = types.Int64Null(), types.Int64Null()
	}
	f.SecretID = convert.Text(config.SecretID)
	f.SecretPreview = convert.Text(config.SecretPreview)
	f.ModifiedAt = convert.Time(config.ModifiedAt)
}

// fromRotation takes over what a rotation changes and what the plan did not know. Other
// changes were not planned; the next refresh shows them.
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
