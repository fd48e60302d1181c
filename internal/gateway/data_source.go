package gateway

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

// DataSource is the data source aigateway_gateway: one gateway by its name.
type DataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// NewDataSource returns the data source aigateway_gateway.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_gateway"
}

// Schema sets the attributes.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a gateway of Cloudflare AI Gateway by its name. A gateway that does not exist is an error.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: dataSourceAttributes(false),
	}
}

// Read looks up the gateway.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config model
	resp.Diagnostics.Append(withoutSecrets.Read(ctx, req.Config.Raw, &config)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	account := d.Data.KnownAccount(config.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, name := account.ValueString(), config.Name.ValueString()
	if checkName(name, api.Capabilities(), &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	gateway, err := gateways.Find(ctx, api, accountID, name)
	if errors.Is(err, client.ErrNotFound) {
		resp.Diagnostics.AddAttributeError(path.Root("name"), "Gateway not found", fmt.Sprintf(
			"Account %s has no gateway %q. Check the name and the account (account_id here, of the provider, or CLOUDFLARE_ACCOUNT_ID); "+
				"aigateway_gateways lists the existing gateways. If the same configuration creates it, refer to the resource instead.",
			accountID, name))
		return
	}
	if err != nil {
		resp.Diagnostics.Append(diagnostics.FromError(subject("read", accountID, name), err)...)
		return
	}
	found := modelWithoutSecrets(account, d.Data.GatewayBaseURL, gateway)
	state, diags := withoutSecrets.Write(ctx, &found)
	resp.Diagnostics.Append(diags...)
	resp.State.Raw = state
}

// Types of the features that hold secrets, without them.
var (
	readOnlyReceiverType = raw.NewObjectType(map[string]attr.Type{"url": types.StringType, "content_type": types.StringType})
	readOnlyOTelType     = types.ListType{ElemType: readOnlyReceiverType}
	readOnlyStripeType   = raw.NewObjectType(map[string]attr.Type{"usage_events": stripeType.AttrTypes["usage_events"]})
)

// withoutSecrets converts gateways in data sources.
var withoutSecrets = raw.NewObject(slices.Concat(factFields, settingFields(), []raw.Field[model]{
	raw.NewField("guardrails", guardrailsType, func(m *model) *types.Object { return &m.Guardrails }),
	raw.NewField("dlp", dlpType, func(m *model) *types.Object { return &m.DLP }),
	raw.NewField("otel", readOnlyOTelType, func(m *model) *types.List { return &m.OTel }),
	raw.NewField("spend_limits", spendLimitsType, func(m *model) *types.Object { return &m.SpendLimits }),
	raw.NewField("stripe", readOnlyStripeType, func(m *model) *types.Object { return &m.Stripe }),
})...)

// modelWithoutSecrets returns a gateway as data sources show it.
func modelWithoutSecrets(accountID, gatewayBaseURL types.String, gateway *gateways.Gateway) model {
	var m model
	m.fromAPI(accountID, gatewayBaseURL, gateway)
	if !m.OTel.IsNull() {
		receivers := make([]attr.Value, 0, len(gateway.OTel))
		for _, receiver := range m.OTel.Elements() {
			receivers = append(receivers, pick(receiver, readOnlyReceiverType))
		}
		m.OTel = types.ListValueMust(readOnlyReceiverType, receivers)
	}
	if !m.Stripe.IsNull() {
		m.Stripe = pick(m.Stripe, readOnlyStripeType)
	}
	return m
}

// pick returns an object with some of its attributes.
func pick(from attr.Value, typ raw.ObjectType) types.Object {
	object, _ := from.(types.Object)
	picked := map[string]attr.Value{}
	for name := range typ.AttrTypes {
		picked[name] = object.Attributes()[name]
	}
	return types.ObjectValueMust(typ.AttrTypes, picked)
}
