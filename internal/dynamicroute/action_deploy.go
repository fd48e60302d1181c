package dynamicroute

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/attributes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/crud"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/providerdata"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/validate"
)

// DeployActionType is the name of the action that deploys a version of a route.
const DeployActionType = "aigateway_deploy_route_version"

// maxListedVersions is how many versions the error about a missing one names.
const maxListedVersions = 20

var (
	_ action.ActionWithConfigure  = (*DeployAction)(nil)
	_ action.ActionWithModifyPlan = (*DeployAction)(nil)
)

// A DeployAction deploys a version of a route that exists.
type DeployAction struct {
	providerdata.Action
}

// NewDeployAction returns the action aigateway_deploy_route_version.
func NewDeployAction() action.Action { return &DeployAction{} }

// deployModel is the model of the action.
type deployModel struct {
	AccountID types.String `tfsdk:"account_id"`
	GatewayID types.String `tfsdk:"gateway_id"`
	RouteID   types.String `tfsdk:"route_id"`
	VersionID types.String `tfsdk:"version_id"`
}

// Account implements [crud.DataModel].
func (m *deployModel) Account() *types.String { return &m.AccountID }

// Metadata sets the name of the action.
func (a *DeployAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = DeployActionType
}

// Schema sets the attributes of the action.
func (a *DeployAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Deploys a version of a dynamic route that already exists, at once: the way back in an emergency, " +
			"without a change of the configuration. Invoke it with `terraform apply -invoke=action." + DeployActionType + ".example`.\n\n" +
			"~> **The next plan shows the deployed version as drift**, as a change of `elements` of the `" + ResourceType + "`, and applying " +
			"deploys the configured graph again. To keep the deployed version, change the configuration to its graph: the data source `" +
			ResourceType + "` shows it. To go back to the configured graph, apply.\n\n" +
			"Versions are not changed or created. If the version is already deployed, the action sends nothing. Actions need Terraform 1.14; " +
			"OpenTofu does not have them.\n\n" +
			"The API token needs the account permissions *AI Gateway Read* and *AI Gateway Edit*.",
		Attributes: map[string]schema.Attribute{
			"account_id": attributes.ForAction(attributes.Account()),
			"gateway_id": schema.StringAttribute{
				MarkdownDescription: attributes.GatewayIDDescription,
				Required:            true,
				Validators:          validate.GatewayName(),
			},
			"route_id": schema.StringAttribute{
				MarkdownDescription: "ID of the route: `id` of the resource or the data source `" + ResourceType + "`.",
				Required:            true,
				Validators:          validate.ServerID("a dynamic route"),
			},
			"version_id": schema.StringAttribute{
				MarkdownDescription: "ID of the version to deploy. `versions` of the data source `" + ResourceType + "` lists the versions of a " +
					"route, newest first.",
				Required:   true,
				Validators: validate.ServerID("a version of a dynamic route"),
			},
		},
	}
}

// ModifyPlan adds the errors that are certain before the action is invoked.
func (a *DeployAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	crud.PlanAction(ctx, a.Data, support, req.Config, &resp.Diagnostics)
}

// Invoke deploys the version.
func (a *DeployAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	crud.InvokeAction(ctx, a.Data, support, DeployActionType, req.Config, resp, func(api *client.Client, m *deployModel) {
		m.deploy(ctx, api, resp)
	})
}

