package dynamicroute

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/convert"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// A DataSource reads one route by its name or ID, with its versions and deployments.
type DataSource struct {
	providerdata.DataSource
}

// NewDataSource returns the data source aigateway_dynamic_route.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// readModel is the model of the data source.
type readModel struct {
	model
	Mermaid     types.String      `tfsdk:"mermaid"`
	Versions    []versionModel    `tfsdk:"versions"`
	Deployments []deploymentModel `tfsdk:"deployments"`
}

// Account implements [crud.DataModel].
func (m *readModel) Account() *types.String { return &m.AccountID }

type versionModel struct {
	VersionID types.String      `tfsdk:"version_id"`
	Active    types.Bool        `tfsdk:"active"`
	IsValid   types.Bool        `tfsdk:"is_valid"`
	CreatedAt timetypes.RFC3339 `tfsdk:"created_at"`
}

type deploymentModel struct {
	DeploymentID types.String      `tfsdk:"deployment_id"`
	VersionID    types.String      `tfsdk:"version_id"`
	CreatedAt    timetypes.RFC3339 `tfsdk:"created_at"`
}

// Metadata sets the name of the data source.
func (d *DataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_dynamic_route"
}

// Schema sets the attributes of the data source.
func (d *DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a dynamic route of a gateway by its name or ID: the deployed graph, all versions and deployments, and the graph " +
			"as a diagram. A route that does not exist is an error.\n\n" +
			"The service's list, in which routes are found by name, may lack a new route for some seconds.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": attributes.GatewayID("the route is read when the gateway exists"),
			"name": schema.StringAttribute{
				MarkdownDescription: descriptions["name"] + " Exactly one of `name` and `id` must be set.",
				Optional:            true,
				Computed:            true,
				Validators: append(validate.RouteName(),
					stringvalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("id"))),
			},
			"id": schema.StringAttribute{
				MarkdownDescription: "ID of the route, assigned by the service.",
				Optional:            true,
				Computed:            true,
				Validators:          validate.ServerID("a dynamic route"),
			},
			"entry": schema.StringAttribute{
				MarkdownDescription: descriptions["entry"] + " `end` if the route has no elements.",
				Computed:            true,
			},
			"elements":      readableElements(),
			"version_id":    attributes.ComputedString(descriptions["version_id"]),
			"deployment_id": attributes.ComputedString(descriptions["deployment_id"]),
			"model":         attributes.ComputedString(descriptions["model"]),
			"created_at":    attributes.ComputedTime(descriptions["created_at"]),
			"modified_at":   attributes.ComputedTime(descriptions["modified_at"]),
			"mermaid": attributes.ComputedString("The graph as a [Mermaid](https://mermaid.js.org) flowchart. GitHub and GitLab render it in a code block " +
				"of the language `mermaid`."),
			"versions": schema.ListNestedAttribute{
				MarkdownDescription: "All versions, newest first.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"version_id": attributes.ComputedString("ID of the version."),
					"active":     attributes.ComputedBool("Whether this version is deployed."),
					"is_valid":   attributes.ComputedBool("Whether the service can use the version. Null if the response does not contain it."),
					"created_at": attributes.ComputedTime("When the version was created (RFC 3339, UTC)."),
				}},
			},
			"deployments": schema.ListNestedAttribute{
				MarkdownDescription: "All deployments, newest first.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"deployment_id": attributes.ComputedString("ID of the deployment."),
					"version_id":    attributes.ComputedString("ID of the version that was deployed."),
					"created_at":    attributes.ComputedTime("When the version was deployed (RFC 3339, UTC)."),
				}},
			},
		},
	}
}

// readableElements returns the resource's elements as a computed attribute.
func readableElements() schema.Attribute {
	elements, _ := attributes.ReadOnly(elementsSchema()).(schema.MapNestedAttribute)
	elements.MarkdownDescription = descriptions["elements"] + " Each has one of `conditional`, `percentage`, `rate` and `model`, or none of " +
		"them if this version of the provider does not know its type."
	return elements
}

// Read reads the route.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	crud.ReadDataSource(ctx, d.Data, crud.Support{}, req, resp, func(api *client.Client, found *readModel) {
		route := find(ctx, api, found.model, diags)
		if diags.HasError() {
			return
		}
		found.fromAPI(route)
		if route.Graph == nil {
			diags.AddError("Dynamic route without a graph",
				"The service's response contains no graph for this route. If the dashboard shows one, please report this to the provider.")
			return
		}
		found.Mermaid = types.StringValue(mermaid(*route.Graph))
		found.readHistory(ctx, api, diags)
	})
}

// find returns the route that the configuration names.
func find(ctx context.Context, api *client.Client, wanted model, diags *diag.Diagnostics) *routes.Route {
	accountID, gatewayID := wanted.AccountID.ValueString(), wanted.GatewayID.ValueString()
	var route *routes.Route
	var err error
	at := path.Root("name")
	if wanted.Name.IsNull() {
		at = path.Root("id")
		route, err = routes.Get(ctx, api, accountID, gatewayID, wanted.ID.ValueString())
	} else {
		route, err = routes.Find(ctx, api, accountID, gatewayID, wanted.Name.ValueString())
	}
	switch {
	case errors.Is(err, client.ErrNotFound):
		addNotFound(wanted, err, at, diags)
	case err != nil:
		diags.Append(diagnostics.FromError(wanted.Subject("read"), err)...)
	}
	return route
}

// readHistory reads the versions and deployments.
func (m *readModel) readHistory(ctx context.Context, api *client.Client, diags *diag.Diagnostics) {
	accountID, gatewayID, id := m.AccountID.ValueString(), m.GatewayID.ValueString(), m.ID.ValueString()
	versions, err := routes.ListVersions(ctx, api, accountID, gatewayID, id)
	if err != nil {
		diags.Append(diagnostics.FromError(m.partSubject("versions"), err)...)
		return
	}
	m.Versions = make([]versionModel, 0, len(versions))
	for _, v := range versions {
		m.Versions = append(m.Versions, versionModel{
			VersionID: types.StringValue(v.ID), Active: types.BoolPointerValue(v.Active), IsValid: types.BoolPointerValue(v.Valid),
			CreatedAt: convert.Time(v.CreatedAt),
		})
	}
	deployments, err := routes.ListDeployments(ctx, api, accountID, gatewayID, id)
	if err != nil {
		diags.Append(diagnostics.FromError(m.partSubject("deployments"), err)...)
		return
	}
	m.Deployments = make([]deploymentModel, 0, len(deployments))
	for _, deployed := range deployments {
		m.Deployments = append(m.Deployments, deploymentModel{
			DeploymentID: types.StringValue(deployed.ID), VersionID: types.StringValue(deployed.VersionID),
			CreatedAt: convert.Time(deployed.CreatedAt),
		})
	}
}

// partSubject describes a part of the route in errors.
func (m *readModel) partSubject(part string) diagnostics.Subject {
	s := m.Subject("read")
	s.Object = part + " of dynamic route"
	return s
}
