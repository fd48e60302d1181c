package customprovider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/customproviders"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*ListDataSource)(nil)

// A ListDataSource lists the custom providers of an account.
type ListDataSource struct {
	providerdata.DataSource
}

// NewListDataSource returns the data source aigateway_custom_providers.
func NewListDataSource() datasource.DataSource { return &ListDataSource{} }

type listModel struct {
	AccountID       types.String `tfsdk:"account_id"`
	Search          types.String `tfsdk:"search"`
	Enable          types.Bool   `tfsdk:"enable"`
	Beta            types.Bool   `tfsdk:"beta"`
	CustomProviders []facts      `tfsdk:"custom_providers"`
}

// Account implements [crud.DataModel].
func (m *listModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the data source.
func (d *ListDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_custom_providers"
}

// Schema sets the attributes of the data source.
func (d *ListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the custom providers of an account, without their headers. The provider sends one request for every 100 custom " +
			"providers.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"search": schema.StringAttribute{
				MarkdownDescription: "Lists only custom providers whose ID, name or slug contains this string. The service does the search.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"enable": schema.BoolAttribute{MarkdownDescription: "Lists only custom providers that are enabled, or that are not.", Optional: true},
			"beta":   schema.BoolAttribute{MarkdownDescription: "Lists only custom providers that are marked as beta, or that are not.", Optional: true},
			"custom_providers": schema.ListNestedAttribute{
				MarkdownDescription: "Custom providers in the order in which the service returns them.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: factAttributes()},
			},
		},
	}
}

// Read reads the custom providers.
func (d *ListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, list *listModel) {
		filter := customproviders.Filter{
			Search: list.Search.ValueString(), Enable: convert.Bool(list.Enable), Beta: convert.Bool(list.Beta),
		}
		list.CustomProviders = []facts{} // an empty list, not null, if there are none
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
	})
}
