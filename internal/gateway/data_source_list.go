package gateway

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/gateways"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/raw"
)

// ListDataSource is the data source aigateway_gateways: all gateways of an
// account.
type ListDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*ListDataSource)(nil)

// NewListDataSource returns the data source aigateway_gateways.
func NewListDataSource() datasource.DataSource { return &ListDataSource{} }

// listModel is the configuration of the data source.
type listModel struct {
	AccountID types.String
	Search    types.String
}

var (
	listArguments = raw.NewObject(
		raw.NewField("account_id", types.StringType, func(l *listModel) *types.String { return &l.AccountID }),
		raw.NewField("search", types.StringType, func(l *listModel) *types.String { return &l.Search }),
	)
	gatewaysType = tftypes.List{ElementType: withoutSecrets.Type()}
	listType     = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"account_id": tftypes.String, "search": tftypes.String, "gateways": gatewaysType,
	}}
)

// Metadata sets the name of the data source.
func (d *ListDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_gateways"
}

// Schema sets the attributes.
func (d *ListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the gateways of an account with all their settings. The provider sends one request for every 100 gateways.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"search": schema.StringAttribute{
				MarkdownDescription: "Lists only gateways whose ID contains this string. The service does the search.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"gateways": schema.ListNestedAttribute{
				MarkdownDescription: "Gateways in the order in which the service returns them.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: dataSourceAttributes(true)},
			},
		},
	}
}

// Read lists the gateways.
func (d *ListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var list listModel
	resp.Diagnostics.Append(listArguments.Read(ctx, req.Config.Raw, &list)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	list.AccountID = d.Data.KnownAccount(list.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	values := []tftypes.Value{} // without gateways, the list is empty and not null
	for gateway, err := range gateways.List(ctx, api, list.AccountID.ValueString(), list.Search.ValueString()) {
		if err != nil {
			listed := subject("list", list.AccountID.ValueString(), "")
			listed.Object = "gateways"
			resp.Diagnostics.Append(diagnostics.FromError(listed, err)...)
			return
		}
		found := modelWithoutSecrets(list.AccountID, d.Data.GatewayBaseURL, gateway)
		value, diags := withoutSecrets.Write(ctx, &found)
		resp.Diagnostics.Append(diags...)
		values = append(values, value)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	resp.State.Raw = tftypes.NewValue(listType, map[string]tftypes.Value{
		"account_id": tftypes.NewValue(tftypes.String, list.AccountID.ValueString()),
		"search":     tftypes.NewValue(tftypes.String, list.Search.ValueStringPointer()),
		"gateways":   tftypes.NewValue(gatewaysType, values),
	})
}
