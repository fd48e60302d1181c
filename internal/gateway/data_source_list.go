package gateway

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

type gatewaysDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*gatewaysDataSource)(nil)

// NewListDataSource is the data source aigateway_gateways: all gateways of an
// account.
func NewListDataSource() datasource.DataSource { return &gatewaysDataSource{} }

type listModel struct {
	AccountID types.String `tfsdk:"account_id"`
	Search    types.String `tfsdk:"search"`
	Gateways  []readModel  `tfsdk:"gateways"`
}

func (d *gatewaysDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_gateways"
}

func (d *gatewaysDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All gateways of an account, or those whose id contains a text. They are read in pages of 100, " +
			"one request a page.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"search": schema.StringAttribute{
				MarkdownDescription: "Only gateways whose id contains this text. The service does the search.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"gateways": schema.ListNestedAttribute{
				MarkdownDescription: "The gateways, in the service's order.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: dataSourceAttributes(true)},
			},
		},
	}
}

func (d *gatewaysDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var list listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &list)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	list.AccountID = d.Data.KnownAccount(list.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	list.Gateways = []readModel{} // none found is a list without elements, not null
	for gateway, err := range gateways.List(ctx, api, list.AccountID.ValueString(), list.Search.ValueString()) {
		if err != nil {
			listed := subject("list", list.AccountID.ValueString(), "")
			listed.Object = "gateways"
			resp.Diagnostics.Append(diagnostics.FromError(listed, err)...)
			return
		}
		list.Gateways = append(list.Gateways, readModelOf(list.AccountID, d.Data.GatewayBaseURL, gateway))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &list)...)
}
