package customdomain

import (
	"context"

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

// A ListDataSource lists the custom domains of a gateway.
type ListDataSource struct {
	providerdata.DataSource
}

// NewListDataSource returns the data source aigateway_custom_domains.
func NewListDataSource() datasource.DataSource { return &ListDataSource{} }

type listModel struct {
	AccountID     types.String `tfsdk:"account_id"`
	GatewayID     types.String `tfsdk:"gateway_id"`
	CustomDomains []facts      `tfsdk:"custom_domains"`
}

// Account implements [crud.DataModel].
func (m *listModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the data source.
func (d *ListDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_custom_domains"
}

// Schema sets the attributes of the data source.
func (d *ListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: beta + "Lists the custom domains of a gateway.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": attributes.GatewayID("the custom domains are read when the gateway exists"),
			"custom_domains": schema.ListNestedAttribute{
				MarkdownDescription: "Custom domains in the order in which the service returns them.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: factAttributes()},
			},
		},
	}
}

// Read reads the custom domains.
func (d *ListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, list *listModel) {
		subject := diagnostics.Subject{
			Verb: "list", Object: "custom domains", AccountID: list.AccountID.ValueString(), GatewayID: list.GatewayID.ValueString(), Contents: contents,
		}
		list.CustomDomains = []facts{} // an empty list, not null, if there are none
		for domain, err := range existing(ctx, api, subject.AccountID, subject.GatewayID) {
			if err != nil {
				resp.Diagnostics.Append(diagnostics.FromError(subject, err)...)
				return
			}
			var found facts
			found.fromAPI(domain)
			list.CustomDomains = append(list.CustomDomains, found)
		}
	})
}
