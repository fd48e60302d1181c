package providerconfig

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/keys"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

type configsDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*configsDataSource)(nil)

// NewListDataSource is the data source aigateway_provider_configs: all keys of
// providers that a gateway has.
func NewListDataSource() datasource.DataSource { return &configsDataSource{} }

type listModel struct {
	AccountID       types.String `tfsdk:"account_id"`
	GatewayID       types.String `tfsdk:"gateway_id"`
	ProviderConfigs []facts      `tfsdk:"provider_configs"`
}

func (d *configsDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_provider_configs"
}

func (d *configsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(name string) schema.Attribute {
		return schema.StringAttribute{MarkdownDescription: descriptions[name], Computed: true}
	}
	number := func(name string) schema.Attribute {
		return schema.Int64Attribute{MarkdownDescription: descriptions[name], Computed: true}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "The providers' keys that a gateway has (BYOK), without the keys themselves. They are read in pages of 100, one " +
			"request a page. The service's list may lag behind changes by some seconds.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": schema.StringAttribute{
				MarkdownDescription: descriptions["gateway_id"] + " Refer to `id` of the resource directly, so that the keys are read when the " +
					"gateway exists.",
				Required:   true,
				Validators: validate.GatewayName(),
			},
			"provider_configs": schema.ListNestedAttribute{
				MarkdownDescription: "The provider configs, in the service's order.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":                text("id"),
					"provider_slug":     text("provider_slug"),
					"alias":             text("alias"),
					"default_config":    schema.BoolAttribute{MarkdownDescription: descriptions["default_config"], Computed: true},
					"rate_limit":        number("rate_limit"),
					"rate_limit_period": number("rate_limit_period"),
					"secret_id":         text("secret_id"),
					"secret_preview":    text("secret_preview"),
					"modified_at": schema.StringAttribute{
						MarkdownDescription: descriptions["modified_at"],
						Computed:            true,
						CustomType:          timetypes.RFC3339Type{},
					},
				}},
			},
		},
	}
}

func (d *configsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var list listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &list)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	d.Data.AddUnsupported("Provider configs", api.Capabilities().Providers, &resp.Diagnostics)
	list.AccountID = d.Data.KnownAccount(list.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	accountID, gatewayID := list.AccountID.ValueString(), list.GatewayID.ValueString()
	list.ProviderConfigs = []facts{} // none found is a list without elements, not null
	for config, err := range keys.List(ctx, api, accountID, gatewayID) {
		if err != nil {
			resp.Diagnostics.Append(diagnostics.FromError(listing(list), err)...)
			return
		}
		var found facts
		found.fromAPI(config)
		list.ProviderConfigs = append(list.ProviderConfigs, found)
	}
	if len(list.ProviderConfigs) == 0 {
		// Of a gateway that does not exist, the service says that it has none.
		if _, err := gateways.Get(ctx, api, accountID, gatewayID); errors.Is(err, client.ErrNotFound) {
			addGatewayNotFound(accountID, gatewayID, &resp.Diagnostics)
			return
		}
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &list)...)
}

func listing(list listModel) diagnostics.Subject {
	return diagnostics.Subject{
		Verb: "list", Object: "provider configs", AccountID: list.AccountID.ValueString(), GatewayID: list.GatewayID.ValueString(),
	}
}
