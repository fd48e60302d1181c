package dynamicroute

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/aigateway/terraform-provider-aigateway/internal/client"
	"github.com/aigateway/terraform-provider-aigateway/internal/client/routes"
	"github.com/aigateway/terraform-provider-aigateway/internal/framework/diagnostics"
)

// createdVersion is the last version that this resource has created. It is kept in private
// state: if a deployment fails, or somebody deploys another version, the planned version
// already exists. Versions cannot be deleted, so none is created twice.
type createdVersion struct {
	VersionID string `json:"version_id"`
	// Graph is the fingerprint of the version's graph.
	Graph string `json:"graph"`
}

// versionKey is the key of the createdVersion in private state.
const versionKey = "version"

// memory is private state, as requests contain it and responses take it.
type memory struct {
	in interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
	out keeper
}

type keeper interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// recall returns the ID of the version with this graph, or the empty string. If private state
// cannot be read, the only cost is another version.
func (m memory) recall(ctx context.Context, graph string) string {
	raw, diags := m.in.GetKey(ctx, versionKey)
	var last createdVersion
	if diags.HasError() || json.Unmarshal(raw, &last) != nil || last.Graph != graph {
		return ""
	}
	return last.VersionID
}

// remember stores the version that was created, if its ID is known.
func remember(ctx context.Context, out keeper, version createdVersion, diags *diag.Diagnostics) {
	if version.VersionID == "" {
		return
	}
	raw, err := json.Marshal(version)
	if err != nil {
		diags.AddError("Unable to store a version", err.Error())
		return
	}
	diags.Append(out.SetKey(ctx, versionKey, raw)...)
}

// deploy deploys a graph, as a new version unless this resource has already created one with
// it. It updates the model only after the deployment.
func (r *Resource) deploy(ctx context.Context, m *model, graph routes.Graph, memory memory, diags *diag.Diagnostics) {
	api := r.Data.ControlPlane(diags)
	if diags.HasError() {
		return
	}
	accountID, gatewayID, id := m.AccountID.ValueString(), m.GatewayID.ValueString(), m.ID.ValueString()
	fingerprint := graph.Fingerprint()
	versionID := memory.recall(ctx, fingerprint)
	var route *routes.Route
	err := client.ErrNotFound
	if versionID != "" {
		route, err = routes.Deploy(ctx, api, accountID, gatewayID, id, versionID)
	}
	if errors.Is(err, client.ErrNotFound) {
		// There is no such version, or it was deleted. If the route was deleted, creating
		// a version fails with that error.
		var carried client.Carried
		var shown routes.Shown
		if shown, err = routes.Show(ctx, api, accountID, gatewayID, id); err == nil {
			versionID, carried, err = routes.CreateVersion(ctx, api, accountID, gatewayID, id, graph, shown)
		}
		if err != nil {
			diags.Append(diagnostics.FromError(m.partly("create a version of"), err)...)
			return
		}
		diagnostics.AddCarried(fmt.Sprintf("dynamic route %q", m.Name.ValueString()), carried, diags)
		remember(ctx, memory.out, createdVersion{VersionID: versionID, Graph: fingerprint}, diags)
		route, err = routes.Deploy(ctx, api, accountID, gatewayID, id, versionID)
	}
	if err != nil {
		diags.Append(diagnostics.FromError(m.partly("deploy a version of"), err)...)
		addNotDeployed(m.Name.ValueString(), versionID, err, diags)
		return
	}
	fields := m.Identity().Fields()
	fields["version_id"] = versionID
	tflog.Info(ctx, "deployed a version of a dynamic route", fields)
	m.setDeployed(route)
}

// partly returns the subject of a request that may follow other requests of the same change:
// the route is renamed before its graph changes, and a version is created before it is deployed.
func (m model) partly(verb string) diagnostics.Subject {
	s := m.Subject(verb)
	s.Partly = true
	return s
}

// addNotDeployed adds a warning that says which version is deployed after a deployment failed,
// unless the route does not exist.
func addNotDeployed(name, versionID string, err error, diags *diag.Diagnostics) {
	created := fmt.Sprintf("The new graph of the dynamic route %q was created as version %s", name, versionID)
	switch {
	case errors.Is(err, client.ErrNotFound):
	case errors.Is(err, client.ErrOutcomeUnknown):
		diags.AddWarning("The deployed version is not known",
			created+", which may or may not be deployed. The next plan shows it. If the version is not deployed, the next apply deploys it and "+
				"creates no other version.")
	default:
		diags.AddWarning("The previous version stays deployed",
			created+", which is not deployed. The next apply deploys it and creates no other version.")
	}
}
