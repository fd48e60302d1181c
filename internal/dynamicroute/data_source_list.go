package dynamicroute

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

var _ datasource.DataSourceWithConfigure = (*ListDataSource)(nil)

// A ListDataSource lists the routes of a gateway.
type ListDataSource struct {
	providerdata.DataSource
}

// NewListDataSource returns the data source aigateway_dynamic_routes.
func NewListDataSource() datasource.DataSource { return &ListDataSource{} }

type listModel struct {
	AccountID types.String  `tfsdk:"account_id"`
	GatewayID types.String  `tfsdk:"gateway_id"`
	Routes    []listedModel `tfsdk:"routes"`
}

// Account implements [crud.DataModel].
func (m *listModel) Account() *types.String { return &m.AccountID }

// listedModel is a route in the list, which lacks the graph.
type listedModel struct {
	ID           types.String      `tfsdk:"id"`
	Name         types.String      `tfsdk:"name"`
	Model        types.String      `tfsdk:"model"`
	VersionID    types.String      `tfsdk:"version_id"`
	DeploymentID types.String      `tfsdk:"deployment_id"`
	CreatedAt    timetypes.RFC3339 `tfsdk:"created_at"`
	ModifiedAt   timetypes.RFC3339 `tfsdk:"modified_at"`
}

// Metadata sets the name of the data source.
func (d *ListDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_dynamic_routes"
}

// Schema sets the attributes of the data source.
func (d *ListDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the dynamic routes of a gateway, without their graphs, which `aigateway_dynamic_route` reads. The provider sends " +
			"one request for every 100 routes. Recent changes may be missing from the list for some seconds.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": attributes.GatewayID("the routes are read when the gateway exists"),
			"routes": schema.ListNestedAttribute{
				MarkdownDescription: "Routes in the order in which the service returns them.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":            attributes.ComputedString("ID of the route, assigned by the service."),
					"name":          attributes.ComputedString(descriptions["name"]),
					"model":         attributes.ComputedString(descriptions["model"]),
					"version_id":    attributes.ComputedString("ID of the deployed version. Null if the response does not contain it."),
					"deployment_id": attributes.ComputedString("ID of the deployment of the version `version_id`. Null if the response does not contain it."),
					"created_at":    attributes.ComputedTime(descriptions["created_at"]),
					"modified_at":   attributes.ComputedTime(descriptions["modified_at"]),
				}},
			},
		},
	}
}

// Read reads the routes.
func (d *ListDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	crud.ReadDataSource(ctx, d.Data, crud.Support{}, req, resp, func(api *client.Client, list *listModel) {
		accountID, gatewayID := list.AccountID.ValueString(), list.GatewayID.ValueString()
		list.Routes = []listedModel{} // an empty list, not null, if there are none
		for route, err := range existing(ctx, api, accountID, gatewayID) {
			switch {
			case errors.Is(err, client.ErrGatewayNotFound):
				diagnostics.AddGatewayNotFound(gatewayPath, accountID, gatewayID, contents, diags)
				return
			case err != nil:
				subject := model{AccountID: list.AccountID, GatewayID: list.GatewayID}.Subject("list")
				subject.Object = "dynamic routes"
				diags.Append(diagnostics.FromError(subject, err)...)
				return
			}
			list.Routes = append(list.Routes, listedModel{
				ID: types.StringValue(route.ID), Name: types.StringValue(route.Name), Model: modelOf(types.StringValue(route.Name)),
				VersionID: stringOr(route.VersionID, types.StringNull()), DeploymentID: stringOr(route.DeploymentID, types.StringNull()),
				CreatedAt: convert.Time(route.CreatedAt), ModifiedAt: convert.Time(route.ModifiedAt),
			})
		}
	})
}