func (m *deployModel) deploy(ctx context.Context, api *client.Client, resp *action.InvokeResponse) {
	diags := &resp.Diagnostics
	report := func(format string, args ...any) {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
	}
	accountID, gatewayID, id, versionID := m.AccountID.ValueString(), m.GatewayID.ValueString(), m.RouteID.ValueString(), m.VersionID.ValueString()
	route, err := routes.Describe(ctx, api, accountID, gatewayID, id)
	if err != nil {
		m.addError("read", id, err, diags)
		return
	}
	subject := m.subject("deploy a version of", route.Name)
	if route.VersionID == versionID {
		report("%s: version %s is already deployed. Nothing was sent.", subject, versionID)
		return
	}
	versions, err := routes.ListVersions(ctx, api, accountID, gatewayID, id)
	if err != nil {
		m.addError("list versions of", route.Name, err, diags)
		return
	}
	wanted := findVersion(versions, versionID)
	if wanted == nil {
		// The service's lists lag behind by some seconds (observed).
		version, err := routes.GetVersion(ctx, api, accountID, gatewayID, id, versionID)
		switch {
		case errors.Is(err, client.ErrNotFound):
			addVersionNotFound(subject, versionID, route.VersionID, versions, diags)
			return
		case err != nil:
			m.addError("read a version of", route.Name, err, diags)
			return
		}
		wanted = &version
	}
	if valid := wanted.Valid; valid != nil && !*valid {
		diags.AddAttributeWarning(path.Root("version_id"), "Version that the service calls invalid", fmt.Sprintf(
			"%s: the service says that it cannot use version %s (is_valid is false). Requests to the route may fail while it is deployed.",
			subject, describeVersion(*wanted)))
	}
	before := "the deployed version, which the service does not name"
	if deployed := findVersion(versions, route.VersionID); deployed != nil {
		before = "version " + describeVersion(*deployed)
	} else if route.VersionID != "" {
		before = "version " + client.Printable(route.VersionID, 100)
	}
	report("%s: deploying version %s in place of %s.", subject, describeVersion(*wanted), before)
	deployed, err := routes.Deploy(ctx, api, accountID, gatewayID, id, versionID)
	if err != nil {
		m.addError(subject.Verb, route.Name, err, diags)
		return
	}
	tflog.Info(ctx, "deployed a version of a dynamic route", map[string]any{
		"account_id": accountID, "gateway_id": gatewayID, "id": id, "version_id": versionID,
	})
	deployment := ""
	if deployed.DeploymentID != "" {
		deployment = ", deployment " + client.Printable(deployed.DeploymentID, 100)
	}
	report("%s: version %s is deployed%s. If Terraform manages the route, the next plan shows the difference.", subject, versionID, deployment)
}

// subject describes the route in errors and messages, by its name or ID.
func (m *deployModel) subject(verb, name string) diagnostics.Subject {
	return diagnostics.Subject{
		Verb: verb, Object: "dynamic route", AccountID: m.AccountID.ValueString(), GatewayID: m.GatewayID.ValueString(),
		ID: name, Contents: contents,
	}
}

func (m *deployModel) addError(verb, name string, err error, diags *diag.Diagnostics) {
	subject := m.subject(verb, name)
	if errors.Is(err, client.ErrNotFound) && !errors.Is(err, client.ErrGatewayNotFound) {
		diags.AddAttributeError(path.Root("route_id"), "Dynamic route not found", fmt.Sprintf(
			"%s does not exist, so nothing was deployed. Check route_id, gateway_id and the account. The data source aigateway_dynamic_routes "+
				"lists the routes of a gateway with their IDs.", subject))
		return
	}
	diags.Append(diagnostics.FromError(subject, err)...)
}

// findVersion returns the version with this ID, or nil.
func findVersion(versions []routes.Version, id string) *routes.Version {
	if at := slices.IndexFunc(versions, func(v routes.Version) bool { return v.ID == id }); at >= 0 {
		return &versions[at]
	}
	return nil
}

// addVersionNotFound adds the error that a route does not have a version. It lists the
// versions that it has, newest first.
func addVersionNotFound(subject diagnostics.Subject, versionID, deployedID string, versions []routes.Version, diags *diag.Diagnostics) {
	var b strings.Builder
	fmt.Fprintf(&b, "%s has no version %q, so nothing was deployed.", subject, versionID)
	if len(versions) > 0 {
		b.WriteString(" It has these versions, newest first:\n")
	}
	for i, version := range versions {
		if i == maxListedVersions {
			fmt.Fprintf(&b, "\n  - and %d older ones, which the data source %s lists", len(versions)-i, ResourceType)
			break
		}
		b.WriteString("\n  - " + describeVersion(version))
		if version.ID == deployedID {
			b.WriteString(", deployed")
		}
		if version.Valid != nil && !*version.Valid {
			b.WriteString(", not valid")
		}
	}
	diags.AddAttributeError(path.Root("version_id"), "Version not found", b.String())
}

// describeVersion returns the ID of a version and when it was created.
func describeVersion(version routes.Version) string {
	id := client.Printable(version.ID, 100)
	if version.CreatedAt.IsZero() {
		return id
	}
	return id + " of " + version.CreatedAt.UTC().Format(time.RFC3339)
}
