// Package gateway implements the resource aigateway_gateway and the data
// sources aigateway_gateway and aigateway_gateways.
package gateway

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/identity"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

// facts holds what identifies and describes a gateway.
type facts struct {
	AccountID     types.String
	Name          types.String
	ID            types.String
	Slug          types.String
	IsDefault     types.Bool
	CreatedAt     timetypes.RFC3339
	ModifiedAt    timetypes.RFC3339
	GatewayURL    types.String
	CompatBaseURL types.String
}

// features holds the settings that are objects. Null means off.
type features struct {
	Guardrails  types.Object
	DLP         types.Object
	OTel        types.List
	SpendLimits types.Object
	Stripe      types.Object
}

// model is a gateway in the configuration, plan and state of the resource.
type model struct {
	facts
	settings
	features
}

var (
	factFields = []raw.Field[model]{
		raw.NewField("account_id", types.StringType, func(m *model) *types.String { return &m.AccountID }),
		raw.NewField("name", types.StringType, func(m *model) *types.String { return &m.Name }),
		raw.NewField("id", types.StringType, func(m *model) *types.String { return &m.ID }),
		raw.NewField("slug", types.StringType, func(m *model) *types.String { return &m.Slug }),
		raw.NewField("is_default", types.BoolType, func(m *model) *types.Bool { return &m.IsDefault }),
		raw.NewField("created_at", timetypes.RFC3339Type{}, func(m *model) *timetypes.RFC3339 { return &m.CreatedAt }),
		raw.NewField("modified_at", timetypes.RFC3339Type{}, func(m *model) *timetypes.RFC3339 { return &m.ModifiedAt }),
		raw.NewField("gateway_url", types.StringType, func(m *model) *types.String { return &m.GatewayURL }),
		raw.NewField("compat_base_url", types.StringType, func(m *model) *types.String { return &m.CompatBaseURL }),
	}
	featureFields = []raw.Field[model]{
		raw.NewField("guardrails", guardrailsType, func(m *model) *types.Object { return &m.Guardrails }),
		raw.NewField("dlp", dlpType, func(m *model) *types.Object { return &m.DLP }),
		raw.NewField("otel", otelType, func(m *model) *types.List { return &m.OTel }),
		raw.NewField("spend_limits", spendLimitsType, func(m *model) *types.Object { return &m.SpendLimits }),
		raw.NewField("stripe", stripeType, func(m *model) *types.Object { return &m.Stripe }),
	}

	// whole converts all attributes, withoutFeatures those that are not objects,
	// and onlyFeatures the others.
	whole           = raw.NewObject(slices.Concat(factFields, settingFields(), featureFields)...)
	withoutFeatures = raw.NewObject(slices.Concat(factFields, settingFields())...)
	onlyFeatures    = raw.NewObject(featureFields...)
)

func settingFields() []raw.Field[model] {
	fields := make([]raw.Field[model], len(scalars))
	for i, s := range scalars {
		fields[i] = s.field()
	}
	return fields
}

// featureNames lists the features in the order of the diagnostics.
var featureNames = []string{"guardrails", "dlp", "otel", "spend_limits", "stripe"}

// secretAttributes hold secrets. No diagnostic may point to them or quote them.
var secretAttributes = map[string]bool{"otel": true, "stripe": true}

// attribute is a setting or a feature with its value.
type attribute struct {
	name  string
	value attr.Value
}

// attributes returns the settings and features in the order of the diagnostics.
func (m *model) attributes() []attribute {
	all := make([]attribute, 0, len(scalars)+len(featureNames))
	for _, s := range scalars {
		all = append(all, attribute{s.attributeName(), s.value(&m.settings)})
	}
	for i, value := range []attr.Value{m.Guardrails, m.DLP, m.OTel, m.SpendLimits, m.Stripe} {
		all = append(all, attribute{featureNames[i], value})
	}
	return all
}

// Raw returns the value for plan or state.
func (m *model) Raw(ctx context.Context) (tftypes.Value, diag.Diagnostics) {
	return whole.Write(ctx, m)
}

