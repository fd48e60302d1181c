package dynamicroute

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
)

type routesDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*routesDataSource)(nil)

// NewListDataSource is the data source aigateway_dynamic_routes: all routes of
// a gateway.
func NewListDataSource() datasource.DataSource { return &routesDataSource{} }

type listModel struct {
	AccountID types.String  `tfsdk:"account_id"`
	GatewayID types.String  `tfsdk:"gateway_id"`
	Routes    []listedModel `tfsdk:"routes"`
}

// listedModel is what the list tells of a route, which is not its graph.
type listedModel struct {
	ID           types.String      `tfsdk:"id"`
	Name         types.String      `tfsdk:"name"`
	Model        types.String      `tfsdk:"model"`
	VersionID    types.String      `tfsdk:"version_id"`
	DeploymentID types.String      `tfsdk:"deployment_id"`
	CreatedAt    timetypes.RFC3339 `tfsdk:"created_at"`
	ModifiedAt   timetypes.RFC3339 `tfsdk:"modified_at"`
}

func (d *routesDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_dynamic_routes"
}

func (d *routesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "All dynamic routes of a gateway, without their graphs, which `aigateway_dynamic_route` reads. They are read in pages " +
			"of 100, one request a page. The service's list may lag behind changes by some seconds.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": gatewayAttribute("the routes are read when the gateway exists"),
			"routes": schema.ListNestedAttribute{
				MarkdownDescription: "The routes, in the service's order.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"id":            computed("Id of the route, chosen by the service."),
					"name":          computed(descriptions["name"]),
					"model":         computed(descriptions["model"]),
					"version_id":    computed("Id of the version in force. Null where the service does not say."),
					"deployment_id": computed("Id of the deployment that put it in force. Null where the service does not say."),
					"created_at":    computedTime(descriptions["created_at"]),
					"modified_at":   computedTime(descriptions["modified_at"]),
				}},
			},
		},
	}
}

func (d *routesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
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
	list.Routes = []listedModel{} // none found is a list without elements, not null
	for route, err := range routes.List(ctx, api, list.AccountID.ValueString(), list.GatewayID.ValueString()) {
		about := model{AccountID: list.AccountID, GatewayID: list.GatewayID}
		switch {
		case errors.Is(err, client.ErrNotFound):
			addGatewayNotFound(list.AccountID.ValueString(), list.GatewayID.ValueString(), path.Root("gateway_id"), &resp.Diagnostics)
			return
		case err != nil:
			listed := subject("list", about)
			listed.Object = "dynamic routes"
			resp.Diagnostics.Append(fromError(listed, err)...)
			return
		}
		list.Routes = append(list.Routes, listedModel{
			ID: types.StringValue(route.ID), Name: types.StringValue(route.Name), Model: modelOf(types.StringValue(route.Name)),
			VersionID: stringOr(route.VersionID, types.StringNull()), DeploymentID: stringOr(route.DeploymentID, types.StringNull()),
			CreatedAt: convert.Time(route.CreatedAt), ModifiedAt: convert.Time(route.ModifiedAt),
		})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &list)...)
}
