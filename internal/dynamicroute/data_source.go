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
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

type routeDataSource struct {
	providerdata.DataSource
}

var _ datasource.DataSourceWithConfigure = (*routeDataSource)(nil)

// NewDataSource is the data source aigateway_dynamic_route: one route by its
// name or id, with its history.
func NewDataSource() datasource.DataSource { return &routeDataSource{} }

// readModel is a route in the data source.
type readModel struct {
	model
	Mermaid     types.String      `tfsdk:"mermaid"`
	Versions    []versionModel    `tfsdk:"versions"`
	Deployments []deploymentModel `tfsdk:"deployments"`
}

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

func (d *routeDataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "aigateway_dynamic_route"
}

func (d *routeDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One dynamic route of a gateway, by its name or its id: the graph in force, all versions and deployments, and the " +
			"graph as a picture. It is an error if there is none.\n\n" +
			"By its name, the route is looked for in the service's list, which a route that was just made may be missing from for some " +
			"seconds.\n\n" +
			"The API token needs the account permission *AI Gateway Read*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.Account(),
			"gateway_id": gatewayAttribute("the route is read when the gateway exists"),
			"name": schema.StringAttribute{
				MarkdownDescription: descriptions["name"] + " Exactly one of `name` and `id` must be set.",
				Optional:            true,
				Computed:            true,
				Validators: append(validate.RouteName(),
					stringvalidator.ExactlyOneOf(path.MatchRoot("name"), path.MatchRoot("id"))),
			},
			"id": schema.StringAttribute{
				MarkdownDescription: "Id of the route, chosen by the service.",
				Optional:            true,
				Computed:            true,
				Validators:          validate.ServerID("a dynamic route"),
			},
			"entry": schema.StringAttribute{
				MarkdownDescription: descriptions["entry"] + " `end` if the route does nothing.",
				Computed:            true,
			},
			"elements":      readableElements(),
			"version_id":    computed(descriptions["version_id"]),
			"deployment_id": computed(descriptions["deployment_id"]),
			"model":         computed(descriptions["model"]),
			"created_at":    computedTime(descriptions["created_at"]),
			"modified_at":   computedTime(descriptions["modified_at"]),
			"mermaid": computed("The graph as the text of a [Mermaid](https://mermaid.js.org) flowchart: in a code block of the language " +
				"`mermaid`, GitHub and GitLab show it as a picture."),
			"versions": schema.ListNestedAttribute{
				MarkdownDescription: "All versions, the newest first.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"version_id": computed("Id of the version."),
					"active":     schema.BoolAttribute{MarkdownDescription: "Whether this version is in force.", Computed: true},
					"is_valid": schema.BoolAttribute{
						MarkdownDescription: "Whether the service can use the version. Null where it does not say.",
						Computed:            true,
					},
					"created_at": computedTime("When the version was made (RFC 3339, UTC)."),
				}},
			},
			"deployments": schema.ListNestedAttribute{
				MarkdownDescription: "All deployments, the newest first.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"deployment_id": computed("Id of the deployment."),
					"version_id":    computed("Id of the version that it put in force."),
					"created_at":    computedTime("When that was (RFC 3339, UTC)."),
				}},
			},
		},
	}
}

// readableElements are those of the resource, without its rules.
func readableElements() schema.Attribute {
	elements, _ := attributes.ReadOnly(elementsSchema()).(schema.MapNestedAttribute)
	elements.MarkdownDescription = descriptions["elements"] + " Each has one of `conditional`, `percentage`, `rate` and `model`, or none of " +
		"them where its type is not known to this version of the provider."
	return elements
}

func gatewayAttribute(why string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: descriptions["gateway_id"] + " Refer to `id` of the resource directly, so that " + why + ".",
		Required:            true,
		Validators:          validate.GatewayName(),
	}
}

func computed(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true}
}

func computedTime(description string) schema.StringAttribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true, CustomType: timetypes.RFC3339Type{}}
}

func (d *routeDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var found readModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &found)...)
	api := d.Data.ControlPlane(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	found.AccountID = d.Data.KnownAccount(found.AccountID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	route := find(ctx, api, found.model, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	found.fromAPI(route)
	if route.Graph == nil {
		resp.Diagnostics.AddError("Dynamic route without a graph",
			"The service's answer has no graph for this route. If the dashboard shows one, please report this to the provider.")
		return
	}
	found.Mermaid = types.StringValue(mermaid(*route.Graph))
	found.history(ctx, api, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, &found)...)
	}
}

// find reads the route that the configuration names.
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
		diags.Append(fromError(subject("read", wanted), err)...)
	}
	return route
}

// history reads the versions and deployments.
func (m *readModel) history(ctx context.Context, api *client.Client, diags *diag.Diagnostics) {
	accountID, gatewayID, id := m.AccountID.ValueString(), m.GatewayID.ValueString(), m.ID.ValueString()
	versions, err := routes.ListVersions(ctx, api, accountID, gatewayID, id)
	if err != nil {
		diags.Append(fromError(m.reading("versions"), err)...)
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
		diags.Append(fromError(m.reading("deployments"), err)...)
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

// reading is a part of the route's history as errors speak of it.
func (m *readModel) reading(what string) diagnostics.Subject {
	read := subject("read", m.model)
	read.Object = what + " of dynamic route"
	return read
}