// FromRaw reads a value of plan or state.
func (m *model) FromRaw(ctx context.Context, from tftypes.Value) diag.Diagnostics {
	return whole.Read(ctx, from, m)
}

// Identity returns the gateway's identity.
func (m *model) Identity() identity.Identity {
	return identity.InAccount{AccountID: m.AccountID, ID: m.ID}
}

// Subject describes the gateway in errors.
func (m *model) Subject(verb string) diagnostics.Subject {
	return subject(verb, m.AccountID.ValueString(), cmp.Or(m.ID.ValueString(), m.Name.ValueString()))
}

// toAPI returns the whole desired gateway, for POST and PUT. Write-only secrets
// come from the features of the configuration. Without them, the result is good
// for comparing and not for sending.
func (m *model) toAPI(configured features) gateways.Settings {
	to := m.features.toAPI(configured)
	for _, s := range scalars {
		s.toAPI(&m.settings, &to)
	}
	return to
}

// Secrets returns the secrets that the service holds according to the state.
func (m *model) Secrets() []string {
	if m.OTel.IsNull() && m.Stripe.IsNull() {
		return nil
	}
	return m.toAPIStored().Secrets()
}

// toAPIStored returns what the service holds according to the state, for
// comparing.
func (m *model) toAPIStored() gateways.Settings { return m.toAPI(features{}) }

func (f features) toAPI(configured features) gateways.Settings {
	return gateways.Settings{
		Guardrails:  guardrailsToAPI(f.Guardrails),
		DLP:         dlpToAPI(f.DLP),
		OTel:        otelToAPI(f.OTel, configured.OTel),
		SpendLimits: spendLimitsToAPI(f.SpendLimits),
		Stripe:      stripeToAPI(f.Stripe, configured.Stripe),
	}
}

// fromAPI takes over what the service says. The receiver holds what was known
// before: the plan after a write, the state before a read, or nothing. A feature
// that means the same as before stays as it was written.
func (m *model) fromAPI(accountID, gatewayBaseURL types.String, gateway *gateways.Gateway) {
	m.facts.fromAPI(accountID, gatewayBaseURL, gateway)
	m.settings.fromAPI(&gateway.Settings, gateway.OmitsWhenOff)
	m.features.fromAPI(gateway.Settings)
}

func (f *facts) fromAPI(accountID, gatewayBaseURL types.String, gateway *gateways.Gateway) {
	f.AccountID = accountID
	f.ID = types.StringValue(gateway.ID)
	f.Name = types.StringValue(gateway.Name)
	f.Slug = types.StringValue(gateway.Slug)
	f.IsDefault = types.BoolValue(gateway.IsDefault != nil && *gateway.IsDefault)
	f.CreatedAt = convert.Time(gateway.CreatedAt)
	f.ModifiedAt = convert.Time(gateway.ModifiedAt)
	f.setURLs(gatewayBaseURL)
}

// setURLs derives the addresses. They stay as they are while a part is unknown.
func (f *facts) setURLs(gatewayBaseURL types.String) {
	if gatewayBaseURL.IsUnknown() || f.AccountID.IsUnknown() || f.ID.IsUnknown() {
		return
	}
	url := client.GatewayURL(gatewayBaseURL.ValueString(), f.AccountID.ValueString(), f.ID.ValueString())
	f.GatewayURL = types.StringValue(url)
	f.CompatBaseURL = types.StringValue(url + "/compat")
}

func (s *settings) fromAPI(from *gateways.Settings, partial bool) {
	for _, scalar := range scalars {
		scalar.fromAPI(s, from, partial)
	}
}

func (f *features) fromAPI(from gateways.Settings) {
	if f.off() && from.Guardrails == nil && from.DLP == nil && len(from.OTel) == 0 && from.SpendLimits == nil && from.Stripe == nil {
		return
	}
	same := gateways.CompareFeatures(f.toAPI(features{}), from)
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

func (f *features) off() bool {
	return f.Guardrails.IsNull() && f.DLP.IsNull() && f.OTel.IsNull() && f.SpendLimits.IsNull() && f.Stripe.IsNull()
}
