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
)

// made is the last version that this resource has made, in force or not. It is
// kept in private state: when a deployment fails, or somebody deploys another
// version, the version that is wanted is there already, and making one more of
// the same graph would only pile up versions, which cannot be deleted.
type made struct {
	VersionID string `json:"version_id"`
	// Graph is the fingerprint of the version's graph.
	Graph string `json:"graph"`
}

// madeKey is where it is kept.
const madeKey = "version"

// memory is private state, as a request brings it and a response takes it.
type memory struct {
	in interface {
		GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	}
	out keeper
}

type keeper interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// recall is the id of the version of this graph, empty if none is known. What
// cannot be read is not known: it costs a version, and no more.
func (m memory) recall(ctx context.Context, graph string) string {
	raw, diags := m.in.GetKey(ctx, madeKey)
	var last made
	if diags.HasError() || json.Unmarshal(raw, &last) != nil || last.Graph != graph {
		return ""
	}
	return last.VersionID
}

// remember keeps which version was made. Without an id there is nothing to
// keep.
func remember(ctx context.Context, out keeper, version made, diags *diag.Diagnostics) {
	if version.VersionID == "" {
		return
	}
	raw, err := json.Marshal(version)
	if err != nil {
		diags.AddError("Unable to keep a version", err.Error())
		return
	}
	diags.Append(out.SetKey(ctx, madeKey, raw)...)
}

// deploy puts a graph in force: as a new version, unless this resource has made
// it before. m then says what is in force; after an error, it says what was.
func (r *routeResource) deploy(ctx context.Context, m *model, graph routes.Graph, memory memory, diags *diag.Diagnostics) {
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
		// No version is known, or it is gone. If it is the route that is gone,
		// making a version says so.
		versionID, err = routes.CreateVersion(ctx, api, accountID, gatewayID, id, graph)
		if err != nil {
			diags.Append(fromError(changing("create a version of", *m), err)...)
			return
		}
		remember(ctx, memory.out, made{VersionID: versionID, Graph: fingerprint}, diags)
		route, err = routes.Deploy(ctx, api, accountID, gatewayID, id, versionID)
	}
	if err != nil {
		diags.Append(fromError(changing("deploy a version of", *m), err)...)
		addNotDeployed(m.Name.ValueString(), versionID, err, diags)
		return
	}
	tflog.Info(ctx, "deployed a version of a dynamic route",
		map[string]any{"account_id": accountID, "gateway_id": gatewayID, "id": id, "version_id": versionID})
	m.setDeployed(route)
}

// addNotDeployed says what a deployment that failed has left behind, unless
// there is no route any more.
func addNotDeployed(name, versionID string, err error, diags *diag.Diagnostics) {
	has := fmt.Sprintf("The dynamic route %q has the new graph as version %s, which ", name, versionID)
	switch {
	case errors.Is(err, client.ErrNotFound):
	case errors.Is(err, client.ErrOutcomeUnknown):
		diags.AddWarning("The version in force is not known",
			has+"may be deployed or not. The next plan shows which; if it is not, the next apply deploys it and makes no other version.")
	default:
		diags.AddWarning("The former version stays in force",
			has+"is not deployed. The next apply deploys it and makes no other version.")
	}
}
