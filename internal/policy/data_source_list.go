package policy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/policies"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*ListDataSource)(nil)

// A ListDataSource lists the policies of a gateway.
type ListDataSource struct {
	providerdata.DataSource
}

// NewListDataSource returns the data source aigateway_policies.
func NewListDataSource() datasource.DataSource { return &ListDataSource{} }

type listModel struct {
	AccountID     types.String `tfsdk:"account_id"`
	GatewayID     types.String `tfsdk:"gateway_id"`
	IncludeDrafts types.Bool   `tfsdk:"include_drafts"`
	Policies      []facts      `tfsdk:"policies"`
}

// Account implements [crud.DataModel].
func (m *listModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the data source.
func (d *ListDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_policies"
}

// Schema sets the attributes of the data source.
func (d *ListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the policies of a gateway. A gateway without policies allows every request.\n\n" + beta + readPermission,
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": attributes.GatewayID("the policies are read when the gateway exists"),
			"include_drafts": schema.BoolAttribute{
				MarkdownDescription: "Lists drafts as well. A draft of a policy that is in force stands in its place or beside it, with " +
					"`committed = false`. Default: `false`.",
				Optional: true,
			},
			"policies": schema.ListNestedAttribute{
				MarkdownDescription: "Policies in the order in which the service returns them, which has no meaning.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: factAttributes()},
			},
		},
	}
}

// Read reads the policies.
func (d *ListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	crud.ReadDataSource(ctx, d.Data, support, req, resp, func(api *client.Client, list *listModel) {
		accountID, gatewayID := list.AccountID.ValueString(), list.GatewayID.ValueString()
		list.Policies = []facts{} // an empty list, not null, if there are none
		for policy, err := range policies.List(ctx, api, accountID, gatewayID, list.IncludeDrafts.ValueBool()) {
			if err != nil {
				resp.Diagnostics.Append(diagnostics.FromError(diagnostics.Subject{
					Verb: "list", Object: "policies", AccountID: accountID, GatewayID: gatewayID, Contents: contents,
				}, err)...)
				return
			}
			var found facts
			found.fromAPI(policy)
			list.Policies = append(list.Policies, found)
		}
	})
}
