package customprovider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

type customListDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*customListDataSource)(nil)

// NewListDataSource is the data source aigateway_custom_providers: all custom
// providers of an account.
func NewListDataSource() datasource.DataSource { return &customListDataSource{} }

type listModel struct {
	AccountID       types.String `tfsdk:"account_id"`
	Search          types.String `tfsdk:"search"`
	Enable          types.Bool   `tfsdk:"enable"`
	Beta            types.Bool   `tfsdk:"beta"`
	CustomProviders []facts      `tfsdk:"custom_providers"`
}

func (d *customListDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_custom_providers"
}

func (d *customListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The custom providers of an account, all or some, without their headers. They are read in pages of 100, one request a " +
			"page.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"search": schema.StringAttribute{
				MarkdownDescription: "Only custom providers whose id, name or slug contains this text. The service does the search.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"enable": schema.BoolAttribute{MarkdownDescription: "Only those that are enabled, or only those that are not.", Optional: true},
			"beta":   schema.BoolAttribute{MarkdownDescription: "Only those that are marked as beta, or only those that are not.", Optional: true},
			"custom_providers": schema.ListNestedAttribute{
				MarkdownDescription: "The custom providers, in the service's order.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: factAttributes()},
			},
		},
	}
}

func (d *customListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var list listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &list)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.Data.AddUnsupported("Custom providers", api.Capabilities().Providers, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	list.AccountID = d.Data.KnownAccount(list.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	filter := customproviders.Filter{
		Search: list.Search.ValueString(), Enable: convert.Bool(list.Enable), Beta: convert.Bool(list.Beta),
	}
	list.CustomProviders = []facts{} // none found is a list without elements, not null
	for provider, err := range customproviders.List(ctx, api, list.AccountID.ValueString(), filter) {
		if err != nil {
			resp.Diagnostics.Append(diagnostics.FromError(diagnostics.Subject{
				Verb: "list", Object: "custom providers", AccountID: list.AccountID.ValueString(),
			}, err)...)
			return
		}
		var found facts
		found.fromAPI(provider)
		list.CustomProviders = append(list.CustomProviders, found)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &list)...)
}
