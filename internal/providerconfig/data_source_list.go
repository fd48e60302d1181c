package providerconfig

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*ListDataSource)(nil)

// A ListDataSource lists the provider configs of a gateway.
type ListDataSource struct {
	providerdata.DataSource
}

// NewListDataSource returns the data source aigateway_provider_configs.
func NewListDataSource() datasource.DataSource { return &ListDataSource{} }

type listModel struct {
	AccountID       types.String `tfsdk:"account_id"`
	GatewayID       types.String `tfsdk:"gateway_id"`
	ProviderConfigs []facts      `tfsdk:"provider_configs"`
}

// Account implements [crud.DataModel].
func (m *listModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the data source.
func (d *ListDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_provider_configs"
}

// Schema sets the attributes of the data source.
func (d *ListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the provider configs of a gateway: the keys of providers that it uses (BYOK), without the keys themselves. The " +
			"provider sends one request for every 100 provider configs. Recent changes may be missing from the list for some seconds.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": attributes.GatewayID("the keys are read when the gateway exists"),
			"provider_configs": schema.ListNestedAttribute{
				MarkdownDescription: "Provider configs in the order in which the service returns them.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":                attributes.ComputedString(descriptions["id"]),
					"provider_slug":     attributes.ComputedString(descriptions["provider_slug"]),
					"alias":             attributes.ComputedString(descriptions["alias"]),
					"default_config":    attributes.ComputedBool(descriptions["default_config"]),
					"rate_limit":        attributes.ComputedInt64(descriptions["rate_limit"]),
					"rate_limit_period": attributes.ComputedInt64(descriptions["rate_limit_period"]),
					"secret_id":         attributes.ComputedString(descriptions["secret_id"]),
					"secret_preview":    attributes.ComputedString(descriptions["secret_preview"]),
					"modified_at":       attributes.ComputedTime(descriptions["modified_at"]),
				}},
			},
		},
	}
}

// Read reads the provider configs.
func (d *ListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, list *listModel) {
		accountID, gatewayID := list.AccountID.ValueString(), list.GatewayID.ValueString()
		list.ProviderConfigs = []facts{} // an empty list, not null, if there are none
		for config, err := range existing(ctx, api, accountID, gatewayID) {
			switch {
			case errors.Is(err, client.ErrGatewayNotFound):
				diagnostics.AddGatewayNotFound(gatewayPath, accountID, gatewayID, contents, &resp.Diagnostics)
				return
			case err != nil:
				resp.Diagnostics.Append(diagnostics.FromError(diagnostics.Subject{
					Verb: "list", Object: "provider configs", AccountID: accountID, GatewayID: gatewayID, Contents: contents,
				}, err)...)
				return
			}
			var found facts
			found.fromAPI(config)
			list.ProviderConfigs = append(list.ProviderConfigs, found)
		}
	})
}
